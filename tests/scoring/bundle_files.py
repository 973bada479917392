"""Bundle files to be refused: how they are put together, and what is said of them."""

import hashlib
import json

import pytest

from adscreen.errors import BundleError
from adscreen.scoring.bundle_reader import read_bundle, read_manifest
from adscreen.scoring.scorer import Scorer
from adscreen.scoring.verify import verify

CHANGED = (
    "{path}: the contents do not match the hash in the file: it was cut short or altered. "
    "It was not loaded. Fetch the file again from where you got it."
)
NOT_A_BUNDLE = (
    "{path}: this is not an adscreen bundle{what}. It was not loaded. "
    "Bundles are written by `dvc repro` and `make release`."
)


def refusal(path):
    """The message with which the file is refused, whoever reads it."""
    messages = set()
    for read in (read_bundle, read_manifest, verify, Scorer.load):
        with pytest.raises(BundleError) as error:
            read(path)
        messages.add(str(error.value))
    assert len(messages) == 1
    assert error.value.exit_code == 5
    return messages.pop()


def put_together(path, manifest, data, length=None):
    """Write a file whose hash is right, whatever stands in it: what a forger would send."""
    text = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
    body = b"%d\n" % (len(text) if length is None else length) + text + data
    path.write_bytes(b"adscreen-bundle 1\n" + hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
    return path

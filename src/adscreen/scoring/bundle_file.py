"""The file a bundle is kept in: a checked container of one JSON manifest and arrays. Nothing in it is executed.

Layout (version 2; version 1 has neither a model of warnings nor a deep one)::

    adscreen-bundle 2\\n
    <SHA-256 of everything after this line, hex>\\n
    <length of the manifest in bytes>\\n
    <manifest: JSON>
    <parts, one after the other, each deflated>

The manifest lists every part with its dtype, shape, offset, length and SHA-256. The hash in the second line
covers manifest and parts, so a file that was cut short or changed in any byte is refused before anything in
it is used. Sizes are checked against the manifest before anything is inflated.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from adscreen.errors import BundleError

MAGIC = b"adscreen-bundle "
SCHEMA_VERSION = 2
SUFFIX = ".bundle"
MAX_BYTES = 256 * 2**20
MAX_MANIFEST_BYTES = 4 * 2**20
ARRAYS: dict[str, np.dtype[Any]] = {
    "idf": np.dtype("uint8"),
    "weights": np.dtype("float16"),
    "vocabulary": np.dtype("uint8"),
}
WARNING_ARRAYS: dict[str, np.dtype[Any]] = {
    "warning_idf": np.dtype("uint8"),
    "warning_weights": np.dtype("float16"),
}
DEEP_ARRAYS: dict[str, np.dtype[Any]] = {"deep_weights": np.dtype("float32")}
OPTIONAL = {"warning": WARNING_ARRAYS, "deep": DEEP_ARRAYS}
"""Entries of the manifest that a bundle may have, each with its arrays."""
MANIFEST = (
    "abstain",
    "hashing",
    "intercept",
    "model_version",
    "notes",
    "parts",
    "risk",
    "schema_version",
    "thresholds",
)


@contextlib.contextmanager
def malformed_is_refused(path: Path | str) -> Iterator[None]:
    """Refuse a file in which something is not as it should be."""
    # The hash tells damage, not malice: anyone can make a file whose hash is right and whose manifest is not.
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, zlib.error) as error:
        reason = repr(error)[:200]
        raise BundleError(f"{path}: the manifest is not one of schema {SCHEMA_VERSION}: {reason}") from error


def read_checked(path: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Read the manifest and the deflated parts of a bundle whose hashes hold.

    Raises
    ------
    BundleError
        See `adscreen.scoring.bundle_reader.read_bundle`.
    """
    if not path.is_file():
        raise BundleError(f"{path}: no such model file. Give one with --model, or leave --model out.")
    if path.stat().st_size > MAX_BYTES:
        raise BundleError(f"{path}: {path.stat().st_size:,} bytes; a bundle has at most {MAX_BYTES:,}.")
    return check_bytes(path, path.read_bytes())


def check_bytes(path: Path | str, data: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return what `read_checked` does, of a bundle whose bytes came another way; `path` is for messages."""
    if not data.startswith(MAGIC):
        raise BundleError(
            f"{path}: this is not an adscreen bundle{_looks_like(data)}. It was not loaded. "
            "Bundles are written by `dvc repro` and `make release`."
        )
    first, _, rest = data.partition(b"\n")
    found = first[len(MAGIC) :].decode("ascii", "replace")
    if not found.isdigit() or len(found) > 9:
        raise BundleError(f"{path}: damaged: its schema version reads {found[:20]!r}. Fetch the file again.")
    if int(found) > SCHEMA_VERSION:
        raise BundleError(
            f"{path}: made for a newer adscreen (bundle schema {found}; this version reads up to {SCHEMA_VERSION}). "
            "Upgrade adscreen, or use an older model."
        )
    digest, _, body = rest.partition(b"\n")
    altered = BundleError(
        f"{path}: the contents do not match the hash in the file: it was cut short or altered. "
        "It was not loaded. Fetch the file again from where you got it."
    )
    if hashlib.sha256(body).hexdigest().encode() != digest:
        raise altered
    length, _, body = body.partition(b"\n")
    with malformed_is_refused(path):
        size = int(length)
        if size > MAX_MANIFEST_BYTES:
            raise BundleError(f"{path}: the manifest has {size:,} bytes; at most {MAX_MANIFEST_BYTES:,} are read.")
        manifest: dict[str, Any] = json.loads(body[:size])
        if manifest["schema_version"] != int(found):  # the hash does not cover the first line
            raise altered
        return manifest, _split(path, manifest, body[size:])


def _split(path: Path | str, manifest: dict[str, Any], data: bytes) -> dict[str, bytes]:
    optional = [name for name in OPTIONAL if name in manifest]
    if sorted(manifest) != sorted((*MANIFEST, *optional)):
        raise ValueError(f"it has the entries {sorted(manifest)}")
    parts = manifest["parts"]
    expected = sorted({*ARRAYS, *(array for name in optional for array in OPTIONAL[name])})
    if sorted(parts) != expected:
        raise BundleError(f"{path}: holds the parts {sorted(parts)}; a bundle has {expected}.")
    blobs = {}
    end = 0
    for name, part in sorted(parts.items(), key=lambda item: int(item[1]["offset"])):
        if part["offset"] != end:  # no gap in which anything could hide, no byte read twice
            raise ValueError(f"part {name!r} begins at {part['offset']}, not at {end}")
        end += part["bytes"]
        blob = data[part["offset"] : end]
        if hashlib.sha256(blob).hexdigest() != part["sha256"]:
            raise BundleError(f"{path}: part {name!r} does not match its hash. Fetch the file again.")
        blobs[name] = blob
    if end != len(data):
        raise BundleError(f"{path}: holds {len(data):,} bytes of parts, its manifest lists {end:,}.")
    return blobs


def _looks_like(data: bytes) -> str:
    if not data:
        return ": it is empty"
    if data[:1] == b"\x80" and data[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        return " but a Python pickle, which could run code"
    if data[:2] == b"PK":
        return " but a zip archive"
    if data[:1] in (b"{", b"["):
        return " but JSON"
    return ""

"""Prove what a bundle is, for ``adscreen model verify``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from adscreen.errors import BundleError
from adscreen.scoring.bundle_file import read_checked
from adscreen.scoring.bundle_reader import build_bundle

MAX_NAME = 64
"""The longest string outside the card: names of sources, settings and hashes; longer could be text of an ad."""


def verify(path: Path | str) -> dict[str, Any]:
    """Check a bundle once more than loading does, and say what held.

    Returns
    -------
    dict
        ``model_version`` and ``checks``: one sentence for each thing that was checked and held.

    Raises
    ------
    BundleError
        If anything did not hold.
    """
    manifest, blobs = read_checked(Path(path))
    bundle = build_bundle(Path(path), manifest, blobs)
    long = [text for text in _strings({k: v for k, v in manifest.items() if k != "notes"}) if len(text) > MAX_NAME]
    long += [text for text in _strings({k: v for k, v in bundle.notes.items() if k != "card"}) if len(text) > MAX_NAME]
    if long:
        raise BundleError(f"{path}: it holds {len(long)} texts that are no names; a bundle keeps no text of ads.")
    sizes = ", ".join(f"{name} {len(blob):,} bytes" for name, blob in sorted(blobs.items()))
    return {
        "model_version": bundle.version,
        "checks": [
            f"{path}: schema {manifest['schema_version']}, model {bundle.version}",
            f"the contents match the SHA-256 in the file, and each part its own ({sizes})",
            "all parts are arrays of numbers of the declared types and sizes; all weights are finite",
            "nothing is executed on load: the file is JSON and arrays, read without pickle",
            "no text of any ad: n-grams are kept as hashed buckets, words as hashed flags; "
            "the notes are the card and counts",
        ],
    }


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in _strings(part)]
    if isinstance(value, list):
        return [text for part in value for text in _strings(part)]
    return [value] if isinstance(value, str) else []

"""Reading a bundle: from the manifest and the parts of its file to a model; what a bundle does not hold is refused."""

from __future__ import annotations

import math
import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adscreen.learning.deep_model import DeepHead, DeepModel
from adscreen.learning.risk import DEEP_FEATURES, TEXT_FEATURES, RiskModel, Thresholds
from adscreen.scoring.bundle import Abstain, Bundle
from adscreen.scoring.bundle_file import (
    ARRAYS,
    DEEP_ARRAYS,
    WARNING_ARRAYS,
    check_bytes,
    malformed_is_refused,
    read_checked,
)
from adscreen.signals.encoder import N_DIMENSIONS
from adscreen.signals.linear_text import IDF_STEPS, LinearText
from adscreen.signals.ngram_kernel import MAX_ORDER, VOCABULARY_SIZE
from adscreen.signals.ngrams import Hashing
from adscreen.signals.unicode_table import FEATURE_VERSION

MAX_BUCKETS = 2**24
"""Their arrays take 300 MB of memory; a hostile manifest cannot ask for more."""
CODE = re.compile(r"[a-z][a-z_]{0,60}")
ENCODER = re.compile(r"[a-z0-9][a-z0-9 ._-]{0,60}")
MAX_LETTERS = 100_000
"""Of an ad, to be encoded."""
NOTES = ("card", "languages", "sources", "metrics", "training")


def read_bundle(path: Path | str) -> Bundle:
    """Read and check a bundle.

    Raises
    ------
    BundleError
        If the file is missing, is not a bundle, was cut short or changed, is of a newer version, or holds
        anything a bundle does not hold. Nothing in the file is executed in any case.
    """
    return build_bundle(Path(path), *read_checked(Path(path)))


def bundle_from(data: bytes, shown: Path | str) -> Bundle:
    """Make a bundle of the bytes of its file, where the file is on another machine.

    Parameters
    ----------
    data : bytes
        All of the file.
    shown : Path or str
        Its name, for messages.

    Raises
    ------
    BundleError
        As `read_bundle`.
    """
    return build_bundle(shown, *check_bytes(shown, data))


def read_manifest(path: Path | str) -> dict[str, Any]:
    """Read and check a bundle as `read_bundle` does, and return its manifest."""
    manifest, blobs = read_checked(Path(path))
    build_bundle(Path(path), manifest, blobs)
    return manifest


def build_bundle(path: Path | str, manifest: dict[str, Any], blobs: dict[str, bytes]) -> Bundle:
    """Make a bundle of what `adscreen.scoring.bundle_file.read_checked` gave; errors as `read_bundle`."""
    with malformed_is_refused(path):
        return _build(manifest, blobs)


def _build(manifest: dict[str, Any], blobs: dict[str, bytes]) -> Bundle:
    hashing = _hashing(manifest["hashing"])
    parts = manifest["parts"]
    table = _table(("idf", "weights"), parts, blobs, hashing)
    vocabulary = _array("vocabulary", parts, blobs, ARRAYS["vocabulary"], VOCABULARY_SIZE // 8)
    text = LinearText(hashing, table, _finite(manifest["intercept"]), vocabulary)
    warning = None
    if "warning" in manifest:
        entry = manifest["warning"]
        _check_entries("warning", entry, ("hashing", "intercept"))
        hashing = _hashing(entry["hashing"])
        table = _table(tuple(WARNING_ARRAYS), parts, blobs, hashing)
        warning = LinearText(hashing, table, _finite(entry["intercept"]), vocabulary)
    deep = _deep(manifest["deep"], parts, blobs) if "deep" in manifest else None
    if not isinstance(manifest["model_version"], str):
        raise TypeError(f"the model version is {type(manifest['model_version']).__name__}")
    abstain = manifest["abstain"]
    _check_entries("abstain", abstain, Abstain._fields)
    return Bundle(
        text,
        _risk(manifest["risk"], TEXT_FEATURES),
        _thresholds(manifest["thresholds"]),
        Abstain(int(abstain["min_tokens"]), *(_finite(abstain[name]) for name in Abstain._fields[1:])),
        manifest["model_version"],
        _checked_notes(manifest["notes"]),
        warning,
        deep,
    )


def _check_entries(name: str, entry: dict[str, Any], known: tuple[str, ...]) -> None:
    if sorted(entry) != sorted(known):
        raise ValueError(f"{name} has the entries {sorted(entry)}")


def _risk(risk: dict[str, Any], features: tuple[str, ...]) -> RiskModel:
    if risk["features"] != list(features) or len(risk["weights"]) != len(features):
        raise ValueError(f"the calibrator reads {risk['features']}, with {len(risk['weights'])} weights")
    weights = tuple(map(_finite, risk["weights"]))
    if min(weights) < 0:
        raise ValueError(f"the calibrator has the weights {weights}: a higher margin would lower the risk")
    _check_entries("risk", risk, (*RiskModel._fields, "features"))
    signals = {_code(code): _finite(weight) for code, weight in risk["signals"].items()}
    return RiskModel(weights, signals, _finite(risk["intercept"]), _finite(risk["prevalence"]))


def _thresholds(entry: dict[str, Any]) -> Thresholds:
    thresholds = Thresholds(**{name: _finite(value) for name, value in entry.items()})
    if not 0 < thresholds.review < thresholds.urgent <= 1:
        raise ValueError(f"the thresholds are {thresholds}")
    return thresholds


def _deep(entry: dict[str, Any], parts: dict[str, Any], blobs: dict[str, bytes]) -> DeepModel:
    _check_entries("deep", entry, ("intercept", *DeepModel._fields[1:]))
    weights = _array("deep_weights", parts, blobs, DEEP_ARRAYS["deep_weights"], N_DIMENSIONS)
    if not np.isfinite(weights).all():
        raise ValueError("the weights of the deep head are not finite")
    floor, letters, encoder = _finite(entry["floor"]), entry["letters"], entry["encoder"]
    if not 0 <= floor <= 1 or type(letters) is not int or not 0 < letters <= MAX_LETTERS:
        raise ValueError(f"the floor is {floor}, the letters {letters!r}")
    if not isinstance(encoder, str) or not ENCODER.fullmatch(encoder):
        raise ValueError(f"{encoder!r} is no name of an encoder")
    head = DeepHead(weights, _finite(entry["intercept"]))
    return DeepModel(
        head, _risk(entry["risk"], DEEP_FEATURES), _thresholds(entry["thresholds"]), floor, letters, encoder
    )


def _hashing(entry: dict[str, Any]) -> Hashing:
    hashing = Hashing(**entry)
    if hashing.feature_version != FEATURE_VERSION:
        raise ValueError(f"tokens of version {hashing.feature_version}, this adscreen makes {FEATURE_VERSION}")
    _check_hashing(hashing)
    return hashing


def _table(
    names: tuple[str, ...], parts: dict[str, Any], blobs: dict[str, bytes], hashing: Hashing
) -> NDArray[np.float32]:
    dtypes = ARRAYS | WARNING_ARRAYS
    idf, weights = (_array(name, parts, blobs, dtypes[name], hashing.n_buckets) for name in names)
    table = np.stack([idf.astype(np.float32) / IDF_STEPS, weights.astype(np.float32)], axis=1)
    if not np.isfinite(table).all():
        raise ValueError("weights are not finite")
    return np.ascontiguousarray(table)


def _array(
    name: str, parts: dict[str, Any], blobs: dict[str, bytes], dtype: np.dtype[Any], length: int
) -> NDArray[Any]:
    part = parts[name]
    if part["dtype"] != str(dtype) or part["shape"] != [length]:
        raise ValueError(f"part {name!r} is {part['dtype']} {part['shape']}")
    return _inflate(blobs[name], dtype, length)


def _checked_notes(notes: dict[str, Any]) -> dict[str, Any]:
    if not set(notes) <= set(NOTES):
        raise ValueError(f"the notes have the entries {sorted(notes)}")
    for name, note in notes.items():
        if not isinstance(note, str if name == "card" else dict):
            raise TypeError(f"the note {name!r} is {type(note).__name__}")
    counted = {"languages": [notes.get("languages", {})], "sources": notes.get("sources", {}).values()}
    for name, counts in counted.items():
        if not all(type(count) is int for each in counts for count in each.values()):
            raise TypeError(f"the {name} are not counted in whole numbers")
    for name, figure in notes.get("metrics", {}).items():
        if isinstance(figure, dict) and sorted(figure) != ["high", "low", "value"]:
            raise ValueError(f"the metric {name!r} has the entries {sorted(figure)}")
        for number in figure.values() if isinstance(figure, dict) else (figure,):
            if number is not None:
                _finite(number)
    return notes


def _check_hashing(hashing: Hashing) -> None:
    """Refuse what the kernel cannot take: compiled code does not check the bounds of its arrays."""
    if not all(type(value) is int for value in hashing):
        raise TypeError(f"hashing is not in whole numbers: {hashing}")
    n_buckets, max_words, max_chars, stem, _ = hashing
    power_of_two = 2 <= n_buckets <= MAX_BUCKETS and n_buckets & (n_buckets - 1) == 0
    if not power_of_two or not 1 <= max_words <= max_chars <= MAX_ORDER or stem < 0:
        raise ValueError(f"hashing is out of range: {hashing}")


def _code(value: str) -> str:
    if not CODE.fullmatch(value):
        raise ValueError(f"{value!r} is no code of an indicator")
    return value


def _finite(value: Any) -> float:
    # A risk that is not a number would be below every threshold, and so read as lower concern.
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is not a finite number")
    return float(value)


def _inflate(blob: bytes, dtype: np.dtype[Any], length: int) -> NDArray[Any]:
    wanted = length * dtype.itemsize
    inflater = zlib.decompressobj()
    data = inflater.decompress(blob, wanted + 1)
    if len(data) != wanted:
        raise ValueError(f"a part inflates to {'more' if len(data) > wanted else len(data)} bytes, not {wanted}")
    if not inflater.eof or inflater.unused_data:
        raise ValueError("a part does not end where its data end")
    return np.frombuffer(data, dtype)

"""The bundle: one model file of arrays and JSON, of which nothing is executed on load.

Layout (version 1)::

    adscreen-bundle 1\\n
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
import math
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adscreen.errors import BundleError
from adscreen.scoring.kernel import LinearText
from adscreen.scoring.risk import RISK_FEATURES, RiskModel, Thresholds
from adscreen.signals.ngrams import MAX_ORDER, VOCABULARY_SIZE, Hashing
from adscreen.signals.unicode_table import FEATURE_VERSION

MAGIC = b"adscreen-bundle "
SCHEMA_VERSION = 1
SUFFIX = ".bundle"
MAX_BYTES = 256 * 2**20
MAX_MANIFEST_BYTES = 4 * 2**20
MAX_BUCKETS = 2**24
"""Their arrays take 300 MB of memory; a hostile manifest cannot ask for more."""
IDF_STEPS = 16
"""Inverse document frequencies are stored as whole sixteenths in one byte: 0 to 15.9."""

ARRAYS: dict[str, np.dtype[Any]] = {
    "idf": np.dtype("uint8"),
    "weights": np.dtype("float16"),
    "vocabulary": np.dtype("uint8"),
}
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
NOTES = ("card", "languages", "sources", "metrics", "training")


class Abstain(NamedTuple):
    """When the model does not judge an ad.

    Attributes
    ----------
    min_tokens : int
        Fewer tokens are too few to judge.
    min_known : float
        Lowest share of known words, 0 to 1.
    min_known_new_language : float
        The same for a language that no training ad was in.
    """

    min_tokens: int = 6
    min_known: float = 0.2
    min_known_new_language: float = 0.6


class Bundle(NamedTuple):
    """A model with all it needs to score, and the notes it was published with.

    Attributes
    ----------
    text : LinearText
    risk : RiskModel
    thresholds : Thresholds
    abstain : Abstain
    version : str
        Name of the release and the first 8 digits of the hash of the weights.
    notes : dict
        ``card`` (Markdown), ``languages`` (ads by language), ``sources`` (ads by source and label),
        ``metrics`` and ``training`` (settings): plain JSON, read by people and by ``adscreen model show``.
    """

    text: LinearText
    risk: RiskModel
    thresholds: Thresholds
    abstain: Abstain
    version: str
    notes: dict[str, Any]


def model_version(name: str, text: LinearText) -> str:
    """Return the version of a model: its release name and a hash of its weights."""
    return f"{name}-{hashlib.sha256(text.table.tobytes()).hexdigest()[:8]}"


def write_bundle(bundle: Bundle, path: Path) -> None:
    """Write `bundle` to `path`; the same bundle gives the same bytes.

    Raises
    ------
    ValueError
        If an array does not have the values a bundle can hold (see `IDF_STEPS` and `ARRAYS`).
    """
    idf = bundle.text.table[:, 0] * IDF_STEPS
    if not np.array_equal(idf, np.round(idf)) or idf.min() < 0 or idf.max() > 255:
        raise ValueError(f"idf must be whole 1/{IDF_STEPS} from 0 to {255 / IDF_STEPS}; compile the model first")
    weights = bundle.text.table[:, 1].astype(np.float16)
    if not np.array_equal(weights, bundle.text.table[:, 1]) or not np.isfinite(weights).all():
        raise ValueError("weights must be finite numbers of 16 bits; compile the model first")
    arrays: dict[str, NDArray[Any]] = {
        "idf": idf.astype(np.uint8),
        "weights": weights,
        "vocabulary": bundle.text.vocabulary,
    }
    blobs = {name: zlib.compress(array.tobytes(), 9) for name, array in arrays.items()}
    parts, offset = {}, 0
    for name, blob in blobs.items():
        parts[name] = {
            "dtype": str(arrays[name].dtype),
            "shape": list(arrays[name].shape),
            "offset": offset,
            "bytes": len(blob),
            "sha256": hashlib.sha256(blob).hexdigest(),
        }
        offset += len(blob)
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "model_version": bundle.version,
        "hashing": bundle.text.hashing._asdict(),
        "intercept": bundle.text.intercept,
        "risk": {**bundle.risk._asdict(), "features": list(RISK_FEATURES)},
        "thresholds": bundle.thresholds._asdict(),
        "abstain": bundle.abstain._asdict(),
        "parts": parts,
        "notes": bundle.notes,
    }
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1).encode()
    body = b"%d\n" % len(text) + text + b"".join(blobs.values())
    header = MAGIC + b"%d\n" % SCHEMA_VERSION + hashlib.sha256(body).hexdigest().encode() + b"\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(header + body)
    partial.replace(path)


def read_bundle(path: Path | str) -> Bundle:
    """Read and check a bundle.

    Raises
    ------
    BundleError
        If the file is missing, is not a bundle, was cut short or changed, is of a newer version, or holds
        anything a bundle does not hold. Nothing in the file is executed in any case.
    """
    manifest, blobs = _read_checked(Path(path))
    with _malformed_is_refused(path):
        return _build(manifest, blobs)


def read_manifest(path: Path | str) -> dict[str, Any]:
    """Read and check a bundle, and return its manifest."""
    return _read_checked(Path(path))[0]


@contextlib.contextmanager
def _malformed_is_refused(path: Path | str) -> Iterator[None]:
    # The hash tells damage, not malice: anyone can make a file whose hash is right and whose manifest is not.
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, zlib.error) as error:
        reason = repr(error)[:200]
        raise BundleError(f"{path}: the manifest is not one of schema {SCHEMA_VERSION}: {reason}") from error


def _read_checked(path: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    if not path.is_file():
        raise BundleError(f"{path}: no such model file. Give one with --model, or leave --model out.")
    if path.stat().st_size > MAX_BYTES:
        raise BundleError(f"{path}: {path.stat().st_size:,} bytes; a bundle has at most {MAX_BYTES:,}.")
    data = path.read_bytes()
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
    if hashlib.sha256(body).hexdigest().encode() != digest or int(found) != SCHEMA_VERSION:
        raise BundleError(
            f"{path}: the contents do not match the hash in the file: it was cut short or altered. "
            "It was not loaded. Fetch the file again from where you got it."
        )
    length, _, body = body.partition(b"\n")
    with _malformed_is_refused(path):
        size = int(length)
        if size > MAX_MANIFEST_BYTES:
            raise BundleError(f"{path}: the manifest has {size:,} bytes; at most {MAX_MANIFEST_BYTES:,} are read.")
        manifest: dict[str, Any] = json.loads(body[:size])
        return manifest, _split(path, manifest, body[size:])


def _split(path: Path, manifest: dict[str, Any], data: bytes) -> dict[str, bytes]:
    if sorted(manifest) != sorted(MANIFEST):
        raise ValueError(f"it has the entries {sorted(manifest)}")
    parts = manifest["parts"]
    if sorted(parts) != sorted(ARRAYS):
        raise BundleError(f"{path}: holds the parts {sorted(parts)}; a bundle has {sorted(ARRAYS)}.")
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


def _build(manifest: dict[str, Any], blobs: dict[str, bytes]) -> Bundle:
    hashing = Hashing(**manifest["hashing"])
    if hashing.feature_version != FEATURE_VERSION:
        raise ValueError(f"tokens of version {hashing.feature_version}, this adscreen makes {FEATURE_VERSION}")
    _check_hashing(hashing)
    shapes = {"idf": hashing.n_buckets, "weights": hashing.n_buckets, "vocabulary": VOCABULARY_SIZE // 8}
    arrays = {}
    for name, dtype in ARRAYS.items():
        part = manifest["parts"][name]
        if part["dtype"] != str(dtype) or part["shape"] != [shapes[name]]:
            raise ValueError(f"part {name!r} is {part['dtype']} {part['shape']}")
        arrays[name] = _inflate(blobs[name], dtype, shapes[name])
    table = np.stack([arrays["idf"].astype(np.float32) / IDF_STEPS, arrays["weights"].astype(np.float32)], axis=1)
    if not np.isfinite(table).all():
        raise ValueError("weights are not finite")
    risk = manifest["risk"]
    if risk["features"] != list(RISK_FEATURES) or len(risk["weights"]) != len(RISK_FEATURES):
        raise ValueError(f"the calibrator reads {risk['features']}, with {len(risk['weights'])} weights")
    if not isinstance(manifest["notes"], dict):
        raise TypeError("the notes are no object")
    abstain = manifest["abstain"]
    return Bundle(
        LinearText(hashing, np.ascontiguousarray(table), _finite(manifest["intercept"]), arrays["vocabulary"]),
        RiskModel(tuple(map(_finite, risk["weights"])), _finite(risk["intercept"]), _finite(risk["prevalence"])),
        Thresholds(**{name: _finite(value) for name, value in manifest["thresholds"].items()}),
        Abstain(int(abstain["min_tokens"]), *(_finite(abstain[name]) for name in Abstain._fields[1:])),
        str(manifest["model_version"]),
        manifest["notes"],
    )


def _check_hashing(hashing: Hashing) -> None:
    """Refuse what the kernel cannot take: compiled code does not check the bounds of its arrays."""
    if not all(type(value) is int for value in hashing):
        raise TypeError(f"hashing is not in whole numbers: {hashing}")
    n_buckets, max_words, max_chars, stem, _ = hashing
    power_of_two = 2 <= n_buckets <= MAX_BUCKETS and n_buckets & (n_buckets - 1) == 0
    if not power_of_two or not 1 <= max_words <= max_chars <= MAX_ORDER or stem < 0:
        raise ValueError(f"hashing is out of range: {hashing}")


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


def verify(path: Path | str) -> dict[str, Any]:
    """Prove what a bundle is, for ``adscreen model verify``.

    Returns
    -------
    dict
        ``model_version`` and ``checks``: one sentence for each thing that was checked and held.

    Raises
    ------
    BundleError
        If anything did not hold.
    """
    manifest, blobs = _read_checked(Path(path))
    bundle = read_bundle(path)
    notes = set(manifest["notes"])
    if not notes <= set(NOTES):
        raise BundleError(f"{path}: holds the notes {sorted(notes - set(NOTES))}, which a bundle does not have.")
    numbers = {k: v for k, v in manifest.items() if k != "notes"}
    words = [text for text in _strings(numbers) if len(text) > 64]
    if words:
        raise BundleError(f"{path}: its settings hold {len(words)} long texts; a bundle keeps no text of ads.")
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

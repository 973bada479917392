"""The bundle: a model with all it needs to score, and how it is written (see `adscreen.scoring.bundle_file`)."""

from __future__ import annotations

import hashlib
import json
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adscreen.learning.deep_model import DeepModel
from adscreen.learning.risk import DEEP_FEATURES, TEXT_FEATURES, RiskModel, Thresholds
from adscreen.scoring.bundle_file import DEEP_ARRAYS, MAGIC, SCHEMA_VERSION, WARNING_ARRAYS
from adscreen.signals.linear_text import IDF_STEPS, LinearText


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
    warning : LinearText or None
        What tells warnings from offers: a text whose margin is at least 0 reads as a warning; see
        `adscreen.signals.awareness`. It shares the vocabulary of `text`. None if the training ads had too few.
    deep : DeepModel or None
        What judges suspicious ads once more, if asked to. None if the model was made without.
    """

    text: LinearText
    risk: RiskModel
    thresholds: Thresholds
    abstain: Abstain
    version: str
    notes: dict[str, Any]
    warning: LinearText | None = None
    deep: DeepModel | None = None


def model_version(name: str, text: LinearText, warning: LinearText | None = None, deep: DeepModel | None = None) -> str:
    """Return the version of a model: its release name and a hash of its weights."""
    tables = text.table.tobytes() + (b"" if warning is None else warning.table.tobytes())
    tables += b"" if deep is None else deep.head.weights.tobytes()
    return f"{name}-{hashlib.sha256(tables).hexdigest()[:8]}"


def write_bundle(bundle: Bundle, path: Path) -> None:
    """Write `bundle` to `path`; the same bundle gives the same bytes.

    Raises
    ------
    ValueError
        If an array does not have the values a bundle can hold (see `IDF_STEPS` and `ARRAYS`).
    """
    arrays: dict[str, NDArray[Any]] = dict(zip(("idf", "weights"), _stored(bundle.text), strict=True))
    arrays["vocabulary"] = bundle.text.vocabulary
    if bundle.warning is not None:
        arrays |= zip(WARNING_ARRAYS, _stored(bundle.warning), strict=True)
    if bundle.deep is not None:
        arrays |= dict.fromkeys(DEEP_ARRAYS, bundle.deep.head.weights)
    # A bundle without a model of warnings and a deep one stays one that older versions read.
    schema = 1 if bundle.warning is None and bundle.deep is None else SCHEMA_VERSION
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
        "schema_version": schema,
        "model_version": bundle.version,
        "hashing": bundle.text.hashing._asdict(),
        "intercept": bundle.text.intercept,
        "risk": _risk_as_json(bundle.risk, TEXT_FEATURES),
        "thresholds": bundle.thresholds._asdict(),
        "abstain": bundle.abstain._asdict(),
        "parts": parts,
        "notes": bundle.notes,
    }
    if bundle.warning is not None:
        of_warnings = bundle.warning.hashing._asdict(), bundle.warning.intercept
        manifest["warning"] = dict(zip(("hashing", "intercept"), of_warnings, strict=True))
    if bundle.deep is not None:
        manifest["deep"] = {
            "intercept": bundle.deep.head.intercept,
            "risk": _risk_as_json(bundle.deep.risk, DEEP_FEATURES),
            "thresholds": bundle.deep.thresholds._asdict(),
            "floor": bundle.deep.floor,
            "letters": bundle.deep.letters,
            "encoder": bundle.deep.encoder,
        }
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1).encode()
    body = b"%d\n" % len(text) + text + b"".join(blobs.values())
    header = MAGIC + b"%d\n" % schema + hashlib.sha256(body).hexdigest().encode() + b"\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(header + body)
    partial.replace(path)


def _risk_as_json(risk: RiskModel, features: tuple[str, ...]) -> dict[str, Any]:
    return {**risk._asdict(), "features": list(features)}


def _stored(model: LinearText) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
    """Return the inverse document frequencies and the weights as a bundle keeps them."""
    idf = model.table[:, 0] * IDF_STEPS
    if not np.array_equal(idf, np.round(idf)) or idf.min() < 0 or idf.max() > 255:
        raise ValueError(f"idf must be whole 1/{IDF_STEPS} from 0 to {255 / IDF_STEPS}; compile the model first")
    weights = model.table[:, 1].astype(np.float16)
    if not np.array_equal(weights, model.table[:, 1]) or not np.isfinite(weights).all():
        raise ValueError("weights must be finite numbers of 16 bits; compile the model first")
    return idf.astype(np.uint8), weights

"""Sentence vectors of training ads, kept in a file: encoding them takes an hour, fitting on them seconds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from adscreen.errors import UsageError
from adscreen.signals.encoder import SentenceEncoder

SAVED_EVERY = 512


def sentence_vectors(
    texts: list[str],
    encoder: SentenceEncoder,
    letters: int,
    kept: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> NDArray[np.float32]:
    """Return the vector of the first letters of each text, shape (n_texts, n_dimensions).

    Parameters
    ----------
    letters : int
        So many are encoded.
    kept : Path, optional
        .npz file of vectors by the SHA-256 of what was encoded. Those in it are not computed again, others are added.
    progress : callable
        Told how far it is.

    Raises
    ------
    UsageError
        If the file holds vectors of another encoder.
    """
    texts = [text[:letters] for text in texts]
    keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    known: dict[str, NDArray[np.float32]] = {}
    if kept is not None and kept.exists():
        with np.load(kept, allow_pickle=False) as saved:
            made_by = str(saved["encoder"]) if "encoder" in saved else encoder.name
            if made_by != encoder.name:
                raise UsageError(f"{kept}: vectors of {made_by!r}, not of {encoder.name!r}. Name another file.")
            known = dict(zip(saved["keys"].tolist(), saved["vectors"], strict=True))
    missing = list({key: text for key, text in zip(keys, texts, strict=True) if key not in known}.items())
    missing.sort(key=lambda item: len(item[1]))
    for start in range(0, len(missing), SAVED_EVERY):
        some = missing[start : start + SAVED_EVERY]
        known |= zip([key for key, _ in some], encoder.encode([text for _, text in some]), strict=True)
        progress(f"encoded {start + len(some):,} of {len(missing):,} texts")
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            partial = kept.with_name(f"{kept.stem}.partial.npz")
            np.savez(partial, keys=np.array(list(known)), vectors=np.stack(list(known.values())), encoder=encoder.name)
            partial.replace(kept)
    return np.stack([known[key] for key in keys])

"""How common words and pairs of words are in job ads anyway, so that three ads alone do not make "and the" rare.

The counts are of the authored corpus (``data/authored``, all languages of adscreen), hashed: no text is in them.
``python -m adscreen.campaigns.background data/authored`` writes them again; do so when features change.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adscreen.ads.cleaning import clean
from adscreen.campaigns.features import signature

FILE = Path(__file__).with_name("background.npz")
N_COUNTS = 2**22
"""Places in the hashed table of counts: 16 MB, which a store can add up over batches."""
LEAST = 4
"""Features of fewer ads are left out of the file: they are as good as unseen."""


class Background(NamedTuple):
    """In how many of `n_texts` ads each feature is; `counts` has shape (N_COUNTS,), uint32, hashed."""

    counts: NDArray[np.uint32]
    n_texts: int


@cache
def load_background() -> Background:
    """Load the shipped counts."""
    with np.load(FILE, allow_pickle=False) as parts:
        counts = np.zeros(N_COUNTS, np.uint32)
        counts[np.cumsum(parts["steps"].astype(np.int64))] = parts["counts"]
        return Background(counts, int(parts["n_texts"]))


def write_background(folder: Path) -> None:
    """Count the features of the ads in the JSONL files of `folder` and write the file."""
    texts = [
        clean(json.loads(line)["text"])
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    features = signature(texts).features
    counts = np.bincount(features & np.uint32(N_COUNTS - 1), minlength=N_COUNTS)
    places = np.flatnonzero(counts >= LEAST)
    # Steps from one place to the next are small numbers, which compress well.
    np.savez_compressed(
        FILE,
        steps=np.diff(places, prepend=0).astype(np.uint32),
        counts=np.minimum(counts[places], 65535).astype(np.uint16),
        n_texts=np.int64(len(texts)),
    )


if __name__ == "__main__":
    write_background(Path(sys.argv[1]))

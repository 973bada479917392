"""How alike two ads are: their shared words and pairs of words, each weighed by how rare it is among the ads at hand.

What a board prints below every ad, and the law into every contract, weighs little; the writer's own sentences weigh
much. The similarity is exact: the signatures only say which pairs to look at.
"""

from __future__ import annotations

from functools import cache

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.campaigns.background import N_COUNTS, load_background

MANY = 1_000
"""Texts from which on it is telling that a word is in one of them alone."""
ALONE = 0.3


@numba.njit(cache=True, nogil=True)
def count_features(
    features: NDArray[np.uint32], start: NDArray[np.int64], stop: NDArray[np.int64]
) -> NDArray[np.uint32]:  # pragma: no cover  (compiled)
    """Return in how many texts each feature is, shape (N_COUNTS,), hashed; counts of batches may be added up.

    Those of text ``i`` are ``features[start[i]:stop[i]]``.
    """
    counts = np.zeros(N_COUNTS, np.uint32)
    mask = np.uint32(N_COUNTS - 1)
    for row in range(len(start)):
        for i in range(start[row], stop[row]):
            counts[features[i] & mask] += np.uint32(1)
    return counts


def rarity(counts: NDArray[np.uint32], n_texts: int) -> NDArray[np.float32]:
    """Return the weight of each place of `counts`: minus the natural log of the share of texts that have it.

    Job ads in general count with those at hand: in three copies of one ad no word is common.

    What only one of many texts has counts less again, down to `ALONE` of it: a word mistyped, or the introduction that
    one copy has, says nothing about where the rest is from. In a handful of texts every word is such a word.
    """
    background, logs = load_background(), _background_logs()
    weights = np.float32(np.log(n_texts + background.n_texts)) - logs
    here = np.flatnonzero(counts)  # the rest of the table is never looked at
    found = counts[here]
    own = weights[here] + logs[here] - np.log(found + background.counts[here] + np.float32(1.0))
    own[found == 1] *= np.float32(1.0 - (1.0 - ALONE) * n_texts / (n_texts + MANY))
    weights[here] = np.maximum(own, 0.0)
    return weights


@cache
def _background_logs() -> NDArray[np.float32]:
    logs: NDArray[np.float32] = np.log(load_background().counts + np.float32(1.0)).astype(np.float32)
    return logs


@numba.njit(cache=True, nogil=True)
def masses(
    features: NDArray[np.uint32], start: NDArray[np.int64], stop: NDArray[np.int64], weights: NDArray[np.float32]
) -> NDArray[np.float32]:  # pragma: no cover  (compiled)
    """Return the summed weight of each text's features, shape (n_texts,)."""
    mask = np.uint32(len(weights) - 1)
    out = np.zeros(len(start), np.float32)
    for row in range(len(out)):
        total = 0.0
        for i in range(start[row], stop[row]):
            total += weights[features[i] & mask]
        out[row] = total
    return out


@numba.njit(cache=True, nogil=True)
def shared_mass(
    features: NDArray[np.uint32],
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    weights: NDArray[np.float32],
    left: int,
    right: int,
) -> float:  # pragma: no cover  (compiled)
    """Return the summed weight of the features that two texts share."""
    mask = np.uint32(len(weights) - 1)
    i, j = start[left], start[right]
    i_end, j_end = stop[left], stop[right]
    total = 0.0
    while i < i_end and j < j_end:
        a, b = features[i], features[j]
        if a == b:
            total += weights[a & mask]
            i += 1
            j += 1
        elif a < b:
            i += 1
        else:
            j += 1
    return total


@numba.njit(cache=True, nogil=True)
def likeness(shared: float, left: float, right: float) -> float:  # pragma: no cover  (compiled)
    """Return how alike two texts are, 0 to 1: the weight they share by the weight both have together (Jaccard)."""
    union = left + right - shared
    return shared / union if union > 0.0 else 0.0

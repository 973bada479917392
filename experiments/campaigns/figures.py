"""What a grouping is worth, and the plain MinHash it is measured against."""

from __future__ import annotations

from collections.abc import Sequence

import numba
import numpy as np
from sklearn.metrics import adjusted_rand_score

from adscreen.campaigns.linkage import components
from adscreen.signals.tokens import tokenize

PERMUTATIONS = 128
THRESHOLDS = np.round(np.arange(0.02, 0.96, 0.02), 2)


def alone_apart(labels: np.ndarray) -> np.ndarray:
    """Give each ad on its own (-1) a label of its own."""
    out = labels.astype(np.int64).copy()
    single = np.flatnonzero(out < 0)
    out[single] = out.max(initial=0) + 1 + np.arange(len(single))
    return out


def pairwise(labels: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Return precision, recall and F1 over pairs of ads, and the adjusted Rand index."""
    labels = alone_apart(labels)
    both = np.unique(np.stack([labels, truth]), axis=1, return_counts=True)[1]
    pairs = [
        int((n * (n - 1) // 2).sum()) for n in (both, *(np.unique(x, return_counts=True)[1] for x in (labels, truth)))
    ]
    precision, recall = pairs[0] / max(pairs[1], 1), pairs[0] / max(pairs[2], 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"ARI": adjusted_rand_score(truth, labels), "F1": f1, "precision": precision, "recall": recall}


def shingles(text: str, size: int = 4) -> set[bytes]:
    tokens = [token.text for token in tokenize(text)]
    return {" ".join(tokens[i : i + size]).encode() for i in range(max(len(tokens) - size + 1, 1))}


@numba.njit(cache=True)
def _at_least(hashes: np.ndarray, least: int) -> tuple[np.ndarray, np.ndarray]:
    n, width = hashes.shape
    found = []
    shared = []
    for i in range(n):
        for j in range(i + 1, n):
            same = 0
            for k in range(width):
                same += hashes[i, k] == hashes[j, k]
            if same >= least:
                found.append((i, j))
                shared.append(same)
    return np.array(found, dtype=np.int64).reshape(-1, 2), np.array(shared, dtype=np.int64)


def plain_minhash(texts: Sequence[str], truth: np.ndarray) -> dict[str, float]:
    """4-word-shingle MinHash (datasketch), all pairs compared, at the threshold that is best with the truth known."""
    from datasketch import MinHash

    hashes = np.empty((len(texts), PERMUTATIONS), np.uint64)
    for i, text in enumerate(texts):
        signature = MinHash(num_perm=PERMUTATIONS, seed=1)
        signature.update_batch(sorted(shingles(text)))
        hashes[i] = signature.hashvalues
    pairs, shared = _at_least(hashes, max(1, int(np.ceil(THRESHOLDS[0] * PERMUTATIONS))))
    best: dict[str, float] = {"ARI": -1.0}
    for threshold in THRESHOLDS:
        labels = components(len(texts), pairs[shared >= threshold * PERMUTATIONS])
        scores = pairwise(labels, truth)
        if scores["ARI"] > best["ARI"]:
            best = {**scores, "threshold": float(threshold)}
    return best

"""Near-duplicate texts: MinHash signatures and LSH of datasketch over adscreen's own tokens."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from adscreen.signals.tokens import tokenize

SHINGLE = 4
SIMILARITY = 0.6
"""Jaccard similarity of 4-token shingles from which two ads count as one text reposted."""
PERMUTATIONS = 96
MAX_TOKENS = 600


def shingles(text: str) -> set[bytes]:
    """Return the distinct runs of `SHINGLE` tokens of `text`, digits folded; the whole text if shorter."""
    tokens = [token.text for token in tokenize(text)[:MAX_TOKENS]]
    last = max(len(tokens) - SHINGLE + 1, 1)
    return {" ".join(tokens[i : i + SHINGLE]).encode() for i in range(last)}


def near_duplicate_pairs(texts: Sequence[str]) -> NDArray[np.int64]:
    """Find pairs of near-duplicates.

    Parameters
    ----------
    texts : sequence of str
        Cleaned texts. Empty ones are in no pair.

    Returns
    -------
    ndarray of int64, shape (n_pairs, 2)
        Positions, the smaller first. Candidates come from LSH and are verified by the exact similarity, so
        every pair is at least `SIMILARITY` alike; a pair just above it is missed with a probability of a few
        per cent.
    """
    from datasketch import MinHash, MinHashLSH

    sets = [shingles(text) if text.strip() else set() for text in texts]
    filled = [i for i, found in enumerate(sets) if found and found != {b""}]
    index = MinHashLSH(threshold=SIMILARITY, num_perm=PERMUTATIONS, weights=(0.2, 0.8))
    pairs: list[tuple[int, int]] = []
    seen: dict[frozenset[bytes], int] = {}
    for i in filled:
        key = frozenset(sets[i])
        if key in seen:  # exact repeats need no signature, and many of them would fill one bucket
            pairs.append((seen[key], i))
            continue
        seen[key] = i
        signature = MinHash(num_perm=PERMUTATIONS, seed=1)
        signature.update_batch(sorted(sets[i]))
        for j in index.query(signature):
            shared = len(sets[i] & sets[j])
            if shared >= SIMILARITY * (len(sets[i]) + len(sets[j]) - shared):
                pairs.append((j, i))
        index.insert(i, signature, check_duplication=False)
    return np.array(sorted(pairs), np.int64).reshape(-1, 2)

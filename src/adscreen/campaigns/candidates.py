"""Which texts to compare: those whose signatures share a band (locality-sensitive hashing), each pair once.

Everything here works on texts in an order of their own (by content), so that the order of the ads changes nothing.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.campaigns.linkage import Texts, find_root, likeness_of

BANDS = 42
ROWS = 3
COMPARED_BITS = 20
WINDOW = 24
"""How many texts of a bucket each text is compared with: a bucket of thousands is not compared all with all."""


@numba.njit(cache=True, nogil=True)
def band_keys(
    minhash: NDArray[np.uint32], rows: NDArray[np.int64], band: int
) -> NDArray[np.uint64]:  # pragma: no cover  (compiled)
    """Return the key of one band of some rows of `minhash`; 0 for texts without candidates, and for row -1."""
    keys = np.zeros(len(rows), np.uint64)
    for at in range(len(rows)):
        row = rows[at]
        if row < 0 or minhash[row, 0] == np.uint32(0xFFFFFFFF):
            continue
        key = np.uint64(0xCBF29CE484222325)
        for r in range(ROWS):
            key = (key ^ np.uint64(minhash[row, band * ROWS + r])) * np.uint64(0x9E3779B97F4A7C15)
            key ^= key >> np.uint64(29)
        keys[at] = key | np.uint64(1)
    return keys


@numba.njit(cache=True, nogil=True)
def verify_band(
    keys: NDArray[np.uint64],
    order: NDArray[np.int64],
    texts: Texts,
    parent: NDArray[np.int64],
    compared: NDArray[np.uint64],
    surely: float,
    perhaps: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:  # pragma: no cover  (compiled)
    """Compare the texts of each bucket of one band and return the pairs that are at least `perhaps` alike.

    Pairs at least `surely` alike are joined in `parent` at once, and joined texts are not compared again: copies
    cost as many comparisons as there are texts, not as there are pairs. Most pairs of an earlier band are known in
    `compared`, shape (2**COMPARED_BITS,): a later pair may take the place of an earlier one.
    """
    capacity = 1024
    left = np.empty(capacity, np.int64)
    right = np.empty(capacity, np.int64)
    strength = np.empty(capacity, np.float32)
    count = 0
    start = 0
    n = len(order)
    while start < n:
        stop = start + 1
        while stop < n and keys[order[stop]] == keys[order[start]]:
            stop += 1
        if keys[order[start]] != 0:
            for x in range(start + 1, stop):
                for y in range(max(start, x - WINDOW), x):
                    a, b = order[y], order[x]
                    if find_root(parent, a) == find_root(parent, b):
                        continue
                    pair = np.uint64(min(a, b)) << np.uint64(32) | np.uint64(max(a, b))
                    slot = (pair * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - COMPARED_BITS)
                    if compared[slot] == pair:
                        continue
                    compared[slot] = pair
                    alike = likeness_of(texts, a, b)
                    if alike < perhaps:
                        continue
                    if alike >= surely:
                        ra, rb = find_root(parent, a), find_root(parent, b)
                        parent[max(ra, rb)] = min(ra, rb)
                    if count == capacity:
                        capacity *= 2
                        left = np.concatenate((left, np.empty(count, np.int64)))
                        right = np.concatenate((right, np.empty(count, np.int64)))
                        strength = np.concatenate((strength, np.empty(count, np.float32)))
                    left[count] = min(a, b)
                    right[count] = max(a, b)
                    strength[count] = alike
                    count += 1
        start = stop
    return left[:count].copy(), right[:count].copy(), strength[:count].copy()


@numba.njit(cache=True, nogil=True)
def pairs_in_reach(
    band: NDArray[np.int64], key: NDArray[np.int64], first: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # pragma: no cover  (compiled)
    """Return the rows from `first` on, each once for each of the `WINDOW` rows before it in its bucket, and these.

    Rows of one band and key are one bucket and stand together, as `verify_band` goes through them.
    """
    capacity = 1024
    at = np.empty(capacity, np.int64)
    other = np.empty(capacity, np.int64)
    count = 0
    for x in range(first, len(key)):
        for y in range(x - 1, max(-1, x - 1 - WINDOW), -1):
            if key[y] != key[x] or band[y] != band[x]:
                break
            if count == capacity:
                capacity *= 2
                at = np.concatenate((at, np.empty(count, np.int64)))
                other = np.concatenate((other, np.empty(count, np.int64)))
            at[count] = x
            other[count] = y
            count += 1
    return at[:count].copy(), other[:count].copy()

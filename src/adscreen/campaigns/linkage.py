"""From verified pairs to campaigns: parts joined from the strongest edge down, weak edges only where the parts agree.

Everything here works on texts in an order of their own (by content), so that the order of the ads changes nothing.
"""

from __future__ import annotations

import heapq

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.campaigns.similarity import likeness, shared_mass

BANDS = 42
ROWS = 3
WINDOW = 24
"""How many texts of a bucket each text is compared with: a bucket of thousands is not compared all with all."""
SAMPLE = 12
"""Texts of each part that are compared before a weak edge joins two parts."""


@numba.njit(cache=True, nogil=True)
def find_root(parent: NDArray[np.int64], node: int) -> int:  # pragma: no cover  (compiled)
    """Return the root of `node`, shortening the way for the next time."""
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@numba.njit(cache=True, nogil=True)
def components(n: int, pairs: NDArray[np.int64]) -> NDArray[np.int64]:  # pragma: no cover  (compiled)
    """Return for each of `n` nodes the smallest node that `pairs`, shape (n_pairs, 2), join it to."""
    parent = np.arange(n)
    for i in range(len(pairs)):
        a, b = find_root(parent, pairs[i, 0]), find_root(parent, pairs[i, 1])
        parent[max(a, b)] = min(a, b)
    for node in range(n):
        parent[node] = find_root(parent, node)
    return parent


@numba.njit(cache=True, nogil=True)
def band_keys(minhash: NDArray[np.uint32], band: int) -> NDArray[np.uint64]:  # pragma: no cover  (compiled)
    """Return the key of one band of each text; 0 for texts without candidates."""
    keys = np.zeros(len(minhash), np.uint64)
    for row in range(len(minhash)):
        if minhash[row, 0] == np.uint32(0xFFFFFFFF):
            continue
        key = np.uint64(0xCBF29CE484222325)
        for r in range(ROWS):
            key = (key ^ np.uint64(minhash[row, band * ROWS + r])) * np.uint64(0x9E3779B97F4A7C15)
            key ^= key >> np.uint64(29)
        keys[row] = key | np.uint64(1)
    return keys


@numba.njit(cache=True, nogil=True)
def verify_band(
    keys: NDArray[np.uint64],
    order: NDArray[np.int64],
    features: NDArray[np.uint32],
    bounds: NDArray[np.int64],
    weights: NDArray[np.float32],
    mass: NDArray[np.float32],
    parent: NDArray[np.int64],
    is_new: NDArray[np.bool_],
    surely: float,
    perhaps: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:  # pragma: no cover  (compiled)
    """Compare the texts of each bucket of one band and return the pairs that are at least `perhaps` alike.

    Pairs at least `surely` alike are joined in `parent` at once, and joined texts are not compared again: copies
    cost as many comparisons as there are texts, not as there are pairs.
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
                    if not (is_new[a] or is_new[b]) or find_root(parent, a) == find_root(parent, b):
                        continue
                    alike = likeness(shared_mass(features, bounds, weights, a, b), mass[a], mass[b])
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
def _mean_likeness(
    head: int,
    other: int,
    following: NDArray[np.int64],
    features: NDArray[np.uint32],
    bounds: NDArray[np.int64],
    weights: NDArray[np.float32],
    mass: NDArray[np.float32],
) -> float:  # pragma: no cover  (compiled)
    """Return the mean likeness of the first texts of two parts."""
    total = 0.0
    pairs = 0
    a = head
    for _ in range(SAMPLE):
        b = other
        for _ in range(SAMPLE):
            if mass[a] > 0.0 and mass[b] > 0.0:
                total += likeness(shared_mass(features, bounds, weights, a, b), mass[a], mass[b])
            pairs += 1
            b = following[b]
            if b < 0:
                break
        a = following[a]
        if a < 0:
            break
    return total / pairs


@numba.njit(cache=True, nogil=True)
def _merge(
    a: int,
    b: int,
    parent: NDArray[np.int64],
    following: NDArray[np.int64],
    last: NDArray[np.int64],
    size: NDArray[np.int64],
) -> None:  # pragma: no cover  (compiled)
    """Join two parts; the texts of the larger one come first in the list, then those of the smaller."""
    root, other = (a, b) if (size[a], -a) > (size[b], -b) else (b, a)
    parent[other] = root
    following[last[root]] = other
    last[root] = last[other]
    size[root] += size[other]


@numba.njit(cache=True, nogil=True)
def join_parts(
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    strength: NDArray[np.float32],
    needed: NDArray[np.float32],
    features: NDArray[np.uint32],
    bounds: NDArray[np.int64],
    weights: NDArray[np.float32],
    mass: NDArray[np.float32],
    dense: int,
    sizes: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:  # pragma: no cover  (compiled)
    """Join texts over edges, the surest first.

    An edge that needs nothing (0) joins its two parts at once. One that needs more waits until it is the edge between
    the two parts most alike on average, and joins them only if they are so much alike (average linkage, as far as the
    edges and a sample of each part tell). Where the number is negative, only two parts of `dense` ads or more each are
    held to it; these edges come last, in the order given.

    Returns
    -------
    parts : ndarray of int64, shape (n_texts,)
        One text of the part that each is in.
    cut : ndarray of bool, shape (n_edges,)
        Edges between two different parts.
    """
    n = len(mass)
    parent = np.arange(n)
    following = np.full(n, -1, np.int64)  # a list of each part's texts, for the sample
    last = np.arange(n)
    size = sizes.copy()
    waiting = [(np.float32(0.0), np.int64(0), np.int64(0), np.int64(0)) for _ in range(0)]  # gives the type
    for i in range(len(left)):
        if needed[i] == 0.0:
            a, b = find_root(parent, left[i]), find_root(parent, right[i])
            if a != b:
                _merge(a, b, parent, following, last, size)
        elif needed[i] > 0.0:
            waiting.append((-strength[i], np.int64(i), np.int64(-1), np.int64(-1)))
    heapq.heapify(waiting)
    while len(waiting) > 0:
        _, edge, size_a, size_b = heapq.heappop(waiting)
        a, b = find_root(parent, left[edge]), find_root(parent, right[edge])
        if a == b:
            continue
        if (size_a, size_b) == (size[a], size[b]):
            _merge(a, b, parent, following, last, size)
            continue
        mean = np.float32(_mean_likeness(a, b, following, features, bounds, weights, mass))
        if mean >= needed[edge]:
            heapq.heappush(waiting, (-mean, edge, size[a], size[b]))  # type: ignore[misc]
    for i in range(len(left)):
        if needed[i] < 0.0:
            a, b = find_root(parent, left[i]), find_root(parent, right[i])
            if a == b:
                continue
            if min(size[a], size[b]) >= dense:
                mean = np.float32(_mean_likeness(a, b, following, features, bounds, weights, mass))
                if mean < -needed[i]:
                    continue
            _merge(a, b, parent, following, last, size)
    cut = np.zeros(len(left), np.bool_)
    for i in range(len(left)):
        cut[i] = find_root(parent, left[i]) != find_root(parent, right[i])
    for node in range(n):
        parent[node] = find_root(parent, node)
    return parent, cut

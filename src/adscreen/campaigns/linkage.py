"""From verified pairs to campaigns: parts joined from the strongest edge down, weak edges only where the parts agree.

Everything here works on texts in an order of their own (by content), so that the order of the ads changes nothing.
"""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.campaigns.similarity import likeness, shared_mass

BANDS = 42
ROWS = 3
LEAST_SHARED = 6
"""Of the 126 minimum hashes; pairs that share fewer met in a bucket by chance: hardly any is `perhaps` alike."""
COMPARED_BITS = 20
WINDOW = 24
"""How many texts of a bucket each text is compared with: a bucket of thousands is not compared all with all."""
SAMPLE = 8
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


class Texts(NamedTuple):
    """What the kernels compare: `Signatures.features` and `bounds`, and the `weights` and `mass` of similarity."""

    features: NDArray[np.uint32]
    bounds: NDArray[np.int64]
    weights: NDArray[np.float32]
    mass: NDArray[np.float32]


@numba.njit(cache=True, nogil=True, inline="always")
def _alike(texts: Texts, a: int, b: int) -> float:  # pragma: no cover  (compiled)
    shared = shared_mass(texts.features, texts.bounds, texts.weights, a, b)
    alike: float = likeness(shared, texts.mass[a], texts.mass[b])
    return alike


@numba.njit(cache=True, nogil=True)
def _may_be_alike(minhash: NDArray[np.uint32], a: int, b: int) -> bool:  # pragma: no cover  (compiled)
    shared = 0
    for k in range(minhash.shape[1]):
        shared += minhash[a, k] == minhash[b, k]
    return shared >= LEAST_SHARED


@numba.njit(cache=True, nogil=True)
def verify_band(
    keys: NDArray[np.uint64],
    order: NDArray[np.int64],
    minhash: NDArray[np.uint32],
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
                    if not _may_be_alike(minhash, a, b):
                        continue
                    alike = _alike(texts, a, b)
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
    head: int, other: int, following: NDArray[np.int64], texts: Texts
) -> float:  # pragma: no cover  (compiled)
    """Return the mean likeness of the first texts of two parts."""
    total = 0.0
    pairs = 0
    a = head
    for _ in range(SAMPLE):
        b = other
        for _ in range(SAMPLE):
            total += _alike(texts, a, b)
            pairs += 1
            b = following[b]
            if b < 0:
                break
        a = following[a]
        if a < 0:
            break
    return total / pairs


class Parts(NamedTuple):
    """Parts of texts as they grow; each array has one place for each text.

    Attributes
    ----------
    parent : ndarray of int64
        The way to one text of the part, see `find_root`.
    following : ndarray of int64
        The next text of the part, or -1: those that were surely together come first.
    last : ndarray of int64
        The last text of the part of each root.
    size : ndarray of int64
        Ads in the part of each root.
    """

    parent: NDArray[np.int64]
    following: NDArray[np.int64]
    last: NDArray[np.int64]
    size: NDArray[np.int64]


def single_parts(sizes: NDArray[np.int64]) -> Parts:
    """Return a part for each text; `sizes` says how many ads have it."""
    n = len(sizes)
    return Parts(np.arange(n), np.full(n, -1, np.int64), np.arange(n), sizes.copy())


@numba.njit(cache=True, nogil=True)
def _merge(a: int, b: int, parts: Parts) -> None:  # pragma: no cover  (compiled)
    """Join the parts of two roots; the larger one's texts come first."""
    root, other = (a, b) if (parts.size[a], -a) > (parts.size[b], -b) else (b, a)
    parts.parent[other] = root
    parts.following[parts.last[root]] = other
    parts.last[root] = parts.last[other]
    parts.size[root] += parts.size[other]


@numba.njit(cache=True, nogil=True)
def _known_mean(
    a: int, b: int, known: dict[tuple[int, int], tuple[int, int, float]], texts: Texts, parts: Parts
) -> float:  # pragma: no cover  (compiled)
    """Return the mean likeness of two parts, worked out once for their sizes: many edges join the same two."""
    if (a, b) in known:
        seen_a, seen_b, seen = known[(a, b)]
        if (seen_a, seen_b) == (parts.size[a], parts.size[b]):
            return seen
    mean: float = _mean_likeness(a, b, parts.following, texts)
    known[(a, b)] = (parts.size[a], parts.size[b], mean)
    return mean


@numba.njit(cache=True, nogil=True)
def join_by_text(
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    strength: NDArray[np.float32],
    surely: float,
    on_average: float,
    texts: Texts,
    parts: Parts,
) -> None:  # pragma: no cover  (compiled)
    """Join texts over edges, the surest first.

    An edge of `surely` or more joins its two parts at once. Any other waits until it is the edge between the two parts
    most alike on average, and joins them only if they are `on_average` alike: average linkage, as far as the edges and
    a sample of each part tell.
    """
    parent, size = parts.parent, parts.size
    waiting = [(np.float32(0.0), np.int64(0), np.int64(0), np.int64(0)) for _ in range(0)]  # gives the type
    for i in range(len(left)):
        if strength[i] >= surely:
            a, b = find_root(parent, left[i]), find_root(parent, right[i])
            if a != b:
                _merge(a, b, parts)
        else:
            waiting.append((-strength[i], np.int64(i), np.int64(1), np.int64(1)))
    heapq.heapify(waiting)
    known = {(np.int64(0), np.int64(0)): (np.int64(0), np.int64(0), 0.0)}
    while len(waiting) > 0:
        _, edge, size_a, size_b = heapq.heappop(waiting)
        a, b = find_root(parent, left[edge]), find_root(parent, right[edge])
        if a == b:
            continue
        if a > b:
            a, b = b, a
        if (size_a, size_b) == (size[a], size[b]) and (strength[edge] >= on_average or size_a + size_b > 2):
            _merge(a, b, parts)
            continue
        mean = _known_mean(a, b, known, texts, parts)
        if mean >= on_average:
            heapq.heappush(waiting, (np.float32(-mean), edge, size[a], size[b]))


@numba.njit(cache=True, nogil=True)
def join_by_contact(
    left: NDArray[np.int64], right: NDArray[np.int64], dense: int, apart: float, texts: Texts, parts: Parts
) -> None:  # pragma: no cover  (compiled)
    """Join texts over edges that are no matter of likeness, in the order given.

    A part of fewer than `dense` ads goes to any other. Two parts of `dense` or more stay two unless they are more than
    `apart` alike on average: one contact does not make one campaign of two.
    """
    known = {(np.int64(0), np.int64(0)): (np.int64(0), np.int64(0), 0.0)}
    for i in range(len(left)):
        a, b = find_root(parts.parent, left[i]), find_root(parts.parent, right[i])
        if a == b:
            continue
        a, b = min(a, b), max(a, b)
        if min(parts.size[a], parts.size[b]) < dense or _known_mean(a, b, known, texts, parts) > apart:
            _merge(a, b, parts)


@numba.njit(cache=True, nogil=True)
def roots(parts: Parts) -> NDArray[np.int64]:  # pragma: no cover  (compiled)
    """Return for each text one text of its part, the same for all of the part."""
    out = np.empty(len(parts.parent), np.int64)
    for node in range(len(out)):
        out[node] = find_root(parts.parent, node)
    return out

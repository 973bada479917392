"""From verified pairs to campaigns: parts joined from the strongest edge down, weak edges only where the parts agree.

Everything here works on texts in an order of their own (by content), so that the order of the ads changes nothing.
"""

from __future__ import annotations

import heapq
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.campaigns.similarity import likeness, masses, shared_mass

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


class Texts(NamedTuple):
    """What the kernels compare: the features of text ``i`` are ``features[start[i]:stop[i]]``, see `Signatures`;
    `weights` and `mass` are those of similarity."""

    features: NDArray[np.uint32]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    weights: NDArray[np.float32]
    mass: NDArray[np.float32]


def weighed(
    features: NDArray[np.uint32], start: NDArray[np.int64], stop: NDArray[np.int64], weights: NDArray[np.float32]
) -> Texts:
    """Return texts with their masses."""
    return Texts(features, start, stop, weights, masses(features, start, stop, weights))


@numba.njit(cache=True, nogil=True, inline="always")
def likeness_of(texts: Texts, a: int, b: int) -> float:  # pragma: no cover  (compiled)
    """Return how alike two texts are; see `adscreen.campaigns.similarity.likeness`."""
    shared = shared_mass(texts.features, texts.start, texts.stop, texts.weights, a, b)
    alike: float = likeness(shared, texts.mass[a], texts.mass[b])
    return alike


@numba.njit(cache=True, nogil=True)
def likenesses(
    texts: Texts, left: NDArray[np.int64], right: NDArray[np.int64]
) -> NDArray[np.float64]:  # pragma: no cover  (compiled)
    """Return how alike the texts of each pair are, shape (n_pairs,)."""
    out = np.empty(len(left), np.float64)
    for i in range(len(left)):
        out[i] = likeness_of(texts, left[i], right[i])
    return out


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
            total += likeness_of(texts, a, b)
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

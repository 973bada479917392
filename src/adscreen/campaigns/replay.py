"""Verified pairs found in any order, gone through as one machine does: so a cluster finds the same groups.

`adscreen.campaigns.text_edges.text_edges` goes through the bands one after the other and leaves out pairs that surer
ones have joined. Whether a pair is left out is settled where it first comes up, and only by pairs that are connected
with it: so connected pairs can be gone through once more, in that order, wherever they were found.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.campaigns.linkage import Parts, Texts, find_root, join_by_contact, join_by_text, roots, single_parts
from adscreen.campaigns.text_edges import ON_AVERAGE, SURELY, TextEdges, strongest_first


class FoundPairs(NamedTuple):
    """Pairs of nodes at least `perhaps` alike; ``left < right``, each pair once.

    Attributes
    ----------
    left, right : ndarray of int64
    strength : ndarray of float64
    band, key : ndarray of int64
        Of the bucket in which the pair first came up; keys in their order.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    strength: NDArray[np.float64]
    band: NDArray[np.int64]
    key: NDArray[np.int64]


def replayed(pairs: FoundPairs, n_nodes: int) -> TextEdges:
    """Return the pairs that one process would have kept, strongest first.

    Parameters
    ----------
    pairs : FoundPairs
        All that are connected with one another, of one component or of several.
    n_nodes : int
    """
    # In a bucket each text is compared with those before it.
    order = np.lexsort((pairs.left, pairs.right, pairs.key, pairs.band))
    left, right, strength = pairs.left[order], pairs.right[order], pairs.strength[order]
    kept = _not_joined(left, right, strength, np.arange(n_nodes), SURELY)
    return strongest_first(left[kept], right[kept], strength[kept].astype(np.float32))


@numba.njit(cache=True, nogil=True)
def _not_joined(
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    strength: NDArray[np.float64],
    parent: NDArray[np.int64],
    surely: float,
) -> NDArray[np.bool_]:  # pragma: no cover  (compiled)
    kept = np.zeros(len(left), np.bool_)
    for i in range(len(left)):
        a, b = find_root(parent, left[i]), find_root(parent, right[i])
        if a == b:
            continue
        kept[i] = True
        if strength[i] >= surely:
            parent[max(a, b)] = min(a, b)
    return kept


class Placed(NamedTuple):
    """Parts as columns: the root of each node, and its place among the texts of the part, 0 for the root."""

    root: NDArray[np.int64]
    place: NDArray[np.int64]


def text_parts(pairs: FoundPairs, sizes: NDArray[np.int64], texts: Texts) -> Placed:
    """Join nodes by text alone; `sizes` are the ads of each."""
    edges = replayed(pairs, len(sizes))
    parts = single_parts(sizes)
    join_by_text(edges.left, edges.right, edges.strength, SURELY, ON_AVERAGE, texts, parts)
    root = roots(parts)
    return Placed(root, _places(root, parts.following))


def contact_parts(
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    placed: Placed,
    sizes: NDArray[np.int64],
    texts: Texts,
    dense: int,
    apart: float,
) -> NDArray[np.int64]:
    """Join the parts of `text_parts` by shared contacts, in the order given, and return the root of each node."""
    order = np.lexsort((placed.place, placed.root))
    same = placed.root[order][1:] == placed.root[order][:-1]
    following = np.full(len(sizes), -1, np.int64)
    following[order[:-1][same]] = order[1:][same]
    last = np.arange(len(sizes))
    ends = np.append(~same, np.ones(min(len(order), 1), bool))
    last[placed.root[order[ends]]] = order[ends]
    size = np.zeros(len(sizes), np.int64)
    np.add.at(size, placed.root, sizes)
    parts = Parts(placed.root.copy(), following, last, size)
    join_by_contact(left, right, dense, apart, texts, parts)
    joined: NDArray[np.int64] = roots(parts)
    return joined


@numba.njit(cache=True, nogil=True)
def _places(root: NDArray[np.int64], following: NDArray[np.int64]) -> NDArray[np.int64]:  # pragma: no cover  (compiled)
    places = np.zeros(len(root), np.int64)
    for node in range(len(root)):
        if root[node] == node:
            place, at = 0, node
            while at >= 0:
                places[at] = place
                place += 1
                at = following[at]
    return places

"""Distinct texts as nodes, and the verified edges between them."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.campaigns.candidates import BANDS, COMPARED_BITS, band_keys, verify_band
from adscreen.campaigns.features import Signatures
from adscreen.campaigns.linkage import Texts, weighed
from adscreen.campaigns.similarity import count_features, rarity

SURELY = 0.85
"""Likeness from which two texts are one text reposted, whatever else is known."""
PERHAPS = 0.3
"""Likeness from which they may be: only if the parts they are in are alike on average too."""
ON_AVERAGE = 0.4
MIN_FEATURES = 3
"""Two different words and the pair of them: a text of less is no text to compare."""


class Nodes(NamedTuple):
    """Distinct texts in the order of their content, so that the order of the ads decides nothing.

    Attributes
    ----------
    of_ad : ndarray of int64, shape (n_ads,)
        Node of each ad; -1 for an ad without text and contacts.
    first_ad : ndarray of int64, shape (n_nodes,)
        The first ad of each node.
    stand_in : ndarray of int64, shape (n_nodes,)
        The ad whose signature stands for the node.
    sizes : ndarray of int64, shape (n_nodes,)
        Ads of each node.
    has_text : ndarray of bool, shape (n_nodes,)
        False where ads without text are one node for having the same contacts.
    minhash : ndarray of uint32
        That of node ``i`` is ``minhash[stand_in[i]]``: signatures are large, and not copied.
    texts : Texts
        What the kernels of `adscreen.campaigns.linkage` read.
    """

    of_ad: NDArray[np.int64]
    first_ad: NDArray[np.int64]
    stand_in: NDArray[np.int64]
    sizes: NDArray[np.int64]
    has_text: NDArray[np.bool_]
    minhash: NDArray[np.uint32]
    texts: Texts


class TextEdges(NamedTuple):
    """Edges between nodes, strongest first."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    strength: NDArray[np.float32]


@numba.njit(cache=True, nogil=True)
def _digest(values: NDArray[np.uint32], start: int, end: int) -> tuple[np.uint64, np.uint64]:  # pragma: no cover
    a, b = np.uint64(0xCBF29CE484222325), np.uint64(0x51ED270B27A1F3C5)
    for i in range(start, end):
        value = np.uint64(values[i])
        a = (a ^ value) * np.uint64(0x9E3779B97F4A7C15)
        a ^= a >> np.uint64(31)
        b = (b + value) * np.uint64(0xD6E8FEB86659FD93)
        b ^= b >> np.uint64(29)
    return a, b


@numba.njit(cache=True, nogil=True)
def _content(
    features: NDArray[np.uint32], bounds: NDArray[np.int64], minhash: NDArray[np.uint32]
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:  # pragma: no cover
    out = np.empty((len(bounds) - 1, 2), np.uint64)
    ranks = np.empty(len(out), np.uint64)
    for row in range(len(out)):
        out[row, 0], out[row, 1] = _digest(features, bounds[row], bounds[row + 1])
        ranks[row] = _digest(minhash[row], 0, minhash.shape[1])[0]
    return out, ranks


class Content(NamedTuple):
    """What makes two ads one node.

    Attributes
    ----------
    key : ndarray of uint64, shape (n_ads, 2)
        Hash of the features; of the contacts, where there is no text to compare.
    rank : ndarray of uint64, shape (n_ads,)
        Ads of one key may differ in the order of their words, thus in their signature: the lowest stands for all.
    has_text, used : ndarray of bool, shape (n_ads,)
        Whether there is a text to compare; whether there is anything.
    """

    key: NDArray[np.uint64]
    rank: NDArray[np.uint64]
    has_text: NDArray[np.bool_]
    used: NDArray[np.bool_]


def content_of(signatures: Signatures, contacts: list[list[tuple[str, str]]]) -> Content:
    """Return what tells the nodes of ads apart; of each ad by itself. Parameters as `make_nodes`."""
    key, rank = _content(signatures.features, signatures.bounds, signatures.minhash)
    has_text = np.diff(signatures.bounds) >= MIN_FEATURES
    for ad in np.flatnonzero(~has_text).tolist():
        joined = "".join(sorted(f"{kind}:{value};" for kind, value in contacts[ad])).encode()
        key[ad] = np.frombuffer(hashlib.blake2b(joined, digest_size=16).digest(), np.uint64)
    return Content(key, rank, has_text, has_text | np.fromiter((len(found) > 0 for found in contacts), bool, len(key)))


def make_nodes(signatures: Signatures, contacts: list[list[tuple[str, str]]]) -> Nodes:
    """Put ads of one content into one node.

    Parameters
    ----------
    signatures : Signatures
        One for each ad.
    contacts : list of list of (kind, hash)
        Of each ad; ads without text are told apart by them.
    """
    key, rank, has_text, is_used = content_of(signatures, contacts)
    used = np.flatnonzero(is_used)
    order = used[np.lexsort((rank[used], key[used, 1], key[used, 0], has_text[used]))]
    differs = (key[order][1:] != key[order][:-1]).any(axis=1) | (has_text[order][1:] != has_text[order][:-1])
    starts = np.flatnonzero(np.concatenate([np.ones(min(len(order), 1), bool), differs]))
    sizes = np.diff(np.append(starts, len(order)))
    of_ad = np.full(signatures.size, -1, np.int64)
    of_ad[order] = np.repeat(np.arange(len(starts)), sizes)
    first_ad = np.minimum.reduceat(order, starts) if len(starts) else np.empty(0, np.int64)
    stand_in = order[starts]
    start = signatures.bounds[stand_in]
    # A node without text has no features.
    stop = np.where(has_text[stand_in], signatures.bounds[stand_in + 1], start)
    weights = rarity(count_features(signatures.features, start, stop), len(starts))
    texts = weighed(signatures.features, start, stop, weights)
    return Nodes(of_ad, first_ad, stand_in, sizes.astype(np.int64), has_text[stand_in], signatures.minhash, texts)


def text_edges(nodes: Nodes) -> TextEdges:
    """Find the pairs of texts that are alike: candidates by bands of the signature, verified exactly."""
    n = len(nodes.first_ad)
    parent = np.arange(n)
    rows = np.where(nodes.has_text, nodes.stand_in, -1)
    compared = np.zeros(2**COMPARED_BITS, np.uint64)
    pairs = [np.empty(0, np.int64)]
    strengths = [np.empty(0, np.float32)]
    for band in range(BANDS if n else 0):
        keys = band_keys(nodes.minhash, rows, band)
        by_key = np.argsort(keys, kind="stable")
        left, right, strength = verify_band(keys, by_key, nodes.texts, parent, compared, SURELY, PERHAPS)
        pairs.append(left << 32 | right)
        strengths.append(strength)
    # Pairs that are not joined at once may come up in several bands.
    pair, first = np.unique(np.concatenate(pairs), return_index=True)
    return strongest_first(pair >> 32, pair & 0xFFFFFFFF, np.concatenate(strengths)[first])


def strongest_first(left: NDArray[np.int64], right: NDArray[np.int64], strength: NDArray[np.float32]) -> TextEdges:
    """Return edges in the order in which they join texts."""
    order = np.lexsort((right, left, -strength))
    return TextEdges(left[order], right[order], strength[order])

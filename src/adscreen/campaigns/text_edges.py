"""Distinct texts as nodes, and the verified edges between them."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.campaigns.candidates import BANDS, COMPARED_BITS, band_keys, verify_band
from adscreen.campaigns.features import Signatures
from adscreen.campaigns.linkage import Texts
from adscreen.campaigns.similarity import count_features, masses, rarity

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
    sizes : ndarray of int64, shape (n_nodes,)
        Ads of each node.
    has_text : ndarray of bool, shape (n_nodes,)
        False where ads without text are one node for having the same contacts.
    signatures : Signatures
        Of the nodes.
    texts : Texts
        What the kernels of `adscreen.campaigns.linkage` read.
    """

    of_ad: NDArray[np.int64]
    first_ad: NDArray[np.int64]
    sizes: NDArray[np.int64]
    has_text: NDArray[np.bool_]
    signatures: Signatures
    texts: Texts


class TextEdges(NamedTuple):
    """Edges between nodes, strongest first."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    strength: NDArray[np.float32]


@numba.njit(cache=True, nogil=True)
def _content(features: NDArray[np.uint32], bounds: NDArray[np.int64]) -> NDArray[np.uint64]:  # pragma: no cover
    out = np.empty((len(bounds) - 1, 2), np.uint64)
    for row in range(len(out)):
        a, b = np.uint64(0xCBF29CE484222325), np.uint64(0x51ED270B27A1F3C5)
        for i in range(bounds[row], bounds[row + 1]):
            value = np.uint64(features[i])
            a = (a ^ value) * np.uint64(0x9E3779B97F4A7C15)
            a ^= a >> np.uint64(31)
            b = (b + value) * np.uint64(0xD6E8FEB86659FD93)
            b ^= b >> np.uint64(29)
        out[row, 0] = a
        out[row, 1] = b
    return out


def make_nodes(signatures: Signatures, contacts: list[list[tuple[str, str]]]) -> Nodes:
    """Put ads of one content into one node.

    Parameters
    ----------
    signatures : Signatures
        One for each ad.
    contacts : list of list of (kind, hash)
        Of each ad; ads without text are told apart by them.
    """
    n = signatures.size
    content = _content(signatures.features, signatures.bounds)
    has_text = np.diff(signatures.bounds) >= MIN_FEATURES
    for ad in np.flatnonzero(~has_text).tolist():
        joined = "".join(sorted(f"{kind}:{value};" for kind, value in contacts[ad])).encode()
        content[ad] = np.frombuffer(hashlib.blake2b(joined, digest_size=16).digest(), np.uint64)
    used = np.flatnonzero(has_text | np.array([len(found) > 0 for found in contacts], bool))
    keyed = np.column_stack([has_text[used].astype(np.uint64), content[used]])
    _, first, place, sizes = np.unique(keyed, axis=0, return_index=True, return_inverse=True, return_counts=True)
    of_ad = np.full(n, -1, np.int64)
    of_ad[used] = place.reshape(-1)
    first_ad = used[first]
    own = signatures.take(first_ad)
    weights = rarity(count_features(own), len(first_ad))
    texts = Texts(own.features, own.bounds, weights, masses(own.features, own.bounds, weights))
    return Nodes(of_ad, first_ad, sizes.astype(np.int64), has_text[first_ad], own, texts)


def text_edges(nodes: Nodes) -> TextEdges:
    """Find the pairs of texts that are alike: candidates by bands of the signature, verified exactly."""
    n = len(nodes.first_ad)
    parent = np.arange(n)
    compared = np.zeros(2**COMPARED_BITS, np.uint64)
    own = nodes.signatures
    minhash = np.where(nodes.has_text[:, None], own.minhash, np.uint32(0xFFFFFFFF))
    pairs = [np.empty((0, 2), np.int64)]
    strengths = [np.empty(0, np.float32)]
    for band in range(BANDS if n else 0):
        keys = band_keys(minhash, band)
        by_key = np.argsort(keys, kind="stable")
        left, right, strength = verify_band(keys, by_key, minhash, nodes.texts, parent, compared, SURELY, PERHAPS)
        pairs.append(np.stack([left, right], axis=1))
        strengths.append(strength)
    # Pairs that are not joined at once may come up in several bands.
    pair, first = np.unique(np.concatenate(pairs), axis=0, return_index=True)
    found = np.concatenate(strengths)[first]
    order = np.lexsort(np.stack([pair[:, 1], pair[:, 0], -found]))
    pair, found = pair[order], found[order]
    return TextEdges(pair[:, 0].copy(), pair[:, 1].copy(), found)

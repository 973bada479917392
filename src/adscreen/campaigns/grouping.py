"""Campaigns: which ads belong together, and the reason for each link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adscreen.campaigns.common_contacts import contact_links
from adscreen.campaigns.contact_keys import ContactKey, contact_keys, hash_value
from adscreen.campaigns.features import Signatures, signature
from adscreen.campaigns.linkage import Parts, join_by_contact, join_by_text, roots, single_parts
from adscreen.campaigns.text_edges import ON_AVERAGE, SURELY, Nodes, TextEdges, make_nodes, text_edges

EDGE_COLUMNS = {
    "left": "position of the first ad (int64)",
    "right": "position of the second ad, after it (int64)",
    "reason": "same_text, text, image, or the kind of the shared contact",
    "strength": "likeness of the two texts, 0 to 1; 1 for a shared contact or image",
    "key": "hash of the contact or image, empty for texts",
    "cut": "True: the edge was found but joins nothing, the two ads are in different campaigns",
}

DENSE = 3
"""Ads from which on a part is a campaign of its own, which a shared contact alone does not join to another."""
APART = 0.12


@dataclass(frozen=True, eq=False)
class Grouping:
    """Who belongs together.

    Attributes
    ----------
    labels : ndarray of int64, shape (n_ads,)
        Campaign of each ad, numbered by first appearance; -1 for an ad on its own.
    edges : DataFrame
        The columns of `EDGE_COLUMNS`. Not all pairs: as many as show why each ad is where it is.
    contacts : list of list of ContactKey
        Of each ad.
    common : dict of str to int
        Hashes of contacts too common to link ads, with the number of ads that have them.
    """

    labels: NDArray[np.int64]
    edges: pd.DataFrame
    contacts: list[list[ContactKey]]
    common: dict[str, int]


def find_campaigns(
    ads: pd.DataFrame,
    texts: Sequence[str],
    *,
    key: bytes,
    contacts: list[list[ContactKey]] | None = None,
    signatures: Signatures | None = None,
) -> Grouping:
    """Group ads into campaigns.

    Parameters
    ----------
    ads : DataFrame
        One row for each ad. Read where there: ``company``, and ``image_hash`` (any string; ads with one string share
        an image).
    texts : sequence of str
        The cleaned text of each ad.
    key : bytes
        Secret of the contact hashes; see `adscreen.campaigns.contact_keys.new_key`.
    contacts : list of list of ContactKey, optional
        What `contact_keys` returned for these texts and this key, if known.
    signatures : Signatures, optional
        What `signature` returned for these texts, if known.

    Returns
    -------
    Grouping
    """
    companies = ads["company"].fillna("").astype(str).tolist() if "company" in ads else [""] * len(ads)
    if signatures is None:
        signatures = signature(texts, companies)
    if contacts is None:
        contacts = contact_keys(texts, key)
    images = [""] * len(ads)
    if "image_hash" in ads:
        values = ads["image_hash"].fillna("").astype(str).tolist()
        images = [hash_value("image", value, key) if value else "" for value in values]
    return group(signatures, contacts, companies, images)


def group(
    signatures: Signatures,
    contacts: list[list[ContactKey]],
    companies: Sequence[str] | None = None,
    images: Sequence[str] | None = None,
) -> Grouping:
    """Group ads of which only signatures and contact keys are kept: what a store does when a batch is added.

    Parameters
    ----------
    signatures : Signatures
    contacts : list of list of ContactKey
        With one key for all ads.
    companies, images : sequence of str, optional
        Employer and hash of the image of each ad, empty where there is none.
    """
    n = signatures.size
    companies = [""] * n if companies is None else companies
    images = [""] * n if images is None else images
    shared = [[(each.kind, each.hash) for each in found] for found in contacts]
    shared = [[*found, ("image", image)] if image else found for found, image in zip(shared, images, strict=True)]
    nodes = make_nodes(signatures, shared)
    by_text, parts = _text_parts(nodes)
    by_contact, common = contact_links(nodes, roots(parts), shared, companies)
    join_by_contact(by_contact.left, by_contact.right, DENSE, APART, nodes.texts, parts)
    campaigns = roots(parts)
    left = np.concatenate([by_text.left, by_contact.left])
    right = np.concatenate([by_text.right, by_contact.right])
    edges = pd.DataFrame(
        {
            "left": np.concatenate([nodes.first_ad[by_text.left], by_contact.left_ad]),
            "right": np.concatenate([nodes.first_ad[by_text.right], by_contact.right_ad]),
            "reason": ["text"] * len(by_text.left) + by_contact.reason,
            "strength": np.concatenate([by_text.strength, np.ones(len(by_contact.left), np.float32)]),
            "key": [""] * len(by_text.left) + by_contact.key,
            "cut": campaigns[left] != campaigns[right],
        }
    )
    return Grouping(_labels(nodes, campaigns), _finished(edges, nodes), contacts, common)


def text_groups(texts: Sequence[str], companies: Sequence[str] | None = None) -> NDArray[np.int64]:
    """Return the group of each text by near-duplicates alone, -1 for a text on its own."""
    nodes = make_nodes(signature(texts, companies), [[] for _ in texts])
    return _labels(nodes, roots(_text_parts(nodes)[1]))


def _text_parts(nodes: Nodes) -> tuple[TextEdges, Parts]:
    edges = text_edges(nodes)
    parts = single_parts(nodes.sizes)
    join_by_text(edges.left, edges.right, edges.strength, SURELY, ON_AVERAGE, nodes.texts, parts)
    return edges, parts


def _labels(nodes: Nodes, parts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number the parts of more than one ad by first appearance."""
    part = np.where(nodes.of_ad >= 0, parts[nodes.of_ad] if len(parts) else -1, -1)
    labels = np.full(len(part), -1, np.int64)
    inside = np.flatnonzero(part >= 0)
    _, first, place, count = np.unique(part[inside], return_index=True, return_inverse=True, return_counts=True)
    shared = count > 1
    rank = np.full(len(first), -1, np.int64)
    rank[np.flatnonzero(shared)[np.argsort(first[shared])]] = np.arange(int(shared.sum()))
    labels[inside] = rank[place]
    return labels


def _finished(edges: pd.DataFrame, nodes: Nodes) -> pd.DataFrame:
    """Add the links between copies, and put the earlier ad on the left."""
    copies = np.flatnonzero(nodes.of_ad >= 0)
    copies = copies[nodes.has_text[nodes.of_ad[copies]] & (nodes.first_ad[nodes.of_ad[copies]] != copies)]
    same = pd.DataFrame(
        {
            "left": nodes.first_ad[nodes.of_ad[copies]],
            "right": copies,
            "reason": "same_text",
            "strength": np.float32(1.0),
            "key": "",
            "cut": False,
        }
    )
    edges = pd.concat([same, edges], ignore_index=True) if len(edges) else same
    low, high = edges[["left", "right"]].min(axis=1), edges[["left", "right"]].max(axis=1)
    edges = edges.assign(left=low.astype("int64"), right=high.astype("int64"))
    return edges.sort_values(["left", "right", "reason", "key"], ignore_index=True)

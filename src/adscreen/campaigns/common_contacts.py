"""Which shared contacts link ads: not the hotline of a board or an agency, which is in the ads of many employers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adscreen.campaigns.companies import company_key
from adscreen.campaigns.text_edges import Nodes

MAX_PARTS = 20
"""A contact in more different texts than this (or `MAX_SHARE` of all, whichever is more) links nothing."""
MAX_SHARE = 0.002
MAX_DOMAIN_PARTS = 5
"""So for a domain, whatever the number of ads: many people write from one, and more link to it."""
MAX_COMPANIES = 2
"""Nor does one given for more employers than this."""


class ContactEdges(NamedTuple):
    """Edges between nodes for a shared contact, with the ads that have it; see `TextEdges`."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    left_ad: NDArray[np.int64]
    right_ad: NDArray[np.int64]
    reason: list[str]
    key: list[str]


def most_parts(n_ads: int) -> int:
    """Return in how many different texts a contact may be and still link ads."""
    return max(MAX_PARTS, int(MAX_SHARE * n_ads))


def contact_links(
    nodes: Nodes, parts: NDArray[np.int64], contacts: list[list[tuple[str, str]]], companies: Sequence[str]
) -> tuple[ContactEdges, dict[str, int]]:
    """Return the edges that shared contacts make, and the hashes of contacts too common for it.

    Parameters
    ----------
    nodes : Nodes
    parts : ndarray of int64, shape (n_nodes,)
        The part of each node by its text alone.
    contacts : list of list of (kind, hash)
        Of each ad.
    companies : sequence of str
        Employer of each ad, or empty.
    """
    ads_of: dict[tuple[str, str], list[int]] = {}
    for ad, found in enumerate(contacts):
        for contact in found:
            ads_of.setdefault(contact, []).append(ad)
    most = most_parts(len(contacts))
    rows: list[tuple[int, int, int, int, str, str]] = []
    common: dict[str, int] = {}
    for (kind, value), ads in sorted(ads_of.items()):
        if len(ads) < 2:
            continue
        first_of: dict[int, int] = {}
        alike: list[tuple[int, int, int]] = []
        for ad in ads:
            node = int(nodes.of_ad[ad])
            if node in first_of and not nodes.has_text[node]:
                alike.append((node, first_of[node], ad))  # no link between copies of a text says so already
            first_of.setdefault(node, ad)
        its_parts = {int(parts[node]) for node in first_of}
        names = {name for ad in ads if companies[ad] and (name := company_key(companies[ad]))}
        if len(its_parts) > (MAX_DOMAIN_PARTS if kind == "domain" else most) or (
            len(names) > MAX_COMPANIES and len(its_parts) > 1
        ):
            common[value] = len(ads)
            continue
        rows += [(node, node, first, ad, kind, value) for node, first, ad in alike]
        centre = min(first_of)
        rows += [
            (centre, node, first_of[centre], ad, kind, value) for node, ad in sorted(first_of.items()) if node != centre
        ]
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    left, right, left_ad, right_ad = (np.array(column, np.int64) for column in columns[:4])
    return ContactEdges(left, right, left_ad, right_ad, list(columns[4]), list(columns[5])), common

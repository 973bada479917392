"""Groups that must not straddle a split: near-duplicates, one company's ads, groups a source states."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from adscreen.campaigns.near_duplicates import near_duplicate_pairs

_NOISE = re.compile(r"\W+|\b(?:ltd|limited|inc|llc|llp|co|corp|company|gmbh|pt|cv|tbk|sdn|bhd|pvt|plc|sa|sas|srl)\b")
MAX_COMPANY_ADS = 200
"""A name with more ads than this is a portal's placeholder ("confidential") rather than one employer."""


def company_key(name: str) -> str:
    """Return `name` without case, punctuation and legal form, or '' where that leaves under 3 letters."""
    # NFKC: full-width letters, and accents written as characters of their own, are the same name.
    key = " ".join(_NOISE.sub(" ", unicodedata.normalize("NFKC", name).casefold()).split())
    return key if len(key) >= 3 else ""


def group_ads(ads: pd.DataFrame, texts: list[str]) -> pd.DataFrame:
    """Join ads that belong together.

    Parameters
    ----------
    ads : DataFrame
        With ``company`` and ``known_group`` (both may be empty strings).
    texts : list of str
        The cleaned text of each ad.

    Returns
    -------
    DataFrame with the index of `ads`
        ``text_group``: near-duplicates only; ``group``: also joined by company and by `known_group`. Both
        int64, numbered by first appearance.
    """
    n = len(ads)
    near = near_duplicate_pairs(texts)
    links = [near]
    keys = ads["company"].map(company_key)
    common = keys.map(keys.value_counts()) > MAX_COMPANY_ADS
    for column in (keys.mask(common, ""), ads["known_group"]):
        values = column.to_numpy(dtype=object)
        positions = pd.Series(np.arange(n)).groupby(values)
        for value, members in positions:
            if value and len(members) > 1:
                chain = members.to_numpy()
                links.append(np.stack([chain[:-1], chain[1:]], axis=1))
    return pd.DataFrame(
        {"text_group": _components(n, near), "group": _components(n, np.concatenate(links))}, index=ads.index
    )


def _components(n: int, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    graph = sparse.coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    _, labels = connected_components(graph, directed=False)
    _, first, place = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[place]

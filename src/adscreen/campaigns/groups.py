"""Groups that must not straddle a split: near-duplicates, one company's ads, groups a source states."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adscreen.campaigns.companies import company_key
from adscreen.campaigns.grouping import text_groups
from adscreen.campaigns.linkage import components

MAX_COMPANY_ADS = 200
"""A name with more ads than this is a portal's placeholder ("confidential") rather than one employer."""


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
        ``text_group``: near-duplicates only, by the code that finds campaigns; ``group``: also joined by company and
        by `known_group`. Both int64, numbered by first appearance.
    """
    n = len(ads)
    near = _chains(text_groups(texts, ads["company"].tolist()), unlike=-1)
    links = [near]
    keys = ads["company"].map(company_key)
    common = keys.map(keys.value_counts()) > MAX_COMPANY_ADS
    for column in (keys.mask(common, ""), ads["known_group"]):
        links.append(_chains(column.to_numpy(dtype=object), unlike=""))
    return pd.DataFrame(
        {"text_group": _numbered(n, near), "group": _numbered(n, np.concatenate(links))}, index=ads.index
    )


def _chains(values: NDArray[np.generic], *, unlike: object) -> NDArray[np.int64]:
    """Return pairs of positions that join all of one value; positions whose value is `unlike` stay alone."""
    links = [np.empty((0, 2), np.int64)]
    for value, members in pd.Series(np.arange(len(values))).groupby(values):
        if value != unlike and len(members) > 1:
            chain = members.to_numpy()
            links.append(np.stack([chain[:-1], chain[1:]], axis=1))
    return np.concatenate(links)


def _numbered(n: int, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    roots = components(n, pairs)
    _, first, place = np.unique(roots, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[place]

"""Shorter copies of long ads, so that a short post without a company profile is judged fairly."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from adscreen.ads.schema import TEXT_FIELDS
from adscreen.signals.tokens import tokenize

CROP_TOKENS = (20, 120)
"""Length of a crop, drawn evenly: posts and messages of the real sources are that long."""


def cropped_copies(ads: pd.DataFrame, share: float, seed: int) -> pd.DataFrame:
    """Return cropped copies of a random `share` of the long ads.

    A copy drops each field but the longest with probability one half and keeps one run of tokens of the
    rest. It has the label and group of its original.

    Parameters
    ----------
    ads : DataFrame
        Cleaned ads, with `TEXT_FIELDS`.
    share : float
        0 to 1.
    seed : int

    Returns
    -------
    DataFrame
        The columns of `ads`; the text stands in ``description``, the other text fields are empty.
    """
    rng = np.random.default_rng(seed)
    copies: list[dict[Hashable, Any]] = []
    for row in ads.to_dict("records"):
        if rng.random() >= share:
            continue
        fields = [row[name] for name in TEXT_FIELDS if row[name]]
        longest = max(map(len, fields), default=0)
        kept = "\n".join(text for text in fields if len(text) == longest or rng.random() < 0.5)
        tokens = tokenize(kept)
        length = int(rng.integers(CROP_TOKENS[0], CROP_TOKENS[1] + 1))
        if len(tokens) < 2 * length:
            continue
        first = int(rng.integers(0, len(tokens) - length + 1))
        text = kept[tokens[first].start : tokens[first + length - 1].end]
        copies.append(row | dict.fromkeys(TEXT_FIELDS, "") | {"description": text})
    # The dtypes are stated: of no copies at all, every column would be of objects, the labels too.
    return pd.DataFrame(copies, columns=ads.columns).astype(ads.dtypes.to_dict())

"""Training ads changed in what must not decide: their length, and the countries they name."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from adscreen.ads.schema import TEXT_FIELDS
from adscreen.signals.places import find_places
from adscreen.signals.tokens import tokenize
from adscreen.signals.unicode_table import FIELD_BOUNDARY

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


def mask_countries(ads: pd.DataFrame, share: float, seed: int) -> pd.DataFrame:
    """Return `ads` without the countries and peoples that a random `share` of them name.

    A text model that has seen fraud from one country and honest work in another takes the country for a sign. Where
    it never sees the name of one, none has a weight, and one country in place of another changes next to nothing.
    Cities stay; which places are known for lures is for the indicators to say.

    Parameters
    ----------
    ads : DataFrame
        Cleaned ads, with `TEXT_FIELDS`.
    share : float
        0 to 1.
    seed : int
    """
    if share <= 0:
        return ads
    chosen = np.random.default_rng(seed).random(len(ads)) < share
    masked = {
        name: [_masked(text) if out else text for text, out in zip(ads[name], chosen, strict=True)]
        for name in TEXT_FIELDS
    }
    return ads.assign(**masked)


def _masked(text: str) -> str:
    # A boundary stays behind: what stood around a name did not stand together.
    for place in reversed(find_places(text)):
        if place.kind in ("country", "demonym") and place.country:
            text = text[: place.start] + FIELD_BOUNDARY + text[place.end :]
    return text

"""Training ads changed in what must not decide: their length, and the countries they name."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from adscreen.ads.schema import TEXT_FIELDS
from adscreen.signals.places import Place, find_places
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


def swap_countries(ads: pd.DataFrame, share: float, seed: int) -> pd.DataFrame:
    """Return `ads` with other countries and peoples in place of those that a random `share` of them name.

    A text model that has seen fraud from one country and honest work in another takes the country for a sign. The
    names that are put in stand in other ads of the same language; one country is replaced by one other throughout
    an ad, and cities stay.

    Parameters
    ----------
    ads : DataFrame
        Cleaned ads, with `TEXT_FIELDS` and ``lang``.
    share : float
        0 to 1.
    seed : int
    """
    if share <= 0:
        return ads
    columns = {name: ads[name].tolist() for name in TEXT_FIELDS}
    languages = ads["lang"].tolist()
    found = {name: [_countries(text) for text in texts] for name, texts in columns.items()}
    names: dict[tuple[str, str], dict[str, list[str]]] = {}
    for name, texts in columns.items():
        for text, places, language in zip(texts, found[name], languages, strict=True):
            for place in places:
                by_country = names.setdefault((language, place.kind), {})
                by_country.setdefault(place.country, []).append(text[place.start : place.end])
    rng = np.random.default_rng(seed)
    for i, language in enumerate(languages):
        if rng.random() >= share:
            continue
        others: dict[str, str] = {}
        for name, texts in columns.items():
            texts[i] = _replaced(texts[i], found[name][i], language, names, others, rng)
    return ads.assign(**columns)


def _countries(text: str) -> list[Place]:
    return [place for place in find_places(text) if place.kind in ("country", "demonym") and place.country]


def _replaced(
    text: str,
    places: list[Place],
    language: str,
    names: dict[tuple[str, str], dict[str, list[str]]],
    others: dict[str, str],
    rng: np.random.Generator,
) -> str:
    for place in reversed(places):
        by_country = names[language, place.kind]
        other = others.get(place.country)
        if other is None or other not in by_country:
            choices = sorted(by_country.keys() - {place.country})
            if not choices:
                continue
            other = str(rng.choice(choices))
            others.setdefault(place.country, other)
        put_in = by_country[other][int(rng.integers(len(by_country[other])))]
        text = text[: place.start] + put_in + text[place.end :]
    return text

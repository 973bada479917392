"""Ads that say the same are judged once: a scrape holds many reposts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from adscreen.ads.schema import conform
from adscreen.signals.evidence import EVIDENCE_FIELDS

if TYPE_CHECKING:
    from adscreen.scoring.scorer import Scorer

DECIDING_FIELDS: tuple[str, ...] = (*EVIDENCE_FIELDS, "language")
"""All that a judgement depends on; the rest of a result row is the model's version and the ad's own id."""


def score_once(scorer: Scorer, ads: pd.DataFrame) -> pd.DataFrame:
    """Return what ``scorer.score(ads)`` does, each different ad judged once.

    Ads are taken for the same only if they are, character for character, in all of `DECIDING_FIELDS`: quotes and
    offsets are of the text as given.

    Parameters
    ----------
    scorer : Scorer
    ads : DataFrame
        As for `Scorer.score`.

    Returns
    -------
    DataFrame
        Equal to what `Scorer.score` gives.
    """
    ads = conform(ads)
    first: dict[tuple[str, ...], int] = {}
    columns = [ads[name].tolist() for name in DECIDING_FIELDS]
    places = np.array([first.setdefault(key, len(first)) for key in zip(*columns, strict=True)], dtype=np.intp)
    if len(first) == len(ads):
        return scorer.score(ads)
    kept = np.unique(places, return_index=True)[1]
    results = scorer.score(ads.iloc[kept]).take(places)
    results.index = ads.index
    results["ad_id"] = ads["ad_id"]
    return results

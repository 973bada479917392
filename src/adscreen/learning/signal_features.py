"""The indicators of labelled ads, as the joined model is fitted on them."""

from __future__ import annotations

import pandas as pd

from adscreen.signals.evidence import EVIDENCE_FIELDS, read_ad
from adscreen.signals.indicators import IndicatorFinder, shipped_finder
from adscreen.signals.ngrams import join_fields
from adscreen.signals.table import SignalTable


def find_signals(ads: pd.DataFrame, finder: IndicatorFinder | None = None) -> SignalTable:
    """Find the indicators of each ad.

    Parameters
    ----------
    ads : DataFrame, shape (n_ads, n_columns)
        Cleaned; ``lang`` and ``disguised`` are read where they are there.
    finder : IndicatorFinder, optional
        The shipped one unless given.

    Returns
    -------
    SignalTable
        One column for each indicator that bears on the risk.
    """
    finder = shipped_finder() if finder is None else finder
    columns = [ads[name].tolist() for name in EVIDENCE_FIELDS]
    texts = [join_fields(fields) for fields in zip(*columns, strict=True)]
    languages = ads["lang"].tolist() if "lang" in ads else [""] * len(ads)
    disguised = ads["disguised"].tolist() if "disguised" in ads else [0] * len(ads)
    readings = (
        read_ad(finder, text, language=language, disguised=int(count))
        for text, language, count in zip(texts, languages, disguised, strict=True)
    )
    found = [[each.code for each in reading.evidence] for reading in readings]
    return SignalTable.of(found, tuple(finder.catalogue.expected()))

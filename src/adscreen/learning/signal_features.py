"""The indicators of labelled ads, as the joined model is fitted on them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adscreen.signals.awareness import warning_signs
from adscreen.signals.evidence import EVIDENCE_FIELDS, read_ad
from adscreen.signals.indicators import IndicatorFinder, shipped_finder
from adscreen.signals.ngrams import join_fields
from adscreen.signals.table import SignalTable


class AdSignals(NamedTuple):
    """What was found in each ad.

    Attributes
    ----------
    table : SignalTable
        One column for each indicator that bears on the risk.
    warning_signs : ndarray of int64, shape (n_ads,)
        Signs that the text is a warning; see `adscreen.signals.awareness.warning_signs`.
    """

    table: SignalTable
    warning_signs: NDArray[np.int64]


def find_signals(ads: pd.DataFrame, finder: IndicatorFinder | None = None) -> AdSignals:
    """Find the indicators of each ad.

    Parameters
    ----------
    ads : DataFrame, shape (n_ads, n_columns)
        Cleaned; ``lang`` and ``disguised`` are read where they are there.
    finder : IndicatorFinder, optional
        The shipped one unless given.

    Returns
    -------
    AdSignals
    """
    finder = shipped_finder() if finder is None else finder
    columns = [ads[name].tolist() for name in EVIDENCE_FIELDS]
    texts = [join_fields(fields) for fields in zip(*columns, strict=True)]
    languages = ads["lang"].tolist() if "lang" in ads else [""] * len(ads)
    disguised = ads["disguised"].tolist() if "disguised" in ads else [0] * len(ads)
    found, signs = [], []
    for text, language, count in zip(texts, languages, disguised, strict=True):
        reading = read_ad(finder, text, language=language, disguised=int(count))
        found.append([each.code for each in reading.evidence])
        signs.append(warning_signs(reading, text))
    return AdSignals(SignalTable.of(found, tuple(finder.catalogue.expected())), np.array(signs, np.int64))

"""Why an ad was judged as it was: its phrases with their weights, and the parts that add up to the log-odds."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from adscreen.ads.cleaning import clean
from adscreen.ads.schema import TEXT_FIELDS, conform
from adscreen.learning.risk import RISK_FEATURES, risk_features
from adscreen.scoring.scorer import Scorer
from adscreen.scoring.terms import Term
from adscreen.signals.linear_text import score_texts
from adscreen.signals.ngrams import join_fields


class Explanation(NamedTuple):
    """One ad, explained.

    Attributes
    ----------
    result : dict
        Its result row; None where that has no value.
    fields : dict of str to str
        The text fields as given.
    terms : list of Term
        The phrases that moved the score most; `weight` in log-odds of the text model.
    parts : dict of str to float
        Baseline and features of the calibrator; they sum to `log_odds`.
    log_odds : float
        ``risk = 1 / (1 + exp(-log_odds))``.
    thresholds : dict of str to float
        The lowest risk of ``review`` and ``urgent``.
    """

    result: dict[str, Any]
    fields: dict[str, str]
    terms: list[Term]
    parts: dict[str, float]
    log_odds: float
    thresholds: dict[str, float]


def explain(scorer: Scorer, ad: pd.DataFrame, *, limit: int = 12) -> Explanation:
    """Explain the one ad of the frame `ad`, shape (1, n_columns)."""
    ad = conform(ad).reset_index(drop=True)
    fields = {name: str(ad.at[0, name]) for name in TEXT_FIELDS}
    scores = score_texts(scorer.bundle.text, [join_fields(clean(text) for text in fields.values())])
    features = risk_features(scores)[0]
    weights = np.array(scorer.bundle.risk.weights)
    parts = {"baseline": scorer.bundle.risk.intercept}
    parts |= dict(zip(RISK_FEATURES, (features * weights).tolist(), strict=True))
    return Explanation(
        {str(name): None if pd.isna(value) else value for name, value in scorer.score(ad).iloc[0].items()},
        {name: text for name, text in fields.items() if text},
        scorer.terms(fields, limit=limit),
        parts,
        float(sum(parts.values())),
        scorer.bundle.thresholds.as_json(),
    )

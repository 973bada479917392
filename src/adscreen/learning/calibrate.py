"""Calibration and thresholds, always on scores of models that did not see the ad."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from sklearn.linear_model import LogisticRegression

from adscreen.learning.metrics import prevalence_weights
from adscreen.learning.risk import RiskModel, Thresholds, risk_features
from adscreen.signals.linear_text import TextScores


class CalibrateSettings(BaseModel):
    """The section ``calibrate`` of ``params.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prevalence: float | None = Field(
        0.048, description="share of deceptive ads the risk assumes (EMSCAD's); null: that of the data"
    )
    review_rate: float = Field(0.05, gt=0, lt=1, description="share of genuine ads sent to review or urgent")
    urgent_rate: float = Field(0.01, gt=0, lt=1, description="share of genuine ads sent to urgent")
    level_alpha: float = Field(1.0, gt=0, description="ridge penalty of the levelling of sources")


def calibration_weights(
    ads: pd.DataFrame, prevalence: float | None, *, by_campaign: bool = False
) -> NDArray[np.float64]:
    """Weigh ads for calibration and thresholds.

    Parameters
    ----------
    ads : DataFrame
        ``source``, ``label``, ``weight``, ``measured``; ``group`` too if `by_campaign`.
    prevalence : float or None
        With a prevalence, each source counts by its weight within its class. With None, that of the data is
        wanted, and every measured ad counts alike.
    by_campaign : bool
        Share the weight of each class of a source out over its campaigns instead of its ads: a hundred copies
        of one text tell no more about calibration than one.

    Returns
    -------
    ndarray of float64, shape (n_ads,)
        0 for rows that are not measured.
    """
    use = ads["measured"].to_numpy() & (ads["weight"] > 0).to_numpy()
    cell = (ads["source"] + "\x1f" + ads["label"].astype(str)).to_numpy()
    each = use.astype(float)
    if by_campaign:
        each /= np.maximum(pd.Series(each).groupby([cell, ads["group"].to_numpy()]).transform("sum").to_numpy(), 1.0)
    total = np.maximum(pd.Series(each).groupby(cell).transform("sum").to_numpy(), 1e-12)
    if prevalence is None:
        each *= pd.Series(use.astype(float)).groupby(cell).transform("sum").to_numpy()
        return np.asarray(each / total)
    return np.asarray(each / total * ads["weight"].to_numpy(float))


def fit_risk_model(
    scores: TextScores, labels: NDArray[np.int64], weights: NDArray[np.float64], prevalence: float | None
) -> RiskModel:
    """Fit the calibrator.

    Parameters
    ----------
    scores : TextScores
        Of models that did not see the ads.
    labels, weights : ndarray, shape (n_ads,)
    prevalence : float or None
        Share of deceptive ads to assume; None takes that of the data.

    Raises
    ------
    ValueError
        If the margin would lower the risk: the text model is then worse than none.
    """
    weights = prevalence_weights(labels, prevalence, weights)
    weights = weights / weights.sum() * len(labels)
    # Hardly penalised: two weights on thousands of ads; the penalty only holds them where data are few.
    features = risk_features(scores)
    model = LogisticRegression(C=10.0, max_iter=2000).fit(features, labels, weights)
    if model.coef_[0, 1] > 0:
        # Where few words are known the margin may count less, never more: the model is to be unsure there.
        features[:, 1] = 0.0
        model.fit(features, labels, weights)
    if model.coef_[0, 0] <= 0 or model.coef_[0].sum() < 0:
        raise ValueError(
            "calibration found that a higher text margin means a lower risk. "
            "Check the labels of the sources, and that both classes have more than a few campaigns."
        )
    share = float(weights[labels == 1].sum() / weights.sum())
    return RiskModel(tuple(model.coef_[0].tolist()), float(model.intercept_[0]), share)


def choose_thresholds(
    risk: NDArray[np.float64],
    labels: NDArray[np.int64],
    weights: NDArray[np.float64],
    settings: CalibrateSettings,
) -> Thresholds:
    """Choose the thresholds that send the stated shares of genuine ads on.

    Parameters
    ----------
    risk, labels, weights : ndarray, shape (n_ads,)
        Of validation ads, never of those the thresholds are reported on.
    """
    genuine = labels == 0
    review = weighted_quantile(risk[genuine], weights[genuine], 1 - settings.review_rate)
    urgent = weighted_quantile(risk[genuine], weights[genuine], 1 - settings.urgent_rate)
    return Thresholds(review, max(urgent, np.nextafter(review, 1.0)))


def weighted_quantile(values: NDArray[np.float64], weights: NDArray[np.float64], share: float) -> float:
    """Return the value that `share` of the weight stays below, between neighbouring values."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) - 0.5 * weights[order]
    return float(np.interp(share, reached / weights.sum(), values[order]))

"""Calibration and thresholds, always on scores of models that did not see the ad."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from scipy.optimize import minimize

from adscreen.learning.metrics import prevalence_weights
from adscreen.learning.risk import TEXT_FEATURES, RiskModel, Thresholds, sigmoid, text_features
from adscreen.signals.linear_text import TextScores
from adscreen.signals.table import SignalTable


class CalibrateSettings(BaseModel):
    """The section ``calibrate`` of ``params.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prevalence: float | None = Field(
        0.048, description="share of deceptive ads the risk assumes (EMSCAD's); null: that of the data"
    )
    review_rate: float = Field(0.05, gt=0, lt=1, description="share of genuine ads sent to review or urgent")
    urgent_rate: float = Field(0.01, gt=0, lt=1, description="share of genuine ads sent to urgent")
    indicator_trust: float = Field(
        20.0, gt=0, description="penalty that draws the weight of an indicator towards its published strength"
    )
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
    scores: TextScores,
    signals: SignalTable,
    labels: NDArray[np.int64],
    weights: NDArray[np.float64],
    settings: CalibrateSettings,
    expected: dict[str, float],
    deep: NDArray[np.float64] | None = None,
) -> RiskModel:
    """Fit the joined model: a logistic one whose weights keep their signs.

    Parameters
    ----------
    scores : TextScores
        Of models that did not see the ads.
    signals : SignalTable
    labels, weights : ndarray, shape (n_ads,)
    settings : CalibrateSettings
    expected : dict of str to float
        Log-odds that each indicator is expected to add, by its published strength; its sign is the sign its
        weight keeps. Indicators that are not named are left out.
    deep : ndarray of float64, shape (n_ads,), optional
        One more feature of the text, from a head that did not see the ads; the model then reads `DEEP_FEATURES`.

    Raises
    ------
    ValueError
        If the margin would lower the risk: the text model is then worse than none.
    """
    weights = prevalence_weights(labels, settings.prevalence, weights)
    weights = weights / weights.sum() * len(labels)
    codes = [code for code in signals.codes if code in expected]
    columns = [signals.codes.index(code) for code in codes]
    sign = np.array([-1.0 if expected[code] < 0 else 1.0 for code in codes])
    of_text = text_features(scores, deep)
    n = of_text.shape[1]
    features = np.hstack([of_text, signals.found[:, columns] * sign])
    # Every feature has its sign, so every weight is at least 0.
    prior = np.append(np.zeros(n), [abs(expected[code]) for code in codes])
    # Hardly penalised: a few weights on thousands of ads; the penalty only holds them where data are few.
    penalty = np.append(np.full(n, 0.1), np.full(len(codes), settings.indicator_trust))
    if _slope(scores.margin, labels, weights) <= 0:
        raise ValueError(
            "calibration found that a higher text margin means a lower risk. "
            "Check the labels of the sources, and that both classes have more than a few campaigns."
        )
    found, intercept = _fit_logistic(features, labels, weights, prior, penalty)
    share = float(weights[labels == 1].sum() / weights.sum())
    return RiskModel(
        tuple(found[:n].tolist()), dict(zip(codes, (found[n:] * sign).tolist(), strict=True)), intercept, share
    )


def expected_on_margin(
    margin: NDArray[np.float64],
    signals: SignalTable,
    labels: NDArray[np.int64],
    weights: NDArray[np.float64],
    settings: CalibrateSettings,
    expected: dict[str, float],
) -> NDArray[np.float64]:
    """Return what the signals of each ad are expected to add to its risk, on the scale of the margin.

    Before anything is calibrated: the log-odds are those of the published strengths, and one logistic slope
    says how many units of margin they are worth.

    Parameters
    ----------
    margin : ndarray of float64, shape (n_ads,)
        Of models that did not see the ads.
    signals, labels, weights, settings, expected
        As in `fit_risk_model`.

    Returns
    -------
    ndarray of float64, shape (n_ads,)
        All zero where the margin does not tell the classes apart.
    """
    weights = prevalence_weights(labels, settings.prevalence, weights)
    weights = weights / weights.sum() * len(labels)
    no_text = TextScores(np.zeros(len(margin)), np.zeros(len(margin), np.int64), np.zeros(len(margin)))
    log_odds = RiskModel((0.0,) * len(TEXT_FEATURES), expected, 0.0, 0.5).log_odds(no_text, signals)
    slope, _ = _fit_logistic(margin[:, None], labels, weights, np.zeros(1), np.full(1, 0.1))
    return log_odds / slope[0] if slope[0] > 0 else np.zeros(len(margin))


def _slope(margin: NDArray[np.float64], labels: NDArray[np.int64], weights: NDArray[np.float64]) -> float:
    """Return by how much the mean margin of deceptive ads is above that of genuine ones."""
    mean = [float(np.average(margin[labels == label], weights=weights[labels == label])) for label in (0, 1)]
    return mean[1] - mean[0]


def _fit_logistic(
    features: NDArray[np.float64],
    labels: NDArray[np.int64],
    weights: NDArray[np.float64],
    prior: NDArray[np.float64],
    penalty: NDArray[np.float64],
) -> tuple[NDArray[np.float64], float]:
    """Fit a logistic regression with weights of at least 0, drawn towards `prior`; return them and the intercept."""

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        z = features @ w[:-1] + w[-1]
        residual = weights * (sigmoid(z) - labels)
        away = w[:-1] - prior
        value = weights @ (np.logaddexp(0.0, z) - labels * z) + 0.5 * penalty @ away**2
        return float(value), np.append(features.T @ residual + penalty * away, residual.sum())

    start = np.append(prior, 0.0)
    bounds = [(0.0, None)] * len(prior) + [(None, None)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000, "ftol": 1e-12})
    return found.x[:-1], float(found.x[-1])


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

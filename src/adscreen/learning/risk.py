"""From the margin of the text model to a calibrated risk and a band."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adscreen.signals.linear_text import TextScores

Band = Literal["clear", "review", "urgent", "unscorable"]
BANDS: tuple[Band, ...] = ("clear", "review", "urgent", "unscorable")

RISK_FEATURES = ("margin", "margin_x_unknown")
"""What the calibrator reads. `unknown` is the share of words no training ad had: where the model knows few of
the words, its margin may count less, never more. No feature moves the risk by itself: levelled margins stay level."""


class RiskModel(NamedTuple):
    """A logistic calibrator.

    Attributes
    ----------
    weights : tuple of float, one for each of `RISK_FEATURES`
    intercept : float
    prevalence : float
        Share of deceptive ads that the risk assumes, 0 to 1.
    """

    weights: tuple[float, ...]
    intercept: float
    prevalence: float

    def log_odds(self, scores: TextScores) -> NDArray[np.float64]:
        """Return the calibrated log-odds, shape (n_ads,)."""
        return np.asarray(risk_features(scores) @ np.array(self.weights) + self.intercept)

    def risk(self, scores: TextScores) -> NDArray[np.float64]:
        """Return the calibrated probability of deception, shape (n_ads,), 0 to 1."""
        return sigmoid(self.log_odds(scores))


def risk_features(scores: TextScores) -> NDArray[np.float64]:
    """Return the features of the calibrator, shape (n_ads, len(RISK_FEATURES))."""
    return np.stack([scores.margin, scores.margin * (1.0 - scores.known)], axis=1)


def sigmoid(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 / (1 + exp(-log_odds)) without overflow."""
    return np.where(
        log_odds >= 0,
        1.0 / (1.0 + np.exp(-np.abs(log_odds))),
        np.exp(-np.abs(log_odds)) / (1.0 + np.exp(-np.abs(log_odds))),
    )


class Thresholds(NamedTuple):
    """The risks from which an ad is sent on; chosen on validation data.

    Attributes
    ----------
    review, urgent : float
        Lowest risk of each band, 0 to 1.
    """

    review: float
    urgent: float

    def band(self, risk: NDArray[np.float64]) -> NDArray[np.object_]:
        """Return the band of each risk, shape (n_ads,)."""
        bands = np.full(len(risk), "clear", dtype=object)
        bands[risk >= self.review] = "review"
        bands[risk >= self.urgent] = "urgent"
        return bands

    def as_json(self) -> dict[str, Any]:
        """Return the thresholds as plain JSON values."""
        return dict(self._asdict())

"""From the margin of the text model and the indicators found to a calibrated risk and a band.

The joined model is a logistic one with signs that make sense: a higher margin never lowers the risk, an
indicator of concern never lowers it, and what lowers concern never raises it.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adscreen.signals.linear_text import TextScores
from adscreen.signals.table import SignalTable

Band = Literal["clear", "review", "urgent", "unscorable"]
BANDS: tuple[Band, ...] = ("clear", "review", "urgent", "unscorable")

TEXT_FEATURES = ("margin", "margin_x_known")
"""What the joined model reads of the text model; both weights are at least 0. `known` is the share of words that
training ads had: where the model knows few of the words, its margin may count less, never more. No feature moves
the risk by itself: levelled margins stay level."""
DEEP_FEATURES = (*TEXT_FEATURES, "deep")
"""The same of the deep model; `deep` is the margin of what the ad means, by the vector of a sentence encoder."""
MAX_LOWERING = 1.0
"""The most that everything which lowers concern takes off the log-odds together."""


class RiskModel(NamedTuple):
    """The joined model.

    Attributes
    ----------
    weights : tuple of float, one for each of `TEXT_FEATURES` or `DEEP_FEATURES`, none below 0
    signals : dict of str to float
        Log-odds that each indicator adds (or, below 0, takes off), by code.
    intercept : float
    prevalence : float
        Share of deceptive ads that the risk assumes, 0 to 1.
    """

    weights: tuple[float, ...]
    signals: dict[str, float]
    intercept: float
    prevalence: float

    def parts(self, scores: TextScores, signals: SignalTable, deep: NDArray[np.float64] | None = None) -> RiskParts:
        """Return what the text and the indicators add to the log-odds of each ad.

        Indicators that the model has no weight for add nothing. `deep` is what a model of `DEEP_FEATURES` reads
        beside the text model, shape (n_ads,).
        """
        weights = np.array([self.signals.get(code, 0.0) for code in signals.codes])
        each = signals.found * weights
        raising = np.maximum(each, 0.0)
        return RiskParts(
            text_features(scores, deep) @ np.array(self.weights),
            raising.sum(axis=1),
            np.maximum(np.minimum(each, 0.0).sum(axis=1), -MAX_LOWERING),
            raising.max(axis=1, initial=0.0),
        )

    def log_odds(
        self, scores: TextScores, signals: SignalTable, deep: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return the calibrated log-odds, shape (n_ads,)."""
        return self.parts(scores, signals, deep).total(self.intercept)

    def risk(
        self, scores: TextScores, signals: SignalTable, deep: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return the calibrated probability of deception, shape (n_ads,), 0 to 1."""
        return sigmoid(self.log_odds(scores, signals, deep))

    def judge(
        self,
        scores: TextScores,
        signals: SignalTable,
        thresholds: Thresholds,
        deep: NDArray[np.float64] | None = None,
    ) -> Judgement:
        """Return the risk and the band of each ad.

        The band follows the risk, but for three rules: no ad is ``urgent`` by its wording alone, without any
        indicator of concern; no single indicator takes an ad from ``clear`` to ``urgent``; and nothing that
        lowers concern takes it from ``urgent`` to ``clear``.
        """
        parts = self.parts(scores, signals, deep)
        total = parts.total(self.intercept)
        # In one go: a call for each takes longer than all else here for an ad on its own.
        risk, without_strongest, without_lowering = sigmoid(
            np.stack([total, total - parts.strongest, total - parts.lowering])
        )
        band = thresholds.band(risk)
        is_urgent, is_clear = thresholds.is_urgent(risk), thresholds.is_clear(risk)
        band[is_urgent & ((parts.raising == 0.0) | thresholds.is_clear(without_strongest))] = "review"
        band[is_clear & thresholds.is_urgent(without_lowering)] = "review"
        return Judgement(risk, band)


class RiskParts(NamedTuple):
    """Log-odds by part; all arrays have shape (n_ads,).

    Attributes
    ----------
    text, raising, lowering : ndarray of float64
        Of the text model, of the indicators of concern (never below 0), and of those that lower it (never
        above 0, never below ``-MAX_LOWERING``).
    strongest : ndarray of float64
        The largest share of one indicator in `raising`.
    """

    text: NDArray[np.float64]
    raising: NDArray[np.float64]
    lowering: NDArray[np.float64]
    strongest: NDArray[np.float64]

    def total(self, intercept: float) -> NDArray[np.float64]:
        """Return the log-odds."""
        return self.text + self.raising + self.lowering + intercept


class Judgement(NamedTuple):
    """Risk (ndarray of float64) and band (ndarray of str) of each ad, shape (n_ads,)."""

    risk: NDArray[np.float64]
    band: NDArray[np.object_]


def text_features(scores: TextScores, deep: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Return `TEXT_FEATURES`, or with `deep` `DEEP_FEATURES`, of each ad, shape (n_ads, n_features)."""
    columns = [scores.margin, scores.margin * scores.known]
    return np.stack(columns if deep is None else [*columns, deep], axis=1)


def sigmoid(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 / (1 + exp(-log_odds)) without overflow."""
    small = np.exp(-np.abs(log_odds))
    return np.where(log_odds >= 0, 1.0, small) / (1.0 + small)


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
        bands[self.is_urgent(risk)] = "urgent"
        return bands

    def is_urgent(self, risk: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return whether `band` is ``urgent`` for each risk."""
        return risk >= self.urgent

    def is_clear(self, risk: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return whether `band` is ``clear`` for each risk."""
        return ~(risk >= min(self.review, self.urgent))

    def as_json(self) -> dict[str, Any]:
        """Return the thresholds as plain JSON values."""
        return dict(self._asdict())

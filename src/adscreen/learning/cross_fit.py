"""Cross-fitting: every labelled ad gets a score from models that saw neither it nor its campaign.

The folds' models exist to be measured; the model that ships is fitted on all folds with the same settings.
Calibration and thresholds come from the out-of-fold scores. Where they are reported on, each fold is judged
with a calibrator and thresholds from the other folds.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from adscreen.learning.augment import mask_countries
from adscreen.learning.calibrate import (
    CalibrateSettings,
    calibration_weights,
    choose_thresholds,
    expected_on_margin,
    fit_risk_model,
)
from adscreen.learning.levelling import Levels, fit_levels, level_pipeline
from adscreen.learning.risk import RiskModel, Thresholds
from adscreen.learning.text_model import FitSettings, ad_texts, compile_text_model, fit_text_model
from adscreen.signals.linear_text import LinearText, TextScores, score_texts
from adscreen.signals.table import SignalTable

Progress = Callable[[str], None]


class CrossFit(NamedTuple):
    """The result of cross-fitting.

    Attributes
    ----------
    scores : TextScores
        Out of fold and levelled, one for each ad.
    pipeline : Pipeline
        Fitted on all ads, levelled and rounded as the bundle stores it.
    model : LinearText
        The same, compiled.
    levels : Levels
        What was subtracted from the margin of `pipeline`.
    """

    scores: TextScores
    pipeline: Pipeline
    model: LinearText
    levels: Levels


class Judged(NamedTuple):
    """Out-of-fold risks, and the calibrator and thresholds that ship; arrays have shape (n_ads,).

    `review` and `urgent` hold the thresholds that each ad's fold was judged by.
    """

    risk: NDArray[np.float64]
    review: NDArray[np.float64]
    urgent: NDArray[np.float64]
    risk_model: RiskModel
    thresholds: Thresholds


def cross_fit(
    ads: pd.DataFrame,
    fold: NDArray[np.int64],
    settings: FitSettings,
    calibration: CalibrateSettings,
    signals: SignalTable | None = None,
    expected: dict[str, float] | None = None,
    *,
    progress: Progress = lambda _: None,
) -> CrossFit:
    """Fit one model for each fold, one for each pair of folds (for the levels), and one on all.

    Parameters
    ----------
    ads : DataFrame
        Cleaned, labelled, grouped; see `adscreen.learning.text_model.fit_text_model`.
    fold : ndarray of int64, shape (n_ads,)
    settings, calibration
        The sections of ``params.yaml``.
    signals : SignalTable, optional
        Of each ad. Sources are levelled by what margin and signals together will say: a source whose honest ads
        show many signs is judged by what is usual there.
    expected : dict of str to float, optional
        Log-odds that each indicator is expected to add.
    progress : callable, optional
        Told what is being done.
    """
    texts = ad_texts(ads)
    trained_on = mask_countries(ads, settings.mask_share, settings.seed)
    signals = SignalTable.empty(len(ads)) if signals is None else signals
    level = _Levelling(ads, signals, expected or {}, calibration)
    folds = np.unique(fold)
    raw = _without_each_pair(trained_on, texts, fold, settings, progress)
    scores = _Scores(len(ads))
    unlevelled = np.zeros(len(ads))
    for k in folds:
        progress(f"fitting without fold {k}")
        seen, held_out = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        pipeline = fit_text_model(trained_on.iloc[seen], settings)
        unlevelled[held_out] = pipeline.decision_function([texts[i] for i in held_out])
        features = pipeline[:-1].transform(ad_texts(trained_on.iloc[seen]))
        level.fit(pipeline, features, seen, raw[k][seen])
        scores.fill(held_out, pipeline, [texts[i] for i in seen], [texts[i] for i in held_out])
    progress("fitting on all folds")
    final = fit_text_model(trained_on, settings)
    levels = level.fit(final, final[:-1].transform(ad_texts(trained_on)), np.arange(len(ads)), unlevelled)
    return CrossFit(scores.as_scores(), final, compile_text_model(final, texts), levels)


def _without_each_pair(
    ads: pd.DataFrame, texts: list[str], fold: NDArray[np.int64], settings: FitSettings, progress: Progress
) -> dict[int, NDArray[np.float64]]:
    """Return for each fold k the margins of all other ads by models that saw neither them nor fold k.

    The levels of fold k are fitted on these: taken from models that saw fold k, they would carry its labels.
    """
    margins = {int(k): np.zeros(len(ads)) for k in np.unique(fold)}
    for j, k in itertools.combinations(margins, 2):
        progress(f"fitting without folds {j} and {k}")
        model = fit_text_model(ads[(fold != j) & (fold != k)], settings)
        for out, other in ((j, k), (k, j)):
            rows = np.flatnonzero(fold == out)
            margins[other][rows] = model.decision_function([texts[i] for i in rows])
    return margins


class _Levelling:
    """Levels a fitted pipeline in place, by the margin and the signals of the ads it was fitted on."""

    def __init__(
        self, ads: pd.DataFrame, signals: SignalTable, expected: dict[str, float], settings: CalibrateSettings
    ) -> None:
        self._ads, self._signals, self._expected, self._settings = ads, signals, expected, settings

    def fit(self, pipeline: Pipeline, features: object, rows: NDArray[np.int64], margin: NDArray[np.float64]) -> Levels:
        ads, settings = self._ads.iloc[rows], self._settings
        weights = calibration_weights(ads, settings.prevalence, by_campaign=True)
        labels, signals = ads["label"].to_numpy(), self._signals.take(rows)
        added = expected_on_margin(margin, signals, labels, weights, settings, self._expected)
        levels = fit_levels(features, ads, margin + added, review_rate=settings.review_rate, alpha=settings.level_alpha)
        level_pipeline(pipeline, levels)
        return levels


class _Scores:
    """Out-of-fold scores while they are being filled in, fold by fold."""

    def __init__(self, n_ads: int) -> None:
        self.margin = np.full(n_ads, np.nan)
        self.n_tokens = np.zeros(n_ads, np.int64)
        self.known = np.zeros(n_ads)

    def fill(self, rows: NDArray[np.int64], pipeline: Pipeline, training: list[str], texts: list[str]) -> None:
        found = score_texts(compile_text_model(pipeline, training), texts)
        self.margin[rows], self.n_tokens[rows], self.known[rows] = found

    def as_scores(self) -> TextScores:
        return TextScores(self.margin, self.n_tokens, self.known)


def judge_out_of_fold(
    ads: pd.DataFrame,
    fold: NDArray[np.int64],
    scores: TextScores,
    signals: SignalTable,
    settings: CalibrateSettings,
    expected: dict[str, float],
    deep: NDArray[np.float64] | None = None,
) -> Judged:
    """Fit the joined model for each fold, and choose its thresholds, on the other folds.

    Parameters
    ----------
    scores, signals
        Of each ad.
    expected : dict of str to float
        Log-odds that each indicator is expected to add; see `adscreen.learning.calibrate.fit_risk_model`.
    deep : ndarray of float64, shape (n_ads,), optional
        Out-of-fold margin of the deep head, for a deep model.
    """
    labels = ads["label"].to_numpy()
    risk = np.zeros(len(ads))
    review, urgent = np.zeros(len(ads)), np.zeros(len(ads))
    for k in np.unique(fold):
        others, held_out = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        # Weighed among themselves: the size of a source over all folds would tell of the labels of fold k.
        by_campaign = calibration_weights(ads.iloc[others], settings.prevalence, by_campaign=True)
        there, here = (
            (scores.take(rows), signals.take(rows), None if deep is None else deep[rows]) for rows in (others, held_out)
        )
        calibrator = fit_risk_model(*there[:2], labels[others], by_campaign, settings, expected, there[2])
        cut = choose_thresholds(calibrator.risk(*there), labels[others], _of_real_ads(ads.iloc[others]), settings)
        risk[held_out] = calibrator.risk(*here)
        review[held_out], urgent[held_out] = cut
    by_campaign = calibration_weights(ads, settings.prevalence, by_campaign=True)
    final = fit_risk_model(scores, signals, labels, by_campaign, settings, expected, deep)
    thresholds = choose_thresholds(final.risk(scores, signals, deep), labels, _of_real_ads(ads), settings)
    return Judged(risk, review, urgent, final, thresholds)


def _of_real_ads(ads: pd.DataFrame) -> NDArray[np.float64]:
    """Weigh ads for the choice of thresholds: each real one alike, so that 5 % of genuine ads are 5 % of them.

    Authored ads are left out, unless there are no genuine others.
    """
    use = (ads["measured"] & (ads["weight"] > 0)).to_numpy()
    real = use & (ads["kind"] == "").to_numpy()
    return (real if (real & (ads["label"] == 0).to_numpy()).any() else use).astype(float)

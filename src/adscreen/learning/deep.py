"""Fitting the deep model: a linear head on sentence vectors, and the floor below which no ad is encoded.

The head is cross-fitted and levelled over sources as the text model is (`adscreen.learning.cross_fit`,
`adscreen.learning.levelling`), on all real and authored ads in balance: what only tells authored lures from
authored ads is outvoted by the real ones.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from adscreen.learning.calibrate import CalibrateSettings, calibration_weights, weighted_quantile
from adscreen.learning.cross_fit import Judged
from adscreen.learning.deep_model import DeepHead
from adscreen.learning.deep_settings import DeepSettings
from adscreen.learning.levelling import fit_levels
from adscreen.learning.text_model import intercept_sources
from adscreen.learning.weights import balanced_weights


class DeepFit(NamedTuple):
    """The result of `fit_deep`.

    Attributes
    ----------
    margin : ndarray of float64, shape (n_ads,)
        Out of fold and levelled.
    head : DeepHead
        Fitted on all ads, levelled.
    """

    margin: NDArray[np.float64]
    head: DeepHead


def fit_deep(
    ads: pd.DataFrame,
    fold: NDArray[np.int64],
    vectors: NDArray[np.float32],
    settings: DeepSettings,
    calibration: CalibrateSettings,
    *,
    campaign_power: float = 1.0,
) -> DeepFit:
    """Fit the head, once for each fold, once for each pair of folds (for the levels), and once on all.

    Parameters
    ----------
    ads : DataFrame
        Labelled, grouped; see `adscreen.learning.weights.balanced_weights`.
    fold : ndarray of int64, shape (n_ads,)
    vectors : ndarray of float32, shape (n_ads, n_dimensions)
        Of the encoder.
    settings, calibration
        The sections of ``params.yaml``.
    campaign_power : float
        As in the section ``fit``.
    """

    # An intercept for each source, dropped after the fit, as `adscreen.learning.linear` has it for the text model.
    sources = pd.get_dummies(intercept_sources(ads)).to_numpy(np.float32) * settings.source_intercept
    features = np.hstack([vectors, sources])

    def fit(rows: NDArray[np.int64]) -> DeepHead:
        weights = balanced_weights(ads.iloc[rows], campaign_power=campaign_power)
        linear = LogisticRegression(C=settings.C, max_iter=400)
        linear.fit(features[rows], ads["label"].to_numpy()[rows], sample_weight=weights)
        return DeepHead(linear.coef_[0, : vectors.shape[1]].astype(np.float32), float(linear.intercept_[0]))

    def levelled(head: DeepHead, rows: NDArray[np.int64], margin: NDArray[np.float64]) -> DeepHead:
        rates = {"review_rate": calibration.review_rate, "alpha": settings.level_alpha}
        levels = fit_levels(vectors[rows], ads.iloc[rows].reset_index(drop=True), margin[rows], **rates)
        return DeepHead((head.weights - levels.weights).astype(np.float32), head.intercept - levels.intercept)

    # The levels of a fold are fitted on margins by heads that saw neither the ads nor the fold.
    without = {k: np.zeros(len(ads)) for k in np.unique(fold)}
    for j, k in itertools.combinations(without, 2):
        head = fit(np.flatnonzero((fold != j) & (fold != k)))
        for out, other in ((j, k), (k, j)):
            without[other][fold == out] = head.margin(vectors[fold == out])
    raw, margin = np.zeros(len(ads)), np.zeros(len(ads))
    for k, seen_without in without.items():
        seen, held_out = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        head = fit(seen)
        raw[held_out] = head.margin(vectors[held_out])
        margin[held_out] = levelled(head, seen, seen_without).margin(vectors[held_out])
    every = np.arange(len(ads))
    return DeepFit(margin, levelled(fit(every), every, raw))


def choose_floor(ads: pd.DataFrame, cheap: Judged, deep: Judged, settings: DeepSettings) -> float:
    """Return the highest cheap risk from which `settings.kept` of the deceptive ads the deep model finds are encoded.

    Sources count as they do in calibration. Never above the review threshold of the cheap model: an ad that it
    sends to review is always judged again.

    Parameters
    ----------
    cheap, deep : Judged
        Of the model without and with the deep head, out of fold.
    """
    weights = calibration_weights(ads, 0.5)
    found = (ads["label"] == 1).to_numpy() & (deep.risk >= deep.review) & (weights > 0)
    if not found.any():
        return cheap.thresholds.review
    return min(weighted_quantile(cheap.risk[found], weights[found], 1 - settings.kept), cheap.thresholds.review)

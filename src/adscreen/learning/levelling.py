"""Levelling: one threshold that sends about the same share of genuine ads to review in every source.

Genuine ads of a chatty Facebook group look more like lures than those of a state portal, so one threshold
on the raw margin would flag a third of the one and none of the other, and a reader would learn nothing from
either. A second linear model on the same n-grams predicts, from the style of an ad, the margin that only 5 %
of genuine ads of such a source reach; the margin is then measured from there. It sees genuine ads only, and
of each the level of its source, not its own margin, so it learns styles and not lures. Both models are linear
in the same n-grams: their difference is the one linear model that ships.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import Ridge
from sklearn.pipeline import Pipeline

MIN_GENUINE = 40
"""A source with fewer measured genuine ads gives no usable 95 % quantile."""


class Levels(NamedTuple):
    """A linear model of the style-expected margin.

    Attributes
    ----------
    weights : ndarray of float64, shape (n_buckets,)
    intercept : float
    by_source : dict of str to float
        The margin that `1 - review_rate` of the genuine ads of each source stay below.
    """

    weights: NDArray[np.float64]
    intercept: float
    by_source: dict[str, float]


def fit_levels(
    features: Any, ads: pd.DataFrame, margin: NDArray[np.float64], *, review_rate: float, alpha: float
) -> Levels:
    """Fit the style-expected margin on genuine ads.

    The penalty draws the levels of rare styles towards the mean. So the fit is made twice: once on either half
    of the groups, to see by how much each source misses its level on ads that were not fitted on, and then
    on all, with the levels moved by that much.

    Parameters
    ----------
    features : sparse matrix, shape (n_ads, n_buckets)
        TF-IDF of the ads.
    ads : DataFrame
        ``source``, ``label``, ``measured``, ``kind``, ``weight``, ``group``.
    margin : ndarray of float64, shape (n_ads,)
        Of models that did not see the ad.
    review_rate : float
        Share of genuine ads to send to review, 0 to 1.
    alpha : float
        Strength of the ridge penalty.

    Returns
    -------
    Levels
        All zero where fewer than two real sources have `MIN_GENUINE` genuine ads: nothing to level. Authored
        ads set no level: what passes for usual is for real ads to say.
    """
    genuine = ((ads["label"] == 0) & ads["measured"] & (ads["kind"] == "") & (ads["weight"] > 0)).to_numpy()
    source = ads["source"].to_numpy(dtype=object)
    sizes = pd.Series(source[genuine]).value_counts()
    usable = sizes.index[sizes >= MIN_GENUINE]
    rows = np.flatnonzero(genuine & np.isin(source, list(usable)))
    if len(usable) < 2:
        return Levels(np.zeros(features.shape[1]), 0.0, {})
    features, margin = features[rows], margin[rows]
    source_of, names = pd.factorize(source[rows])
    reached = _quantiles(margin, source_of, len(names), 1 - review_rate)
    half = ads["group"].to_numpy()[rows] % 2
    missed = np.zeros(len(rows))
    for k in (0, 1):
        ridge = _fit_ridge(features[half != k], source_of[half != k], reached, alpha)
        missed[half == k] = margin[half == k] - ridge.predict(features[half == k])
    gap = _quantiles(missed, source_of, len(names), 1 - review_rate)
    ridge = _fit_ridge(features, source_of, reached + gap - gap.mean(), alpha)
    return Levels(ridge.coef_, float(ridge.intercept_), dict(zip(map(str, names), reached.tolist(), strict=True)))


def _quantiles(
    values: NDArray[np.float64], source_of: NDArray[np.int64], n_sources: int, share: float
) -> NDArray[np.float64]:
    return np.array([np.quantile(values[source_of == k], share) for k in range(n_sources)])


def _fit_ridge(features: Any, source_of: NDArray[np.int64], level: NDArray[np.float64], alpha: float) -> Ridge:
    """Predict the level of its source from the n-grams of an ad, every source counting alike."""
    weight = 1.0 / np.bincount(source_of)[source_of]
    ridge = Ridge(alpha=alpha, solver="lsqr", max_iter=60)
    return ridge.fit(features, level[source_of], sample_weight=weight / weight.mean())


def level_pipeline(pipeline: Pipeline, levels: Levels) -> None:
    """Subtract the style-expected margin from the margin of `pipeline`, in place."""
    linear = pipeline["linear"]
    linear.coef_ = linear.coef_ - levels.weights[None, :]
    linear.intercept_ = linear.intercept_ - levels.intercept

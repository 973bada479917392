"""Levelling: one threshold that sends about the same share of genuine ads to review in every source.

Genuine ads of a chatty Facebook group look more like lures than those of a state portal, so one threshold
on the raw margin would flag a third of the one and none of the other, and a reader would learn nothing from
either. A second linear model on the same n-grams predicts, from the style of an ad, the margin that only 5 %
of genuine ads of such a source reach; the margin is then measured from there. It sees sources, never labels
or margins of single ads, so it learns styles and not lures. Both models are linear in the same n-grams:
their difference is the one linear model that ships.
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

    Parameters
    ----------
    features : sparse matrix, shape (n_ads, n_buckets)
        TF-IDF of the ads.
    ads : DataFrame
        ``source``, ``label``, ``measured``.
    margin : ndarray of float64, shape (n_ads,)
        Of models that did not see the ad.
    review_rate : float
        Share of genuine ads to send to review, 0 to 1.
    alpha : float
        Strength of the ridge penalty.

    Returns
    -------
    Levels
        All zero where fewer than two sources have `MIN_GENUINE` genuine ads: nothing to level.
    """
    genuine = ((ads["label"] == 0) & ads["measured"]).to_numpy()
    source = ads["source"].to_numpy(dtype=object)
    sizes = pd.Series(source[genuine]).value_counts()
    usable = sizes.index[sizes >= MIN_GENUINE]
    rows = np.flatnonzero(genuine & np.isin(source, list(usable)))
    if len(usable) < 2:
        return Levels(np.zeros(features.shape[1]), 0.0, {})
    reached = pd.Series(margin[rows]).groupby(source[rows]).quantile(1 - review_rate)
    weight = 1.0 / pd.Series(source[rows]).map(sizes).to_numpy(float)
    ridge = Ridge(alpha=alpha, solver="lsqr", max_iter=60)
    ridge.fit(features[rows], pd.Series(source[rows]).map(reached), sample_weight=weight / weight.mean())
    return Levels(ridge.coef_, float(ridge.intercept_), {str(k): float(v) for k, v in reached.items()})


def level_pipeline(pipeline: Pipeline, levels: Levels) -> None:
    """Subtract the style-expected margin from the margin of `pipeline`, in place."""
    linear = pipeline["linear"]
    linear.coef_ = linear.coef_ - levels.weights[None, :]
    linear.intercept_ = linear.intercept_ - levels.intercept

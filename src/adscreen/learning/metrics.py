"""The figures adscreen is judged by, each at a stated prevalence, with intervals over campaigns.

All functions take labels (int, 0 or 1), scores (float, higher is more suspicious) and sample weights, each of
shape (n_ads,). Tied scores are one step: no figure depends on the order of ties.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int64]
Floats = NDArray[np.float64]
Metric = Callable[[Labels, Floats, Floats], float]

BOOTSTRAP_REPLICATES = 300
CALIBRATION_BINS = 10


def prevalence_weights(labels: Labels, prevalence: float | None, weights: Floats | None = None) -> Floats:
    """Weigh ads so that the deceptive ones make up `prevalence` of the whole.

    Parameters
    ----------
    prevalence : float or None
        0 to 1, or None for the prevalence of the data.
    weights : ndarray of float64, optional
        Multiplies the result before it is scaled, for example how often a bootstrap drew each ad.
    """
    each = np.ones(len(labels)) if weights is None else weights.astype(float)
    if prevalence is None:
        return each
    positive = each[labels == 1].sum()
    negative = each[labels == 0].sum()
    if positive == 0 or negative == 0:
        return each
    return np.asarray(each * np.where(labels == 1, prevalence / positive, (1 - prevalence) / negative))


def curve(labels: Labels, scores: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Return thresholds (falling, each once) and the weight of true and false positives at or above each."""
    order = np.argsort(-scores, kind="stable")
    sorted_scores = scores[order]
    last = np.append(np.flatnonzero(np.diff(sorted_scores)), len(scores) - 1)
    hits = np.cumsum(np.where(labels[order] == 1, weights[order], 0.0))[last]
    alarms = np.cumsum(np.where(labels[order] == 0, weights[order], 0.0))[last]
    return sorted_scores[last], hits, alarms


def average_precision(labels: Labels, scores: Floats, weights: Floats) -> float:
    """Average precision, as `sklearn.metrics.average_precision_score`; nan without both classes."""
    _, hits, alarms = curve(labels, scores, weights)
    if hits[-1] == 0 or alarms[-1] == 0:
        return float("nan")
    reached = hits + alarms
    precision = np.divide(hits, reached, out=np.ones_like(hits), where=reached > 0)
    return float((np.diff(hits, prepend=0.0) * precision).sum() / hits[-1])


def roc_auc(labels: Labels, scores: Floats, weights: Floats) -> float:
    """Area under the ROC curve: the chance that a deceptive ad scores above a genuine one; ties count half."""
    _, hits, alarms = curve(labels, scores, weights)
    if hits[-1] == 0 or alarms[-1] == 0:
        return float("nan")
    x = np.concatenate(([0.0], alarms)) / alarms[-1]
    y = np.concatenate(([0.0], hits)) / hits[-1]
    return float(np.trapezoid(y, x))


def recall_at_budget(budget: float) -> Metric:
    """Return the metric "share of the deceptive ads among the `budget` most suspicious share of all ads"."""

    def metric(labels: Labels, scores: Floats, weights: Floats) -> float:
        _, hits, alarms = curve(labels, scores, weights)
        if hits[-1] == 0:
            return float("nan")
        read = (hits + alarms) / (hits[-1] + alarms[-1])
        # Ties at the cut are read in random order, so recall is linear between thresholds.
        return float(np.interp(budget, np.append(0.0, read), np.append(0.0, hits / hits[-1])))

    return metric


def recall_at_false_alarms(rate: float) -> Metric:
    """Return the metric "share of the deceptive ads above the score that `rate` of genuine ads reach"."""

    def metric(labels: Labels, scores: Floats, weights: Floats) -> float:
        _, hits, alarms = curve(labels, scores, weights)
        if hits[-1] == 0 or alarms[-1] == 0:
            return float("nan")
        return float(np.interp(rate, np.append(0.0, alarms / alarms[-1]), np.append(0.0, hits / hits[-1])))

    return metric


def brier(labels: Labels, risk: Floats, weights: Floats) -> float:
    """Mean squared error of the risk (Brier 1950); 0 is perfect."""
    return float(np.average((risk - labels) ** 2, weights=weights))


def calibration_error(labels: Labels, risk: Floats, weights: Floats) -> float:
    """Expected calibration error over `CALIBRATION_BINS` bins of equal width (Naeini et al. 2015)."""
    bins = np.minimum((risk * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    total = np.bincount(bins, weights, CALIBRATION_BINS)
    gap = np.bincount(bins, weights * (risk - labels), CALIBRATION_BINS)
    return float(np.abs(gap).sum() / total.sum())


class Estimate(NamedTuple):
    """A figure with its 95 % interval from a bootstrap over groups; nan where it is undefined."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f}-{self.high:.3f})"


def estimate(
    metric: Metric,
    labels: Labels,
    scores: Floats,
    groups: NDArray[np.int64],
    *,
    prevalence: float | None,
    replicates: int = BOOTSTRAP_REPLICATES,
    seed: int = 0,
) -> Estimate:
    """Compute `metric` at `prevalence` with a percentile interval, drawing whole groups with replacement.

    Ads of one campaign or company are not independent; drawing ads instead would make the interval too
    narrow.
    """
    value = metric(labels, scores, prevalence_weights(labels, prevalence))
    if replicates == 0 or np.isnan(value):
        return Estimate(value, float("nan"), float("nan"))
    _, member = np.unique(groups, return_inverse=True)
    n_groups = member.max() + 1
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(replicates):
        times = np.bincount(rng.integers(n_groups, size=n_groups), minlength=n_groups)[member]
        kept = times > 0
        weights = prevalence_weights(labels[kept], prevalence, times[kept].astype(float))
        drawn.append(metric(labels[kept], scores[kept], weights))
    finite = np.array(drawn)[~np.isnan(drawn)]
    if len(finite) < replicates / 2:
        return Estimate(value, float("nan"), float("nan"))
    low, high = np.quantile(finite, [0.025, 0.975])
    return Estimate(value, float(low), float(high))

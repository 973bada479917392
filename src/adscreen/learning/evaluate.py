"""Evaluation: one table of figures for the whole and for each source, language and channel."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from adscreen.learning.metrics import (
    Estimate,
    Metric,
    average_precision,
    brier,
    calibration_error,
    estimate,
    prevalence_weights,
    recall_at_budget,
    recall_at_false_alarms,
    roc_auc,
)

MIN_OF_EACH = 8
"""Fewer ads of a class than this give no figure for a slice."""


class EvaluateSettings(BaseModel):
    """The section ``evaluate`` of ``params.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    prevalences: tuple[float, ...] = Field((0.048, 0.01), description="for average precision")
    budgets: tuple[float, ...] = Field((0.01, 0.05, 0.10), description="shares of all ads that can be read")
    replicates: int = Field(300, ge=0, description="bootstrap draws of campaigns for each interval")
    baseline: bool = Field(True, description="also fit TF-IDF + LinearSVC on the same folds")


class Scored(NamedTuple):
    """What is evaluated; all arrays have shape (n_ads,).

    Attributes
    ----------
    labels, risk, groups : ndarray
    sent : ndarray of bool
        Whether the ad was sent to review or urgent, by thresholds from other ads.
    baseline : ndarray of float64 or None
    """

    labels: NDArray[np.int64]
    risk: NDArray[np.float64]
    groups: NDArray[np.int64]
    sent: NDArray[np.bool_]
    baseline: NDArray[np.float64] | None = None

    def take(self, rows: NDArray[np.bool_]) -> Scored:
        """Return the ads where `rows` is true."""
        baseline = None if self.baseline is None else self.baseline[rows]
        return Scored(self.labels[rows], self.risk[rows], self.groups[rows], self.sent[rows], baseline)


def named_metrics(settings: EvaluateSettings) -> dict[str, tuple[Metric, float | None]]:
    """Return the ranking metrics by name, each with the prevalence it is computed at."""
    first = settings.prevalences[0]
    metrics: dict[str, tuple[Metric, float | None]] = {}
    for prevalence in settings.prevalences:
        metrics[f"ap_at_{_percent(prevalence)}"] = (average_precision, prevalence)
    for budget in settings.budgets:
        metrics[f"recall_at_{_percent(budget)}_review"] = (recall_at_budget(budget), first)
    metrics["recall_at_5pct_false_alarms"] = (recall_at_false_alarms(0.05), None)
    metrics["roc_auc"] = (roc_auc, None)
    return metrics


def _percent(share: float) -> str:
    return f"{100 * share:g}pct".replace(".", "_")


def evaluate_slice(scored: Scored, settings: EvaluateSettings, prevalence: float | None) -> dict[str, Any]:
    """Compute every figure for one set of ads.

    Parameters
    ----------
    prevalence : float or None
        That the risk assumes, for Brier score and calibration error; None for that of the data.

    Returns
    -------
    dict
        Counts, the share of genuine ads sent to review, the share of deceptive ads found, and, where both
        classes have `MIN_OF_EACH` ads, each metric as `Estimate` with and without ``baseline_``.
    """
    genuine, deceptive = scored.labels == 0, scored.labels == 1
    row: dict[str, Any] = {
        "ads": len(scored.labels),
        "deceptive": int(deceptive.sum()),
        "groups": len(np.unique(scored.groups)),
    }
    if genuine.any():
        row["genuine_sent_to_review"] = _share(scored, genuine, settings)
    if deceptive.any():
        row["deceptive_sent_to_review"] = _share(scored, deceptive, settings)
    if min(genuine.sum(), deceptive.sum()) < MIN_OF_EACH:
        return row
    for name, (metric, at) in named_metrics(settings).items():
        row[name] = _estimate(metric, scored, scored.risk, at, settings)
        if scored.baseline is not None:
            row[f"baseline_{name}"] = _estimate(metric, scored, scored.baseline, at, settings)
    row["brier"] = _estimate(brier, scored, scored.risk, prevalence, settings)
    row["calibration_error"] = _estimate(calibration_error, scored, scored.risk, prevalence, settings)
    return row


def _estimate(
    metric: Metric,
    scored: Scored,
    scores: NDArray[np.float64],
    prevalence: float | None,
    settings: EvaluateSettings,
) -> Estimate:
    return estimate(metric, scored.labels, scores, scored.groups, prevalence=prevalence, replicates=settings.replicates)


def _share(scored: Scored, rows: NDArray[np.bool_], settings: EvaluateSettings) -> Estimate:
    def mean(labels: NDArray[np.int64], sent: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
        return float(np.average(sent, weights=weights))

    return estimate(
        mean,
        scored.labels[rows],
        scored.sent[rows].astype(float),
        scored.groups[rows],
        prevalence=None,
        replicates=settings.replicates,
    )


def evaluate_by(
    ads: pd.DataFrame, scored: Scored, column: str, settings: EvaluateSettings, prevalence: float | None
) -> pd.DataFrame:
    """Evaluate each value of `column` on its own.

    Returns
    -------
    DataFrame
        One row for each value with at least `MIN_OF_EACH` ads, largest first, and the columns of
        `evaluate_slice`.
    """
    values = ads[column].replace("", "not stated").to_numpy(dtype=object)
    rows = []
    for value, size in pd.Series(values).value_counts().items():
        if size >= MIN_OF_EACH:
            rows.append({column: value, **evaluate_slice(scored.take(values == value), settings, prevalence)})
    return pd.DataFrame(rows)


def within_sources(ads: pd.DataFrame, scored: Scored, settings: EvaluateSettings) -> dict[str, Any]:
    """Average the ranking figures over the real sources that have both classes.

    The headline: over all ads together, a model is rewarded for telling sources apart, since most sources
    have one class only.

    Returns
    -------
    dict
        ``within_source_<metric>``, and the same with ``baseline_`` before it; no intervals, see the table by
        source. Empty if no source has `MIN_OF_EACH` of both classes.
    """
    source = ads["source"].to_numpy(dtype=object)
    rows = []
    # Authored ads prove behaviour, not effectiveness: they count only where there is nothing else.
    real = (ads["kind"] == "").to_numpy()
    for name in pd.unique(source[real]) if real.any() else pd.unique(source):
        part = scored.take(source == name)
        if min((part.labels == 0).sum(), (part.labels == 1).sum()) >= MIN_OF_EACH:
            row = {}
            for metric, (function, at) in named_metrics(settings).items():
                weights = prevalence_weights(part.labels, at)
                row[f"within_source_{metric}"] = function(part.labels, part.risk, weights)
                if part.baseline is not None:
                    row[f"baseline_within_source_{metric}"] = function(part.labels, part.baseline, weights)
            rows.append(row)
    return {str(name): round(float(value), 4) for name, value in pd.DataFrame(rows).mean().items()}


def flatten(row: dict[str, Any]) -> dict[str, Any]:
    """Turn the figures of `evaluate_slice` into plain JSON: ``{value, low, high}`` for each estimate."""
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Estimate):
        return {k: (None if np.isnan(v) else round(v, 4)) for k, v in value._asdict().items()}
    return value

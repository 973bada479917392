"""The three plots of an evaluation, as numbers (for ``dvc plots``) and as pictures (for cards and MLflow)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from adscreen.learning.evaluate import Scored
from adscreen.learning.metrics import CALIBRATION_BINS, curve, prevalence_weights, recall_at_budget

PLOTS = ("precision_recall", "reliability", "recall_against_budget")


def precision_recall_points(scored: Scored, prevalence: float, n_points: int = 200) -> pd.DataFrame:
    """Return ``recall``, ``precision`` and ``model`` at evenly spread recalls."""
    frames = []
    for model, scores in _models(scored):
        weights = prevalence_weights(scored.labels, prevalence)
        _, hits, alarms = curve(scored.labels, scores, weights)
        at = np.unique(np.searchsorted(hits / hits[-1], np.linspace(0.01, 1.0, n_points)).clip(0, len(hits) - 1))
        points = {
            "recall": hits[at] / hits[-1],
            "precision": hits[at] / (hits[at] + alarms[at]),
            "model": model,
        }
        frames.append(pd.DataFrame(points))
    return pd.concat(frames, ignore_index=True)


def reliability_points(scored: Scored, prevalence: float | None) -> pd.DataFrame:
    """Return ``risk`` (mean), ``observed`` (share deceptive) and ``ads`` of each bin of risk."""
    weights = prevalence_weights(scored.labels, prevalence)
    bins = np.minimum((scored.risk * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    total = np.bincount(bins, weights, CALIBRATION_BINS)
    filled = total > 0
    mean = np.bincount(bins, weights * scored.risk, CALIBRATION_BINS)[filled] / total[filled]
    observed = np.bincount(bins, weights * scored.labels, CALIBRATION_BINS)[filled] / total[filled]
    count = np.bincount(bins, minlength=CALIBRATION_BINS)[filled]
    return pd.DataFrame({"risk": mean, "observed": observed, "ads": count})


def recall_against_budget_points(scored: Scored, prevalence: float) -> pd.DataFrame:
    """Return ``budget`` (share of ads read), ``recall`` and ``model``."""
    budgets = np.concatenate((np.linspace(0.001, 0.02, 20), np.linspace(0.03, 0.3, 28)))
    weights = prevalence_weights(scored.labels, prevalence)
    frames = []
    for model, scores in _models(scored):
        recall = [recall_at_budget(float(b))(scored.labels, scores, weights) for b in budgets]
        frames.append(pd.DataFrame({"budget": budgets, "recall": recall, "model": model}))
    return pd.concat(frames, ignore_index=True)


def _models(scored: Scored) -> list[tuple[str, np.ndarray]]:
    models = [("adscreen", scored.risk)]
    if scored.baseline is not None:
        models.append(("TF-IDF + LinearSVC", scored.baseline))
    return models


def write_plots(scored: Scored, folder: Path, *, prevalence: float, calibrated_at: float | None) -> list[Path]:
    """Write each plot as .csv and .png into `folder`; return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    points = {
        "precision_recall": precision_recall_points(scored, prevalence),
        "reliability": reliability_points(scored, calibrated_at),
        "recall_against_budget": recall_against_budget_points(scored, prevalence),
    }
    paths = []
    for name, frame in points.items():
        frame.round(5).to_csv(folder / f"{name}.csv", index=False)
        _draw(name, frame, folder / f"{name}.png", prevalence)
        paths += [folder / f"{name}.csv", folder / f"{name}.png"]
    return paths


def _draw(name: str, frame: pd.DataFrame, path: Path, prevalence: float) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.2, 4.0), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    if name == "reliability":
        axes.plot([0, 1], [0, 1], color="0.7", linewidth=1, label="perfect")
        axes.plot(frame["risk"], frame["observed"], marker="o", label="adscreen")
        axes.set(xlabel="risk given", ylabel="share deceptive", title="Calibration, out of fold")
    else:
        x, y = ("recall", "precision") if name == "precision_recall" else ("budget", "recall")
        for model, part in frame.groupby("model"):
            axes.plot(part[x], part[y], label=model)
        label = {"recall": "recall", "budget": "share of all ads read"}[x]
        axes.set(xlabel=label, ylabel=y, title=f"At a prevalence of {prevalence:.1%}, out of fold", ylim=(0, 1.02))
    axes.legend()
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=110, metadata={"Software": None})

"""What the deep model is worth, beside the model without it; out of fold, judged as ``--deep`` judges."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adscreen.learning.metrics import prevalence_weights, recall_at_false_alarms, roc_auc


def deep_figures(ads: pd.DataFrame, judged: pd.DataFrame) -> dict[str, float]:
    """Return ``deep_*`` figures of the authored ads, and the share of genuine real ads that are encoded.

    Parameters
    ----------
    ads : DataFrame
        Measured ones: ``label``, ``source``, ``kind``.
    judged : DataFrame
        ``deep_risk``, ``deep_encoded`` and ``deep_sent`` of each.
    """
    labels, authored = ads["label"].to_numpy(), (ads["kind"] != "").to_numpy()
    figures = {}
    if min((labels[authored] == label).sum() for label in (0, 1)):
        part, risk = labels[authored], judged["deep_risk"].to_numpy()[authored]
        weights = prevalence_weights(part, None)
        figures["deep_authored_roc_auc"] = roc_auc(part, risk, weights)
        for share in (5, 10):
            recall = recall_at_false_alarms(share / 100)(part, risk, weights)
            figures[f"deep_authored_recall_at_{share}pct_false_alarms"] = recall
    genuine = ~authored & (labels == 0)
    if genuine.any():
        figures["deep_genuine_encoded"] = float(judged["deep_encoded"].to_numpy()[genuine].mean())
        figures["deep_genuine_sent_to_review"] = float(judged["deep_sent"].to_numpy()[genuine].mean())
    return {name: round(float(value), 4) for name, value in figures.items()}


def deep_by_source(ads: pd.DataFrame, judged: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each source: shares of its ads that were encoded and sent to review, with and without."""
    labels = ads["label"].to_numpy()
    before = (judged["risk"] >= judged["review"]).to_numpy()
    shares: dict[str, tuple[NDArray[np.bool_], int]] = {
        "genuine_encoded": (judged["deep_encoded"].to_numpy(bool), 0),
        "genuine_sent_to_review": (judged["deep_sent"].to_numpy(bool), 0),
        "genuine_sent_without_deep": (before, 0),
        "deceptive_sent_to_review": (judged["deep_sent"].to_numpy(bool), 1),
        "deceptive_sent_without_deep": (before, 1),
    }
    source = ads["source"].to_numpy(dtype=object)
    table = {
        name: pd.Series(values[labels == label].astype(float)).groupby(source[labels == label]).mean()
        for name, (values, label) in shares.items()
    }
    return pd.DataFrame(table).rename_axis("source").reset_index()

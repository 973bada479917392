"""The model of warnings: tells texts about deceptive offers from offers, so that nobody is sent to read the police.

A small linear model on words and their first letters, joined with the signs of a warning that were found. Warnings
are few among the training ads and an offer that is taken for one is lost to the reader, so the cut is set by how many
offers may be lost, out of fold.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from adscreen.learning.text_model import NgramSettings, ad_texts, compile_text_model
from adscreen.signals.awareness import SIGN_MARGIN
from adscreen.signals.linear_text import LinearText

WARNING = "warning"
"""The ``kind`` of a training ad that is a warning."""
FEWEST_WARNINGS = 30
"""With fewer training warnings than this there is no model, and the signs of a warning decide alone."""


class WarningSettings(NgramSettings):
    """The section ``warning`` of ``params.yaml``."""

    n_buckets: int = Field(2**16, description="fewer than of the text model: a second look must cost little")
    max_words: int = Field(1, ge=1, le=8)
    max_chars: int = Field(3, ge=1, le=8)
    C: float = Field(30.0, gt=0, description="inverse strength of the penalty")
    weight: float = Field(6.0, gt=0, description="of a warning, where any other ad has 1")
    max_lost: float = Field(0.002, gt=0, lt=1, description="largest share of offers of each label taken for warnings")


class WarningFit(NamedTuple):
    """The result of `fit_warning_model`.

    Attributes
    ----------
    model : LinearText or None
        Its margin is 0 at the cut; see `adscreen.signals.awareness.reads_as_warning`. None if warnings are too few.
    recognised : ndarray of bool, shape (n_ads,)
        Which ads are taken for warnings, out of fold.
    """

    model: LinearText | None
    recognised: NDArray[np.bool_]


def fit_warning_model(
    ads: pd.DataFrame,
    fold: NDArray[np.int64],
    n_signs: NDArray[np.int64],
    settings: WarningSettings,
    vocabulary: NDArray[np.uint8],
) -> WarningFit:
    """Fit the model on all ads, and its cut on scores of models that did not see the ad's fold.

    Parameters
    ----------
    ads : DataFrame
        Cleaned; `TEXT_FIELDS`, ``kind`` and ``label``.
    fold : ndarray of int64, shape (n_ads,)
    n_signs : ndarray of int64, shape (n_ads,)
        Signs of a warning in each ad; see `adscreen.signals.awareness.warning_signs`.
    vocabulary : ndarray of uint8
        Of the text model, which the bundle keeps once for both.
    """
    warning = (ads["kind"] == WARNING).to_numpy()
    if warning.sum() < FEWEST_WARNINGS:
        return WarningFit(None, np.zeros(len(ads), bool))
    texts, weights = ad_texts(ads), np.where(warning, settings.weight, 1.0)
    margin = np.zeros(len(ads))
    for k in np.unique(fold):
        seen, held_out = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        pipeline = _fit([texts[i] for i in seen], warning[seen], weights[seen], settings)
        margin[held_out] = pipeline.decision_function([texts[i] for i in held_out])
    margin += SIGN_MARGIN * n_signs
    labels = ads["label"].to_numpy()
    cut = max(_cut(margin[~warning & (labels == label)], settings.max_lost) for label in (0, 1))
    model = compile_text_model(_fit(texts, warning, weights, settings), [])
    model = model._replace(intercept=model.intercept - cut, vocabulary=vocabulary)
    return WarningFit(model, margin >= cut)


def _cut(margins: NDArray[np.float64], max_share: float) -> float:
    """Return the lowest margin that at most `max_share` of `margins` reach."""
    allowed = int(max_share * len(margins))
    return float(np.nextafter(np.sort(margins)[::-1][allowed], np.inf)) if len(margins) else -np.inf


def shares_recognised(ads: pd.DataFrame, recognised: NDArray[np.bool_]) -> dict[str, float | None]:
    """Return the share of warnings that are recognised, and of offers of each label that are taken for warnings."""
    warning, labels = (ads["kind"] == WARNING).to_numpy(), ads["label"].to_numpy()
    of = {
        "warnings_recognised": warning,
        "deceptive_taken_for_warnings": ~warning & (labels == 1),
        "genuine_taken_for_warnings": ~warning & (labels == 0),
    }
    return {name: float(recognised[rows].mean()) if rows.any() else None for name, rows in of.items()}


def _fit(
    texts: list[str], warning: NDArray[np.bool_], weights: NDArray[np.float64], settings: WarningSettings
) -> Pipeline:
    linear = LogisticRegression(C=settings.C, solver="liblinear")
    pipeline = Pipeline([*settings.features(), ("linear", linear)])
    return pipeline.fit(texts, warning, linear__sample_weight=weights)

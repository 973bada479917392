"""Stage 5: fit the text model, the model of warnings and the deep head, once for each fold and once on all."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adscreen.learning.baseline import baseline_out_of_fold
from adscreen.learning.cross_fit import cross_fit
from adscreen.learning.deep import fit_deep
from adscreen.learning.deep_model import DeepHead
from adscreen.learning.sentence_vectors import sentence_vectors
from adscreen.learning.text_model import ad_texts
from adscreen.learning.warning_model import fit_warning_model
from adscreen.signals.encoder import Encoder
from adscreen.signals.indicator_files import shipped_catalogue
from adscreen.signals.linear_text import LinearText, TextScores
from adscreen.signals.ngrams import Hashing
from adscreen.stages.settings import Params, Paths
from adscreen.stages.signals import read_signals, read_warning_signs

RECOGNISED = "recognised_warning"
DEEP = "deep"


def run(params: Params, paths: Paths) -> None:
    """Write out-of-fold scores, those of the baseline too, and the compiled models."""
    ads = read_grouped(paths)
    fold = pd.read_parquet(paths.folds)["fold"].to_numpy()
    signals, expected = read_signals(paths), shipped_catalogue().expected()
    fitted = cross_fit(ads, fold, params.fit, params.calibrate, signals, expected, progress=_say)
    scores = pd.DataFrame(fitted.scores._asdict())
    if params.evaluate.baseline:
        _say("fitting the baseline")
        scores["baseline"] = baseline_out_of_fold(ad_texts(ads), ads["label"].to_numpy(), fold)
    _say("fitting the model of warnings")
    vocabulary = fitted.model.vocabulary
    warning = fit_warning_model(ads, fold, read_warning_signs(paths), params.warning, vocabulary)
    scores[RECOGNISED] = warning.recognised
    head = None
    if params.deep.enabled:
        _say("fitting the deep head")
        settings, encoder = params.deep, Encoder()
        vectors = sentence_vectors(ad_texts(ads), encoder, settings.letters, settings.vectors, _say)
        deep = fit_deep(ads, fold, vectors, settings, params.calibrate, campaign_power=params.fit.campaign_power)
        scores[DEEP] = deep.margin
        head = deep.head, encoder.name
    _write_head(head, paths)
    scores.to_parquet(paths.scores, index=False)
    _write_model(fitted.model, paths.text_model)
    if warning.model is None:
        _say("too few warnings among the ads: no model of warnings")
    _write_model(warning.model, paths.warning_model)


def read_grouped(paths: Paths) -> pd.DataFrame:
    """Return the cleaned ads with their groups."""
    return pd.read_parquet(paths.ads).join(pd.read_parquet(paths.groups))


def read_scores(paths: Paths) -> tuple[TextScores, Any]:
    """Return the out-of-fold scores, and those of the baseline or None."""
    frame = pd.read_parquet(paths.scores)
    scores = TextScores(*(frame[name].to_numpy() for name in TextScores._fields))
    return scores, frame["baseline"].to_numpy() if "baseline" in frame else None


def read_recognised(paths: Paths) -> NDArray[np.bool_]:
    """Return which ads were taken for warnings, out of fold, shape (n_ads,)."""
    return pd.read_parquet(paths.scores, columns=[RECOGNISED])[RECOGNISED].to_numpy()


def read_text_model(paths: Paths) -> LinearText:
    """Return the compiled text model."""
    model = _read_model(paths.text_model)
    assert model is not None  # every run writes one
    return model


def read_warning_model(paths: Paths) -> LinearText | None:
    """Return the compiled model of warnings, None if there is none."""
    return _read_model(paths.warning_model)


def read_deep_margin(paths: Paths) -> NDArray[np.float64] | None:
    """Return the out-of-fold margins of the deep head, shape (n_ads,), None if there is none."""
    frame = pd.read_parquet(paths.scores)
    return frame[DEEP].to_numpy() if DEEP in frame else None


def read_deep_head(paths: Paths) -> tuple[DeepHead, str] | None:
    """Return the deep head and the name of its encoder, None if there is none."""
    with np.load(paths.deep_head, allow_pickle=False) as parts:
        if not parts.files:
            return None
        return DeepHead(parts["weights"], float(parts["intercept"])), str(parts["encoder"])


def _write_head(found: tuple[DeepHead, str] | None, paths: Paths) -> None:
    if found is None:
        np.savez(paths.deep_head)
        return
    head, encoder = found
    np.savez(paths.deep_head, weights=head.weights, intercept=head.intercept, encoder=encoder)


def _write_model(model: LinearText | None, path: Path) -> None:
    """Write a model, or a file without arrays if there is none: a stage always makes the same files."""
    if model is None:
        np.savez_compressed(path)
        return
    np.savez_compressed(
        path,
        table=model.table,
        vocabulary=model.vocabulary,
        intercept=model.intercept,
        hashing=np.array(list(model.hashing), np.int64),
    )


def _read_model(path: Path) -> LinearText | None:
    with np.load(path, allow_pickle=False) as parts:
        if not parts.files:
            return None
        hashing = Hashing(*parts["hashing"].tolist())
        return LinearText(hashing, parts["table"], float(parts["intercept"]), parts["vocabulary"])


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    run(Params.load(), Paths())

"""Stage 5: fit the text model, once for each fold and once on all."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pandas as pd

from adscreen.learning.baseline import baseline_out_of_fold
from adscreen.learning.cross_fit import cross_fit
from adscreen.learning.text_model import ad_texts
from adscreen.signals.indicator_files import shipped_catalogue
from adscreen.signals.linear_text import LinearText, TextScores
from adscreen.signals.ngrams import Hashing
from adscreen.stages.settings import Params, Paths
from adscreen.stages.signals import read_signals


def run(params: Params, paths: Paths) -> None:
    """Write out-of-fold scores, those of the baseline too, and the compiled model."""
    ads = read_grouped(paths)
    fold = pd.read_parquet(paths.folds)["fold"].to_numpy()
    signals, expected = read_signals(paths), shipped_catalogue().expected()
    fitted = cross_fit(ads, fold, params.fit, params.calibrate, signals, expected, progress=_say)
    scores = pd.DataFrame(fitted.scores._asdict())
    if params.evaluate.baseline:
        _say("fitting the baseline")
        scores["baseline"] = baseline_out_of_fold(ad_texts(ads), ads["label"].to_numpy(), fold)
    scores.to_parquet(paths.scores, index=False)
    model = fitted.model
    np.savez_compressed(
        paths.text_model,
        table=model.table,
        vocabulary=model.vocabulary,
        intercept=model.intercept,
        hashing=np.array(list(model.hashing), np.int64),
    )


def read_grouped(paths: Paths) -> pd.DataFrame:
    """Return the cleaned ads with their groups."""
    return pd.read_parquet(paths.ads).join(pd.read_parquet(paths.groups))


def read_scores(paths: Paths) -> tuple[TextScores, Any]:
    """Return the out-of-fold scores, and those of the baseline or None."""
    frame = pd.read_parquet(paths.scores)
    scores = TextScores(*(frame[name].to_numpy() for name in TextScores._fields))
    return scores, frame["baseline"].to_numpy() if "baseline" in frame else None


def read_text_model(paths: Paths) -> LinearText:
    """Return the compiled text model."""
    with np.load(paths.text_model, allow_pickle=False) as parts:
        hashing = Hashing(*parts["hashing"].tolist())
        return LinearText(hashing, parts["table"], float(parts["intercept"]), parts["vocabulary"])


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    run(Params.load(), Paths())

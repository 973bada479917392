"""Stage 6: turn out-of-fold scores into risks, and choose the thresholds."""

from __future__ import annotations

import json

import pandas as pd

from adscreen.learning.cross_fit import judge_out_of_fold
from adscreen.signals.indicator_files import shipped_catalogue
from adscreen.stages.fit import read_grouped, read_scores
from adscreen.stages.settings import Params, Paths
from adscreen.stages.signals import read_signals


def run(params: Params, paths: Paths) -> None:
    """Write the risk of each ad with the thresholds of its fold, and the calibration that ships."""
    ads = read_grouped(paths)
    fold = pd.read_parquet(paths.folds)["fold"].to_numpy()
    scores, _ = read_scores(paths)
    signals = read_signals(paths)
    judged = judge_out_of_fold(ads, fold, scores, signals, params.calibrate, shipped_catalogue().expected())
    frame = pd.DataFrame({"risk": judged.risk, "review": judged.review, "urgent": judged.urgent})
    frame.to_parquet(paths.judged, index=False)
    calibration = {"risk": judged.risk_model._asdict(), "thresholds": judged.thresholds.as_json()}
    paths.calibration.write_text(json.dumps(calibration, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(calibration["thresholds"]))


if __name__ == "__main__":
    run(Params.load(), Paths())

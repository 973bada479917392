"""Stage 6: turn out-of-fold scores into risks, and choose the thresholds."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd

from adscreen.learning.cross_fit import judge_out_of_fold
from adscreen.learning.deep import choose_floor
from adscreen.signals.indicator_files import shipped_catalogue
from adscreen.stages.fit import read_deep_margin, read_grouped, read_scores
from adscreen.stages.settings import Params, Paths
from adscreen.stages.signals import read_signals


def run(params: Params, paths: Paths) -> None:
    """Write the risk of each ad with the thresholds of its fold, and the calibration that ships."""
    ads = read_grouped(paths)
    fold = pd.read_parquet(paths.folds)["fold"].to_numpy()
    scores, _ = read_scores(paths)
    signals = read_signals(paths)
    expected = shipped_catalogue().expected()
    judged = judge_out_of_fold(ads, fold, scores, signals, params.calibrate, expected)
    frame = pd.DataFrame({"risk": judged.risk, "review": judged.review, "urgent": judged.urgent})
    calibration: dict[str, Any] = {"risk": judged.risk_model._asdict(), "thresholds": judged.thresholds.as_json()}
    margin = read_deep_margin(paths)
    if margin is not None:
        deep = judge_out_of_fold(ads, fold, scores, signals, params.calibrate, expected, margin)
        floor = choose_floor(ads, judged, deep, params.deep)
        # As `--deep` judges: ads below the floor keep their risk, and are not sent on.
        encoded = judged.risk >= floor
        frame["deep_risk"] = np.where(encoded, deep.risk, judged.risk)
        frame["deep_sent"] = encoded & (deep.risk >= deep.review)
        frame["deep_encoded"] = encoded
        calibration["deep"] = {
            "risk": deep.risk_model._asdict(),
            "thresholds": deep.thresholds.as_json(),
            "floor": floor,
            "letters": params.deep.letters,
        }
    frame.to_parquet(paths.judged, index=False)
    paths.calibration.write_text(json.dumps(calibration, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(calibration["thresholds"]))


if __name__ == "__main__":
    run(Params.load(), Paths())

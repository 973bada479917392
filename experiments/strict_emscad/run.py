"""Strict EMSCAD: ad text only, near-duplicates and companies kept together, beside TF-IDF + LinearSVC.

    python experiments/strict_emscad/run.py --corpus ../shared/data

5 folds and 3 seeds. Tested on fraud and on the genuine rows drawn `random` or `first500`; average precision is
weighted to a prevalence of 4.8 %. "text" ranks by the margin of the text model alone, "joined" by the risk with the
indicators, judged out of fold. Calibration is that of the joined risk fitted on EMSCAD's other folds, at the
prevalence of the measured rows. Writes results.json and results.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from adscreen.campaigns.groups import group_ads
from adscreen.learning.baseline import baseline_out_of_fold
from adscreen.learning.calibrate import calibration_weights
from adscreen.learning.cross_fit import cross_fit, judge_out_of_fold
from adscreen.learning.metrics import (
    average_precision,
    calibration_error,
    estimate,
    recall_at_false_alarms,
    roc_auc,
)
from adscreen.learning.signal_features import find_signals
from adscreen.learning.sources import load_sources
from adscreen.learning.split import group_folds
from adscreen.learning.text_model import ad_texts, clean_ads
from adscreen.signals.indicator_files import shipped_catalogue
from adscreen.signals.linear_text import TextScores
from adscreen.signals.table import SignalTable
from adscreen.stages.settings import Params

HERE = Path(__file__).parent
PREVALENCE = 0.048
FOLDS = 5
METRICS = {
    "AP at 4.8 %": (average_precision, PREVALENCE),
    "recall at 5 % false alarms": (recall_at_false_alarms(0.05), None),
    "ROC AUC": (roc_auc, None),
}


def figures(ads: pd.DataFrame, scores: np.ndarray, replicates: int) -> dict[str, Any]:
    """The metrics on the measured EMSCAD rows, with intervals over groups."""
    use = ((ads["source"] == "emscad") & ads["measured"]).to_numpy()
    labels, groups = ads["label"].to_numpy()[use], ads["group"].to_numpy()[use]
    return {
        name: estimate(metric, labels, scores[use], groups, prevalence=at, replicates=replicates)._asdict()
        for name, (metric, at) in METRICS.items()
    }


def own_calibration(
    ads: pd.DataFrame, fold: np.ndarray, scores: TextScores, signals: SignalTable, params: Params
) -> tuple[float, float]:
    """Calibration error of EMSCAD's own risk, fitted on the other folds, at its own prevalence.

    Once with every campaign counting alike, once with every ad: one fraud campaign is 101 of the 606 ads, and one
    group of genuine ads 108, so that the second is mostly about whether those two came out right.
    """
    use = ((ads["source"] == "emscad") & ads["measured"]).to_numpy()
    part = TextScores(scores.margin[use], scores.n_tokens[use], scores.known[use])
    settings = params.calibrate.model_copy(update={"prevalence": None})
    expected = shipped_catalogue().expected()
    judged = judge_out_of_fold(ads[use], fold[use], part, signals.take(use), settings, expected)
    labels = ads["label"].to_numpy()[use]
    once = calibration_weights(ads[use], None, by_campaign=True)
    return calibration_error(labels, judged.risk, once), calibration_error(labels, judged.risk, np.ones(len(labels)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--replicates", type=int, default=300)
    arguments = parser.parse_args()
    params = Params.load(corpus="release")
    everything = clean_ads(load_sources(params.sources, arguments.corpus))
    everything = everything.join(group_ads(everything, ad_texts(everything)))
    all_signals, expected = find_signals(everything).table, shipped_catalogue().expected()
    trained_on = {
        "EMSCAD": everything["source"] == "emscad",
        "all real sources": everything["kind"] == "",
        "all real sources and the authored corpus": everything["weight"] > 0,
    }
    rows: list[dict[str, Any]] = []
    for seed in range(arguments.seeds):
        emscad = everything[trained_on["EMSCAD"]].reset_index(drop=True)
        fold = folds(emscad, seed)
        baseline = baseline_out_of_fold(ad_texts(emscad), emscad["label"].to_numpy(), fold)
        rows.append(
            {
                "seed": seed,
                "model": "TF-IDF(1-3) + LinearSVC, EMSCAD",
                **figures(emscad, baseline, arguments.replicates),
            }
        )
        for name, use in trained_on.items():
            ads = everything[use].reset_index(drop=True)
            # The EMSCAD ads are in the same folds whatever else is trained on.
            fold = folds(ads, seed)
            is_emscad = (ads["source"] == "emscad").to_numpy()
            fold[is_emscad] = folds(emscad, seed)
            signals = all_signals.take(use.to_numpy())
            fitted = cross_fit(ads, fold, params.fit, params.calibrate, signals, expected)
            judged = judge_out_of_fold(ads, fold, fitted.scores, signals, params.calibrate, expected)
            for track, scores in (("text", fitted.scores.margin), ("joined", judged.risk)):
                row = {
                    "seed": seed,
                    "model": f"adscreen, {track}: {name}",
                    **figures(ads, scores, arguments.replicates),
                }
                if track == "joined":
                    row["calibration error"] = own_calibration(ads, fold, fitted.scores, signals, params)
                rows.append(row)
                print(json.dumps(row), file=sys.stderr, flush=True)
    (HERE / "results.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    (HERE / "results.md").write_text(report(rows), encoding="utf-8")
    print(report(rows))


def folds(ads: pd.DataFrame, seed: int) -> np.ndarray:
    """Folds that keep groups together and share out sources and labels."""
    return group_folds(ads["group"].to_numpy(), ads["source"] + "/" + ads["label"].astype(str), FOLDS, seed)


def report(rows: list[dict[str, Any]]) -> str:
    """The table of results.md: mean over seeds, interval of the first seed."""
    lines = [
        "# Strict EMSCAD",
        "",
        "`python experiments/strict_emscad/run.py --corpus ../shared/data`: 5 folds, mean of the seeds; in brackets",
        "the 95 % interval of the first seed, bootstrap over groups. 606 fraud and 910 genuine ads measured.",
        "",
        "| model, trained on | " + " | ".join(METRICS) + " | calibration error, by campaign | by ad |",
        "|---|" + "---|" * (len(METRICS) + 2),
    ]
    for model in dict.fromkeys(row["model"] for row in rows):
        mine = [row for row in rows if row["model"] == model]
        cells = []
        for name in METRICS:
            mean = np.mean([row[name]["value"] for row in mine])
            cells.append(f"{mean:.3f} ({mine[0][name]['low']:.3f}-{mine[0][name]['high']:.3f})")
        errors = [row["calibration error"] for row in mine if "calibration error" in row]
        cells += [f"{error:.3f}" for error in np.mean(errors, axis=0)] if errors else ["", ""]
        lines.append(f"| {model} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()

"""Stage 7: measure what the out-of-fold risks are worth, beside the baseline."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from adscreen.learning.deep_figures import deep_by_source, deep_figures
from adscreen.learning.evaluate import Scored, evaluate_by, evaluate_slice, flatten, within_sources
from adscreen.learning.metrics import Estimate
from adscreen.learning.plots import write_plots
from adscreen.learning.warning_model import shares_recognised
from adscreen.stages.fit import read_grouped, read_recognised, read_scores
from adscreen.stages.settings import Params, Paths

SLICES = ("source", "lang", "channel")


def run(params: Params, paths: Paths) -> None:
    """Write the headline figures, a table for each way of slicing, and the plots."""
    ads = read_grouped(paths)
    judged = pd.read_parquet(paths.judged)
    _, baseline = read_scores(paths)
    everything = Scored(
        ads["label"].to_numpy(),
        judged["risk"].to_numpy(),
        ads["group"].to_numpy(),
        (judged["risk"] >= judged["review"]).to_numpy(),
        baseline,
    )
    measured = ads["measured"].to_numpy()
    ads, scored = ads[measured], everything.take(measured)
    prevalence = params.calibrate.prevalence
    paths.tables.mkdir(parents=True, exist_ok=True)
    figures = within_sources(ads, scored, params.evaluate)
    figures |= flatten(evaluate_slice(scored, params.evaluate, prevalence))
    figures |= shares_recognised(ads, read_recognised(paths)[measured])
    if "deep_risk" in judged:
        deep = judged[measured].reset_index(drop=True)
        by_source = deep_by_source(ads, deep)
        by_source.to_csv(paths.tables / "by_source_deep.csv", index=False, float_format="%.4f")
        figures |= deep_figures(ads, deep)
    paths.metrics.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    for column in SLICES:
        table = evaluate_by(ads, scored, column, params.evaluate, prevalence)
        table.map(_cell).to_csv(paths.tables / f"by_{column}.csv", index=False)
    write_plots(scored, paths.plots, prevalence=params.evaluate.prevalences[0], calibrated_at=prevalence)
    for name, value in figures.items():
        print(f"{name:40s} {value}")


def _cell(value: Any) -> Any:
    if isinstance(value, Estimate):
        return str(value)
    return "" if isinstance(value, float) and pd.isna(value) else value


if __name__ == "__main__":
    run(Params.load(), Paths())

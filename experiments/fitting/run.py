"""What each choice in fitting and each source does: python experiments/fitting/run.py --corpus ../shared/data

Each row changes one thing of the shipped settings, or leaves one source out of training. Columns as in
experiments/corpus: the development half of the behaviour set, two real sources left out of training, strict EMSCAD
and real messages out of fold. Margins before levelling and calibration. Writes results.md beside this file.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from adscreen.campaigns.groups import group_ads
from adscreen.learning.augment import cropped_copies
from adscreen.learning.sources import load_sources
from adscreen.learning.text_model import ad_texts, clean_ads
from adscreen.stages.settings import Params

HERE = Path(__file__).parent

CHANGES: dict[str, dict[str, float]] = {
    "no intercepts of sources": {"source_intercept": 0.0},
    "intercepts of sources 0.1": {"source_intercept": 0.1},
    "intercepts of sources 1": {"source_intercept": 1.0},
    "ads count, not campaigns": {"campaign_power": 0.0},
    "no stems": {"stem": 0},
    "single words, 3 letters": {"max_words": 1, "max_chars": 3},
    "words 1 to 3, 5 letters": {"max_words": 3, "max_chars": 5},
    "C = 3": {"C": 3.0},
    "C = 30": {"C": 30.0},
}
SOURCES = ("emscad", "messages", "genuine:", "more:", "zh_58com", "vi_facebook")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/data"))
    corpus = _sibling("corpus")
    params = Params.load(corpus="release")
    weight = next(source.weight for source in params.sources if source.adapter == "authored")
    ads = clean_ads(load_sources(params.sources, parser.parse_args().corpus))
    ads = ads.join(group_ads(ads, ad_texts(ads)))
    behaviour = corpus.read_behaviour("development")
    everything = np.ones(len(ads), bool)
    rows: dict[str, dict[str, float]] = {}

    def add(name: str, bench: Any, kept: Any) -> None:
        rows[name] = bench.figures(kept, weight)
        print(name, rows[name], file=sys.stderr, flush=True)
        write(rows)  # after each row: a run that is stopped keeps what it has

    bench = corpus.Bench(ads, behaviour, params.fit)
    add("as shipped", bench, everything)
    for source in SOURCES:
        add(f"without {source.rstrip(':')}", bench, ~ads["source"].str.startswith(source).to_numpy())
    add("without authored", bench, ~bench.authored)
    copies = cropped_copies(ads[ads["kind"] == ""], 0.5, 0).assign(measured=False)
    more = pd.concat([ads, copies], ignore_index=True)
    add("cropped copies of half the long ads", corpus.Bench(more, behaviour, params.fit), np.ones(len(more), bool))
    for name, change in CHANGES.items():
        add(name, corpus.Bench(ads, behaviour, params.fit.model_copy(update=change)), everything)


def write(rows: dict[str, dict[str, float]]) -> None:
    """Write the table of the rows so far."""
    table = pd.DataFrame(rows).T.round(3)
    lines = ["# What each choice and each source does", "", (__doc__ or "").strip(), ""]
    lines += ["| | " + " | ".join(table.columns) + " |", "|---|" + "---|" * len(table.columns)]
    lines += [f"| {name} | " + " | ".join(f"{value:.3f}" for value in row) + " |" for name, row in table.iterrows()]
    (HERE / "results.md").write_text("\n".join([*lines, ""]), encoding="utf-8")


def _sibling(name: str):  # noqa: ANN202  (a module)
    spec = importlib.util.spec_from_file_location(name, HERE.parent / name / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()

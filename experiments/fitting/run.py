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

import numpy as np
import pandas as pd

from adscreen.campaigns.groups import group_ads
from adscreen.learning.augment import cropped_copies
from adscreen.learning.sources import load_sources
from adscreen.learning.text_model import ad_texts, clean_ads
from adscreen.stages.settings import Params

HERE = Path(__file__).parent

CHANGES: dict[str, dict[str, float]] = {
    "as shipped": {},
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
    rows: dict[str, dict[str, float]] = {}
    for name, change in CHANGES.items():
        bench = corpus.Bench(ads, behaviour, params.fit.model_copy(update=change))
        rows[name] = bench.figures(np.ones(len(ads), bool), weight)
        print(name, rows[name], file=sys.stderr, flush=True)
    for share in (0.5, 1.0):
        copies = cropped_copies(ads[ads["kind"] == ""], share, 0).assign(measured=False)
        more = pd.concat([ads, copies], ignore_index=True)
        bench = corpus.Bench(more, behaviour, params.fit)
        rows[f"cropped copies of {share:.0%} of the long ads"] = bench.figures(np.ones(len(more), bool), weight)
    bench = corpus.Bench(ads, behaviour, params.fit)
    for source in SOURCES:
        kept = ~ads["source"].str.startswith(source).to_numpy()
        rows[f"without {source.rstrip(':')}"] = bench.figures(kept, weight)
        print(source, rows[f"without {source.rstrip(':')}"], file=sys.stderr, flush=True)
    rows["without authored"] = bench.figures(~bench.authored, weight)
    table = pd.DataFrame(rows).T.round(3)
    lines = ["# What each choice and each source does", "", (__doc__ or "").strip(), ""]
    lines += ["| | " + " | ".join(table.columns) + " |", "|---|" + "---|" * len(table.columns)]
    lines += [f"| {name} | " + " | ".join(f"{value:.3f}" for value in row) + " |" for name, row in table.iterrows()]
    (HERE / "results.md").write_text("\n".join([*lines, ""]), encoding="utf-8")
    print("\n".join(lines))


def _sibling(name: str):  # noqa: ANN202  (a module)
    spec = importlib.util.spec_from_file_location(name, HERE.parent / name / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()

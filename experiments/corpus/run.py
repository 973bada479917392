"""What the authored corpus is worth, judged on real ads first: python experiments/corpus/run.py --corpus ../shared/data

Every row of the table is one way of training; every column one test that its training did not see:

- behaviour: the development half of tests/behaviour (other writers, never trained on);
- EMSCAD: strict folds of EMSCAD, ad text only, average precision at 4.8 %;
- 58.com, Vietnamese Facebook: real ads of both classes from one crawl, that source left out of training;
- messages: real scam messages against the genuine ads of held-out folds, recall at 5 % false alarms;
- twins: share of authored families, 10-fold by family, in which every lure ranks above its honest twin.

`--final` adds the figures of the model that ships on both halves of the behaviour set; the held-out half is scored
by nothing else. Writes results.json and results.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfTransformer

from adscreen.campaigns.groups import group_ads
from adscreen.learning.linear import SourceAwareLogistic
from adscreen.learning.metrics import average_precision, prevalence_weights, recall_at_false_alarms, roc_auc
from adscreen.learning.sources import load_sources
from adscreen.learning.split import group_folds
from adscreen.learning.text_model import FitSettings, ad_texts, clean_ads
from adscreen.learning.weights import balanced_weights
from adscreen.scoring.scorer import Scorer
from adscreen.signals.ngrams import Hashing, count_ngrams
from adscreen.stages.settings import Params

HERE = Path(__file__).parent
BEHAVIOUR = Path("tests/behaviour")
WITHIN = ("zh_58com", "vi_facebook")
MIN_LANGUAGE_ADS = 40
N_LANGUAGES = 12

Rows = NDArray[np.bool_]


class Bench:
    """All ads and the behaviour set as counted n-grams; fits on any rows and measures on the others."""

    def __init__(self, ads: pd.DataFrame, behaviour: pd.DataFrame, settings: FitSettings) -> None:
        self.ads, self.behaviour, self.settings = ads, behaviour, settings
        hashing = Hashing(settings.n_buckets, settings.max_words, settings.max_chars, settings.stem)
        self.counts, _ = count_ngrams(ad_texts(ads), hashing)
        self.behaviour_counts, _ = count_ngrams(behaviour["text"].tolist(), hashing)
        self.label = ads["label"].to_numpy()
        self.source = ads["source"].to_numpy(dtype=object)
        self.authored = (ads["kind"] != "").to_numpy()
        strata = ads["source"] + "/" + ads["label"].astype(str)
        self.fold = group_folds(ads["group"].to_numpy(), strata, 5, 0)

    def fit(self, rows: Rows, corpus_weight: float) -> tuple[Any, Any]:
        """Fit the linear model of the shipped pipeline on `rows`, the corpus weighted by `corpus_weight`."""
        part = self.ads[rows].reset_index(drop=True)
        part["weight"] = np.where(part["kind"] != "", corpus_weight, part["weight"])
        tfidf = TfidfTransformer(sublinear_tf=True)
        features = tfidf.fit_transform(self.counts[np.flatnonzero(rows)])
        linear = SourceAwareLogistic(C=self.settings.C, source_intercept=self.settings.source_intercept)
        sources = (part["source"] + "|" + part["lang"]).where(part["kind"] == "", "authored")
        weights = balanced_weights(part, campaign_power=self.settings.campaign_power)
        return tfidf, linear.fit(features, part["label"].to_numpy(), weights, sources.to_numpy())

    @staticmethod
    def margin(model: tuple[Any, Any], counts: Any) -> NDArray[np.float64]:
        """Log-odds of counted texts."""
        tfidf, linear = model
        return np.asarray(linear.decision_function(tfidf.transform(counts)))

    def behaviour_figures(self, model: tuple[Any, Any]) -> dict[str, float]:
        """AUC, recall and minimal pairs on the development half."""
        return behaviour_figures(self.behaviour, self.margin(model, self.behaviour_counts))

    def within(self, name: str, rows: Rows, corpus_weight: float) -> float:
        """AUC on a real source of both classes that was left out of training."""
        test = self.source == name
        model = self.fit(rows & ~test, corpus_weight)
        return roc_auc(self.label[test], self.margin(model, self.counts[np.flatnonzero(test)]), np.ones(test.sum()))

    def cross_validated(self, rows: Rows, corpus_weight: float) -> dict[str, float]:
        """Strict EMSCAD, and real messages against real genuine ads, out of fold."""
        margin = np.full(len(self.ads), np.nan)
        for k in range(5):
            model = self.fit(rows & (self.fold != k), corpus_weight)
            test = np.flatnonzero(self.fold == k)
            margin[test] = self.margin(model, self.counts[test])
        measured = self.ads["measured"].to_numpy()
        emscad = (self.source == "emscad") & measured
        labels = self.label[emscad]
        real = (self.source == "messages") | ((self.label == 0) & measured & ~self.authored)
        return {
            "EMSCAD AP": average_precision(labels, margin[emscad], prevalence_weights(labels, 0.048)),
            "messages recall": recall_at_false_alarms(0.05)(self.label[real], margin[real], np.ones(real.sum())),
        }

    def figures(self, rows: Rows, corpus_weight: float) -> dict[str, float]:
        """All columns of the table for one way of training."""
        found = self.behaviour_figures(self.fit(rows, corpus_weight))
        found |= {name: self.within(name, rows, corpus_weight) for name in WITHIN}
        return found | self.cross_validated(rows, corpus_weight)

    def left_out(self, column: str, values: list[str], corpus_weight: float) -> dict[str, float]:
        """AUC on the authored ads of each value, that value left out of training (with its real ads, if a language)."""
        found = {}
        for value in values:
            same = (self.ads[column] == value).to_numpy()
            test = same & self.authored
            model = self.fit(~same, corpus_weight)
            margin = self.margin(model, self.counts[np.flatnonzero(test)])
            found[value] = roc_auc(self.label[test], margin, np.ones(test.sum()))
        return found

    def families_in_order(self, corpus_weight: float) -> dict[str, float]:
        """Share of lure-twin couples of one family that are in the right order, 10-fold by family."""
        fold = group_folds(self.ads["group"].to_numpy(), self.ads["source"], 10, 1)
        margin = np.zeros(len(self.ads))
        for k in range(10):
            model = self.fit(fold != k, corpus_weight)
            test = np.flatnonzero(fold == k)
            margin[test] = self.margin(model, self.counts[test])
        authored = self.ads[self.authored].assign(margin=margin[self.authored])
        couples, with_subtle, whole = [], [], []
        for _, family in authored.groupby("known_group"):
            twin = family.loc[family["kind"] == "twin", "margin"]
            lures = family.loc[family["label"] == 1, "margin"]
            if len(twin) and len(lures):
                couples += [float(lure > t) for lure in lures for t in twin]
                whole.append(float(lures.mean() > twin.mean()))
                subtle = family.loc[family["kind"] == "subtle", "margin"]
                with_subtle += [float(lure > t) for lure in subtle for t in twin]
        return {
            "lure above twin": float(np.mean(couples)),
            "subtle lure above twin": float(np.mean(with_subtle)),
            "mean of lures above twin": float(np.mean(whole)),
        }


def behaviour_figures(behaviour: pd.DataFrame, scores: NDArray[np.float64]) -> dict[str, float]:
    """AUC, recall at 10 % false alarms and minimal pairs in order, of one half of the behaviour set."""
    labels = behaviour["label"].to_numpy()
    ones = np.ones(len(labels))
    scored = behaviour.assign(score=scores)
    order = []
    for _, family in scored[scored["pair"]].groupby("family"):
        lure, honest = family[family["label"] == 1]["score"], family[family["label"] == 0]["score"]
        order.append(float(lure.mean() > honest.mean()))
    return {
        "behaviour AUC": roc_auc(labels, scores, ones),
        "behaviour recall": recall_at_false_alarms(0.10)(labels, scores, ones),
        "pairs in order": float(np.mean(order)),
    }


def ways(bench: Bench) -> Iterator[tuple[str, Rows, float]]:
    """The rows of the table: name, training rows, weight of the corpus."""
    everything = np.ones(len(bench.ads), bool)
    yield "real only", ~bench.authored, 1.0
    yield "corpus only", bench.authored, 1.0
    for weight in (0.1, 0.3, 1.0, 2.0, 4.0, 8.0):
        yield f"both, corpus weighs {weight:g}", everything, weight
    families = np.unique(bench.ads.loc[bench.authored, "known_group"].to_numpy(dtype=object))
    order = np.random.default_rng(0).permutation(families)
    per_family = bench.authored.sum() / len(families)
    for size in (100, 200, 400, 800, 1600, 3200):
        if size < bench.authored.sum():
            kept = set(order[: round(size / per_family)])
            chosen = bench.ads["known_group"].isin(kept).to_numpy()
            yield f"both, {size} ads of the corpus", ~bench.authored | chosen, 4.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/data"))
    parser.add_argument("--final", action="store_true", help="only add the shipped model, on both halves")
    arguments = parser.parse_args()
    results = final_figures() if arguments.final else measure(arguments.corpus)
    (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (HERE / "results.md").write_text(report(results), encoding="utf-8")
    print(report(results))


def measure(corpus: Path) -> dict[str, Any]:
    """All that is measured without the held-out half."""
    params = Params.load(corpus="release")
    ads = clean_ads(load_sources(params.sources, corpus))
    ads = ads.join(group_ads(ads, ad_texts(ads)))
    ads["region"] = regions(ads)
    bench = Bench(ads, read_behaviour("development"), params.fit)
    weight = next(source.weight for source in params.sources if source.adapter == "authored")
    table: dict[str, dict[str, float]] = {}
    for name, rows, corpus_weight in ways(bench):
        table[name] = bench.figures(rows, corpus_weight)
        print(name, json.dumps(table[name]), file=sys.stderr, flush=True)
    languages = ads.loc[bench.authored, "lang"].value_counts()
    chosen = [str(name) for name in languages.index[languages >= MIN_LANGUAGE_ADS][:N_LANGUAGES]]
    return {
        "table": table,
        "left out: language": bench.left_out("lang", chosen, weight),
        "left out: region": bench.left_out("region", [r for r in sorted(set(ads["region"])) if r], weight),
        "families": bench.families_in_order(weight),
    }


def final_figures() -> dict[str, Any]:
    """The results so far, and both halves of the behaviour set by the model that ships."""
    results: dict[str, Any] = json.loads((HERE / "results.json").read_text(encoding="utf-8"))
    shipped = Scorer.load()
    for half in ("development", "held_out"):
        behaviour = read_behaviour(half)
        risk = shipped.score(behaviour.rename(columns={"text": "description"}))["risk"].fillna(0.0).to_numpy()
        results[f"shipped model, {half} half"] = behaviour_figures(behaviour, risk)
    return results


def read_behaviour(half: str) -> pd.DataFrame:
    """One half of the behaviour set."""
    return pd.read_json(BEHAVIOUR / f"{half}.jsonl", lines=True)


def regions(ads: pd.DataFrame) -> pd.Series:
    """The destination region of each authored ad, '' for real ones."""
    files = sorted(Path("data/authored").glob("*.jsonl"))
    corpus = pd.concat([pd.read_json(file, lines=True) for file in files])
    by_id = dict(zip("authored/" + corpus["id"], corpus["region"], strict=True))
    return ads["ad_id"].map(by_id).fillna("")


def report(results: dict[str, Any]) -> str:
    """The text of results.md."""
    table = pd.DataFrame(results["table"]).T.round(3)
    lines = [
        "# What the authored corpus is worth",
        "",
        "`python experiments/corpus/run.py --corpus ../shared/data`",
        "",
    ]
    lines += ["| trained on | " + " | ".join(table.columns) + " |", "|---|" + "---|" * len(table.columns)]
    lines += [
        f"| {name} | " + " | ".join(f"{v:.3f}" for v in row) + " |"
        for name, row in zip(table.index, table.to_numpy(), strict=True)
    ]
    for title in [key for key in results if key != "table"]:
        values = results[title]
        lines += ["", f"## {title[0].upper() + title[1:]}", "", "| | value |", "|---|---|"]
        lines += [f"| {name} | {value:.3f} |" for name, value in values.items()]
        if title.startswith("left out"):
            lines.append(f"| mean | {np.mean(list(values.values())):.3f} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()

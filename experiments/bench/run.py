"""Speed of scoring beside the tools people would pick instead: make bench

All in one run, on one core, in memory, with ads of 400 words made from the authored corpus. Every peer is
trained on the same ads and scores the same texts; what is timed is text in, score out. Speed is reported as a
ratio, since machines differ. Writes results.json and results.md beside this file.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

# One core: before numpy is imported anywhere.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from adscreen.ads.cleaning import clean
from adscreen.scoring.scorer import Scorer
from adscreen.signals.linear_text import score_texts

HERE = Path(__file__).parent
CORPUS = Path("data/authored")
N_ADS = 4000
REPEATS = 5
PEER_PYTHON = os.environ.get("ADSCREEN_PEER_PYTHON", ".venv-peers/bin/python")
SKLEARN = "scikit-learn, TF-IDF(1-2) + logistic regression"
FASTTEXT = "fastText, word bigrams"
Score = Callable[[Sequence[str]], Any]


def corpus() -> pd.DataFrame:
    """The authored ads in languages that put spaces between words, so that a word is a word to every peer."""
    files = [file for file in sorted(CORPUS.glob("*.jsonl")) if file.stem in ("en", "es", "id", "vi", "ru", "tl")]
    return pd.concat([pd.read_json(file, lines=True) for file in files], ignore_index=True)


def long_ads(texts: list[str], n_words: int, n_ads: int) -> list[str]:
    """Cleaned ads of `n_words` words, each from other ads drawn at random."""
    rng = np.random.default_rng(0)
    words = [text.split() for text in texts]
    ads = []
    for _ in range(n_ads):
        ad: list[str] = []
        while len(ad) < n_words:
            ad += words[rng.integers(len(words))]
        ads.append(clean(" ".join(ad[:n_words])))
    return ads


def adscreen_peer() -> Score:
    """The compiled scorer with the shipped model."""
    model = Scorer.load().bundle.text
    return lambda texts: score_texts(model, list(texts)).margin


def sklearn_peer(ads: pd.DataFrame) -> Score:
    """TF-IDF of word 1-2 grams and logistic regression, as in the scikit-learn documentation."""
    pipeline = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(max_iter=1000))
    return pipeline.fit(ads["text"], ads["label"]).decision_function


def fasttext_rates(ads: pd.DataFrame, lengths: dict[int, list[str]]) -> tuple[str, dict[int, float]]:
    """Version and ads per second of fastText, timed by fasttext_peer.py in its own environment.

    Its package is called `fasttext`, as is the small one that adscreen identifies languages with: the two
    cannot be in one environment.
    """
    with tempfile.TemporaryDirectory() as folder:
        task = Path(folder) / "task.json"
        train = [[int(label), text] for label, text in zip(ads["label"], ads["text"], strict=True)]
        task.write_text(json.dumps({"train": train, "texts": lengths, "repeats": REPEATS}), encoding="utf-8")
        done = subprocess.run(
            [PEER_PYTHON, HERE / "fasttext_peer.py", task], capture_output=True, text=True, check=True
        )
    answer = json.loads(done.stdout)
    return answer["version"], {int(length): value for length, value in answer["rates"].items()}


def rate(score: Score, texts: list[str]) -> float:
    """Best ads per second of `REPEATS` runs, after one run to warm up."""
    score(texts[:200])
    best = float("inf")
    for _ in range(REPEATS):
        started = time.perf_counter()
        score(texts)
        best = min(best, time.perf_counter() - started)
    return len(texts) / best


def main() -> None:
    ads = corpus()
    peers: dict[str, tuple[Score, str]] = {
        "adscreen, score only": (adscreen_peer(), version("adscreen")),
        SKLEARN: (sklearn_peer(ads), version("scikit-learn")),
    }
    lengths = {400: long_ads(ads["text"].tolist(), 400, N_ADS), 60: long_ads(ads["text"].tolist(), 60, N_ADS)}
    fasttext_version, fasttext_rate = fasttext_rates(ads, lengths)
    versions = {name: release for name, (_, release) in peers.items()} | {FASTTEXT: fasttext_version}
    rows = []
    for length, texts in lengths.items():
        rates = {FASTTEXT: fasttext_rate[length]}
        for name, (score, _) in peers.items():
            # The slow peer gets a quarter of the ads: its rate does not depend on their number.
            rates[name] = rate(score, texts[: N_ADS // 4] if name == SKLEARN else texts)
        ours = rates["adscreen, score only"]
        for name, release in versions.items():
            rows.append(
                {
                    "words": length,
                    "scorer": name,
                    "version": release,
                    "ads_per_second": round(rates[name]),
                    "adscreen_is_faster_by": round(ours / rates[name], 2),
                }
            )
    machine = f"{platform.machine()}, Python {platform.python_version()}, one core"
    (HERE / "results.json").write_text(json.dumps({"machine": machine, "rows": rows}, indent=1) + "\n")
    lines = [
        "# Speed of scoring",
        "",
        f"`make bench` on {machine}. Text in memory in, score out; best of {REPEATS} runs; all in one run.",
        "",
        "| words an ad | scorer | version | ads/s | adscreen is faster by |",
        "|---|---|---|---|---|",
    ]
    lines += ["| " + " | ".join(map(str, row.values())) + " |" for row in rows]
    (HERE / "results.md").write_text("\n".join([*lines, ""]))
    print("\n".join(lines))


if __name__ == "__main__":
    main()

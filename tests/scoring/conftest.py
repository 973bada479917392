"""A small bundle around the model of the sample, and a tiny one to look at."""

import json

import numpy as np
import pandas as pd
import pytest
from job_folder import LURE

from adscreen.learning.risk import TEXT_FEATURES, RiskModel, Thresholds
from adscreen.scoring.bundle import Abstain, Bundle, model_version, write_bundle
from adscreen.scoring.jobs.plan import Settings
from adscreen.scoring.run import Request, score_request
from adscreen.scoring.scorer import Scorer
from adscreen.signals.linear_text import LinearText
from adscreen.signals.ngram_kernel import VOCABULARY_SIZE
from adscreen.signals.ngrams import Hashing


@pytest.fixture(scope="session")
def bundle(model, sample):
    languages = sample["lang"].str.split("-").str[0].value_counts()
    return Bundle(
        model,
        RiskModel((0.8, 0.1), {}, -0.3, 0.1),
        Thresholds(0.4, 0.7),
        Abstain(),
        model_version("sample", model),
        {"languages": {str(language): int(n) for language, n in languages.items()}, "card": "# Sample model\n"},
    )


@pytest.fixture(scope="session")
def scorer(bundle):
    return Scorer(bundle)


@pytest.fixture(scope="session")
def bundle_file(bundle, tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "sample.bundle"
    write_bundle(bundle, path)
    return path


@pytest.fixture(scope="session")
def tiny_bundle():
    """A bundle of 16 buckets that knows no word: small enough to look at, the same on every machine."""
    idf = 1.0 + np.arange(16) / 16
    weights = (np.arange(16) - 8) / 4
    table = np.stack([idf, weights], axis=1).astype(np.float32)
    text = LinearText(Hashing(16, 2, 3, 4), table, -0.25, np.zeros(VOCABULARY_SIZE // 8, np.uint8))
    return Bundle(
        text,
        RiskModel(
            tuple(0.5 * i for i in range(len(TEXT_FEATURES))), {"visit_visa": 1.25, "named_employer": -0.5}, -1.5, 0.05
        ),
        Thresholds(0.25, 0.75),
        Abstain(3, 0.0, 0.0),
        "tiny-00000000",
        {"card": "Karte 卡 بطاقة", "languages": {"en": 2, "zh": 1}},
    )


@pytest.fixture(scope="session")
def tiny_file(tiny_bundle, tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "tiny.bundle"
    write_bundle(tiny_bundle, path)
    return path


@pytest.fixture
def candidate(tmp_path):
    return tmp_path / "model.bundle"


@pytest.fixture
def parts_of(tiny_file):
    """The manifest and the data of the tiny bundle, to be changed and put together again."""
    _, _, length, rest = tiny_file.read_bytes().split(b"\n", 3)
    return json.loads(rest[: int(length)]), rest[int(length) :]


@pytest.fixture(scope="session")
def ads(sample):
    return pd.DataFrame({"ad_id": sample["id"], "description": sample["text"]})


@pytest.fixture(scope="session")
def results(scorer, ads):
    return scorer.score(ads)


@pytest.fixture
def inputs(tmp_path, monkeypatch):
    """Three parts of different sizes in three formats, two of them in partition folders."""
    monkeypatch.chdir(tmp_path)
    ads = pd.DataFrame({"ad_id": [f"a{i}" for i in range(9)], "text": [f"{LURE} {i}" for i in range(9)]})
    for day in ("day=1", "day=2"):
        (tmp_path / "in" / day).mkdir(parents=True)
    ads.head(5).to_parquet("in/day=1/a.parquet")
    ads.iloc[5:8].to_csv("in/day=2/b.csv.gz", index=False)
    ads.tail(1).to_json("in/c.jsonl", orient="records", lines=True)
    return tmp_path


@pytest.fixture
def run(bundle_file):
    """Score as the command does, in this process; collects what is logged."""
    logged = []

    def log(event, message, **fields):
        logged.append((event, message))

    def score(*sources, output="out/", progress=lambda _: None, settings=None, model=bundle_file, **options):
        request = Request(sources or ["in/"], output, settings or Settings({}), model=str(model), **options)
        return score_request(
            request, progress=progress, log=lambda event, message, **fields: logged.append((event, message))
        )

    score.logged = logged
    return score

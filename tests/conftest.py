"""Settings of all tests, and a small model trained on the sample of the authored corpus."""

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from adscreen.ads.cleaning import clean
from adscreen.learning.text_model import compile_text_model
from adscreen.signals.hashed_ngrams import HashedNgrams

# No test asserts how long something takes: the first call compiles the kernels, and machines differ.
settings.register_profile("adscreen", deadline=None)
settings.load_profile("adscreen")

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def sample():
    """The labelled sample ads of the project: ``id``, ``lang``, ``label``, ``text``."""
    lines = (REPOSITORY / "data/sample/labelled.jsonl").read_text(encoding="utf-8").splitlines()
    return pd.DataFrame([json.loads(line) for line in lines])


@pytest.fixture(scope="session")
def sample_texts(sample):
    return [clean(text) for text in sample["text"]]


@pytest.fixture(scope="session")
def trained(sample, sample_texts):
    """The fitted scikit-learn pipeline and the same model compiled."""
    pipeline = Pipeline(
        [
            ("ngrams", HashedNgrams(n_buckets=2**14)),
            ("tfidf", TfidfTransformer(sublinear_tf=True)),
            ("linear", LogisticRegression(C=10.0, max_iter=1000)),
        ]
    ).fit(sample_texts, sample["label"])
    return pipeline, compile_text_model(pipeline, sample_texts)


@pytest.fixture(scope="session")
def pipeline(trained):
    return trained[0]


@pytest.fixture(scope="session")
def model(trained):
    return trained[1]

"""A small bundle around the model of the sample, and a tiny one to look at."""

import numpy as np
import pytest

from adscreen.learning.risk import TEXT_FEATURES, RiskModel, Thresholds
from adscreen.scoring.bundle import Abstain, Bundle, model_version, write_bundle
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

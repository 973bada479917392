"""Fitting the deep model."""

import numpy as np
import pandas as pd
import pytest

from adscreen.errors import UsageError
from adscreen.learning.calibrate import CalibrateSettings
from adscreen.learning.cross_fit import Judged, judge_out_of_fold
from adscreen.learning.deep import choose_floor, fit_deep
from adscreen.learning.deep_figures import deep_by_source, deep_figures
from adscreen.learning.deep_settings import DeepSettings
from adscreen.learning.risk import RiskModel, Thresholds
from adscreen.learning.sentence_vectors import sentence_vectors
from adscreen.signals.linear_text import TextScores
from adscreen.signals.table import SignalTable

N = 600


@pytest.fixture(scope="module")
def ads():
    """Two real sources and an authored one, of both classes."""
    n = np.arange(N)
    frame = pd.DataFrame({"label": n % 2, "source": np.choose(n % 3, ["board", "group", "authored"])})
    frame["kind"] = np.where(frame["source"] == "authored", "offer", "")
    return frame.assign(lang="en", group=n // 2, weight=1.0, measured=True)


@pytest.fixture(scope="module")
def fold():
    return np.arange(N) // 6 % 3


@pytest.fixture(scope="module")
def vectors(ads):
    """Vectors whose first number tells the class, the second the source."""
    vectors = np.random.default_rng(0).normal(size=(N, 8)).astype(np.float32)
    vectors[:, 0] += 2.0 * ads["label"]
    vectors[:, 1] += 3.0 * (ads["source"] == "group")
    return vectors


@pytest.fixture(scope="module")
def fitted(ads, fold, vectors):
    return fit_deep(ads, fold, vectors, DeepSettings(), CalibrateSettings())


def test_the_head_finds_what_tells_the_classes_apart(fitted, ads):
    assert np.argmax(np.abs(fitted.head.weights)) == 0
    assert fitted.margin[ads["label"] == 1].mean() > fitted.margin[ads["label"] == 0].mean() + 1


def test_the_margin_of_an_ad_does_not_know_its_label(ads, fold, vectors, fitted):
    other = ads.copy()
    other.loc[fold == 0, "label"] = 1 - other.loc[fold == 0, "label"]
    again = fit_deep(other, fold, vectors, DeepSettings(), CalibrateSettings())
    np.testing.assert_allclose(again.margin[fold == 0], fitted.margin[fold == 0], atol=1e-6)


def test_a_text_gets_the_same_margin_whatever_is_judged_with_it(fitted, vectors):
    together = fitted.head.margin(vectors)
    assert all(fitted.head.margin(vectors[[i]])[0] == together[i] for i in range(20))


def test_the_joined_model_reads_the_deep_margin_and_never_lowers_the_risk_by_it(ads, fold, fitted):
    scores = TextScores(np.random.default_rng(1).normal(ads["label"], 1.0), np.full(N, 20), np.full(N, 0.9))
    signals = SignalTable.empty(N)
    judged = judge_out_of_fold(ads, fold, scores, signals, CalibrateSettings(), {}, fitted.margin)
    assert len(judged.risk_model.weights) == 3
    assert judged.risk_model.weights[2] > 0
    against = judge_out_of_fold(ads, fold, scores, signals, CalibrateSettings(), {}, -fitted.margin)
    assert against.risk_model.weights[2] == 0


def judged_with(risk, review):
    n = len(risk)
    model = RiskModel((1.0, 0.0), {}, 0.0, 0.05)
    return Judged(np.asarray(risk), np.full(n, review), np.full(n, 0.9), model, Thresholds(review, 0.9))


def test_the_floor_keeps_the_stated_share_of_what_the_deep_model_finds(ads):
    cheap = np.linspace(0.0, 0.3, N)
    deep = np.where(cheap > 0.1, 0.8, 0.0)
    floor = choose_floor(ads, judged_with(cheap, 0.28), judged_with(deep, 0.5), DeepSettings(kept=0.9))
    found = (deep >= 0.5) & (ads["label"] == 1)
    assert (cheap[found] >= floor).mean() == pytest.approx(0.9, abs=0.01)


def test_the_floor_is_never_above_the_review_threshold(ads):
    cheap = np.full(N, 0.5)
    floor = choose_floor(ads, judged_with(cheap, 0.28), judged_with(cheap, 0.4), DeepSettings())
    assert floor == 0.28


def test_figures_are_those_of_authored_ads_and_of_genuine_real_ones(ads):
    labels = ads["label"].to_numpy()
    judged = pd.DataFrame({"risk": 0.1, "review": 0.2, "deep_risk": labels * 0.5})
    judged["deep_encoded"] = judged["deep_sent"] = labels == 1
    assert deep_figures(ads, judged) == {
        "deep_authored_roc_auc": 1.0,
        "deep_authored_recall_at_5pct_false_alarms": 1.0,
        "deep_authored_recall_at_10pct_false_alarms": 1.0,
        "deep_genuine_encoded": 0.0,
        "deep_genuine_sent_to_review": 0.0,
    }
    table = deep_by_source(ads, judged).set_index("source")
    assert table.loc["board", "deceptive_sent_to_review"] == 1.0
    assert table.loc["board", "deceptive_sent_without_deep"] == 0.0


class CountingEncoder:
    def __init__(self, name="fake 1"):
        self.name, self.n = name, 0

    def encode(self, texts):
        self.n += len(texts)
        return np.array([[len(text), 1.0] for text in texts], np.float32)


def test_vectors_in_the_file_are_not_computed_again(tmp_path):
    kept, encoder = tmp_path / "vectors.npz", CountingEncoder()
    first = sentence_vectors(["one", "three", "one"], encoder, 600, kept)
    again = sentence_vectors(["three", "four", "one"], encoder, 600, kept)
    assert first[:, 0].tolist() == [3, 5, 3]
    assert again[:, 0].tolist() == [5, 4, 3]
    assert encoder.n == 3


def test_only_the_first_letters_count(tmp_path):
    assert sentence_vectors(["abcdef", "abcxyz"], CountingEncoder(), 3)[:, 0].tolist() == [3, 3]


def test_vectors_of_another_encoder_are_refused(tmp_path):
    kept = tmp_path / "vectors.npz"
    sentence_vectors(["one"], CountingEncoder(), 600, kept)
    with pytest.raises(UsageError) as error:
        sentence_vectors(["one"], CountingEncoder("fake 2"), 600, kept)
    assert str(error.value) == f"{kept}: vectors of 'fake 1', not of 'fake 2'. Name another file."

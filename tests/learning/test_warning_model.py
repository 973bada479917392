"""The model that tells warnings from offers, on ads small enough to read."""

import numpy as np
import pandas as pd
import pytest

from adscreen.learning.text_model import ad_texts
from adscreen.learning.warning_model import FEWEST_WARNINGS, WarningSettings, fit_warning_model, shares_recognised
from adscreen.signals.linear_text import score_texts
from adscreen.signals.ngram_kernel import VOCABULARY_SIZE

TOLD = str.split("police warned victims rescued locked beware neighbour never returned fooled arrested prosecutors")
VOCABULARY = np.zeros(VOCABULARY_SIZE // 8, np.uint8)


@pytest.fixture(scope="module")
def ads(labelled_ads):
    rng = np.random.default_rng(5)
    warnings = [{"description": " ".join(rng.choice(TOLD, 9)), "label": 0, "kind": "warning"} for _ in range(40)]
    return pd.concat([labelled_ads, pd.DataFrame(warnings)], ignore_index=True).fillna("")


@pytest.fixture(scope="module")
def fold(ads):
    return np.arange(len(ads)) % 3


def fit(ads, fold, signs=None, **settings):
    n_signs = np.zeros(len(ads), np.int64) if signs is None else signs
    return fit_warning_model(ads, fold, n_signs, WarningSettings(**settings), VOCABULARY)


def test_warnings_are_told_from_offers_out_of_fold(ads, fold):
    found = shares_recognised(ads, fit(ads, fold).recognised)
    assert found["warnings_recognised"] > 0.9
    assert found["deceptive_taken_for_warnings"] <= 0.05
    assert found["genuine_taken_for_warnings"] <= 0.05


def test_the_margin_of_a_warning_is_above_nought(ads, fold):
    model = fit(ads, fold).model
    margin = score_texts(model, ["police warned: victims locked up, beware", "we are hiring staff, good pay"]).margin
    assert margin[0] > 0 > margin[1]


def test_the_cut_loses_no_more_offers_of_either_label_than_is_allowed(ads, fold):
    signs = np.where(ads["label"] == 1, 2, 0)  # lures that talk of scams themselves
    lost = shares_recognised(ads, fit(ads, fold, signs, max_lost=0.02).recognised)
    assert lost["deceptive_taken_for_warnings"] <= 0.02
    assert lost["genuine_taken_for_warnings"] <= 0.02


def test_signs_help_where_the_wording_does_not(ads, fold):
    shuffled = ads.assign(description=np.random.default_rng(1).permutation(ads["description"]))
    signs = np.where(ads["kind"] == "warning", 2, 0)
    with_signs = shares_recognised(shuffled, fit(shuffled, fold, signs, C=0.1).recognised)
    without = shares_recognised(shuffled, fit(shuffled, fold, C=0.1).recognised)
    assert with_signs["warnings_recognised"] > without["warnings_recognised"] + 0.2


def test_too_few_warnings_make_no_model(ads, fold):
    few = ads.assign(kind=np.where((ads["kind"] == "warning").cumsum() < FEWEST_WARNINGS, ads["kind"], ""))
    found = fit(few, fold)
    assert found.model is None
    assert not found.recognised.any()


def test_the_compiled_model_has_the_vocabulary_of_the_text_model(ads, fold):
    model = fit(ads, fold).model
    assert model.vocabulary is VOCABULARY
    assert score_texts(model, ad_texts(ads)).margin.shape == (len(ads),)

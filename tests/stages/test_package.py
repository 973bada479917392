"""What a bundle says of its training."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from adscreen.learning.deep_model import DeepHead
from adscreen.stages.fit import _write_head, read_deep_head
from adscreen.stages.package import MIN_LANGUAGE_ADS, describe_training
from adscreen.stages.settings import Params, Paths

PARAMS = Params.load(Path(__file__).parents[2] / "params.yaml")


def ads_of(*cells):
    """Ads of cells of (language, deceptive, genuine)."""
    rows = [(lang, label) for lang, *counts in cells for label, n in zip((1, 0), counts, strict=True) for _ in range(n)]
    return pd.DataFrame(rows, columns=["lang", "label"]).assign(source="board", weight=1.0)


def languages(ads):
    return describe_training(ads, PARAMS, {})["languages"]


def test_a_language_is_known_from_enough_deceptive_and_enough_genuine_ads():
    enough = MIN_LANGUAGE_ADS
    ads = ads_of(("ta", enough, enough), ("et", enough - 1, 900), ("km", 900, enough - 1), ("el", 0, 60), ("lo", 60, 0))
    assert languages(ads) == {"ta": 2 * enough}


def test_the_language_of_most_ads_comes_first():
    assert list(languages(ads_of(("am", 5, 5), ("vi", 50, 20), ("id", 4, 40))).items()) == [
        ("vi", 70),
        ("id", 44),
        ("am", 10),
    ]


def test_scripts_and_countries_of_a_language_are_counted_together():
    ads = ads_of(("zh-Hans", 3, 1), ("zh-Hant", 1, 2), ("zh", 0, 1), ("hi/en", 2, 2), ("hi-Latn", 2, 2))
    assert languages(ads) == {"zh": 8, "hi": 8}


def test_ads_of_no_stated_language_and_ads_that_are_only_measured_teach_no_language():
    ads = pd.concat([ads_of(("", 9, 9)), ads_of(("sw", 9, 9)).assign(weight=0.0)], ignore_index=True)
    assert languages(ads) == {}


def test_the_ads_of_each_source_are_counted_by_label():
    ads = pd.concat([ads_of(("en", 2, 3)), ads_of(("en", 4, 0)).assign(source="messages")], ignore_index=True)
    assert describe_training(ads, PARAMS, {})["sources"] == {
        "board": {"genuine": 3, "deceptive": 2},
        "messages": {"deceptive": 4},
    }


@pytest.mark.parametrize("name", ["roc_auc", "within_source_roc_auc"])
def test_the_figures_of_the_baseline_are_not_those_of_the_model(name):
    figure = {"value": 0.7, "low": 0.6, "high": 0.8}
    found = describe_training(ads_of(("en", 4, 4)), PARAMS, {name: figure, f"baseline_{name}": figure})
    assert found["metrics"] == {name: figure}


def test_the_deep_head_comes_back_from_its_file_with_the_name_of_its_encoder(tmp_path):
    weights = np.arange(384, dtype=np.float32)
    _write_head((DeepHead(weights, -1.5), "fake 1"), Paths(tmp_path))
    head, encoder = read_deep_head(Paths(tmp_path))
    np.testing.assert_array_equal(head.weights, weights)
    assert (head.intercept, encoder) == (-1.5, "fake 1")


def test_without_a_deep_head_there_is_a_file_that_says_so(tmp_path):
    _write_head(None, Paths(tmp_path))
    assert read_deep_head(Paths(tmp_path)) is None

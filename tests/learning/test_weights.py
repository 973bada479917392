"""Weights: no source, class or campaign outvotes the others by its size alone."""

import numpy as np
import pandas as pd
import pytest

from adscreen.learning.weights import FULL_WEIGHT_CAMPAIGNS, balanced_weights


def ads_of(*cells):
    """Ads of (source, label, number of campaigns, ads a campaign, weight of the source)."""
    rows, group = [], 0
    for source, label, campaigns, size, weight in cells:
        for _ in range(campaigns):
            rows += [{"source": source, "label": label, "group": group, "weight": weight}] * size
            group += 1
    return pd.DataFrame(rows)


def share(ads, weights, **where):
    rows = np.logical_and.reduce([ads[name] == value for name, value in where.items()])
    return weights[rows].sum() / weights[ads["label"] == where["label"]].sum()


def test_each_class_gets_half_and_the_whole_sums_to_the_number_of_ads():
    ads = ads_of(("emscad", 0, 300, 1, 1.0), ("emscad", 1, 40, 1, 1.0))
    weights = balanced_weights(ads)
    assert weights.sum() == pytest.approx(340)
    assert weights[ads["label"] == 1].sum() == pytest.approx(170)


def test_a_large_source_counts_no_more_than_a_small_one():
    ads = ads_of(("portal", 0, 900, 1, 1.0), ("facebook", 0, 100, 1, 1.0), ("facebook", 1, 100, 1, 1.0))
    assert share(ads, balanced_weights(ads), source="portal", label=0) == pytest.approx(0.5)


def test_a_source_of_weight_two_counts_double():
    ads = ads_of(("portal", 0, 120, 1, 1.0), ("authored", 0, 120, 1, 2.0), ("authored", 1, 120, 1, 2.0))
    assert share(ads, balanced_weights(ads), source="authored", label=0) == pytest.approx(2 / 3)


def test_a_source_with_few_campaigns_counts_in_proportion():
    few = FULL_WEIGHT_CAMPAIGNS // 4
    ads = ads_of(("portal", 0, FULL_WEIGHT_CAMPAIGNS, 1, 1.0), ("tiny", 0, few, 1, 1.0), ("portal", 1, 100, 1, 1.0))
    assert share(ads, balanced_weights(ads), source="tiny", label=0) == pytest.approx(0.2)


@pytest.mark.parametrize(("power", "expected"), [(0.0, 30.0), (1.0, 1.0), (0.5, 30**0.5)])
def test_a_text_posted_thirty_times_counts_as_the_power_says(power, expected):
    ads = ads_of(("facebook", 1, 1, 30, 1.0), ("facebook", 1, 20, 1, 1.0), ("facebook", 0, 20, 1, 1.0))
    weights = balanced_weights(ads, campaign_power=power)
    assert weights[:30].sum() / weights[30] == pytest.approx(expected)


def test_the_order_of_the_ads_does_not_matter():
    ads = ads_of(("portal", 0, 9, 3, 1.0), ("facebook", 1, 5, 2, 1.0), ("facebook", 0, 7, 1, 0.5))
    order = np.random.default_rng(0).permutation(len(ads))
    np.testing.assert_allclose(balanced_weights(ads.iloc[order]), balanced_weights(ads)[order])

"""The figures: equal to scikit-learn's where it has them, worked by hand where it has not."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from adscreen.learning.metrics import (
    Estimate,
    average_precision,
    brier,
    calibration_error,
    estimate,
    prevalence_weights,
    recall_at_budget,
    recall_at_false_alarms,
    roc_auc,
)

# Few distinct scores, so that ties are common, and some that are not tied.
SCORE = st.one_of(st.sampled_from([-1.0, 0.0, 0.25, 0.5]), st.floats(-5, 5, width=32))
ADS = st.lists(st.tuples(st.integers(0, 1), SCORE, st.floats(0.01, 20)), min_size=2, max_size=40)


def arrays(ads):
    labels, scores, weights = zip(*ads, strict=True)
    assume(0 < sum(labels) < len(labels))
    return np.array(labels), np.array(scores, float), np.array(weights)


@settings(deadline=None)
@given(ADS)
def test_average_precision_is_that_of_scikit_learn(ads):
    labels, scores, weights = arrays(ads)
    expected = average_precision_score(labels, scores, sample_weight=weights)
    assert average_precision(labels, scores, weights) == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)
@given(ADS)
def test_roc_auc_is_that_of_scikit_learn(ads):
    labels, scores, weights = arrays(ads)
    assert roc_auc(labels, scores, weights) == pytest.approx(
        roc_auc_score(labels, scores, sample_weight=weights), abs=1e-9
    )


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1), st.floats(0.01, 20)), min_size=2, max_size=40))
def test_the_brier_score_is_that_of_scikit_learn(ads):
    labels, risk, weights = arrays(ads)
    assert brier(labels, risk, weights) == pytest.approx(
        brier_score_loss(labels, risk, sample_weight=weights), abs=1e-9
    )


@settings(deadline=None)
@given(ADS, st.floats(0.01, 0.99), st.randoms(use_true_random=False))
def test_no_figure_depends_on_the_order_of_the_ads(ads, share, random):
    labels, scores, weights = arrays(ads)
    order = list(range(len(ads)))
    random.shuffle(order)
    for metric in (average_precision, roc_auc, recall_at_budget(share), recall_at_false_alarms(share)):
        here, there = metric(labels, scores, weights), metric(labels[order], scores[order], weights[order])
        assert here == pytest.approx(there, abs=1e-9)


# Ten ads, the most suspicious first; the third to fifth are tied.
LABELS = np.array([1, 0, 1, 0, 0, 1, 0, 0, 0, 1])
SCORES = np.array([0.9, 0.8, 0.7, 0.7, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2])
ONES = np.ones(10)


@pytest.mark.parametrize(
    ("budget", "recall"),
    [
        (0.1, 1 / 4),  # one ad read, and it is deceptive
        (0.2, 1 / 4),
        (0.3, 1 / 4 + 1 / 12),  # one of the three tied ads, one of which is deceptive
        (0.5, 2 / 4),
        (0.6, 3 / 4),
        (0.05, 1 / 8),  # half an ad
        (1.0, 1.0),
    ],
)
def test_recall_at_a_budget_is_that_of_the_ads_read(budget, recall):
    assert recall_at_budget(budget)(LABELS, SCORES, ONES) == pytest.approx(recall)


@pytest.mark.parametrize(("rate", "recall"), [(1 / 6, 1 / 4), (2 / 6, 1 / 4 + 1 / 8), (3 / 6, 3 / 4), (1.0, 1.0)])
def test_recall_at_a_false_alarm_rate_is_that_above_the_score_which_so_many_genuine_ads_reach(rate, recall):
    assert recall_at_false_alarms(rate)(LABELS, SCORES, ONES) == pytest.approx(recall)


def test_a_budget_counts_ads_at_the_prevalence_of_the_weights():
    # At 10 % deceptive, each of the 4 deceptive ads is 2.5 % of all and each of the 6 genuine ones 15 %.
    weights = prevalence_weights(LABELS, 0.1)
    assert recall_at_budget(0.025)(LABELS, SCORES, weights) == pytest.approx(1 / 4)
    assert recall_at_budget(0.175)(LABELS, SCORES, weights) == pytest.approx(1 / 4)


@pytest.mark.parametrize("metric", [average_precision, roc_auc, recall_at_false_alarms(0.05)])
@pytest.mark.parametrize("only", [0, 1])
def test_a_figure_that_needs_both_classes_is_nan_without_them(metric, only):
    assert np.isnan(metric(np.full(4, only), np.arange(4.0), np.ones(4)))


def test_recall_is_nan_without_deceptive_ads():
    assert np.isnan(recall_at_budget(0.1)(np.zeros(4, int), np.arange(4.0), np.ones(4)))


def test_prevalence_weights_make_the_deceptive_ads_the_stated_share():
    weights = prevalence_weights(LABELS, 0.048)
    assert weights.sum() == pytest.approx(1.0)
    assert weights[LABELS == 1].sum() == pytest.approx(0.048)
    assert len(set(weights[LABELS == 0])) == 1


def test_prevalence_weights_keep_the_proportions_of_weights_within_a_class():
    given_weights = np.arange(1.0, 11.0)
    weights = prevalence_weights(LABELS, 0.5, given_weights)
    assert weights[LABELS == 1].sum() == pytest.approx(0.5)
    assert weights[9] / weights[0] == pytest.approx(10.0)


def test_without_a_prevalence_the_weights_are_those_given():
    np.testing.assert_array_equal(prevalence_weights(LABELS, None), ONES)
    np.testing.assert_array_equal(prevalence_weights(LABELS, None, ONES * 3), ONES * 3)


def test_without_both_classes_no_prevalence_can_be_set():
    np.testing.assert_array_equal(prevalence_weights(np.ones(3, int), 0.048), np.ones(3))


def test_the_calibration_error_is_the_mean_gap_of_the_bins():
    # Bin 0.1-0.2: risk 0.15, observed 0.25, 4 ads; bin 0.9-1.0: risk 0.95, observed 0.5, 2 ads (one of risk 1).
    labels = np.array([1, 0, 0, 0, 1, 0])
    risk = np.array([0.15, 0.15, 0.15, 0.15, 0.9, 1.0])
    assert calibration_error(labels, risk, np.ones(6)) == pytest.approx((4 * 0.10 + 2 * 0.45) / 6)
    assert calibration_error(np.array([0, 1]), np.array([0.0, 1.0]), np.ones(2)) == 0.0


def share_deceptive(labels, scores, weights):
    return float(np.average(labels, weights=weights))


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(0)
    hits = 0
    for trial in range(60):
        # Campaigns of 5 ads with one label each; half of the campaigns are deceptive.
        labels = np.repeat(rng.integers(0, 2, 40), 5)
        found = estimate(
            share_deceptive, labels, labels * 1.0, np.arange(200) // 5, prevalence=None, replicates=150, seed=trial
        )
        hits += found.low <= 0.5 <= found.high
    assert hits >= 51


def test_an_interval_over_campaigns_is_wider_than_one_over_ads():
    labels = np.repeat([0, 1] * 20, 5)
    campaigns = estimate(share_deceptive, labels, labels * 1.0, np.arange(200) // 5, prevalence=None)
    ads = estimate(share_deceptive, labels, labels * 1.0, np.arange(200), prevalence=None)
    assert campaigns.high - campaigns.low > 1.8 * (ads.high - ads.low)


def test_groups_are_drawn_whole():
    groups = np.array([3, 3, 3, 8, 8, 1, 5, 5, 5, 5])
    draws = []

    def record(labels, drawn_groups, weights):
        for group in np.unique(drawn_groups):
            times = weights[drawn_groups == group]
            assert len(times) == (groups == group).sum()
            assert len(set(times)) == 1
        draws.append(len(np.unique(drawn_groups)))
        return 0.0

    estimate(record, LABELS, groups.astype(float), groups, prevalence=None, replicates=50)
    assert len(draws) == 51
    assert min(draws[1:]) < 4


def test_an_interval_is_the_same_every_time():
    first, second = (estimate(roc_auc, LABELS, SCORES, np.arange(10), prevalence=0.048) for _ in range(2))
    assert first == second
    assert first != estimate(roc_auc, LABELS, SCORES, np.arange(10), prevalence=0.048, seed=1)


def test_the_value_is_that_of_the_ads_themselves_at_the_prevalence():
    found = estimate(average_precision, LABELS, SCORES, np.arange(10), prevalence=0.048)
    assert found.value == average_precision(LABELS, SCORES, prevalence_weights(LABELS, 0.048))
    assert found.low <= found.value <= found.high


def test_without_replicates_there_is_no_interval():
    found = estimate(roc_auc, LABELS, SCORES, np.arange(10), prevalence=None, replicates=0)
    assert np.isnan([found.low, found.high]).all()


def test_a_figure_that_most_draws_cannot_give_has_no_interval():
    def all_five(labels, scores, weights):
        return 1.0 if len(np.unique(scores)) == 5 else float("nan")

    found = estimate(all_five, np.array([0, 1, 0, 1, 0]), np.arange(5.0), np.arange(5), prevalence=None)
    assert found.value == 1.0
    assert np.isnan([found.low, found.high]).all()


def test_an_undefined_figure_has_no_interval():
    found = estimate(roc_auc, np.ones(3, int), np.arange(3.0), np.arange(3), prevalence=None)
    assert np.isnan(found).all()


def test_an_estimate_is_written_with_its_interval():
    assert str(Estimate(0.68349, 0.6, 0.75)) == "0.683 (0.600-0.750)"

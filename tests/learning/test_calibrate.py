"""Calibration and thresholds: a risk of one in ten means one in ten, and a threshold sends on what it says."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from adscreen.learning.calibrate import (
    CalibrateSettings,
    calibration_weights,
    choose_thresholds,
    expected_on_margin,
    fit_risk_model,
    weighted_quantile,
)
from adscreen.learning.metrics import calibration_error, prevalence_weights
from adscreen.learning.risk import sigmoid
from adscreen.signals.linear_text import TextScores
from adscreen.signals.table import SignalTable

OWN = CalibrateSettings(prevalence=None)


def draw(n, seed, *, slope=1.5, intercept=-1.0):
    """Ads whose true log-odds are a line in the margin, of many lengths and shares of known words."""
    rng = np.random.default_rng(seed)
    scores = TextScores(rng.normal(0, 2, n), rng.integers(6, 600, n), rng.uniform(0.3, 1.0, n))
    return scores, (rng.random(n) < sigmoid(slope * scores.margin + intercept)).astype(np.int64)


def none(scores):
    """No indicator in any ad."""
    return SignalTable.empty(len(scores.margin))


def test_on_new_ads_the_risk_is_the_share_of_deceptive_ads():
    scores, labels = draw(6000, 0)
    model = fit_risk_model(scores, none(scores), labels, np.ones(6000), OWN, {})
    new_scores, new_labels = draw(6000, 1)
    assert calibration_error(new_labels, model.risk(new_scores, none(new_scores)), np.ones(6000)) < 0.02
    assert model.prevalence == pytest.approx(labels.mean())


def test_the_risk_is_calibrated_at_the_prevalence_asked_for():
    scores, labels = draw(8000, 0)
    model = fit_risk_model(scores, none(scores), labels, np.ones(8000), CalibrateSettings(), {})
    new_scores, new_labels = draw(8000, 1)
    weights = prevalence_weights(new_labels, 0.048)
    assert calibration_error(new_labels, model.risk(new_scores, none(new_scores)), weights) < 0.01
    assert np.average(model.risk(new_scores, none(new_scores)), weights=weights) == pytest.approx(0.048, abs=0.008)
    assert model.prevalence == pytest.approx(0.048)


def test_a_margin_counts_less_where_the_model_knows_few_of_the_words():
    rng = np.random.default_rng(1)
    scores, _ = draw(6000, 0)
    # Where nothing is known, the margin says nothing.
    labels = (rng.random(6000) < sigmoid(2.0 * scores.margin * scores.known)).astype(np.int64)
    model = fit_risk_model(scores, none(scores), labels, np.ones(6000), OWN, {})
    known, strange = (TextScores(np.array([-1.0, 1.0]), np.array([64, 64]), np.full(2, k)) for k in (1.0, 0.35))
    assert np.ptp(model.risk(known, none(known))) > 0.7
    assert np.ptp(model.risk(strange, none(strange))) < 0.4


def test_a_margin_never_counts_more_where_the_model_knows_few_of_the_words():
    rng = np.random.default_rng(1)
    scores, _ = draw(6000, 0)
    # These ads would have it so: the fewer words are known, the more the margin says.
    labels = (rng.random(6000) < sigmoid(scores.margin * (0.5 + 3.0 * (1.0 - scores.known)))).astype(np.int64)
    model = fit_risk_model(scores, none(scores), labels, np.ones(6000), OWN, {})
    assert model.weights[0] > 0.5
    assert model.weights[1] == 0.0
    assert calibration_error(labels, model.risk(scores, none(scores)), np.ones(6000)) < 0.05


def test_a_margin_that_would_point_the_wrong_way_where_nothing_is_known_counts_for_nothing_there():
    rng = np.random.default_rng(1)
    scores, _ = draw(6000, 0)
    labels = (rng.random(6000) < sigmoid(2.0 * scores.margin * (scores.known - 0.5))).astype(np.int64)
    model = fit_risk_model(scores, none(scores), labels, np.ones(6000), OWN, {})
    assert model.weights[0] == 0.0
    assert model.weights[1] > 0.0


def with_signals(n=20_000):
    """Ads of which a tenth show each of four indicators; only the first two bear on the label."""
    rng = np.random.default_rng(3)
    scores, _ = draw(n, 0)
    signals = SignalTable(("strong", "lowering", "idle", "perverse"), rng.random((n, 4)) < 0.1)
    effect = signals.found @ np.array([2.0, -1.5, 0.0, -2.0])
    labels = (rng.random(n) < sigmoid(scores.margin + effect - 0.5)).astype(np.int64)
    return scores, signals, labels


EXPECTED = {"strong": 1.1, "lowering": -0.6, "idle": 0.6, "perverse": 0.6}


def test_the_weight_of_an_indicator_follows_the_data_where_there_are_many():
    scores, signals, labels = with_signals()
    model = fit_risk_model(scores, signals, labels, np.ones(len(labels)), OWN, EXPECTED)
    assert model.signals["strong"] == pytest.approx(2.0, abs=0.3)
    assert model.signals["lowering"] == pytest.approx(-1.5, abs=0.3)
    assert model.signals["idle"] == pytest.approx(0.0, abs=0.3)


def test_an_indicator_of_concern_never_lowers_the_risk_whatever_the_data_say():
    scores, signals, labels = with_signals()
    assert fit_risk_model(scores, signals, labels, np.ones(len(labels)), OWN, EXPECTED).signals["perverse"] == 0.0


def test_without_data_an_indicator_counts_by_its_published_strength():
    scores, signals, labels = with_signals()
    unseen = signals._replace(found=signals.found & (np.arange(4) != 0))
    model = fit_risk_model(scores, unseen, labels, np.ones(len(labels)), OWN, EXPECTED)
    assert model.signals["strong"] == pytest.approx(1.1)


def test_an_indicator_that_nothing_is_expected_of_is_left_out():
    scores, signals, labels = with_signals()
    assert list(fit_risk_model(scores, signals, labels, np.ones(len(labels)), OWN, {"strong": 1.1}).signals) == [
        "strong"
    ]


def test_ads_of_weight_zero_do_not_count():
    scores, labels = draw(2000, 0)
    weights = (np.arange(2000) < 1500).astype(float)
    flipped = np.where(np.arange(2000) < 1500, labels, 1 - labels)
    here, there = (fit_risk_model(scores, none(scores), y, weights, CalibrateSettings(), {}) for y in (labels, flipped))
    assert here.weights == pytest.approx(there.weights, abs=1e-4)
    assert here.intercept == pytest.approx(there.intercept, abs=1e-4)


def test_a_margin_that_points_the_wrong_way_is_refused():
    scores, labels = draw(1000, 0)
    with pytest.raises(ValueError, match="higher text margin") as error:
        fit_risk_model(scores, none(scores), 1 - labels, np.ones(1000), CalibrateSettings(), {})
    assert str(error.value) == (
        "calibration found that a higher text margin means a lower risk. "
        "Check the labels of the sources, and that both classes have more than a few campaigns."
    )


def test_the_thresholds_send_on_the_stated_shares_of_genuine_ads():
    rng = np.random.default_rng(0)
    risk, labels = rng.random(10_000), rng.integers(0, 2, 10_000)
    cuts = choose_thresholds(risk, labels, np.ones(10_000), CalibrateSettings(review_rate=0.05, urgent_rate=0.01))
    genuine = risk[labels == 0]
    assert (genuine >= cuts.review).mean() == pytest.approx(0.05, abs=0.0005)
    assert (genuine >= cuts.urgent).mean() == pytest.approx(0.01, abs=0.0005)


def test_the_thresholds_do_not_depend_on_the_deceptive_ads():
    rng = np.random.default_rng(0)
    risk, labels, settings = rng.random(500), np.arange(500) % 2, CalibrateSettings()
    there = np.where(labels == 1, 0.999, risk)
    assert choose_thresholds(risk, labels, np.ones(500), settings) == choose_thresholds(
        there, labels, np.ones(500), settings
    )


def test_the_shares_are_of_the_weight_of_the_genuine_ads():
    # A source of 9,000 ads of low risk and one of 1,000 of high risk, each half of the weight.
    risk = np.concatenate([np.linspace(0.0, 0.1, 9000), np.linspace(0.5, 0.6, 1000)])
    weights = np.concatenate([np.full(9000, 1 / 9000), np.full(1000, 1 / 1000)])
    cuts = choose_thresholds(risk, np.zeros(10_000, int), weights, CalibrateSettings(review_rate=0.05))
    assert cuts.review == pytest.approx(0.59, abs=0.001)


def test_urgent_is_always_above_review():
    cuts = choose_thresholds(np.full(50, 0.2), np.zeros(50, int), np.ones(50), CalibrateSettings())
    assert cuts.review == pytest.approx(0.2)
    assert cuts.urgent > cuts.review


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1.0), (0.5, 2.5), (0.25, 1.5), (1.0, 4.0)])
def test_a_quantile_of_equal_weights_lies_between_neighbours(share, expected):
    assert weighted_quantile(np.array([4.0, 1.0, 3.0, 2.0]), np.ones(4), share) == pytest.approx(expected)


def test_a_weight_of_three_counts_as_three_ads():
    repeated = weighted_quantile(np.array([1.0, 2.0, 2.0, 2.0, 3.0]), np.ones(5), 0.5)
    assert weighted_quantile(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 1.0]), 0.5) == repeated == 2.0


def cells(*rows):
    return pd.DataFrame(rows, columns=["source", "label", "weight", "measured"])


def test_each_source_counts_by_its_weight_within_its_class_whatever_its_size():
    ads = cells(*[("portal", 0, 1.0, True)] * 8, *[("facebook", 0, 2.0, True)] * 2, *[("facebook", 1, 2.0, True)] * 5)
    weights = calibration_weights(ads, 0.048)
    sums = pd.Series(weights).groupby([ads["source"], ads["label"]]).sum()
    assert sums.to_dict() == pytest.approx({("portal", 0): 1.0, ("facebook", 0): 2.0, ("facebook", 1): 2.0})


def test_ads_that_are_not_measured_and_sources_that_are_only_measured_do_not_count():
    ads = cells(("portal", 0, 1.0, True), ("portal", 0, 1.0, False), ("held", 0, 0.0, True))
    assert calibration_weights(ads, 0.048).tolist() == [1.0, 0.0, 0.0]
    assert calibration_weights(ads, None).tolist() == [1.0, 0.0, 0.0]


def test_at_the_prevalence_of_the_data_every_ad_counts_alike():
    ads = cells(*[("portal", 0, 1.0, True)] * 3, ("facebook", 1, 2.0, True))
    assert calibration_weights(ads, None).tolist() == [1.0] * 4


@pytest.mark.parametrize("prevalence", [0.048, None])
def test_by_campaign_copies_of_one_text_share_the_weight_of_one(prevalence):
    ads = cells(*[("telegram", 1, 2.0, True)] * 6, *[("telegram", 0, 2.0, True)] * 2, ("telegram", 1, 2.0, False))
    # Three campaigns of deceptive ads: four copies, and two ads on their own; the last ad is not measured.
    ads["group"] = [7, 7, 7, 7, 8, 9, 10, 11, 8]
    alone = calibration_weights(ads, prevalence)
    shared = calibration_weights(ads, prevalence, by_campaign=True)
    deceptive = alone[:6].sum()
    assert shared[:6] == pytest.approx(np.array([0.25, 0.25, 0.25, 0.25, 1.0, 1.0]) * deceptive / 3)
    assert shared[6:].tolist() == alone[6:].tolist()
    assert shared[8] == 0.0


@pytest.mark.parametrize("wrong", [{"review_rate": 0}, {"urgent_rate": 1}, {"level_alpha": 0}, {"revue_rate": 0.1}])
def test_settings_out_of_range_or_unknown_are_refused(wrong):
    with pytest.raises(ValidationError):
        CalibrateSettings(**wrong)


def test_a_signal_is_worth_as_much_margin_as_moves_the_log_odds_by_its_published_strength():
    scores, labels = draw(6000, 0, slope=1.5)
    signals = SignalTable(("visit_visa",), (np.arange(6000) % 2 == 0)[:, None])
    added = expected_on_margin(scores.margin, signals, labels, np.ones(6000), OWN, {"visit_visa": 0.9})
    assert added[0] == pytest.approx(0.9 / 1.5, rel=0.1)
    assert added[1] == 0.0


def test_a_signal_is_worth_no_margin_where_the_margin_tells_nothing():
    scores, labels = draw(2000, 0, slope=-1.0)
    signals = SignalTable(("visit_visa",), np.ones((2000, 1), bool))
    added = expected_on_margin(scores.margin, signals, labels, np.ones(2000), OWN, {"visit_visa": 0.9})
    assert not added.any()

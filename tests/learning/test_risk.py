"""From margin to risk to band."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adscreen.learning.risk import BANDS, RISK_FEATURES, RiskModel, Thresholds, risk_features, sigmoid
from adscreen.signals.linear_text import TextScores

MARGIN_ONLY = RiskModel((1.0, 0.0), 0.0, 0.5)


def scores(margin, n_tokens=64, known=1.0):
    return TextScores(np.array([margin], float), np.array([n_tokens], np.int64), np.array([known], float))


@pytest.mark.parametrize(
    ("margin", "known", "features"),
    [(2.0, 1.0, [2, 0]), (2.0, 0.25, [2, 1.5]), (-3.0, 0.5, [-3, -1.5]), (1.0, 0.0, [1, 1]), (0.0, 0.5, [0, 0])],
)
def test_the_calibrator_reads_the_margin_and_how_much_of_it_rests_on_unknown_words(margin, known, features):
    assert RISK_FEATURES == ("margin", "margin_x_unknown")
    assert risk_features(scores(margin, known=known)).tolist() == [features]


def test_the_length_of_an_ad_alone_does_not_move_its_risk():
    assert risk_features(scores(1.0, n_tokens=5)).tolist() == risk_features(scores(1.0, n_tokens=5000)).tolist()


def test_risk_is_the_sigmoid_of_the_weighted_features():
    model = RiskModel((1.0, -0.5), -1.5, 0.048)
    found = scores(2.0, known=0.5)
    assert model.log_odds(found)[0] == pytest.approx(2.0 - 0.5 - 1.5)
    assert model.risk(found)[0] == pytest.approx(1 / (1 + math.exp(0.0)))


@given(st.floats(-1e6, 1e6))
def test_the_sigmoid_stays_between_zero_and_one_without_overflow(log_odds):
    with np.errstate(over="raise"):
        value = sigmoid(np.array([log_odds]))[0]
    assert 0.0 <= value <= 1.0
    assert value + sigmoid(np.array([-log_odds]))[0] == pytest.approx(1.0)


def test_even_odds_are_one_half():
    assert sigmoid(np.array([0.0, math.log(3), -math.log(3)])) == pytest.approx([0.5, 0.75, 0.25])


def test_a_higher_margin_is_a_higher_risk():
    margins = np.linspace(-9, 9, 50)
    found = TextScores(margins, np.full(50, 64), np.ones(50))
    assert (np.diff(MARGIN_ONLY.risk(found)) > 0).all()


def test_a_band_begins_at_its_threshold():
    bands = Thresholds(0.2, 0.6).band(np.array([0.0, 0.1999, 0.2, 0.5999, 0.6, 1.0]))
    assert bands.tolist() == ["clear", "clear", "review", "review", "urgent", "urgent"]


def test_the_bands_are_those_of_the_contract():
    assert BANDS == ("clear", "review", "urgent", "unscorable")


def test_thresholds_are_plain_json():
    assert Thresholds(0.2, 0.6).as_json() == {"review": 0.2, "urgent": 0.6}

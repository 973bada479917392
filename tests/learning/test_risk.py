"""From margin to risk to band."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adscreen.learning.risk import (
    BANDS,
    MAX_LOWERING,
    TEXT_FEATURES,
    RiskModel,
    Thresholds,
    sigmoid,
    text_features,
)
from adscreen.signals.linear_text import TextScores
from adscreen.signals.table import SignalTable

MARGIN_ONLY = RiskModel((1.0, 0.0), {}, 0.0, 0.5)
JOINED = RiskModel(
    (1.0, 0.0), {"visit_visa": 2.0, "passport_held": 1.5, "named_employer": -0.8, "job_order": -0.9}, -3.0, 0.048
)
CUTS = Thresholds(0.2, 0.6)


def scores(margin, n_tokens=64, known=1.0):
    return TextScores(np.array([margin], float), np.array([n_tokens], np.int64), np.array([known], float))


def shows(*codes):
    """The indicators of one ad."""
    return SignalTable.of([codes], tuple(dict.fromkeys(codes)))


@pytest.mark.parametrize(
    ("margin", "known", "features"),
    [(2.0, 1.0, [2, 2]), (2.0, 0.25, [2, 0.5]), (-3.0, 0.5, [-3, -1.5]), (1.0, 0.0, [1, 0]), (0.0, 0.5, [0, 0])],
)
def test_the_joined_model_reads_the_margin_and_how_much_of_it_rests_on_known_words(margin, known, features):
    assert TEXT_FEATURES == ("margin", "margin_x_known")
    assert text_features(scores(margin, known=known)).tolist() == [features]


def test_the_length_of_an_ad_alone_does_not_move_its_risk():
    assert text_features(scores(1.0, n_tokens=5)).tolist() == text_features(scores(1.0, n_tokens=5000)).tolist()


def test_risk_is_the_sigmoid_of_the_weighted_features():
    model = RiskModel((0.5, 0.5), {"visit_visa": 1.0}, -2.5, 0.048)
    found = scores(2.0, known=0.5)
    assert model.log_odds(found, shows("visit_visa"))[0] == pytest.approx(1.0 + 0.5 + 1.0 - 2.5)
    assert model.risk(found, shows("visit_visa"))[0] == pytest.approx(1 / (1 + math.exp(0.0)))


def test_an_indicator_without_a_weight_adds_nothing():
    assert JOINED.log_odds(scores(1.0), shows("of_a_user")) == JOINED.log_odds(scores(1.0), shows())


def test_what_lowers_concern_takes_off_no_more_than_a_stated_amount():
    both, one = (
        JOINED.parts(scores(0.0), shows(*codes)).lowering[0]
        for codes in (("named_employer", "job_order"), ("job_order",))
    )
    assert (both, one) == (-MAX_LOWERING, -0.9)


def test_no_single_indicator_takes_an_ad_from_clear_to_urgent():
    strong = JOINED._replace(signals={"visit_visa": 9.0, "passport_held": 9.0})
    alone, together = (
        strong.judge(scores(0.0), shows(*codes), CUTS).band[0]
        for codes in (("visit_visa",), ("visit_visa", "passport_held"))
    )
    assert (alone, together) == ("review", "urgent")


def test_an_indicator_may_make_a_doubtful_ad_urgent():
    assert JOINED.judge(scores(1.8), shows(), CUTS).band[0] == "review"
    assert JOINED.judge(scores(1.8), shows("visit_visa"), CUTS).band[0] == "urgent"


def test_wording_alone_sends_an_ad_to_review_and_never_to_urgent():
    assert JOINED.judge(scores(9.0), shows(), CUTS).band[0] == "review"
    assert JOINED.judge(scores(9.0), shows("named_employer"), CUTS).band[0] == "review"
    assert JOINED.judge(scores(9.0), shows("visit_visa"), CUTS).band[0] == "urgent"


def test_nothing_that_lowers_concern_takes_an_ad_from_urgent_to_clear():
    close = Thresholds(0.55, 0.6)
    model = JOINED._replace(signals={**JOINED.signals, "visit_visa": 0.1})
    assert model.judge(scores(3.4), shows("visit_visa"), close).band[0] == "urgent"
    lowered = model.judge(scores(3.4), shows("visit_visa", "job_order", "named_employer"), close)
    assert lowered.risk[0] < close.review
    assert lowered.band[0] == "review"


@given(st.sets(st.sampled_from(sorted(JOINED.signals))), st.floats(-5, 5))
def test_an_indicator_of_concern_never_lowers_the_risk_and_a_lowering_one_never_raises_it(codes, margin):
    before = JOINED.risk(scores(margin), shows(*codes))[0]
    assert JOINED.risk(scores(margin), shows(*codes, "visit_visa"))[0] >= before
    assert JOINED.risk(scores(margin), shows(*codes, "job_order"))[0] <= before


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
    assert (np.diff(MARGIN_ONLY.risk(found, SignalTable.empty(50))) > 0).all()


def test_a_band_begins_at_its_threshold():
    bands = Thresholds(0.2, 0.6).band(np.array([0.0, 0.1999, 0.2, 0.5999, 0.6, 1.0]))
    assert bands.tolist() == ["clear", "clear", "review", "review", "urgent", "urgent"]


def test_the_bands_are_those_of_the_contract():
    assert BANDS == ("clear", "review", "urgent", "unscorable")


def test_thresholds_are_plain_json():
    assert Thresholds(0.2, 0.6).as_json() == {"review": 0.2, "urgent": 0.6}

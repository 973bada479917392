"""When a text counts as a warning and not as an offer."""

import pytest

from adscreen.signals.awareness import MAX_SIGNS, SIGN_MARGIN, reads_as_warning, warning_signs
from adscreen.signals.evidence import read_ad
from adscreen.signals.indicators import shipped_finder

POLICE = "Police warn: fake job offers in Cambodia. Do not fall victim to this scam, report it."
OFFER = "Chat operator wanted in Phnom Penh, flight paid, 1500 USD, write @mira_ex."


def reading(text):
    return read_ad(shipped_finder(), text, language="en")


def test_different_signs_of_a_warning_are_counted_up_to_two():
    assert warning_signs(reading(POLICE), POLICE) == MAX_SIGNS == 2


def test_an_offer_has_no_sign_of_a_warning():
    assert warning_signs(reading(OFFER), OFFER) == 0


def test_without_a_model_two_signs_are_enough():
    assert reads_as_warning(reading(POLICE), POLICE)
    assert not reads_as_warning(reading(OFFER), OFFER)


@pytest.mark.parametrize(("margin", "expected"), [(0.0, True), (0.01, True), (-0.01, False)])
def test_with_a_model_the_wording_alone_decides_from_a_margin_of_nought(margin, expected):
    assert reads_as_warning(reading(OFFER), OFFER, margin) == expected


@pytest.mark.parametrize(("margin", "expected"), [(-2 * SIGN_MARGIN, True), (-2 * SIGN_MARGIN - 0.01, False)])
def test_with_a_model_each_sign_adds_its_share(margin, expected):
    assert reads_as_warning(reading(POLICE), POLICE, margin) == expected

"""What is decided from several findings of one ad: pay beside the wages of two countries."""

import pytest

from adscreen.signals.evidence import read_ad
from adscreen.signals.indicators import shipped_finder


def read(text, language):
    return read_ad(shipped_finder(), text, language=language)


def codes(reading):
    return [each.code for each in reading.evidence]


def test_pay_abroad_is_set_against_the_wage_at_home_where_that_is_higher():
    reading = read("招聘客服，地点柬埔寨，月薪8000元，包机票", "zh")
    assert (reading.route.origin, reading.route.destinations) == ("CN", ("KH",))
    assert reading.best_offer.rate.country == "CN"
    assert "pay_far_above_rate" not in codes(reading)


def test_pay_far_above_the_wages_of_both_countries_is_a_sign():
    reading = read("招聘客服，地点柬埔寨，月薪60000元，包机票", "zh")
    assert reading.best_offer.ratio > 10
    assert "pay_far_above_rate" in codes(reading)


@pytest.mark.parametrize("salary", ["9000 QAR", "1500 QAR"])
def test_pay_is_set_against_the_wage_there_where_that_is_higher(salary):
    reading = read(f"Nepali cooks wanted for Qatar, salary {salary} per month", "en")
    assert (reading.route.origin, reading.best_offer.rate.country) == ("NP", "QA")

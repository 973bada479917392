"""Which kind of deception an ad is said to point to."""

import pandas as pd
import pytest

from adscreen import Scorer
from adscreen.signals.going_rates import kind_of_role


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Housemaid wanted in Riyadh", "labour_exploitation"),
        ("Erntehelfer für Spargel gesucht", "labour_exploitation"),
        ("聊天专员 柬埔寨", "scam_compound"),
        ("Требуются хостес в Стамбул", "sexual_exploitation"),
        ("Krankenschwester in Wien", None),
        ("Work abroad, good pay", None),
    ],
)
def test_some_roles_are_mostly_lured_into_one_kind_of_deception(text, kind):
    assert kind_of_role(text) == kind


SIGNS = "No visa needed, you enter as a tourist, the company keeps your passport. WhatsApp +855 00 000 000."


@pytest.mark.parametrize(
    ("role", "kind"),
    [("Housemaid", "labour_exploitation"), ("Chat operator", "scam_compound")],
)
def test_the_same_signs_point_to_what_fits_the_role(role, kind):
    result = Scorer.load().score(pd.DataFrame({"description": [f"{role} wanted abroad, 1200 USD. {SIGNS}"]})).iloc[0]
    assert result["type"] == kind


def test_a_role_alone_names_no_kind():
    result = Scorer.load().score(pd.DataFrame({"description": ["Housemaid wanted in Riyadh for a family of five"]}))
    assert result["type"].isna().all()


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("Kidney donor wanted, blood group O", "organ_removal"),
        ("Free trip, you take a suitcase along", "courier"),
        ("Receive transfers on your own account and forward the money", "money_mule"),
    ],
)
def test_what_is_asked_weighs_more_than_how_people_travel_and_are_held(asked, kind):
    result = Scorer.load().score(pd.DataFrame({"description": [f"{asked}, 1200 USD. {SIGNS}"]})).iloc[0]
    assert result["type"] == kind

"""Why an ad was judged as it was, in parts that add up."""

import math

import pandas as pd
import pytest

from adscreen.scoring.explain import explain
from adscreen.scoring.result import RESULT_COLUMNS
from adscreen.scoring.scorer import Scorer


@pytest.fixture
def ad():
    return pd.DataFrame(
        {
            "title": ["<b>Customer service</b> in Thailand"],
            "description": ["Free visa &amp; ticket, salary 2000 USD, no experience needed, office near the border"],
            "company": ["Sunrise"],
        },
        index=[41],
    )


def test_the_parts_add_up_to_the_log_odds_and_these_give_the_risk(scorer, ad):
    found = explain(scorer, ad)
    assert list(found.parts)[:2] == ["baseline", "text"]
    assert set(found.parts) - {"baseline", "text", "lowering limit"} <= {each.code for each in found.found}
    assert sum(found.parts.values()) == pytest.approx(found.log_odds)
    assert 1 / (1 + math.exp(-found.log_odds)) == pytest.approx(found.result["risk"], abs=1e-6)


def test_the_parts_add_up_for_every_ad_of_the_sample(scorer, sample):
    for text in sample["text"][::23]:
        found = explain(scorer, pd.DataFrame({"description": [text]}))
        if found.result["band"] != "unscorable":
            assert 1 / (1 + math.exp(-found.log_odds)) == pytest.approx(found.result["risk"], abs=1e-6)


def test_the_result_is_the_row_the_scorer_gives(scorer, ad):
    found = explain(scorer, ad)
    assert tuple(found.result) == RESULT_COLUMNS
    row = scorer.score(ad).iloc[0]
    assert found.result == row.where(row.notna(), None).to_dict()


def test_what_an_unscorable_ad_does_not_have_is_null(scorer):
    found = explain(scorer, pd.DataFrame({"description": ["hi"]}))
    assert (found.result["band"], found.result["risk"], found.result["type"]) == ("unscorable", None, None)


def test_the_fields_are_those_with_text_as_given(scorer, ad):
    assert explain(scorer, ad).fields == {
        "title": "<b>Customer service</b> in Thailand",
        "description": "Free visa &amp; ticket, salary 2000 USD, no experience needed, office near the border",
        "company": "Sunrise",
    }


def test_the_terms_are_quoted_from_the_fields(scorer, ad):
    found = explain(scorer, ad)
    assert found.terms
    assert all(found.fields[term.field][term.start : term.end] == term.quote for term in found.terms)


def test_no_more_terms_than_asked_for(scorer, ad):
    assert len(explain(scorer, ad, limit=2).terms) == 2


def test_the_thresholds_of_the_model_are_given(scorer, ad):
    assert explain(scorer, ad).thresholds == {"review": 0.4, "urgent": 0.7}


def test_a_clear_ad_is_explained_too(bundle, ad):
    lenient = Scorer(bundle._replace(thresholds=bundle.thresholds._replace(review=1.1, urgent=1.2)))
    found = explain(lenient, ad)
    assert found.result["band"] == "clear"
    assert found.terms


@pytest.mark.parametrize(
    ("short_by", "what"),
    [
        (0.2, "one more weak sign would send it there."),
        (0.5, "one more medium sign would send it there."),
        (1.0, "one more strong sign would send it there."),
        (2.5, "it would take 3 more strong signs to send it there."),
    ],
)
def test_what_would_send_a_clear_ad_to_review_is_said_in_signs(bundle, ad, short_by, what):
    log_odds = explain(Scorer(bundle), ad).log_odds
    review = 1 / (1 + math.exp(-log_odds - short_by))
    strict = Scorer(bundle._replace(thresholds=bundle.thresholds._replace(review=review, urgent=0.9999)))
    risk = 1 / (1 + math.exp(-log_odds))
    assert explain(strict, ad).changes == [f"Its risk is {risk:.3f}, review begins at {review:.3f}: {what}"]


def test_an_unscorable_ad_says_why(scorer):
    found = explain(scorer, pd.DataFrame({"description": [""]}))
    assert found.result["reason"] == "There is no text to judge."
    assert (found.fields, found.terms) == ({}, [])


def test_the_ad_is_not_changed(scorer, ad):
    before = ad.copy(deep=True)
    explain(scorer, ad)
    pd.testing.assert_frame_equal(ad, before)

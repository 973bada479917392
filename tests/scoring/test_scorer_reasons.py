"""What a result row says of a flagged ad: its reason, quotes and contacts."""

import json

import numpy as np
import pandas as pd
import pytest
from messy_ads import MESSY_ADS
from one_ad import score_one

from adscreen.learning.risk import Thresholds
from adscreen.scoring.bundle import Abstain
from adscreen.scoring.scorer import CLEAR_REASON, Scorer

# Reason and terms


@pytest.fixture(scope="session")
def flagged(ads, results):
    rows = results[results["band"].isin(["review", "urgent"])]
    assert len(rows) > 50
    return rows.assign(original=ads["description"])


def test_a_flagged_ad_has_terms_quoted_from_it(flagged):
    for row in flagged.itertuples():
        terms = json.loads(row.terms)
        assert 1 <= len(terms) <= 8
        for term in terms:
            assert list(term) == ["quote", "field", "start", "end", "weight"]
            assert term["field"] == "description"
            assert row.original[term["start"] : term["end"]] == term["quote"]


def test_the_reason_names_up_to_three_signs_or_else_the_words_that_raised_the_score(flagged):
    for row in flagged.itertuples():
        signs = list(dict.fromkeys(each["label"] for each in json.loads(row.indicators) if each["weight"] > 0))
        terms = [" ".join(term["quote"].split()) for term in json.loads(row.terms) if term["weight"] > 0]
        if signs:
            assert all(f"{label[0].lower()}{label[1:]} (“" in row.reason for label in signs[:3])
        elif terms:
            assert row.reason.startswith("Higher concern: the wording is like that of deceptive ads, above all “")


def test_every_quote_is_an_exact_part_of_the_ad(flagged):
    for row in flagged.itertuples():
        for each in json.loads(row.indicators):
            assert list(each) == ["code", "label", "quote", "field", "start", "end", "weight", "source"]
            assert row.original[each["start"] : each["end"]] == each["quote"]


def test_contacts_are_masked_everywhere_unless_asked_for(bundle):
    frame = pd.DataFrame({"description": ["Data entry in Bangkok, enter on tourist visa, Telegram @secret_handle_ex"]})
    masked, shown = (Scorer(bundle, reveal=reveal).score(frame).iloc[0] for reveal in (False, True))
    assert "secret_handle" not in masked.to_json()
    assert "secret_handle_ex" in shown["contacts"]


def test_a_warning_is_unscorable(scorer):
    text = "Police warn: beware of fake job offers in Cambodia. Victims were lured to scam compounds and held there."
    row = score_one(scorer, description=text)
    assert (row["band"], row["reason"]) == ("unscorable", "Reads as a warning, not an ad.")


def test_a_flagged_ad_without_a_phrase_that_raised_the_score_says_so(bundle):
    nervous = Scorer(bundle._replace(thresholds=bundle.thresholds._replace(review=0.0, urgent=1.1)))
    nothing = bundle.text._replace(table=bundle.text.table * np.float32([1, 0]))
    row = score_one(Scorer(nervous.bundle._replace(text=nothing)), description="we are looking for a colleague")
    assert row["band"] == "review"
    assert row["reason"] == "Higher concern: many small signs in the wording, none of them strong on its own."


def test_a_clear_ad_is_of_lower_concern_and_never_called_safe(results):
    clear = results[results["band"] == "clear"]
    assert set(clear["reason"]) == {
        "Lower concern: the wording is like that of genuine ads; this does not prove the offer is real."
    }
    assert set(clear["terms"]) == {"[]"}
    assert "safe" not in CLEAR_REASON


@pytest.mark.parametrize("ad", MESSY_ADS.values(), ids=MESSY_ADS)
def test_a_messy_ad_is_quoted_exactly(bundle, ad):
    nervous = Scorer(bundle._replace(thresholds=Thresholds(0.0, 0.7), abstain=Abstain(1, 0.0, 0.0)))
    frame = pd.DataFrame({"title": ["Job"], "description": pd.Series([ad], dtype=object)})
    scored = nervous.score(frame).iloc[0]
    assert scored["band"] in ("review", "urgent")
    originals = {"title": "Job", "description": "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in ad)}
    terms = json.loads(scored["terms"])
    assert terms
    for term in terms:
        assert originals[term["field"]][term["start"] : term["end"]] == term["quote"]

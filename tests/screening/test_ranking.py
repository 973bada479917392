"""The most suspicious campaigns and ads, each once."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from adscreen.ads.schema import AD_FIELDS, conform
from adscreen.screening.ranking import Ranking


def judged(risks, texts=None, first_row=1, **columns):
    """A chunk of ads with the risks given; None is unscorable."""
    texts = texts or [f"ad {first_row + i} of a job abroad" for i in range(len(risks))]
    ads = conform(pd.DataFrame({"description": texts, **columns}))
    ads["row"] = np.arange(first_row, first_row + len(risks))
    risk = np.array([np.nan if value is None else value for value in risks], float)
    band = np.where(np.isnan(risk), "unscorable", np.where(risk >= 0.5, "review", "clear"))
    return ads, pd.DataFrame({"ad_id": ads["ad_id"], "risk": risk, "band": band, "reason": "because"})


def most_suspicious(chunks, budget, campaigns=None):
    ranking, n = Ranking(), 0
    for ads, results in chunks:
        ranking.add(ads, results)
        n += len(ads)
    return ranking.ranked([None] * n if campaigns is None else campaigns, budget)


def rows_and_risks(ranked):
    return [(ad["row"], ad["risk"]) for ad in ranked]


def test_the_highest_risks_come_first():
    ranked = most_suspicious([judged([0.2, 0.9, 0.5]), judged([0.7, 0.1], first_row=4)], 3)
    assert rows_and_risks(ranked) == [(2, 0.9), (4, 0.7), (3, 0.5)]


def test_of_equal_risks_the_ad_read_first_comes_first():
    ranked = most_suspicious([judged([0.5, 0.5]), judged([0.5, 0.5], first_row=3)], 3)
    assert rows_and_risks(ranked) == [(1, 0.5), (2, 0.5), (3, 0.5)]


def test_unscorable_ads_are_not_ranked():
    assert rows_and_risks(most_suspicious([judged([None, 0.1, None])], 5)) == [(2, 0.1)]


def test_a_larger_budget_than_ads_gives_all_ads():
    assert len(most_suspicious([judged([0.1, 0.2])], 100)) == 2
    assert most_suspicious([], 100) == []


def test_what_a_result_does_not_have_is_null():
    ads, results = judged([0.9])
    (ad,) = most_suspicious([(ads, results.assign(type=pd.array([None], dtype="str")))], 1)
    assert ad["type"] is None


def test_copies_of_a_text_take_one_place_and_are_counted():
    chunks = [
        judged([0.9, 0.4, 0.9], ["高薪 包机票", "cook", "高薪 包机票"]),
        judged([0.8, 0.9], ["driver", "高薪 包机票"], first_row=4),
    ]
    ranked = most_suspicious(chunks, 2)
    assert [(ad["row"], ad["description"], ad["copies"]) for ad in ranked] == [(1, "高薪 包机票", 3), (4, "driver", 1)]


def test_ads_that_differ_in_any_text_field_are_no_copies():
    for name in ("title", "requirements", "benefits"):
        ranked = most_suspicious([judged([0.9, 0.8], ["same text"] * 2, **{name: ["one", "other"]})], 5)
        assert [ad["copies"] for ad in ranked] == [1, 1]


def test_copies_of_one_text_from_different_companies_are_copies():
    ranked = most_suspicious([judged([0.9, 0.9], ["same text"] * 2, company=["A", "B"])], 5)
    assert [(ad["company"], ad["copies"]) for ad in ranked] == [("A", 2)]


def test_an_ad_is_shown_with_its_result_and_what_people_look_for():
    ads, results = judged([0.9], ["no fee"], title=["Cook"], company=["Sunrise"], location=["Doha"], source=["group 7"])
    (ad,) = most_suspicious([(ads, results)], 1)
    assert {name: value for name, value in ad.items() if name != "ad"} == {
        "ad_id": ads["ad_id"][0],
        "risk": 0.9,
        "band": "review",
        "reason": "because",
        "title": "Cook",
        "description": "no fee",
        "company": "Sunrise",
        "location": "Doha",
        "source": "group 7",
        "row": 1,
        "copies": 1,
        "campaign_id": None,
        "campaign_ads": 1,
    }
    assert ad["ad"] == {name: str(ads.at[0, name]) for name in AD_FIELDS}


def test_a_campaign_takes_one_place_and_its_riskiest_ad_stands_for_it():
    chunk = judged([0.6, 0.9, 0.7, 0.8], ["waiter Oslo", "waiter Rome", "driver", "cook"])
    ranked = most_suspicious([chunk], 2, ["c-1", "c-1", None, None])
    assert [(ad["row"], ad["campaign_id"], ad["campaign_ads"]) for ad in ranked] == [(2, "c-1", 2), (4, None, 1)]


def test_an_ad_of_a_campaign_that_was_not_judged_counts_but_does_not_stand_for_it():
    ranked = most_suspicious([judged([None, 0.2], ["x", "driver wanted"])], 5, ["c-1", "c-1"])
    assert [(ad["row"], ad["campaign_ads"]) for ad in ranked] == [(2, 2)]


risks = st.lists(st.one_of(st.none(), st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])), max_size=30)


@given(risks, st.integers(1, 8), st.integers(1, 10))
def test_ranking_in_chunks_is_sorting_everything(values, budget, chunk):
    # A text is the name of its risk and a number: equal texts have equal risks, as the scorer gives them.
    texts = [f"{value} {i % 3}" for i, value in enumerate(values)]
    chunks = [
        judged(values[i : i + chunk], texts[i : i + chunk], first_row=i + 1) for i in range(0, len(values), chunk)
    ]
    first, copies = {}, {}
    for row, (value, text) in enumerate(zip(values, texts, strict=True), 1):
        if value is not None:
            first.setdefault(text, (value, row))
            copies[text] = copies.get(text, 0) + 1
    expected = sorted(first.items(), key=lambda item: (-item[1][0], item[1][1]))[:budget]
    assert [(ad["risk"], ad["row"], ad["copies"]) for ad in most_suspicious(chunks, budget)] == [
        (value, row, copies[text]) for text, (value, row) in expected
    ]

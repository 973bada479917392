"""`Scorer`: one row for each ad, in order, with its risk and band."""

import json
import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from messy_ads import MESSY_ADS, messy_fields
from one_ad import score_one
from pydantic import ValidationError

import adscreen
from adscreen.ads.cleaning import clean
from adscreen.errors import BundleError, UsageError
from adscreen.scoring.result import RESULT_COLUMNS, Result
from adscreen.scoring.scorer import Scorer, shipped_model
from adscreen.signals.linear_text import score_texts
from adscreen.signals.table import SignalTable

same_model = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


# Rows


def test_there_is_one_row_for_each_ad_in_order(ads, results):
    assert results["ad_id"].tolist() == ads["ad_id"].tolist()


def test_the_columns_are_those_of_the_contract(results):
    assert list(results.columns) == [
        "ad_id",
        "risk",
        "band",
        "reason",
        "type",
        "indicators",
        "terms",
        "language",
        "contacts",
        "model_version",
    ]
    assert tuple(results.columns) == RESULT_COLUMNS == tuple(Result.model_fields)
    assert {name: str(dtype) for name, dtype in results.dtypes.items()} == {
        name: "float64" if name == "risk" else "str" for name in RESULT_COLUMNS
    }


def test_every_row_fits_the_schema_of_a_result(results):
    for row in results.to_dict("records"):
        Result.model_validate({**row, "type": None if pd.isna(row["type"]) else row["type"]})


def test_the_type_of_a_result_may_be_null_and_no_other_text_may():
    row = dict.fromkeys(RESULT_COLUMNS, "x") | {"risk": 0.5}
    assert Result.model_validate({**row, "type": None}).type is None
    for name in set(RESULT_COLUMNS) - {"type", "risk"}:
        with pytest.raises(ValidationError):
            Result.model_validate({**row, name: None})


@pytest.mark.parametrize("index", [[7, 3, 7], ["a", "b", "c"], pd.date_range("2026-01-01", periods=3)])
def test_the_index_of_the_frame_is_kept(scorer, index):
    frame = pd.DataFrame({"ad_id": ["x", "y", "z"], "description": ["no fee", "free visa", "招聘"]}, index=index)
    scored = scorer.score(frame)
    pd.testing.assert_index_equal(scored.index, frame.index)
    assert scored["ad_id"].tolist() == ["x", "y", "z"]


def test_the_frame_given_is_not_changed(scorer, ads):
    frame = ads.assign(language=[None] * len(ads), label=1)
    before = frame.copy(deep=True)
    scorer.score(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_scoring_twice_gives_the_same(scorer, ads, results):
    pd.testing.assert_frame_equal(scorer.score(ads), results)


def test_an_ad_is_judged_alike_alone_and_in_company(scorer, ads, results):
    shuffled = ads.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(scorer.score(shuffled), results.loc[shuffled.index])
    pd.testing.assert_frame_equal(scorer.score(ads.iloc[[5]]), results.iloc[[5]])


@same_model
@given(st.lists(messy_fields, min_size=1, max_size=4))
def test_any_ads_give_one_row_each(scorer, fields):
    frame = pd.DataFrame(fields, dtype=object)
    scored = scorer.score(frame)
    assert len(scored) == len(frame)
    assert ((scored["band"] == "unscorable") == scored["risk"].isna()).all()
    assert scored["risk"].dropna().between(0, 1).all()
    assert (scored["reason"] != "").all()
    for name in ("terms", "indicators", "contacts"):
        assert all(isinstance(json.loads(value), list) for value in scored[name])


def test_no_ads_give_no_rows_with_the_same_columns(scorer, results):
    scored = scorer.score(pd.DataFrame({"description": []}))
    assert len(scored) == 0
    assert scored.dtypes.to_dict() == results.dtypes.to_dict()


def test_other_columns_do_not_change_the_judgement(scorer, ads, results):
    more = ads.assign(label=1, posted_at="5000", channel="telegram", has_company_logo=True, url="https://x.example")
    pd.testing.assert_frame_equal(scorer.score(more), results)


def test_nulls_count_as_empty(scorer):
    frame = pd.DataFrame({"title": [None, "Cook"], "description": ["free visa", np.nan], "language": [pd.NA, None]})
    filled = frame.astype(object).where(frame.notna(), "")
    pd.testing.assert_frame_equal(scorer.score(frame), scorer.score(filled))


def test_an_id_is_derived_where_none_is_given(scorer):
    frame = pd.DataFrame({"description": ["free visa", "free visa", "no fee"]})
    ids = scorer.score(frame)["ad_id"].tolist()
    assert ids[0] == ids[1] != ids[2]
    assert ids[0].startswith("ad-")


def test_a_frame_without_a_text_column_is_refused(scorer):
    with pytest.raises(UsageError) as error:
        scorer.score(pd.DataFrame({"post_text": ["free visa"]}))
    assert str(error.value) == (
        "no column holds the text of the ads. Columns found: 'post_text'. "
        "Say which one it is: --map description=post_text (also title=, requirements=, benefits=)"
    )
    assert error.value.exit_code == 2


def test_every_row_names_the_model(results, scorer):
    assert set(results["model_version"]) == {scorer.version}


def test_a_clear_ad_has_no_evidence_and_no_type(results):
    clear = results[results["band"] == "clear"]
    assert clear["type"].isna().all()
    assert set(clear["indicators"]) == {"[]"}


def test_the_type_is_a_kind_of_deception_that_an_indicator_points_to(results, scorer):
    for row in results[results["type"].notna()].itertuples():
        codes = {each["code"] for each in json.loads(row.indicators)}
        assert row.type in {kind for code in codes for kind in scorer.catalogue.indicators[code].suggests}


# Risk and band


@pytest.fixture(scope="module")
def signals(scorer, sample_texts, results):
    """The indicators of the sample."""
    found = [
        {each.code for each in scorer.read({"description": text}, language).evidence}
        for text, language in zip(sample_texts, results["language"], strict=True)
    ]
    return SignalTable.of(found, tuple(scorer.bundle.risk.signals))


def test_the_risk_joins_the_score_of_the_text_with_the_indicators(scorer, sample_texts, signals, results):
    expected = scorer.bundle.risk.risk(score_texts(scorer.bundle.text, sample_texts), signals)
    judged = (results["band"] != "unscorable").to_numpy()
    np.testing.assert_allclose(results["risk"][judged], expected[judged], rtol=0, atol=5e-7)


def test_the_band_follows_from_the_risk_but_for_the_two_rules(results):
    risk = results["risk"].to_numpy()
    plain = np.where(risk >= 0.7, "urgent", np.where(risk >= 0.4, "review", "clear"))
    judged = (results["band"] != "unscorable").to_numpy()
    assert (results["band"] == "review")[judged & (results["band"] != plain).to_numpy()].all()
    assert set(results["band"]) >= {"clear", "review", "urgent"}


def test_deceptive_ads_rank_above_genuine_ones(sample, results):
    risk = results["risk"].groupby(sample["label"]).mean()
    assert risk[1] > risk[0] + 0.3


@pytest.mark.parametrize(
    ("messy", "plain"),
    [
        ("<p>Free&nbsp;visa,</p> <b>salary</b> 2000 USD, no experience", "Free visa,\nsalary 2000 USD, no experience"),
        ("Fr\u200bee vi\u00adsa, salary 2000 USD, no experience", "Free visa, salary 2000 USD, no experience"),
        ("Ｆｒｅｅ visa, salary ２０００ USD, no experience", "Free visa, salary 2000 USD, no experience"),
        (unicodedata.normalize("NFD", MESSY_ADS["Vietnamese, decomposed"]),
         unicodedata.normalize("NFC", MESSY_ADS["Vietnamese, decomposed"])),
    ],
)  # fmt: skip
def test_how_an_ad_is_dressed_up_does_not_change_its_risk(scorer, messy, plain):
    assert score_one(scorer, description=messy)["risk"] == score_one(scorer, description=plain)["risk"]


def test_many_disguised_words_are_a_sign_of_their_own(scorer):
    plain, hidden = (
        "Free visa, salary 2000 USD, no experience",
        "Fr\u200bee v1sa, sa\u200blary 2000 USD, no exper\u200bience",
    )
    assert score_one(scorer, description=hidden)["risk"] > score_one(scorer, description=plain)["risk"]


def test_all_text_fields_are_read(scorer):
    fields = {
        "title": "Customer service Bangkok",
        "description": "free visa and ticket",
        "requirements": "no experience",
    }
    risks = {score_one(scorer, **dict(list(fields.items())[:n]), benefits="salary 2000 USD")["risk"] for n in (1, 2, 3)}
    assert len(risks) == 3


# The model


def test_the_scorer_is_importable_from_the_top():
    assert adscreen.Scorer is Scorer


def test_a_scorer_loaded_from_a_file_judges_as_the_one_written(bundle_file, ads, results):
    pd.testing.assert_frame_equal(Scorer.load(bundle_file).score(ads), results)
    pd.testing.assert_frame_equal(Scorer.load(str(bundle_file)).score(ads), results)


def test_the_shipped_model_loads_without_a_path():
    assert Scorer.load().version == Scorer.load(shipped_model()).version


def test_the_shipped_model_judges_ads_of_the_sample(ads):
    scored = Scorer.load().score(ads)
    assert set(scored["band"]) >= {"clear", "review", "urgent"}


def test_a_missing_model_is_refused(tmp_path):
    with pytest.raises(BundleError) as error:
        Scorer.load(tmp_path / "none.bundle")
    assert str(error.value) == (
        f"{tmp_path / 'none.bundle'}: no such model file. Give one with --model, or leave --model out."
    )


def test_one_ad_is_judged_from_keywords(scorer):
    row = score_one(scorer, ad_id="7", description="Free visa and ticket, salary 2000 USD, no experience")
    assert tuple(row) == RESULT_COLUMNS
    assert row["ad_id"] == "7"


def test_the_text_is_cleaned_before_it_is_judged(scorer):
    text = "Fish &amp; chips cook, <i>salary</i> 2000 USD, free visa"
    assert score_one(scorer, description=text)["risk"] == score_one(scorer, description=clean(text))["risk"]

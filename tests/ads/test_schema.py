"""The schema: one shape for all later steps."""

import datetime as dt

import pandas as pd
import pytest

from adscreen.ads.schema import AD_FIELDS, Ad, conform, conformed_texts, content_id
from adscreen.ads.values import cut, text_of
from adscreen.errors import UsageError


def test_every_field_is_text_with_a_description():
    assert AD_FIELDS[:5] == ("ad_id", "title", "description", "requirements", "benefits")
    assert len(AD_FIELDS) == 15
    assert all(field.description and field.default == "" for field in Ad.model_fields.values())


def test_conforming_fills_what_is_missing_and_keeps_what_is_extra():
    frame = pd.DataFrame({"label": [1, 0], "title": ["Cook", None], "salary": [3000.0, None]}, index=[7, 9])
    ads = conform(frame)
    assert list(ads.columns) == [*AD_FIELDS, "label"]
    assert list(ads.index) == [7, 9]
    assert ads["title"].tolist() == ["Cook", ""]
    assert ads["salary"].tolist() == ["3000", ""]
    assert ads["label"].tolist() == [1, 0]
    assert all(ads[name].dtype == "str" for name in AD_FIELDS)
    assert ads["ad_id"].str.fullmatch("ad-[0-9a-f]{16}").all()


def test_conforming_twice_changes_nothing():
    once = conform(pd.DataFrame({"text2": ["x"], "description": ["招聘"], "ad_id": [" "]}))
    pd.testing.assert_frame_equal(conform(once), once)


def test_an_empty_frame_conforms():
    assert list(conform(pd.DataFrame({"title": []})).columns) == list(AD_FIELDS)


def test_an_id_that_is_given_stays_and_a_blank_one_is_made():
    ads = conform(pd.DataFrame({"ad_id": [17, None], "title": ["a", "b"]}))
    assert ads["ad_id"].tolist()[0] == "17"
    assert ads["ad_id"].tolist()[1] == content_id(pd.DataFrame({"title": ["b"]}))[0]


def test_the_id_depends_on_the_content_and_on_nothing_else():
    frame = pd.DataFrame({"title": ["Cook", "Cook", "ok"], "description": ["", "", "Co"]})
    ids = content_id(frame)
    assert ids[0] == ids[1] != ids[2]
    assert content_id(frame[["description", "title"]].assign(label=1)).tolist() == ids.tolist()


def test_the_id_of_an_ad_never_changes():
    assert content_id(pd.DataFrame({"title": ["Cook"], "description": ["招聘"]}))[0] == "ad-2ae60637585a8643"


def test_a_frame_without_text_says_how_to_map():
    with pytest.raises(UsageError) as caught:
        conform(pd.DataFrame({"id": [1], "post": ["x"]}))
    assert str(caught.value) == (
        "no column holds the text of the ads. Columns found: 'id', 'post'. "
        "Say which one it is: --map description=COLUMN (also title=, requirements=, benefits=)"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), (float("nan"), ""), (pd.NA, ""), (pd.NaT, ""), (3.0, "3"), (0.5, "0.5"), (7, "7"), (True, "true"),
        (dt.date(2025, 6, 1), "2025-06-01"), (dt.datetime(2025, 6, 1), "2025-06-01"),
        (dt.datetime(2025, 6, 1, 9, 30), "2025-06-01T09:30:00"), (dt.time(9, 30), "09:30:00"),
        (b"caf\xc3\xa9", "café"), (["a", None, 2.0], "a\n\n2"), ("\ud83d!", "\ufffd!"), (float("inf"), "inf"),
    ],
)  # fmt: skip
def test_any_cell_becomes_text(value, text):
    assert text_of(value) == text


def test_what_messages_quote_is_short_and_on_one_line():
    assert cut("a\n b") == "a b"
    assert len(cut("x" * 500)) == 80


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"title": ["Cook", None], "salary": [3000.0, None], "ad_id": [" ", "x"]}, index=[7, 9]),
        pd.DataFrame({"description": ["招聘", "\ud800 half"], "url": [b"a", pd.NaT]}, dtype=object),
        pd.DataFrame({"ad_id": pd.array(["\x1c", "\u3000", None], "str"), "title": ["a", "b", "b"], "n": [1, 2, 3]}),
        pd.DataFrame({"title": pd.array(["a", None], "string"), "posted_at": pd.to_datetime(["2024-01-02", None])}),
        pd.DataFrame({"title": []}),
    ],
)
def test_texts_without_a_frame_are_those_of_the_conformed_frame(frame):
    ads = conform(frame)

    assert conformed_texts(frame, AD_FIELDS) == {name: ads[name].tolist() for name in AD_FIELDS}
    assert conformed_texts(frame, ("ad_id", "title")) == {name: ads[name].tolist() for name in ("ad_id", "title")}
    for i in range(len(frame)):  # an ad on its own is read in another way
        alone = frame.iloc[[i]]
        its_ad = conform(alone)
        assert conformed_texts(alone, AD_FIELDS) == {name: its_ad[name].tolist() for name in AD_FIELDS}


def test_texts_of_a_frame_without_text_are_refused_as_the_frame_is():
    frame = pd.DataFrame({"body_of_ad": ["a"]})
    with pytest.raises(UsageError) as of_frame:
        conform(frame)
    with pytest.raises(UsageError) as of_texts:
        conformed_texts(frame, ("title",))
    assert str(of_texts.value) == str(of_frame.value)

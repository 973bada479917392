"""Arrow batches that no reader has checked: each row gets a result, and what is kept is not touched."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adscreen.ads.readers import read_ads
from adscreen.integrations.arrow_batches import PIECE_ROWS, RESULT_SCHEMA, judge_batch, pieces
from adscreen.scoring.result import RESULT_COLUMNS
from adscreen.scoring.scorer import Scorer

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "ads.csv"
LURE = "Chat operator Cambodia, flight and room paid, no experience, 1500 USD, message today"


@pytest.fixture(scope="module")
def scorer():
    return Scorer.load()


def judged(scorer, columns, kept=()):
    fields = [name for name in columns if name not in kept]
    batch = pa.RecordBatch.from_pydict(columns)
    return judge_batch(scorer, batch, fields, list(kept)).to_pydict()


def not_utf8(*texts):
    return pa.array(texts, pa.binary()).view(pa.string())


def test_the_sample_is_judged_as_by_the_scorer(scorer):
    ads = pd.concat(read_ads(SAMPLE), ignore_index=True)[["ad_id", "channel", "description"]]
    batch = pa.RecordBatch.from_pandas(ads, preserve_index=False)
    result = judge_batch(scorer, batch, list(ads.columns), [])
    expected = pa.RecordBatch.from_pandas(scorer.score(ads), schema=RESULT_SCHEMA, preserve_index=False)
    assert result.equals(expected)


def test_the_risk_of_an_ad_without_text_is_null(scorer):
    result = judged(scorer, {"description": pa.array([None, LURE])})
    assert result["risk"][0] is None
    assert result["risk"][1] > 0
    assert result["reason"][0] == "There is no text to judge."


def test_a_text_that_is_not_utf8_is_unscorable_with_the_readers_reason(scorer):
    result = judged(scorer, {"ad_id": ["a", "b"], "description": not_utf8(LURE.encode(), b"Jobs \xff abroad")})
    assert result["band"][1] == "unscorable"
    assert result["reason"][1] == "The row cannot be read: it is not valid UTF-8 at byte 6."
    assert result["risk"][1] is None
    assert result["risk"][0] == judged(scorer, {"ad_id": ["a"], "description": [LURE]})["risk"][0]
    assert result["ad_id"] == ["a", "b"]


def test_a_field_that_is_too_long_is_unscorable_with_the_readers_reason(scorer):
    result = judged(scorer, {"title": ["Cook", "Cook"], "description": [LURE, LURE * 12_000]})
    assert result["band"][1] == "unscorable"
    assert result["reason"][1] == (
        "The row cannot be read: field 'description' has 1,008,000 characters; the limit is 1,000,000."
    )
    assert result["contacts"][1] == "[]"


def test_the_id_of_a_row_that_cannot_be_read_is_that_of_its_content(scorer):
    result = judged(scorer, {"description": [LURE * 12_000, LURE * 12_001]})
    assert len(set(result["ad_id"])) == 2
    assert all(each.startswith("ad-") for each in result["ad_id"])


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (pa.array([3000], pa.int64()), "3000"),
        (pa.array([3000.0]), "3000"),
        (pa.array([2**60 + 1], pa.int64()), "1152921504606846977"),
        (pa.array([dt.date(2026, 3, 1)]), "2026-03-01"),
        (pa.array([["Cook", "Driver"]]), "Cook\nDriver"),
        (pa.array([True]), "true"),
    ],
)
def test_values_become_text_as_in_files(scorer, column, text):
    given = judged(scorer, {"description": pa.array([LURE]), "salary": column})
    as_text = judged(scorer, {"description": pa.array([LURE]), "salary": pa.array([text])})
    assert given == as_text


def test_ids_do_not_depend_on_the_time_zone_of_the_session(scorer):
    moment = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    ids = [
        judged(scorer, {"description": pa.array([LURE]), "posted_at": pa.array([moment], pa.timestamp("us", zone))})[
            "ad_id"
        ]
        for zone in ("UTC", "Asia/Phnom_Penh", "America/Lima")
    ]
    assert ids[0] == ids[1] == ids[2]


def test_kept_columns_are_not_touched(scorer):
    kept = {
        "shop": pa.array([2**60 + 1, None], pa.int64()),
        "fee": pa.array([Decimal("1.10"), None], pa.decimal128(9, 2)),
        "seen": pa.array([{"on": dt.date(2026, 3, 1)}, None]),
        "raw": not_utf8(b"\xff", None),
    }
    batch = pa.RecordBatch.from_pydict({"description": pa.array([LURE, ""]), **kept})
    result = judge_batch(scorer, batch, ["description"], list(kept))
    assert result.schema.names == [*RESULT_COLUMNS, *kept]
    assert all(result.column(name).equals(column) for name, column in kept.items())


def test_a_batch_without_rows_gives_none(scorer):
    result = judged(scorer, {"description": pa.array([], pa.string())})
    assert result == {name: [] for name in RESULT_COLUMNS}


def test_a_large_batch_is_judged_in_pieces():
    batch = pa.RecordBatch.from_pydict({"description": ["x"] * (2 * PIECE_ROWS + 1)})
    assert [piece.num_rows for piece in pieces(batch)] == [PIECE_ROWS, PIECE_ROWS, 1]


def test_long_ads_are_judged_in_smaller_pieces():
    batch = pa.RecordBatch.from_pydict({"description": ["x" * 1_000_000] * 40})
    assert [piece.num_rows for piece in pieces(batch)] == [15, 15, 10]


@given(st.lists(st.one_of(st.none(), st.text(max_size=40), st.binary(max_size=40)), max_size=8))
def test_whatever_the_bytes_each_row_has_one_result(scorer, values):
    raw = [value.encode("utf-8", "replace") if isinstance(value, str) else value for value in values]
    result = judged(scorer, {"description": not_utf8(*raw)})
    assert len(result["band"]) == len(values)
    assert set(result["band"]) <= {"clear", "review", "urgent", "unscorable"}

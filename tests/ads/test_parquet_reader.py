"""Parquet."""

import datetime as dt

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adscreen.ads.readers import read_ads
from adscreen.errors import InputError, UsageError


@pytest.fixture
def parquet(tmp_path):
    def write(columns, **options):
        path = tmp_path / "ads.parquet"
        pq.write_table(pa.table(columns), path, **options)
        return path

    return write


def test_fields_become_text_and_other_columns_keep_their_type(parquet, read):
    ads = read(
        parquet(
            {
                "job_id": [1, None, 3],
                "text": ["招聘", None, "cook"],
                "posted_at": pa.array([dt.date(2025, 6, 1), None, None]),
                "title": pa.array(["a", "b", "a"]).dictionary_encode(),
                "label": pa.array([1, 0, 1], pa.int8()),
                "score": [0.5, None, 1.0],
                "maybe": pa.array([1, None, 2]),
                "seen": pa.array([True, None, False]),
                "tags": [["x"], [], None],
            }
        )
    )
    assert ads["ad_id"].tolist()[::2] == ["1", "3"]
    assert ads["description"].tolist() == ["招聘", "", "cook"]
    assert ads["posted_at"].tolist() == ["2025-06-01", "", ""]
    assert ads["title"].tolist() == ["a", "b", "a"]
    assert ads["row"].tolist() == [1, 2, 3]
    assert [str(ads[name].dtype) for name in ("label", "score", "maybe", "seen")] == [
        "int8", "float64", "Int64", "boolean",
    ]  # fmt: skip
    assert list(ads["tags"].iloc[0]) == ["x"]


def test_frames_have_one_type_whatever_is_null_in_them(parquet):
    path = parquet({"text": ["x"] * 2000, "n": [1] * 1500 + [None] * 500})
    frames = list(read_ads(path, chunk_rows=700))
    assert {str(frame["n"].dtype) for frame in frames} == {"Int64"}
    assert max(map(len, frames)) <= 700
    assert pd.concat(frames)["row"].tolist() == list(range(1, 2001))
    assert all(list(frame.index) == list(range(len(frame))) for frame in frames)


def test_long_fields_are_set_aside(parquet, read, rejects):
    ads = read(parquet({"description": ["ok", "x" * 1_000_001, "ok2"], "n": [1, 2, 3]}))
    assert ads["description"].tolist() == ["ok", "ok2"]
    assert ads["n"].tolist() == [1, 3]
    assert ads["row"].tolist() == [1, 3]
    assert rejects.reasons == [(2, "field 'description' has 1,000,001 characters; the limit is 1,000,000")]


def test_bytes_that_are_no_utf8_are_set_aside(parquet, read, rejects):
    bad = pa.Array.from_buffers(pa.string(), 3, pa.array([b"ok", b"b\xffd", b"fin"], pa.binary()).buffers())
    ads = read(parquet({"text": bad, "title": ["a", "b", "c"]}))
    assert ads["title"].tolist() == ["a", "c"]
    assert rejects.reasons == [(2, "row is not valid UTF-8 at byte 2")]


def test_no_text_column_is_wrong_use(parquet):
    path = parquet({"n": [1]})
    with pytest.raises(UsageError, match=r"ads\.parquet: no column holds the text of the ads\. Columns found: 'n'\."):
        read_ads(path)


def test_no_rows_are_nothing_to_read(parquet):
    path = parquet({"text": pa.array([], pa.string())})
    with pytest.raises(InputError) as caught:
        read_ads(path)
    assert str(caught.value) == f"{path}: holds no ads, there are no rows in it. There is nothing to read"


def test_a_file_cut_short_is_refused(parquet):
    path = parquet({"text": ["x"] * 1000})
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError) as caught:
        read_ads(path)
    assert str(caught.value) == (
        f"{path}: this Parquet file is damaged or cut short. Copy or download it again, or write it anew"
    )


cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(rows=st.lists(st.tuples(cells, cells), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_what_is_written_comes_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("parquet") / "ads.parquet"
    pd.DataFrame(rows, columns=["title", "description"]).to_parquet(path)
    ads = pd.concat(read_ads(path))
    assert list(zip(ads["title"], ads["description"], strict=True)) == rows

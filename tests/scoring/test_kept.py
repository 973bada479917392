"""Columns of the input after those of the result, which never change."""

import datetime as dt
import json

import pandas as pd
import pyarrow.parquet as pq
import pytest

from adscreen.errors import UsageError
from adscreen.scoring.batch import score_files
from adscreen.scoring.result import RESULT_COLUMNS

COOK = "Cook for a hotel kitchen in Doha, shift work, apply with your CV to the personnel office"


@pytest.fixture
def typed(tmp_path):
    path = tmp_path / "ads.parquet"
    pd.DataFrame(
        {
            "text": [COOK, "hi"],
            "group_id": pd.array([7, None], "Int64"),
            "shown": [True, False],
            "risk": [0.25, 0.5],
            "seen": [dt.datetime(2026, 11, 24, 6, 30), None],
            "tags": [["a", "b"], None],
            "url": ["https://example.org/1", None],
        }
    ).to_parquet(path)
    return str(path)


def test_without_keep_a_result_has_its_own_columns_only(scorer, typed, tmp_path):
    score_files(scorer, [typed], str(tmp_path / "out.parquet"))
    assert pq.read_schema(tmp_path / "out.parquet").names == list(RESULT_COLUMNS)


def test_a_star_keeps_all_that_are_no_ad_field_after_the_result(scorer, typed, tmp_path):
    score_files(scorer, [typed], str(tmp_path / "plain.parquet"))
    score_files(scorer, [typed], str(tmp_path / "out.parquet"), keep=["*"])
    out = pd.read_parquet(tmp_path / "out.parquet")
    assert list(out.columns) == [*RESULT_COLUMNS, "group_id", "shown", "risk_2", "seen", "tags"]
    pd.testing.assert_frame_equal(out[list(RESULT_COLUMNS)], pd.read_parquet(tmp_path / "plain.parquet"))


def test_parquet_keeps_types(scorer, typed, tmp_path):
    score_files(scorer, [typed], str(tmp_path / "out.parquet"), keep=["*"])
    schema = pq.read_schema(tmp_path / "out.parquet")
    types = {name: str(schema.field(name).type) for name in ("group_id", "shown", "risk_2", "tags")}
    assert types == {"group_id": "int64", "shown": "bool", "risk_2": "double", "tags": "large_string"}
    assert str(schema.field("seen").type).startswith("timestamp")


def test_json_lines_hold_numbers_as_numbers_and_the_rest_as_text(scorer, typed, tmp_path):
    score_files(scorer, [typed], str(tmp_path / "out.jsonl"), keep=["*", "url"])
    first, second = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert {name: first[name] for name in list(first)[len(RESULT_COLUMNS) :]} == {
        "group_id": 7,
        "shown": True,
        "risk_2": 0.25,
        "seen": "2026-11-24T06:30:00",
        "tags": "a\nb",
        "url": "https://example.org/1",
    }
    assert (second["group_id"], second["seen"], second["url"]) == (None, "", "")


def test_an_ad_field_and_the_row_are_kept_by_name(scorer, typed, tmp_path):
    score_files(scorer, [typed], str(tmp_path / "out.csv"), keep=["row", "language", "url"])
    out = pd.read_csv(tmp_path / "out.csv")
    assert list(out.columns) == [*RESULT_COLUMNS, "row", "language_2", "url"]
    assert out["row"].tolist() == [1, 2]


def test_a_formula_in_a_kept_column_is_made_harmless(scorer, tmp_path):
    (tmp_path / "ads.csv").write_text(f'text,note\n"{COOK}",=HYPERLINK(1)\n')
    score_files(scorer, [str(tmp_path / "ads.csv")], str(tmp_path / "out.csv"), keep=["note"])
    assert pd.read_csv(tmp_path / "out.csv")["note"].tolist() == ["'=HYPERLINK(1)"]


def test_a_column_that_is_not_there_is_an_error_that_names_those_that_are(scorer, typed, tmp_path):
    with pytest.raises(UsageError) as error:
        score_files(scorer, [typed], str(tmp_path / "out.csv"), keep=["grup_id"])
    assert str(error.value) == (
        "--keep grup_id: there is no such column. Beside the ad fields there are: "
        "'row', 'group_id', 'shown', 'risk', 'seen', 'tags'"
    )
    assert not (tmp_path / "out.csv").exists()


def test_a_star_is_refused_where_one_file_takes_several_inputs(scorer, typed, tmp_path):
    with pytest.raises(UsageError) as error:
        score_files(scorer, [typed, typed], str(tmp_path / "out.csv"), keep=["*"])
    assert str(error.value) == (
        "--keep '*': several inputs may have different columns, and one file has the same in all rows. "
        "Name the columns, or write to a folder: -o out/"
    )


def test_columns_of_different_types_in_several_inputs_become_text(scorer, tmp_path):
    for name, value in (("a", 7), ("b", "seven")):
        pd.DataFrame({"text": [COOK], "group_id": [value]}).to_parquet(tmp_path / f"{name}.parquet")
    inputs = [str(tmp_path / f"{name}.parquet") for name in "ab"]
    score_files(scorer, inputs, str(tmp_path / "out.parquet"), keep=["group_id"])
    assert pd.read_parquet(tmp_path / "out.parquet")["group_id"].tolist() == ["7", "seven"]


def test_a_partition_is_kept_as_a_column_where_the_output_is_one_file(scorer, tmp_path):
    path = tmp_path / "day=2026-11-24" / "ads.csv"
    path.parent.mkdir()
    path.write_text(f'text\n"{COOK}"\n')
    score_files(scorer, [str(path)], str(tmp_path / "out.csv"), keep=["*"])
    assert pd.read_csv(tmp_path / "out.csv")["day"].tolist() == ["2026-11-24"]

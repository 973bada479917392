"""JSON Lines and JSON arrays."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adscreen.ads.readers import read_ads
from adscreen.errors import InputError, UsageError


def test_values_become_text_as_written(write, read, rejects):
    line = '{"text": "a", "id": 12345678901234567890, "pay": 1.50, "urgent": true, "tags": ["x", "y"], "x": null}\n'
    ads = read(write("ads.jsonl", line))
    row = ads.iloc[0]
    assert (row["ad_id"], row["salary"], row["urgent"], row["tags"], row["x"]) == (
        "12345678901234567890", "1.50", "true", "x\ny", "",
    )  # fmt: skip
    assert rejects.count == 0


def test_what_is_no_ad_is_set_aside_with_its_reason(write, read, rejects):
    lines = [
        '{"text": "good"}', "", "not json", "[1]", "7", '{"a":' * 100_000, '{"text": "cut', '{"text": "last"}',
    ]  # fmt: skip
    ads = read(write("ads.jsonl", "\n".join(lines)))
    assert ads["description"].tolist() == ["good", "last"]
    assert ads["row"].tolist() == [1, 7]
    assert rejects.reasons == [
        (2, "row is not valid JSON at character 1: Expecting value"),
        (3, "row holds a list, not an object with named fields"),
        (4, "row holds a text or number, not an object with named fields"),
        (5, "row is nested too deeply"),
        (6, "row is not valid JSON at character 10: Unterminated string starting at"),
    ]


def test_nested_metadata_is_kept_as_json(write, read, rejects):
    ads = read(write("ads.jsonl", '{"text": "Cook wanted", "meta": {"likes": 3, "tags": [["ß"]]}}'))
    assert ads["meta"].tolist() == ['{"likes": "3", "tags": [["ß"]]}']
    assert rejects.count == 0


def test_each_row_is_mapped_by_its_own_keys(write, read):
    ads = read(write("ads.jsonl", '{"text": "a"}\n{"description": "b", "text": "c"}\n{"title": "d"}\n'))
    assert ads["description"].tolist() == ["a", "b", ""]
    assert ads["text"].tolist() == ["", "c", ""]
    assert ads["title"].tolist() == ["", "", "d"]


def test_a_mapping_applies_where_its_key_is(write, read):
    ads = read(write("ads.jsonl", '{"post": "a", "n": 1}\n{"text": "b"}\n'), mapping={"description": "post"})
    assert ads["description"].tolist() == ["a", "b"]


def test_a_mapping_that_fits_no_row_is_wrong_use(write):
    with pytest.raises(UsageError) as caught:
        read_ads(write("ads.jsonl", '{"text": "a"}\n'), mapping={"title": "head"})
    assert str(caught.value) == "--map title=head: there is no such column. Columns found: 'text'"


def test_no_text_is_wrong_use(write):
    path = write("ads.jsonl", '{"blob": "a"}\n')
    with pytest.raises(UsageError) as caught:
        read_ads(path)
    assert str(caught.value) == (
        f"{path}: no column holds the text of the ads. Columns found: 'blob'. "
        "Say which one it is: --map description=blob (also title=, requirements=, benefits=)"
    )


def test_half_a_character_becomes_a_whole_one(write, read):
    assert read(write("ads.jsonl", '{"text": "\\ud83d!"}'))["description"].tolist() == ["\ufffd!"]


def test_a_field_of_50_mb_is_set_aside_with_its_size(write, read, rejects):
    ads = read(write("ads.jsonl", json.dumps({"ad_id": "1", "description": "x" * 52_428_800}) + '\n{"text": "b"}'))
    assert rejects.reasons == [(1, "field 'description' has 52,428,800 characters; the limit is 1,000,000")]
    assert rejects.kept[0].ad_id == "1"
    assert ads["row"].tolist() == [2]


def test_a_row_that_is_not_utf8_is_set_aside(write, read, rejects):
    ads = read(write("ads.jsonl", '{"text": "повар"}\n'.encode() + b'{"text": "\xff"}\n'))
    assert len(ads) == 1
    assert rejects.reasons == [(2, "row is not valid UTF-8 at byte 11")]


def test_endlessly_new_keys_are_set_aside(write, read, rejects):
    lines = "".join(json.dumps({"text": "a", **{f"k{i}_{j}": "" for j in range(500)}}) + "\n" for i in range(6))
    assert len(read(write("ads.jsonl", lines))) == 3
    assert rejects.reasons[0] == (
        4,
        "row brings more different keys into the file than the limit of 2,000",
    )


def test_an_array_is_read_like_lines(write, read, rejects):
    ads = read(write("ads.json", '\ufeff[{"text": "a"},\n {"text": "b", "id": 7}, 5]'))
    assert ads["description"].tolist() == ["a", "b"]
    assert rejects.reasons == [(3, "row holds a text or number, not an object with named fields")]


def test_a_broken_array_says_where(write):
    path = write("ads.json", '[{"text": "a"},\n {"text": "b"}')
    with pytest.raises(InputError) as caught:
        read_ads(path)
    assert str(caught.value) == (
        f"{path}: is not valid JSON at line 2, column 15: Expecting ',' delimiter. "
        "Write one object a line, then a broken one costs its own row only"
    )


def test_an_empty_array_holds_no_ads(write):
    path = write("ads.json", "[]")
    with pytest.raises(InputError) as caught:
        read_ads(path)
    assert str(caught.value) == f"{path}: holds no ads, there are no rows in it. There is nothing to read"


cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(rows=st.lists(st.tuples(cells, cells), min_size=1, max_size=8), ascii_only=st.booleans())
@settings(max_examples=60, deadline=None)
def test_what_is_written_comes_back(tmp_path_factory, rows, ascii_only):
    path = tmp_path_factory.mktemp("jsonl") / "ads.jsonl"
    lines = [json.dumps({"title": t, "text": d}, ensure_ascii=ascii_only) for t, d in rows]
    path.write_bytes("\n".join(lines).encode())
    ads = pd.concat(read_ads(path))
    assert list(zip(ads["title"], ads["description"], strict=True)) == rows

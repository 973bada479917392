"""Files in, one result row for each row in, files out."""

import csv
import json
import time

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adscreen.ads.rejects import RejectLog
from adscreen.errors import InputError, OutputError, UsageError
from adscreen.scoring.batch import score_files, score_stream
from adscreen.scoring.counters import Counters, SeenIds
from adscreen.scoring.result import RESULT_COLUMNS
from adscreen.scoring.writers import SUFFIXES

GOOD = "Hotel in Doha hiring waiters, written contract, no fee, food and room provided"
BAD = "Urgent customer service Thailand, free visa and ticket, salary 2000 USD, no experience"


@pytest.fixture
def ads_csv(tmp_path):
    path = tmp_path / "ads.csv"
    path.write_text(f'id,text\na1,"{GOOD}"\na2,"{BAD}"\na3,hi\na4,"<b>{BAD}</b>"\n', encoding="utf-8")
    return path


def ids_in(path):
    suffix = path.suffix
    if suffix == ".parquet":
        return pd.read_parquet(path)["ad_id"].tolist()
    if suffix == ".xlsx":
        rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
        assert rows[0] == RESULT_COLUMNS
        return [row[0] for row in rows[1:]]
    lines = path.read_text(encoding="utf-8").splitlines()
    if suffix == ".jsonl":
        return [json.loads(line)["ad_id"] for line in lines]
    return [row["ad_id"] for row in csv.DictReader(lines)]


def files_in(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_each_format_has_one_row_for_each_ad_in_order(scorer, ads_csv, tmp_path, suffix):
    out = tmp_path / f"out{suffix}"
    score_files(scorer, [str(ads_csv)], str(out))
    assert ids_in(out) == ["a1", "a2", "a3", "a4"]
    assert files_in(tmp_path) == sorted(["ads.csv", out.name])


def test_the_file_holds_what_the_scorer_says(scorer, ads_csv, tmp_path):
    out = tmp_path / "out.parquet"
    score_files(scorer, [str(ads_csv)], str(out))
    frame = pd.DataFrame({"ad_id": ["a1", "a2", "a3", "a4"], "description": [GOOD, BAD, "hi", f"<b>{BAD}</b>"]})
    pd.testing.assert_frame_equal(pd.read_parquet(out), scorer.score(frame))


def test_every_ad_of_many_chunks_comes_out_once(scorer, tmp_path):
    n = 9_000  # more than two chunks
    source, out = tmp_path / "ads.csv", tmp_path / "out.parquet"
    source.write_text("id,text\n" + "".join(f"{i},ad {i}\n" for i in range(n)))
    seen = []
    counters = score_files(scorer, [str(source)], str(out), progress=lambda counters: seen.append(counters.rows))
    assert pd.read_parquet(out)["ad_id"].tolist() == [str(i) for i in range(n)]
    assert len(seen) > 1
    assert seen == sorted(seen)
    assert seen[-1] == counters.rows == n


def test_several_inputs_are_scored_one_after_the_other(scorer, ads_csv, tmp_path):
    more = tmp_path / "more.jsonl"
    more.write_text(json.dumps({"id": "b1", "message": BAD}) + "\n")
    out = tmp_path / "out.csv"
    counters = score_files(scorer, [str(more), str(ads_csv)], str(out))
    assert ids_in(out) == ["b1", "a1", "a2", "a3", "a4"]
    assert counters.rows == 5


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_input_gives_the_same_bytes(scorer, ads_csv, tmp_path, suffix):
    outs = [tmp_path / f"{name}{suffix}" for name in ("one", "two")]
    score_files(scorer, [str(ads_csv)], str(outs[0]))
    time.sleep(2.1 if suffix == ".xlsx" else 0)  # a zip file counts time in steps of two seconds
    score_files(scorer, [str(ads_csv)], str(outs[1]))
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_the_counters_say_what_happened(scorer, tmp_path):
    source = tmp_path / "ads.csv"
    source.write_text(f'id,text\na1,"{GOOD}"\na1,"{BAD}"\na3,hi\nbroken\n')
    counters = score_files(scorer, [str(source)], str(tmp_path / "out.csv"))
    assert (counters.rows, counters.scored, counters.unscorable, counters.rejected) == (3, 2, 1, 1)
    assert (counters.repeated_ids, counters.first_repeated_id) == (1, "a1")
    assert sum(counters.by_band.values()) == 3
    assert counters.by_band["unscorable"] == 1
    summary = counters.as_json()
    assert list(summary) == [
        "rows",
        "scored",
        "unscorable",
        "rejected",
        "repeated_ids",
        "by_band",
        "seconds",
        "ads_per_second",
        "peak_memory",
    ]
    assert json.loads(json.dumps(summary)) == summary


def test_counters_of_no_time_have_no_rate():
    assert Counters(rows=5).as_json()["ads_per_second"] == 0.0


def test_rows_that_cannot_be_read_are_set_aside_beside_the_output(scorer, tmp_path):
    source, out = tmp_path / "ads.csv", tmp_path / "out.csv"
    source.write_text(f'id,text\na1,"{GOOD}"\na2\na3,"{BAD}"\n')
    score_files(scorer, [str(source)], str(out))
    assert ids_in(out) == ["a1", "a3"]
    (line,) = (tmp_path / "out.csv.rejected.jsonl").read_text().splitlines()
    reject = json.loads(line)
    assert (reject["row"], reject["file"], reject["reason"]) == (2, str(source), "row has 1 cell, the header has 2")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_if_every_row_is_set_aside_the_file_has_columns_and_no_rows(scorer, tmp_path, suffix):
    source, out = tmp_path / "ads.csv", tmp_path / f"out{suffix}"
    source.write_text("id,text\na1\na2\n")
    counters = score_files(scorer, [str(source)], str(out))
    assert (counters.rows, counters.rejected) == (0, 2)
    assert ids_in(out) == []
    if suffix == ".csv":
        assert out.read_text() == ",".join(RESULT_COLUMNS) + "\n"
    if suffix == ".parquet":
        assert list(pd.read_parquet(out).columns) == list(RESULT_COLUMNS)


def test_results_go_to_standard_output_as_json_lines(scorer, ads_csv, capsys):
    score_files(scorer, [str(ads_csv)], "-")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["ad_id"] for line in lines] == ["a1", "a2", "a3", "a4"]
    assert list(lines[0]) == list(RESULT_COLUMNS)
    assert lines[2]["risk"] is None


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_input_that_fails_in_the_middle_leaves_no_output(scorer, ads_csv, tmp_path, suffix):
    out = tmp_path / f"out{suffix}"
    with pytest.raises(InputError) as error:
        score_files(scorer, [str(ads_csv), str(tmp_path / "gone.csv")], str(out))
    assert str(error.value) == (
        f"{tmp_path / 'gone.csv'}: there is no such file or folder. Check the name and where you are"
    )
    assert files_in(tmp_path) == ["ads.csv"]


def test_an_interrupt_leaves_no_output(scorer, ads_csv, tmp_path):
    def interrupt(counters):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_files(scorer, [str(ads_csv)], str(tmp_path / "out.csv"), progress=interrupt)
    assert files_in(tmp_path) == ["ads.csv"]


def test_an_output_that_cannot_be_written_is_refused_before_any_reading(scorer, tmp_path):
    with pytest.raises(OutputError) as error:
        score_files(scorer, [str(tmp_path / "gone.csv")], str(tmp_path / "no" / "out.csv"))
    assert str(error.value) == (
        f"-o {tmp_path / 'no' / 'out.csv'}: the folder {tmp_path / 'no'} does not exist. "
        f"Make it first: mkdir -p {tmp_path / 'no'}"
    )


def test_columns_are_mapped_as_asked(scorer, tmp_path):
    source, out = tmp_path / "ads.csv", tmp_path / "out.csv"
    source.write_text(f'number,words\n7,"{BAD}"\n')
    with pytest.raises(UsageError, match="no column holds the text of the ads"):
        score_files(scorer, [str(source)], str(out))
    score_files(scorer, [str(source)], str(out), mapping={"description": "words", "ad_id": "number"})
    assert ids_in(out) == ["7"]


def test_the_input_format_may_be_named(scorer, tmp_path):
    source, out = tmp_path / "ads.dump", tmp_path / "out.csv"
    source.write_text(json.dumps({"id": "j", "text": BAD}) + "\n")
    score_files(scorer, [str(source)], str(out), input_format="jsonl")
    assert ids_in(out) == ["j"]


# Repeated ids


def counted(scorer, tmp_path, *files):
    paths = []
    for i, ads in enumerate(files):
        paths.append(tmp_path / f"{i}.jsonl")
        paths[-1].write_text("".join(json.dumps(ad) + "\n" for ad in ads))
    counters = Counters()
    for _ in score_stream(
        scorer, list(map(str, paths)), mapping={}, input_format=None, rejects=RejectLog(), counters=counters
    ):
        pass
    return counters


def test_an_id_that_came_in_an_earlier_file_is_repeated(scorer, tmp_path):
    counters = counted(
        scorer, tmp_path, [{"id": "x", "text": GOOD}, {"id": "y", "text": BAD}], [{"id": "y", "text": GOOD}]
    )
    assert (counters.repeated_ids, counters.first_repeated_id) == (1, "y")


def test_a_repost_without_an_id_is_no_repeated_id(scorer, tmp_path):
    counters = counted(scorer, tmp_path, [{"text": BAD}, {"text": BAD}], [{"text": BAD}])
    assert (counters.rows, counters.repeated_ids) == (3, 0)


def test_an_id_is_repeated_within_one_call_and_across_calls():
    seen = SeenIds()
    assert seen.repeated(pd.Series(["a", "b", "a"])).tolist() == [False, False, True]
    assert seen.repeated(pd.Series(["c", "b", "é", "招聘"])).tolist() == [False, True, False, False]
    assert seen.repeated(pd.Series(["招聘", "d"])).tolist() == [True, False]
    assert seen.repeated(pd.Series([], dtype="str")).tolist() == []


def test_ids_are_remembered_over_hundreds_of_chunks():
    seen = SeenIds()
    for n in range(300):
        assert not seen.repeated(pd.Series([f"{n}-{i}" for i in range(3)], dtype="str")).any()
    assert seen.repeated(pd.Series([f"{n}-1" for n in range(300)], dtype="str")).all()
    assert not seen.repeated(pd.Series(["300-1"], dtype="str")).any()


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8"), max_size=2), max_size=8), max_size=80))
def test_repeated_ids_are_those_that_a_set_would_find(chunks):
    seen, known = SeenIds(), set()
    for chunk in chunks:
        expected = []
        for each in chunk:
            expected.append(each in known)
            known.add(each)
        assert seen.repeated(pd.Series(chunk, dtype="str")).tolist() == expected


def test_ads_and_results_of_a_chunk_belong_together(scorer, ads_csv):
    stream = score_stream(
        scorer, [str(ads_csv)], mapping={}, input_format=None, rejects=RejectLog(), counters=Counters()
    )
    for ads, results in stream:
        assert ads["ad_id"].tolist() == results["ad_id"].tolist()
        np.testing.assert_array_equal(ads.index, results.index)

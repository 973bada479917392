"""Whole messages and exit codes: 2 wrong use, 3 input cannot be read, 4 rows set aside, 5 model refused."""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from adscreen.scoring.scorer import shipped_model
from tests.cli.conftest import SAMPLE, altered_model, lines_of, rows_of

MANY_COLUMNS = "--map description=COLUMN (also title=, requirements=, benefits=)"


def test_a_missing_file(adscreen):
    run = adscreen("score", "nothere.csv", "-o", "out.csv")
    assert run.code == 3
    assert run.err == "Error: nothere.csv: there is no such file or folder. Check the name and where you are\n"


def test_an_empty_file(adscreen, tmp_path):
    (tmp_path / "empty.csv").touch()
    run = adscreen("score", "empty.csv", "-o", "out.csv")
    assert run.code == 3
    assert run.err == "Error: empty.csv: is empty. There is nothing to read\n"
    assert not (tmp_path / "out.csv").exists()


def test_a_header_without_ads(adscreen, tmp_path):
    (tmp_path / "ads.csv").write_text("id,text\n")
    run = adscreen("score", "ads.csv", "-o", "out.csv")
    assert run.code == 3
    assert run.err == "Error: ads.csv: holds no ads, no row follows the header. There is nothing to read\n"


def test_no_text_column_names_the_columns_and_how_to_map(adscreen, tmp_path):
    (tmp_path / "ads.csv").write_text("a,b\n1,2\n")
    run = adscreen("score", "ads.csv", "-o", "out.csv")
    assert run.code == 2
    assert run.err == (
        "Error: ads.csv: no column holds the text of the ads. Columns found: 'a', 'b'. "
        f"Say which one it is: {MANY_COLUMNS}\n"
    )


def test_parquet_under_the_name_of_csv(adscreen, ads_csv, tmp_path):
    adscreen("score", ads_csv, "-o", "ok.parquet")
    (tmp_path / "ok.parquet").rename(tmp_path / "fake.csv")
    run = adscreen("score", "fake.csv", "-o", "out.csv")
    assert run.code == 3
    assert run.err == "Error: fake.csv: is read as CSV, but looks like a Parquet file. Rename it to end in .parquet\n"


@pytest.mark.parametrize(("suffix", "kind"), [("parquet", "Parquet"), ("xlsx", "Excel")])
def test_a_truncated_binary_file(adscreen, ads_csv, tmp_path, suffix, kind):
    adscreen("score", ads_csv, "-o", f"ok.{suffix}")
    whole = (tmp_path / f"ok.{suffix}").read_bytes()
    (tmp_path / f"cut.{suffix}").write_bytes(whole[: len(whole) // 2])
    run = adscreen("score", f"cut.{suffix}", "-o", "out.csv")
    assert run.code == 3
    assert run.err.startswith(
        f"Error: cut.{suffix}: this {kind} file is damaged or cut short. Copy or download it again"
    )


def test_a_row_of_invalid_utf8_is_set_aside_and_the_rest_goes_on(adscreen, tmp_path):
    good = "Ищем работников на склад в Польше, две смены, жильё рядом\n"
    data = b"text\n" + good.encode() * 5 + b"bad \xff\xfe bytes\n" + good.encode() * 5
    (tmp_path / "ads.csv").write_bytes(data)
    run = adscreen("score", "ads.csv", "-o", "out.csv")
    assert run.code == 4
    assert run.err.endswith("1 row could not be read and were set aside; see out.csv.rejected.jsonl.\n")
    assert len(rows_of(tmp_path / "out.csv")) == 10
    assert lines_of(tmp_path / "out.csv.rejected.jsonl") == [
        {"row": 6, "reason": "row is not valid UTF-8 at byte 5", "file": "ads.csv", "ad_id": ""}
    ]


def test_a_field_of_50_mb_is_set_aside(adscreen, tmp_path):
    with (tmp_path / "ads.csv").open("w") as file:
        file.write(
            "id,text\n1," + "x" * 50_000_000 + "\n2,Cook for a restaurant in Lisbon, evening shifts, ask the chef\n"
        )
    run = adscreen("score", "ads.csv", "-o", "out.csv")
    assert run.code == 4
    assert lines_of(tmp_path / "out.csv.rejected.jsonl")[0]["reason"] == (
        "field 'text' has 50,000,000 characters; the limit is 1,000,000"
    )


SET_ASIDE = (
    "5 rows could not be read and were set aside.\n"
    "  broken.csv, row 2: row has 3 cells, the header has 2\n"
    "  broken.csv, row 4: row has 3 cells, the header has 2\n"
    "  broken.csv, row 6: row has 3 cells, the header has 2\n"
)


@pytest.mark.parametrize(
    "command",
    [
        ("screen", "broken.csv"),
        ("screen", "broken.csv", "--json"),
        ("evaluate", "broken.csv"),
        ("score", "broken.csv", "-o", "-"),
    ],
    ids=" ".join,
)
def test_where_no_file_takes_the_rows_set_aside_the_first_three_are_shown(adscreen, broken_csv, tmp_path, command):
    run = adscreen(*command)
    assert run.code == 4
    assert run.err.endswith(SET_ASIDE)
    assert "set aside" not in run.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.csv"]


@pytest.mark.parametrize(
    "command", [("score", "broken.csv", "-o", "out.csv"), ("data", "import", "broken.csv", "-o", "out.parquet")]
)
def test_where_a_file_takes_the_rows_set_aside_it_is_named_instead(adscreen, broken_csv, tmp_path, command):
    run = adscreen(*command)
    assert run.code == 4
    assert run.err.endswith(f"\n5 rows could not be read and were set aside; see {command[-1]}.rejected.jsonl.\n")
    assert [line["row"] for line in lines_of(tmp_path / f"{command[-1]}.rejected.jsonl")] == [2, 4, 6, 8, 10]


@pytest.mark.parametrize("output", ["ads.csv", "./ads.csv", "link.csv"])
def test_an_output_that_is_the_input_is_refused_before_it_is_overwritten(adscreen, ads_csv, tmp_path, output):
    (tmp_path / "link.csv").symlink_to(ads_csv)
    before = ads_csv.read_bytes()
    run = adscreen("score", SAMPLE, "ads.csv", "-o", output)
    assert run.code == 2
    assert run.err == f"Error: -o {output}: this is the input, and would be overwritten. Give another name.\n"
    assert ads_csv.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ads.csv", "link.csv"]


def test_an_import_onto_its_own_input_is_refused(adscreen, tmp_path):
    path = tmp_path / "ads.parquet"
    pd.DataFrame({"text": ["Cook wanted in Porto", "Nurse wanted in Leeds"], "label": [1, 0]}).to_parquet(path)
    before = path.read_bytes()
    run = adscreen("data", "import", "ads.parquet", "-o", "ads.parquet")
    assert run.code == 2
    assert run.err == "Error: -o ads.parquet: this is the input, and would be overwritten. Give another name.\n"
    assert path.read_bytes() == before


def test_an_earlier_result_that_is_not_the_input_may_be_overwritten(adscreen, ads_csv, tmp_path):
    (tmp_path / "out.csv").write_text("old\n")
    assert adscreen("score", "ads.csv", "-o", "out.csv").code == 0
    assert len(rows_of(tmp_path / "out.csv")) == 3


def test_an_import_into_another_format_than_parquet(adscreen, tmp_path):
    (tmp_path / "ads.csv").write_text("text,label\ncook wanted,0\nnurse wanted,1\n")
    run = adscreen("data", "import", "ads.csv", "-o", "out.csv")
    assert run.code == 2
    assert run.err == "Error: -o out.csv: a source for training is written as a .parquet file.\n"


@pytest.mark.parametrize("command", [("evaluate", "ads.csv"), ("data", "import", "ads.csv", "-o", "out.parquet")])
def test_a_label_that_is_missing(adscreen, tmp_path, command):
    (tmp_path / "ads.csv").write_text("text,label\ncook wanted,0\ndriver wanted,\nnurse wanted,1\n")
    run = adscreen(*command)
    assert run.code == 2
    assert run.err == "Error: label column 'label' is empty in 1 rows; every ad needs a label.\n"
    assert not (tmp_path / "out.parquet").exists()


def test_nul_bytes_do_not_stop_the_reading(adscreen, tmp_path):
    (tmp_path / "ads.csv").write_bytes(b"id,text\n1,Cook\x00 for a small restaurant in Porto with evening shifts\n")
    run = adscreen("score", "ads.csv", "-o", "out.csv")
    assert run.code == 0
    assert len(rows_of(tmp_path / "out.csv")) == 1


def test_repeated_ids_are_all_judged_and_counted(adscreen, tmp_path):
    row = "a1,Cook for a small restaurant in Porto with evening shifts\n"
    (tmp_path / "ads.csv").write_text("ad_id,text\n" + row * 3)
    run = adscreen("score", "ads.csv", "-o", "out.csv")
    assert run.code == 0
    assert len(rows_of(tmp_path / "out.csv")) == 3
    assert run.err.endswith(
        "Note: 2 rows have an ad_id that an earlier row has (first: 'a1'). "
        "All were judged; join results by row order, not by ad_id.\n"
    )


def test_label_values_that_mean_nothing(adscreen, tmp_path):
    (tmp_path / "ads.csv").write_text("text,label\ncook wanted,maybe\nnurse wanted,1\n")
    run = adscreen("evaluate", "ads.csv")
    assert run.code == 2
    assert run.err == (
        "Error: label column 'label' has values that are neither deceptive nor genuine: 'maybe'. "
        "Say which mean deceptive: --positive VALUE (repeat it for several); all others then count as genuine.\n"
    )


def model_bytes() -> bytes:
    return shipped_model().read_bytes()


def test_a_truncated_model(adscreen, ads_csv, tmp_path):
    (tmp_path / "cut.bundle").write_bytes(model_bytes()[:100_000])
    run = adscreen("score", ads_csv, "-o", "out.csv", "--model", "cut.bundle")
    assert run.code == 5
    assert run.err == (
        "Error: cut.bundle: the contents do not match the hash in the file: it was cut short or altered. "
        "It was not loaded. Fetch the file again from where you got it.\n"
    )


def test_a_model_altered_by_one_byte(adscreen, ads_csv, tmp_path):
    data = bytearray(model_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "bad.bundle").write_bytes(data)
    assert adscreen("score", ads_csv, "-o", "out.csv", "--model", "bad.bundle").code == 5
    assert adscreen("model", "verify", "bad.bundle").code == 5


def test_a_model_of_a_newer_version(adscreen, ads_csv, tmp_path):
    (tmp_path / "new.bundle").write_bytes(model_bytes().replace(b"adscreen-bundle 2", b"adscreen-bundle 3", 1))
    run = adscreen("score", ads_csv, "-o", "out.csv", "--model", "new.bundle")
    assert run.code == 5
    assert run.err == (
        "Error: new.bundle: made for a newer adscreen (bundle schema 3; this version reads up to 2). "
        "Upgrade adscreen, or use an older model.\n"
    )


@pytest.mark.parametrize(
    ("entry", "value", "error"),
    [
        ("thresholds", {"review": 0.9, "urgent": 0.5},
         "ValueError('the thresholds are Thresholds(review=0.9, urgent=0.5)')"),
        ("abstain", {"min_tokens": 1}, "ValueError(\"abstain has the entries ['min_tokens']\")"),
        ("notes", {"examples": ["an ad"]}, "ValueError(\"the notes have the entries ['examples']\")"),
        ("notes", {"languages": {"en": "many"}}, "TypeError('the languages are not counted in whole numbers')"),
    ],
)  # fmt: skip
def test_a_model_whose_hash_is_right_and_whose_manifest_is_not_is_not_even_shown(
    adscreen, tmp_path, entry, value, error
):
    altered_model(tmp_path / "forged.bundle", **{entry: value})
    run = adscreen("model", "show", "forged.bundle")
    assert run.code == 5
    assert run.err == f"Error: forged.bundle: the manifest is not one of schema 2: {error}\n"
    assert run.out == ""


class _Bomb:
    def __reduce__(self):
        return (Path("exploded").touch, ())


def test_a_pickle_with_the_right_name_is_not_opened(adscreen, ads_csv, tmp_path):
    (tmp_path / "evil.bundle").write_bytes(pickle.dumps(_Bomb()))
    run = adscreen("score", ads_csv, "-o", "out.csv", "--model", "evil.bundle")
    assert run.code == 5
    assert run.err == (
        "Error: evil.bundle: this is not an adscreen bundle but a Python pickle, which could run code. "
        "It was not loaded. Bundles are written by `dvc repro` and `make release`.\n"
    )
    assert not (tmp_path / "exploded").exists()


def test_an_output_folder_that_is_not_there(adscreen, ads_csv):
    run = adscreen("score", ads_csv, "-o", "nodir/out.csv")
    assert run.code == 3
    assert run.err == "Error: -o nodir/out.csv: the folder nodir does not exist. Make it first: mkdir -p nodir\n"


@pytest.fixture
def small_disk(tmp_path: Path):
    """A file system of 64 KiB; needs the right to mount."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True)
    if made.returncode != 0:
        pytest.skip("this machine does not let tests mount a file system")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_an_output_folder_that_is_read_only(adscreen, ads_csv, small_disk):
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    run = adscreen("score", ads_csv, "-o", small_disk / "out.csv")
    assert run.code == 3
    assert run.err == (
        f"Error: -o {small_disk / 'out.csv'}: cannot write to the folder {small_disk} "
        "(Read-only file system). Choose another folder.\n"
    )


def test_a_disk_that_is_full_leaves_nothing_half_written(adscreen, small_disk, tmp_path):
    line = "Cook for a restaurant number {} in Lisbon with evening shifts and a day off\n"
    (tmp_path / "ads.csv").write_text("text\n" + "".join(line.format(i) for i in range(2000)))
    run = adscreen("score", "ads.csv", "-o", small_disk / "out.csv")
    assert run.code == 3
    assert run.err == (
        f"Error: -o {small_disk / 'out.csv'}: the disk is full. "
        "Nothing was written under that name. Free some space and run again.\n"
    )
    assert list(small_disk.iterdir()) == []


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_stopping_in_the_middle_leaves_nothing_half_written(tmp_path, stop):
    line = "Cook for a restaurant number {} in Lisbon with evening shifts and a day off, ask for the chef\n"
    (tmp_path / "ads.csv").write_text("text\n" + "".join(line.format(i) for i in range(400_000)))
    run = subprocess.Popen(
        [sys.executable, "-m", "adscreen.cli", "score", "ads.csv", "-o", "out.csv"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
    )
    # Wait until it writes: only then is there something that could be left half-written.
    deadline = time.monotonic() + 60
    while not any(p.stat().st_size for p in tmp_path.glob(".out.csv.*.partial")):
        assert time.monotonic() < deadline
        assert run.poll() is None
        time.sleep(0.02)
    run.send_signal(stop)
    _, err = run.communicate(timeout=30)
    assert run.returncode in (130, 143)
    assert err.decode() == "Stopped. Nothing was written under the final name.\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ads.csv"]


def test_the_rejects_of_an_earlier_run_are_not_deleted_while_they_are_the_input(adscreen, tmp_path):
    ads = tmp_path / "out.csv.rejected.jsonl"
    ads.write_text('{"text": "Cook wanted in Porto for evening shifts today"}\n')
    run = adscreen("score", "out.csv.rejected.jsonl", "-o", "out.csv")
    assert run.code == 2
    assert run.err == "Error: -o out.csv: this is the input, and would be overwritten. Give another name.\n"
    assert ads.exists()

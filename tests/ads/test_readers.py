"""What all readers have in common: names, packing, standard input, and whole-file errors."""

import io
import json
import os
import subprocess
import sys

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from adscreen.ads.readers import read_ads
from adscreen.errors import InputError, UsageError

ROWS = {"title": ["Cook", "客服"], "text": ["Dubai", "月薪两万"]}


@pytest.fixture
def stdin(monkeypatch):
    def give(data):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return give


def parquet_bytes():
    sink = io.BytesIO()
    pq.write_table(pa.table(ROWS), sink)
    return sink.getvalue()


def xlsx_bytes():
    sink = io.BytesIO()
    pd.DataFrame(ROWS).to_excel(sink, index=False)
    return sink.getvalue()


CSV = pd.DataFrame(ROWS).to_csv(index=False).encode()
JSONL = b"".join(json.dumps({"title": t, "text": d}).encode() + b"\n" for t, d in zip(*ROWS.values(), strict=True))


@pytest.mark.parametrize("data", [CSV, JSONL, b"[" + JSONL.strip().replace(b"\n", b",") + b"]", parquet_bytes(),
                                  xlsx_bytes(), CSV.replace(b",", b"\t")])  # fmt: skip
def test_standard_input_is_told_from_its_first_bytes(stdin, read, data):
    stdin(data)
    ads = read("-")
    assert ads["title"].tolist() == ROWS["title"]
    assert ads["description"].tolist() == ROWS["text"]


def test_long_standard_input_is_read_to_its_end(stdin, read, rejects):
    stdin(b"text\n" + b"a row of text\n" * 50_000)
    assert len(read("-")) == 50_000
    assert rejects.count == 0


def test_a_format_given_for_standard_input_is_used(stdin, read):
    stdin(b"[text\nx\n")
    assert read("-", input_format="csv", mapping={"description": "[text"})["description"].tolist() == ["x"]


@pytest.mark.parametrize(("name", "data"), [("ads.csv.gz", CSV), ("ads.JSONL.gz", JSONL), ("ads.tsv.gz", CSV)])
def test_packed_text_is_read(write, read, name, data):
    assert read(write(name, data))["title"].tolist() == ROWS["title"]


def test_zst_is_read(tmp_path, read):
    path = tmp_path / "ads.csv.zst"
    with pa.CompressedOutputStream(str(path), "zstd") as sink:
        sink.write(CSV)
    assert read(path)["title"].tolist() == ROWS["title"]


def test_a_packed_file_cut_short_is_refused(write):
    path = write("ads.csv.gz", b"text\n" + os.urandom(300_000).hex().encode())
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(InputError) as caught:
        list(read_ads(path))
    assert str(caught.value) == f"{path}: this packed file is damaged or cut short. Copy it again"


AGAIN = "It may be damaged: copy or download it again"
RENAME = "Rename it to end in"


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", b"", "is empty. There is nothing to read"),
        ("a.jsonl", b" \n\n", "is empty. There is nothing to read"),
        ("a.xlsx", b"", "is empty. There is nothing to read"),
        ("a.csv", b"title,text\n", "holds no ads, no row follows the header. There is nothing to read"),
        ("a.csv", b"PAR1....", f"is read as CSV, but looks like a Parquet file. {RENAME} .parquet"),
        (
            "a.csv",
            b"PK\x03\x04..",
            f"is read as CSV, but looks like an Excel file or another ZIP archive. {RENAME} .xlsx if Excel opens it",
        ),
        ("a.csv", b"\xd0\xcf\x11\xe0..", "is read as CSV, but looks like an old Excel file. Open it and save it as .xlsx"),  # noqa: E501
        ("a.csv", b'{"text": "a"}\n', f"is read as CSV, but looks like JSON. {RENAME} .jsonl"),
        (
            "a.csv",
            b"\n<!DOCTYPE html><html>",
            "is read as CSV, but looks like an HTML page. Save each page as .html in a folder and give the folder",
        ),
        ("a.tsv", b"\x1f\x8b\x08..", "is read as TSV, but looks like a file packed with gzip. Add .gz to its name"),
        ("a.tsv", b"\x28\xb5\x2f\xfd.", "is read as TSV, but looks like a file packed with zstd. Add .zst to its name"),
        (
            "a.xlsx",
            b"%PDF-1.4",
            "is read as Excel, but looks like a PDF. Save the text of each ad as .txt in a folder and give the folder",
        ),
        ("a.parquet", CSV, f"is read as Parquet, but looks like text. {RENAME} .csv if it has columns"),
        ("a.xlsx", CSV, f"is read as Excel, but looks like text. {RENAME} .csv if it has columns"),
        ("a.xlsx", bytes(range(1, 256)), f"is read as Excel, but looks like neither that nor text. {AGAIN}"),
        ("a.parquet", bytes(range(1, 256)), f"is read as Parquet, but looks like neither that nor text. {AGAIN}"),
        (
            "a.jsonl",
            CSV,
            f"is read as JSON, but looks like text without one line of JSON. {RENAME} .csv if it has columns",
        ),
        (
            "a.docx",
            b"x",
            "files of this kind cannot be read. Read are: .csv .tsv .jsonl .ndjson .json .parquet .pq .xlsx "
            "(.csv, .tsv and .jsonl also with .gz or .zst), and folders of .txt and .html",
        ),
        (
            "a.parquet.gz",
            b"x",
            "files of this kind cannot be read. Read are: .csv .tsv .jsonl .ndjson .json .parquet .pq .xlsx "
            "(.csv, .tsv and .jsonl also with .gz or .zst), and folders of .txt and .html",
        ),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_what_to_do(write, name, data, message):
    path = write(name, data)
    with pytest.raises(InputError) as caught:
        read_ads(path)
    assert str(caught.value) == f"{path}: {message}"
    assert caught.value.exit_code == 3


def test_a_missing_file_is_named_as_the_user_named_it(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        read_ads("./in/../ads.csv")
    assert str(caught.value) == ("./in/../ads.csv: there is no such file or folder. Check the name and where you are")


def test_an_unknown_format_names_those_there_are(write):
    with pytest.raises(UsageError) as caught:
        read_ads(write("a.csv", CSV), input_format="excel")
    assert str(caught.value) == ("there is no input format 'excel'. Formats: csv, tsv, jsonl, parquet, xlsx, folder")


def test_frames_without_rows_are_wrong_use(write):
    with pytest.raises(UsageError) as caught:
        read_ads(write("a.csv", CSV), chunk_rows=0)
    assert str(caught.value) == "chunk_rows is 0; it must be at least 1"


def test_rows_all_set_aside_leave_no_frame_and_no_error(write, read, rejects):
    assert read(write("a.csv", "title,text\nonly\n")).empty
    assert rejects.count == 1


def test_reading_text_imports_no_library_of_other_formats():
    code = (
        "import sys; from adscreen.ads import read_ads; "
        "print([name for name in ('openpyxl', 'pyarrow.parquet', 'charset_normalizer') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

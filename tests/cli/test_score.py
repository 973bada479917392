from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from adscreen.scoring.result import RESULT_COLUMNS
from tests.cli.conftest import PROJECT, SAMPLE, lines_of, rows_of

KAGGLE_HEADER = (
    "job_id,title,location,department,salary_range,company_profile,description,requirements,benefits,telecommuting,"
    "has_company_logo,has_questions,employment_type,required_experience,required_education,industry,function,fraudulent\n"
)


def test_every_ad_gets_one_row_in_input_order(adscreen, ads_csv, tmp_path):
    run = adscreen("score", ads_csv, "-o", "out.csv")
    assert run.code == 0
    rows = rows_of(tmp_path / "out.csv")
    assert [row["ad_id"] for row in rows] == ["a1", "a2", "a3"]
    assert list(rows[0]) == list(RESULT_COLUMNS)
    assert [row["language"] for row in rows] == ["en", "zh", "vi"]


def test_the_summary_says_how_many_and_where(adscreen, ads_csv):
    run = adscreen("score", ads_csv, "-o", "out.csv")
    assert run.out == ""
    assert run.err.startswith("3 ads judged: ")
    assert run.err.endswith(" unscorable. Written to out.csv.\n")


def test_json_prints_one_line_of_counters(adscreen, ads_csv):
    run = adscreen("score", ads_csv, "-o", "out.csv", "--json")
    assert run.out.count("\n") == 1
    counters = json.loads(run.out)
    assert counters["rows"] == 3
    assert sum(counters["by_band"].values()) == 3
    assert run.err == ""


def test_the_suffix_of_the_output_says_the_format(adscreen, ads_csv, tmp_path):
    for suffix in ("csv", "jsonl", "parquet", "xlsx"):
        assert adscreen("score", ads_csv, "-o", f"out.{suffix}").code == 0
    from_csv = pd.read_csv(tmp_path / "out.csv", keep_default_na=False)
    from_parquet = pd.read_parquet(tmp_path / "out.parquet")
    from_jsonl = pd.DataFrame(lines_of(tmp_path / "out.jsonl"))
    from_xlsx = pd.read_excel(tmp_path / "out.xlsx", keep_default_na=False)
    for frame in (from_csv, from_jsonl, from_xlsx):
        assert frame["ad_id"].tolist() == from_parquet["ad_id"].tolist()
        assert frame["risk"].tolist() == from_parquet["risk"].tolist()
        assert frame["terms"].tolist() == from_parquet["terms"].tolist()


def test_a_type_that_is_not_known_is_null_in_every_format(adscreen, ads_csv, tmp_path):
    Path(ads_csv).write_text("ad_id,description\na1,hi\na2,hello\na3,good day\n", encoding="utf-8")
    for suffix in ("csv", "jsonl", "parquet", "xlsx"):
        assert adscreen("score", ads_csv, "-o", f"out.{suffix}").code == 0
    assert [row["type"] for row in rows_of(tmp_path / "out.csv")] == ["", "", ""]
    assert [row["type"] for row in lines_of(tmp_path / "out.jsonl")] == [None, None, None]
    column = pq.read_table(tmp_path / "out.parquet")["type"]
    assert (column.null_count, pa.types.is_large_string(column.type)) == (3, True)
    assert pd.read_excel(tmp_path / "out.xlsx")["type"].isna().all()


def test_a_dash_writes_json_lines_to_stdout(adscreen, ads_csv):
    run = adscreen("score", ads_csv, "-o", "-")
    assert [json.loads(line)["ad_id"] for line in run.out.splitlines()] == ["a1", "a2", "a3"]


def test_ads_come_from_stdin_too(adscreen):
    line = json.dumps(
        {"title": "Welder", "text": "Welder wanted at the shipyard in Gdynia, two shifts, own tools welcome"}
    )
    run = adscreen("score", "-", "-o", "-", stdin=line.encode())
    assert run.code == 0
    assert json.loads(run.out)["band"] in ("clear", "review", "urgent")


def test_title_and_text_json_lines_are_taken_unchanged(adscreen, tmp_path):
    ads = [
        {"title": "Nurse", "text": f"Nurse for night duty on ward {i}, hospital in Leeds, apply to the matron"}
        for i in range(3)
    ]
    (tmp_path / "ads.jsonl").write_text("\n".join(map(json.dumps, ads)))
    assert adscreen("score", "ads.jsonl", "-o", "out.parquet").code == 0
    result = pd.read_parquet(tmp_path / "out.parquet")
    assert list(result.columns) == list(RESULT_COLUMNS)
    assert result["ad_id"].str.fullmatch("ad-[0-9a-f]{16}").all()


def test_the_kaggle_header_is_taken_unchanged(adscreen, tmp_path):
    row = (
        '7,Cook,"GB, , Hull",,,"We cook.","Cooking at sea for a crew of thirty",'
        '"Two years in a galley","Pay by the month",0,1,0,,,,,,0\n'
    )
    (tmp_path / "kaggle.csv").write_text(KAGGLE_HEADER + row)
    assert adscreen("score", "kaggle.csv", "-o", "out.csv").code == 0
    assert rows_of(tmp_path / "out.csv")[0]["ad_id"] == "7"


def test_unknown_columns_are_named_with_map(adscreen, tmp_path):
    (tmp_path / "ads.csv").write_text("nr,post_words\n1,Driver for parcels in Lodz with licence B and own phone\n")
    run = adscreen("score", "ads.csv", "-o", "out.csv", "--map", "description=post_words", "--map", "ad_id=nr")
    assert run.code == 0
    assert rows_of(tmp_path / "out.csv")[0]["ad_id"] == "1"


def test_several_inputs_go_into_one_output(adscreen, ads_csv, tmp_path):
    assert adscreen("score", ads_csv, SAMPLE, "-o", "out.csv").code == 0
    assert len(rows_of(tmp_path / "out.csv")) == 3 + len(rows_of(SAMPLE))


def test_the_same_input_gives_the_same_bytes(adscreen, tmp_path):
    for name in ("one.parquet", "two.parquet", "one.jsonl", "two.jsonl"):
        adscreen("score", SAMPLE, "-o", name)
    for suffix in ("parquet", "jsonl"):
        assert (tmp_path / f"one.{suffix}").read_bytes() == (tmp_path / f"two.{suffix}").read_bytes()


def test_rejects_of_an_earlier_run_are_not_left_behind(adscreen, ads_csv, tmp_path):
    stale = tmp_path / "out.csv.rejected.jsonl"
    stale.write_text("old\n")
    assert adscreen("score", ads_csv, "-o", "out.csv").code == 0
    assert not stale.exists()


def test_help_shows_an_example_of_every_command(adscreen):
    for command in (
        ["score"],
        ["screen"],
        ["explain"],
        ["evaluate"],
        ["model", "show"],
        ["model", "verify"],
        ["data", "import"],
    ):
        run = adscreen(*command, "--help")
        assert run.code == 0
        assert "Example: adscreen " + " ".join(command) in " ".join(run.out.split())


def test_version(adscreen):
    assert adscreen("--version").out == "adscreen 0.1.0\n"


def test_an_installed_wheel_scores_without_the_repository(tmp_path, ads_csv):
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", tmp_path, PROJECT]
    subprocess.run(build, check=True, capture_output=True)
    wheel = next(tmp_path.glob("adscreen-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    run = subprocess.run(
        [sys.executable, "-m", "adscreen.cli", "score", ads_csv, "-o", "out.csv", "--json"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "installed"), "PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        check=True,
    )
    assert json.loads(run.stdout)["rows"] == 3
    where = "import adscreen; print(adscreen.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", where], env={"PYTHONPATH": str(tmp_path / "installed")}, capture_output=True, text=True
    )
    assert str(tmp_path / "installed") in found.stdout

"""A folder gets one output part for each input part; a job goes on from where an earlier run ended."""

import json
from pathlib import Path

import pandas as pd
import pytest
from job_folder import COOK, results_in

from adscreen.errors import OutputError, UsageError
from adscreen.scoring.batch import score_files
from adscreen.scoring.bundle import write_bundle
from adscreen.scoring.jobs.plan import Settings

# What is written


def test_a_folder_has_a_part_for_each_input_part_under_its_partitions(run, inputs):
    outcome = run()
    assert sorted(results_in()) == ["c.jsonl", "day=1/a.parquet", "day=2/b.csv"]
    assert outcome.parts == {"total": 3, "scored": 3, "skipped": 0, "failed": 0}
    assert outcome.counters.rows == 9
    assert sum(outcome.counters.by_band.values()) == 9
    assert outcome.counters.peak_memory > 10_000_000


def test_a_part_is_what_the_input_alone_gives(run, inputs, scorer):
    run()
    for source, output in (
        ("in/day=1/a.parquet", "a.parquet"),
        ("in/day=2/b.csv.gz", "b.csv"),
        ("in/c.jsonl", "c.jsonl"),
    ):
        score_files(scorer, [source], output)
        assert Path(output).read_bytes() == results_in()[source.removeprefix("in/").removesuffix(".gz")]


def test_the_marker_says_what_was_read_by_which_model_and_what_came_of_it(run, inputs, bundle):
    run()
    marker = json.loads(Path("out/_adscreen/day=1/a.parquet.done.json").read_text())
    assert marker["input"] == "in/day=1/a.parquet"
    assert marker["input_bytes"] == Path("in/day=1/a.parquet").stat().st_size
    assert len(marker["input_sha256"]) == 64
    assert marker["output_bytes"] == Path("out/day=1/a.parquet").stat().st_size
    assert marker["model_version"] == bundle.version
    assert (marker["keep"], marker["reveal"], marker["mapping"]) == ([], False, {})
    assert marker["counters"]["rows"] == 5
    assert not {"seconds", "ads_per_second", "peak_memory"} & set(marker["counters"])


def test_all_parts_may_be_written_in_one_format(run, inputs):
    run(settings=Settings({}, output_format="parquet"))
    assert sorted(results_in()) == ["c.parquet", "day=1/a.parquet", "day=2/b.parquet"]
    assert len(pd.read_parquet("out")) == 9  # tools skip the notes, and find the partitions


def test_partitions_are_folders_of_the_output_and_no_columns_unless_asked_for(run, inputs):
    pd.DataFrame({"text": [COOK], "seen": ["x"]}).to_csv("in/day=1/d.csv", index=False)
    run("in/day=1/d.csv", settings=Settings({}, keep=("*",)))
    assert list(pd.read_csv("out/day=1/d.csv").columns)[-1] == "seen"
    run("in/day=1/d.csv", output="named/", settings=Settings({}, keep=("day", "seen")))
    assert list(pd.read_csv("named/day=1/d.csv").columns)[-2:] == ["day", "seen"]


def test_a_folder_of_texts_is_one_part(run, inputs):
    Path("posts").mkdir()
    Path("posts/1.txt").write_text(COOK)
    run("posts")
    assert list(results_in()) == ["posts.jsonl"]


def test_rows_set_aside_are_in_the_notes(run, inputs):
    Path("in/c.csv").write_text(f'id,text\n1,"{COOK}"\na,b,c\n')
    outcome = run()
    assert outcome.rejected == ["out/_adscreen/c.csv.rejected.jsonl"]
    assert outcome.counters.rejected == 1
    assert json.loads(Path(outcome.rejected[0]).read_text()) == {
        "row": 2,
        "reason": "row has 3 cells, the header has 2",
        "file": "in/c.csv",
        "ad_id": "",
    }


# Starting again


def test_a_finished_part_is_skipped_and_counts_all_the_same(run, inputs):
    first = run()
    before = {name: Path("out", name).stat().st_mtime_ns for name in results_in()}
    again = run(resume=True)
    assert {name: Path("out", name).stat().st_mtime_ns for name in results_in()} == before
    assert again.parts == {"total": 3, "scored": 0, "skipped": 3, "failed": 0}
    assert (again.counters.rows, again.counters.by_band) == (first.counters.rows, first.counters.by_band)
    assert again.counters.as_json()["ads_per_second"] == 0.0


def test_resume_may_be_said_at_the_first_run(run, inputs):
    assert run(resume=True).parts["scored"] == 3


def test_a_part_that_came_later_is_scored_alone(run, inputs):
    run()
    Path("in/d.csv").write_text(f'text\n"{COOK}"\n')
    assert run(resume=True).parts == {"total": 4, "scored": 1, "skipped": 3, "failed": 0}


@pytest.mark.parametrize(
    "harm", ["input changed", "output gone", "output cut short", "marker gone", "marker cut short"]
)
def test_a_part_that_is_not_as_its_marker_says_is_done_again(run, inputs, harm):
    run()
    wanted = results_in()
    output, marker = Path("out/c.jsonl"), Path("out/_adscreen/c.jsonl.done.json")
    if harm == "input changed":
        text = Path("in/c.jsonl").read_text()
        Path("in/c.jsonl").write_text(text.replace("2000", "3000"))  # of the same size
    elif harm.endswith("gone"):
        (output if harm == "output gone" else marker).unlink()
    else:
        (output if harm == "output cut short" else marker).write_text("{")
    assert run(resume=True).parts == {"total": 3, "scored": 1, "skipped": 2, "failed": 0}
    assert (results_in() == wanted) == (harm != "input changed")


def test_finished_parts_are_not_done_again_unless_resume_says_what_is_meant(run, inputs):
    run()
    with pytest.raises(UsageError) as error:
        run()
    assert str(error.value) == (
        "-o out/: holds finished parts of an earlier run. Add --resume to go on with it, or give another folder."
    )


def test_a_file_that_no_run_made_is_not_overwritten(run, inputs):
    Path("out").mkdir()
    Path("out/c.jsonl").write_text("mine")
    with pytest.raises(UsageError) as error:
        run()
    assert str(error.value) == "-o out/: out/c.jsonl is there already. Give another folder, or remove it."
    assert Path("out/c.jsonl").read_text() == "mine"


def test_a_folder_made_by_another_model_is_refused(run, inputs, tiny_file, bundle):
    run()
    with pytest.raises(UsageError) as error:
        run(model=tiny_file, resume=True)
    assert str(error.value) == (
        f"-o out/: made by another model ({bundle.version}; this is tiny-00000000). "
        "Go on with that one (--model), or give another folder."
    )


def test_a_model_of_the_same_version_with_other_contents_is_another_model(run, inputs, bundle, tmp_path):
    run()
    write_bundle(bundle._replace(thresholds=bundle.thresholds._replace(review=0.3)), tmp_path / "other.bundle")
    with pytest.raises(UsageError, match="made by another model"):
        run(model=tmp_path / "other.bundle", resume=True)


def test_a_folder_made_with_other_settings_is_refused_and_they_are_named(run, inputs):
    run()
    with pytest.raises(UsageError) as error:
        run(settings=Settings({}, keep=("url",), reveal=True), resume=True)
    assert str(error.value) == (
        "-o out/: made with other settings (keep: [] then, ['url'] now; reveal: False then, True now). "
        "Go on with the same ones, or give another folder."
    )


def test_half_written_files_of_a_killed_run_are_removed_and_no_others(run, inputs):
    for name in (".c.jsonl.999.partial", ".other.jsonl.999.partial"):
        Path("out").mkdir(exist_ok=True)
        Path("out", name).write_text("half")
    run()
    assert sorted(results_in()) == [".other.jsonl.999.partial", "c.jsonl", "day=1/a.parquet", "day=2/b.csv"]


def test_two_runs_at_once_in_one_folder_are_refused(run, inputs):
    def second(_):
        with pytest.raises(OutputError) as error:
            run(resume=True)
        errors.append(str(error.value))

    errors = []
    run(progress=second)
    assert set(errors) == {"-o out/: another adscreen is writing to this folder. Wait for it to end, or stop it."}

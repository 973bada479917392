"""A folder gets one output part for each input part; a job goes on from where an earlier run ended."""

import json
import os
import signal
import threading
from pathlib import Path

import pandas as pd
import pytest

from adscreen.errors import BundleError, InputError, OutputError, UsageError
from adscreen.scoring.batch import judge_here, score_files
from adscreen.scoring.bundle import write_bundle
from adscreen.scoring.jobs.plan import Settings, Shard, parse_shard
from adscreen.scoring.jobs.run import Engine, run_job
from adscreen.scoring.run import Request, score_request
from adscreen.stopping import Stopped

COOK = "Cook for a hotel kitchen in Doha, shift work, apply with your CV to the personnel office"
LURE = "Urgent customer service Thailand, free visa and ticket, salary 2000 USD, no experience"


@pytest.fixture
def inputs(tmp_path, monkeypatch):
    """Three parts of different sizes in three formats, two of them in partition folders."""
    monkeypatch.chdir(tmp_path)
    ads = pd.DataFrame({"ad_id": [f"a{i}" for i in range(9)], "text": [f"{LURE} {i}" for i in range(9)]})
    for day in ("day=1", "day=2"):
        (tmp_path / "in" / day).mkdir(parents=True)
    ads.head(5).to_parquet("in/day=1/a.parquet")
    ads.iloc[5:8].to_csv("in/day=2/b.csv.gz", index=False)
    ads.tail(1).to_json("in/c.jsonl", orient="records", lines=True)
    return tmp_path


@pytest.fixture
def run(bundle_file):
    """Score as the command does, in this process; collects what is logged."""
    logged = []

    def log(event, message, **fields):
        logged.append((event, message))

    def score(*sources, output="out/", progress=lambda _: None, settings=None, model=bundle_file, **options):
        request = Request(sources or ["in/"], output, settings or Settings({}), model=str(model), **options)
        return score_request(
            request, progress=progress, log=lambda event, message, **fields: logged.append((event, message))
        )

    score.logged = logged
    return score


def results_in(folder="out"):
    """The result files of a folder and their bytes."""
    files = (path for path in Path(folder).rglob("*") if path.is_file() and "_adscreen" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def notes_in(folder="out"):
    files = (path for path in Path(folder, "_adscreen").rglob("*") if path.is_file())
    return sorted(path.relative_to(Path(folder, "_adscreen")).as_posix() for path in files)


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


# Faults


def test_a_corrupt_part_is_set_aside_with_its_reason_and_all_others_are_done(run, inputs):
    Path("in/day=1/a.parquet").write_bytes(Path("in/day=1/a.parquet").read_bytes()[:-100])
    outcome = run()
    reason = (
        "in/day=1/a.parquet: this Parquet file is damaged or cut short. Copy or download it again, or write it anew"
    )
    assert outcome.parts == {"total": 3, "scored": 2, "skipped": 0, "failed": 1}
    assert outcome.failures == [reason]
    assert ("part_failed", f"Set aside: {reason}") in run.logged
    note = json.loads(Path("out/_adscreen/day=1/a.parquet.failed.json").read_text())
    assert note == {"input": "in/day=1/a.parquet", "reason": reason}
    assert sorted(results_in()) == ["c.jsonl", "day=2/b.csv"]


def test_a_part_that_is_mended_is_done_by_the_next_run(run, inputs):
    whole = Path("in/day=1/a.parquet").read_bytes()
    Path("in/day=1/a.parquet").write_bytes(whole[:-100])
    run()
    Path("in/day=1/a.parquet").write_bytes(whole)
    assert run(resume=True).parts == {"total": 3, "scored": 1, "skipped": 2, "failed": 0}
    assert not Path("out/_adscreen/day=1/a.parquet.failed.json").exists()


def test_a_part_that_breaks_in_its_middle_leaves_nothing_under_its_name(run, inputs):
    with Path("in/d.csv.gz").open("wb") as file:
        import gzip

        text = "text\n" + "".join(f"{COOK} {i}\n" for i in range(9_000))
        file.write(gzip.compress(text.encode())[:-400])
    outcome = run("in/d.csv.gz", "in/c.jsonl")
    assert outcome.failures == ["in/d.csv.gz: this packed file is damaged or cut short. Copy it again"]
    assert list(results_in()) == ["c.jsonl"]


def test_if_no_part_can_be_read_the_reason_of_the_first_is_the_error(run, inputs):
    Path("bad.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UsageError) as error:
        run("bad.csv")
    assert str(error.value).startswith("bad.csv: no column holds the text of the ads. Columns found: 'a', 'b'.")


def test_an_input_that_vanishes_is_set_aside(run, inputs):
    outcome = run(progress=lambda _: Path("in/c.jsonl").unlink(missing_ok=True))
    assert outcome.failures == ["in/c.jsonl: there is no such file or folder. Check the name and where you are"]
    assert outcome.parts["scored"] == 2


def test_an_input_that_changes_while_it_is_read_is_set_aside(run, inputs):
    def change(_):
        with Path("in/c.jsonl").open("a") as file:
            file.write("\n")

    outcome = run("in/c.jsonl", "in/day=2/b.csv.gz", progress=change)
    assert outcome.failures == ["in/c.jsonl: was changed while it was read. Run again when it is whole"]


def test_a_fault_of_adscreen_costs_one_part_and_tells_its_place_but_no_text(inputs, scorer):
    def judge(frames):
        for ads in frames:
            if len(ads) == 3:
                raise ValueError("Pay 9,000 USD, call +855 12 000 000")
            yield ads, scorer.score(ads)

    result = run_job(
        ["in/"], Path("out"), Settings({}), Engine(judge),
        made_with={"model_version": "x", "model_sha256": ""}, indicators=None, resume=False, shard=Shard(),
        progress=lambda _: None, log=lambda *_, **__: None,
    )  # fmt: skip
    assert result.parts == {"total": 3, "scored": 2, "skipped": 0, "failed": 1}
    (failure,) = result.failures
    assert failure.startswith("in/day=2/b.csv.gz: could not be scored: ValueError in test_jobs.py, line ")
    assert failure.endswith(". Please report this")


def test_an_output_that_cannot_be_written_ends_the_job_and_keeps_what_is_finished(inputs, scorer, monkeypatch):
    def judge(frames):
        for ads in frames:
            if len(ads) == 3:
                raise OSError(28, "No space left on device")
            yield ads, scorer.score(ads)

    with pytest.raises(OutputError) as error:
        run_job(
            ["in/"], Path("out"), Settings({}), Engine(judge),
            made_with={"model_version": "x", "model_sha256": ""}, indicators=None, resume=False, shard=Shard(),
            progress=lambda _: None, log=lambda *_, **__: None,
        )  # fmt: skip
    assert str(error.value) == (
        "-o out/day=2/b.csv: the disk is full. Nothing was written under that name. Free some space and run again. "
        "1 of 3 parts are finished and kept; to go on, run again with --resume."
    )
    assert list(results_in()) == ["day=1/a.parquet"]


def test_a_damaged_model_is_refused_before_the_folder_is_made(run, inputs):
    Path("bad.bundle").write_bytes(b"adscreen-bundle 1\n")
    with pytest.raises(BundleError):
        run(model="bad.bundle")
    assert not Path("out").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_run_after_the_chunk_and_the_next_run_goes_on(run, inputs, number):
    undisturbed = run(output="whole/")
    with pytest.raises(Stopped) as stopped:
        run(progress=lambda _: os.kill(os.getpid(), number))
    assert stopped.value.signal_number == number
    assert stopped.value.said == "0 of 3 parts are finished and kept; to go on, run again with --resume."
    assert results_in() == {}
    again = run(resume=True)
    assert results_in() == results_in("whole")
    assert notes_in() == notes_in("whole")
    assert again.counters.by_band == undisturbed.counters.by_band


def test_handlers_of_signals_are_put_back(run, inputs):
    before = signal.getsignal(signal.SIGTERM)
    run()
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_job_may_run_in_a_thread(run, inputs):
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(run()))
    thread.start()
    thread.join()
    assert outcomes[0].parts["scored"] == 3


# Names and shards


def test_shards_do_every_part_once(run, inputs):
    run(output="whole/")
    for i in (1, 2, 3):
        run(shard=f"{i}/3")
    assert results_in() == results_in("whole")


def test_a_shard_keeps_its_parts_when_others_come(inputs):
    names = [f"part-{i}.csv" for i in range(200)]
    shards = [[name for name in names if Shard(i, 4).has(name)] for i in (1, 2, 3, 4)]
    assert sorted(name for shard in shards for name in shard) == sorted(names)
    assert all(30 <= len(shard) <= 70 for shard in shards)


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "1/2/3", "-1/2", "1/" + "9" * 30])
def test_a_shard_that_is_none_is_refused(text):
    with pytest.raises(UsageError) as error:
        parse_shard(text)
    assert str(error.value) == (f"--shard {text}: write it as i/n, i from 1 to n: --shard 2/8 is the second of eight")


def test_two_parts_for_one_file_are_refused(run, inputs):
    Path("in/more").mkdir()
    Path("in/more/c.jsonl").write_text(json.dumps({"text": COOK}))
    with pytest.raises(UsageError) as error:
        run("in/c.jsonl", "in/more/c.jsonl")
    assert str(error.value) == (
        "in/c.jsonl and in/more/c.jsonl would both be written to out/c.jsonl. "
        "Give the folder above them instead, or run them into two folders"
    )
    assert run("in/").parts["total"] == 4


def test_an_output_folder_that_is_the_input_is_refused(run, inputs):
    with pytest.raises(UsageError) as error:
        run("in/c.jsonl", output="in/")
    assert str(error.value) == "-o in/: in/c.jsonl would be overwritten. Give another folder."


def test_standard_input_has_no_parts(run, inputs):
    with pytest.raises(UsageError) as error:
        run("-")
    assert str(error.value) == "standard input has no parts to write into a folder: give a file name after -o"


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"resume": True}, "--resume"),
        ({"shard": "1/2"}, "--shard"),
        ({"settings": Settings({}, output_format="csv")}, "--output-format"),
    ],
)
def test_what_is_for_folders_is_refused_for_a_file(run, inputs, options, name):
    with pytest.raises(UsageError) as error:
        run(output="out.csv", **options)
    assert str(error.value) == f"{name} is for an output folder: end its name in /, as in -o out/"


def test_an_unknown_output_format_is_refused(run, inputs):
    with pytest.raises(UsageError) as error:
        run(settings=Settings({}, output_format="orc"))
    assert str(error.value) == ("--output-format orc: there is no such format. Formats: csv, jsonl, parquet, xlsx")


def test_what_is_not_there_is_refused_before_any_work(run, inputs):
    with pytest.raises(InputError) as error:
        run("in/", "gone/*.csv")
    assert str(error.value) == "gone/*.csv: no file has such a name. Check the name and where you are"
    assert not Path("out").exists()


def test_one_judge_serves_files_and_folders(run, inputs, scorer):
    score_files(judge_here(scorer), ["in/c.jsonl"], "judge.jsonl")
    score_files(scorer, ["in/c.jsonl"], "scorer.jsonl")
    assert Path("judge.jsonl").read_bytes() == Path("scorer.jsonl").read_bytes()

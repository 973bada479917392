"""What a fault costs a job: a part at most, and never what is finished."""

import json
import os
import signal
import threading
from pathlib import Path

import pytest
from job_folder import COOK, notes_in, results_in

from adscreen.errors import BundleError, OutputError, UsageError
from adscreen.scoring.jobs.plan import Settings, Shard
from adscreen.scoring.jobs.run import Engine, run_job
from adscreen.stopping import Stopped

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
    assert failure.startswith("in/day=2/b.csv.gz: could not be scored: ValueError in test_job_faults.py, line ")
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

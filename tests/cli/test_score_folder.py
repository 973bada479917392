"""The real command over folders: its lines, its exit codes, and what is left when it is killed or the disk is full."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from adscreen.scoring.result import RESULT_COLUMNS

LURE = "Urgent customer service {0} Thailand, free visa and ticket, salary {0} USD, no experience, boss {0} hires"


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """Six parts of 150 different ads each, in partition folders."""
    for i in range(6):
        folder = tmp_path / "in" / f"day=2026-11-2{i}"
        folder.mkdir(parents=True)
        rows = range(150 * i, 150 * (i + 1))
        ads = pd.DataFrame({"ad_id": [f"a{n}" for n in rows], "text": [LURE.format(1000 + n) for n in rows]})
        ads.to_parquet(folder / "ads.parquet", row_group_size=100)
    return tmp_path / "in"


def start(cwd: Path, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "adscreen.cli", "score", *map(str, arguments)],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(cwd)},
        start_new_session=True,
    )


def wait_for(run: subprocess.Popen[str], event: str) -> None:
    """Read the log until something happened."""
    assert run.stderr is not None
    for line in run.stderr:
        if json.loads(line)["event"] == event:
            return
    raise AssertionError(f"the run ended before {event}")


def files_in(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_workers_and_one_process_leave_the_same_folder_and_say_so_in_json(adscreen, parts, tmp_path):
    one = adscreen("score", "in/", "-o", "one/", "--json")
    two = adscreen("score", "in/*/*.parquet", "-o", "two/", "--json", "--workers", 2, "--log-json")
    assert (one.code, two.code, one.err) == (0, 0, "")
    assert files_in(tmp_path / "one") == files_in(tmp_path / "two")
    summary = json.loads(two.out)
    assert list(summary) == [
        "rows", "scored", "unscorable", "rejected", "repeated_ids", "by_band", "seconds", "ads_per_second",
        "peak_memory", "parts", "model_version",
    ]  # fmt: skip
    assert (summary["rows"], summary["parts"]["scored"]) == (900, 6)
    log = [json.loads(line) for line in two.err.splitlines()]
    assert [line["event"] for line in log] == ["job_started", *["part_done"] * 6]
    assert {"time", "level", "event", "message", "input", "output", "rows", "rejected", "seconds"} == set(log[1])


def test_people_get_one_sentence(adscreen, parts):
    run = adscreen("score", "in/", "-o", "out/", "--resume")
    assert run.code == 0
    assert run.err.startswith("900 ads judged in 6 parts: ")
    assert run.err.endswith(" unscorable. Written to out/.\n")
    again = adscreen("score", "in/", "-o", "out/", "--resume")
    assert again.err.startswith("900 ads judged in 6 parts, 6 of them before: ")
    refused = adscreen("score", "in/", "-o", "out/")
    assert refused.code == 2
    assert refused.err == (
        "Error: -o out/: holds finished parts of an earlier run. "
        "Add --resume to go on with it, or give another folder.\n"
    )


def test_a_corrupt_part_among_many_is_code_4_and_told(adscreen, parts, tmp_path):
    bad = parts / "day=2026-11-23" / "ads.parquet"
    bad.write_bytes(bad.read_bytes()[:-50])
    run = adscreen("score", "in/", "-o", "out/", "--keep", "row")
    assert run.code == 4
    first, summary, last = run.err.splitlines()
    assert first == (
        "Set aside: in/day=2026-11-23/ads.parquet: this Parquet file is damaged or cut short. "
        "Copy or download it again, or write it anew"
    )
    assert summary.startswith("750 ads judged in 5 parts: ")
    assert last == "1 part could not be read and was set aside."
    out = pd.read_parquet(tmp_path / "out", partitioning=None)
    assert list(out.columns) == [*RESULT_COLUMNS, "row"]
    assert len(out) == 750


def test_after_kills_at_random_moments_the_folder_is_that_of_an_undisturbed_run(adscreen, parts, tmp_path):
    assert adscreen("score", "in/", "-o", "whole/").code == 0
    chance = random.Random(5)
    for event in ("job_started", "part_done", "part_done"):
        run = start(tmp_path, "in/", "-o", "out/", "--workers", 2, "--resume", "--log-json")
        wait_for(run, event)
        time.sleep(chance.uniform(0.0, 0.3))
        run.kill()
        run.communicate()
    last = adscreen("score", "in/", "-o", "out/", "--workers", 2, "--resume", "--json")
    assert last.code == 0
    assert files_in(tmp_path / "out") == files_in(tmp_path / "whole")
    assert json.loads(last.out)["parts"]["skipped"] >= 1


@pytest.mark.parametrize("workers", [1, 2])
def test_sigterm_ends_the_run_cleanly_and_keeps_finished_parts(parts, tmp_path, workers):
    run = start(tmp_path, "in/", "-o", "out/", "--workers", workers, "--log-json")
    wait_for(run, "part_done")
    os.killpg(run.pid, signal.SIGTERM)  # as a scheduler does: the run and its workers
    _, err = run.communicate(timeout=120)
    assert run.returncode == 128 + signal.SIGTERM
    said = json.loads(err.splitlines()[-1])
    assert (said["level"], said["event"]) == ("error", "stopped")
    done = len(list((tmp_path / "out").rglob("*.done.json")))
    assert said["message"] == f"Stopped. {done} of 6 parts are finished and kept; to go on, run again with --resume."
    assert 1 <= done < 6
    assert len(list((tmp_path / "out").glob("*/*"))) - len(list((tmp_path / "out" / "_adscreen").glob("*"))) == done
    assert not list((tmp_path / "out").rglob(".*.partial"))
    assert not list(tmp_path.glob("adscreen-*"))


@contextlib.contextmanager
def mounted(folder: Path, options: str):
    """A small file system of its own; the test is skipped where that is not permitted."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True) if sys.platform == "linux" else None
    if done is None or done.returncode != 0:
        pytest.skip(f"no file system may be mounted here: {done.stderr.strip() if done else sys.platform}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_ends_the_run_with_code_3_and_the_run_goes_on_when_there_is_room(adscreen, parts, tmp_path):
    with mounted(tmp_path / "disk", "size=200k"):
        options = ("in/", "-o", "disk/out/", "--output-format", "jsonl", "--resume")
        run = adscreen("score", *options, "--workers", 2)
        assert run.code == 3
        assert run.err.count("Error: ") == 1
        error = run.err[run.err.index("Error: ") :]
        assert error.startswith("Error: -o disk/out/day=2026-11-2")
        assert "the disk is full. Nothing was written under that name. Free some space and run again. " in error
        assert error.endswith("of 6 parts are finished and kept; to go on, run again with --resume.\n")
        assert not list((tmp_path / "disk").rglob(".*.partial"))
        subprocess.run(["mount", "-o", "remount,size=50m", str(tmp_path / "disk")], check=True)
        assert adscreen("score", *options).code == 0
        assert adscreen("score", "in/", "-o", "whole/", "--output-format", "jsonl").code == 0
        assert files_in(tmp_path / "disk" / "out") == files_in(tmp_path / "whole")


def test_a_read_only_output_is_code_3_before_any_work(adscreen, parts, tmp_path):
    with mounted(tmp_path / "disk", "ro,size=100k"):
        run = adscreen("score", "in/", "-o", "disk/out/")
        assert run.code == 3
        assert run.err == (
            "Error: -o disk/out/: cannot write to this folder (Read-only file system). Choose another folder.\n"
        )


def test_errors_are_lines_of_the_log_too(adscreen):
    run = adscreen("score", "gone/*.csv", "-o", "out/", "--log-json")
    assert run.code == 3
    line = json.loads(run.err)
    del line["time"]
    assert line == {
        "level": "error",
        "event": "failed",
        "message": "Error: gone/*.csv: no file has such a name. Check the name and where you are",
        "exit_code": 3,
    }


def test_a_terminal_shows_how_fast_it_goes_and_the_time_left(parts, tmp_path):
    master, terminal = pty.openpty()
    command = [sys.executable, "-m", "adscreen.cli", "score", "in/", "-o", "out/"]
    environment = {**os.environ, "COLUMNS": "120", "TERM": "xterm"}
    run = subprocess.Popen(command, cwd=tmp_path, stderr=terminal, stdout=subprocess.DEVNULL, env=environment)
    os.close(terminal)
    shown = b""
    with contextlib.suppress(OSError):  # how a terminal ends on Linux
        while block := os.read(master, 4096):
            shown += block
    os.close(master)
    assert run.wait() == 0
    assert b"ads/s" in shown
    assert b"left" in shown

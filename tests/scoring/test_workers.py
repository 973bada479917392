"""Real processes: the same bytes, one copy of the model, and a task tried again when its process is killed."""

import os
import re
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from adscreen.errors import WorkerLostError
from adscreen.scoring.batch import score_files
from adscreen.scoring.memory import MemoryWatch, proportional_set_size
from adscreen.scoring.shared_model import share_bundle
from adscreen.scoring.worker_process import worker_scorer
from adscreen.scoring.workers import Workers

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, which only Linux has")
KILLED_TWICE = (
    "its process was killed twice, by the system for want of memory or by hand. "
    "Give the machine more memory or use fewer --workers"
)


@pytest.fixture(scope="module")
def workers(bundle):
    """Two workers for all tests that do not kill them."""
    with Workers(2, bundle) as workers:
        yield workers


@pytest.fixture(scope="module")
def many(tmp_path_factory, sample):
    """Ads of several chunks, and a few rows that cannot be read."""
    path = tmp_path_factory.mktemp("ads") / "ads.csv"
    ads = pd.DataFrame({"id": [f"a{i}" for i in range(9_000)]})
    ads["text"] = [f"{sample['text'][i % len(sample)][:80]} {i % 500}" for i in range(len(ads))]
    path.write_text(ads.to_csv(index=False) + "one,cell,too many\n", encoding="utf-8")
    return path


# What a worker is given; functions of this module, so that it can import them.


def size_of_mapping(_):
    """Sizes in bytes of the model's table in this process: all, shared in proportion, written on."""
    table = worker_scorer().bundle.text.table
    float(table.sum())  # touch every page
    time.sleep(0.5)  # so that each worker gets one of two tasks
    sizes, within = {}, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
            within = line.endswith("table.npy")
        elif within:
            name, _, value = line.partition(":")
            if value.endswith("kB"):
                sizes[name] = sizes.get(name, 0) + 1024 * int(value.split()[0])
    return os.getpid(), table.nbytes, sizes


def killed_at_first(path):
    if not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return path.name


def killed_if_bad(name):
    if name == "bad":
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.2)
    return name.upper()


def fails(name):
    raise ValueError(name)


def waits(seconds):
    time.sleep(seconds)


# The same results


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_workers_write_the_same_bytes_as_one_process(scorer, workers, many, tmp_path, suffix):
    here, there = tmp_path / f"here.{suffix}", tmp_path / f"there.{suffix}"
    alone = score_files(scorer, [str(many)], str(here), keep=["row"])
    shared = score_files(workers.judge, [str(many)], str(there), keep=["row"])
    assert here.read_bytes() == there.read_bytes()
    assert (alone.rows, alone.rejected, alone.by_band) == (shared.rows, shared.rejected, shared.by_band)


def test_tasks_come_back_in_order_if_asked(workers):
    names = [f"n{i}" for i in range(6)]
    assert list(workers.each(killed_if_bad, names, room=4, in_order=True)) == [(name, name.upper()) for name in names]


def test_an_error_is_an_outcome_and_the_others_go_on(workers):
    outcomes = dict(workers.each(fails, ["a", "b"], room=2))
    assert {name: repr(error) for name, error in outcomes.items()} == {
        "a": "ValueError('a')",
        "b": "ValueError('b')",
    }


def test_while_tasks_are_under_way_the_tick_is_called(workers):
    ticks = []
    list(workers.each(waits, [0.7], room=1, tick=lambda: ticks.append(1)))
    assert ticks


# One copy of the model


@linux
def test_the_weights_are_in_memory_once_however_many_workers_there_are(workers):
    list(workers.each(size_of_mapping, [0, 1], room=2))
    measured = [outcome for _, outcome in workers.each(size_of_mapping, [0, 1], room=2)]
    assert len({pid for pid, _, _ in measured}) == 2
    for _, nbytes, sizes in measured:
        assert sizes["Rss"] >= nbytes  # all of the table is there …
        assert sizes["Pss"] <= 0.6 * sizes["Rss"]  # … and each worker counts for half of it
        assert sizes["Private_Dirty"] == 0  # nobody has a copy
    assert sum(sizes["Pss"] for _, _, sizes in measured) <= 1.1 * measured[0][1]


def test_a_shared_bundle_is_the_bundle(bundle, tmp_path):
    opened = share_bundle(bundle, tmp_path).open()
    np.testing.assert_array_equal(opened.text.table, bundle.text.table)
    np.testing.assert_array_equal(opened.text.vocabulary, bundle.text.vocabulary)
    assert opened.text._replace(table=None, vocabulary=None) == bundle.text._replace(table=None, vocabulary=None)
    assert opened._replace(text=None) == bundle._replace(text=None)


@linux
def test_the_memory_of_a_run_counts_its_workers(workers):
    list(workers.each(waits, [0.0], room=1))
    with MemoryWatch(workers.pids) as memory:
        pass
    alone = proportional_set_size(os.getpid())
    assert memory.peak >= alone + sum(map(proportional_set_size, workers.pids())) / 2 > alone


def test_a_process_that_is_gone_has_no_memory():
    assert proportional_set_size(2**22 + 1) == 0


# Killed


@pytest.fixture
def mortal(tiny_bundle):
    lost = []
    with Workers(2, tiny_bundle, lost=lambda: lost.append(1)) as workers:
        workers.times_lost = lost
        yield workers


def test_a_task_whose_process_is_killed_is_done_by_another(mortal, tmp_path):
    assert list(mortal.each(killed_at_first, [tmp_path / "a"], room=2)) == [(tmp_path / "a", "a")]
    assert len(mortal.times_lost) == 1


@pytest.mark.parametrize("in_order", [False, True])
def test_a_task_that_kills_its_process_twice_is_named_and_the_others_are_done(mortal, in_order):
    names = ["a", "bad", "c", "d", "e"]
    outcomes = dict(mortal.each(killed_if_bad, names, room=3, in_order=in_order))
    lost = outcomes.pop("bad")
    assert isinstance(lost, WorkerLostError)
    assert str(lost) == KILLED_TWICE
    assert outcomes == {"a": "A", "c": "C", "d": "D", "e": "E"}
    assert len(mortal.times_lost) == 2


def test_rows_that_kill_their_process_twice_are_named(tiny_bundle, tmp_path, monkeypatch):
    (tmp_path / "ads.csv").write_text("text\n" + "Cook wanted in Porto\n" * 30)
    with Workers(2, tiny_bundle) as workers:
        lost = WorkerLostError(KILLED_TWICE)
        monkeypatch.setattr(workers, "each", lambda function, frames, **_: ((ads, lost) for ads in frames))
        with pytest.raises(WorkerLostError) as error:
            score_files(workers.judge, [str(tmp_path / "ads.csv")], str(tmp_path / "out.csv"))
    assert str(error.value) == f"{tmp_path / 'ads.csv'}: rows 1 to 30 could not be judged: {KILLED_TWICE}"
    assert [path.name for path in tmp_path.iterdir()] == ["ads.csv"]


def test_no_process_and_no_folder_is_left(tiny_bundle):
    with Workers(2, tiny_bundle) as workers:
        list(workers.each(waits, [0.0, 0.0], room=2))
        pids, folder = workers.pids(), workers.folder
        assert pids
        assert folder.is_dir()
    assert not folder.exists()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)

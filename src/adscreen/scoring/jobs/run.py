"""A job: all parts of an input into a folder, in this process or with workers, on from where an earlier run ended."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from adscreen import __version__
from adscreen.ads.readers import find_parts
from adscreen.errors import AdscreenError, InputError, OutputError
from adscreen.scoring.batch import Judge
from adscreen.scoring.counters import Counters, Progress
from adscreen.scoring.jobs.board import Board
from adscreen.scoring.jobs.files import sha256_of
from adscreen.scoring.jobs.folder import check_job, finished, held_folder, remove_leftovers, writing_to
from adscreen.scoring.jobs.part import Job, PartResult, counters_of, note_failure, score_in_worker, score_part
from adscreen.scoring.jobs.plan import NOTES, Settings, Shard, Task, plan, settings_as_json
from adscreen.stopping import Stopped, stop_when_asked

if TYPE_CHECKING:
    from adscreen.messages import Log
    from adscreen.scoring.workers import Workers

UNEVEN = 1.1
"""A part counts as big if a worker that has it alone ends so many times later than all would with equal shares."""


@dataclass(frozen=True)
class Engine:
    """What judges: a judge of frames, and the workers behind it, if any."""

    judge: Judge
    workers: Workers | None = None

    def pids(self) -> list[int]:
        """Return the ids of the workers."""
        return [] if self.workers is None else self.workers.pids()


@dataclass
class JobResult:
    """What became of a job.

    Attributes
    ----------
    counters : Counters
        Of all finished parts, those of earlier runs included: as if one run had done them all. `seconds` is this
        run's.
    parts : dict of str to int
        ``total``, ``scored``, ``skipped`` and ``failed``.
    failures : list of str
    rejected : list of str
        Files of the rows set aside.
    """

    counters: Counters = field(default_factory=Counters)
    parts: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)


def run_job(
    inputs: Sequence[str],
    folder: Path,
    settings: Settings,
    engine: Engine,
    *,
    made_with: dict[str, Any],
    indicators: Path | None,
    resume: bool,
    shard: Shard,
    progress: Progress,
    log: Log,
) -> JobResult:
    """Score every part of `inputs` into `folder`.

    Raises
    ------
    UsageError
        If the folder holds what another model, other settings or a run without `resume` made.
    OutputError
        If the folder cannot be written, or no longer. Finished parts are kept.
    InputError, UsageError
        If no part could be read.
    Stopped
        After the chunk at hand, if somebody asked to stop. Finished parts are kept.
    """
    started = time.perf_counter()
    tasks = plan(find_parts(inputs), folder, settings, shard)
    digest = None if indicators is None else sha256_of(indicators)
    made_with = settings_as_json(settings, adscreen=__version__, **made_with, indicators_sha256=digest)
    with held_folder(folder, shard):
        check_job(folder, made_with)
        remove_leftovers(tasks)
        done = finished(tasks, folder, resume=resume)
        skipped = [task for task in tasks if task.number in done]
        results = [PartResult(task, counters_of(done[task.number]), skipped=True) for task in skipped]
        board_file = folder / NOTES / f".{shard}.board.npy"
        with writing_to(folder):
            board = Board.new(board_file, len(tasks))
        log("job_started", f"{len(tasks)} parts, {len(done)} finished before", parts=len(tasks), skipped=len(done))
        todo = [task for task in tasks if task.number not in done]
        show = _Shown(board, tasks, done, progress, started)
        try:
            with stop_when_asked(board.stop) as asked:
                for result in _results(todo, Job(settings, made_with, board, os.getpid()), engine, show):
                    results.append(result)
                    _tell(result, log)
                    if isinstance(result.error, OutputError):
                        board.stop()
        finally:
            board_file.unlink(missing_ok=True)
    return _conclude(results, folder, len(tasks), asked(), time.perf_counter() - started)


def _results(todo: list[Task], job: Job, engine: Engine, show: Callable[[], None]) -> Iterator[PartResult]:
    """Yield what becomes of each task: big ones first, each shared among the workers, then a worker for each."""
    workers = engine.workers
    todo = sorted(todo, key=lambda task: (-task.size, task.number))
    left = sum(task.size for task in todo)
    while todo and (workers is None or todo[0].size * workers.n > UNEVEN * left or len(todo) < workers.n):
        if job.board.stopping():
            return
        task = todo.pop(0)
        left -= task.size
        yield score_part(task, job, engine.judge, show)
    if workers is None or not todo:
        return
    calls = ((task, job) for task in todo if not job.board.stopping())
    for (task, _), result in workers.each(score_in_worker, calls, room=workers.n, tick=show):
        if isinstance(result, AdscreenError):
            error = InputError(f"{task.part.path}: {result}")
            note_failure(task, error)
            yield PartResult(task, error=error)
        elif isinstance(result, BaseException):
            raise result
        else:
            yield result
        show()


class _Shown:
    """Tells the progress of a job from its board."""

    def __init__(
        self, board: Board, tasks: Sequence[Task], done: dict[int, Any], progress: Progress, started: float
    ) -> None:
        self._board = board
        self._sizes = np.array([0 if task.number in done else task.size for task in tasks], np.int64)
        self._progress = progress
        self._started = started

    def __call__(self) -> None:
        rows, share = self._board.done(self._sizes)
        self._progress(Counters(rows=rows, share=share, seconds=time.perf_counter() - self._started))


def _tell(result: PartResult, log: Log) -> None:
    task, counters = result.task, result.counters
    fields = {"input": task.part.path, "output": str(task.output)}
    if result.error is not None:
        log("part_failed", f"Set aside: {result.error}", level="warning", **fields, reason=str(result.error))
    elif not result.stopped:
        log(
            "part_done",
            f"{task.part.path}: {counters.rows:,} ads",
            **fields,
            rows=counters.rows,
            rejected=counters.rejected,
            seconds=round(counters.seconds, 3),
        )


def _conclude(results: list[PartResult], folder: Path, n_tasks: int, signal_number: int, seconds: float) -> JobResult:
    results.sort(key=lambda result: result.task.number)
    outcome = JobResult()
    finished_ones = [result for result in results if result.error is None and not result.stopped]
    failed = [result for result in results if result.error is not None]
    kept = f"{len(finished_ones)} of {n_tasks} parts are finished and kept; to go on, run again with --resume."
    for result in failed:
        if isinstance(result.error, OutputError):
            raise OutputError(f"{result.error} {kept}") from result.error
    if signal_number:
        raise Stopped(signal_number, kept)
    if failed and not finished_ones:
        assert failed[0].error is not None
        raise failed[0].error
    for result in finished_ones:
        outcome.counters.merge(result.counters)
        outcome.counters.rows_before += result.counters.rows if result.skipped else 0
        if result.counters.rejected:
            outcome.rejected.append(str(result.task.rejected))
    outcome.counters.seconds = seconds
    outcome.counters.share = 1.0
    outcome.failures = [str(result.error) for result in failed]
    skipped = sum(result.skipped for result in results)
    outcome.parts = {
        "total": n_tasks,
        "scored": len(finished_ones) - skipped,
        "skipped": skipped,
        "failed": len(failed),
    }
    return outcome

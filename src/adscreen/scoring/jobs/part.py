"""One part of a job: read, judge, write under a temporary name, rename, and say that it is finished."""

from __future__ import annotations

import contextlib
import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from adscreen.ads.rejects import RejectLog
from adscreen.errors import AdscreenError, InputError, OutputError
from adscreen.scoring.batch import Judge, judge_here, judge_parts
from adscreen.scoring.counters import Counters
from adscreen.scoring.jobs.board import Board
from adscreen.scoring.jobs.files import sha256_of, size_of, sync_folder, write_json
from adscreen.scoring.jobs.plan import Settings, Task
from adscreen.scoring.kept import Kept
from adscreen.scoring.result import no_results
from adscreen.scoring.worker_process import is_orphan, worker_scorer
from adscreen.scoring.writers import open_writer


class Job(NamedTuple):
    """What all parts of a job have in common.

    Attributes
    ----------
    settings : Settings
    made_with : dict
        Model and settings as they stand in ``job.json``.
    board : Board
    process : int
        Of the run.
    """

    settings: Settings
    made_with: dict[str, Any]
    board: Board
    process: int


@dataclass
class PartResult:
    """What became of a part.

    Attributes
    ----------
    task : Task
    counters : Counters
    error : AdscreenError, optional
        Why it is not finished.
    stopped : bool
        It was given up since somebody asked to stop.
    skipped : bool
        An earlier run had finished it.
    """

    task: Task
    counters: Counters = field(default_factory=Counters)
    error: AdscreenError | None = None
    stopped: bool = False
    skipped: bool = False


class _GivenUpError(Exception):
    """Somebody asked to stop, or the run that this process works for is gone."""


def score_in_worker(task_of: tuple[Task, Job]) -> PartResult:
    """Score a part in a worker; see `score_part`."""
    task, job = task_of
    return score_part(task, job, judge_here(worker_scorer()))


def score_part(task: Task, job: Job, judge: Judge, progress: Callable[[], None] = lambda: None) -> PartResult:
    """Score one part. What is wrong with it stands in the result, and in the notes of the folder."""
    result = PartResult(task)
    try:
        _score(task, job, judge, result.counters, progress)
    except _GivenUpError:
        result.stopped = True
    except OutputError as error:  # not the part's fault: the job stops
        result.error = error
    except AdscreenError as error:
        named = str(error).startswith(task.part.path)
        result.error = error if named else type(error)(f"{task.part.path}: {error}")
    except Exception as error:
        # A fault of adscreen, met in one ad of millions. Its message may quote the ad, so only its place is told.
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
        result.error = InputError(f"{task.part.path}: could not be scored: {where}. Please report this")
    if result.error is not None and not isinstance(result.error, OutputError):
        note_failure(task, result.error)
    return result


def note_failure(task: Task, error: AdscreenError) -> None:
    """Write down why a part is not finished."""
    with contextlib.suppress(OSError):  # the reason is told in any case; a full disk ends the job at its next part
        write_json(task.failed, {"input": task.part.path, "reason": str(error)})


def _score(task: Task, job: Job, judge: Judge, counters: Counters, progress: Callable[[], None]) -> None:
    path = Path(task.part.path)
    try:
        before = (size_of(path), sha256_of(path), _changed(path))
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file or folder. Check the name and where you are") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    kept = Kept(
        job.settings.keep,
        left_out=[name for name, _ in task.part.partitions],
        typed=task.output.suffix == ".parquet",
    )
    partial = task.rejected.with_name(f".{task.rejected.name}.{os.getpid()}.partial")
    try:
        task.output.parent.mkdir(parents=True, exist_ok=True)
        partial.parent.mkdir(parents=True, exist_ok=True)
        task.failed.unlink(missing_ok=True)
        with open_writer(str(task.output)) as writer:
            with RejectLog(partial) as rejects:
                stream = judge_parts(
                    judge,
                    [task.part],
                    mapping=job.settings.mapping,
                    input_format=job.settings.input_format,
                    rejects=rejects,
                    counters=counters,
                )
                for ads, results in stream:
                    writer.write(kept.beside(results, ads))
                    job.board.note(task.number, counters)
                    progress()
                    if job.board.stopping() or (os.getpid() != job.process and is_orphan(job.process)):
                        raise _GivenUpError
            if counters.rows == 0:
                writer.write(no_results())
            if _changed(path) != before[2]:
                raise InputError(f"{path}: was changed while it was read. Run again when it is whole")
            if rejects.count:
                partial.replace(task.rejected)
            else:
                task.rejected.unlink(missing_ok=True)
        sync_folder(task.output.parent)
        write_json(task.marker, _marker(task, job, before[:2], counters))
    except OSError as error:
        raise OutputError(f"-o {task.output}: cannot be written ({error.strerror or error}).") from error
    finally:
        partial.unlink(missing_ok=True)


def _marker(task: Task, job: Job, before: tuple[int, str], counters: Counters) -> dict[str, Any]:
    # No time in it: the same part gives the same bytes, whoever did it and when.
    counted = counters.as_json()
    for name in ("seconds", "ads_per_second", "peak_memory"):
        del counted[name]
    return {
        "input": task.part.path,
        "input_bytes": before[0],
        "input_sha256": before[1],
        "output_bytes": task.output.stat().st_size,
        **job.made_with,
        "counters": {**counted, "first_repeated_id": counters.first_repeated_id},
    }


def counters_of(marker: dict[str, Any]) -> Counters:
    """Return the counters in a marker."""
    return Counters(**marker["counters"])


def _changed(path: Path) -> tuple[int, int] | None:
    """Return what is different after a file was written to; None where it is gone."""
    try:
        now = path.stat()
    except OSError:
        return None
    return (now.st_size, now.st_mtime_ns)

"""The output folder of a job: who made it, who is at work in it, and what an interrupted run left."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from adscreen.errors import OutputError, UsageError
from adscreen.scoring.jobs.files import read_json, sha256_of, write_json
from adscreen.scoring.jobs.plan import NOTES, Shard, Task

JOB = "job.json"


@contextlib.contextmanager
def held_folder(folder: Path, shard: Shard) -> Iterator[None]:
    """Make the folder and hold it for one shard: another run of the same shard is refused until this one ends.

    Raises
    ------
    OutputError
        If the folder cannot be written to, or another process holds it.
    """
    with writing_to(folder):
        (folder / NOTES).mkdir(parents=True, exist_ok=True)
        lock = (folder / NOTES / f"{shard}.lock").open("a+")
    with lock:
        try:
            # Held by the process, not by the file: a process that is killed lets go of it.
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputError(
                f"-o {folder}/: another adscreen is writing to this folder. Wait for it to end, or stop it."
            ) from None
        except (ImportError, OSError):  # Windows, and network file systems without locks
            pass
        yield


@contextlib.contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Turn what the system says against writing into an `OutputError`."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"-o {folder}/: cannot write to this folder ({error.strerror or error}). Choose another folder."
        ) from error


def check_job(folder: Path, job: dict[str, Any]) -> None:
    """Check that what is in the folder was made by the same model with the same settings; note them in a new one.

    Raises
    ------
    UsageError
        If it was not.
    """
    path = folder / NOTES / JOB
    before = read_json(path)
    if before is None:
        with writing_to(folder):
            write_json(path, job)
        return
    old, new = before.get("model_version"), job["model_version"]
    if old != new or before.get("model_sha256") != job["model_sha256"]:
        raise UsageError(
            f"-o {folder}/: made by another model ({old}; this is {new}). "
            "Go on with that one (--model), or give another folder."
        )
    other = [name for name in job if before.get(name) != job[name]]
    if other:
        said = "; ".join(f"{name}: {before.get(name)!r} then, {job[name]!r} now" for name in other)
        raise UsageError(
            f"-o {folder}/: made with other settings ({said}). Go on with the same ones, or give another folder."
        )


def finished(tasks: Sequence[Task], folder: Path, *, resume: bool) -> dict[int, dict[str, Any]]:
    """Return the markers of the tasks that are finished, by index.

    A part counts as finished if its output is there in the size its marker says, and its input has the size and
    the hash it had.

    Raises
    ------
    UsageError
        If there are any although nobody said ``--resume``.
    """
    done = {}
    for task in tasks:
        marker = read_json(task.marker)
        if marker is None:
            if not resume and task.output.exists():
                raise UsageError(f"-o {folder}/: {task.output} is there already. Give another folder, or remove it.")
            continue
        if not resume:
            raise UsageError(
                f"-o {folder}/: holds finished parts of an earlier run. "
                "Add --resume to go on with it, or give another folder."
            )
        if _holds(task, marker):
            done[task.number] = marker
    return done


def _holds(task: Task, marker: dict[str, Any]) -> bool:
    path = Path(task.part.path)
    try:
        return bool(
            task.output.stat().st_size == marker["output_bytes"]
            and (path.is_dir() or path.stat().st_size == marker["input_bytes"])
            and sha256_of(path) == marker["input_sha256"]
        )
    except (OSError, KeyError):
        return False


def remove_leftovers(tasks: Sequence[Task]) -> None:
    """Remove the half-written files that a killed run left for `tasks`."""
    names = {(task.output.parent, task.output.name) for task in tasks}
    names |= {(path.parent, path.name) for task in tasks for path in (task.marker, task.failed, task.rejected)}
    for folder in {folder for folder, _ in names}:
        if not folder.is_dir():
            continue
        for entry in os.scandir(folder):
            if entry.name.startswith(".") and entry.name.endswith(".partial"):
                name = entry.name[1:].rsplit(".", 2)[0]  # .NAME.PID.partial
                if (folder, name) in names:
                    Path(entry.path).unlink(missing_ok=True)

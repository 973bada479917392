"""Processes that judge, each with the same model; a task whose process is killed is tried once more, by itself.

What a worker is stands in `adscreen.scoring.worker_process`; nothing of this process's memory goes there but its tasks.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, Self, TypeVar

import pandas as pd

from adscreen.errors import OutputError, WorkerLostError
from adscreen.scoring.batch import Judged
from adscreen.scoring.bundle import Bundle
from adscreen.scoring.shared_model import share_bundle
from adscreen.scoring.worker_process import TICK, judge_frame, start_worker

Task = TypeVar("Task")

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "ARROW_NUM_THREADS"), "1"
)


class Workers:
    """Processes that judge.

    Parameters
    ----------
    n : int
        How many.
    bundle : Bundle
    indicators : Path, optional
        Folder of further indicators.
    reveal, deep : bool
        As for `Scorer`.
    lost : callable, optional
        Told each time processes were killed.
    """

    def __init__(
        self,
        n: int,
        bundle: Bundle,
        indicators: Path | None = None,
        *,
        reveal: bool = False,
        deep: bool = False,
        lost: Callable[[], None] = lambda: None,
    ) -> None:
        from loky.backend import resource_tracker

        self.n = n
        self.folder = Path(tempfile.mkdtemp(prefix="adscreen-"))
        # Should this process be killed, the tracker, a process of its own, removes the folder.
        resource_tracker.register(str(self.folder), "folder")
        try:
            shared = share_bundle(bundle, self.folder)
        except OSError as error:
            raise OutputError(
                f"cannot write the model for the workers to {self.folder} ({error.strerror}). Free some space there, "
                "or name another folder: TMPDIR=/path adscreen score …"
            ) from error
        self._setup = (shared, indicators, reveal, deep, os.getpid())
        self._lost = lost
        self._pool = self._new_pool(n)

    def _new_pool(self, n: int) -> Any:
        from loky.process_executor import ProcessPoolExecutor

        return ProcessPoolExecutor(n, initializer=start_worker, initargs=self._setup, env=ONE_THREAD)

    def pids(self) -> list[int]:
        """Return the ids of the processes that run now."""
        return list(self._pool._processes or ())

    def each(
        self,
        function: Callable[[Task], Any],
        tasks: Iterable[Task],
        *,
        room: int,
        in_order: bool = False,
        tick: Callable[[], None] = lambda: None,
    ) -> Iterator[tuple[Task, Any]]:
        """Yield each task with what `function` returned or raised, as they are finished or in the order given.

        Parameters
        ----------
        function : callable
            Of a module that workers can import.
        room : int
            So many tasks may be under way.
        tick : callable
            Called every `TICK` seconds while waiting.
        """
        waiting: dict[Future[Any], Task] = {}
        tasks = iter(tasks)
        while True:
            for task in itertools.islice(tasks, room - len(waiting)):
                waiting[self._submit(function, task)] = task
            if not waiting:
                return
            wanted = next(iter(waiting))
            while not (done := wait([wanted] if in_order else waiting, TICK, FIRST_COMPLETED).done):
                tick()
            future = wanted if in_order else done.pop()
            if isinstance(future.exception(), BrokenProcessPool):
                yield from self._again(function, waiting)
                waiting = {}
            else:
                yield waiting.pop(future), future.exception() or future.result()

    def _submit(self, function: Callable[[Task], Any], task: Task) -> Future[Any]:
        try:
            future: Future[Any] = self._pool.submit(function, task)
        except BrokenProcessPool as error:  # since the last task was finished
            future = Future()
            future.set_exception(error)
        return future

    def _again(self, function: Callable[[Task], Any], waiting: dict[Future[Any], Task]) -> Iterator[tuple[Task, Any]]:
        """Try again what was under way when a process was killed: one task at a time, so that the guilty is known."""
        self._lost()
        wait(waiting)
        self._restart()
        for future, task in waiting.items():
            if isinstance(future.exception(), BrokenProcessPool):
                future = self._submit(function, task)
                if isinstance(future.exception(), BrokenProcessPool):
                    self._lost()
                    self._restart()
                    lost = WorkerLostError(
                        "its process was killed twice, by the system for want of memory or by hand. "
                        "Give the machine more memory or use fewer --workers"
                    )
                    yield task, lost
                    continue
            yield task, future.exception() or future.result()

    def _restart(self) -> None:
        self._pool.shutdown(wait=True, kill_workers=True)
        self._pool = self._new_pool(self.n)

    def judge(self, frames: Iterator[pd.DataFrame]) -> Judged:
        """Judge frames of ads, several at a time; a judge as `adscreen.scoring.batch.Judge` says."""
        for ads, results in self.each(judge_frame, frames, room=self.n + 2, in_order=True):
            if isinstance(results, WorkerLostError):
                first, last = ads["row"].iloc[0], ads["row"].iloc[-1]
                raise WorkerLostError(f"rows {first:,} to {last:,} could not be judged: {results}")
            if isinstance(results, BaseException):
                raise results
            yield ads, results

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        from loky.backend import resource_tracker

        self._pool.shutdown(wait=True, kill_workers=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        resource_tracker.unregister(str(self.folder), "folder")

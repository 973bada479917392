"""A small table in a file that all processes of a job see: how far each part is, and whether to stop."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from adscreen.scoring.counters import Counters

_MILLION = 1_000_000


class Board:
    """The table in the file `path`: row 0 says to stop, row 1 + n how many rows of task n are done, and their share."""

    def __init__(self, path: str) -> None:
        self.path = path

    @classmethod
    def new(cls, path: Path, n_tasks: int) -> Self:
        """Make the file, for tasks 0 to `n_tasks` - 1."""
        path.unlink(missing_ok=True)  # a worker of a killed run may still have it mapped
        np.save(path, np.zeros((n_tasks + 1, 2), np.int64))
        return cls(str(path))

    @cached_property
    def _table(self) -> NDArray[Any]:
        table: NDArray[Any] = np.load(self.path, mmap_mode="r+")
        return table

    def __reduce__(self) -> tuple[type[Board], tuple[str]]:
        return type(self), (self.path,)  # to another process goes the name, not the contents

    def note(self, number: int, counters: Counters) -> None:
        """Say how far task `number` is."""
        self._table[number + 1] = (counters.rows, int(counters.share * _MILLION))

    def stop(self) -> None:
        """Ask all to stop after the chunk they are at."""
        self._table[0, 0] = 1

    def stopping(self) -> bool:
        """Return whether somebody asked to stop."""
        return bool(self._table[0, 0])

    def done(self, sizes: NDArray[np.int64]) -> tuple[int, float]:
        """Return how many rows are done, and which share of all tasks, whose inputs have `sizes` bytes."""
        table = np.array(self._table[1:])
        share = float((table[:, 1] * sizes).sum()) / _MILLION / max(int(sizes.sum()), 1)
        return int(table[:, 0].sum()), share

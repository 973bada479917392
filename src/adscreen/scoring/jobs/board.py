"""A small table in a file that all processes of a job see: how far each part is, and whether to stop."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adscreen.scoring.counters import Counters

_MILLION = 1_000_000


class Board(NamedTuple):
    """Where `path` is the file: row 0 says to stop, row 1 + n how many rows of task n are done, and their share."""

    path: str

    @classmethod
    def new(cls, path: Path, n_tasks: int) -> Board:
        """Make the file, for tasks 0 to `n_tasks` - 1."""
        np.save(path, np.zeros((n_tasks + 1, 2), np.int64))
        return cls(str(path))

    def note(self, number: int, counters: Counters) -> None:
        """Say how far task `number` is."""
        _mapped(self.path)[number + 1] = (counters.rows, int(counters.share * _MILLION))

    def stop(self) -> None:
        """Ask all to stop after the chunk they are at."""
        _mapped(self.path)[0, 0] = 1

    def stopping(self) -> bool:
        """Return whether somebody asked to stop."""
        return bool(_mapped(self.path)[0, 0])

    def done(self, sizes: NDArray[np.int64]) -> tuple[int, float]:
        """Return how many rows are done, and which share of all tasks, whose inputs have `sizes` bytes."""
        table = np.asarray(_mapped(self.path))[1:]
        share = float((table[:, 1] * sizes).sum()) / _MILLION / max(int(sizes.sum()), 1)
        return int(table[:, 0].sum()), share


@cache
def _mapped(path: str) -> NDArray[Any]:
    table: NDArray[Any] = np.load(path, mmap_mode="r+")
    return table

"""How much memory a run takes, over all its processes."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

SAMPLED_EVERY = 1.0
"""Seconds. To read the sizes of a process of 400 MB takes a few milliseconds."""


def peak_resident() -> int:
    """Return the most memory in bytes that this process had resident so far; 0 where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def proportional_set_size(pid: int) -> int:
    """Return the memory of a process in bytes, each page shared by n processes counted 1/n; 0 if it cannot be read.

    Linux only: the ``Pss`` of ``/proc/PID/smaps_rollup`` (proc_pid_smaps(5)).
    """
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return 1024 * int(line.split()[1])
    except OSError:
        pass
    return 0


class MemoryWatch:
    """Watches the sum of the proportional set sizes of this process and others, once a second.

    Parameters
    ----------
    others : callable
        Returns the ids of the other processes.

    Attributes
    ----------
    peak : int
        Bytes; where there are no others, the exact peak of this process.
    """

    def __init__(self, others: Callable[[], Sequence[int]] = list) -> None:
        self.peak = 0
        self._others = others
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="adscreen-memory", daemon=True)

    def sample(self) -> None:
        """Look once."""
        others = self._others()
        sizes = [proportional_set_size(pid) for pid in (os.getpid(), *others)] if others else [peak_resident()]
        self.peak = max(self.peak, sum(sizes))

    def _watch(self) -> None:
        while not self._done.wait(SAMPLED_EVERY):
            self.sample()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.sample()
        self._done.set()
        self._thread.join()

"""What a process is that works for another: it maps the model, judges, and ends when its parent is gone."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pandas as pd

from adscreen.scoring.duplicates import score_once
from adscreen.scoring.scorer import Scorer
from adscreen.scoring.shared_model import SharedBundle

TICK = 0.2
"""Seconds between two looks at how far the workers are."""

_scorer: Scorer | None = None
"""Of a worker."""


def worker_scorer() -> Scorer:
    """Return the scorer of this process, which must be a worker."""
    assert _scorer is not None
    return _scorer


def start_worker(shared: SharedBundle, indicators: Path | None, reveal: bool, deep: bool, parent: int) -> None:
    """Make this process a worker of the process `parent`."""
    global _scorer
    from adscreen.signals.indicators import finder_with

    # Who stops a job stops all its processes; what a worker is at is for its parent to decide.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), name="adscreen-parent", daemon=True).start()
    finder = None if indicators is None else finder_with(indicators)
    _scorer = Scorer(shared.open(), finder, reveal=reveal, deep=deep)


def is_orphan(parent: int) -> bool:
    """Return whether the process `parent`, which started this one, is gone."""
    return os.name == "posix" and os.getppid() != parent


def _end_with(parent: int) -> None:
    """End this process soon after its parent was killed: nobody would take its results."""
    while not is_orphan(parent):
        time.sleep(TICK)
    os._exit(1)


def judge_frame(ads: pd.DataFrame) -> pd.DataFrame:
    """Judge a frame of ads in this worker."""
    return score_once(worker_scorer(), ads)

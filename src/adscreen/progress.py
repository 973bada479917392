"""The bar that shows on a terminal how far a command is."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from adscreen.messages import logs_as_json

if TYPE_CHECKING:
    from adscreen.scoring.counters import Counters


@contextlib.contextmanager
def row_progress(task: str) -> Iterator[Callable[[Counters], None]]:
    """Show how many rows are done, how fast, and the time left, on stderr and only on a terminal."""
    if logs_as_json() or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description} {task.fields[rows]:,} ads"),
        BarColumn(),
        TextColumn("{task.fields[rate]:,.0f} ads/s"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(task, total=None, rows=0, rate=0.0)

        def show(counters: Counters) -> None:
            rate = counters.rows / counters.seconds if counters.seconds > 0 else 0.0
            # Standard input has no size: then the bar only moves.
            total = 1.0 if counters.share > 0 else None
            progress.update(bar, completed=counters.share, total=total, rows=counters.rows, rate=rate)

        yield show

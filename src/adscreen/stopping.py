"""How a run is asked to stop: Ctrl-C, and the signal that schedulers send."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopped(BaseException):
    """Somebody asked the process to stop; not an Exception, so that nothing on the way takes it for an error.

    Attributes
    ----------
    signal_number : int
    said : str
        What is left of the work.
    """

    def __init__(self, signal_number: int, said: str = "Nothing was written under the final name.") -> None:
        super().__init__(signal_number, said)
        self.signal_number = signal_number
        self.said = said


def stop_at_once(signal_number: int, frame: object) -> None:
    """Raise `Stopped`, wherever the process is; a handler for signals."""
    raise Stopped(signal_number)


@contextlib.contextmanager
def stop_when_asked(ask: Callable[[], None]) -> Iterator[Callable[[], int]]:
    """Within the block a signal only calls `ask`; a second one stops at once.

    Yields
    ------
    callable
        Returns the number of the signal that came, or 0.
    """
    came = 0

    def handler(signal_number: int, frame: object) -> None:
        nonlocal came
        if came:
            raise Stopped(signal_number)
        came = signal_number
        ask()

    # Only the main thread may set handlers; elsewhere signals are for whoever runs it.
    here = SIGNALS if threading.current_thread() is threading.main_thread() else ()
    before = {number: signal.getsignal(number) for number in here}
    for number in here:
        signal.signal(number, handler)
    try:
        yield lambda: came
    finally:
        for number, old in before.items():
            signal.signal(number, old)

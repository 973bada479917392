"""What a run says on stderr while it works: plain lines for people, or JSON lines for a collector of logs."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable
from typing import Any

Log = Callable[..., None]
"""``log(event, message, **fields)``; `level` among the fields is ``info`` unless given."""

_SHOWN_TO_PEOPLE = ("notice", "warning", "error")
_as_json = False


def log_as_json() -> None:
    """From now on write JSON lines."""
    global _as_json
    _as_json = True


def logs_as_json() -> bool:
    """Return whether JSON lines are written."""
    return _as_json


def log(event: str, message: str, *, level: str = "info", **fields: Any) -> None:
    """Say that something happened.

    Parameters
    ----------
    event : str
        What, in one word that does not change: ``part_done``.
    message : str
        The same for people.
    level : str
        ``info`` (in JSON only), ``notice``, ``warning`` or ``error``.
    **fields
        Plain JSON values.
    """
    if _as_json:
        now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        line = {"time": now, "level": level, "event": event, "message": message, **fields}
        print(json.dumps(line, ensure_ascii=False), file=sys.stderr, flush=True)
    elif level in _SHOWN_TO_PEOPLE:
        print(message, file=sys.stderr, flush=True)


def say(message: str) -> None:
    """Say something to people; in a log it is a notice."""
    log("note", message, level="notice")

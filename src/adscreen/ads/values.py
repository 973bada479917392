"""One way to turn whatever a file holds (numbers, dates, lists) into the text that an ad field is."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

_SURROGATE = re.compile("[\ud800-\udfff]")


def text_of(value: object) -> str:
    """Return one cell as text.

    Parameters
    ----------
    value : object
        Nulls become ``""``, whole floats lose their ``.0`` (spreadsheets and nullable columns turn ids into
        floats), booleans are ``true`` and ``false``, dates ISO 8601 (without a time at midnight, which is how
        spreadsheets store a plain date), lists one item a line.

    Returns
    -------
    str
        Without lone surrogates, which no file format can hold: they become U+FFFD.

    Examples
    --------
    >>> text_of(3000.0), text_of(None), text_of(True), text_of(["a", "b"])
    ('3000', '', 'true', 'a\\nb')
    """
    if isinstance(value, str):
        return whole_characters(value)
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, bool) or type(value).__name__ == "bool":  # numpy has its own
        return "true" if value else "false"
    if isinstance(value, float):  # numpy.float64 is one
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))
    if isinstance(value, dt.datetime):
        at_midnight = value.time() == dt.time() and value.tzinfo is None
        return value.date().isoformat() if at_midnight else value.isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, Iterable) and not isinstance(value, dict):
        return "\n".join(text_of(item) for item in value)
    return whole_characters(str(value))


def text_series(column: pd.Series[Any]) -> pd.Series[str]:
    """Return a column as pandas ``str`` without nulls; the index is kept."""
    if column.dtype == "str":
        return column.fillna("") if column.hasnans else column
    return pd.Series([text_of(value) for value in column], index=column.index, dtype="str", name=column.name)


def whole_characters(text: str) -> str:
    """Return `text` with each lone surrogate (half a character) replaced by U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def cut(text: str, limit: int = 80) -> str:
    """Return `text` on one line and at most `limit` characters long, for use in a message."""
    line = " ".join(text[: 4 * limit].split())
    return line if len(line) <= limit else line[: limit - 1] + "…"

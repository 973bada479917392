"""JSON: one object a line, or one array of objects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pandas as pd

from adscreen.ads.columns import extra_names, map_columns
from adscreen.ads.encoding import detect_encoding
from adscreen.ads.readers.base import (
    CHUNK_CHARS,
    MAX_COLUMNS,
    MAX_FIELD_CHARS,
    ROW,
    Reading,
    ads_frame,
    choose_columns,
    too_long,
)
from adscreen.ads.readers.lines import LineTooLongError, TextLines
from adscreen.ads.values import cut, whole_characters
from adscreen.errors import InputError

MAX_ARRAY_BYTES = 500_000_000

# Numbers stay as they are written, which keeps long ids whole and huge numbers harmless. Line breaks
# and tabs inside quotes are not allowed in JSON, but they are what hand-made files have.
_loads = partial(json.loads, parse_int=str, parse_float=str, parse_constant=str, strict=False)


class _RowError(ValueError):
    """Why one row cannot be read."""


def read_jsonl(reading: Reading) -> Iterator[pd.DataFrame]:
    """Yield the ads of a JSON Lines file or a JSON array.

    Each object is mapped by its own keys, so that a file may mix ``text`` and ``description``.

    Raises
    ------
    InputError
        If an array is no valid JSON or too large.
    UsageError
        If no object of the first frame has text.
    """
    is_array = reading.source.head.decode("latin-1").lstrip("\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith("[")
    chunk = _Chunk(reading)
    for number, value in _array(reading) if is_array else _lines(reading):
        try:
            if isinstance(value, _RowError):
                raise value
            texts = _texts(value)
            if reason := too_long(texts, texts.values()):
                raise _RowError(reason)
            size = sum(map(len, texts.values())) + 8 * len(texts)
            if chunk.rows and (len(chunk.rows) == reading.chunk_rows or chunk.chars + size > CHUNK_CHARS):
                yield chunk.take()
            chunk.add(number, texts, size)
        except _RowError as error:
            ad_id = value.get("ad_id", "") if isinstance(value, dict) else ""
            reading.reject(number, str(error), ad_id if isinstance(ad_id, str) else "")
    if chunk.rows:
        yield chunk.take()


class _Chunk:
    """Rows on their way into a frame; checks the columns of the first."""

    def __init__(self, reading: Reading) -> None:
        self.rows: list[tuple[int, dict[str, str]]] = []
        self.chars = 0
        self._reading = reading
        self._renamed: dict[tuple[str, ...], dict[str, str]] = {}
        self._seen: dict[str, None] = {}
        self._is_first = True

    def add(self, number: int, texts: dict[str, str], size: int) -> None:
        new = [key for key in texts if key not in self._seen]
        if len(self._seen) + len(new) > MAX_COLUMNS:
            raise _RowError(f"row brings more different keys into the file than the limit of {MAX_COLUMNS:,}")
        self._seen.update(dict.fromkeys(new))
        self.rows.append((number, texts))
        self.chars += size

    def take(self) -> pd.DataFrame:
        if self._is_first:
            choose_columns(list(self._seen), self._reading)  # only for its errors
            self._is_first = False
        columns: dict[str, list[str]] = {}
        for at, (_, texts) in enumerate(self.rows):
            for key, name in self._names(tuple(texts)).items():
                column = columns.setdefault(name, [])
                column.extend([""] * (at - len(column)))
                column.append(texts[key])
        for column in columns.values():
            column.extend([""] * (len(self.rows) - len(column)))
        frame = ads_frame(columns, [number for number, _ in self.rows])
        self.rows, self.chars = [], 0
        return frame

    def _names(self, keys: tuple[str, ...]) -> dict[str, str]:
        if keys not in self._renamed:
            if len(self._renamed) > MAX_COLUMNS:
                self._renamed.clear()  # hostile files: a different set of keys in each row
            mapping = {field: column for field, column in self._reading.mapping.items() if column in keys}
            chosen = map_columns(keys, mapping)
            self._renamed[keys] = {**chosen, **extra_names(keys, chosen, reserved=[ROW])}
        return self._renamed[keys]


def _lines(reading: Reading) -> Iterator[tuple[int, Any]]:
    lines = TextLines(reading.source)
    try:
        while True:
            value: Any
            try:
                line = next(lines)
                if not line.strip():
                    continue
                reason = lines.not_valid(line)
                value = _RowError(reason) if reason else _loads(line)
            except StopIteration:
                return
            except LineTooLongError as error:
                value = _RowError(str(error))
            except json.JSONDecodeError as error:
                value = _RowError(f"row is not valid JSON at character {error.pos + 1}: {error.msg}")
            except RecursionError:
                value = _RowError("row is nested too deeply")
            reading.rows += 1
            yield reading.rows, value
    finally:
        lines.close()


def _array(reading: Reading) -> Iterator[tuple[int, Any]]:
    shown = reading.source.shown
    with reading.source.open() as stream:
        data = stream.read(MAX_ARRAY_BYTES + 1)
    if len(data) > MAX_ARRAY_BYTES:
        raise InputError(
            f"{shown}: a JSON array of more than {MAX_ARRAY_BYTES // 1_000_000} MB. "
            "Write it as JSON Lines, one object a line, which can be read bit by bit"
        )
    try:
        values = _loads(data.decode(detect_encoding(data)))
    except UnicodeDecodeError as error:
        raise InputError(
            f"{shown}: is not valid {error.encoding.upper()} at byte {error.start + 1}. Save it as UTF-8"
        ) from error
    except json.JSONDecodeError as error:
        raise InputError(
            f"{shown}: is not valid JSON at line {error.lineno}, column {error.colno}: {error.msg}. "
            "Write one object a line, then a broken one costs its own row only"
        ) from error
    except RecursionError as error:
        raise InputError(f"{shown}: is nested too deeply. Each item of the array must be one ad") from error
    for value in values:
        reading.rows += 1
        yield reading.rows, value


def _texts(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        kinds = {list: "a list", str: "a text or number", bool: "true or false"}
        kind = kinds.get(type(value), "null")
        raise _RowError(f"row holds {kind}, not an object with named fields")
    return {_key(key): _text(key, item) for key, item in value.items()}


def _key(key: str) -> str:
    if len(key) > MAX_FIELD_CHARS // 1000:
        raise _RowError(f"row has a key of {len(key):,} characters: '{cut(key, 40)}'")
    return whole_characters(key)


def _text(key: str, item: Any) -> str:
    if isinstance(item, str):
        return whole_characters(item)
    if item is None:
        return ""
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, list) and all(isinstance(part, str) for part in item):
        return whole_characters("\n".join(item))
    # Scraped rows carry nested metadata beside the text; that is no reason to lose the row.
    return whole_characters(json.dumps(item, ensure_ascii=False))

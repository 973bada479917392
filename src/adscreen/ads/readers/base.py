"""What all readers share: the limits, the rejects, and the shape of the frames they give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from adscreen.ads.columns import extra_names, map_columns
from adscreen.ads.readers.source import Source
from adscreen.ads.rejects import Reject, RejectLog
from adscreen.ads.schema import AD_FIELDS, TEXT_FIELDS, conform, no_text_column
from adscreen.ads.values import cut
from adscreen.errors import InputError, UsageError

MAX_FIELD_CHARS = 1_000_000
CHUNK_CHARS = 16_000_000
MAX_COLUMNS = 2_000
ROW = "row"


@dataclass
class Position:
    """How far a reader has come.

    Attributes
    ----------
    share : float
        0 to 1, by the bytes of the file, or by its rows where it says how many there are; 0 where neither is known.
    """

    share: float = 0.0


@dataclass
class Reading:
    """One pass over one input.

    Attributes
    ----------
    source : Source
    mapping : mapping of str to str
        ``{field: column}`` as the user said.
    chunk_rows : int
        Most rows in a frame.
    rejects : RejectLog
    rows : int
        Data rows met so far, those set aside included; readers count it up.
    total_rows : int
        Where the file says it, else 0.
    """

    source: Source
    mapping: Mapping[str, str]
    chunk_rows: int
    rejects: RejectLog
    rows: int = field(default=0)
    total_rows: int = field(default=0)

    def share(self) -> float:
        """Return how much of the input is read, 0 to 1."""
        return min(self.rows / self.total_rows, 1.0) if self.total_rows else self.source.share()

    def reject(self, row: int, reason: str, ad_id: str = "") -> None:
        """Set a row aside."""
        self.rejects.add(Reject(row=row, reason=reason, file=self.source.shown, ad_id=cut(ad_id)))


def choose_columns(found: Sequence[str], reading: Reading) -> dict[str, str]:
    """Return what each column found is called in the frames: an ad field, or the name of an extra column.

    Raises
    ------
    UsageError
        If no column holds text, or ``--map`` does not fit the file.
    InputError
        If there are more than `MAX_COLUMNS`.
    """
    if len(found) > MAX_COLUMNS:
        raise InputError(
            f"{reading.source.shown}: has {len(found):,} columns; the limit is {MAX_COLUMNS:,}. "
            "Keep the columns that say something about the ads"
        )
    chosen = map_columns(found, reading.mapping)
    if not set(chosen.values()) & set(TEXT_FIELDS):
        raise UsageError(f"{reading.source.shown}: {no_text_column(list(found))}")
    return {**chosen, **extra_names(found, chosen, reserved=[ROW])}


def with_partitions(frame: pd.DataFrame, partitions: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """Return `frame` with the columns that folders tell; what the file itself says counts more."""
    for name, value in partitions:
        if name in AD_FIELDS:
            frame[name] = frame[name].mask(frame[name].str.strip() == "", value)
        elif name not in frame:
            frame[name] = pd.Series([value] * len(frame), index=frame.index, dtype="str")
    return frame


def unique_names(header: Iterable[str]) -> list[str]:
    """Return the names of a header without blanks around them, each different, none empty."""
    names: list[str] = []
    taken: set[str] = set()
    for position, cell in enumerate(header, start=1):
        stem = cell.strip() or f"column_{position}"
        name, n = stem, 2
        while name in taken:
            name, n = f"{stem}_{n}", n + 1
        taken.add(name)
        names.append(name)
    return names


def too_long(names: Iterable[str], cells: Iterable[str]) -> str | None:
    """Return the reason to reject a row with a field over `MAX_FIELD_CHARS`, or None."""
    for name, cell in zip(names, cells, strict=False):
        if len(cell) > MAX_FIELD_CHARS:
            return f"field '{cut(name, 40)}' has {len(cell):,} characters; the limit is {MAX_FIELD_CHARS:,}"
    return None


def frames_of_rows(
    reading: Reading, names: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]]
) -> Iterator[pd.DataFrame]:
    """Yield frames from rows of texts that all have the columns `names`.

    Parameters
    ----------
    reading : Reading
    names : sequence of str
        Unique, as the file has them.
    rows : iterable of (int, sequence of str)
        Row number and cells, one for each name.

    Yields
    ------
    DataFrame
        Of `reading.chunk_rows` rows or `CHUNK_CHARS` of text, whichever comes first.
    """
    renamed = choose_columns(names, reading)
    id_at = next((i for i, name in enumerate(names) if renamed[name] == "ad_id"), None)
    numbers: list[int] = []
    kept: list[Sequence[str]] = []
    chars = 0

    def frame() -> pd.DataFrame:
        columns = zip(*kept, strict=True)
        return ads_frame({renamed[name]: column for name, column in zip(names, columns, strict=True)}, numbers)

    for number, cells in rows:
        size = sum(map(len, cells))
        if size > MAX_FIELD_CHARS and (reason := too_long(names, cells)):
            reading.reject(number, reason, "" if id_at is None else cells[id_at])
            continue
        if kept and (len(kept) == reading.chunk_rows or chars + size > CHUNK_CHARS):
            yield frame()
            numbers, kept, chars = [], [], 0
        numbers.append(number)
        kept.append(cells)
        chars += size + 8 * len(cells)  # empty cells take memory too
    if kept:
        yield frame()


def ads_frame(columns: Mapping[str, Any], numbers: Sequence[int]) -> pd.DataFrame:
    """Return a frame as `read_ads` promises it.

    Parameters
    ----------
    columns : mapping of str to sequence
        Ad fields and extra columns by name; texts become pandas ``str``, a Series stays as it is.
    numbers : sequence of int
        The row number of each ad.
    """
    data: dict[str, Any] = {name: columns[name] for name in AD_FIELDS if name in columns}
    data[ROW] = pd.Series(numbers, dtype="int64")
    data.update({name: values for name, values in columns.items() if name not in data})
    if not any(name in data for name in TEXT_FIELDS):
        data["description"] = [""] * len(numbers)
    return conform(
        pd.DataFrame(
            {
                name: values if isinstance(values, pd.Series) else pd.Series(list(values), dtype="str")
                for name, values in data.items()
            }
        )
    )

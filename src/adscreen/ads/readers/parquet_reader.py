"""Parquet: read in small batches; columns that are no ad fields keep their type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from adscreen.ads.readers.arrow_text import broken_rows
from adscreen.ads.readers.base import (
    CHUNK_CHARS,
    MAX_FIELD_CHARS,
    Reading,
    ads_frame,
    choose_columns,
    too_long,
)
from adscreen.ads.schema import AD_FIELDS
from adscreen.ads.values import text_of
from adscreen.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

# Dictionary pages can hide large texts behind small files, so few rows are unpacked at a time.
_BATCH_ROWS = 512


def read_parquet(reading: Reading) -> Iterator[pd.DataFrame]:
    """Yield the ads of a Parquet file.

    Raises
    ------
    InputError
        If the file is damaged or cut short.
    UsageError
        If no column holds text.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with reading.source.open_seekable() as stream:
        try:
            file = pq.ParquetFile(stream)
            yield from _frames(file, reading)
        except (pa.ArrowException, OSError) as error:
            raise InputError(
                f"{reading.source.shown}: this Parquet file is damaged or cut short. "
                "Copy or download it again, or write it anew"
            ) from error


def _frames(file: Any, reading: Reading) -> Iterator[pd.DataFrame]:
    renamed = choose_columns(file.schema_arrow.names, reading)
    types = _types(file)
    reading.total_rows = file.metadata.num_rows
    batches = -(-reading.chunk_rows // _BATCH_ROWS)
    parts: list[pd.DataFrame] = []
    rows, chars = 0, 0
    for batch in file.iter_batches(batch_size=-(-reading.chunk_rows // batches)):
        part, size = _frame(batch, renamed, types, reading)
        if parts and (rows + len(part) > reading.chunk_rows or chars + size > CHUNK_CHARS):
            yield pd.concat(parts, ignore_index=True)
            parts, rows, chars = [], 0, 0
        if len(part):
            parts.append(part)
            rows, chars = rows + len(part), chars + size
    if parts:
        yield pd.concat(parts, ignore_index=True)


def _frame(
    batch: pa.RecordBatch, renamed: dict[str, str], types: dict[str, Any], reading: Reading
) -> tuple[pd.DataFrame, int]:
    """Return the rows of a batch that can be read, and their number of characters."""
    import pyarrow as pa

    first = reading.rows + 1
    reading.rows += batch.num_rows
    refused: dict[int, str] = {}
    for column in batch.columns:
        for at, place in broken_rows(column):
            refused.setdefault(at, f"row is not valid UTF-8 at byte {place}")
    batch = _without(batch, refused, first, reading)
    numbers = [n for n in range(first, reading.rows + 1) if n - first not in refused]

    fields = [name for name in batch.schema.names if renamed[name] in AD_FIELDS]
    texts = [[text_of(value) for value in batch.column(name).to_pylist()] for name in fields]
    sizes = [sum(map(len, cells)) for cells in zip(*texts, strict=True)]
    if max(sizes, default=0) > MAX_FIELD_CHARS:
        refused = {
            at: reason
            for at, cells in enumerate(zip(*texts, strict=True))
            if (reason := too_long(fields, cells)) is not None
        }
        for at, reason in refused.items():
            reading.reject(numbers[at], reason)
        keep = [at for at in range(len(sizes)) if at not in refused]
        batch = batch.take(pa.array(keep, pa.int64()))
        texts = [[column[at] for at in keep] for column in texts]
        numbers, sizes = [numbers[at] for at in keep], [sizes[at] for at in keep]

    columns: dict[str, Any] = {renamed[name]: column for name, column in zip(fields, texts, strict=True)}
    extras = [name for name in batch.schema.names if name not in fields]
    if extras:
        frame = pa.Table.from_batches([batch.select(extras)]).to_pandas(ignore_metadata=True)
        for name in extras:
            column = frame[name]
            columns[renamed[name]] = column.astype(types[name]) if name in types else column
    return ads_frame(columns, numbers), sum(sizes)


def _without(batch: pa.RecordBatch, refused: dict[int, str], first: int, reading: Reading) -> pa.RecordBatch:
    import pyarrow as pa

    if not refused:
        return batch
    for at in sorted(refused):
        reading.reject(first + at, refused[at])
    return batch.take(pa.array([at for at in range(batch.num_rows) if at not in refused], pa.int64()))


def _types(file: Any) -> dict[str, Any]:
    """Return the pandas types of whole numbers and booleans that may be null.

    They are settled once for the file: else a column would be int64 in one frame and float64 in the next.
    """
    import pyarrow as pa

    types: dict[str, Any] = {}
    groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
    for at, column in enumerate(file.schema_arrow):
        if not (pa.types.is_integer(column.type) or pa.types.is_boolean(column.type)):
            continue
        leaf = _leaf(file, column.name, at)
        counts = [group.column(leaf).statistics for group in groups]
        if any(count is None or not count.has_null_count or count.null_count for count in counts):
            name = str(column.type)
            types[column.name] = "boolean" if name == "bool" else name.replace("i", "I").replace("u", "U")
    return types


def _leaf(file: Any, name: str, at: int) -> int:
    """Return the place of a flat column among the leaves, which nested columns before it shift."""
    for leaf in range(at, len(file.schema)):
        if file.schema.column(leaf).path == name:
            return leaf
    return at

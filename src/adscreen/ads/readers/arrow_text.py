"""Texts in Arrow columns, as Parquet files and Spark give them: which of them can be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def broken_rows(column: pa.Array) -> Iterator[tuple[int, int]]:
    """Yield the rows of a column that are not UTF-8, which Arrow and Parquet promise and nobody checks on reading.

    Yields
    ------
    row, byte : int
        Position in the column, from 0; position in the text of the first byte that is wrong, from 1.
    """
    import pyarrow as pa

    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return
    try:
        column.validate(full=True)
        if pa.types.is_dictionary(column.type):
            column.dictionary.validate(full=True)
        return
    except pa.ArrowInvalid:
        pass
    plain = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
    for at, value in enumerate(plain.cast(pa.large_binary() if plain.type == pa.large_string() else pa.binary())):
        try:
            (value.as_py() or b"").decode()
        except UnicodeDecodeError as error:
            yield at, error.start + 1

"""XLSX: the first sheet with data, read row by row."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import IO, Any

import pandas as pd

from adscreen.ads.readers.base import Reading, frames_of_rows, unique_names
from adscreen.ads.values import text_of
from adscreen.errors import InputError

MAX_UNPACKED_BYTES = 2_000_000_000
MAX_RATIO = 200
_SMALL_BYTES = 50_000_000  # up to here a sheet of repeated rows may pack as well as it likes


def read_xlsx(reading: Reading) -> Iterator[pd.DataFrame]:
    """Yield the ads of the first sheet of an Excel workbook that has data.

    Raises
    ------
    InputError
        If the file is damaged, cut short, no workbook, or unpacks to too much.
    UsageError
        If no column holds text.
    """
    import openpyxl

    shown = reading.source.shown
    with reading.source.open_seekable() as stream:
        _check_archive(stream, shown)
        try:
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        except Exception as error:  # openpyxl lets errors of zipfile, ElementTree and its own pass
            raise _damaged(shown) from error
        try:
            for sheet in book.worksheets:
                sheet.reset_dimensions()  # what a sheet says of its own size may be wrong
                rows = _cells(sheet, shown)
                header = next(rows, None)
                if header is None:
                    continue
                names = unique_names(header)
                yield from frames_of_rows(reading, names, _rows(reading, rows, len(names)))
                return
            raise InputError(f"{shown}: has no sheet with data. There is nothing to read")
        finally:
            book.close()


def _rows(reading: Reading, rows: Iterator[list[str]], width: int) -> Iterator[tuple[int, list[str]]]:
    for cells in rows:
        reading.rows += 1
        if len(cells) > width:
            reading.reject(reading.rows, f"row has {len(cells)} cells, the header has {width}")
        else:
            yield reading.rows, cells + [""] * (width - len(cells))


def _cells(sheet: Any, shown: str) -> Iterator[list[str]]:
    """Yield the rows of a sheet that are not blank, as texts, without empty cells at the end."""
    try:
        for row in sheet.iter_rows(values_only=True):
            cells = [text_of(value) for value in row]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                yield cells
    except Exception as error:
        raise _damaged(shown) from error


def _check_archive(stream: IO[bytes], shown: str) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise _damaged(shown) from error
    finally:
        stream.seek(0)
    if not any(member.filename.startswith("xl/") for member in members):
        raise InputError(f"{shown}: is a ZIP archive, but not an Excel workbook. Unpack it and give the files")
    unpacked = sum(member.file_size for member in members)
    packed = max(sum(member.compress_size for member in members), 1)
    if unpacked > MAX_UNPACKED_BYTES or (unpacked > _SMALL_BYTES and unpacked / packed > MAX_RATIO):
        raise InputError(
            f"{shown}: unpacks from {packed:,} to {unpacked:,} bytes, which looks like a trap. "
            "If it is not, save it as .csv"
        )


def _damaged(shown: str) -> InputError:
    return InputError(
        f"{shown}: this Excel file is damaged or cut short. Copy or download it again, or open it and save it anew"
    )

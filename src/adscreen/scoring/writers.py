"""Result files: CSV, JSONL, Parquet and XLSX, written beside the final name and renamed when whole.

A reader never finds half a file under the final name: not after Ctrl-C, a kill or a full disk.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import errno
import io
import json
import math
import os
import shutil
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

import pandas as pd

from adscreen.errors import OutputError, UsageError

SUFFIXES = (".csv", ".jsonl", ".parquet", ".xlsx")
# OWASP's list; Excel in East Asian locales takes the full-width signs for the plain ones.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
XLSX_MAX_ROWS = 1_048_575
XLSX_MAX_CELL = 32_767


class Writer(Protocol):
    """Takes result frames one after the other."""

    def write(self, frame: pd.DataFrame) -> None:
        """Append `frame`; all frames of one file have the same columns."""

    def close(self) -> None:
        """Write what is still held back."""


def check_output(path: str, inputs: Sequence[str] = (), option: str = "-o", *, or_folder: bool = False) -> None:
    """Check, before any work is done, that `path`, named by `option`, can be written and is none of `inputs`.

    Raises
    ------
    UsageError
        If the suffix is none of `SUFFIXES`.
    OutputError
        If the folder does not exist or cannot be written to.
    """
    if path == "-":
        return
    target = Path(path)
    # The rejects of an earlier run are removed, so their file cannot be the input either.
    check_not_input(option, path, inputs, also=Path(f"{path}.rejected.jsonl"))
    if target.suffix.lower() not in SUFFIXES:
        others = "- for JSON lines on stdout, or a folder: end its name in /"
        others = others if or_folder else "or - for JSON lines on stdout."
        raise UsageError(f"{option} {path}: the suffix says the format; use one of {', '.join(SUFFIXES)}, {others}")
    check_place(option, target)


def check_not_input(option: str, path: str, inputs: Sequence[str], *, also: Path | None = None) -> None:
    """Check that neither `path` nor `also` is one of `inputs`.

    Raises
    ------
    UsageError
    """
    for source in inputs:
        written = (Path(path),) if also is None else (Path(path), also)
        if source != "-" and Path(source).exists() and any(p.exists() and p.samefile(source) for p in written):
            raise UsageError(f"{option} {path}: this is the input, and would be overwritten. Give another name.")


def check_place(option: str, path: Path) -> None:
    """Check that a file can be written at `path`, named by `option`; errors as `check_output`."""
    folder = path.parent
    if path.is_dir():
        raise UsageError(f"{option} {path}: this is a folder; give a file name in it.")
    if not folder.is_dir():
        raise OutputError(f"{option} {path}: the folder {folder} does not exist. Make it first: mkdir -p {folder}")
    try:
        # Asking the permission bits is not enough: root passes them, and a read-only mount has none to ask.
        probe = folder / f".{path.name}.probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise OutputError(
            f"{option} {path}: cannot write to the folder {folder} ({error.strerror}). Choose another folder."
        ) from error


@contextlib.contextmanager
def open_writer(path: str, option: str = "-o") -> Iterator[Writer]:
    """Open a writer for `path`, named by `option`; on success rename the finished file to `path`, else leave nothing.

    Raises
    ------
    OutputError
        If the disk is full or the file cannot be written.
    """
    if path == "-":
        writer: Writer = _JsonlWriter(sys.stdout)
        yield writer
        writer.close()
        return
    target = Path(path)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with _create(partial, target.suffix.lower()) as writer:
            yield writer
        _sync(partial)
        partial.replace(target)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutputError(
                f"{option} {path}: the disk is full. Nothing was written under that name. "
                "Free some space and run again."
            ) from error
        if error.filename is not None and Path(error.filename) != partial and error.errno != errno.EACCES:
            raise
        raise OutputError(f"{option} {path}: cannot be written ({error.strerror or error}).") from error
    finally:
        partial.unlink(missing_ok=True)


@contextlib.contextmanager
def _create(partial: Path, suffix: str) -> Iterator[Writer]:
    writer: Writer
    if suffix == ".parquet":
        writer = _ParquetWriter(partial)
        try:
            yield writer
        finally:
            writer.close()
    elif suffix == ".xlsx":
        writer = _XlsxWriter(partial)
        try:
            yield writer
        except BaseException:
            writer.drop()
            raise
        writer.close()
    else:
        with partial.open("w", encoding="utf-8", newline="") as file:
            writer = _CsvWriter(file) if suffix == ".csv" else _JsonlWriter(file)
            yield writer
            writer.close()


def _sync(path: Path) -> None:
    """Bring a file to the disk, so that after a loss of power its name does not stand for half of it."""
    if path.exists():  # a Parquet file without rows is not begun
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def formula_proof(value: Any) -> Any:
    """Return `value` with an apostrophe before it if a spreadsheet would run it as a formula.

    Numbers keep their sign: "-5" stays as it is.

    Examples
    --------
    >>> formula_proof("=HYPERLINK(1)"), formula_proof("-5"), formula_proof("- cook")
    ("'=HYPERLINK(1)", '-5', "'- cook")
    """
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        try:
            float(value)
        except ValueError:
            return "'" + value
    return value


class _CsvWriter:
    def __init__(self, file: IO[str]) -> None:
        self._writer = csv.writer(file, lineterminator="\n")
        # Before Python 3.13 a carriage return alone is not quoted, and a reader would take it for the end of the row.
        self._quoting = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
        self._header: list[str] | None = None

    def write(self, frame: pd.DataFrame) -> None:
        if self._header is None:
            self._header = list(frame.columns)
            self._writer.writerow(self._header)
        columns = [_plain_values(frame[name]) for name in frame.columns]
        for row in zip(*columns, strict=True):
            writer = self._quoting if any(isinstance(v, str) and "\r" in v for v in row) else self._writer
            writer.writerow([formula_proof(v) for v in row])

    def close(self) -> None:
        """Nothing is held back."""


class _JsonlWriter:
    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, frame: pd.DataFrame) -> None:
        names = list(frame.columns)
        columns = [_plain_values(frame[name], null=None) for name in names]
        buffer = io.StringIO()
        for row in zip(*columns, strict=True):
            buffer.write(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False))
            buffer.write("\n")
        self._file.write(buffer.getvalue())

    def close(self) -> None:
        self._file.flush()


class _ParquetWriter:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: Any = None

    def write(self, frame: pd.DataFrame) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        schema = None if self._writer is None else self._writer.schema
        table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False).replace_schema_metadata(None)
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema, compression="zstd")
        self._writer.write_table(table)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


class _XlsxWriter:
    def __init__(self, path: Path) -> None:
        from openpyxl import Workbook

        self._path = path
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("adscreen")
        self._rows = 0
        self._has_header = False

    def write(self, frame: pd.DataFrame) -> None:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

        if not self._has_header:
            self._sheet.append(list(frame.columns))
            self._has_header = True
        columns = [_plain_values(frame[name], null=None) for name in frame.columns]
        for row in zip(*columns, strict=True):
            self._rows += 1
            if self._rows > XLSX_MAX_ROWS:
                raise OutputError(
                    f"-o: an Excel sheet holds {XLSX_MAX_ROWS:,} rows and there are more. "
                    "Use -o out.csv or out.parquet."
                )
            cells = []
            for value in row:
                if isinstance(value, str):
                    # As text, whatever it begins with: Excel then never runs it.
                    cell = WriteOnlyCell(self._sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:XLSX_MAX_CELL])
                    cell.data_type = "s"
                    cells.append(cell)
                else:
                    cells.append(value)
            self._sheet.append(cells)

    def close(self) -> None:
        from openpyxl.writer.excel import ExcelWriter

        # As Workbook.save does, but with no clock in the file and the archive closed when the disk is full.
        self._book.properties.created = self._book.properties.modified = dt.datetime(*_TIME_OF_MEMBERS)
        with _TimelessZip(self._path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
            ExcelWriter(self._book, archive).save()

    def drop(self) -> None:
        """Let go of the rows written so far."""
        self._sheet.close()


_TIME_OF_MEMBERS = (1980, 1, 1, 0, 0, 0)


class _TimelessZip(zipfile.ZipFile):
    """Stamps all its members with one time, so that the same results give the same bytes."""

    def writestr(
        self,
        zinfo_or_arcname: str | zipfile.ZipInfo,
        data: Any,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        super().writestr(zipfile.ZipInfo(name, _TIME_OF_MEMBERS), data, zipfile.ZIP_DEFLATED, compresslevel)

    def write(
        self, filename: Any, arcname: Any = None, compress_type: int | None = None, compresslevel: int | None = None
    ) -> None:
        info = zipfile.ZipInfo(str(arcname or filename), _TIME_OF_MEMBERS)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.file_size = Path(filename).stat().st_size
        with Path(filename).open("rb") as source, self.open(info, "w") as member:
            shutil.copyfileobj(source, member)


def _plain_values(column: pd.Series, null: Any = "") -> list[Any]:
    """Return Python values, with nulls as `null`."""
    return [null if v is None or (isinstance(v, float) and math.isnan(v)) else v for v in column.tolist()]

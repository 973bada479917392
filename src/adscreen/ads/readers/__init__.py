"""Readers: one file a format, all giving the same frames."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from adscreen.ads.readers.base import Position, Reading, with_partitions
from adscreen.ads.readers.csv_reader import read_csv
from adscreen.ads.readers.folder_reader import read_folder
from adscreen.ads.readers.jsonl_reader import read_jsonl
from adscreen.ads.readers.parquet_reader import read_parquet
from adscreen.ads.readers.parts import PACKINGS, TABLE_SUFFIXES, Part, find_parts
from adscreen.ads.readers.source import Source
from adscreen.ads.readers.xlsx_reader import read_xlsx
from adscreen.ads.rejects import RejectLog
from adscreen.ads.values import cut
from adscreen.errors import InputError, UsageError

__all__ = ["FORMATS", "SUFFIXES", "Part", "Position", "find_parts", "read_ads"]

_READERS: dict[str, Callable[[Reading], Iterator[pd.DataFrame]]] = {
    "csv": read_csv,
    "tsv": read_csv,
    "jsonl": read_jsonl,
    "parquet": read_parquet,
    "xlsx": read_xlsx,
    "folder": read_folder,
}
FORMATS: tuple[str, ...] = tuple(_READERS)

SUFFIXES = TABLE_SUFFIXES
_TEXT_FORMATS = frozenset({"csv", "tsv", "jsonl"})
_FITTING = {  # what the first bytes may look like; a JSON line may be broken, so plain text will do
    "csv": {"text"},
    "tsv": {"text"},
    "jsonl": {"json", "text"},
    "parquet": {"parquet"},
    "xlsx": {"zip"},
}
_NAMES = {"csv": "CSV", "tsv": "TSV", "jsonl": "JSON", "parquet": "Parquet", "xlsx": "Excel"}
_LOOKS = {
    "parquet": ("a Parquet file", "Rename it to end in .parquet"),
    "zip": ("an Excel file or another ZIP archive", "Rename it to end in .xlsx if Excel opens it"),
    "xls": ("an old Excel file", "Open it and save it as .xlsx"),
    "pdf": ("a PDF", "Save the text of each ad as .txt in a folder and give the folder"),
    "gzip": ("a file packed with gzip", "Add .gz to its name"),
    "zstd": ("a file packed with zstd", "Add .zst to its name"),
    "html": ("an HTML page", "Save each page as .html in a folder and give the folder"),
    "json": ("JSON", "Rename it to end in .jsonl"),
    "text": ("text", "Rename it to end in .csv if it has columns"),
    "damaged": ("neither that nor text", "It may be damaged: copy or download it again"),
    "no json": ("text without one line of JSON", "Rename it to end in .csv if it has columns"),
}


def read_ads(
    source: Path | str,
    *,
    mapping: Mapping[str, str] = MappingProxyType({}),
    input_format: str | None = None,
    chunk_rows: int = 4096,
    rejects: RejectLog | None = None,
    partitions: Sequence[tuple[str, str]] = (),
    position: Position | None = None,
) -> Iterator[pd.DataFrame]:
    """Read ads from a file, a folder or standard input, a frame at a time.

    Parameters
    ----------
    source : Path or str
        A file (`SUFFIXES`; text also packed, ``.gz`` or ``.zst``), a folder of .txt and .html, or ``-``.
    mapping : mapping of str to str, optional
        ``{field: column}`` where the names in the file do not tell.
    input_format : str, optional
        One of `FORMATS`; told from the name unless given, for standard input from the first bytes.
    chunk_rows : int, default 4096
        Most rows in a frame. Frames of long ads have fewer: about 16 MB of text.
    rejects : RejectLog, optional
        Gets the rows that cannot be read; without it they are left out.
    partitions : sequence of (str, str)
        Columns whose one value the folders above the file tell; see `adscreen.ads.readers.parts.Part`. Where the
        column is an ad field, it fills the rows in which the file says nothing.
    position : Position, optional
        Kept up to date with how much of the input is read.

    Returns
    -------
    iterator of DataFrame
        Conformed (see `conform`), with a fresh index, and beside the ad fields: `row` (int64, from 1, the
        data row in the file, without header and blank lines), then the other columns of the file under
        their own names as text; those of Parquet keep their type. Where such a name is that of an ad field
        or `row`, ``_2`` is added.

    Raises
    ------
    InputError
        If the input as a whole cannot be read. Raised by the call, unless only later parts are damaged.
    UsageError
        If no column holds text, the mapping does not fit, or there is no such format.
    """
    if chunk_rows < 1:
        raise UsageError(f"chunk_rows is {chunk_rows}; it must be at least 1")
    frames = _frames(str(source), mapping, input_format, chunk_rows, rejects or RejectLog(), position or Position())
    if partitions:
        frames = (with_partitions(frame, partitions) for frame in frames)
    # The first frame is read at once, so that a wrong call fails where it is made.
    first = next(frames, None)
    return frames if first is None else chain([first], frames)


def _frames(
    shown: str,
    mapping: Mapping[str, str],
    input_format: str | None,
    chunk_rows: int,
    rejects: RejectLog,
    position: Position,
) -> Iterator[pd.DataFrame]:
    name = "standard input" if shown == "-" else shown
    try:
        format_, source = _open(shown, name, input_format)
        reading = Reading(source, mapping, chunk_rows, rejects)
        for frame in _READERS[format_](reading):
            position.share = reading.share()
            yield frame
    except (EOFError, zlib.error) as error:
        raise InputError(f"{name}: this packed file is damaged or cut short. Copy it again") from error
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror or cut(str(error))}") from error
    if reading.rows == 0:
        where = "there are no rows in it" if format_ in ("jsonl", "parquet") else "no row follows the header"
        raise InputError(f"{name}: holds no ads, {where}. There is nothing to read")


def _open(shown: str, name: str, input_format: str | None) -> tuple[str, Source]:
    """Return the format and the source, after checking that they fit."""
    if input_format is not None and input_format not in FORMATS:
        raise UsageError(f"there is no input format '{cut(input_format)}'. Formats: {', '.join(FORMATS)}")
    if shown == "-":
        source = Source(name, None)
        looks = source.looks_like()
        told = {"parquet": "parquet", "zip": "xlsx", "json": "jsonl"}.get(looks, "csv")
        format_ = input_format or told
        if format_ == "folder":
            raise UsageError("standard input cannot be a folder")
    else:
        path = Path(shown)
        if not path.exists():
            raise InputError(f"{name}: there is no such file or folder. Check the name and where you are")
        if path.is_dir():
            if input_format not in (None, "folder"):
                raise UsageError(f"{name}: is a folder, not a file of format {input_format}")
            return "folder", _folder(name, path)
        format_, packing = _told_by_name(path, name, input_format)
        source = Source(name, path, packing)
        looks = source.looks_like()
    if format_ == "jsonl" and looks == "text" and not source.has_json_line():
        looks = "no json"
    if format_ in ("parquet", "xlsx") and looks == "text" and not source.may_be_text():
        looks = "damaged"
    _check_fits(name, format_, looks, is_file=shown != "-")
    return format_, source


def _folder(name: str, path: Path) -> Source:
    source = Source.__new__(Source)
    source.shown, source.path, source.packing, source.head = name, path, "", b""
    return source


def _told_by_name(path: Path, name: str, input_format: str | None) -> tuple[str, str]:
    suffix = path.suffix.lower()
    packing = PACKINGS.get(suffix, "")
    if packing:
        suffix = path.with_suffix("").suffix.lower()
    format_ = input_format or SUFFIXES.get(suffix)
    if format_ == "folder":
        raise UsageError(f"{name}: is a file, not a folder")
    if format_ is None or (packing and format_ not in _TEXT_FORMATS):
        raise InputError(
            f"{name}: files of this kind cannot be read. Read are: {' '.join(SUFFIXES)} "
            "(.csv, .tsv and .jsonl also with .gz or .zst), and folders of .txt and .html"
        )
    return format_, packing


def _check_fits(name: str, format_: str, looks: str, is_file: bool) -> None:
    if looks == "empty":
        raise InputError(f"{name}: is empty. There is nothing to read")
    if looks in _FITTING[format_]:
        return
    what, advice = _LOOKS[looks]
    if is_file:
        raise InputError(f"{name}: is read as {_NAMES[format_]}, but looks like {what}. {advice}")
    raise InputError(f"{name}: is read as {_NAMES[format_]}, but looks like {what}")

"""A folder of .txt and .html files, each one ad."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from adscreen.ads.encoding import detect_encoding
from adscreen.ads.readers.base import MAX_FIELD_CHARS, Reading, frames_of_rows
from adscreen.errors import InputError

SUFFIXES = (".txt", ".html", ".htm")
_MAX_FILE_BYTES = 1 << 26
_TITLE = re.compile(r"<title(?:\s[^<>]*)?>", re.IGNORECASE)
_END_OF_TITLE = re.compile(r"</title\s*>", re.IGNORECASE)
_DECLARED = re.compile(rb"<meta[^<>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:-]{2,40})", re.IGNORECASE)


def read_folder(reading: Reading) -> Iterator[pd.DataFrame]:
    """Yield the ads of a folder and the folders in it, in the order of their paths.

    `ad_id` is the path within the folder; the title of an HTML page becomes the ad's.

    Raises
    ------
    InputError
        If there is no such file.
    """
    folder = reading.source.path
    assert folder is not None
    paths = sorted(
        (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file()),
        key=lambda path: path.relative_to(folder).as_posix(),
    )
    if not paths:
        raise InputError(
            f"{reading.source.shown}: there is no .txt, .html or .htm file in this folder. "
            "Give files of other kinds by their names"
        )
    reading.total_rows = len(paths)
    yield from frames_of_rows(reading, ["ad_id", "title", "description"], _rows(reading, folder, paths))


def _rows(reading: Reading, folder: Path, paths: list[Path]) -> Iterator[tuple[int, list[str]]]:
    for path in paths:
        reading.rows += 1
        # Names can be bytes that are no text on Linux.
        ad_id = path.relative_to(folder).as_posix().encode("utf-8", "replace").decode()
        reason = None
        try:
            size = path.stat().st_size
            if size > _MAX_FILE_BYTES:
                reason = f"file has {size:,} bytes; the limit for one ad is {MAX_FIELD_CHARS:,} characters"
            else:
                data = path.read_bytes()
                encoding = _encoding(data, path.suffix.lower() != ".txt")
                text = data.decode(encoding)
        except UnicodeDecodeError as error:
            reason = f"file is not valid {error.encoding.upper()} at byte {error.start + 1}"
        except OSError as error:
            reason = f"file cannot be read: {error.strerror}"
        if reason is not None:
            reading.reject(reading.rows, reason, ad_id)
        elif path.suffix.lower() == ".txt":
            yield reading.rows, [ad_id, "", text]
        else:
            yield reading.rows, [ad_id, *split_title(text)]


def split_title(page: str) -> tuple[str, str]:
    """Return the title of an HTML page and the page without it; the title is empty if there is none."""
    opening = _TITLE.search(page)
    closing = _END_OF_TITLE.search(page, opening.end()) if opening else None
    if opening is None or closing is None:
        return "", page
    return page[opening.end() : closing.start()].strip(), page[: opening.start()] + page[closing.end() :]


def _encoding(data: bytes, is_html: bool) -> str:
    """Return the encoding of a file; what a page says of itself counts where it is not plainly UTF-8."""
    detected = detect_encoding(data)
    declared = _DECLARED.search(data, 0, 4096) if is_html else None
    if declared is None or detected.startswith("utf"):
        return detected
    name = declared[1].decode()
    name = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "windows-1252"}.get(name.lower(), name)
    try:
        data.decode(name)
    except (LookupError, UnicodeDecodeError):
        return detected
    return name

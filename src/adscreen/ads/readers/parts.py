"""Which files an input names: globs, folders of tables, and what the folders above a file say (``day=2026-11-24/``)."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import unquote

from adscreen.ads.readers.folder_reader import SUFFIXES as TEXT_SUFFIXES
from adscreen.errors import InputError, UsageError

TABLE_SUFFIXES: Mapping[str, str] = MappingProxyType(
    {
        ".csv": "csv",
        ".tsv": "tsv",
        ".jsonl": "jsonl",
        ".ndjson": "jsonl",
        ".json": "jsonl",
        ".parquet": "parquet",
        ".pq": "parquet",
        ".xlsx": "xlsx",
    }
)
PACKINGS: Mapping[str, str] = MappingProxyType({".gz": "gz", ".zst": "zst"})
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
_REJECTED = ".rejected.jsonl"


class Part(NamedTuple):
    """One input that is read from its beginning to its end.

    Attributes
    ----------
    path : str
        A file, a folder of texts, or ``-``.
    name : str
        Its path below an output folder, with ``/``: the partition folders and the file's name, or the path
        within the folder that was given.
    partitions : tuple of (str, str)
        Column and value of each folder ``column=value`` directly above the file, the outermost first.
    """

    path: str
    name: str
    partitions: tuple[tuple[str, str], ...] = ()


def find_parts(inputs: Sequence[str]) -> list[Part]:
    """Return the parts of `inputs`, in their order; those of a glob or a folder sorted by name.

    Parameters
    ----------
    inputs : sequence of str
        Files, ``-``, globs (``**`` for folders of any depth), and folders: of tables at any depth, or of texts,
        which are one part. Files and folders whose names begin with ``_`` or ``.`` are left out of folders and
        globs, as other tools do.

    Raises
    ------
    InputError
        If there is no such file, or a folder cannot be opened.
    UsageError
        If a folder holds both tables and texts.
    """
    parts: list[Part] = []
    for source in inputs:
        try:
            parts += _parts_of(source)
        except OSError as error:
            raise InputError(f"{error.filename or source}: cannot be read: {error.strerror}") from error
    return parts


def stem_and_format(name: str) -> tuple[str, str | None]:
    """Return a file name without what says its format and packing, and the format; None where it is not told.

    Examples
    --------
    >>> stem_and_format("day/ads.csv.gz"), stem_and_format("notes")
    (('day/ads', 'csv'), ('notes', None))
    """
    path = PurePosixPath(name)
    if path.suffix.lower() in PACKINGS:
        path = path.with_suffix("")
    format_ = TABLE_SUFFIXES.get(path.suffix.lower())
    return (str(path.with_suffix("")) if format_ else str(path)), format_


def _parts_of(source: str) -> Iterator[Part]:
    if source == "-":
        yield Part("-", "-")
    elif Path(source).is_dir():
        yield from _in_folder(source)
    elif Path(source).exists():
        yield _file(source)
    elif glob.has_magic(source):
        asked = set(Path(source).parts)
        paths = glob.glob(source, recursive=True)  # noqa: PTH207  (Path.glob takes no absolute pattern)
        found = sorted(path for path in paths if not any(map(_is_left_out, set(Path(path).parts) - asked)))
        if not found:
            raise InputError(f"{source}: no file has such a name. Check the name and where you are")
        for path in found:
            if not Path(path).is_dir():
                yield _file(path)
            elif not source.rstrip("/").endswith("**"):  # which finds the folders on the way too
                yield from _in_folder(path)
    else:
        raise InputError(f"{source}: there is no such file or folder. Check the name and where you are")


def _file(path: str) -> Part:
    folders = _partition_folders(Path(path).absolute().parent)
    name = PurePosixPath(*folders, Path(path).name)
    return Part(path, str(name), _values(folders))


def _in_folder(source: str) -> Iterator[Part]:
    root = Path(source)
    above = _values(_partition_folders(Path(source).absolute()))
    tables: list[Path] = []
    text = None
    for folder, folders, files in os.walk(root, onerror=_refuse):
        folders[:] = [name for name in folders if not _is_left_out(name)]
        for name in files:
            if stem_and_format(name)[1] and not _is_left_out(name):
                tables.append(Path(folder, name).relative_to(root))
            elif text is None and name.lower().endswith(TEXT_SUFFIXES) and not _is_left_out(name):
                text = Path(folder, name).relative_to(root)
    if text is not None and tables:
        raise UsageError(
            f"{source}: holds tables ({min(tables).as_posix()}) and texts ({text.as_posix()}); say which are the ads: "
            f"'{source.rstrip('/')}/**/*{min(tables).suffix}'"
        )
    if not tables:  # a folder of texts, or of nothing: its reader says so
        yield Part(source, Path(source).absolute().name)
        return
    for path in sorted(tables, key=lambda path: path.as_posix()):
        inside = _partition_folders(path.parent)
        whole = len(inside) == len(path.parent.parts)
        yield Part(str(root / path), path.as_posix(), (*(above if whole else ()), *_values(inside)))


def _refuse(error: OSError) -> None:
    """Let no part be left out only because its folder cannot be opened."""
    raise error


def _is_left_out(name: str) -> bool:
    return name.startswith(("_", ".")) or name.endswith(_REJECTED)


def _partition_folders(folder: Path) -> list[str]:
    """Return the names ``column=value`` that end a path, the outermost first."""
    names: list[str] = []
    for name in reversed(folder.parts):
        column, equals, _ = name.partition("=")
        if not (column and equals):
            break
        names.insert(0, name)
    return names


def _values(folders: Sequence[str]) -> tuple[tuple[str, str], ...]:
    pairs = (name.partition("=") for name in folders)
    return tuple((unquote(column), "" if value == _NO_VALUE else unquote(value)) for column, _, value in pairs)

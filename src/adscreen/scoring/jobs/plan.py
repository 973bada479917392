"""What a job has to do: which part of the input becomes which part of the output, and which shard does it."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from adscreen.ads.readers import FORMATS, Part
from adscreen.ads.readers.parts import stem_and_format
from adscreen.errors import UsageError
from adscreen.scoring.writers import SUFFIXES

NOTES = "_adscreen"
"""Folder, in that of the output, for all that is no result. Tools that read folders of tables skip such names."""
_SAME_FORMAT = {"tsv": "csv", "folder": "jsonl"}


@dataclass(frozen=True)
class Settings:
    """All that a result depends on beside the input and the model.

    Attributes
    ----------
    mapping : mapping of str to str
    input_format : str, optional
    output_format : str, optional
        Suffix without dot; as the input's unless given.
    keep : tuple of str
    reveal, deep : bool
    """

    mapping: Mapping[str, str]
    input_format: str | None = None
    output_format: str | None = None
    keep: tuple[str, ...] = ()
    reveal: bool = False
    deep: bool = False


class Shard(NamedTuple):
    """One of `n` equal jobs on the same input; `i` is from 1."""

    i: int = 1
    n: int = 1

    def has(self, name: str) -> bool:
        """Return whether the part `name` is this shard's.

        By a hash of its name, not by its place: an input that comes or goes between the starts of two shards
        would move all others, and some would be done twice or never.
        """
        return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "surrogateescape"), digest_size=8).digest()) % (
            self.n
        ) == (self.i - 1)

    def __str__(self) -> str:
        return f"{self.i}-of-{self.n}"


class Task(NamedTuple):
    """One input part and where its files go.

    Attributes
    ----------
    number : int
        Place among the tasks of this run.
    part : Part
    output : Path
    notes : Path
        Beginning of the path of its marker and its rows set aside.
    size : int
        Bytes of the input when the job was planned.
    """

    number: int
    part: Part
    output: Path
    notes: Path
    size: int

    @property
    def marker(self) -> Path:
        """The file that says that this part is finished."""
        return self.notes.with_name(f"{self.notes.name}.done.json")

    @property
    def failed(self) -> Path:
        """The file that says why this part is not finished."""
        return self.notes.with_name(f"{self.notes.name}.failed.json")

    @property
    def rejected(self) -> Path:
        """The file of the rows set aside."""
        return self.notes.with_name(f"{self.notes.name}.rejected.jsonl")


def parse_shard(text: str | None) -> Shard:
    """Return the shard that ``--shard i/n`` names; the whole where it is None.

    Raises
    ------
    UsageError
        If it is none.
    """
    if text is None:
        return Shard()
    i, _, n = text.partition("/")
    if not (i.isdecimal() and n.isdecimal() and len(text) < 20 and 1 <= int(i) <= int(n)):
        raise UsageError(f"--shard {text}: write it as i/n, i from 1 to n: --shard 2/8 is the second of eight")
    return Shard(int(i), int(n))


def plan(parts: Sequence[Part], folder: Path, settings: Settings, shard: Shard) -> list[Task]:
    """Return the tasks of a shard, in the order of `parts`.

    Raises
    ------
    UsageError
        If two parts would be written to one file, an output is an input, or a format is none.
    """
    suffix_asked = settings.output_format
    if suffix_asked is not None and f".{suffix_asked}" not in SUFFIXES:
        formats = ", ".join(each[1:] for each in SUFFIXES)
        raise UsageError(f"--output-format {suffix_asked}: there is no such format. Formats: {formats}")
    taken: dict[str, Part] = {}
    tasks: list[Task] = []
    for part in parts:
        if part.path == "-":
            raise UsageError("standard input has no parts to write into a folder: give a file name after -o")
        stem, told = stem_and_format(part.name)
        format_ = settings.input_format if settings.input_format in FORMATS else told or "folder"
        name = f"{stem}.{suffix_asked or _SAME_FORMAT.get(str(format_), format_)}"
        if name in taken:
            raise UsageError(
                f"{taken[name].path} and {part.path} would both be written to {folder / name}. "
                "Give the folder above them instead, or run them into two folders"
            )
        taken[name] = part
        if shard.has(name):
            output, size = folder / name, 0
            with contextlib.suppress(FileNotFoundError):  # it may be gone by now, and is set aside when its turn comes
                size = os.stat(part.path).st_size  # noqa: PTH116
                if output.exists() and output.samefile(part.path):
                    raise UsageError(f"-o {folder}/: {part.path} would be overwritten. Give another folder.")
            tasks.append(Task(len(tasks), part, output, folder / NOTES / name, size))
    return tasks


def settings_as_json(settings: Settings, **others: Any) -> dict[str, Any]:
    """Return what results depend on, to compare with another run's."""
    return {
        **others,
        "mapping": dict(settings.mapping),
        "input_format": settings.input_format,
        "output_format": settings.output_format,
        "keep": list(settings.keep),
        "reveal": settings.reveal,
        "deep": settings.deep,
    }

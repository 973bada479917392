"""Rows that could not be read: set aside with a reason, so that the rest can go on."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self, TextIO

from adscreen.errors import OutputError

SHOWN = 3


@dataclass(frozen=True)
class Reject:
    """One row set aside.

    Attributes
    ----------
    row : int
        Data row in the file, from 1; the header is not counted.
    reason : str
        One sentence; quotes at most 80 characters of the row.
    file : str
        The input as the user named it.
    ad_id : str
        Where the row could be read far enough to know.
    """

    row: int
    reason: str
    file: str = ""
    ad_id: str = ""


class RejectLog:
    """Counts rejects and writes them as JSON lines.

    Parameters
    ----------
    path : Path or str, optional
        The file is made at the first reject, so that a clean run leaves none. Only counts if not given.

    Attributes
    ----------
    count : int
        Rejects so far.
    first : list of Reject
        The first `SHOWN`, to show where there is no file.
    """

    def __init__(self, path: Path | str | None = None) -> None:
        self.path = None if path is None else Path(path)
        self.count = 0
        self.first: list[Reject] = []
        self._file: TextIO | None = None

    def add(self, reject: Reject) -> None:
        """Count `reject` and write it.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        self.count += 1
        if len(self.first) < SHOWN:
            self.first.append(reject)
        if self.path is None:
            return
        try:
            if self._file is None:
                self._file = self.path.open("w", encoding="utf-8", newline="\n")
            self._file.write(json.dumps(asdict(reject), ensure_ascii=False) + "\n")
        except OSError as error:
            raise self._cannot_write(error) from error

    def close(self) -> None:
        """Write what is still held back and close the file; adding after that starts the file anew."""
        file, self._file = self._file, None
        if file is not None:
            try:
                file.close()
            except OSError as error:
                raise self._cannot_write(error) from error

    def _cannot_write(self, error: OSError) -> OutputError:
        return OutputError(f"cannot write the rejected rows to {self.path}: {error.strerror or error}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

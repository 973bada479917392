"""Lines of a text file of any encoding and any size, in which broken bytes can be told from text."""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Iterable, Iterator

from adscreen.ads.encoding import detect_encoding
from adscreen.ads.readers.source import Source

MAX_LINE_CHARS = 1 << 26
"""A field of 50 MB is still read, so that the reason to reject it can give its size."""

_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")


class LineTooLongError(ValueError):
    """A line is longer than `MAX_LINE_CHARS`; it has been skipped."""


class TextLines:
    """Iterates over the lines of a source, line ends included.

    Attributes
    ----------
    encoding : str
        As detected.
    """

    def __init__(self, source: Source) -> None:
        self.encoding = detect_encoding(source.head)
        wide = self.encoding.startswith(("utf-16", "utf-32"))
        # Bytes that are no text are kept as lone surrogates, so that their row can be found and set aside.
        self._file = io.TextIOWrapper(
            source.open(), self.encoding, errors="replace" if wide else "surrogateescape", newline=""
        )
        self._again: deque[str] = deque()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._again:
            return self._again.popleft()
        line = self._file.readline(MAX_LINE_CHARS)
        if not line:
            raise StopIteration
        if len(line) == MAX_LINE_CHARS and line[-1] not in "\r\n":
            while (rest := self._file.readline(1 << 20)) and rest[-1] not in "\r\n":
                pass
            raise LineTooLongError(f"row has a line of more than {MAX_LINE_CHARS:,} characters")
        return line

    def put_back(self, lines: Iterable[str]) -> None:
        """Let `lines` be the next ones."""
        self._again.extendleft(reversed(list(lines)))

    def broken_byte(self, text: str) -> int | None:
        """Return the place, from 1, of the first byte of `text` that is not in the encoding, or None."""
        if text.isascii() or not _ESCAPED_BYTE.search(text):
            return None
        codec = "utf-8" if self.encoding == "utf-8-sig" else self.encoding
        try:
            text.encode(codec, "surrogateescape").decode(codec)
        except UnicodeDecodeError as error:
            return error.start + 1
        return 1  # pragma: no cover  (an escaped byte cannot decode)

    def not_valid(self, text: str) -> str | None:
        """Return the reason to reject a row with broken bytes, or None."""
        place = self.broken_byte(text)
        if place is None:
            return None
        name = "UTF-8" if self.encoding.startswith("utf-8") else self.encoding
        return f"row is not valid {name} at byte {place}"

    def close(self) -> None:
        """Close the file."""
        self._file.close()

"""CSV and TSV: delimiter sniffed, quotes respected, and a quote left open costs its own row, not the file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pandas as pd

from adscreen.ads.readers.base import MAX_FIELD_CHARS, Reading, frames_of_rows, unique_names
from adscreen.ads.readers.lines import MAX_LINE_CHARS, LineTooLongError, TextLines
from adscreen.ads.values import whole_characters
from adscreen.errors import InputError

DELIMITERS = (",", ";", "\t", "|")
ONE_COLUMN = "\x1f"
_EXCEL_HINT = re.compile(r"sep=(.)\r?\n?$")  # Excel writes and reads this line before the header
_SNIFF_CHARS = 65_536
_SNIFF_RECORDS = 50
_MAX_READ_AGAIN_CHARS = 64_000_000
_MAX_DELIMITERS = 2_000_000  # each makes a string: more memory than the text itself
_OPEN_QUOTE = "a quote is opened in this row and never closed"


class _OpenQuoteError(ValueError):
    """A record goes on so long that its quote must have been left open."""


class _RecordLines:
    """Feeds lines to `csv.reader` and keeps those of the current record.

    Attributes
    ----------
    record : list of str
        The lines of the record being read.
    ended : bool
        Whether the file is at its end.
    """

    def __init__(self, lines: TextLines, delimiter: str) -> None:
        self.record: list[str] = []
        self.ended = False
        self.width = 0
        self._lines = lines
        self._delimiter = delimiter
        self._chars = 0
        self._delimiters = 0
        self._next_check = MAX_FIELD_CHARS
        self._may_read_again = _MAX_READ_AGAIN_CHARS

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            line = next(self._lines)
        except StopIteration:
            self.ended = True
            raise
        self.record.append(line)
        self._chars += len(line)
        if self._chars > MAX_FIELD_CHARS:
            self._delimiters += line.count(self._delimiter)
            if self._delimiters > _MAX_DELIMITERS:
                raise LineTooLongError(f"row has more than {_MAX_DELIMITERS:,} delimiters")
        if self._chars > self._next_check and len(self.record) > 1:
            self._next_check *= 2
            if self._chars > MAX_LINE_CHARS or self.holds_rows():
                raise _OpenQuoteError
        return line

    def start_record(self) -> None:
        """Forget the lines of the record before."""
        self.record = []
        self._chars = 0
        self._delimiters = 0
        self._next_check = MAX_FIELD_CHARS

    def holds_rows(self) -> bool:
        """Return whether lines after the first of the record are rows by themselves: it swallowed them."""
        if self.width < 2:
            return False
        return any(len(self._cells(line)) == self.width for line in self.record[1:201])

    def is_open(self) -> bool:
        """Return whether the record, the last of the file, ends within quotes."""
        return "unexpected end of data" in self._fault()

    def is_doubtful(self) -> bool:
        """Return whether the record has several lines, rows among them, and text after a closing quote."""
        return len(self.record) > 1 and bool(self._fault()) and self.holds_rows()

    def give_back(self) -> str:
        """Let reading go on at the second line of the record; return the reason to reject the first."""
        swallowed = self.record[1:]
        size = sum(map(len, swallowed))
        # Hostile files could have every line read many times over.
        if size > self._may_read_again:
            return f"{_OPEN_QUOTE}; the {len(swallowed):,} lines after it were lost with it"
        self._may_read_again -= size
        self._lines.put_back(swallowed)
        self.ended = False
        return _OPEN_QUOTE

    def _fault(self) -> str:
        try:
            list(csv.reader(self.record, delimiter=self._delimiter, strict=True))
        except csv.Error as error:
            return str(error)
        return ""

    def _cells(self, line: str) -> list[str]:
        return next(csv.reader([line], delimiter=self._delimiter), [])


def read_csv(reading: Reading) -> Iterator[pd.DataFrame]:
    """Yield the ads of a CSV or TSV file.

    Raises
    ------
    InputError
        If the header cannot be read.
    UsageError
        If no column holds text.
    """
    # The limit is global to the csv module. It is only ever raised: the readers check fields themselves.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE_CHARS))
    lines = TextLines(reading.source)
    try:
        delimiter = sniff_delimiter(reading.source.head.decode(lines.encoding, "replace")[:_SNIFF_CHARS])
        feed = _RecordLines(lines, delimiter)
        reader = csv.reader(feed, delimiter=delimiter)
        try:
            header = _header(reader, feed)
        except (_OpenQuoteError, LineTooLongError, csv.Error):
            header = []
        if not header or (feed.ended and feed.is_open()):
            raise InputError(
                f"{reading.source.shown}: the header cannot be read. The first line must name the columns, "
                "each quote in it closed"
            )
        names = unique_names(map(whole_characters, header))
        feed.width = len(names)
        yield from frames_of_rows(reading, names, _rows(reading, lines, feed, delimiter))
    finally:
        lines.close()


def _rows(reading: Reading, lines: TextLines, feed: _RecordLines, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(feed, delimiter=delimiter)
    while True:
        feed.start_record()
        reason: str | None = None
        cells: list[str] = []
        try:
            cells = next(reader)
            if not cells or (len(cells) == 1 and feed.width > 1 and not cells[0].strip()):
                continue  # a blank line
            if (feed.ended and feed.is_open()) or feed.is_doubtful():
                reason = feed.give_back()
        except StopIteration:
            return
        except _OpenQuoteError:
            reason = feed.give_back()
        except (LineTooLongError, csv.Error) as error:
            reason = str(error)
        reading.rows += 1
        if reason is None:
            reason = lines.not_valid("".join(feed.record))
        if reason is None and len(cells) != feed.width:
            swallowed = len(feed.record) > 1 and feed.holds_rows()
            reason = feed.give_back() if swallowed else _wrong_width(len(cells), feed.width)
        if reason is None:
            yield reading.rows, cells
        else:
            reading.reject(reading.rows, reason)


def sniff_delimiter(text: str) -> str:
    """Return the delimiter that cuts the header and the first rows of `text` into the same number of cells.

    Returns
    -------
    str
        One of `DELIMITERS`; `ONE_COLUMN` where none cuts the header. The text of such a file may hold commas
        without quotes, and they must not cut it.
    """
    hint = _EXCEL_HINT.match(text.split("\n", 1)[0])
    if hint and hint[1] in DELIMITERS:
        return hint[1]
    scores = []
    for order, delimiter in enumerate(DELIMITERS):
        widths = []
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if cells:
                widths.append(len(cells))
            if len(widths) == _SNIFF_RECORDS:
                break
        else:
            # The last record may be cut off, so it says nothing unless it is all there is.
            widths = widths[:-1] if len(widths) > 2 else widths
        if widths and widths[0] > 1:
            agreeing = sum(width == widths[0] for width in widths[1:])
            share = agreeing / max(len(widths) - 1, 1)
            scores.append((round(share, 1), widths[0], -order, delimiter))
    return max(scores)[-1] if scores else ONE_COLUMN


def _header(reader: Iterator[list[str]], feed: _RecordLines) -> list[str]:
    for cells in reader:
        if any(map(str.strip, cells)) and not _EXCEL_HINT.match("".join(feed.record)):
            return cells
        feed.start_record()
    return []


def _wrong_width(cells: int, width: int) -> str:
    return f"row has {cells} {'cell' if cells == 1 else 'cells'}, the header has {width}"

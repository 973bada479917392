"""Where ads come from: a file, packed or not, or standard input; and what its first bytes look like."""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO, cast

from adscreen.ads.readers.unpacking import Unpacked

HEAD_BYTES = 262_144
_MAX_ASCII_HEAD = 64 * HEAD_BYTES
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_JSON = re.compile(rb'\{\s*(?:"|\}|$)|\[\s*(?:[\[{"\]]|$)')
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1f\x7f]")
_JSON_LINE = re.compile(rb"^\s*\{", re.MULTILINE)
_TEXT_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_MAGIC = (
    (b"PAR1", "parquet"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)


@dataclass
class Source:
    """One input that can be opened as bytes.

    Attributes
    ----------
    shown : str
        How messages name it: as the user did.
    path : Path or None
        None for standard input.
    packing : str
        ``""``, ``"gz"`` or ``"zst"``.
    head : bytes
        The first bytes, unpacked: 256 KB, or up to 16 MB of a file that is plain ASCII so far, as what comes
        later decides its encoding.
    """

    shown: str
    path: Path | None
    packing: str = ""
    head: bytes = field(init=False)
    _place: Callable[[], int] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.path is None:
            self.head = sys.stdin.buffer.read(HEAD_BYTES)
            return
        with self.open() as stream:
            head = stream.read(HEAD_BYTES)
            while head.isascii() and len(head) < _MAX_ASCII_HEAD and (more := stream.read(HEAD_BYTES)):
                # Only the part that tells something is kept.
                if not more.isascii():
                    head += more
                    break
                if len(head) >= 2 * HEAD_BYTES:
                    continue
                head += more
        self.head = head

    def open(self) -> BinaryIO:
        """Return the bytes from the start, unpacked; standard input can be opened only once."""
        if self.path is None:
            return cast(BinaryIO, io.BufferedReader(_Joined(self.head, sys.stdin.buffer)))
        if self.packing:
            unpacked = Unpacked(self.path, self.packing, self.shown)
            self._place = unpacked.packed_bytes
            return cast(BinaryIO, io.BufferedReader(unpacked, 1 << 16))
        file = self.path.open("rb")
        self._place = file.tell
        return file

    def share(self) -> float:
        """Return how much of the file is read, 0 to 1; 0 for what has no size, such as standard input."""
        size = self.path.stat().st_size if self.path is not None and self._place is not None else 0
        try:
            return min(self._place() / size, 1.0) if size and self._place is not None else 0.0
        except ValueError:  # closed: all is read
            return 1.0

    def open_seekable(self) -> IO[bytes]:
        """Return the bytes in a file that can be read in any order: standard input is spooled to disk."""
        if self.path is not None:
            return self.path.open("rb")
        spool = tempfile.TemporaryFile()  # noqa: SIM115  (the caller closes it)
        with self.open() as stream:
            while block := stream.read(HEAD_BYTES):
                spool.write(block)
        spool.seek(0)
        return spool

    def looks_like(self) -> str:
        """Return what the first bytes are.

        Returns
        -------
        str
            ``parquet``, ``zip`` (XLSX is one), ``xls``, ``pdf``, ``gzip``, ``zstd``, ``html``, ``json``,
            ``empty`` or ``text``.
        """
        for magic, name in _MAGIC:
            if self.head.startswith(magic):
                return name
        start = self.head[:4096]
        for bom in _TEXT_BOMS:
            start = start.removeprefix(bom)
        start = start.replace(b"\0", b"").lstrip()  # without the zeros UTF-16 reads as ASCII does
        if not start:
            return "empty"
        if _HTML.match(start):
            return "html"
        return "json" if _JSON.match(start) else "text"

    def may_be_text(self) -> bool:
        """Return whether the first bytes hold hardly a control character, as text in any encoding of bytes does."""
        return len(_CONTROL.findall(self.head)) <= len(self.head) / 100

    def has_json_line(self) -> bool:
        """Return whether a line of the first bytes looks like a JSON object: others may be broken."""
        return _JSON_LINE.search(self.head.replace(b"\0", b"")) is not None


class _Joined(io.RawIOBase):
    """Bytes already read, followed by the rest of their stream."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head = io.BytesIO(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self._head.read(len(buffer)) or self._rest.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

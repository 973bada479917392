"""Packed files, unpacked as they are read; a small file that unpacks without end is refused."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import Any

from adscreen.errors import InputError

FREE_BYTES = 1 << 28
"""So much may come out of any file, however small: 256 MB are read in seconds."""
MAX_RATIO = 300
"""Above that, a file may unpack to this many times its size. Scraped ads shrink to a fifth, the same ad over and
over to a hundredth; deflate reaches 1,032 on a file made of one letter, and zstd far more."""


class Unpacked(io.RawIOBase):
    """The contents of a packed file.

    Parameters
    ----------
    path : Path
    packing : str
        ``gz`` or ``zst``.
    shown : str
        How messages name the file.

    Raises
    ------
    InputError
        While reading, if more comes out than `FREE_BYTES` and `MAX_RATIO` allow.
    """

    def __init__(self, path: Path, packing: str, shown: str) -> None:
        self._raw: Any
        self._stream: Any
        if packing == "gz":
            self._raw = path.open("rb")
            self._stream = gzip.GzipFile(fileobj=self._raw)
        else:
            import pyarrow as pa

            if not pa.Codec.is_available("zstd"):
                raise InputError(f"{shown}: this installation cannot unpack .zst files. Unpack it first")
            self._raw = pa.OSFile(str(path))
            self._stream = pa.CompressedInputStream(self._raw, "zstd")
        self._limit = max(FREE_BYTES, MAX_RATIO * path.stat().st_size)
        self._bytes = 0
        self._shown = shown

    def packed_bytes(self) -> int:
        """Return how many bytes of the packed file are read."""
        return int(self._raw.tell())

    def readable(self) -> bool:
        """Return True: this is read, not written."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer`; return how many bytes were there, 0 at the end."""
        try:
            data = self._stream.read(len(buffer))
        except OSError as error:
            if error.errno is not None or isinstance(error, gzip.BadGzipFile):
                raise
            raise EOFError(str(error)) from error  # what pyarrow says of damage, as gzip says it
        self._bytes += len(data)
        if self._bytes > self._limit:
            raise InputError(
                f"{self._shown}: unpacks to more than {MAX_RATIO} times its size; such files are made to fill memories "
                "and disks. If you trust it, unpack it yourself"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            self._stream.close()
            self._raw.close()
        super().close()

"""A text as one byte a character, so that numbers in every script are found by one fast pattern."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

_ZEROS = (
    0x0030, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0xFF10,
)  # fmt: skip
"""Where the decimal digits of each script of the field begin in Unicode."""
_CLASSES = {
    b"x": "Xx*•●✕×ХхＸｘ∗＊",
    b" ": " \u00a0\u20e3\ufe0f\u2009\u202f",  # with what makes an emoji of a digit
    b"-": "-‐‑‒–—−",
    b".": ".·",
    b"(": "(",
    b")": ")",
    b"/": "/",
    b"+": "+＋",
    b"c": "〇零一二三四五六七八九幺",
}
CHINESE_DIGITS = dict(zip("〇零一二三四五六七八九幺", "001234567891", strict=True))


@cache
def class_table() -> NDArray[np.uint8]:
    """Return the class of each character up to U+FFFF, of which all beyond have the class; see `skeleton`."""
    table = np.full(0x10000, ord("#"), np.uint8)
    for zero in _ZEROS:
        table[zero : zero + 10] = ord("0")
    for mark, chars in _CLASSES.items():
        table[[ord(char) for char in chars]] = mark[0]
    return table


@cache
def _ascii_table() -> bytes:
    return class_table()[:256].tobytes()


def skeleton(text: str) -> bytes:
    """Return `text` as classes, one byte a character.

    Returns
    -------
    bytes
        Of the length of `text`: ``0`` digits of any script, ``x`` what stands for a hidden digit, blanks, ``-``,
        ``.``, brackets, ``/`` and ``+`` for what looks like them, ``c`` Chinese digits, ``#`` all else.

    Examples
    --------
    >>> skeleton("Tel +٩٦٦ 5X")
    b'### +000 0x'
    """
    if text.isascii():
        return text.encode().translate(_ascii_table())
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return class_table().take(codes, mode="clip").tobytes()

"""What each Unicode code point means to the tokeniser: its class and the form it is hashed in.

The table is built from Python's own Unicode database and then frozen in ``unicode_table.npz``, so that a
model gives the same scores under every Python version. ``python -m adscreen.signals.unicode_table`` writes
it again; a changed table changes every token, so the feature version in `FEATURE_VERSION` must move with it.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FEATURE_VERSION = 1
TABLE_FILE = Path(__file__).with_name("unicode_table.npz")
N_CODE_POINTS = 0x110000
PAGE = 256

SEPARATOR = 0
WORD = 1  # letters and digits of scripts that put spaces between words
SINGLE = 2  # letters of scripts that do not: each one is a token
MARK = 3  # combining marks: belong to whatever token they follow
BOUNDARY = 4  # between two fields: no n-gram crosses it

FIELD_BOUNDARY = "\x1f"
"""Joins the fields of one ad. Cleaning removes it from ads, so it cannot be forged."""

# Scripts written without spaces between words (Unicode blocks).
SINGLE_RANGES = (
    (0x0E00, 0x0E7F),  # Thai
    (0x0E80, 0x0EFF),  # Lao
    (0x1000, 0x109F),  # Myanmar
    (0xAA60, 0xAA7F),  # Myanmar extended A
    (0xA9E0, 0xA9FF),  # Myanmar extended B
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x2FDF),  # CJK radicals
    (0x3005, 0x3007),  # ideographic iteration mark, closing mark and zero
    (0x3040, 0x30FF),  # kana
    (0x31F0, 0x31FF),  # kana extensions
    (0x3400, 0x4DBF),  # Han extension A
    (0x4E00, 0x9FFF),  # Han
    (0xF900, 0xFAFF),  # Han compatibility
    (0x1B000, 0x1B16F),  # kana supplement
    (0x20000, 0x323AF),  # Han extensions B to H
)

# Letters whose plain form Unicode does not give, and letters that people type for one another.
PLAIN_FORMS = {
    "đ": "d",
    "ð": "d",
    "ł": "l",
    "ø": "o",
    "ħ": "h",
    "ı": "i",
    "ŧ": "t",
    "أ": "ا",
    "إ": "ا",
    "آ": "ا",
    "ٱ": "ا",
    "ى": "ي",
    "ی": "ي",
    "ئ": "ي",
    "ؤ": "و",
    "ة": "ه",
    "ک": "ك",
}


class UnicodeTable(NamedTuple):
    """The two-level lookup table, in the form the kernels read.

    Attributes
    ----------
    page : ndarray of uint16, shape (4352,)
        The page of each block of 256 code points.
    kind : ndarray of uint8, shape (n_pages * 256,)
        `SEPARATOR`, `WORD`, `SINGLE`, `MARK` or `BOUNDARY`.
    fold : ndarray of uint32, shape (n_pages * 256,)
        The code point to hash instead; 0 where the code point does not count (Latin and Arabic marks).
    """

    page: NDArray[np.uint16]
    kind: NDArray[np.uint8]
    fold: NDArray[np.uint32]


def classify(char: str) -> int:
    """Return the class of one character, from the Unicode database of the running Python."""
    if char == FIELD_BOUNDARY:
        return BOUNDARY
    category = unicodedata.category(char)
    if category in ("Mn", "Mc", "Me"):
        return MARK
    if category[0] == "L" or category in ("Nd", "Nl", "No"):
        code = ord(char)
        if any(low <= code <= high for low, high in SINGLE_RANGES) and category != "Nd":
            return SINGLE
        return WORD
    return SEPARATOR


def fold(char: str) -> int:
    """Return the code point hashed for `char`: lower case, digits as 0, no Latin, Cyrillic or Arabic marks.

    People drop and mistype diacritics (most Vietnamese job posts come both ways), so "lương" and "luong"
    are one token. Marks of Indic and South-East Asian scripts are vowels and stay.
    """
    code = ord(char)
    if 0x0300 <= code <= 0x036F or 0x064B <= code <= 0x065F or code in (0x0670, 0x0640):
        return 0
    if unicodedata.category(char) == "Nd":
        return ord("0")
    lowered = char.casefold()
    if len(lowered) != 1:
        lowered = char.lower()
    if len(lowered) != 1:
        lowered = unicodedata.normalize("NFD", lowered)[0]
    plain = unicodedata.normalize("NFD", lowered)
    if len(plain) > 1 and all(0x0300 <= ord(mark) <= 0x036F for mark in plain[1:]):
        lowered = plain[0]
    return ord(PLAIN_FORMS.get(lowered, lowered))


def build_table() -> UnicodeTable:
    """Build the table from the running Python's Unicode database (takes about three seconds)."""
    kinds = np.zeros(N_CODE_POINTS, np.uint8)
    folds = np.zeros(N_CODE_POINTS, np.uint32)
    for code in range(N_CODE_POINTS):
        if 0xD800 <= code <= 0xDFFF:
            continue
        char = chr(code)
        kinds[code] = classify(char)
        if kinds[code] in (WORD, SINGLE, MARK):
            folds[code] = fold(char)
    both = np.stack([kinds.astype(np.uint32), folds], axis=1).reshape(-1, PAGE, 2)
    pages, index = np.unique(both, axis=0, return_inverse=True)
    return UnicodeTable(
        index.reshape(-1).astype(np.uint16),
        np.ascontiguousarray(pages[:, :, 0]).reshape(-1).astype(np.uint8),
        np.ascontiguousarray(pages[:, :, 1]).reshape(-1).astype(np.uint32),
    )


@cache
def load_table() -> UnicodeTable:
    """Load the frozen table that ships in the package."""
    with np.load(TABLE_FILE, allow_pickle=False) as parts:
        return UnicodeTable(parts["page"], parts["kind"], parts["fold"])


if __name__ == "__main__":
    np.savez_compressed(TABLE_FILE, **build_table()._asdict())

"""What each Unicode code point means to the tokeniser: its class and the form it is hashed in.

The table has one number of 32 bits for each code point, so that one read from memory tells all of it: the code
point to hash instead in `FOLD_BITS` (0 where none is: Latin and Arabic marks), the class in three bits, and from
`ORDER_SHIFT` on its `canonical_order`.

It is built from Python's own Unicode database and then frozen in ``unicode_table.npz``, so that a model gives the
same scores under every Python version. ``python -m adscreen.signals.unicode_table`` writes it again; another class
or form changes tokens, so the feature version in `FEATURE_VERSION` must move with it.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

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

FOLD_BITS = 0x1FFFFF
KIND_SHIFT = 21
ORDER_SHIFT = 24
JOINS = 254
CLOSER_LOOK = 255

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


def canonical_order(char: str, second_parts: frozenset[str]) -> int:
    """Return what tells whether a text with `char` can be in other than normal form (NFC).

    Parameters
    ----------
    char : str
    second_parts : frozenset of str
        The second characters of `unstable_pairs`.

    Returns
    -------
    int
        The canonical combining class, 0 to 240; or `JOINS` for a character of class 0 that may join the one before
        it; or `CLOSER_LOOK` if it is never in NFC, is a part of a Hangul syllable, or is not assigned, so that a
        newer Unicode may say anything of it.
    """
    if not unicodedata.is_normalized("NFC", char) or unicodedata.category(char) == "Cn" or "\u1160" <= char <= "\u11ff":
        return CLOSER_LOOK
    return unicodedata.combining(char) or (JOINS if char in second_parts else 0)


def unstable_pairs() -> list[tuple[str, str]]:
    """Return every two characters, each of them in NFC, that are something else together: "é" of "e" and its accent.

    Also those where the second joins what the first is made of: "é" and a dot below are "ẹ" and an accent. Left out
    are the parts of Hangul syllables.
    """
    # What a character is made of, one step: "<..." is no canonical decomposition.
    parts = {char: unicodedata.decomposition(char).split() for char in map(chr, range(N_CODE_POINTS))}
    made = [char for char, of in parts.items() if len(of) == 2 and not of[0].startswith("<")]
    stable = [char for char in made if unicodedata.is_normalized("NFC", char)]
    firsts = {chr(int(parts[char][0], 16)) for char in stable}.union(stable)
    seconds = sorted({chr(int(parts[char][1], 16)) for char in stable})
    both = ((first, second) for first in sorted(firsts) for second in seconds)
    return [pair for pair in both if not unicodedata.is_normalized("NFC", "".join(pair))]


def kind_of(entries: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the class of each entry of the table: `SEPARATOR`, `WORD`, `SINGLE`, `MARK` or `BOUNDARY`."""
    return entries >> np.uint32(KIND_SHIFT) & np.uint32(7)


def fold_of(entries: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the code point that is hashed for each entry of the table; 0 for none."""
    return entries & np.uint32(FOLD_BITS)


def build_table() -> NDArray[np.uint32]:
    """Build the table, shape (N_CODE_POINTS,), from the running Python's Unicode database (about two seconds)."""
    table = np.zeros(N_CODE_POINTS, np.uint32)
    second_parts = frozenset(second for _, second in unstable_pairs())
    for code in range(N_CODE_POINTS):
        if 0xD800 <= code <= 0xDFFF:
            continue
        char = chr(code)
        kind = classify(char)
        plain = fold(char) if kind in (WORD, SINGLE, MARK) else 0
        table[code] = plain | kind << KIND_SHIFT | canonical_order(char, second_parts) << ORDER_SHIFT
    return table


@cache
def load_table() -> NDArray[np.uint32]:
    """Load the frozen table that ships in the package, shape (N_CODE_POINTS,)."""
    with np.load(TABLE_FILE, allow_pickle=False) as parts:
        # Most pages of 256 code points are alike, and stored once.
        table: NDArray[np.uint32] = parts["entries"][parts["page"]].reshape(-1)
    return table


def pair_number(first: int, second: int) -> int:
    """Return the number under which `load_pairs` has two code points."""
    return first << KIND_SHIFT | second


def build_pairs() -> NDArray[np.uint64]:
    """Return `pair_number` of all `unstable_pairs`, in order."""
    return np.array(sorted(pair_number(ord(first), ord(second)) for first, second in unstable_pairs()), np.uint64)


@cache
def load_pairs() -> NDArray[np.uint64]:
    """Load the frozen numbers of all `unstable_pairs`."""
    with np.load(TABLE_FILE, allow_pickle=False) as parts:
        pairs: NDArray[np.uint64] = parts["pairs"]
    return pairs


def write_table() -> None:
    """Build the table again and write it to the package."""
    entries, page = np.unique(build_table().reshape(-1, PAGE), axis=0, return_inverse=True)
    np.savez_compressed(TABLE_FILE, entries=entries, page=page.reshape(-1).astype(np.uint16), pairs=build_pairs())


if __name__ == "__main__":
    write_table()

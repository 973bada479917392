"""Letters that look like others, and what each character is to the search for disguises (`adscreen.ads.suspects`)."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adscreen.shipped_yaml import load_yaml

# Kinds of characters. What is none of them parts words: quotation marks, colons, brackets that are not round.
BLANK, NEWLINE, BREAK = 0, 1, 2
LATIN, STYLED, LOOK, FOREIGN = 3, 4, 5, 6
"""Letters of the alphabets: plain Latin ones; small capitals and the like; those of another alphabet that look Latin;
its others."""
SINGLE, OTHER = 7, 8
"""Letters of scripts where each stands alone in this search (Han, kana, Hangul), and of all other scripts."""
DIGIT, LEET, NUMBER = 9, 10, 11
"""ASCII digits; signs read as letters; signs that show a number (negative circled digits, the keycap)."""
SEPARATOR, SYMBOL, QUOTE = 12, 13, 14
"""Signs put between letters: marks on the line, pictures, and those that ordinary words hold too (apostrophes)."""
DIACRITIC, OVERLAY = 15, 16

TABLE_SIZE = 0x20000

_SYMBOLS = ((0xA6, 0xA9), (0xAC, 0xB0), (0xB4, 0xB8), (0x2020, 0x2021), (0x2030, 0x2038), (0x203B, 0x205E),
            (0x2190, 0x2BFF), (0xE000, 0xF8FF), (0xFFFC, 0xFFFD), (0x1F000, 0x1FBFF))  # fmt: skip
_SEPARATORS = ".,*_-~^·•‧∙⋅●‐‑‒–—×"
_LEET = "@$!|€£¥§+"
_QUOTES = "'’`/\\()#=&"
_OVERLAYS = ((0x305, 0x305), (0x332, 0x338), (0x33F, 0x33F), (0x346, 0x34E), (0x353, 0x357), (0x35C, 0x362),
             (0x488, 0x489), (0x20D0, 0x20E2), (0x20E4, 0x20F0))  # fmt: skip
_DIACRITICS = ((0x300, 0x36F), (0x483, 0x489), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0xFE20, 0xFE2F))
_ALPHABETS = ((0x370, 0x3FF), (0x400, 0x58F), (0x10A0, 0x10FF), (0x13A0, 0x13FF), (0x1400, 0x16FF), (0x1C80, 0x1CBF),
              (0x1F00, 0x1FFF), (0x2C80, 0x2D7F), (0x2DE0, 0x2DFF), (0xA4D0, 0xA4FF), (0xA640, 0xA69F),
              (0xAB70, 0xABBF), (0x10280, 0x104FF), (0x11700, 0x118FF), (0x16F00, 0x16F9F))  # fmt: skip
_SINGLES = ((0x3005, 0x3007), (0x3041, 0x30FA), (0x30FC, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3))
_LATIN = ((0xAA, 0xAA), (0xBA, 0xBA), (0xC0, 0x2AF), (0x1D00, 0x1DBF), (0x1E00, 0x1EFF), (0x2C60, 0x2C7F),
          (0xA722, 0xA7FF), (0xAB30, 0xAB6F))  # fmt: skip
_SQUARED = ((0x1F150, 0x1F169), (0x1F170, 0x1F189), (0x1F1E6, 0x1F1FF))
"""Letters in black circles and squares, and those that flags are made of; NFKC turns the white ones to letters."""


class Lookalikes(NamedTuple):
    """Maps from a character to the one it stands for."""

    strict: dict[str, str]
    loose: dict[str, str]
    cyrillic: dict[str, str]
    cyrillic_loose: dict[str, str]
    numbers: dict[str, str]


@cache
def lookalikes() -> Lookalikes:
    """Return the maps of lookalikes.yaml, with squared letters and signs that show numbers."""
    raw = load_yaml("adscreen.ads", "lookalikes.yaml")
    strict = {char: letter for letter, chars in raw["strict"].items() for char in chars}
    strict |= {chr(code): chr(65 + code - first) for first, last in _SQUARED for code in range(first, last + 1)}
    loose = {char: letter for letter, chars in raw["loose"].items() for char in chars}
    numbers = {chr(code): str(int(unicodedata.numeric(chr(code)))) for code in _number_codes()} | {"\U0001f51f": "10"}
    return Lookalikes(strict, strict | loose, raw["cyrillic"], raw["cyrillic"] | raw["cyrillic_loose"], numbers)


def _number_codes() -> list[int]:
    return [*range(0x24EB, 0x2500), *range(0x2776, 0x2794), 0x1F10B, 0x1F10C]


@cache
def kinds() -> NDArray[np.uint8]:
    """Return the kind of each code point below `TABLE_SIZE`; building the table takes a few milliseconds."""
    table = np.full(TABLE_SIZE, OTHER, np.uint8)
    for code in (*range(0x2FF), *range(0x2000, 0x2C00), *range(0x2E00, 0x3041), *range(0xFE10, 0xFFFF)):
        if not chr(code).isalnum():
            table[code] = BREAK
    for chars, kind in ((_SEPARATORS, SEPARATOR), (_LEET, LEET), (_QUOTES, QUOTE), ("0123456789", DIGIT)):
        table[[ord(char) for char in chars]] = kind
    _fill(table, _SYMBOLS, SYMBOL)
    _fill(table, ((0x41, 0x5A), (0x61, 0x7A), *_LATIN), LATIN)
    table[[0xD7, 0xF7]] = SEPARATOR, SYMBOL
    _fill(table, ((0x2B0, 0x2FF), (0x37E, 0x37E), (0x387, 0x387)), BREAK)
    _fill(table, _ALPHABETS, FOREIGN)
    _fill(table, _SINGLES, SINGLE)
    _fill(table, _DIACRITICS, DIACRITIC)
    _fill(table, _OVERLAYS, OVERLAY)
    table[[0x20, 0x09]] = BLANK
    table[[0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029]] = NEWLINE
    maps = lookalikes()
    for char in maps.strict:
        table[ord(char)] = STYLED if table[ord(char)] in (LATIN, SYMBOL) else LOOK
    table[[ord(char) for char in maps.numbers]] = NUMBER
    table[0x20E3] = NUMBER
    return table


@cache
def cyrillic_twins() -> NDArray[np.bool_]:
    """Return for each ASCII code whether the letter may stand in a Cyrillic word, shape (128,)."""
    twins = np.zeros(128, np.bool_)
    twins[[ord(char) for char in lookalikes().cyrillic_loose]] = True
    return twins


def kind_of(char: str) -> int:
    """Return the kind of one character."""
    code = ord(char)
    return int(kinds()[code]) if code < TABLE_SIZE else BREAK


def _fill(table: NDArray[np.uint8], ranges: tuple[tuple[int, int], ...], kind: int) -> None:
    for first, last in ranges:
        table[first : last + 1] = kind

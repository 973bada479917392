"""What in a text could be a contact or a part of one: found for many texts at once, in a fiftieth of the time.

Only where it is does anything of `adscreen.signals.contacts` search; most ads have little of it.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from adscreen.signals.contacts.channels import channel_names
from adscreen.signals.contacts.sign_kernel import (
    ALONE,
    CHINESE_DIGIT,
    DATE,
    DIGIT,
    EXACT,
    FIRST,
    HIDDEN_DIGIT,
    HIDDEN_RUN,
    INFLECTED,
    LAST_CODE,
    LETTER,
    NAMED,
    PAIR_BITS,
    PLAIN_DOT,
    RUN,
    SIGN,
    find_signs,
    pair_number,
)
from adscreen.signals.contacts.skeleton import class_table
from adscreen.signals.tokens import Texts

MAX_CHARS = 200_000
"""How much of a text is read, in characters; ads of a hundred thousand words are not written for people."""


class Signs(NamedTuple):
    """What one text has; offsets count its characters.

    Attributes
    ----------
    has : int
        Flags: `NAMED`, `AT` and so on, of `adscreen.signals.contacts.sign_kernel`.
    plain_dots, dots : tuple of int
        Dots that may part a host: those that letters of one case follow; and all, with those before mixed ones.
    runs, hidden_runs : tuple of (int, int)
        Start and end of digits with what may part those of a number: those that may be a number, and those that
        begin with a hidden digit.
    """

    has: int = 0
    plain_dots: tuple[int, ...] = ()
    dots: tuple[int, ...] = ()
    runs: tuple[tuple[int, int], ...] = ()
    hidden_runs: tuple[tuple[int, int], ...] = ()


NOTHING = Signs()
"""Of a text without contacts."""


def signs_of(texts: Texts) -> list[Signs]:
    """Return the signs of the first `MAX_CHARS` characters of each of `texts`, which are clean."""
    seen, rows = find_signs(*texts, MAX_CHARS, *_tables())
    signs = [Signs(has) if has else NOTHING for has in seen.tolist()]
    found: dict[int, tuple[list[Any], ...]] = {}
    for text, kind, start, end in rows.tolist():
        if kind == DATE and not signs[text].has & NAMED:
            continue
        plain_dots, dots, runs, hidden_runs = found.setdefault(text, ([], [], [], []))
        if kind in (RUN, DATE):
            runs.append((start, end))
        elif kind == HIDDEN_RUN:
            hidden_runs.append((start, end))
        else:
            dots.append(start)
            if kind == PLAIN_DOT:
                plain_dots.append(start)
    for text, of_text in found.items():
        signs[text] = Signs(signs[text].has, *map(tuple, of_text))
    return signs


@cache
def _tables() -> tuple[Any, ...]:
    """Return what `find_signs` reads: kinds and classes of characters, and the names by their first two characters."""
    classes = class_table()
    kinds = np.zeros(LAST_CODE + 1, np.uint8)
    for its_class, kind in (("0", DIGIT), ("x", HIDDEN_DIGIT), ("c", CHINESE_DIGIT)):
        kinds[classes == ord(its_class)] |= kind
    for letter in map(ord, "abcdefghijklmnopqrstuvwxyz"):
        kinds[[letter, letter - 32]] |= LETTER
    kinds[[ord(char) for char in ".:@_+"]] |= SIGN
    names: dict[tuple[int, str], int] = {}
    for name, (of_channel, _, inflected) in channel_names().items():
        if of_channel == "none":
            continue
        # Without the blank that it begins with: then it begins where a word does, as all others.
        its_letters = name.lstrip(" ")
        mark = INFLECTED * inflected
        if of_channel == "token":  # a word like any other in small letters
            its_letters, mark = its_letters.upper(), mark | EXACT
        first, *rest = map(ord, its_letters)
        kinds[[first, ord(chr(first).swapcase())] if first < 128 else first] |= FIRST
        if rest:
            pair = int(pair_number(*(ord(chr(code).lower()) if code < 128 else code for code in (first, rest[0]))))
            names[pair, its_letters] = names.get((pair, its_letters), 0) | mark
        else:
            kinds[first] |= ALONE
    listed = sorted(names)
    of_pair = np.searchsorted([pair for pair, _ in listed], np.arange((1 << PAIR_BITS) + 1)).astype(np.int32)
    bounds = np.cumsum([0, *(len(name) for _, name in listed)]).astype(np.int32)
    letters = np.array([ord(char) for _, name in listed for char in name], np.uint32)
    return kinds, classes, of_pair, letters, bounds, np.array([names[each] for each in listed], np.uint8)

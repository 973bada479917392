"""The compiled passes over the characters of a text that cleaning is spared most of its work by.

All read the number of each character in the table of `adscreen.ads.suspects`: its kind (see `adscreen.ads.lookalikes`)
in the lowest bits, then what cleaning does to it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.ads.character_table import UNSEEN
from adscreen.ads.lookalikes import (
    BLANK,
    BREAK,
    DIACRITIC,
    DIGIT,
    FOREIGN,
    LATIN,
    LEET,
    LOOK,
    NEWLINE,
    NUMBER,
    OVERLAY,
    QUOTE,
    SEPARATOR,
    SINGLE,
    STYLED,
    SYMBOL,
)
from adscreen.ads.suspect_flags import KIND, LATIN_TEXT, MAX_GAP, NO_OTHER_ALPHABET, SPACED, flags_of

REMOVED_SIGN, INVISIBLE_SIGN, NOT_PLAIN, LATIN_LETTER, OTHER_LETTER = (1 << bit for bit in range(5, 10))
"""Taken out; of those, one that words are hidden by; changed by NFKC, or may be by its neighbours; a letter of Latin;
one of another alphabet."""
ANY_BLANK, ANY_BREAK, ODD_BLANK, SIGN_BLANK = (1 << bit for bit in range(10, 14))
"""Any blank; one that breaks the line; one that is neither " " nor a line feed; one that is a sign for
`adscreen.ads.lookalikes`."""
COMMON_SIGNS = tuple(1 << bit for bit in range(14, 62))
"""For each of `adscreen.ads.characters.COMMON`."""

ALPHABETS, ANY_SPACED, TWO_BLANKS, ANY_UNSEEN = 1, 2, 4, 8
"""What a text has: Latin and other letters; a suspect that is `SPACED`; two blanks in a row; characters that are not in
the table."""

_SURE, _IF_PARTED, _IF_SPELLED, _AT_BLANK = 1, 2, 3, 4
_N_KINDS = 17


@cache
def pairs() -> NDArray[np.uint8]:
    """Return for two kinds in a row, at ``32 * first + second``, what they say of their stretch of text."""
    table = np.zeros(32 * 32, np.uint8)
    for blank in (BLANK, NEWLINE):
        table[blank::32] = _AT_BLANK
    for first in range(_N_KINDS):
        table[[32 * first + kind for kind in (STYLED, OVERLAY, NUMBER)]] = _SURE
    for letter in (LATIN, STYLED, LOOK, FOREIGN):
        table[[32 * letter + DIGIT, 32 * DIGIT + letter, 32 * LEET + letter]] = _SURE
        table[[32 * SEPARATOR + letter, 32 * SYMBOL + letter]] = _IF_PARTED
        table[32 * QUOTE + letter] = _IF_SPELLED
    table[[32 * SEPARATOR + SINGLE, 32 * SYMBOL + SINGLE, 32 * QUOTE + SINGLE]] = _IF_SPELLED
    for other in (LOOK, FOREIGN):
        table[[32 * LATIN + other, 32 * STYLED + other, 32 * other + LATIN, 32 * other + STYLED]] = _SURE
    table[32 * DIACRITIC + DIACRITIC] = _SURE
    return table


@numba.njit(cache=True, nogil=True)
def find_suspects(codes: Any, table: Any, pairs: Any) -> Any:  # pragma: no cover  (compiled)
    """Return rows of start, end and flags of what may be disguised; the first row tells what the text has.

    That is the union of the numbers of its characters, and that of `ALPHABETS` and the like. If a character is not in
    the table, there are no more rows. `codes` end with a line break that is not part of the text.
    """
    n = len(codes)
    # First all places where something may have to be done: blanks, and characters that make their stretch a suspect.
    # Written in any case and kept by counting on: a jump for each could not be foretold, and takes longer.
    places = np.empty(n, np.int32)
    n_places = np.uint64(0)
    seen = blanks_in_a_row = np.uint64(0)
    least = np.uint64(1 << 63)
    number_before, code_before = np.uint64(BLANK), np.uint32(0)
    for index in range(n - 1):
        code = codes[index]
        number = table[code]
        seen |= number
        least = min(least, number)
        blanks_in_a_row |= number & number_before
        pair = pairs[(number_before & np.uint64(KIND)) << np.uint64(5) | number & np.uint64(KIND)]
        places[n_places] = index
        n_places += np.uint64((pair != 0) | (code == code_before))
        number_before, code_before = number, code
    places[n_places] = n - 1
    n_places += np.uint64(1)
    any_unseen = least == UNSEEN
    found = np.empty((2 * n_places + 2, 3), np.int64)
    count = 1
    spaced = False
    blank: Any = np.int64(-1)
    hit: Any = False
    run_start: Any = np.int64(0)
    run_end: Any = np.int64(0)
    run_letters = 0
    for place in range(0 if any_unseen else n_places):
        i = np.int64(places[place])
        k = np.int64(table[codes[i]]) & KIND
        before = np.int64(table[codes[i - 1]]) & KIND if i > 0 else np.int64(BLANK)
        if k > NEWLINE:
            if hit:
                continue
            pair_kind = pairs[before * 32 + k]
            if pair_kind in (_IF_PARTED, _IF_SPELLED):
                j: Any = i - 1  # back over the signs to what they part
                while j > blank and i - j <= MAX_GAP and SEPARATOR <= np.int64(table[codes[j]]) & KIND <= QUOTE:
                    j -= 1
                if j > blank and LATIN <= np.int64(table[codes[j]]) & KIND <= DIGIT:
                    alone = j - 1 == blank or np.int64(table[codes[j - 1]]) & KIND > DIGIT
                    hit = pair_kind == _IF_PARTED or alone
            elif pair_kind == _SURE:
                hit = True
            elif LATIN <= k <= FOREIGN and i > 1:  # a letter twice: three times, in either case?
                hit = np.int64(codes[i - 2]) | 32 == np.int64(codes[i]) | 32
            continue
        width = i - blank - 1
        ends_run = k == NEWLINE
        if hit:
            hit = False
            flag = flags_of(codes, blank + 1, i, table)
            if flag:
                found[count, 0], found[count, 1], found[count, 2] = blank + 1, i, flag
                count += 1
        # A letter alone, or with a sign, goes on with the run; a sign or digit alone may stand between its letters.
        if width > 3:
            ends_run = True
            # The last letter may have what follows stuck to it ("s.Apply"), as the first may have what goes before.
            if run_letters > 1 and LATIN <= np.int64(table[codes[blank + 1]]) & KIND <= FOREIGN:
                after = np.int64(table[codes[blank + 2]]) & KIND
                if after == BREAK or SEPARATOR <= after <= QUOTE:
                    run_letters += 1
                    run_end = blank + 2
        elif width > 0:
            letters = 0
            for j in range(blank + 1, i):
                it = np.int64(table[codes[j]]) & KIND
                letters += 1 if LATIN <= it <= FOREIGN else 3 if SINGLE <= it <= DIGIT else 0
            if letters == 1:
                if run_letters == 0:
                    run_start = blank + 1
                run_letters += 1
                run_end = i
            elif letters > 1 and not (width == 1 and before == DIGIT):
                ends_run = True
        if ends_run:
            if run_letters >= 3:
                found[count, 0], found[count, 1], found[count, 2] = run_start, run_end, SPACED
                spaced = True
                count += 1
            run_letters = 0
            if k == BLANK and width > 3 and LATIN <= before <= FOREIGN:
                ahead = np.int64(table[codes[i - 2]]) & KIND
                if ahead == BREAK or SEPARATOR <= ahead <= QUOTE:
                    run_start = i - 1
                    run_letters = 1
                    run_end = i
        blank = i
    # Without a second alphabet it does not matter what most of the text is.
    both = seen & np.uint64(LATIN_LETTER) != 0 and seen & np.uint64(OTHER_LETTER) != 0
    if not both:
        for row in range(1, count):
            found[row, 2] |= LATIN_TEXT | NO_OTHER_ALPHABET
    found[0, 0] = seen
    found[0, 1] = (
        ALPHABETS * both
        + ANY_SPACED * spaced
        + TWO_BLANKS * (blanks_in_a_row & np.uint64(ANY_BLANK) != 0)
        + ANY_UNSEEN * any_unseen
    )
    return found[:count]


@numba.njit(cache=True, nogil=True)
def squeeze(codes: Any, table: Any) -> Any:  # pragma: no cover  (compiled)
    """Return `codes` with each run of blanks made one blank, or a line feed where it breaks the line."""
    squeezed = np.empty(len(codes), np.uint32)
    count = 0
    in_run = False
    for i in range(len(codes)):
        entry = table[codes[i]]
        if not entry & np.uint64(ANY_BLANK):
            in_run = False
            squeezed[count] = codes[i]
            count += 1
            continue
        if not in_run:
            squeezed[count] = ord(" ")
            count += 1
        if entry & np.uint64(ANY_BREAK):
            squeezed[count - 1] = ord("\n")
        in_run = True
    return squeezed[:count]


@numba.njit(cache=True, nogil=True)
def without(codes: Any, table: Any, sign: Any) -> Any:  # pragma: no cover  (compiled)
    """Return `codes` without the characters that have `sign` in their number."""
    kept = np.empty(len(codes), np.uint32)
    count = 0
    for i in range(len(codes)):
        kept[count] = codes[i]
        count += table[codes[i]] & np.uint64(sign) == 0
    return kept[:count]

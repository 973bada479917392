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

MIXED, IMITATION, TWINS, STYLE = 1, 2, 4, 8
"""Letters of two alphabets side by side; a word of look-alikes only; a Latin word that could be a Cyrillic one; letters
nobody types."""
MARKED, PARTED, SPELLED, LEETED, REPEATED, SPACED = 16, 32, 64, 128, 256, 512
"""Odd marks; a sign between letters; letters each on its own; a digit or sign beside a letter; a letter three times;
letters each between blanks."""
LATIN_TEXT, CYRILLIC_TEXT, NO_OTHER_ALPHABET = 1024, 2048, 4096
"""What most of the text is, or both neighbours are; no letter of the text is plainly of another alphabet."""

KIND = 31
"""The bits of the kind."""
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
_MAX_GAP = 3
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
def _flags(codes: Any, start: Any, end: Any, table: Any) -> Any:  # pragma: no cover  (compiled)
    """Return what makes ``codes[start:end]`` a suspect."""
    flag = 0
    group = gap = alone = same = 0
    quoted = False
    before = np.int64(BLANK)
    last: Any = np.int64(-1)
    for i in range(start, end):
        code = np.int64(codes[i])
        k = np.int64(table[codes[i]]) & KIND
        if LATIN <= k <= SINGLE:
            if k == STYLED:
                flag |= STYLE
            elif (k == LATIN and before in (LOOK, FOREIGN)) or (k in (LOOK, FOREIGN) and before in (LATIN, STYLED)):
                flag |= MIXED
            if before in (DIGIT, LEET):
                flag |= LEETED
            if gap == 0 and group > 0:
                group += 1
                alone = 0
            else:
                if 0 < gap <= _MAX_GAP and group > 0:
                    if not quoted and k != SINGLE:
                        flag |= PARTED
                    alone = alone + 1 if group == 1 else 0
                    if alone >= 2:
                        flag |= SPELLED
                else:
                    alone = 0
                group = 1
            gap = 0
            quoted = False
            same = same + 1 if (code | 32) == last and k != SINGLE else 0
            last = code | 32
            if same >= 2:
                flag |= REPEATED
        elif k == DIGIT:
            if LATIN <= before <= FOREIGN:
                flag |= LEETED
            if gap == 0 and group > 0:
                group += 1
            else:
                group = 1
            gap = 0
            last = -1
        elif k in (SEPARATOR, SYMBOL, LEET, QUOTE):
            gap += 1
            quoted = quoted or k == QUOTE
            last = -1
        else:
            last = -1
            if k == OVERLAY or (k == DIACRITIC and before == DIACRITIC):
                flag |= MARKED
            elif k == NUMBER:
                flag |= STYLE
            if k != DIACRITIC and k != OVERLAY:
                group = gap = alone = 0
                quoted = False
        before = k
    return flag


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
                while j > blank and i - j <= _MAX_GAP and SEPARATOR <= np.int64(table[codes[j]]) & KIND <= QUOTE:
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
            flag = _flags(codes, blank + 1, i, table)
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
def whole_words(codes: Any, table: Any, twins: Any) -> Any:  # pragma: no cover  (compiled)
    """Return rows of start, end and flags of what may be words of one alphabet in the letters of another.

    The first row counts the letters: Latin, look-alike and plainly of another alphabet.
    """
    n = len(codes)
    found = np.zeros((n // 2 + 3, 4), np.int32)  # the last column: what stands before, and four times what after
    count = 1
    start = -1
    side_before = 0
    waiting = 0
    latin = look = foreign = n_latin = n_look = n_foreign = 0
    twin: Any = True
    for i in range(n):
        code = np.int64(codes[i])
        k = np.int64(table[codes[i]]) & KIND
        if k > NEWLINE:
            if start < 0:
                start = i
                latin = look = foreign = 0
                twin = True
            latin += k == LATIN
            look += k == LOOK
            foreign += k == FOREIGN
            twin &= k != LATIN or (code < 128 and twins[code])
            continue
        if start >= 0 and latin + look + foreign > 0:
            side = 1 if latin > look + foreign else 2
            found[waiting, 3] |= 4 * side
            waiting = 0
            flag = 0
            if look and not latin:
                flag = IMITATION
            elif latin > 2 and twin and not look and not foreign:
                flag = TWINS
            if flag:
                found[count, 0], found[count, 1], found[count, 2], found[count, 3] = start, i, flag, side_before
                waiting = count
                count += 1
            side_before = side
            n_latin += latin
            n_look += look
            n_foreign += foreign
        start = -1
    kept = 1
    for j in range(1, count):
        imitation = found[j, 2] == IMITATION
        if imitation and (n_latin > n_look + n_foreign or found[j, 3] == 5):
            flag = IMITATION | LATIN_TEXT
        elif not imitation and (n_latin < n_look + n_foreign or found[j, 3] == 10):
            flag = TWINS | CYRILLIC_TEXT
        else:
            continue
        found[kept, 0], found[kept, 1], found[kept, 2] = found[j, 0], found[j, 1], flag
        kept += 1
    found[0, 0], found[0, 1], found[0, 2] = n_latin, n_look, n_foreign
    return found[:kept, :3]


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

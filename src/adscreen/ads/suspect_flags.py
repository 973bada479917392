"""What makes a stretch of text a suspect of hiding a word: compiled, for `adscreen.ads.search_kernels`."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from adscreen.ads.lookalikes import (
    BLANK,
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
MAX_GAP = 3


@numba.njit(cache=True, nogil=True)
def flags_of(codes: Any, start: Any, end: Any, table: Any) -> Any:  # pragma: no cover  (compiled)
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
                if 0 < gap <= MAX_GAP and group > 0:
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

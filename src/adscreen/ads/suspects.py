"""Where a disguised word may stand: one compiled pass over the characters, so that a plain ad costs microseconds.

Nothing is decided here. A stretch between blanks is a suspect if it holds what disguises are made of, and most suspects
turn out to be ordinary ("part-time", "10am"): `adscreen.ads.disguises` looks at them one by one.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

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
    TABLE_SIZE,
    cyrillic_twins,
    kinds,
)

MIXED, IMITATION, TWINS, STYLE = 1, 2, 4, 8
"""Letters of two alphabets side by side; a word of look-alikes only; a Latin word that could be a Cyrillic one; letters
nobody types."""
MARKED, PARTED, SPELLED, LEETED, REPEATED, SPACED = 16, 32, 64, 128, 256, 512
"""Odd marks; a sign between letters; letters each on its own; a digit or sign beside a letter; a letter three times;
letters each between blanks."""
LATIN_TEXT, CYRILLIC_TEXT, NO_OTHER_ALPHABET = 1024, 2048, 4096
"""What most of the text is, or both neighbours are; no letter of the text is plainly of another alphabet."""

_COUNTED = [LATIN, LOOK, FOREIGN]
_SURE, _IF_PARTED, _IF_SPELLED = 1, 2, 3
_MAX_GAP = 3
_N_KINDS = 17


@cache
def _pairs() -> NDArray[np.uint8]:
    """Return for two kinds in a row, at ``32 * first + second``, whether they make their stretch a suspect."""
    table = np.zeros(32 * 32, np.uint8)
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
def _kind(code: Any, kind: Any) -> Any:  # pragma: no cover  (compiled)
    if code < TABLE_SIZE:
        return kind[code]
    return np.uint8(SINGLE if code < 0x40000 else BREAK)


@numba.njit(cache=True, nogil=True)
def _flags(codes: Any, start: Any, end: Any, kind: Any) -> Any:  # pragma: no cover  (compiled)
    """Return what makes ``codes[start:end]`` a suspect."""
    flag = 0
    group = gap = alone = same = 0
    quoted = False
    before = np.uint8(BLANK)
    last: Any = np.int64(-1)
    for i in range(start, end):
        code = np.int64(codes[i])
        k = _kind(code, kind)
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
def _suspects(codes: Any, kind: Any, pairs: Any) -> Any:  # pragma: no cover  (compiled)
    """Return rows of start, end and flags; the first tells whether there are Latin and other letters.

    No row at all if there is no suspect and one alphabet. `codes` end with a line break. One array, because each
    that is handed back to Python costs half a microsecond.
    """
    n = len(codes)
    found = np.empty((2 * n // 3 + 4, 3), np.int32)
    count = 1
    n_latin = n_other = 0
    blank: Any = -1
    hit = False
    before = np.int64(BLANK)
    last: Any = np.int64(-1)
    run_start: Any = 0
    run_end: Any = 0
    run_letters = 0
    i: Any = np.int64(-1)
    while i + 1 < n:
        i += 1
        code = np.int64(codes[i])
        k = np.int64(_kind(code, kind))
        if k > NEWLINE:
            n_latin += k == LATIN
            n_other += k in (LOOK, FOREIGN)
            pair = pairs[before * 32 + k]
            if pair:
                if pair == _SURE:
                    hit = True
                else:
                    j = i - 1  # back over the signs to what they part
                    while j > blank and i - j <= _MAX_GAP and SEPARATOR <= _kind(np.int64(codes[j]), kind) <= QUOTE:
                        j -= 1
                    if j > blank and LATIN <= _kind(np.int64(codes[j]), kind) <= DIGIT:
                        hit |= pair == _IF_PARTED or j - 1 == blank or _kind(np.int64(codes[j - 1]), kind) > DIGIT
            if code == last and LATIN <= k <= FOREIGN and i > 1 and np.int64(codes[i - 2]) | 32 == code | 32:
                hit = True
            last = code
            if LATIN <= k <= SINGLE:
                # The rest of the word, at a third of the time: indices without a sign need no check for being negative.
                at = np.uint64(i + 1)
                other = k in (LOOK, FOREIGN)  # these take turns in any Cyrillic word
                while at < np.uint64(n):
                    following = np.uint32(codes[at])
                    if following == np.uint32(last) or following >= np.uint32(TABLE_SIZE):
                        break
                    its = kind[following]
                    if not ((its == k) | (other & ((its == LOOK) | (its == FOREIGN)))):
                        break
                    last = np.int64(following)
                    at += np.uint64(1)
                i = np.int64(at) - 1
        else:
            width = i - blank - 1
            ends_run = k == NEWLINE
            if hit:
                hit = False
                flag = _flags(codes, blank + 1, i, kind)
                if flag:
                    found[count, 0], found[count, 1], found[count, 2] = blank + 1, i, flag
                    count += 1
            # A letter alone, or with a sign, goes on with the run; a sign or digit alone may stand between its letters.
            if width > 3:
                ends_run = True
                # The last letter may have what follows stuck to it ("s.Apply"), as the first may have what goes before.
                if run_letters > 1 and LATIN <= _kind(np.int64(codes[blank + 1]), kind) <= FOREIGN:
                    after = _kind(np.int64(codes[blank + 2]), kind)
                    if after == BREAK or SEPARATOR <= after <= QUOTE:
                        run_letters += 1
                        run_end = blank + 2
            elif width > 0:
                letters = 0
                for j in range(blank + 1, i):
                    it = _kind(np.int64(codes[j]), kind)
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
                    count += 1
                run_letters = 0
                if k == BLANK and width > 3 and LATIN <= before <= FOREIGN:
                    ahead = _kind(np.int64(codes[i - 2]), kind)
                    if ahead == BREAK or SEPARATOR <= ahead <= QUOTE:
                        run_start = i - 1
                        run_letters = 1
                        run_end = i
            blank = i
            last = -1
        before = k
    both = n_latin > 0 and n_other > 0
    if count == 1 and not both:
        count = 0
    found[0, 0] = both
    return found[:count]


@numba.njit(cache=True, nogil=True)
def _whole_words(codes: Any, kind: Any, twins: Any) -> Any:  # pragma: no cover  (compiled)
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
        k = _kind(code, kind)
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


def suspects(text: str) -> list[tuple[int, int, int]]:
    """Return the stretches of `text` that may be disguised.

    Returns
    -------
    list of (int, int, int)
        Start, end and flags, in order of start; where two begin together, the longer first. They may overlap.
    """
    codes: NDArray[np.uint8] | NDArray[np.uint32]
    if text.isascii():
        codes = np.frombuffer((text + "\n").encode("ascii"), np.uint8)
    else:
        codes = np.frombuffer((text + "\n").encode("utf-32-le", "surrogatepass"), np.uint32)
    rows = _suspects(codes, kinds(), _pairs())
    if not len(rows):
        return []
    (both, _, _), *found = rows.tolist()
    if not both:
        # Without a second alphabet it does not matter what most of the text is.
        context = LATIN_TEXT | NO_OTHER_ALPHABET
        suspected = [(start, end, flag | context) for start, end, flag in found]
    else:
        (n_latin, n_look, n_foreign), *words = _whole_words(codes, kinds(), cyrillic_twins()).tolist()
        alone = NO_OTHER_ALPHABET * (n_foreign == 0)
        context = alone | (LATIN_TEXT if n_latin > n_look + n_foreign else CYRILLIC_TEXT)
        suspected = [(start, end, flag | context) for start, end, flag in found]
        suspected += [(start, end, flag | alone) for start, end, flag in words]
    if len(suspected) > 1:
        suspected.sort(key=_by_start)
    return suspected


def _by_start(suspect: tuple[int, int, int]) -> tuple[int, int, int]:
    start, end, flags = suspect
    return start, -end, -(flags & SPACED)

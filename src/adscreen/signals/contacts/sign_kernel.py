"""The compiled look at the characters of many texts that spares most of them the search for contacts.

One pass notes where anything could begin that a contact is made of; the second looks closer at those places only.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

DIGIT, HIDDEN_DIGIT, CHINESE_DIGIT, LETTER, FIRST, ALONE, SIGN = (1 << bit for bit in range(7))
"""Of a character: its class in `adscreen.signals.contacts.skeleton`; an ASCII letter; the first of a name; a name by
itself; one of ``. : @ _ +``."""

NAMED, AT, UNDERSCORE, SCHEME, WWW, TWO_HIDDEN, CHINESE, DIALS = (1 << bit for bit in range(8))
"""What a text has: perhaps the name of a messenger; ``@``; ``_``; ``://``; ``www.``; two hidden digits in a row; so
many Chinese digits in a row that they may be a number; perhaps a dialling code with + or 00, or an end that is not
read."""

PLAIN_DOT, DOT, RUN, DATE, HIDDEN_RUN = range(5)
"""What a row is of: a dot that letters of one case follow, and no others; another dot before two letters; a run of
digits; one that is a date, unless a messenger's name stands beside it; one that begins with a hidden digit."""

EXACT, INFLECTED = 1, 2
"""Of a name: only as written, in capitals; may go on in letters."""

MAX_CANDIDATES = 2000
"""Runs of digits looked at in one text: hostile texts have millions."""
MIN_DIGITS = 7
"""Digits of the shortest number none of which is hidden."""
MIN_CHINESE = 7
LAST_CODE = 0xFFFF
"""Characters beyond are nothing to the tables, as is this one."""
PAIR_BITS = 13
_FEWEST, _MOST, _MOST_HIDDEN = 4, 200, 20
_AHEAD = 5


@numba.njit(cache=True, nogil=True, inline="always")
def pair_number(first: Any, second: Any) -> Any:  # pragma: no cover  (compiled)
    """Return where the names are listed that begin with these two code points, ASCII letters in lower case."""
    return (np.int64(first) * 2053 + np.int64(second) * 31) & ((1 << PAIR_BITS) - 1)


@numba.njit(cache=True, nogil=True, inline="always")
def _lower(code: Any) -> Any:  # pragma: no cover  (compiled)
    return code | 32 if 65 <= code <= 90 else code


@numba.njit(cache=True, nogil=True, inline="always")
def _is_letter(code: Any) -> Any:  # pragma: no cover  (compiled)
    return 97 <= code | 32 <= 122


@numba.njit(cache=True, nogil=True)
def _has_name(
    codes: Any, at: Any, past: Any, first_name: Any, past_name: Any, letters: Any, bounds: Any, marks: Any
) -> Any:  # pragma: no cover  (compiled)
    """Return whether a name from `first_name` to ``past_name - 1`` begins at `at`, and ends where a word may end."""
    for name in range(first_name, past_name):
        first = bounds[name]
        size = bounds[name + 1] - first
        if at + size > past:
            continue
        same = True
        for k in range(size):
            code = codes[at + k]
            if (code if marks[name] & EXACT else _lower(code)) != letters[first + k]:
                same = False
                break
        end = at + size
        if same and (
            marks[name] & INFLECTED or end == past or not (_is_letter(codes[end]) and _is_letter(codes[end - 1]))
        ):
            return True
    return False


@numba.njit(cache=True, nogil=True)
def _end_of_run(
    codes: Any, at: Any, past: Any, classes: Any, widest: Any, most: Any, bracket: Any
) -> Any:  # pragma: no cover  (compiled)
    """Return where the run of digits that begins at `at` ends, `at` if it is none, and how many digits follow."""
    end = at + 1
    count = 0
    while count < most:
        i = end
        while i < past and i - end <= widest:
            its_class = classes[min(codes[i], LAST_CODE)]
            if not (its_class in (32, 46, 45, 40, 41) or (bracket and its_class == 47)):
                break
            i += 1
        if i == past or i - end > widest or classes[min(codes[i], LAST_CODE)] not in (48, 120):
            break
        end = i + 1
        count += 1
    return (end if count >= _FEWEST else at), count


@numba.njit(cache=True, nogil=True)
def _dot(codes: Any, start: Any, at: Any, past: Any) -> Any:  # pragma: no cover  (compiled)
    """Return `PLAIN_DOT`, `DOT`, or -1 for a dot that is in no host: two letters follow in one, and a part precedes."""
    if at + 2 >= past or not (_is_letter(codes[at + 1]) and _is_letter(codes[at + 2])) or at == start:
        return -1
    before = codes[at - 1]
    if not (_is_letter(before) or 48 <= before <= 57 or before in (45, 46)):
        return -1
    i = at + 1
    while i < past and i < at + 26 and _is_letter(codes[i]):
        if (codes[i] ^ codes[at + 1]) & 32:
            return DOT
        i += 1
    return PLAIN_DOT if i - at - 1 <= 24 else DOT


@numba.njit(cache=True, nogil=True)
def _may_dial(codes: Any, at: Any, past: Any) -> Any:  # pragma: no cover  (compiled)
    """Return whether in the digits that begin at `at` there is 00, and then seven digits that do not begin with 0."""
    while at + 2 < past and 48 <= codes[at] <= 57:
        if codes[at] == 48 and codes[at + 1] == 48 and 49 <= codes[at + 2] <= 57:
            i = at + 2
            for _ in range(7):
                i += i < past and codes[i] in (32, 45)
                if i >= past or (codes[i] < 128 and not 48 <= codes[i] <= 57):
                    break
                if codes[i] >= 128:  # a digit of another script, or not: let it be looked at
                    return True
                i += 1
            else:
                return True
        at += 1
    return False


@numba.njit(cache=True, nogil=True)
def _is_date(codes: Any, start: Any, at: Any, end: Any) -> Any:  # pragma: no cover  (compiled)
    """Return whether ``codes[at:end]`` is a date such as 2024-11-30 or 30.11.2024, and no plus stands before it."""
    if end - at != 10:
        return False
    for i in range(max(start, at - 3), at):
        if codes[i] not in (32, 40) and not _is_letter(codes[i]) and codes[i] != 58:
            return False
    year_first = codes[at + 4] < 48
    first_sign, last_sign = (at + 4, at + 7) if year_first else (at + 2, at + 5)
    for i in range(at, end):
        if i in (first_sign, last_sign):
            if codes[i] not in (45, 46, 47):
                return False
        elif not 48 <= codes[i] <= 57:
            return False
    year, other, third = (at, at + 5, at + 8) if year_first else (at + 6, at, at + 3)
    of_century = (codes[year] == 49 and codes[year + 1] == 57) or (codes[year] == 50 and codes[year + 1] == 48)
    return of_century and codes[other] <= (49 if year_first else 51) and codes[third] <= 51


@numba.njit(cache=True, nogil=True)
def _more(rows: Any) -> Any:  # pragma: no cover  (compiled)
    return np.concatenate((rows, np.empty_like(rows)))


@numba.njit(cache=True, nogil=True)
def find_signs(
    codes: Any,
    texts: Any,
    max_chars: Any,
    kinds: Any,
    classes: Any,
    of_pair: Any,
    letters: Any,
    bounds: Any,
    marks: Any,
) -> Any:  # pragma: no cover  (compiled)
    """Return what each text has, and rows of text, what it is, start and end; see `adscreen.signals.contacts.signs`."""
    n_texts = len(texts) - 1
    seen = np.zeros(n_texts, np.int64)
    rows = np.empty((64 + n_texts, 4), np.int64)
    n_rows = 0
    longest = 0
    for text in range(n_texts):
        longest = max(longest, min(texts[text + 1] - texts[text], max_chars))
    places = np.empty(longest + 1, np.int32)
    for text in range(n_texts):
        start = texts[text]
        past = min(texts[text + 1], start + max_chars)
        has = DIALS if texts[text + 1] > past else 0
        n_places = np.uint64(0)
        before = np.int64(0)
        for i in range(start, past):
            kind = np.int64(kinds[min(codes[i], LAST_CODE)])
            # Written in any case and kept by counting on: a jump for each could not be foretold.
            places[n_places] = i - start
            begins = kind & (HIDDEN_DIGIT | CHINESE_DIGIT | ALONE | SIGN) | kind & ~before & DIGIT
            # No name begins within a word of ASCII letters.
            begins |= kind & FIRST & ~((kind & before & LETTER) << 1)
            n_places += np.uint64(begins != 0)
            before = kind
        # Of the places where a word begins, only those stay whose first two characters begin a name.
        n_seen, n_places = n_places, np.uint64(0)
        for place in range(n_seen):
            offset = places[np.uint64(place)]
            i = start + offset
            pair = pair_number(_lower(codes[i]), _lower(codes[min(i + 1, past - 1)]))
            places[n_places] = offset
            stays = np.int64(kinds[min(codes[i], LAST_CODE)]) & ~(FIRST | LETTER) != 0
            n_places += np.uint64(stays | (of_pair[pair] != of_pair[pair + 1]))
        chinese = 0
        n_runs = 0
        done = start
        for place in range(n_places):
            i = start + places[np.uint64(place)]
            kind = np.int64(kinds[min(codes[i], LAST_CODE)])
            if n_rows + 2 > len(rows):
                rows = _more(rows)
            if kind & ALONE:
                has |= NAMED
            if kind & FIRST and not has & NAMED and i + 1 < past:
                pair = pair_number(_lower(codes[i]), _lower(codes[i + 1]))
                name, past_name = of_pair[pair], of_pair[pair + 1]
                if name < past_name and _has_name(codes, i, past, name, past_name, letters, bounds, marks):
                    has |= NAMED
            if kind & DIGIT:
                if _may_dial(codes, i, past):
                    has |= DIALS
                at = i
                while at >= done and n_runs < MAX_CANDIDATES:
                    near = at + 1
                    while near < past and near <= at + _AHEAD:
                        if classes[min(codes[near], LAST_CODE)] not in (48, 120, 32, 46, 45, 40, 41, 47):
                            break
                        near += 1
                    if near <= at + _AHEAD:
                        break
                    end, count = _end_of_run(codes, at, past, classes, 3, _MOST, True)
                    if end == at:
                        break
                    n_runs += 1
                    n_digits, n_hidden = 0, 0
                    for j in range(at, end):
                        its_class = classes[min(codes[j], LAST_CODE)]
                        n_digits += its_class == 48
                        n_hidden += its_class == 120
                    # Most runs have too few digits for a number however they are parted.
                    if n_digits >= MIN_DIGITS or n_hidden > 0:
                        if n_rows + 2 > len(rows):
                            rows = _more(rows)
                        rows[n_rows, 0], rows[n_rows, 1] = text, DATE if _is_date(codes, start, at, end) else RUN
                        rows[n_rows, 2], rows[n_rows, 3] = at - start, end - start
                        n_rows += 1
                    done = end
                    if count < _MOST or end == past or classes[min(codes[end], LAST_CODE)] != 48:
                        break
                    at = end
            elif kind & HIDDEN_DIGIT:
                if i + 1 < past and kinds[min(codes[i + 1], LAST_CODE)] & HIDDEN_DIGIT:
                    has |= TWO_HIDDEN
            elif kind & CHINESE_DIGIT:
                follows = place > 0 and places[np.uint64(place - 1)] + start == i - 1
                chinese = chinese + 1 if follows and chinese > 0 else 1
                if chinese >= MIN_CHINESE:
                    has |= CHINESE
                continue
            elif kind & SIGN:
                code = codes[i]
                if code == 64:
                    has |= AT
                elif code == 95:
                    has |= UNDERSCORE
                elif code == 43:
                    after = i + 2 if i + 1 < past and codes[i + 1] == 32 else i + 1
                    if after < past and 49 <= codes[after] <= 57:
                        has |= DIALS
                elif code == 58:
                    if i + 2 < past and codes[i + 1] == 47 and codes[i + 2] == 47:
                        has |= SCHEME
                else:
                    if i - start >= 3 and codes[i - 1] == 119 and codes[i - 2] == 119 and codes[i - 3] | 32 == 119:
                        has |= WWW
                    its_kind = _dot(codes, start, i, past)
                    if its_kind >= 0:
                        rows[n_rows, 0], rows[n_rows, 1] = text, its_kind
                        rows[n_rows, 2], rows[n_rows, 3] = i - start, i - start + 1
                        n_rows += 1
            chinese = 0
        if has & TWO_HIDDEN:
            done = start
            for place in range(n_places):
                i = start + places[np.uint64(place)]
                if i < done or not kinds[min(codes[i], LAST_CODE)] & HIDDEN_DIGIT:
                    continue
                end, _ = _end_of_run(codes, i, past, classes, 2, _MOST_HIDDEN, False)
                if end == i:
                    continue
                done = end
                if i == start or classes[min(codes[i - 1], LAST_CODE)] not in (48, 35):
                    if n_rows + 2 > len(rows):
                        rows = _more(rows)
                    rows[n_rows, 0], rows[n_rows, 1] = text, HIDDEN_RUN
                    rows[n_rows, 2], rows[n_rows, 3] = i - start, end - start
                    n_rows += 1
                    n_runs += 1
                if n_runs >= 2 * MAX_CANDIDATES:
                    break
        seen[text] = has
    return seen, rows[:n_rows]

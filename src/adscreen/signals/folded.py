"""A text as phrases are looked up in it: folded tokens with one blank between them, and the way back.

``"Free VISA!  Lương 3.000$"`` reads ``" free visa \\n luong 3 000 "``: unlike the tokens that are hashed, it keeps its
digits, those of any script as 0 to 9, for an age of 16 is not one of 40. A line feed stands where a sentence, a
line or a field ends, so that no phrase reaches from one into the next.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.signals.abbreviations import is_abbreviated, load_abbreviations
from adscreen.signals.normal_form import in_normal_form
from adscreen.signals.tokens import Texts, composed_with_offsets, lay_out
from adscreen.signals.unicode_table import (
    BOUNDARY,
    FOLD_BITS,
    KIND_SHIFT,
    MARK,
    SEPARATOR,
    SINGLE,
    WORD,
    fold_of,
    load_pairs,
    load_table,
)

_BLANK = np.uint32(0x20)
_BREAK = np.uint32(0x0A)
_ZERO = np.uint32(0x30)
_ENDS = np.array(sorted(map(ord, "!?\n\r…。！？；।॥။៕؟۔።;")), np.uint32)
"""Characters that end a sentence wherever they stand; a full stop does before a blank only ("T.e.l", "3.000")."""


class Folded(NamedTuple):
    """A folded text.

    Attributes
    ----------
    codes : ndarray of uint32
        The code points of the folded text: it starts and ends with a blank; empty if there are no tokens.
    places : ndarray of int32, shape (n_tokens,)
        Where each token starts in the folded text.
    sentences : ndarray of int32, shape (n_tokens,)
        Number of the sentence that each token is in.
    clauses : ndarray of int32, shape (n_tokens,)
        Number of the clause, the part of a sentence up to a comma, that each token is in.
    starts, ends : ndarray of int32, shape (n_tokens,)
        Where each token stands in the text given.
    """

    codes: NDArray[np.uint32]
    places: NDArray[np.int32]
    sentences: NDArray[np.int32]
    clauses: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    @property
    def text(self) -> str:
        """The folded text."""
        return self.codes.astype("<u4").tobytes().decode("utf-32-le", "replace")

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return where the tokens ``first`` to ``last - 1`` stand in the text given."""
        return int(self.starts[first]), int(self.ends[last - 1])


class FoldedTexts(NamedTuple):
    """Some texts folded into the same arrays, one behind the other: what reads all of them is called once.

    Attributes
    ----------
    folded : Folded
        Of all texts. `places` count from the beginning of all codes, `starts` and `ends` from that of their own text,
        and no sentence reaches from one text into the next.
    tokens, letters : ndarray of int64, shape (n_texts + 1,)
        The tokens of text ``i`` are ``tokens[i]`` to ``tokens[i + 1] - 1``; `letters` does the same for codes.
    """

    folded: Folded
    tokens: NDArray[np.int64]
    letters: NDArray[np.int64]

    def text(self, i: int) -> Folded:
        """Return what `fold_text` makes of text `i`."""
        if len(self.tokens) == 2:
            return self.folded  # of the only text: all counts are its own
        first, past = self.tokens[i : i + 2].tolist()
        low, high = self.letters[i : i + 2].tolist()
        codes, places, sentences, clauses, starts, ends = self.folded
        places, sentences, clauses = places[first:past] - np.int32(low), sentences[first:past], clauses[first:past]
        sentences, clauses = sentences - sentences[:1], clauses - clauses[:1]
        return Folded(codes[low:high], places, sentences, clauses, starts[first:past], ends[first:past])


@numba.njit(cache=True, nogil=True)
def _fold(
    codes: NDArray[np.uint32],
    texts: NDArray[np.int64],
    table: NDArray[np.uint32],
    zeros: NDArray[np.uint32],
    ends_sentence: NDArray[np.uint32],
    abbreviations: NDArray[np.uint64],
    must_follow: NDArray[np.int8],
) -> tuple[
    NDArray[np.uint32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32],
    NDArray[np.int64], NDArray[np.int64],
]:  # fmt: skip  # pragma: no cover  (compiled)
    """Fold ``codes[texts[i]:texts[i + 1]]`` for all ``i``; return the attributes of `FoldedTexts`."""
    n_texts = len(texts) - 1
    # A token gives at least one character and a blank; a break two more.
    out = np.empty(4 * len(codes) + 4 * n_texts, np.uint32)
    places = np.empty(len(codes), np.int32)
    sentences = np.empty(len(codes), np.int32)
    clauses = np.empty(len(codes), np.int32)
    starts = np.empty(len(codes), np.int32)
    ends = np.empty(len(codes), np.int32)
    tokens = np.zeros(n_texts + 1, np.int64)
    letters = np.zeros(n_texts + 1, np.int64)
    size = 0
    count = 0
    sentence = -1
    clause = -1
    for text in range(n_texts):
        begin, past = texts[text], texts[text + 1]
        first_letter = size
        sentence += 1
        clause += 1
        pending_break = False
        pending_clause = False
        first_count = count
        i = begin
        while i < past:
            code = codes[i]
            entry = table[code]
            kind = entry >> KIND_SHIFT & 7
            if kind in (SEPARATOR, BOUNDARY):
                if kind == BOUNDARY:
                    pending_break = True
                elif code == 0x2E:
                    if i + 1 == past or codes[i + 1] <= 0x20:
                        ahead = i + 1
                        while ahead < past and codes[ahead] == _BLANK:
                            ahead += 1
                        following = codes[ahead] if ahead < past else np.uint32(0)
                        word = count - 1
                        if count > first_count and ends[word] + begin == i:
                            # "z.B." is one word in two tokens.
                            while (
                                word > first_count
                                and starts[word] == ends[word - 1] + 1
                                and (codes[begin + ends[word - 1]] == 0x2E)
                            ):
                                word -= 1
                            if not is_abbreviated(out, places[word], size, following, abbreviations, must_follow):
                                pending_break = True
                        else:
                            pending_break = True
                elif code != _BLANK:
                    for mark in ends_sentence:
                        if code == mark:
                            pending_break = True
                    comma = code in (0x2C, 0x60C, 0xFF0C)
                    if comma and not (i + 1 < past and 0x30 <= codes[i + 1] <= 0x39):
                        # "1,000" is one number; "、" joins the items of a list and ends no clause.
                        pending_clause = True
                i += 1
                continue
            out[size] = _BLANK
            size += 1
            if size - first_letter > 1 and pending_break:
                out[size] = _BREAK
                out[size + 1] = _BLANK
                size += 2
                sentence += 1
            if count > first_count and (pending_break or pending_clause):
                clause += 1
            pending_break = pending_clause = False
            places[count] = size
            sentences[count] = sentence
            clauses[count] = clause
            starts[count] = i - begin
            goes_on = WORD if kind != SINGLE else MARK
            while True:
                plain = entry & FOLD_BITS
                if plain == _ZERO:
                    # The digits of every script stand in a row of ten.
                    plain = code if code < 0x80 else code - zeros[np.searchsorted(zeros, code, "right") - 1] + _ZERO
                if plain != 0:
                    out[size] = plain
                    size += 1
                i += 1
                if i == past:
                    break
                code = codes[i]
                entry = table[code]
                kind = entry >> KIND_SHIFT & 7
                if kind not in (goes_on, MARK):
                    break
            ends[count] = i - begin
            count += 1
        if size > first_letter:
            out[size] = _BLANK
            size += 1
        tokens[text + 1] = count
        letters[text + 1] = size
    return (
        out[:size].copy(), places[:count].copy(), sentences[:count].copy(), clauses[:count].copy(),
        starts[:count].copy(), ends[:count].copy(), tokens, letters,
    )  # fmt: skip


@cache
def _zeros() -> NDArray[np.uint32]:
    """Return the zero of every script that has digits, in order."""
    codes = np.flatnonzero(fold_of(load_table()) == _ZERO)
    return np.array([code for code in codes.tolist() if unicodedata.digit(chr(code), 1) == 0], np.uint32)


@numba.njit(cache=True, nogil=True)
def with_zeros(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:  # pragma: no cover  (compiled)
    """Return folded `codes` with 0 for every digit: what a number looks like."""
    shapes = np.empty_like(codes)
    for i in range(len(codes)):
        shapes[i] = _ZERO if codes[i] - _ZERO < 10 and codes[i] >= _ZERO else codes[i]
    return shapes


@numba.njit(cache=True, nogil=True)
def _not_surely_composed(
    codes: NDArray[np.uint32], texts: NDArray[np.int64], table: NDArray[np.uint32], pairs: NDArray[np.uint64]
) -> NDArray[np.int64]:  # pragma: no cover  (compiled)
    """Return the numbers of the texts that `in_normal_form` does not know to be in NFC: few."""
    surely = np.zeros(len(texts) - 1, np.bool_)
    for i in range(len(surely)):
        surely[i] = in_normal_form(codes[texts[i] : texts[i + 1]], table, pairs)
    return np.flatnonzero(~surely)


def fold_texts(texts: Sequence[str], laid_out: Texts | None = None) -> FoldedTexts:
    """Fold each of `texts`, as `fold_text` does; `laid_out` spares it to lay them out again."""
    codes, bounds = lay_out(texts) if laid_out is None else laid_out
    origins: dict[int, NDArray[np.int32]] = {}
    doubtful = _not_surely_composed(codes, bounds, load_table(), load_pairs())
    if len(doubtful):
        composed = list(texts)
        for i in doubtful.tolist():
            composed[i], origin = composed_with_offsets(texts[i])
            if origin is not None:
                origins[i] = origin
        if origins:
            codes, bounds = lay_out(composed)
    *arrays, tokens, letters = _fold(codes, bounds, load_table(), _zeros(), _ENDS, *load_abbreviations())
    folded = Folded(*arrays)
    for i, origin in origins.items():
        its_tokens = slice(tokens[i], tokens[i + 1])
        folded.starts[its_tokens] = origin[folded.starts[its_tokens]]
        folded.ends[its_tokens] = origin[folded.ends[its_tokens]]
    return FoldedTexts(folded, tokens, letters)


def fold_text(text: str) -> Folded:
    """Fold `text` for looking up phrases.

    Examples
    --------
    >>> fold_text("Free VISA! 月薪3万").text
    ' free visa \\n 月 薪 3 万 '
    """
    return fold_texts([text]).folded

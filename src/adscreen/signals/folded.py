"""A text as phrases are looked up in it: folded tokens with one blank between them, and the way back.

``"Free VISA!  Lương 3.000$"`` reads ``" free visa \\n luong 3 000 "``: unlike the tokens that are hashed, it keeps its
digits, those of any script as 0 to 9, for an age of 16 is not one of 40. A line feed stands where a sentence, a
line or a field ends, so that no phrase reaches from one into the next.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.signals.tokens import code_points, composed_with_offsets
from adscreen.signals.unicode_table import BOUNDARY, FOLD_BITS, KIND_SHIFT, MARK, SEPARATOR, SINGLE, fold_of, load_table

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
    starts, ends : ndarray of int32, shape (n_tokens,)
        Where each token stands in the text given.
    """

    codes: NDArray[np.uint32]
    places: NDArray[np.int32]
    sentences: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    @property
    def text(self) -> str:
        """The folded text."""
        return self.codes.astype("<u4").tobytes().decode("utf-32-le", "replace")

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return where the tokens ``first`` to ``last - 1`` stand in the text given."""
        return int(self.starts[first]), int(self.ends[last - 1])


@numba.njit(cache=True, nogil=True)
def _fold(
    codes: NDArray[np.uint32],
    table: NDArray[np.uint32],
    zeros: NDArray[np.uint32],
    ends_sentence: NDArray[np.uint32],
) -> tuple[
    NDArray[np.uint32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]
]:  # pragma: no cover  (compiled)
    # A token gives at least one character and a blank; a break two more.
    out = np.empty(4 * len(codes) + 4, np.uint32)
    places = np.empty(len(codes), np.int32)
    sentences = np.empty(len(codes), np.int32)
    sentence = 0
    starts = np.empty(len(codes), np.int32)
    ends = np.empty(len(codes), np.int32)
    size = 0
    count = 0
    in_word = False
    open_token = False
    pending_break = False
    for i in range(len(codes)):
        code = codes[i]
        entry = table[code]
        k = entry >> KIND_SHIFT & 7
        if k in (SEPARATOR, BOUNDARY):
            open_token = False
            if k == BOUNDARY:
                pending_break = True
            elif code == 0x2E:
                if i + 1 == len(codes) or codes[i + 1] <= 0x20:
                    pending_break = True
            else:
                for mark in ends_sentence:
                    if code == mark:
                        pending_break = True
            continue
        if not (open_token and (k == MARK or (in_word and k != SINGLE))):
            if size == 0:
                out[0] = _BLANK
                size = 1
            else:
                out[size] = _BLANK
                size += 1
                if pending_break:
                    out[size] = _BREAK
                    out[size + 1] = _BLANK
                    size += 2
                    sentence += 1
            pending_break = False
            places[count] = size
            sentences[count] = sentence
            starts[count] = i
            count += 1
            open_token = True
            in_word = k != SINGLE
        ends[count - 1] = i + 1
        plain = entry & FOLD_BITS
        if plain == _ZERO:
            # The digits of every script stand in a row of ten.
            plain = code - zeros[np.searchsorted(zeros, code, side="right") - 1] + _ZERO
        if plain != 0:
            out[size] = plain
            size += 1
    if size > 0:
        out[size] = _BLANK
        size += 1
    return (
        out[:size].copy(), places[:count].copy(), sentences[:count].copy(), starts[:count].copy(), ends[:count].copy()
    )  # fmt: skip


@cache
def _zeros() -> NDArray[np.uint32]:
    """Return the zero of every script that has digits, in order."""
    codes = np.flatnonzero(fold_of(load_table()) == _ZERO)
    return np.array([code for code in codes.tolist() if unicodedata.digit(chr(code), 1) == 0], np.uint32)


def fold_text(text: str) -> Folded:
    """Fold `text` for looking up phrases.

    Examples
    --------
    >>> fold_text("Free VISA! 月薪3万").text
    ' free visa \\n 月 薪 3 万 '
    """
    composed, origin = composed_with_offsets(text)
    codes, places, sentences, starts, ends = _fold(code_points(composed), load_table(), _zeros(), _ENDS)
    if origin is not None:
        starts, ends = origin[starts], origin[ends]
    return Folded(codes, places, sentences, starts, ends)

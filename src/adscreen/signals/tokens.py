"""One tokeniser for every language: features, rules and quotes all use these tokens and offsets.

A token is a run of letters, digits and marks. In scripts without spaces (Han, kana, Thai, Lao, Khmer,
Burmese) each letter, with the marks that follow it, is a token of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.signals.unicode_table import BOUNDARY, KIND_SHIFT, MARK, SEPARATOR, SINGLE, fold_of, load_table

_ASCII_RUN = re.compile("[\0-\x7f]+(?=[\0-\x7f])")
"""Composing changes none of these; the last of a run may be composed with what follows."""


class Token(NamedTuple):
    """One token: its folded text (as it is hashed) and where it stands in the text given.

    ``text[start:end]`` is the token as written; `start` and `end` count characters.
    """

    text: str
    start: int
    end: int


class Texts(NamedTuple):
    """A batch of texts in the form the kernels read.

    Attributes
    ----------
    codes : ndarray of uint32
        The code points of all texts, one after the other.
    bounds : ndarray of int64, shape (n_texts + 1,)
        Text ``i`` is ``codes[bounds[i]:bounds[i + 1]]``.
    """

    codes: NDArray[np.uint32]
    bounds: NDArray[np.int64]


def lay_out(texts: Sequence[str]) -> Texts:
    """Lay `texts` out for the kernels as they are."""
    bounds = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in texts], out=bounds[1:])
    return Texts(code_points("".join(texts)), bounds)


def code_points(text: str) -> NDArray[np.uint32]:
    """Return the code points of `text`, shape (len(text),); lone surrogates become separators."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


@numba.njit(cache=True, nogil=True)
def token_spans(
    codes: NDArray[np.uint32],
    table: NDArray[np.uint32],
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:  # pragma: no cover  (compiled)
    """Return the start and end of each token in `codes`, two arrays of int32 of equal length."""
    starts = np.empty(len(codes), np.int32)
    ends = np.empty(len(codes), np.int32)
    count = 0
    in_word = False
    open_token = False
    for i in range(len(codes)):
        k = table[codes[i]] >> KIND_SHIFT & 7
        if k in (SEPARATOR, BOUNDARY):
            open_token = False
            continue
        if open_token and (k == MARK or (in_word and k != SINGLE)):
            ends[count - 1] = i + 1
            continue
        starts[count] = i
        ends[count] = i + 1
        count += 1
        open_token = True
        in_word = k != SINGLE
    return starts[:count].copy(), ends[:count].copy()


def composed_with_offsets(text: str) -> tuple[str, NDArray[np.int32] | None]:
    """Return `text` in NFC and, where that changed it, the offset of each of its characters in `text`.

    Returns
    -------
    composed : str
    origin : ndarray of int32, shape (len(composed) + 1,), or None
        ``origin[i]`` is where character ``i`` of the composed text starts in `text`; the last is the end.
    """
    if unicodedata.is_normalized("NFC", text):
        return text, None
    pieces: list[str] = []
    origin: list[int] = []
    start = 0
    while start < len(text):
        plain = _ASCII_RUN.match(text, start)
        if plain is not None:
            pieces.append(plain[0])
            origin.extend(range(start, plain.end()))
            start = plain.end()
        end = start + 1
        # A safe place to cut: a starter that cannot combine with what stands before it.
        while end < len(text) and not _starts_afresh(text[end]):
            end += 1
        piece = unicodedata.normalize("NFC", text[start:end])
        pieces.append(piece)
        # Within a piece the alignment is proportional: exact at its ends, monotone between them.
        width = end - start
        origin.extend(start + min(j * width // max(len(piece), 1), width - 1) for j in range(len(piece)))
        start = end
    origin.append(len(text))
    return "".join(pieces), np.array(origin, np.int32)


def _starts_afresh(char: str) -> bool:
    if char.isascii():
        return True
    if unicodedata.combining(char) or unicodedata.category(char)[0] == "M":
        return False
    if "\u1160" <= char <= "\u11ff":  # Hangul vowels and finals join the syllable before them
        return False
    # A starter may still decompose into something that begins with a mark.
    return unicodedata.combining(unicodedata.normalize("NFD", char)[0]) == 0


def tokenize(text: str, table: NDArray[np.uint32] | None = None) -> list[Token]:
    """Split `text` into tokens.

    Parameters
    ----------
    text : str
        Any string; NFC and NFD forms of one text give the same token texts.
    table : ndarray of uint32, optional
        See `adscreen.signals.unicode_table`; the shipped table unless given.

    Returns
    -------
    list of Token

    Examples
    --------
    >>> [token.text for token in tokenize("Lương 3.000 USD, 月薪")]
    ['luong', '0', '000', 'usd', '月', '薪']
    """
    table = load_table() if table is None else table
    composed, origin = composed_with_offsets(text)
    codes = code_points(composed)
    starts, ends = token_spans(codes, table)
    # One look-up for the whole text; what does not count is folded to NUL, which no token holds.
    shown = fold_of(table[codes]).astype("<u4").tobytes().decode("utf-32-le")
    texts = [shown[a:b].replace("\0", "") for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    if origin is not None:
        starts, ends = origin[starts], origin[ends]
    return list(map(Token, texts, starts.tolist(), ends.tolist()))

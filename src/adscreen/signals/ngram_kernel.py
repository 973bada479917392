"""The compiled inner loops: from code points to the hashes of tokens, and from those to hashed n-grams.

Two passes, each over small arrays that stay in the nearest cache. Offsets are unsigned throughout: for a signed
one the compiler would ask at each access whether it counts from the end.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.signals.unicode_table import (
    BOUNDARY,
    FOLD_BITS,
    KIND_SHIFT,
    MARK,
    SINGLE,
    WORD,
)

MAX_ORDER = 8
"""The longest n-gram there may be."""
VOCABULARY_SIZE = 2**22
"""Places in the hashed vocabulary of known words: 20 times the words of the training ads, so that an unknown
word is taken for a known one in 1 case of 20."""

_ONE = np.uint64(1)
_MULTIPLY_CODE = np.uint64(0x9E3779B97F4A7C15)
_MULTIPLY_TOKEN = np.uint64(0xD6E8FEB86659FD93)
_SEED = np.uint64(0xCBF29CE484222325)
_STEM_SEED = np.uint64(0x51ED270B27A1F3C5)

_FOLD = np.uint32(FOLD_BITS)
_BOUNDARY = np.uint32(BOUNDARY << KIND_SHIFT)
# Of the classes only WORD and MARK are odd, and only these and SINGLE have one of the two lower bits.
_SINGLE = np.uint32(SINGLE << KIND_SHIFT)
_MARK = np.uint32(MARK << KIND_SHIFT)
_IN_WORD = np.uint32((WORD & MARK) << KIND_SHIFT)
_IN_TOKEN = np.uint32((WORD | SINGLE | MARK) << KIND_SHIFT)

IS_SINGLE = np.uint8(1)
IS_FIRST = np.uint8(2)  # of its field
HAS_STEM = np.uint8(4)


class Tokens(NamedTuple):
    """Room for the tokens of one text, each array with a place for every code point of the longest text.

    Attributes
    ----------
    value : ndarray of uint64
        Hash of the folded token.
    stem : ndarray of uint64
        Hash of its first letters, if it `HAS_STEM`.
    flags : ndarray of uint8
        `IS_SINGLE`, `IS_FIRST`, `HAS_STEM`.
    start, end, stem_end : ndarray of int32
        Where it stands, from the beginning of the text.
    """

    value: NDArray[np.uint64]
    stem: NDArray[np.uint64]
    flags: NDArray[np.uint8]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    stem_end: NDArray[np.int32]


class Ngrams(NamedTuple):
    """Room for the n-grams of one text.

    Attributes
    ----------
    bucket : ndarray of int32
    span : ndarray of int32, shape (n, 2)
        Start and end of each n-gram from the beginning of the text; with no rows, spans are not kept.
    word : ndarray of int32
        The place in the vocabulary of each word and each pair of letters of scripts without spaces.
    """

    bucket: NDArray[np.int32]
    span: NDArray[np.int32]
    word: NDArray[np.int32]


@numba.njit(cache=True, nogil=True)
def room_for(
    length: int, max_words: int, max_chars: int, keep_spans: bool
) -> tuple[Tokens, Ngrams]:  # pragma: no cover  (compiled)
    """Return room for the tokens and n-grams of any text of up to `length` code points."""
    tokens = Tokens(
        np.empty(length, np.uint64),
        np.empty(length, np.uint64),
        np.empty(length, np.uint8),
        np.empty(length, np.int32),
        np.empty(length, np.int32),
        np.empty(length, np.int32),
    )
    # Besides a token's n-grams there is its stem; what does not count is written too, and then over-written.
    most = (max(max_words, max_chars) + 1) * length + 2
    return tokens, Ngrams(
        np.empty(most, np.int32), np.empty((most if keep_spans else 0, 2), np.int32), np.empty(length + 1, np.int32)
    )


@numba.njit(cache=True, nogil=True, error_model="numpy")
def hash_tokens(
    codes: NDArray[np.uint32], start: int, end: int, table: NDArray[np.uint32], stem: int, tokens: Tokens
) -> np.int64:  # pragma: no cover  (compiled)
    """Find and hash the tokens of ``codes[start:end]`` and return their number.

    Parameters
    ----------
    codes : ndarray of uint32
        Code points of a str, so none is beyond the table.
    table : ndarray of uint32
        See `adscreen.signals.unicode_table`.
    stem : int
        Words of more letters get the hash of their first `stem` letters too; 0 for none.
    tokens : Tokens
        Filled from the front.
    """
    first_code, past, stem_letters = np.uint64(start), np.uint64(end), np.uint64(stem)
    i = first_code
    count = np.uint64(0)
    first = IS_FIRST
    while i < past:
        entry = table[codes[i]]
        if not entry & _IN_TOKEN:
            if entry & _BOUNDARY:
                first = IS_FIRST
            i += _ONE
            continue
        token_start = i
        value = _SEED
        if entry & _IN_TOKEN == _SINGLE:
            flags = first | IS_SINGLE
            while True:
                letter = np.uint64(entry & _FOLD)
                if letter:
                    value = (value ^ letter) * _MULTIPLY_CODE
                    value ^= value >> np.uint64(31)
                i += _ONE
                if i >= past:
                    break
                entry = table[codes[i]]
                if entry & _IN_TOKEN != _MARK:
                    break
        else:
            letters = np.uint64(0)
            stem_value = np.uint64(0)
            stem_end = i
            while True:
                letter = np.uint64(entry & _FOLD)
                if letter:
                    if letters == stem_letters:
                        stem_value = value
                        stem_end = i
                    value = (value ^ letter) * _MULTIPLY_CODE
                    value ^= value >> np.uint64(31)
                    letters += _ONE
                i += _ONE
                if i >= past:
                    break
                entry = table[codes[i]]
                if not entry & _IN_WORD:
                    break
            flags = first | (HAS_STEM if letters > stem_letters and stem > 0 else np.uint8(0))
            tokens.stem[count] = stem_value
            tokens.stem_end[count] = np.int32(stem_end - first_code)
        tokens.value[count] = value
        tokens.flags[count] = flags
        tokens.start[count] = np.int32(token_start - first_code)
        tokens.end[count] = np.int32(i - first_code)
        first = np.uint8(0)
        count += _ONE
    return np.int64(count)


@numba.njit(cache=True, nogil=True, inline="always")
def _mixed(value: np.uint64) -> np.uint64:  # pragma: no cover  (compiled)
    value ^= value >> np.uint64(32)
    value *= _MULTIPLY_TOKEN
    value ^= value >> np.uint64(29)
    return value


@numba.njit(cache=True, nogil=True, inline="always")
def _bucket(gram: np.uint64, mask: np.uint64) -> np.int32:  # pragma: no cover  (compiled)
    return np.int32((gram >> np.uint64(20)) & mask)


@numba.njit(cache=True, nogil=True, inline="always")
def _word(gram: np.uint64) -> np.int32:  # pragma: no cover  (compiled)
    return np.int32((gram >> np.uint64(8)) & np.uint64(VOCABULARY_SIZE - 1))


@numba.njit(cache=True, nogil=True, error_model="numpy")
def hash_ngrams(
    tokens: Tokens, n_tokens: int, n_buckets: int, max_words: int, max_chars: int, ngrams: Ngrams
) -> tuple[np.int64, np.int64]:  # pragma: no cover  (compiled)
    """Hash the n-grams that end at each of the first `n_tokens` tokens, shortest first, after its stem.

    Returns
    -------
    n_ngrams, n_words : int
        How much of `ngrams` is filled.
    """
    bucket, span, word = ngrams
    keep_spans = len(span) > 0
    mask = np.uint64(n_buckets - 1)
    count = np.uint64(0)
    n_words = np.uint64(0)
    before = np.uint64(0)
    in_row = 0  # tokens of this field up to this one
    singles = 0  # of those, how many at the end are letters of scripts without spaces
    for token in range(n_tokens):
        t = np.uint64(token)
        flags = tokens.flags[t]
        if flags & IS_FIRST:
            in_row = 0
            singles = 0
        single = flags & IS_SINGLE
        in_row += 1
        singles = singles + 1 if single else 0
        longest = min(in_row, max_words)
        if singles > longest:
            longest = min(singles, max_chars)
        # Whether there is a stem, a word or a pair of words is a coin toss to the processor, which would guess
        # wrongly and start again. So each is written in any case, and counted only if it is one.
        gram = _mixed((tokens.stem[t] + _STEM_SEED) * _MULTIPLY_CODE)  # the seed sets it apart from a whole word
        bucket[count] = _bucket(gram, mask)
        if keep_spans:
            span[count, 0] = tokens.start[t]
            span[count, 1] = tokens.stem_end[t]
        count += np.uint64((flags & HAS_STEM) != 0)
        value = tokens.value[t]
        gram = _mixed(value * _MULTIPLY_CODE)
        bucket[count] = _bucket(gram, mask)
        if keep_spans:
            span[count, 0] = tokens.start[t]
            span[count, 1] = tokens.end[t]
        count += _ONE
        word[n_words] = _word(gram)
        n_words += np.uint64(single == 0)
        gram = _mixed((gram + before) * _MULTIPLY_CODE + _ONE)
        before = value
        word[n_words] = _word(gram)
        n_words += np.uint64((singles > 1) & (longest > 1))
        bucket[count] = _bucket(gram, mask)
        if keep_spans:
            span[count, 0] = tokens.start[t - _ONE] if longest > 1 else 0
            span[count, 1] = tokens.end[t]
        count += np.uint64(longest > 1)
        for n in range(2, longest):
            earlier = np.uint64(token - n)
            gram = _mixed((gram + tokens.value[earlier]) * _MULTIPLY_CODE + np.uint64(n))
            bucket[count] = _bucket(gram, mask)
            if keep_spans:
                span[count, 0] = tokens.start[earlier]
                span[count, 1] = tokens.end[t]
            count += _ONE
    return np.int64(count), np.int64(n_words)

"""Hashed n-grams of tokens: the Numba kernels and the scikit-learn transformer around them.

An n-gram is 1 to `max_words` tokens in a row, or up to `max_chars` in a row where all of them are letters of
scripts without spaces (three Chinese characters say less than three English words). A word of more than `stem`
letters counts by its first `stem` letters too, which brings its inflected and misspelt forms together in any
language. Each is hashed to one of `n_buckets` columns; neither the n-gram nor any text is kept.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.signals.tokens import code_points, composed_with_offsets
from adscreen.signals.unicode_table import (
    BOUNDARY,
    FEATURE_VERSION,
    FIELD_BOUNDARY,
    MARK,
    PAGE,
    SEPARATOR,
    SINGLE,
    load_table,
)

DEFAULT_BUCKETS = 2**20
MAX_ORDER = 8
"""The longest n-gram the kernel can keep in its window."""
VOCABULARY_SIZE = 2**22
"""Places in the hashed vocabulary of known words: 20 times the words of the training ads, so that an unknown
word is taken for a known one in 1 case of 20."""

_MULTIPLY_CODE = np.uint64(0x9E3779B97F4A7C15)
_MULTIPLY_TOKEN = np.uint64(0xD6E8FEB86659FD93)
_SEED = np.uint64(0xCBF29CE484222325)
_STEM_SEED = np.uint64(0x51ED270B27A1F3C5)


class Hashing(NamedTuple):
    """How n-grams are made: part of the model, kept in the bundle.

    Attributes
    ----------
    n_buckets : int
        A power of two.
    max_words : int
        Longest n-gram over words.
    max_chars : int
        Longest n-gram over letters of scripts without spaces; at least `max_words`.
    stem : int
        Longer words count by so many first letters too; 0 for none. Parts of words of 3 to 5 letters did more
        for authored ads in inflected languages, and cost the real ads of EMSCAD 0.07 in average precision.
    """

    n_buckets: int = DEFAULT_BUCKETS
    max_words: int = 2
    max_chars: int = 4
    stem: int = 4
    feature_version: int = FEATURE_VERSION


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


def pack(texts: Sequence[str]) -> Texts:
    """Lay `texts` out for the kernels, each in NFC.

    Raises
    ------
    TypeError
        If an element is not a string; the message names its position.
    """
    try:
        joined = "".join(texts)
    except TypeError:
        wrong = next(i for i, text in enumerate(texts) if not isinstance(text, str))
        kind = type(texts[wrong]).__name__
        raise TypeError(f"texts[{wrong}] is {kind}, not str; join or fill the fields of an ad first") from None
    # Every part of an NFC text is in NFC, so one look at all of them is enough.
    if not unicodedata.is_normalized("NFC", joined):
        texts = [composed_with_offsets(text)[0] for text in texts]
        joined = "".join(texts)
    bounds = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=bounds[1:])
    return Texts(code_points(joined), bounds)


def join_fields(fields: Iterable[str]) -> str:
    """Join the cleaned fields of one ad so that no n-gram crosses from one to the next."""
    return FIELD_BOUNDARY.join(field for field in fields if field)


@numba.njit(cache=True, nogil=True, inline="always")
def _mixed(value: np.uint64) -> np.uint64:  # pragma: no cover  (compiled)
    value ^= value >> np.uint64(32)
    value *= _MULTIPLY_TOKEN
    value ^= value >> np.uint64(29)
    return value


@numba.njit(cache=True, nogil=True)
def hash_ngrams(
    codes: NDArray[np.uint32],
    start: int,
    end: int,
    page: NDArray[np.uint16],
    kind: NDArray[np.uint8],
    fold: NDArray[np.uint32],
    mask: np.uint64,
    max_words: int,
    max_chars: int,
    stem: int,
    buckets: NDArray[np.int32],
    spans: NDArray[np.int32],
    words: NDArray[np.int32],
) -> tuple[int, int, int]:  # pragma: no cover  (compiled)
    """Hash the n-grams of ``codes[start:end]`` into `buckets`.

    Parameters
    ----------
    buckets : ndarray of int32
        Room for `room_for` numbers; filled from the front.
    spans : ndarray of int32, shape (n, 2)
        As `buckets`, filled with the start and end of each n-gram relative to `start`. With no rows, spans
        are not kept.
    words : ndarray of int32
        Room for ``end - start`` numbers; filled with a place in the vocabulary for each word and each pair
        of letters of scripts without spaces.

    Returns
    -------
    n_ngrams, n_tokens, n_words : int
    """
    window_hash = np.zeros(MAX_ORDER, np.uint64)
    window_start = np.zeros(MAX_ORDER, np.int64)
    keep_spans = len(spans) > 0
    newest = 0  # place of the last token in the window, which is a ring
    count = 0
    tokens = 0
    n_words = 0
    in_window = 0  # tokens in a row before this one, since the last field boundary
    singles = 0  # of those, how many at the end are letters of scripts without spaces
    i = start
    while i < end:
        code = codes[i]
        place = np.int64(page[code >> 8]) * PAGE + (code & 255) if code < 0x110000 else np.int64(0)
        k = kind[place]
        if k == SEPARATOR or code >= 0x110000:
            i += 1
            continue
        if k == BOUNDARY:
            in_window = 0
            singles = 0
            i += 1
            continue
        token_start = i
        single = k == SINGLE
        value = _SEED
        stem_value = np.uint64(0)
        stem_end = i
        letters = 0
        while True:
            plain = fold[place]
            if plain != 0:
                if letters == stem:
                    stem_value = value
                    stem_end = i
                value = (value ^ np.uint64(plain)) * _MULTIPLY_CODE
                value ^= value >> np.uint64(31)
                letters += 1
            i += 1
            if i >= end:
                break
            code = codes[i]
            if code >= 0x110000:
                break
            place = np.int64(page[code >> 8]) * PAGE + (code & 255)
            k = kind[place]
            if not (k == MARK or (not single and k != SEPARATOR and k != BOUNDARY and k != SINGLE)):
                break
        tokens += 1
        if stem > 0 and letters > stem and not single:
            # Another seed, so that a stem is not taken for the word of the same letters.
            gram = _mixed((stem_value + _STEM_SEED) * _MULTIPLY_CODE)
            buckets[count] = np.int32((gram >> np.uint64(20)) & mask)
            if keep_spans:
                spans[count, 0] = token_start - start
                spans[count, 1] = stem_end - start
            count += 1
        newest = (newest + 1) & (MAX_ORDER - 1)
        window_hash[newest] = value
        window_start[newest] = token_start
        in_window += 1
        singles = singles + 1 if single else 0
        longest = min(in_window, max_words)
        if singles > longest:
            longest = min(singles, max_chars)
        gram = np.uint64(0)
        for n in range(longest):
            gram = _mixed((gram + window_hash[(newest - n) & (MAX_ORDER - 1)]) * _MULTIPLY_CODE + np.uint64(n))
            buckets[count] = np.int32((gram >> np.uint64(20)) & mask)
            if (n == 0 and not single) or (n == 1 and singles > 1):
                words[n_words] = np.int32((gram >> np.uint64(8)) & np.uint64(VOCABULARY_SIZE - 1))
                n_words += 1
            if keep_spans:
                spans[count, 0] = window_start[(newest - n) & (MAX_ORDER - 1)] - start
                spans[count, 1] = i - start
            count += 1
    return count, tokens, n_words


@numba.njit(cache=True, nogil=True, inline="always")
def room_for(length: int, max_words: int, max_chars: int) -> int:  # pragma: no cover  (compiled)
    """Return how many hashes a text of `length` code points can give at the most."""
    return (max(max_words, max_chars) + 1) * length + 8


@numba.njit(cache=True, nogil=True)
def _count_ngrams(
    codes: NDArray[np.uint32],
    bounds: NDArray[np.int64],
    page: NDArray[np.uint16],
    kind: NDArray[np.uint8],
    fold: NDArray[np.uint32],
    n_buckets: int,
    max_words: int,
    max_chars: int,
    stem: int,
) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:  # pragma: no cover
    """Count hashed n-grams: CSR indices (sorted in each row), data, indptr, and the tokens of each text."""
    n_texts = len(bounds) - 1
    longest = 0
    for row in range(n_texts):
        longest = max(longest, bounds[row + 1] - bounds[row])
    buckets = np.empty(room_for(longest, max_words, max_chars), np.int32)
    words = np.empty(longest + 1, np.int32)
    no_spans = np.empty((0, 2), np.int32)
    capacity = max(1024, len(codes) // 2)
    indices = np.empty(capacity, np.int32)
    data = np.empty(capacity, np.float64)
    indptr = np.zeros(n_texts + 1, np.int64)
    n_tokens = np.zeros(n_texts, np.int64)
    filled = 0
    for row in range(n_texts):
        n, n_tokens[row], _ = hash_ngrams(
            codes, bounds[row], bounds[row + 1], page, kind, fold, np.uint64(n_buckets - 1),
            max_words, max_chars, stem, buckets, no_spans, words,
        )  # fmt: skip
        while filled + n > len(indices):
            indices = np.concatenate((indices, np.empty(len(indices), np.int32)))
            data = np.concatenate((data, np.empty(len(data), np.float64)))
        found = np.sort(buckets[:n])
        for j in range(n):
            if j > 0 and found[j] == found[j - 1]:
                data[filled - 1] += 1.0
            else:
                indices[filled] = found[j]
                data[filled] = 1.0
                filled += 1
        indptr[row + 1] = filled
    return indices[:filled].copy(), data[:filled].copy(), indptr, n_tokens


def count_ngrams(texts: Sequence[str], hashing: Hashing) -> tuple[Any, NDArray[np.int64]]:
    """Count the hashed n-grams of `texts`.

    Returns
    -------
    counts : scipy.sparse.csr_matrix of float64, shape (len(texts), hashing.n_buckets)
    n_tokens : ndarray of int64, shape (len(texts),)
    """
    from scipy import sparse

    packed = pack(texts)
    table = load_table()
    indices, data, indptr, n_tokens = _count_ngrams(
        packed.codes, packed.bounds, table.page, table.kind, table.fold,
        hashing.n_buckets, hashing.max_words, hashing.max_chars, hashing.stem,
    )  # fmt: skip
    shape = (len(texts), hashing.n_buckets)
    return sparse.csr_matrix((data, indices, indptr), shape=shape), n_tokens


def vocabulary(texts: Sequence[str], hashing: Hashing, *, min_ads: int = 2) -> NDArray[np.uint8]:
    """Return which words occur in at least `min_ads` of `texts`, as hashed flags.

    Returns
    -------
    ndarray of uint8, shape (VOCABULARY_SIZE // 8,)
        Bit ``i % 8`` of byte ``i // 8`` is set if place ``i`` is a known word (or pair of letters).
    """
    packed = pack(texts)
    table = load_table()
    counts = np.zeros(VOCABULARY_SIZE, np.int32)
    _count_words(packed.codes, packed.bounds, table.page, table.kind, table.fold, hashing.max_words, counts)
    return np.packbits(counts >= min_ads, bitorder="little")


@numba.njit(cache=True, nogil=True)
def _count_words(
    codes: NDArray[np.uint32],
    bounds: NDArray[np.int64],
    page: NDArray[np.uint16],
    kind: NDArray[np.uint8],
    fold: NDArray[np.uint32],
    max_words: int,
    counts: NDArray[np.int32],
) -> None:  # pragma: no cover  (compiled)
    no_spans = np.empty((0, 2), np.int32)
    for row in range(len(bounds) - 1):
        length = bounds[row + 1] - bounds[row]
        buckets = np.empty(room_for(length, max_words, 2), np.int32)
        words = np.empty(length + 1, np.int32)
        _, _, n_words = hash_ngrams(
            codes, bounds[row], bounds[row + 1], page, kind, fold, np.uint64(1), max_words, 2, 0,
            buckets, no_spans, words,
        )  # fmt: skip
        last = -1
        for word in np.sort(words[:n_words]):
            if word != last:
                counts[word] += 1
                last = word


class NgramSpans(NamedTuple):
    """Every n-gram of one text: its bucket and where it stands.

    Attributes
    ----------
    buckets : ndarray of int32, shape (n,)
    spans : ndarray of int32, shape (n, 2)
        Start and end in characters of the text given.
    """

    buckets: NDArray[np.int32]
    spans: NDArray[np.int32]


def ngram_spans(text: str, hashing: Hashing) -> NgramSpans:
    """Return the bucket and the place of every n-gram of `text`, in reading order of their last token."""
    composed, origin = composed_with_offsets(text)
    codes = code_points(composed)
    table = load_table()
    room = room_for(len(codes), hashing.max_words, hashing.max_chars)
    buckets = np.empty(room, np.int32)
    spans = np.empty((room, 2), np.int32)
    count, _, _ = hash_ngrams(
        codes, 0, len(codes), table.page, table.kind, table.fold, np.uint64(hashing.n_buckets - 1),
        hashing.max_words, hashing.max_chars, hashing.stem, buckets, spans,
        np.empty(len(codes) + 1, np.int32),
    )  # fmt: skip
    spans = spans[:count]
    if origin is not None:
        spans = origin[spans]
    return NgramSpans(buckets[:count].copy(), spans.copy())

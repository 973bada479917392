"""Hashed n-grams of tokens: what they are, and how the texts of a batch are laid out, counted and quoted.

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

from adscreen.signals.ngram_kernel import VOCABULARY_SIZE, hash_ngrams, hash_tokens, room_for
from adscreen.signals.normal_form import in_normal_form
from adscreen.signals.tokens import Texts, code_points, composed_with_offsets
from adscreen.signals.unicode_table import FEATURE_VERSION, FIELD_BOUNDARY, load_pairs, load_table

DEFAULT_BUCKETS = 2**20


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


def pack(texts: Sequence[str], *, first: int = 0) -> Texts:
    """Lay `texts` out for the kernels, each in NFC.

    Parameters
    ----------
    texts : sequence of str
    first : int
        Position of ``texts[0]`` in the batch they are part of, for the error.

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
        raise TypeError(f"texts[{first + wrong}] is {kind}, not str; join or fill the fields of an ad first") from None
    codes = code_points(joined)
    # Every part of an NFC text is in NFC, so one look at all of them is enough.
    if not in_normal_form(codes, load_table(), load_pairs()):
        texts = [unicodedata.normalize("NFC", text) for text in texts]
        codes = code_points("".join(texts))
    bounds = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=bounds[1:])
    return Texts(codes, bounds)


def join_fields(fields: Iterable[str]) -> str:
    """Join the cleaned fields of one ad so that no n-gram crosses from one to the next."""
    return FIELD_BOUNDARY.join(field for field in fields if field)


@numba.njit(cache=True, nogil=True)
def _count_ngrams(
    codes: NDArray[np.uint32],
    bounds: NDArray[np.int64],
    table: NDArray[np.uint32],
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
    tokens, ngrams = room_for(longest, max_words, max_chars, False)
    capacity = max(1024, len(codes) // 2)
    indices = np.empty(capacity, np.int32)
    data = np.empty(capacity, np.float64)
    indptr = np.zeros(n_texts + 1, np.int64)
    n_tokens = np.zeros(n_texts, np.int64)
    filled = 0
    for row in range(n_texts):
        n_tokens[row] = hash_tokens(codes, bounds[row], bounds[row + 1], table, stem, tokens)
        n, _ = hash_ngrams(tokens, n_tokens[row], n_buckets, max_words, max_chars, ngrams)
        while filled + n > len(indices):
            indices = np.concatenate((indices, np.empty(len(indices), np.int32)))
            data = np.concatenate((data, np.empty(len(data), np.float64)))
        found = np.sort(ngrams.bucket[:n])
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
    indices, data, indptr, n_tokens = _count_ngrams(
        packed.codes, packed.bounds, load_table(),
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
    counts = np.zeros(VOCABULARY_SIZE, np.int32)
    _count_words(packed.codes, packed.bounds, load_table(), counts)
    return np.packbits(counts >= min_ads, bitorder="little")


@numba.njit(cache=True, nogil=True)
def _count_words(
    codes: NDArray[np.uint32],
    bounds: NDArray[np.int64],
    table: NDArray[np.uint32],
    counts: NDArray[np.int32],
) -> None:  # pragma: no cover  (compiled)
    longest = 0
    for row in range(len(bounds) - 1):
        longest = max(longest, bounds[row + 1] - bounds[row])
    tokens, ngrams = room_for(longest, 2, 2, False)
    for row in range(len(bounds) - 1):
        n_tokens = hash_tokens(codes, bounds[row], bounds[row + 1], table, 0, tokens)
        _, n_words = hash_ngrams(tokens, n_tokens, 2, 2, 2, ngrams)
        last = -1
        for word in np.sort(ngrams.word[:n_words]):
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
    tokens, ngrams = room_for(len(codes), hashing.max_words, hashing.max_chars, True)
    n_tokens = hash_tokens(codes, 0, len(codes), load_table(), hashing.stem, tokens)
    count, _ = hash_ngrams(tokens, n_tokens, hashing.n_buckets, hashing.max_words, hashing.max_chars, ngrams)
    spans = ngrams.span[:count]
    if origin is not None:
        spans = origin[spans]
    return NgramSpans(ngrams.bucket[:count].copy(), spans.copy())

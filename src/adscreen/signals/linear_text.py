"""The compiled scorer: hash, weigh and sum one text in a single pass, without building a matrix.

It does what ``HashedNgrams -> TfidfTransformer(sublinear_tf=True) -> linear model`` does, to 1e-6; a test
holds the two equal.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.signals.ngrams import Hashing, Texts, hash_ngrams, ngram_spans, pack, room_for
from adscreen.signals.unicode_table import load_table

IDF_STEPS = 16
"""Inverse document frequencies are whole sixteenths, so that one byte holds each: 0 to 15.9."""


class LinearText(NamedTuple):
    """A linear model on TF-IDF of hashed n-grams.

    Attributes
    ----------
    hashing : Hashing
    table : ndarray of float32, shape (n_buckets, 2)
        For each bucket its inverse document frequency and its weight, side by side so that one read from
        memory brings both.
    intercept : float
    vocabulary : ndarray of uint8, shape (VOCABULARY_SIZE // 8,)
        Hashed flags of the words the training ads had; see `adscreen.signals.ngrams.vocabulary`.
    """

    hashing: Hashing
    table: NDArray[np.float32]
    intercept: float
    vocabulary: NDArray[np.uint8]


class TextScores(NamedTuple):
    """What the text model says of each text of a batch; all arrays have shape (n_texts,).

    Attributes
    ----------
    margin : ndarray of float64
        Log-odds before calibration.
    n_tokens : ndarray of int64
    known : ndarray of float64
        Share of the words that the training ads had, 0 to 1; 0 for a text without words.
    """

    margin: NDArray[np.float64]
    n_tokens: NDArray[np.int64]
    known: NDArray[np.float64]


@numba.njit(cache=True, nogil=True)
def _score(
    codes: NDArray[np.uint32],
    bounds: NDArray[np.int64],
    page: NDArray[np.uint16],
    kind: NDArray[np.uint8],
    fold: NDArray[np.uint32],
    table: NDArray[np.float32],
    log_counts: NDArray[np.float64],
    max_words: int,
    max_chars: int,
    stem: int,
    vocabulary: NDArray[np.uint8],
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:  # pragma: no cover  (compiled)
    n_texts = len(bounds) - 1
    longest = 0
    for row in range(n_texts):
        longest = max(longest, bounds[row + 1] - bounds[row])
    buckets = np.empty(room_for(longest, max_words, max_chars), np.int32)
    words = np.empty(longest + 1, np.int32)
    no_spans = np.empty((0, 2), np.int32)
    # A small table of the n-grams of one text and their counts, open addressing: it stays in the nearest cache,
    # where a counter for each of a million buckets would not.
    slots = 16
    while slots < 2 * len(buckets):
        slots *= 2
    keys = np.full(slots, -1, np.int32)
    counts = np.zeros(slots, np.int32)
    used = np.empty(len(buckets), np.int32)
    idfs = np.empty(len(buckets), np.float32)
    weights = np.empty(len(buckets), np.float32)
    mask = np.uint64(len(table) - 1)
    margin = np.zeros(n_texts, np.float64)
    n_tokens = np.zeros(n_texts, np.int64)
    known = np.zeros(n_texts, np.float64)
    for row in range(n_texts):
        n, n_tokens[row], n_words = hash_ngrams(
            codes, bounds[row], bounds[row + 1], page, kind, fold, mask,
            max_words, max_chars, stem, buckets, no_spans, words,
        )  # fmt: skip
        size = 16
        while size < 2 * n:
            size *= 2
        n_distinct = 0
        for j in range(n):
            bucket = buckets[j]
            slot = bucket & (size - 1)
            while keys[slot] != bucket and keys[slot] != -1:
                slot = (slot + 1) & (size - 1)
            if keys[slot] == -1:
                keys[slot] = bucket
                used[n_distinct] = slot
                n_distinct += 1
            counts[slot] += 1
        # All reads from the large table first, so that the waits for memory overlap.
        for j in range(n_distinct):
            bucket = keys[used[j]]
            idfs[j] = table[bucket, 0]
            weights[j] = table[bucket, 1]
        total = 0.0
        squares = 0.0
        for j in range(n_distinct):
            count = counts[used[j]]
            keys[used[j]] = -1
            counts[used[j]] = 0
            frequency = log_counts[count] if count < len(log_counts) else 1.0 + np.log(np.float64(count))
            value = frequency * idfs[j]
            squares += value * value
            total += value * weights[j]
        if squares > 0.0:
            margin[row] = total / np.sqrt(squares)
        n_known = 0
        for j in range(n_words):
            n_known += (vocabulary[words[j] >> 3] >> (words[j] & 7)) & 1
        if n_words > 0:
            known[row] = n_known / n_words
    return margin, n_tokens, known


_LOG_COUNTS = 1.0 + np.log(np.maximum(np.arange(64), 1.0))


def score_texts(model: LinearText, texts: list[str] | Texts) -> TextScores:
    """Score a batch of texts.

    Parameters
    ----------
    texts : list of str, or Texts
        The joined, cleaned fields of each ad; see `adscreen.signals.ngrams.join_fields`.

    Returns
    -------
    TextScores
    """
    packed = texts if isinstance(texts, Texts) else pack(texts)
    unicode = load_table()
    margin, n_tokens, known = _score(
        packed.codes, packed.bounds, unicode.page, unicode.kind, unicode.fold, model.table, _LOG_COUNTS,
        model.hashing.max_words, model.hashing.max_chars, model.hashing.stem, model.vocabulary,
    )  # fmt: skip
    margin += model.intercept
    return TextScores(margin, n_tokens, known)


class Contributions(NamedTuple):
    """What each n-gram of one text added to its margin.

    ``contribution.sum() + intercept`` is the margin that `score_texts` gives.

    Attributes
    ----------
    spans : ndarray of int32, shape (n, 2)
        Start and end of each n-gram in the text.
    contribution : ndarray of float64, shape (n,)
        In log-odds; an n-gram that occurs several times shares its contribution evenly.
    """

    spans: NDArray[np.int32]
    contribution: NDArray[np.float64]


def contributions(model: LinearText, text: str) -> Contributions:
    """Split the margin of `text` into the exact contributions of its n-grams."""
    found = ngram_spans(text, model.hashing)
    buckets, place, counts = np.unique(found.buckets, return_inverse=True, return_counts=True)
    value = (1.0 + np.log(counts)) * model.table[buckets, 0]
    norm = np.sqrt((value * value).sum())
    if norm == 0.0:
        return Contributions(found.spans, np.zeros(len(found.buckets)))
    each = value * model.table[buckets, 1] / norm / counts
    return Contributions(found.spans, each[place])

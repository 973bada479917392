"""The compiled scorer: hash, weigh and sum one text in a single pass, without building a matrix.

It does what ``HashedNgrams -> TfidfTransformer(sublinear_tf=True) -> linear model`` does, to 1e-6; a test
holds the two equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.signals.ngram_kernel import hash_ngrams, hash_tokens, room_for
from adscreen.signals.ngrams import Hashing, ngram_spans, pack
from adscreen.signals.tokens import Texts
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

    def take(self, rows: NDArray[np.int64]) -> TextScores:
        """Return the scores of the texts numbered `rows`."""
        return TextScores(self.margin[rows], self.n_tokens[rows], self.known[rows])


_CHUNK = 64
"""Texts laid out at a time: few enough that their code points are still in the cache when they are read."""

# What the n-th occurrence of an n-gram adds to 1 + log(count), and to its square.
_LOG_COUNTS = np.append(0.0, 1.0 + np.log(np.arange(1, 64)))
_STEPS = np.stack([np.diff(_LOG_COUNTS, prepend=0.0), np.diff(_LOG_COUNTS**2, prepend=0.0)], axis=1)


@numba.njit(cache=True, nogil=True, inline="always")
def _step(count: np.uint64, steps: NDArray[np.float64]) -> tuple[float, float]:  # pragma: no cover  (compiled)
    if count < np.uint64(len(steps)):
        return steps[count, 0], steps[count, 1]
    now = 1.0 + np.log(np.float64(count))
    before = 1.0 + np.log(np.float64(count - np.uint64(1)))
    return now - before, now * now - before * before


@numba.njit(cache=True, nogil=True, inline="always")
def _slots_for(n_ngrams: int, n_buckets: int) -> int:  # pragma: no cover  (compiled)
    """Return a power of two that leaves at least half of the slots empty, most of them unless buckets are few."""
    size = 16
    while size < min(4 * n_ngrams, 2 * n_buckets):
        size *= 2
    return size


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _score(
    codes: NDArray[np.uint32],
    bounds: NDArray[np.int64],
    unicode_table: NDArray[np.uint32],
    steps: NDArray[np.float64],
    tables: tuple[NDArray[np.complex64], ...],
    hashings: tuple[tuple[int, int, int], ...],
    vocabularies: tuple[NDArray[np.uint8], ...],
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:  # pragma: no cover  (compiled)
    """Return margin, number of tokens and known share of each text by each model: all of shape (n_models, n_texts).

    `hashings` are the longest n-gram of words, that of letters, and the stem. Models with one stem share the tokens.
    """
    n_models = len(tables)
    n_texts = len(bounds) - 1
    longest = 0
    for row in range(n_texts):
        longest = max(longest, bounds[row + 1] - bounds[row])
    most_words, most_chars, most_buckets = 0, 0, 0
    for m in range(n_models):
        most_words, most_chars = max(most_words, hashings[m][0]), max(most_chars, hashings[m][1])
        most_buckets = max(most_buckets, len(tables[m]))
    tokens, ngrams = room_for(longest, most_words, most_chars, False)
    # A small table of the n-grams of one text, open addressing: it stays in the near cache, where a counter for
    # each of a million buckets would not. The upper half of a slot is the bucket plus one, the lower its count.
    slots = np.empty(_slots_for(len(ngrams.bucket), most_buckets), np.uint64)
    found = np.empty(len(ngrams.bucket), np.complex64)
    one, half = np.uint64(1), np.uint64(32)
    margin = np.zeros((n_models, n_texts), np.float64)
    n_tokens = np.zeros((n_models, n_texts), np.int64)
    known = np.zeros((n_models, n_texts), np.float64)
    for row in range(n_texts):
        count_of_tokens, stem_before = np.int64(0), -1
        for m in range(n_models):
            table, vocabulary = tables[m], vocabularies[m]
            max_words, max_chars, stem = hashings[m]
            if stem != stem_before:
                count_of_tokens = hash_tokens(codes, bounds[row], bounds[row + 1], unicode_table, stem, tokens)
                stem_before = stem
            n_tokens[m, row] = count_of_tokens
            n, n_words = hash_ngrams(tokens, count_of_tokens, len(table), max_words, max_chars, ngrams)
            # All reads from the large table first, so that the waits for memory overlap.
            for place in range(n):
                j = np.uint64(place)
                found[j] = table[np.uint64(ngrams.bucket[j])]
            size = _slots_for(n, len(table))
            slots[:size] = 0
            total = 0.0
            squares = 0.0
            for place in range(n):
                j = np.uint64(place)
                key = np.uint64(ngrams.bucket[j]) + one
                slot = (key - one) & np.uint64(size - 1)
                held = slots[slot]
                # While another bucket is in the slot. A product, as "and" would be a jump that cannot be foretold.
                while ((held >> half) ^ key) * (held >> half) != 0:
                    slot = (slot + one) & np.uint64(size - 1)
                    held = slots[slot]
                count = (held & np.uint64(0xFFFFFFFF)) + one
                slots[slot] = (key << half) | count
                more, more_squared = _step(count, steps)
                idf = np.float64(found[j].real)
                squares += more_squared * (idf * idf)
                total += more * (idf * np.float64(found[j].imag))
            if squares > 0.0:
                margin[m, row] = total / np.sqrt(squares)
            n_known = np.uint64(0)
            for place in range(n_words):
                word = np.uint64(ngrams.word[np.uint64(place)])
                n_known += np.uint64(vocabulary[word >> np.uint64(3)] >> (word & np.uint64(7))) & one
            if n_words > 0:
                known[m, row] = np.float64(n_known) / np.float64(n_words)
    return margin, n_tokens, known


def score_texts(model: LinearText, texts: Sequence[str] | Texts) -> TextScores:
    """Score a batch of texts.

    Parameters
    ----------
    texts : sequence of str, or Texts
        The joined, cleaned fields of each ad; see `adscreen.signals.ngrams.join_fields`.

    Returns
    -------
    TextScores
    """
    return score_by_each([model], texts)[0]


def score_by_each(models: Sequence[LinearText], texts: Sequence[str] | Texts) -> list[TextScores]:
    """Score a batch of texts by each of `models` as `score_texts` does; the texts are laid out once."""
    if not isinstance(texts, Texts) and len(texts) <= _CHUNK:
        texts = pack(texts)
    if isinstance(texts, Texts):
        return _score_packed(models, texts)
    parts = [_score_packed(models, pack(texts[i : i + _CHUNK], first=i)) for i in range(0, len(texts), _CHUNK)]
    return [TextScores(*map(np.concatenate, zip(*scores, strict=True))) for scores in zip(*parts, strict=True)]


def _score_packed(models: Sequence[LinearText], packed: Texts) -> list[TextScores]:
    # To the kernel, arrays that may be written are of another type than those that may not: it reads models of one.
    if len({(model.table.flags.writeable, model.vocabulary.flags.writeable) for model in models}) > 1:
        return [scores for model in models for scores in _score_packed([model], packed)]
    # The two numbers of a bucket as the parts of one complex number, so that one read brings both.
    tables = tuple(model.table.view(np.complex64)[:, 0] for model in models)
    hashings = tuple((model.hashing.max_words, model.hashing.max_chars, model.hashing.stem) for model in models)
    vocabularies = tuple(model.vocabulary for model in models)
    scores = _score(packed.codes, packed.bounds, load_table(), _STEPS, tables, hashings, vocabularies)
    return [
        TextScores(margin + model.intercept, n_tokens, known)
        for model, margin, n_tokens, known in zip(models, *scores, strict=True)
    ]


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


@numba.njit(cache=True, nogil=True)
def _numbered(keys: Any) -> Any:  # pragma: no cover  (compiled)
    """Return the different buckets, in order, the number among them of each n-gram, and how often each occurs.

    `keys` are sorted; the upper half of each is the bucket, the lower the place of the n-gram.
    """
    buckets = np.empty(len(keys), np.int64)
    counts = np.empty(len(keys), np.int64)
    number = np.empty(len(keys), np.int64)
    n = 0
    for key in keys:
        bucket = np.int64(key >> np.uint64(32))
        if n == 0 or buckets[n - 1] != bucket:
            buckets[n] = bucket
            counts[n] = 0
            n += 1
        counts[n - 1] += 1
        number[np.int64(key & np.uint64(0xFFFFFFFF))] = n - 1
    return buckets[:n], number, counts[:n]


def contributions(model: LinearText, text: str) -> Contributions:
    """Split the margin of `text` into the exact contributions of its n-grams."""
    found = ngram_spans(text, model.hashing)
    # Sorted with their places, in one number: a plain sort is several times as fast as one of places.
    keys = found.buckets.astype(np.uint64) << np.uint64(32)
    keys |= np.arange(len(keys), dtype=np.uint64)
    keys.sort()
    buckets, place, counts = _numbered(keys)
    value = (1.0 + np.log(counts)) * model.table[buckets, 0]
    norm = np.sqrt((value * value).sum())
    if norm == 0.0:
        return Contributions(found.spans, np.zeros(len(found.buckets)))
    each = value * model.table[buckets, 1] / norm / counts
    return Contributions(found.spans, each[place])

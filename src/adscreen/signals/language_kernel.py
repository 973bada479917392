"""fastText's prediction, compiled: the same language as the library names, at a tenth of its time.

The library reads a text from a stream byte by byte, makes a string of each n-gram and unpacks its vector anew; here
n-grams are hashed in place. A test holds the two equal.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from adscreen.signals.language_model import FIRST_HASH, LanguageModel, hash_byte

_BRACKETS = 2
"""fastText puts < and > around each word."""


def predict(model: LanguageModel, codes: Any, blanks: Any, blank: int, confidence: float) -> int:
    """Return the most likely language of a text, as its place in ``model.labels``, or -1.

    Parameters
    ----------
    model : LanguageModel
    codes : ndarray of uint32
        Code points of one line of text, in lower case.
    blanks : ndarray of uint16, shape (0x110000,)
        `blank` for each code point that parts words.
    blank : int
    confidence : float
        Least probability of the language, 0 to 1.
    """
    return int(
        _predict(
            codes, blanks, blank, confidence,
            model.rows, model.raw, model.word_bounds, model.word_slots, model.ngram_rows,
            model.shortest, model.longest, model.tree, model.nodes,
        )
    )  # fmt: skip


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _predict(
    codes: Any, blanks: Any, blank: Any, confidence: Any,
    rows: Any, raw: Any, word_bounds: Any, word_slots: Any, ngram_rows: Any,
    shortest: Any, longest: Any, tree: Any, nodes: Any,
) -> Any:  # pragma: no cover  (compiled)  # fmt: skip
    found = np.empty((len(codes) + _BRACKETS) * (longest + 1) + 1, np.int32)
    count = 0
    text = np.empty(4 * len(codes) + _BRACKETS, np.uint8)
    begins = np.empty(len(codes) + _BRACKETS + 1, np.int64)  # of each character of a word, in `text`
    i = 0
    while i < len(codes):
        if blanks[codes[i]] == blank:
            i += 1
            continue
        text[0] = ord("<")
        begins[0] = 0
        n_chars, end = 1, 1
        while i < len(codes) and blanks[codes[i]] != blank:
            begins[n_chars] = end
            n_chars += 1
            end = _encode(np.uint32(codes[i]), text, end)
            i += 1
        word = _number_of_word(text, end, raw, word_bounds, word_slots)
        if word == 0:  # the ad says "</s>", which is the end for fastText
            break
        if word > 0:
            found[count] = word
            count += 1
        text[end] = ord(">")
        begins[n_chars] = end
        n_chars += 1
        begins[n_chars] = end + 1
        for first in range(n_chars):
            hashed = FIRST_HASH
            for last in range(first, min(first + longest, n_chars)):
                for place in range(begins[last], begins[last + 1]):
                    hashed = hash_byte(hashed, text[np.uint64(place)])
                if last + 1 - first >= shortest:
                    # Written in any case, so that there is no jump that cannot be foretold.
                    row = ngram_rows[hashed % np.uint32(len(ngram_rows))]
                    found[count] = row
                    count += row > 0
    found[count] = 0
    count += 1
    size = rows.shape[1]
    hidden = np.zeros(size, np.float32)
    for j in range(count):
        row = found[j]
        for k in range(size):
            hidden[k] += rows[row, k]
    hidden *= np.float32(1.0 / count)
    return _most_likely(hidden, tree, nodes, confidence)


@numba.njit(cache=True, nogil=True)
def _encode(code: Any, text: Any, end: Any) -> Any:  # pragma: no cover  (compiled)
    """Write one code point in UTF-8 at `end`; return where it ends."""
    if code < 0x80:
        text[end] = code
        return end + 1
    if code < 0x800:
        text[end] = 0xC0 | code >> 6
    elif code < 0x10000:
        text[end] = 0xE0 | code >> 12
    else:
        text[end] = 0xF0 | code >> 18
        end += 1
        text[end] = 0x80 | code >> 12 & 0x3F
    if code >= 0x800:
        end += 1
        text[end] = 0x80 | code >> 6 & 0x3F
    text[end + 1] = 0x80 | code & 0x3F
    return end + 2


@numba.njit(cache=True, nogil=True)
def _number_of_word(
    text: Any, end: Any, raw: Any, word_bounds: Any, word_slots: Any
) -> Any:  # pragma: no cover  (compiled)
    """Return the number of the word ``text[1:end]``, or -1."""
    hashed = FIRST_HASH
    for place in range(1, end):
        hashed = hash_byte(hashed, text[place])
    slot = np.int64(hashed) & (len(word_slots) - 1)
    while word_slots[slot] >= 0:
        word = word_slots[slot]
        first, last = word_bounds[word, 0], word_bounds[word, 1]
        if last - first == end - 1:
            same = True
            for k in range(last - first):
                if raw[first + k] != text[1 + k]:
                    same = False
                    break
            if same:
                return np.int64(word)
        slot = (slot + 1) & (len(word_slots) - 1)
    return np.int64(-1)


@numba.njit(cache=True, nogil=True)
def _most_likely(hidden: Any, tree: Any, nodes: Any, confidence: Any) -> Any:  # pragma: no cover  (compiled)
    """Return the leaf of highest probability, or -1 if that is below `confidence`: fastText's search of the tree."""
    n_labels = len(tree) + 1
    waiting = np.empty(2 * n_labels, np.int64)
    scores = np.empty(2 * n_labels, np.float32)
    waiting[0], scores[0] = 2 * n_labels - 2, 0.0
    n_waiting = 1
    best, best_score = -1, np.float32(np.log(confidence + 1e-5))
    while n_waiting:
        n_waiting -= 1
        node, score = waiting[n_waiting], scores[n_waiting]
        if score < best_score:
            continue
        if node < n_labels:
            best, best_score = node, score
            continue
        dot = np.float32(0.0)
        for k in range(len(hidden)):
            dot += nodes[node - n_labels, k] * hidden[k]
        right = np.float32(1.0 / (1.0 + np.exp(-dot)))
        # The left side is put down last, so that it is looked at first.
        for side in (1, 0):
            share = right if side else np.float32(1.0) - right
            waiting[n_waiting] = tree[node - n_labels, side]
            scores[n_waiting] = score + np.float32(np.log(share + 1e-5))
            n_waiting += 1
    return best

"""The compiled walk along the trie of fixed texts, in the layout of `adscreen.signals.phrase_chains`.

The trie has 140,000 nodes, more than the nearer caches hold, and most tokens lead nowhere in it. So a step from the
root is looked up only if the filter says that it may be there, and those of one text right after one another: the
processor then waits for several of them at once.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

_MAX_NUMBER = 4
_MULTIPLY = np.uint64(0x9E3779B97F4A7C15)
_SEED = np.uint64(0xCBF29CE484222325)
_PREFIX_SALT = np.uint64(0xD6E8FEB86659FD93)
MAX_PREFIX = 32
KEY_BITS = 40
_KEY = np.uint64((1 << 64) - (1 << (64 - KEY_BITS)))
_LOWEST_OF_KEY = np.uint64(1 << (64 - KEY_BITS))
FILTER_BITS = 14
_FILTER_SHIFT = np.uint64(64 - FILTER_BITS)
_SIX_BITS = np.uint64(63)
NODE = ENDS, WORDS = range(2)
_TEXT = np.uint64(0xFFFFFFFF)
_BEGINNINGS_SHIFT = np.uint64(32)


@numba.njit(cache=True, nogil=True, inline="always")
def _read(value: np.uint64, code: np.uint32) -> np.uint64:  # pragma: no cover  (compiled)
    """Return the hash of a token that goes on with `code`, from the hash of what stands before it."""
    value = (value ^ np.uint64(code)) * _MULTIPLY
    return value ^ value >> np.uint64(29)


@numba.njit(cache=True, nogil=True)
def hash_word(codes: NDArray[np.uint32]) -> np.uint64:  # pragma: no cover  (compiled)
    """Return the hash of a token, given as its code points."""
    value = _SEED
    for code in codes:
        value = _read(value, code)
    return value


@numba.njit(cache=True, nogil=True, inline="always")
def step(node: int, word: np.uint64, prefix: bool) -> np.uint64:  # pragma: no cover  (compiled)
    """Return the hash of the step from `node` over a token, or over the beginning of one."""
    value = (np.uint64(word) ^ (np.uint64(node) * _PREFIX_SALT)) * _MULTIPLY
    if prefix:
        value += _PREFIX_SALT
    value ^= value >> np.uint64(32)
    return value | _LOWEST_OF_KEY


@numba.njit(cache=True, nogil=True)
def fill(
    steps: NDArray[np.uint64], keys: NDArray[np.uint64], values: NDArray[np.uint64]
) -> None:  # pragma: no cover  (compiled)
    """Put `values` under `keys` into the empty hash table `steps`; both have shape (n_steps,)."""
    mask = np.uint64(len(steps) - 1)
    for i in range(len(keys)):
        place = keys[i] & mask
        while steps[place] != 0:
            place = (place + np.uint64(1)) & mask
        steps[place] = (keys[i] & _KEY) | values[i]


@numba.njit(cache=True, nogil=True, inline="always")
def _marks(key: np.uint64) -> np.uint64:  # pragma: no cover  (compiled)
    """Return the two bits that stand for `key` in its part of the filter."""
    first, second = key >> np.uint64(44) & _SIX_BITS, key >> np.uint64(38) & _SIX_BITS
    return np.uint64(1) << first | np.uint64(1) << second


@numba.njit(cache=True, nogil=True)
def note(root_filter: NDArray[np.uint64], keys: NDArray[np.uint64]) -> None:  # pragma: no cover  (compiled)
    """Note in the filter that `keys` lead on from the root."""
    for key in keys:
        root_filter[key >> _FILTER_SHIFT] |= _marks(key)


@numba.njit(cache=True, nogil=True, inline="always")
def _may_lead(root_filter: NDArray[np.uint64], key: np.uint64) -> bool:  # pragma: no cover  (compiled)
    marks = _marks(key)
    return bool(root_filter[key >> _FILTER_SHIFT] & marks == marks)


@numba.njit(cache=True, nogil=True, inline="always")
def beginning(n_letters: int) -> np.uint64:  # pragma: no cover  (compiled)
    """Return the bit that is set in `ENDS` of a node from which a beginning of so many letters leads to a text."""
    return np.uint64(1) << np.uint64(31 + n_letters)


@numba.njit(cache=True, nogil=True, inline="always")
def branch(word: np.uint64) -> np.uint64:  # pragma: no cover  (compiled)
    """Return the bit that is set in `WORDS` of a node from which the token with this hash leads on."""
    return np.uint64(1) << (word >> np.uint64(58))


@numba.njit(cache=True, nogil=True, inline="always")
def _look_up(steps: NDArray[np.uint64], key: np.uint64) -> int:  # pragma: no cover  (compiled)
    mask = np.uint64(len(steps) - 1)
    place = key & mask
    while steps[place] != 0:
        if (steps[place] ^ key) & _KEY == 0:
            return np.int64(steps[place] & ~_KEY)  # type: ignore[return-value]
        place = (place + np.uint64(1)) & mask
    return -1


@numba.njit(cache=True, nogil=True)
def texts_in(
    codes: NDArray[np.uint32],
    places: NDArray[np.int32],
    sentences: NDArray[np.int32],
    bounds: NDArray[np.int64],
    steps: NDArray[np.uint64],
    root_filter: NDArray[np.uint64],
    nodes: NDArray[np.uint64],
    with_numbers: bool,
) -> NDArray[np.int32]:  # pragma: no cover  (compiled)
    """Return the fixed texts and numbers that stand in some texts: rows of text, first and past token, by first token.

    `bounds` are `FoldedTexts.tokens`; the room that is taken beside the rows is that of one text.
    """
    n_texts = len(bounds) - 1
    most, longest = 0, 0
    for i in range(n_texts):
        if bounds[i + 1] > bounds[i]:
            most = max(most, bounds[i + 1] - bounds[i])
            past = places[bounds[i + 1]] if bounds[i + 1] < len(places) else len(codes)
            longest = max(longest, past - places[bounds[i]])
    ends = np.empty(most, np.int32)
    numeric = np.empty(most, np.bool_)
    words = np.empty(most, np.uint64)
    node_of = np.empty(most, np.int32)
    ends_of = np.empty(most, np.uint64)
    # The beginnings of words that may be fixed texts: in which token, and which text (before that, its key).
    begun_in = np.empty(longest, np.int32)
    begun = np.empty(longest, np.uint64)
    found = np.empty((2 * len(places) + 64, 3), np.int32)
    count = 0
    for i in range(n_texts):
        base, n_tokens = bounds[i], bounds[i + 1] - bounds[i]
        n_begun = _read_words(
            codes, places[base : base + n_tokens], root_filter, nodes[0, ENDS] >> _BEGINNINGS_SHIFT,
            ends, numeric, words, begun_in, begun,
        )  # fmt: skip
        for token in range(n_tokens):
            key = step(0, words[token], False)
            led = ends[token] > places[base + token] and _may_lead(root_filter, key)
            node_of[token] = _look_up(steps, key) if led else -1
        for token in range(n_tokens):
            ends_of[token] = nodes[max(node_of[token], 0), ENDS]
        for b in range(n_begun):
            begun[b] = np.uint64(_look_up(steps, begun[b]) + 1)
        b = 0
        for token in range(n_tokens):
            first = base + token
            if count + _MAX_NUMBER + MAX_PREFIX > len(found):
                found = twice(found)
            if with_numbers and numeric[token]:
                goes_on = token > 0 and numeric[token - 1] and sentences[first - 1] == sentences[first]
                last = token
                while not goes_on and last < n_tokens and numeric[last] and last - token < _MAX_NUMBER:
                    if sentences[base + last] != sentences[first]:
                        break
                    last += 1
                    found[count, 0], found[count, 1], found[count, 2] = 0, first, base + last
                    count += 1
            while b < n_begun and begun_in[b] == token:
                if begun[b] > 0:
                    found[count, 0], found[count, 1], found[count, 2] = begun[b] - np.uint64(1), first, first + 1
                    count += 1
                b += 1
            node, here = node_of[token], ends_of[token]
            after = token + 1
            while node >= 0:
                if count + MAX_PREFIX + 1 > len(found):
                    found = twice(found)
                if here & _TEXT > 0:
                    found[count, 0], found[count, 1], found[count, 2] = (
                        (here & _TEXT) - np.uint64(1),
                        first,
                        base + after,
                    )
                    count += 1
                if after == n_tokens or sentences[base + after] != sentences[first]:
                    break
                wanted = here >> _BEGINNINGS_SHIFT
                value = _SEED
                letter = places[base + after]
                while wanted > 0 and codes[letter] != 0x20:
                    value = _read(value, codes[letter])
                    if wanted & np.uint64(1):
                        text = _look_up(steps, step(node, value, True))
                        if text >= 0:
                            found[count, 0], found[count, 1], found[count, 2] = text, first, base + after + 1
                            count += 1
                    wanted >>= np.uint64(1)
                    letter += 1
                if ends[after] == places[base + after] or not nodes[node, WORDS] & branch(words[after]):
                    break
                node = _look_up(steps, step(node, words[after], False))
                here = nodes[max(node, 0), ENDS]
                after += 1
    return found[:count]


@numba.njit(cache=True, nogil=True)
def _read_words(
    codes: NDArray[np.uint32],
    places: NDArray[np.int32],
    root_filter: NDArray[np.uint64],
    beginnings: np.uint64,
    ends: NDArray[np.int32],
    numeric: NDArray[np.bool_],
    words: NDArray[np.uint64],
    begun_in: NDArray[np.int32],
    begun: NDArray[np.uint64],
) -> int:  # pragma: no cover  (compiled)
    """Read each token of a text once: where it ends, whether it is a number, its hash, and what it may begin with.

    `begun_in` and `begun` are filled with token and key of the beginnings; return how many there are.
    """
    n_begun = 0
    for token in range(len(places)):
        value = _SEED
        wanted = beginnings
        digits = 0
        i = places[token]
        code = codes[i]
        while code != 0x20:
            value = _read(value, code)
            digits += 0x30 <= code <= 0x39
            if wanted & np.uint64(1):
                key = step(0, value, True)
                begun_in[n_begun], begun[n_begun] = token, key
                n_begun += _may_lead(root_filter, key)
            wanted >>= np.uint64(1)
            i += 1
            code = codes[i]
        ends[token], words[token] = i, value
        # "3", "500", "5k", "24hr": digits with at most two letters after them
        numeric[token] = digits > 0 and 0x30 <= codes[places[token]] <= 0x39 and i - places[token] - digits <= 2
    return n_begun


@numba.njit(cache=True, nogil=True)
def twice(rows: NDArray[np.int32]) -> NDArray[np.int32]:  # pragma: no cover  (compiled)
    """Return `rows` with as much room again."""
    return np.concatenate((rows, np.empty_like(rows)))


@numba.njit(cache=True, nogil=True, inline="always")
def bits_of(text: int) -> tuple[np.uint64, np.uint64, np.uint64]:  # pragma: no cover  (compiled)
    """Return the bits of a fixed text in the three numbers of `Chains.wants`."""
    one, bits = np.uint64(1), np.uint64(text)
    return (
        one << (bits & _SIX_BITS),
        one << (bits >> np.uint64(6) & _SIX_BITS),
        one << (bits * _MULTIPLY >> np.uint64(58)),
    )

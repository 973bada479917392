"""The compiled part of finding phrases: the walk along the trie, and the chains of slots from text to text.

The layout that it reads is that of `adscreen.signals.phrase_chains`.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

RING = 4
"""Ends that are remembered of each slot: alternatives of one slot may end at different places."""
_MAX_NUMBER = 4
_MULTIPLY = np.uint64(0x9E3779B97F4A7C15)
_SEED = np.uint64(0xCBF29CE484222325)
_PREFIX_SALT = np.uint64(0xD6E8FEB86659FD93)
MAX_PREFIX = 32
KEY_BITS = 40
_KEY = np.uint64((1 << 64) - (1 << (64 - KEY_BITS)))
_LOWEST_OF_KEY = np.uint64(1 << (64 - KEY_BITS))
ROOT_BITS = 18
_ROOT_SHIFT = np.uint64(64 - ROOT_BITS)
WORD, BEGINNING = 1, 2
STATE = PARENT, GAP, CHILD, PAST_CHILD, REACH, OWNER, PAST_OWNER = range(7)


@numba.njit(cache=True, nogil=True)
def hash_word(codes: NDArray[np.uint32]) -> np.uint64:  # pragma: no cover  (compiled)
    """Return the hash of a token, given as its code points."""
    value = _SEED
    for code in codes:
        value = (value ^ np.uint64(code)) * _MULTIPLY
        value ^= value >> np.uint64(29)
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
    steps: NDArray[np.uint64],
    at_root: NDArray[np.uint8],
    text_of: NDArray[np.int32],
    beginnings: NDArray[np.uint32],
    with_numbers: bool,
) -> NDArray[np.int32]:  # pragma: no cover  (compiled)
    """Return the fixed texts and numbers that stand in a text: rows of text, first and past token, by first token."""
    n_tokens = len(places)
    upto = np.empty(len(codes), np.uint64)  # hash of each token up to this letter
    ends = np.empty(n_tokens, np.int32)
    numeric = np.zeros(n_tokens, np.bool_)
    for token in range(n_tokens):
        value = _SEED
        i = places[token]
        digits = 0
        while codes[i] != 0x20:
            value = (value ^ np.uint64(codes[i])) * _MULTIPLY
            value ^= value >> np.uint64(29)
            upto[i] = value
            digits += 0x30 <= codes[i] <= 0x39
            i += 1
        ends[token] = i
        # "3", "500", "5k", "24hr": digits with at most two letters after them
        numeric[token] = digits > 0 and 0x30 <= codes[places[token]] <= 0x39 and i - places[token] - digits <= 2
    found = np.empty((2 * n_tokens + 64, 3), np.int32)
    count = 0
    for first in range(n_tokens):
        if count + _MAX_NUMBER > len(found):
            found = _twice(found)
        if with_numbers and numeric[first]:
            goes_on = first > 0 and numeric[first - 1] and sentences[first - 1] == sentences[first]
            last = first
            while not goes_on and last < n_tokens and numeric[last] and last - first < _MAX_NUMBER:
                if sentences[last] != sentences[first]:
                    break
                last += 1
                found[count, 0], found[count, 1], found[count, 2] = 0, first, last
                count += 1
        node = 0
        token = first
        while token < n_tokens and sentences[token] == sentences[first]:
            length = ends[token] - places[token]
            if count + MAX_PREFIX + 1 > len(found):
                found = _twice(found)
            wanted = beginnings[node]
            for i in range(min(length, MAX_PREFIX)):
                if wanted >> i & 1:
                    key = step(node, upto[places[token] + i], True)
                    if node == 0 and not at_root[key >> _ROOT_SHIFT] & BEGINNING:
                        continue
                    text = _look_up(steps, key)
                    if text >= 0:
                        found[count, 0], found[count, 1], found[count, 2] = text, first, token + 1
                        count += 1
            if length == 0:
                break
            key = step(node, upto[ends[token] - 1], False)
            if node == 0 and not at_root[key >> _ROOT_SHIFT] & WORD:
                break
            node = _look_up(steps, key)
            if node < 0:
                break
            token += 1
            if text_of[node] >= 0:
                found[count, 0], found[count, 1], found[count, 2] = text_of[node], first, token
                count += 1
    return found[:count]


@numba.njit(cache=True, nogil=True)
def _twice(rows: NDArray[np.int32]) -> NDArray[np.int32]:  # pragma: no cover  (compiled)
    """Return `rows` with as much room again."""
    return np.concatenate((rows, np.empty_like(rows)))


@numba.njit(cache=True, nogil=True, inline="always")
def _reach(
    slot: int,
    begin: int,
    end: int,
    states: NDArray[np.int32],
    its_wants: NDArray[np.uint64],
    owners: NDArray[np.int32],
    ring: NDArray[np.int32],
    place: NDArray[np.int32],
    waiting: NDArray[np.int32],
    until: NDArray[np.int32],
    wants: NDArray[np.uint64],
    found: NDArray[np.int32],
    count: int,
) -> int:  # pragma: no cover  (compiled)
    """Note that a chain from `begin` to `end` fills `slot`; return the number of hits."""
    for i in range(states[slot, OWNER], states[slot, PAST_OWNER]):
        if count < len(found):
            found[count, 0], found[count, 1], found[count, 2] = owners[i], begin, end
        count += 1
    if states[slot, CHILD] < states[slot, PAST_CHILD]:
        at = place[slot]
        if at == 0:
            waiting[0] += 1
            at = waiting[0]
            place[slot] = at
            waiting[at] = slot
            until[at] = -1
            wants[at, 0], wants[at, 1] = its_wants[slot, 0], its_wants[slot, 1]
            for r in range(2 * RING):
                ring[slot, r] = -1
        for r in range(2 * RING - 1, 1, -1):
            ring[slot, r] = ring[slot, r - 2]
        ring[slot, 0], ring[slot, 1] = begin, end
        until[at] = max(until[at], end + states[slot, REACH])
    return count


@numba.njit(cache=True, nogil=True, inline="always")
def _bit(text: int) -> np.uint64:  # pragma: no cover  (compiled)
    return np.uint64(1) << np.uint64(text & 63)


@numba.njit(cache=True, nogil=True)
def chains_of(
    texts: NDArray[np.int32],
    sentences: NDArray[np.int32],
    openings: NDArray[np.int32],
    firsts: NDArray[np.int32],
    first_wants: NDArray[np.uint64],
    whole: NDArray[np.bool_],
    ahead: NDArray[np.int32],
    postings: NDArray[np.int32],
    slots: NDArray[np.int32],
    states: NDArray[np.int32],
    its_wants: NDArray[np.uint64],
    owners: NDArray[np.int32],
    ring: NDArray[np.int32],
    place: NDArray[np.int32],
    waiting: NDArray[np.int32],
    until: NDArray[np.int32],
    wants: NDArray[np.uint64],
    found: NDArray[np.int32],
) -> int:  # pragma: no cover  (compiled)
    """Put each fixed text of `texts_in` into every slot it fills.

    Fill `found` with owner, first and past token of the chains that are whole; return how many there are.
    """
    low_at, high_at = np.zeros(len(sentences), np.uint64), np.zeros(len(sentences), np.uint64)
    for row in range(len(texts)):
        low_at[texts[row, 1]] |= _bit(texts[row, 0])
        high_at[texts[row, 1]] |= _bit(texts[row, 0] >> 6)
    count = 0
    sentence = -1
    for row in range(len(texts)):
        text, start, end = texts[row, 0], texts[row, 1], texts[row, 2]
        if sentences[start] != sentence:
            sentence = sentences[start]
            for i in range(1, waiting[0] + 1):
                place[waiting[i]] = 0
            waiting[0] = 0
        low, high = postings[text], postings[text + 1]
        low_bit, high_bit = _bit(text), _bit(text >> 6)
        # What is reached on the way ends behind `start`: nothing can follow it yet.
        i, n = 1, waiting[0] if low < high else 0
        while i <= n:
            slot = waiting[i]
            if until[i] < start:
                # Too long ago: the last one takes its place.
                place[slot] = 0
                last = waiting[0]
                waiting[i], until[i] = waiting[last], until[last]
                wants[i, 0], wants[i, 1] = wants[last, 0], wants[last, 1]
                if i < last:
                    place[waiting[i]] = i
                waiting[0] = last - 1
                n = min(n, last - 1)
                continue
            i += 1
            if not (wants[i - 1, 0] & low_bit and wants[i - 1, 1] & high_bit):
                continue
            first, past = states[slot, CHILD], states[slot, PAST_CHILD]
            left, right = low, high
            while left < right:
                middle = (left + right) >> 1
                if slots[middle] < first:
                    left = middle + 1
                else:
                    right = middle
            while left < high and slots[left] < past:
                begin = -1
                for r in range(RING):
                    its_begin, its_end = ring[slot, 2 * r], ring[slot, 2 * r + 1]
                    if its_begin > begin and its_end <= start and start - its_end <= states[slots[left], GAP]:
                        begin = its_begin
                if begin >= 0:
                    count = _reach(
                        slots[left], begin, end, states, its_wants, owners, ring, place, waiting, until, wants, found,
                        count,
                    )  # fmt: skip
                left += 1
        if openings[text] == openings[text + 1]:
            continue
        # Of what opens here only that is kept which something that follows may go on with.
        low_ahead, high_ahead = np.uint64(0), np.uint64(0)
        for token in range(end, min(end + ahead[text] + 1, len(sentences))):
            low_ahead |= low_at[token]
            high_ahead |= high_at[token]
        for p in range(openings[text], openings[text + 1]):
            if not (first_wants[p, 0] & low_ahead and first_wants[p, 1] & high_ahead) and not whole[p]:
                continue
            count = _reach(
                firsts[p], start, end, states, its_wants, owners, ring, place, waiting, until, wants, found, count
            )
    for i in range(1, waiting[0] + 1):
        place[waiting[i]] = 0
    waiting[0] = 0
    return count

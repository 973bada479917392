"""The compiled part of finding phrases that follows the chains of slots from fixed text to fixed text.

The layout that it reads is that of `adscreen.signals.phrase_chains`.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.signals.phrase_kernel import twice

RING = 4
"""Ends that are remembered of each slot: alternatives of one slot may end at different places."""
STATE = PARENT, GAP, CHILD, PAST_CHILD, REACH, OWNER, PAST_OWNER = range(7)
FILLS = OPENING, PAST_OPENING, POSTING, PAST_POSTING, AHEAD = range(5)


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
    limit: int,
) -> int:  # pragma: no cover  (compiled)
    """Note that a chain from `begin` to `end` fills `slot`; return the number of hits."""
    for i in range(states[slot, OWNER], states[slot, PAST_OWNER]):
        if count < limit:
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
    bounds: NDArray[np.int64],
    fills: NDArray[np.int32],
    firsts: NDArray[np.int32],
    first_wants: NDArray[np.uint64],
    whole: NDArray[np.bool_],
    slots: NDArray[np.int32],
    states: NDArray[np.int32],
    its_wants: NDArray[np.uint64],
    owners: NDArray[np.int32],
    ring: NDArray[np.int32],
    place: NDArray[np.int32],
    waiting: NDArray[np.int32],
    until: NDArray[np.int32],
    wants: NDArray[np.uint64],
    most_owners: int,
    max_hits: int,
) -> NDArray[np.int32]:  # pragma: no cover  (compiled)
    """Put each fixed text of `texts_in` into every slot it fills.

    Return owner, first and past token of the chains that are whole, of each of the texts between `bounds` (see
    `FoldedTexts.tokens`) the first `max_hits`.
    """
    found = np.empty((16 * len(bounds) + most_owners, 3), np.int32)
    current, limit = 0, max_hits
    low_at, high_at = np.zeros(len(sentences), np.uint64), np.zeros(len(sentences), np.uint64)
    for row in range(len(texts)):
        low_at[texts[row, 1]] |= _bit(texts[row, 0])
        high_at[texts[row, 1]] |= _bit(texts[row, 0] >> 6)
    count = 0
    sentence = -1
    for row in range(len(texts)):
        text, start, end = texts[row, 0], texts[row, 1], texts[row, 2]
        while start >= bounds[current + 1]:
            current += 1
            limit = count + max_hits
        if sentences[start] != sentence:
            sentence = sentences[start]
            for i in range(1, waiting[0] + 1):
                place[waiting[i]] = 0
            waiting[0] = 0
        low, high = fills[text, POSTING], fills[text, PAST_POSTING]
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
                    if count + most_owners > len(found):
                        found = twice(found)
                    count = _reach(
                        slots[left], begin, end, states, its_wants, owners, ring, place, waiting, until, wants, found,
                        count, limit,
                    )  # fmt: skip
                left += 1
        if fills[text, OPENING] == fills[text, PAST_OPENING]:
            continue
        # Of what opens here only that is kept which something that follows may go on with.
        low_ahead, high_ahead = np.uint64(0), np.uint64(0)
        for token in range(end, min(end + fills[text, AHEAD] + 1, len(sentences))):
            low_ahead |= low_at[token]
            high_ahead |= high_at[token]
        for p in range(fills[text, OPENING], fills[text, PAST_OPENING]):
            if not (first_wants[p, 0] & low_ahead and first_wants[p, 1] & high_ahead) and not whole[p]:
                continue
            if count + most_owners > len(found):
                found = twice(found)
            count = _reach(
                firsts[p], start, end, states, its_wants, owners, ring, place, waiting, until, wants, found,
                count, limit,
            )  # fmt: skip
    for i in range(1, waiting[0] + 1):
        place[waiting[i]] = 0
    waiting[0] = 0
    return found[:count]

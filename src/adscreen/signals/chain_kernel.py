"""The compiled part of finding phrases that follows the chains of slots from fixed text to fixed text.

The layout that it reads is that of `adscreen.signals.phrase_chains`. Its tables are larger than the nearer caches, and
to fetch from them takes most of the time: so what is read together stands side by side, and what is asked of all texts
alike is asked in a loop of its own, in which the processor waits for several fetches at once.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.signals.phrase_chains import (
    AHEAD,
    CHILD,
    GAP,
    OPENING,
    OWNER,
    PAST_CHILD,
    PAST_OPENING,
    PAST_OWNER,
    PAST_POSTING,
    POSTING,
    REACH,
)
from adscreen.signals.phrase_kernel import bits_of, twice

RING = 4
"""Ends that are remembered of each slot: alternatives of one slot may end at different places."""
FIRST = SLOT_AND_WHOLE, LOW, HIGH, MIXED = range(4)
"""Of each first slot: twice its number, and one more if a variant ends with it; and its `Chains.wants`."""
WAITING = W_SLOT, W_UNTIL, W_CHILD, W_PAST_CHILD, W_RING = range(5)
"""Of a slot that waits: its number, the last token that may follow it, its children, and from `W_RING` on where the
last chains that reached it began and ended, latest first; -1 where there is none."""


@numba.njit(cache=True, nogil=True)
def _opened(
    texts: NDArray[np.int32], n_tokens: int, fills: NDArray[np.int32], firsts: NDArray[np.uint64]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:  # pragma: no cover  (compiled)
    """Return which of `firsts` each row of `texts` fills, and where those of each row begin.

    Only those which something that follows may go on with, or which end a variant.
    """
    begin_at = np.zeros((n_tokens, 3), np.uint64)
    for row in range(len(texts)):
        low, high, mixed = bits_of(texts[row, 0])
        token = texts[row, 1]
        begin_at[token, 0] |= low
        begin_at[token, 1] |= high
        begin_at[token, 2] |= mixed
    begins = np.empty(len(texts) + 1, np.int32)
    opened = np.empty(2 * len(texts) + 64, np.int32)
    count = 0
    for row in range(len(texts)):
        begins[row] = count
        text, end = texts[row, 0], texts[row, 2]
        opening, past = fills[text, OPENING], fills[text, PAST_OPENING]
        if opening == past:
            continue
        if count + past - opening > len(opened):
            opened = np.concatenate((opened, np.empty(len(opened) + past - opening, np.int32)))
        low, high, mixed = np.uint64(0), np.uint64(0), np.uint64(0)
        for token in range(end, min(end + fills[text, AHEAD] + 1, n_tokens)):
            low |= begin_at[token, 0]
            high |= begin_at[token, 1]
            mixed |= begin_at[token, 2]
        for p in range(opening, past):
            opened[count] = p
            wanted = firsts[p, LOW] & low != 0 and firsts[p, HIGH] & high != 0 and firsts[p, MIXED] & mixed != 0
            count += wanted or firsts[p, SLOT_AND_WHOLE] & np.uint64(1) != 0
    begins[len(texts)] = count
    return begins, opened


@numba.njit(cache=True, nogil=True, inline="always")
def _reach(
    slot: int,
    its_wants: NDArray[np.uint64],
    begin: int,
    end: int,
    states: NDArray[np.int32],
    owners: NDArray[np.int32],
    place: NDArray[np.int32],
    waiting: NDArray[np.int32],
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
            waiting[0, 0] += 1
            at = waiting[0, 0]
            place[slot] = at
            waiting[at, W_SLOT], waiting[at, W_UNTIL] = slot, -1
            waiting[at, W_CHILD], waiting[at, W_PAST_CHILD] = states[slot, CHILD], states[slot, PAST_CHILD]
            wants[at, 0], wants[at, 1], wants[at, 2] = its_wants[0], its_wants[1], its_wants[2]
            for r in range(W_RING, W_RING + 2 * RING):
                waiting[at, r] = -1
        for r in range(W_RING + 2 * RING - 1, W_RING + 1, -1):
            waiting[at, r] = waiting[at, r - 2]
        waiting[at, W_RING], waiting[at, W_RING + 1] = begin, end
        waiting[at, W_UNTIL] = max(waiting[at, W_UNTIL], end + states[slot, REACH])
    return count


@numba.njit(cache=True, nogil=True)
def chains_of(
    texts: NDArray[np.int32],
    sentences: NDArray[np.int32],
    bounds: NDArray[np.int64],
    fills: NDArray[np.int32],
    firsts: NDArray[np.uint64],
    slots: NDArray[np.int32],
    states: NDArray[np.int32],
    its_wants: NDArray[np.uint64],
    owners: NDArray[np.int32],
    place: NDArray[np.int32],
    waiting: NDArray[np.int32],
    wants: NDArray[np.uint64],
    most_owners: int,
    max_hits: int,
) -> NDArray[np.int32]:  # pragma: no cover  (compiled)
    """Put each fixed text of `texts_in` into every slot it fills.

    Return owner, first and past token of the chains that are whole, of each of the texts between `bounds` (see
    `FoldedTexts.tokens`) the first `max_hits`.
    """
    begins, opened = _opened(texts, len(sentences), fills, firsts)
    found = np.empty((16 * len(bounds) + most_owners, 3), np.int32)
    count = 0
    current, limit = 0, max_hits
    sentence = -1
    for row in range(len(texts)):
        text, start, end = texts[row, 0], texts[row, 1], texts[row, 2]
        while start >= bounds[current + 1]:
            current += 1
            limit = count + max_hits
        if sentences[start] != sentence:
            sentence = sentences[start]
            for i in range(1, waiting[0, 0] + 1):
                place[waiting[i, W_SLOT]] = 0
            waiting[0, 0] = 0
        low, high, mixed = bits_of(text)
        # What is reached on the way ends behind `start`: nothing can follow it yet.
        i, n = 1, waiting[0, 0]
        while i <= n:
            if waiting[i, W_UNTIL] < start:
                # Too long ago: the last one takes its place.
                place[waiting[i, W_SLOT]] = 0
                last = waiting[0, 0]
                if i < last:
                    waiting[i] = waiting[last]
                    wants[i] = wants[last]
                    place[waiting[i, W_SLOT]] = i
                waiting[0, 0] = last - 1
                n = min(n, last - 1)
                continue
            at = i
            i += 1
            if not (wants[at, 0] & low and wants[at, 1] & high and wants[at, 2] & mixed):
                continue
            first, past = waiting[at, W_CHILD], waiting[at, W_PAST_CHILD]
            left, right = fills[text, POSTING], fills[text, PAST_POSTING]
            last_posting = right
            while left < right:
                middle = (left + right) >> 1
                if slots[middle] < first:
                    left = middle + 1
                else:
                    right = middle
            while left < last_posting and slots[left] < past:
                slot = slots[left]
                begin = -1
                for r in range(W_RING, W_RING + 2 * RING, 2):
                    its_begin, its_end = waiting[at, r], waiting[at, r + 1]
                    if its_begin > begin and its_end <= start and start - its_end <= states[slot, GAP]:
                        begin = its_begin
                if begin >= 0:
                    if count + most_owners > len(found):
                        found = twice(found)
                    count = _reach(
                        slot, its_wants[slot], begin, end, states, owners, place, waiting, wants, found, count, limit,
                    )  # fmt: skip
                left += 1
        for k in range(begins[row], begins[row + 1]):
            p = opened[k]
            if count + most_owners > len(found):
                found = twice(found)
            count = _reach(
                np.int64(firsts[p, SLOT_AND_WHOLE] >> np.uint64(1)), firsts[p, LOW:], start, end, states, owners, place,
                waiting, wants, found, count, limit,
            )  # fmt: skip
    for i in range(1, waiting[0, 0] + 1):
        place[waiting[i, W_SLOT]] = 0
    waiting[0, 0] = 0
    return found[:count]

"""Find many thousands of phrases at once.

All fixed texts of all slots stand in one trie over tokens, kept as a hash table; a kernel walks it from each token and
follows the chains of slots from hit to hit. The time goes with the text and the hits, not with the number of phrases.
Tokens are compared by hashes of 64 bits: two different ones pass for equal once in billions of texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.signals.folded import Folded
from adscreen.signals.phrases import NUMBER, Literal, Slot, Variant, spell_out
from adscreen.signals.tokens import code_points

MAX_HITS = 20_000
"""Hits that are kept of one text; a text with more repeats itself."""
_RING = 4
"""Ends that are remembered of each slot: alternatives of one slot may end at different places."""
_MAX_NUMBER = 4
_MULTIPLY = np.uint64(0x9E3779B97F4A7C15)
_SEED = np.uint64(0xCBF29CE484222325)
_PREFIX_SALT = np.uint64(0xD6E8FEB86659FD93)
_MAX_PREFIX = 32
_KEY_BITS = 40
_KEY = np.uint64((1 << 64) - (1 << (64 - _KEY_BITS)))
_LOWEST_OF_KEY = np.uint64(1 << (64 - _KEY_BITS))
_ROOT_BITS = 18
_ROOT_SHIFT = np.uint64(64 - _ROOT_BITS)
_WORD, _BEGINNING = 1, 2
_STATE = PARENT, GAP, CHILD, PAST_CHILD, REACH, OWNER, PAST_OWNER = range(7)


class Hit(NamedTuple):
    """A phrase found: whose it is, and the tokens ``first`` to ``last - 1`` of the folded text."""

    owner: int
    first: int
    last: int


class Chains(NamedTuple):
    """Phrases in the form the kernel reads: a trie of the fixed texts, and a tree of the slots of all variants.

    Variants that begin with the same slots share them: each slot is one state of the tree, its children are the slots
    that may follow it, numbered in a row.

    Attributes
    ----------
    steps : ndarray of uint64, shape (a power of two,)
        Hash table of the steps of the trie, open addressing, 0 where empty. The upper `_KEY_BITS` are those of the hash
        of a node and a token, or a node and the beginning of a token; the lower ones the node it leads to, for a
        beginning the fixed text that ends there.
    at_root : ndarray of uint8, shape (a power of two,)
        Flags by some bits of a key: whether a token (bit 0) or a beginning (bit 1) may lead on from the root. Most
        tokens of an ad lead nowhere, and this table stays in the nearest cache.
    text_of : ndarray of int32, shape (n_nodes,)
        The fixed text that ends at a node, or -1.
    beginnings : ndarray of uint32, shape (n_nodes,)
        Bit ``i`` is set if a beginning of ``i + 1`` letters may follow the node.
    openings, firsts : ndarray of int32
        Fixed text ``i`` fills the first slots ``firsts[openings[i]:openings[i + 1]]``. Text 0 stands for a number.
    postings, slots : ndarray of int32
        The same for the slots that follow another, in rising order.
    states : ndarray of int32, shape (n_states, len(_STATE))
        Of each slot, side by side as they are read together: the slot before it (-1 for a first one), the tokens that
        may stand between the two, the first of the slots that may follow it and the first that may not, the largest
        gap of those, and where in `owners` those of the variants that end with it begin and end.
    wants : ndarray of uint64, shape (n_states, 2)
        Bit ``text % 64`` of the first and bit ``text // 64 % 64`` of the second are set if a slot that may follow takes
        the fixed text: where one of the two is not set, none does.
    owners : ndarray of int32
    """

    steps: NDArray[np.uint64]
    at_root: NDArray[np.uint8]
    text_of: NDArray[np.int32]
    beginnings: NDArray[np.uint32]
    openings: NDArray[np.int32]
    firsts: NDArray[np.int32]
    postings: NDArray[np.int32]
    slots: NDArray[np.int32]
    states: NDArray[np.int32]
    wants: NDArray[np.uint64]
    owners: NDArray[np.int32]


class _State:
    """A slot of the tree while it is built; the root has no slot."""

    def __init__(self) -> None:
        self.children: dict[Slot, _State] = {}
        self.owners: list[int] = []


def make_chains(variants: Iterable[tuple[Variant, int]]) -> Chains:
    """Lay variants out for the kernel, each with its owner, any number to know it by."""
    root = _State()
    numbers: dict[Literal, int] = {NUMBER: 0}
    for variant, owner in variants:
        state = root
        for slot in variant:
            for literal in slot.literals:
                numbers.setdefault(literal, len(numbers))
            state = state.children.setdefault(slot, _State())
        if owner not in state.owners:
            state.owners.append(owner)
    # Breadth first, so that the children of a state stand in a row, and so do the postings of a text within them.
    ordered = [(Slot((), 0), root, -1)]
    filled: tuple[list[list[int]], list[list[int]]] = ([[] for _ in numbers], [[] for _ in numbers])
    table: list[tuple[int, ...]] = []
    wants: list[tuple[int, int]] = []
    owners: list[int] = []
    for number, (slot, state, parent) in enumerate(ordered, -1):  # the root is no slot
        first = len(ordered) - 1
        ordered += [(its_slot, child, number) for its_slot, child in state.children.items()]
        reach = max((its_slot.gap for its_slot in state.children), default=0)
        taken = {numbers[literal] for its_slot in state.children for literal in its_slot.literals}
        table.append((parent, slot.gap, first, len(ordered) - 1, reach, len(owners), len(owners) + len(state.owners)))
        low, high = {text % 64 for text in taken}, {text // 64 % 64 for text in taken}
        wants.append((sum(1 << bit for bit in low), sum(1 << bit for bit in high)))
        owners += state.owners
        for literal in dict.fromkeys(slot.literals):
            filled[parent >= 0][numbers[literal]].append(number)
    return Chains(
        *_trie(list(numbers)),
        *_in_a_row(filled[0]),
        *_in_a_row(filled[1]),
        np.array(table, np.int32)[1:],
        np.array(wants, np.uint64)[1:],
        np.array(owners, np.int32),
    )


def _in_a_row(lists: list[list[int]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return where each list begins in the row of all, with the end of the last, and that row."""
    bounds = np.zeros(len(lists) + 1, np.int32)
    np.cumsum([len(each) for each in lists], out=bounds[1:])
    return bounds, np.array([number for each in lists for number in each], np.int32)


def _trie(
    literals: list[Literal],
) -> tuple[NDArray[np.uint64], NDArray[np.uint8], NDArray[np.int32], NDArray[np.uint32]]:
    at_root = np.zeros(1 << _ROOT_BITS, np.uint8)
    steps: dict[int, int] = {}
    text_of = [-1]
    beginnings = [0]
    hashes: dict[str, np.uint64] = {}
    for number, literal in enumerate(literals):
        if literal == NUMBER:
            continue
        words = literal.text.split(" ")
        node = 0
        for i, word in enumerate(words):
            if word not in hashes:
                hashes[word] = np.uint64(_hash_word(code_points(word)))
            if literal.prefix and i == len(words) - 1:
                # A beginning longer than the kernel looks at counts by its first letters.
                part = word[:_MAX_PREFIX]
                key = int(_step(node, np.uint64(_hash_word(code_points(part))), True))
                steps[key] = number
                if node == 0:
                    at_root[key >> (64 - _ROOT_BITS)] |= _BEGINNING
                beginnings[node] |= 1 << (len(part) - 1)
                break
            key = int(_step(node, hashes[word], False))
            if key not in steps:
                steps[key] = len(text_of)
                if node == 0:
                    at_root[key >> (64 - _ROOT_BITS)] |= _WORD
                text_of.append(-1)
                beginnings.append(0)
            node = steps[key]
        else:
            text_of[node] = number
    size = 16
    while size < 2 * len(steps):
        size *= 2
    table = np.zeros(size, np.uint64)
    _fill(table, np.array(list(steps), np.uint64), np.array(list(steps.values()), np.uint64))
    return table, at_root, np.array(text_of, np.int32), np.array(beginnings, np.uint32)


@numba.njit(cache=True, nogil=True)
def _hash_word(codes: NDArray[np.uint32]) -> np.uint64:  # pragma: no cover  (compiled)
    value = _SEED
    for code in codes:
        value = (value ^ np.uint64(code)) * _MULTIPLY
        value ^= value >> np.uint64(29)
    return value


@numba.njit(cache=True, nogil=True, inline="always")
def _step(node: int, word: np.uint64, prefix: bool) -> np.uint64:  # pragma: no cover  (compiled)
    value = (np.uint64(word) ^ (np.uint64(node) * _PREFIX_SALT)) * _MULTIPLY
    if prefix:
        value += _PREFIX_SALT
    value ^= value >> np.uint64(32)
    return value | _LOWEST_OF_KEY


@numba.njit(cache=True, nogil=True)
def _fill(
    steps: NDArray[np.uint64], keys: NDArray[np.uint64], values: NDArray[np.uint64]
) -> None:  # pragma: no cover  (compiled)
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


class _Memory(NamedTuple):
    """What the kernel remembers while it reads a text.

    Attributes
    ----------
    ring : ndarray of int32, shape (n_states, 2 * _RING)
        Where the last chains that reached a slot began and ended, latest first; -1 where there is none.
    place : ndarray of int32, shape (n_states,)
        Where in `waiting` a slot is, 0 where it is not; 0 for all between two texts.
    waiting : ndarray of int32, shape (n_states + 1,)
        The slots reached in this sentence which others may follow, from place 1 on; the first number counts them.
    until : ndarray of int32, shape (n_states + 1,)
        The last token that may follow each of them.
    wants : ndarray of uint64, shape (n_states + 1, 2)
        What may follow; see `Chains`.
    """

    ring: NDArray[np.int32]
    place: NDArray[np.int32]
    waiting: NDArray[np.int32]
    until: NDArray[np.int32]
    wants: NDArray[np.uint64]


@numba.njit(cache=True, nogil=True)
def _texts_in(
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
            if count + _MAX_PREFIX + 1 > len(found):
                found = _twice(found)
            wanted = beginnings[node]
            for i in range(min(length, _MAX_PREFIX)):
                if wanted >> i & 1:
                    key = _step(node, upto[places[token] + i], True)
                    if node == 0 and not at_root[key >> _ROOT_SHIFT] & _BEGINNING:
                        continue
                    text = _look_up(steps, key)
                    if text >= 0:
                        found[count, 0], found[count, 1], found[count, 2] = text, first, token + 1
                        count += 1
            if length == 0:
                break
            key = _step(node, upto[ends[token] - 1], False)
            if node == 0 and not at_root[key >> _ROOT_SHIFT] & _WORD:
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
            for r in range(2 * _RING):
                ring[slot, r] = -1
        for r in range(2 * _RING - 1, 1, -1):
            ring[slot, r] = ring[slot, r - 2]
        ring[slot, 0], ring[slot, 1] = begin, end
        until[at] = max(until[at], end + states[slot, REACH])
    return count


@numba.njit(cache=True, nogil=True, inline="always")
def _bit(text: int) -> np.uint64:  # pragma: no cover  (compiled)
    return np.uint64(1) << np.uint64(text & 63)


@numba.njit(cache=True, nogil=True)
def _chains_of(
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
    """Put each fixed text of `_texts_in` into every slot it fills.

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
                for r in range(_RING):
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


class PhraseFinder:
    """Finds phrases.

    Parameters
    ----------
    chains : Chains
        Of `make_chains`.
    """

    def __init__(self, chains: Chains) -> None:
        self._chains = chains
        n_states = len(chains.states)
        room = n_states + 1
        self._memory = _Memory(
            np.full((n_states, 2 * _RING), -1, np.int32),
            np.zeros(n_states, np.int32),
            np.zeros(room, np.int32),
            np.zeros(room, np.int32),
            np.zeros((room, 2), np.uint64),
        )
        self._found = np.empty((64, 3), np.int32)
        # What is asked of every first slot of a text, in the order it is asked.
        of_firsts = chains.states[chains.firsts]
        self._first_wants = chains.wants[chains.firsts]
        self._whole = of_firsts[:, OWNER] < of_firsts[:, PAST_OWNER]
        self._ahead = np.zeros(len(chains.openings) - 1, np.int32)
        opened = np.diff(chains.openings) > 0
        if len(of_firsts):
            self._ahead[opened] = np.maximum.reduceat(of_firsts[:, REACH], chains.openings[:-1][opened])
        self._with_numbers = bool(chains.openings[1] > 0 or chains.postings[1] > 0)

    def find(self, folded: Folded) -> list[Hit]:
        """Return all hits in `folded`, each once, in reading order."""
        chains = self._chains
        if not len(folded.places) or not len(chains.states):
            return []
        texts = _texts_in(
            folded.codes, folded.places, folded.sentences,
            chains.steps, chains.at_root, chains.text_of, chains.beginnings, self._with_numbers,
        )  # fmt: skip
        while True:
            count = _chains_of(
                texts, folded.sentences, chains.openings, chains.firsts, self._first_wants, self._whole, self._ahead,
                chains.postings, chains.slots,
                chains.states, chains.wants, chains.owners,
                *self._memory, self._found,
            )  # fmt: skip
            # Most texts have few hits; room for more is made where it is needed.
            if count <= len(self._found) or len(self._found) >= MAX_HITS:
                break
            self._found = np.empty((min(MAX_HITS, 2 * count), 3), np.int32)
        if count == 0:
            return []
        rows = {(first, last, owner) for owner, first, last in self._found[:count].tolist()}
        return [Hit(owner, first, last) for first, last, owner in sorted(rows)]


def variants_of(phrases: Sequence[str], owner: int) -> list[tuple[Variant, int]]:
    """Return the variants of `phrases` for `make_chains`; errors as `adscreen.signals.phrases.spell_out`."""
    return [(variant, owner) for phrase in phrases for variant in spell_out(phrase)]

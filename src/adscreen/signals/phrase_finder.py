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
from adscreen.signals.phrases import NUMBER, Literal, Variant, spell_out
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


class Hit(NamedTuple):
    """A phrase found: whose it is, and the tokens ``first`` to ``last - 1`` of the folded text."""

    owner: int
    first: int
    last: int


class Chains(NamedTuple):
    """Phrases in the form the kernel reads: a trie of the fixed texts, and every slot of every variant in a row.

    Attributes
    ----------
    keys : ndarray of uint64, shape (a power of two,)
        Hash table of the steps of the trie, open addressing: a node and a token, or a node and the beginning of a
        token; 0 where empty.
    steps : ndarray of int32, shape as `keys`
        The node a token leads to; for a beginning, the fixed text that ends there.
    text_of : ndarray of int32, shape (n_nodes,)
        The fixed text that ends at a node, or -1.
    beginnings : ndarray of uint32, shape (n_nodes,)
        Bit ``i`` is set if a beginning of ``i + 1`` letters may follow the node.
    postings, slots : ndarray of int32
        Fixed text ``i`` fills the slots ``slots[postings[i]:postings[i + 1]]``. Text 0 stands for a number.
    gap : ndarray of int32, shape (n_slots,)
        Tokens that may stand before the slot; -1 for the first slot of a variant.
    owner : ndarray of int32, shape (n_slots,)
        Owner of the variant at its last slot, -1 elsewhere.
    """

    keys: NDArray[np.uint64]
    steps: NDArray[np.int32]
    text_of: NDArray[np.int32]
    beginnings: NDArray[np.uint32]
    postings: NDArray[np.int32]
    slots: NDArray[np.int32]
    gap: NDArray[np.int32]
    owner: NDArray[np.int32]


def make_chains(variants: Iterable[tuple[Variant, int]]) -> Chains:
    """Lay variants out for the kernel, each with its owner, any number to know it by."""
    places: dict[Literal, list[int]] = {NUMBER: []}
    gap: list[int] = []
    owners: list[int] = []
    for variant, owner in variants:
        for i, slot in enumerate(variant):
            for literal in slot.literals:
                places.setdefault(literal, []).append(len(gap))
            gap.append(-1 if i == 0 else slot.gap)
            owners.append(owner if i == len(variant) - 1 else -1)
    postings = np.zeros(len(places) + 1, np.int32)
    np.cumsum([len(slots) for slots in places.values()], out=postings[1:])
    return Chains(
        *_trie(list(places)),
        postings,
        np.array([slot for slots in places.values() for slot in slots], np.int32),
        np.array(gap, np.int32),
        np.array(owners, np.int32),
    )


def _trie(
    literals: list[Literal],
) -> tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int32], NDArray[np.uint32]]:
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
                steps[int(_step(node, np.uint64(_hash_word(code_points(part))), True))] = number
                beginnings[node] |= 1 << (len(part) - 1)
                break
            key = int(_step(node, hashes[word], False))
            if key not in steps:
                steps[key] = len(text_of)
                text_of.append(-1)
                beginnings.append(0)
            node = steps[key]
        else:
            text_of[node] = number
    size = 16
    while size < 2 * len(steps):
        size *= 2
    keys, values = np.zeros(size, np.uint64), np.zeros(size, np.int32)
    _fill(keys, values, np.array(list(steps), np.uint64), np.array(list(steps.values()), np.int32))
    return keys, values, np.array(text_of, np.int32), np.array(beginnings, np.uint32)


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
    return value | np.uint64(1)


@numba.njit(cache=True, nogil=True)
def _fill(
    keys: NDArray[np.uint64], values: NDArray[np.int32], new: NDArray[np.uint64], its: NDArray[np.int32]
) -> None:  # pragma: no cover  (compiled)
    mask = np.uint64(len(keys) - 1)
    for i in range(len(new)):
        place = (new[i] >> np.uint64(7)) & mask
        while keys[place] != 0:
            place = (place + np.uint64(1)) & mask
        keys[place] = new[i]
        values[place] = its[i]


@numba.njit(cache=True, nogil=True, inline="always")
def _look_up(keys: NDArray[np.uint64], steps: NDArray[np.int32], key: np.uint64) -> int:  # pragma: no cover
    mask = np.uint64(len(keys) - 1)
    place = (key >> np.uint64(7)) & mask
    while keys[place] != 0:
        if keys[place] == key:
            return int(steps[place])
        place = (place + np.uint64(1)) & mask
    return -1


@numba.njit(cache=True, nogil=True)
def _emit(
    text: int,
    start: int,
    end: int,
    postings: NDArray[np.int32],
    slots: NDArray[np.int32],
    gap: NDArray[np.int32],
    owner: NDArray[np.int32],
    sentences: NDArray[np.int32],
    text_number: int,
    seen_in: NDArray[np.int64],
    ring: NDArray[np.int32],
    found: NDArray[np.int32],
    count: int,
) -> int:  # pragma: no cover  (compiled)
    """Put a fixed text into every slot it fills; write the chains that are whole to `found`, return their number.

    `seen_in` says in which text the `ring` of a slot was last written, so that it need not be emptied.
    """
    for p in range(postings[text], postings[text + 1]):
        slot = slots[p]
        begin = start
        if gap[slot] >= 0:
            before = slot - 1
            if seen_in[before] != text_number:
                continue
            begin = -1
            for r in range(_RING):
                its_begin, its_end = ring[before, 2 * r], ring[before, 2 * r + 1]
                near = its_begin >= 0 and its_end <= start and start - its_end <= gap[slot]
                if near and its_begin > begin and sentences[its_begin] == sentences[start]:
                    begin = its_begin
            if begin < 0:
                continue
        if owner[slot] >= 0:
            if count < len(found):
                found[count, 0], found[count, 1], found[count, 2] = owner[slot], begin, end
            count += 1
            continue
        if seen_in[slot] != text_number:
            seen_in[slot] = text_number
            ring[slot, :] = -1
        for r in range(_RING - 1, 0, -1):
            ring[slot, 2 * r], ring[slot, 2 * r + 1] = ring[slot, 2 * r - 2], ring[slot, 2 * r - 1]
        ring[slot, 0], ring[slot, 1] = begin, end
    return count


@numba.njit(cache=True, nogil=True)
def _find(
    codes: NDArray[np.uint32],
    places: NDArray[np.int32],
    sentences: NDArray[np.int32],
    keys: NDArray[np.uint64],
    steps: NDArray[np.int32],
    text_of: NDArray[np.int32],
    beginnings: NDArray[np.uint32],
    postings: NDArray[np.int32],
    slots: NDArray[np.int32],
    gap: NDArray[np.int32],
    owner: NDArray[np.int32],
    text_number: int,
    seen_in: NDArray[np.int64],
    ring: NDArray[np.int32],
    found: NDArray[np.int32],
) -> int:  # pragma: no cover  (compiled)
    """Fill `found` with owner, first and last token of each hit; return how many there are."""
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
    has_numbers = postings[1] > 0
    count = 0
    for first in range(n_tokens):
        if has_numbers and numeric[first]:
            goes_on = first > 0 and numeric[first - 1] and sentences[first - 1] == sentences[first]
            last = first
            while not goes_on and last < n_tokens and numeric[last] and last - first < _MAX_NUMBER:
                if sentences[last] != sentences[first]:
                    break
                last += 1
                count = _emit(
                    0, first, last, postings, slots, gap, owner, sentences, text_number, seen_in, ring, found, count
                )  # fmt: skip
        node = 0
        token = first
        while token < n_tokens and sentences[token] == sentences[first]:
            length = ends[token] - places[token]
            wanted = beginnings[node]
            for i in range(min(length, _MAX_PREFIX)):
                if wanted >> i & 1:
                    text = _look_up(keys, steps, _step(node, upto[places[token] + i], True))
                    if text >= 0:
                        count = _emit(
                            text, first, token + 1, postings, slots, gap, owner, sentences, text_number, seen_in, ring,
                            found, count,
                        )  # fmt: skip
            if length == 0:
                break
            node = _look_up(keys, steps, _step(node, upto[ends[token] - 1], False))
            if node < 0:
                break
            token += 1
            if text_of[node] >= 0:
                count = _emit(
                    text_of[node], first, token, postings, slots, gap, owner, sentences, text_number, seen_in, ring,
                    found, count,
                )  # fmt: skip
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
        self._seen_in = np.zeros(len(chains.gap), np.int64)
        self._ring = np.full((len(chains.gap), 2 * _RING), -1, np.int32)
        self._found = np.empty((64, 3), np.int32)
        self._texts = 0

    def find(self, folded: Folded) -> list[Hit]:
        """Return all hits in `folded`, each once, in reading order."""
        if not len(folded.places) or not len(self._chains.gap):
            return []
        while True:
            self._texts += 1
            count = _find(
                folded.codes, folded.places, folded.sentences, *self._chains,
                self._texts, self._seen_in, self._ring, self._found,
            )  # fmt: skip
            # Most texts have few hits; room for more is made where it is needed.
            if count <= len(self._found) or len(self._found) >= MAX_HITS:
                break
            self._found = np.empty((min(MAX_HITS, 2 * count), 3), np.int32)
        if count == 0:
            return []
        rows = set(map(tuple, self._found[:count].tolist()))
        return [Hit(*row) for row in sorted(rows, key=lambda row: (row[1], row[2], row[0]))]


def variants_of(phrases: Sequence[str], owner: int) -> list[tuple[Variant, int]]:
    """Return the variants of `phrases` for `make_chains`; errors as `adscreen.signals.phrases.spell_out`."""
    return [(variant, owner) for phrase in phrases for variant in spell_out(phrase)]

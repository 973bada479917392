"""Phrases laid out for the kernel: a trie of their fixed texts, and a tree of their slots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adscreen.signals.phrase_kernel import BEGINNING, MAX_PREFIX, ROOT_BITS, WORD, fill, hash_word, step
from adscreen.signals.phrases import NUMBER, Literal, Slot, Variant, spell_out
from adscreen.signals.tokens import code_points


class Chains(NamedTuple):
    """Phrases in the form the kernel reads: a trie of the fixed texts, and a tree of the slots of all variants.

    Variants that begin with the same slots share them: each slot is one state of the tree, its children are the slots
    that may follow it, numbered in a row.

    Attributes
    ----------
    steps : ndarray of uint64, shape (a power of two,)
        Hash table of the steps of the trie, open addressing, 0 where empty. The upper `KEY_BITS` are those of the hash
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
    states : ndarray of int32, shape (n_states, len(STATE))
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
    at_root = np.zeros(1 << ROOT_BITS, np.uint8)
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
                hashes[word] = np.uint64(hash_word(code_points(word)))
            if literal.prefix and i == len(words) - 1:
                # A beginning longer than the kernel looks at counts by its first letters.
                part = word[:MAX_PREFIX]
                key = int(step(node, np.uint64(hash_word(code_points(part))), True))
                steps[key] = number
                if node == 0:
                    at_root[key >> (64 - ROOT_BITS)] |= BEGINNING
                beginnings[node] |= 1 << (len(part) - 1)
                break
            key = int(step(node, hashes[word], False))
            if key not in steps:
                steps[key] = len(text_of)
                if node == 0:
                    at_root[key >> (64 - ROOT_BITS)] |= WORD
                text_of.append(-1)
                beginnings.append(0)
            node = steps[key]
        else:
            text_of[node] = number
    size = 16
    while size < 2 * len(steps):
        size *= 2
    table = np.zeros(size, np.uint64)
    fill(table, np.array(list(steps), np.uint64), np.array(list(steps.values()), np.uint64))
    return table, at_root, np.array(text_of, np.int32), np.array(beginnings, np.uint32)


def variants_of(phrases: Sequence[str], owner: int) -> list[tuple[Variant, int]]:
    """Return the variants of `phrases` for `make_chains`; errors as `adscreen.signals.phrases.spell_out`."""
    return [(variant, owner) for phrase in phrases for variant in spell_out(phrase)]

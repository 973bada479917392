"""Phrases laid out for the kernel: a trie of their fixed texts, and a tree of their slots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adscreen.signals.phrase_kernel import (
    ENDS,
    FILTER_BITS,
    MAX_PREFIX,
    NODE,
    WORDS,
    beginning,
    bits_of,
    branch,
    fill,
    hash_word,
    note,
    step,
)
from adscreen.signals.phrases import NUMBER, Literal, Slot, Variant, spell_out
from adscreen.signals.tokens import code_points

STATE = PARENT, GAP, CHILD, PAST_CHILD, REACH, OWNER, PAST_OWNER = range(7)
FILLS = OPENING, PAST_OPENING, POSTING, PAST_POSTING, AHEAD = range(5)


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
    root_filter : ndarray of uint64, shape (a power of two,)
        Two bits for each step from the root. Where one is not set, a token or a beginning leads nowhere: most tokens of
        an ad do, and this table stays in the nearer caches.
    nodes : ndarray of uint64, shape (n_nodes, len(NODE))
        Of each node, side by side as they are read together: in the lower half of the first number, one more than the
        fixed text that ends there (0: none), in the upper half bit ``i`` if a beginning of ``i + 1`` letters may
        follow; in the second a bit for each token that may follow.
    fills : ndarray of int32, shape (n_texts, len(FILLS))
        What each fixed text fills, side by side: the first slots ``firsts[OPENING:PAST_OPENING]``, the slots that
        follow another ``slots[POSTING:PAST_POSTING]``, in rising order, and the most tokens that may stand between it
        and the text after it where it fills a first slot. Text 0 stands for a number.
    firsts, slots : ndarray of int32
    states : ndarray of int32, shape (n_states, len(STATE))
        Of each slot, side by side as they are read together: the slot before it (-1 for a first one), the tokens that
        may stand between the two, the first of the slots that may follow it and the first that may not, the largest
        gap of those, and where in `owners` those of the variants that end with it begin and end.
    wants : ndarray of uint64, shape (n_states, 3)
        The three bits of each fixed text that a slot takes which may follow (see `adscreen.signals.phrase_kernel`):
        where one of those of a text is not set, it does not follow.
    owners : ndarray of int32
    """

    steps: NDArray[np.uint64]
    root_filter: NDArray[np.uint64]
    nodes: NDArray[np.uint64]
    fills: NDArray[np.int32]
    firsts: NDArray[np.int32]
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
    wants: list[tuple[int, ...]] = []
    owners: list[int] = []
    for number, (slot, state, parent) in enumerate(ordered, -1):  # the root is no slot
        first = len(ordered) - 1
        ordered += [(its_slot, child, number) for its_slot, child in state.children.items()]
        reach = max((its_slot.gap for its_slot in state.children), default=0)
        taken = {numbers[literal] for its_slot in state.children for literal in its_slot.literals}
        table.append((parent, slot.gap, first, len(ordered) - 1, reach, len(owners), len(owners) + len(state.owners)))
        wants.append(tuple(_any_bit(bits) for bits in zip(*map(bits_of, taken), strict=True)) or (0, 0, 0))
        owners += state.owners
        for literal in dict.fromkeys(slot.literals):
            filled[parent >= 0][numbers[literal]].append(number)
    states = np.array(table, np.int32)[1:]
    (openings, firsts), (postings, slots) = map(_in_a_row, filled)
    ahead = [int(states[opened, REACH].max(initial=0)) for opened in filled[0]]
    return Chains(
        *_trie(list(numbers)),
        np.column_stack([openings[:-1], openings[1:], postings[:-1], postings[1:], np.array(ahead, np.int32)]),
        firsts,
        slots,
        states,
        np.array(wants, np.uint64)[1:],
        np.array(owners, np.int32),
    )


def _any_bit(bits: Iterable[int]) -> int:
    return reduce(or_, map(int, bits))


def _in_a_row(lists: list[list[int]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return where each list begins in the row of all, with the end of the last, and that row."""
    bounds = np.zeros(len(lists) + 1, np.int32)
    np.cumsum([len(each) for each in lists], out=bounds[1:])
    return bounds, np.array([number for each in lists for number in each], np.int32)


def _trie(
    literals: list[Literal],
) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64]]:
    steps: dict[int, int] = {}
    from_root: list[int] = []
    nodes = [[0] * len(NODE)]
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
                    from_root.append(key)
                nodes[node][ENDS] |= int(beginning(len(part)))
                break
            key = int(step(node, hashes[word], False))
            if key not in steps:
                steps[key] = len(nodes)
                if node == 0:
                    from_root.append(key)
                nodes[node][WORDS] |= int(branch(hashes[word]))
                nodes.append([0] * len(NODE))
            node = steps[key]
        else:
            nodes[node][ENDS] |= number + 1
    size = 16
    while size < 2 * len(steps):
        size *= 2
    table = np.zeros(size, np.uint64)
    fill(table, np.array(list(steps), np.uint64), np.array(list(steps.values()), np.uint64))
    root_filter = np.zeros(1 << FILTER_BITS, np.uint64)
    note(root_filter, np.array(from_root, np.uint64))
    return table, root_filter, np.array(nodes, np.uint64)


def variants_of(phrases: Sequence[str], owner: int) -> list[tuple[Variant, int]]:
    """Return the variants of `phrases` for `make_chains`; errors as `adscreen.signals.phrases.spell_out`."""
    return [(variant, owner) for phrase in phrases for variant in spell_out(phrase)]

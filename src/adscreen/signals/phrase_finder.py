"""Find many thousands of phrases at once.

All fixed texts of all slots stand in one trie over tokens, kept as a hash table; a kernel walks it from each token and
follows the chains of slots from hit to hit. The time goes with the text and the hits, not with the number of phrases.
Tokens are compared by hashes of 64 bits: two different ones pass for equal once in billions of texts.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adscreen.signals.chain_kernel import RING, W_RING, chains_of
from adscreen.signals.folded import Folded, FoldedTexts
from adscreen.signals.phrase_chains import OPENING, OWNER, PAST_OPENING, PAST_OWNER, PAST_POSTING, POSTING, Chains
from adscreen.signals.phrase_kernel import texts_in

MAX_HITS = 20_000
"""Hits that are kept of one text; a text with more repeats itself."""


class Hit(NamedTuple):
    """A phrase found: whose it is, and the tokens ``first`` to ``last - 1`` of the folded text."""

    owner: int
    first: int
    last: int


class _Memory(NamedTuple):
    """What the kernel remembers while it reads a text.

    Attributes
    ----------
    place : ndarray of int32, shape (n_states,)
        Where in `waiting` a slot is, 0 where it is not; 0 for all between two texts.
    waiting : ndarray of int32, shape (n_states + 1, W_RING + 2 * RING)
        The slots reached in this sentence which others may follow, from place 1 on; the first number counts them.
    wants : ndarray of uint64, shape (n_states + 1, 3)
        What may follow each of them; see `Chains`.
    """

    place: NDArray[np.int32]
    waiting: NDArray[np.int32]
    wants: NDArray[np.uint64]


class PhraseFinder:
    """Finds phrases.

    Parameters
    ----------
    chains : Chains
        Of `adscreen.signals.phrase_chains.make_chains`.
    """

    def __init__(self, chains: Chains) -> None:
        self._chains = chains
        n_states = len(chains.states)
        # Memory that is not written is not taken: few slots wait at once.
        self._memory = _Memory(
            np.zeros(n_states, np.int32),
            np.zeros((n_states + 1, W_RING + 2 * RING), np.int32),
            np.zeros((n_states + 1, 3), np.uint64),
        )
        # What is asked of every first slot of a text, in the order it is asked.
        of_firsts = chains.states[chains.firsts]
        whole = of_firsts[:, OWNER] < of_firsts[:, PAST_OWNER]
        numbers = 2 * chains.firsts.astype(np.uint64) + whole
        self._firsts = np.column_stack([numbers, chains.wants[chains.firsts]])
        self._most_owners = int((chains.states[:, PAST_OWNER] - chains.states[:, OWNER]).max(initial=0))
        number = chains.fills[0]
        self._with_numbers = bool(number[PAST_OPENING] > number[OPENING] or number[PAST_POSTING] > number[POSTING])

    def find(self, folded: Folded) -> list[Hit]:
        """Return all hits in `folded`, each once, in reading order."""
        whole = FoldedTexts(folded, np.array([0, len(folded.places)]), np.array([0, len(folded.codes)]))
        return self.find_all(whole)[0]

    def find_all(self, texts: FoldedTexts) -> list[list[Hit]]:
        """Return what `find` does of each of `texts`; the tokens of a hit are counted from the first of its text."""
        chains = self._chains
        bounds = texts.tokens
        codes, places, sentences, *_ = texts.folded
        if not len(places) or not len(chains.states):
            return [[] for _ in range(len(bounds) - 1)]
        fixed = texts_in(
            codes, places, sentences, bounds, chains.steps, chains.root_filter, chains.nodes, self._with_numbers
        )
        found = chains_of(
            fixed, sentences, bounds, chains.fills, self._firsts, chains.slots, chains.states, chains.wants,
            chains.owners, *self._memory, self._most_owners, MAX_HITS,
        )  # fmt: skip
        if not len(found):
            return [[] for _ in range(len(bounds) - 1)]
        if len(bounds) == 2:
            # An ad on its own has few hits: numpy takes longer to begin than to sort them takes.
            rows = sorted({(first, last, owner) for owner, first, last in found.tolist()})
            begin = int(bounds[0])
            return [[Hit(owner, first - begin, last - begin) for first, last, owner in rows]]
        found = found[np.lexsort((found[:, 0], found[:, 2], found[:, 1]))]
        again = np.zeros(len(found), np.bool_)
        again[1:] = (found[1:] == found[:-1]).all(axis=1)
        owners, firsts, lasts = found[~again].T
        cuts = np.searchsorted(firsts, bounds)
        before = np.repeat(bounds[:-1], np.diff(cuts))
        hits = list(map(Hit, owners.tolist(), (firsts - before).tolist(), (lasts - before).tolist()))
        return [hits[first:past] for first, past in pairwise(cuts.tolist())]

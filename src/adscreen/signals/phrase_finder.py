"""Find many thousands of phrases at once.

All fixed texts of all slots stand in one trie over tokens, kept as a hash table; a kernel walks it from each token and
follows the chains of slots from hit to hit. The time goes with the text and the hits, not with the number of phrases.
Tokens are compared by hashes of 64 bits: two different ones pass for equal once in billions of texts.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adscreen.signals.folded import Folded
from adscreen.signals.phrase_chains import Chains
from adscreen.signals.phrase_kernel import OWNER, PAST_OWNER, REACH, RING, chains_of, texts_in

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
    ring : ndarray of int32, shape (n_states, 2 * RING)
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
        room = n_states + 1
        self._memory = _Memory(
            np.full((n_states, 2 * RING), -1, np.int32),
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
        texts = texts_in(
            folded.codes, folded.places, folded.sentences,
            chains.steps, chains.at_root, chains.text_of, chains.beginnings, self._with_numbers,
        )  # fmt: skip
        while True:
            count = chains_of(
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

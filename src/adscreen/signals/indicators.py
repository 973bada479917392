"""Find indicators: phrases of every language, less those that are negated or void where they stand."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from adscreen.signals.folded import Folded, FoldedTexts, fold_texts
from adscreen.signals.indicator_files import Catalogue, read_catalogue, shipped_catalogue
from adscreen.signals.indicator_index import FOLDER, Index, Owner, build_index, shipped_index
from adscreen.signals.phrase_finder import Hit, PhraseFinder

NEGATION_WORDS = 3
"""How many words before or after a phrase a negation may stand."""
_NEGATION_LETTERS = 6


class Finding(NamedTuple):
    """An indicator found: ``text[start:end]`` is the evidence, in the language its phrase is written in."""

    code: str
    start: int
    end: int
    language: str


class IndicatorFinder:
    """Finds the phrases of a catalogue.

    Parameters
    ----------
    catalogue : Catalogue
    index : Index, optional
        Of its phrases; built unless given.
    """

    def __init__(self, catalogue: Catalogue, index: Index | None = None) -> None:
        self.catalogue = catalogue
        index = build_index(catalogue) if index is None else index
        self._owners = index.owners
        self._cancels = [owner.cancels for owner in index.owners]
        self._lowers = [catalogue.indicators[owner.code].lowers for owner in index.owners]
        self._words = index.negations
        self._negations: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        self._finder = PhraseFinder(index.chains)

    def find(self, text: str) -> list[Finding]:
        """Return the indicators of `text`, a clean text, in reading order.

        Of hits of one indicator that overlap the longest counts. A hit is void where a negation of its language
        stands beside it, where a cancelling phrase of its code stands in the same sentence, and where a longer
        hit that lowers concern covers it ("we never ask for fees").
        """
        return self.find_in(fold_texts([text]))[0]

    def find_in(self, texts: FoldedTexts) -> list[list[Finding]]:
        """Return what `find` does, of each of some folded texts."""
        found = self._finder.find_all(texts)
        return [self._findings(hits, texts, i) if hits else [] for i, hits in enumerate(found)]

    def _findings(self, hits: list[Hit], texts: FoldedTexts, number: int) -> list[Finding]:
        cancels, lowers = self._cancels, self._lowers
        cancelled = [hit for hit in hits if cancels[hit.owner]]
        kept = [hit for hit in hits if not cancels[hit.owner]] if cancelled else hits
        # Most hits lower concern: only a cancelling phrase makes those void. The text is read for the others.
        lowering = [hit for hit in kept if lowers[hit.owner]]
        if cancelled or len(lowering) < len(kept):
            folded = texts.text(number)
            text = folded.text
            kept = [hit for hit in kept if not self._is_void(hit, lowering, cancelled, folded, text)]
        first_token = int(texts.tokens[number])
        starts, ends = texts.folded.starts, texts.folded.ends
        findings = []
        for hit in _longest(kept, self._owners):
            start, end = int(starts[first_token + hit.first]), int(ends[first_token + hit.last - 1])
            owner = self._owners[hit.owner]
            findings.append(Finding(owner.code, start, end, owner.language))
        return findings

    def _is_void(self, hit: Hit, lowering: list[Hit], cancelled: list[Hit], folded: Folded, text: str) -> bool:
        owner = self._owners[hit.owner]
        for other in cancelled:
            if (
                self._owners[other.owner].code == owner.code
                and folded.sentences[hit.first] == folded.sentences[other.first]
            ):
                return True
        if self._lowers[hit.owner]:
            return False
        if any(other.first <= hit.first and hit.last <= other.last for other in lowering):
            return True
        negatable = self.catalogue.indicators[owner.code].negatable
        return negatable and self._negated(hit, owner.language, folded, text)

    def _negated(self, hit: Hit, language: str, folded: Folded, text: str) -> bool:
        places, clauses = folded.places, folded.clauses
        if language not in self._negations:
            # Folded when needed: few of the languages are in the ads of one run.
            before, after = map(_folded_words, self._words[language])
            self._negations[language] = before, after
        before, after = self._negations[language]
        if before:
            start = int(places[hit.first])
            # "Not paid, no contract": the first clause negates nothing of the second.
            clause = int(places[np.searchsorted(clauses, clauses[hit.first])])
            if _has_one(_last_words(text[max(clause, start - 60) : start]), before):
                return True
        if after and hit.last < len(places) and clauses[hit.last] == clauses[hit.last - 1]:
            end = int(places[hit.last]) - 1
            past = int(np.searchsorted(clauses, clauses[hit.last], "right"))
            clause_end = int(places[past]) if past < len(places) else len(text)
            return _has_one(_first_words(text[end : min(end + 60, clause_end)]), after)
        return False


@cache
def shipped_finder() -> IndicatorFinder:
    """Return the finder for the indicators that ship with adscreen."""
    return IndicatorFinder(shipped_catalogue(), shipped_index())


def finder_with(folder: Path) -> IndicatorFinder:
    """Return a finder for the indicators that ship and those of a folder of the user.

    Raises
    ------
    UsageError
        If a file does not follow the form; see `adscreen.signals.indicator_files.read_catalogue`.
    """
    shipped = read_catalogue(FOLDER)
    return IndicatorFinder(read_catalogue(folder, shipped))


def _folded_words(words: list[str]) -> frozenset[str]:
    folded = fold_texts(words)  # all in one call
    return frozenset(folded.text(i).text.strip() for i in range(len(words)))


def _has_one(words: list[str], known: frozenset[str]) -> bool:
    """Return whether a row of `words` is one of `known`, of which some are several words."""
    if not known.isdisjoint(words):
        return True
    begins = _begins_of_several(known)
    return any(
        " ".join(words[first:past]) in known
        for first, word in enumerate(words)
        if word in begins
        for past in range(first + 2, len(words) + 1)
    )


@lru_cache(maxsize=256)  # two for each language
def _begins_of_several(known: frozenset[str]) -> frozenset[str]:
    """Return the first word of each of `known` that is several words."""
    return frozenset(each.split(" ", 1)[0] for each in known if " " in each)


def _last_words(text: str) -> list[str]:
    words = text.split()
    return words[-_room(words[-1]) :] if words else []


def _first_words(text: str) -> list[str]:
    words = text.split()
    return words[: _room(words[0])] if words else []


def _room(nearest: str) -> int:
    """Return how many words a negation may stand off, given the word next to the phrase."""
    letters = len(nearest) == 1 and not nearest.isascii()
    return _NEGATION_LETTERS if letters else NEGATION_WORDS


def _longest(hits: list[Hit], owners: list[Owner]) -> list[Hit]:
    kept: list[Hit] = []
    last: dict[str, Hit] = {}
    for hit in sorted(hits, key=lambda hit: (hit.first, -hit.last)):
        code = owners[hit.owner].code
        if code not in last or hit.first >= last[code].last:
            kept.append(hit)
            last[code] = hit
    return kept

"""Licence numbers: found by the form their regulator gives them, never verified."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from adscreen.shipped_yaml import load_yaml
from adscreen.signals.folded import FoldedTexts, fold_texts, with_zeros
from adscreen.signals.phrase_chains import make_chains
from adscreen.signals.phrase_finder import PhraseFinder
from adscreen.signals.phrases import Literal, Slot

_BEFORE, _AFTER = 50, 90
"""Characters around a cue within which the number must stand."""


class Licence(NamedTuple):
    """A number in the form of a regulator: ``text[start:end]``, unverified.

    `country` is the ISO 3166 code of the regulator's country.
    """

    country: str
    regulator: str
    start: int
    end: int


class _Format(NamedTuple):
    country: str
    regulator: str
    pattern: str
    needs: str  # what every match holds, as far as the data say


@cache
def _compiled(pattern: str, flags: re.RegexFlag) -> re.Pattern[str]:
    """Return an expression, made when it is needed: few of the regulators are in the ads of one run."""
    return re.compile(pattern, flags)


@cache
def _formats() -> tuple[list[_Format], PhraseFinder]:
    entries = load_yaml("adscreen.signals", "licences.yaml")
    formats, cues = [], []
    for owner, entry in enumerate(entries):
        formats.append(_Format(entry["country"], entry["regulator"], entry["pattern"], entry.get("needs", "")))
        cues.append(((Slot(tuple(map(Literal, entry["cues"])), 0),), owner))
    return formats, PhraseFinder(make_chains(cues))


def find_licences(text: str) -> list[Licence]:
    """Return the licence numbers of `text`, a clean text, in reading order, none overlapping.

    Examples
    --------
    >>> [(found.country, found.start) for found in find_licences("Agency, DMW-123-LB-010203-R, Manila")]
    [('PH', 8)]
    """
    return licences_in([text], fold_texts([text]))[0]


def licences_in(texts: Sequence[str], folded: FoldedTexts) -> list[list[Licence]]:
    """Return what `find_licences` does, of each of `texts`, which `folded` holds."""
    formats, cues = _formats()
    shapes = folded.folded._replace(codes=with_zeros(folded.folded.codes))
    licences: list[list[Licence]] = []
    hits = cues.find_all(folded._replace(folded=shapes))
    for text, first_token, its_hits in zip(texts, folded.tokens[:-1].tolist(), hits, strict=True):
        found = set()
        for hit in its_hits:
            start, end = shapes.span(first_token + hit.first, first_token + hit.last)
            country, regulator, pattern, needs = formats[hit.owner]
            begin, past = max(0, start - _BEFORE), end + _AFTER
            if needs and _compiled(needs, re.NOFLAG).search(text, begin, past) is None:
                continue
            for match in _compiled(pattern, re.IGNORECASE).finditer(text, begin, past):
                found.add(Licence(country, regulator, match.start(), match.end()))
        licences.append(_without_overlaps(found))
    return licences


def _without_overlaps(found: set[Licence]) -> list[Licence]:
    kept: list[Licence] = []
    for licence in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or licence.start >= kept[-1].end:
            kept.append(licence)
    return kept

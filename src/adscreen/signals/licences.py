"""Licence numbers: found by the form their regulator gives them, never verified."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import numpy as np

from adscreen.shipped_yaml import load_yaml
from adscreen.signals.folded import Folded, fold_text
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
    pattern: re.Pattern[str]


@cache
def _formats() -> tuple[list[_Format], PhraseFinder]:
    entries = load_yaml("adscreen.signals", "licences.yaml")
    formats, cues = [], []
    for owner, entry in enumerate(entries):
        formats.append(_Format(entry["country"], entry["regulator"], re.compile(entry["pattern"], re.IGNORECASE)))
        cues.append(((Slot(tuple(map(Literal, entry["cues"])), 0),), owner))
    return formats, PhraseFinder(make_chains(cues))


def find_licences(text: str, folded: Folded | None = None) -> list[Licence]:
    """Return the licence numbers of `text`, a clean text, in reading order, none overlapping.

    Examples
    --------
    >>> [(found.country, found.start) for found in find_licences("Agency, DMW-123-LB-010203-R, Manila")]
    [('PH', 8)]
    """
    folded = fold_text(text) if folded is None else folded
    formats, cues = _formats()
    found = set()
    digits = (folded.codes >= ord("0")) & (folded.codes <= ord("9"))
    shapes = folded._replace(codes=np.where(digits, np.uint32(ord("0")), folded.codes))
    for hit in cues.find(shapes):
        start, end = folded.span(hit.first, hit.last)
        country, regulator, pattern = formats[hit.owner]
        for match in pattern.finditer(text, max(0, start - _BEFORE), end + _AFTER):
            found.add(Licence(country, regulator, match.start(), match.end()))
    kept: list[Licence] = []
    for licence in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or licence.start >= kept[-1].end:
            kept.append(licence)
    return kept

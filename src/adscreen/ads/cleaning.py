"""From an ad as scraped to the plain text that rules and models read, with the way back for quotes.

Four stages: markup, characters, whitespace, words in disguise. Each is a list of edits to the text before it, so the
text alone (`clean`) and the text with its offsets (`clean_with_offsets`) cannot differ. The last is repeated until it
finds nothing: below one disguise may be another, and whoever cleans a clean text gets the same text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from adscreen.ads.characters import (
    BLANKS,
    BREAKS,
    INVISIBLE,
    compose,
    flattening_edits,
    normalising_edits,
    removing_edits,
)
from adscreen.ads.disguises import MANY, Disguise, disguises
from adscreen.ads.markup import Edit, has_markup, markup_edits
from adscreen.ads.suspects import Seen, look

_RUN_TO_CHANGE = re.compile(f"[{BLANKS}](?:(?<![ \n])[{BLANKS}]*+|[{BLANKS}]++)")
_HAS_BREAK = re.compile(f"[{BREAKS}]")
_SIGN_OF_CHANGE = re.compile("\n\n| \n|\n |[\t\r\v\f\x85\u1680\u2800\u2028\u2029]")

# A word cannot hide below more disguises than there are kinds of them.
_ROUNDS = 8

# Between letters, invisible characters serve to hide a word. Not so soft hyphens; nor those that Persian, Indic and
# South-East Asian scripts are written with, so here are only letters that need none.
_LETTER = "A-Za-z\u00c0-\u024f\u0400-\u052f\u1e00-\u1eff\u4e00-\u9fff"
_HIDDEN = re.compile(f"(?<=[{_LETTER}])[{INVISIBLE}]++(?=[{_LETTER}])")
_HIDDEN_WORD = re.compile(f"[{_LETTER}]++(?:[{INVISIBLE}]++[{_LETTER}]++)+")

_STAGES: tuple[Callable[[str], list[Edit]], ...] = (removing_edits, flattening_edits, normalising_edits)


@dataclass(frozen=True, eq=False)
class Cleaned:
    """A clean text that knows where it comes from.

    Attributes
    ----------
    text : str
        The clean text.
    starts, ends : ndarray of int32, shape (len(text),)
        Where each of its characters begins and ends in the original, counted in characters; neither ever
        decreases, and ``starts < ends``.
    disguised : tuple of (int, int)
        Where in the original words stand whose letters were disguised, in order, not overlapping.
    """

    text: str
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    disguised: tuple[tuple[int, int], ...] = ()

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return where ``text[start:end]`` stands in the original.

        Returns
        -------
        tuple of int
            Start and end: ``original[start:end]`` is the exact quote, empty only if asked for nothing.

        Raises
        ------
        ValueError
            If ``0 <= start <= end <= len(text)`` does not hold.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"span ({start}, {end}) is not within the {len(self.text)} characters of the text")
        if start < end:
            return int(self.starts[start]), int(self.ends[end - 1])
        here = int(self.starts[start]) if start < len(self.text) else int(self.ends[-1]) if self.text else 0
        return here, here


def clean(text: str) -> str:
    """Return `text` as plain text.

    Parameters
    ----------
    text : str
        An ad as scraped, HTML or not.

    Returns
    -------
    str
        Without tags and invisible characters, entities decoded, in NFKC, each run of blanks one blank or,
        where it broke the line, one line break; none at the ends. Cleaning it again changes nothing unless it
        shows markup (``&amp;lt;`` was decoded once).

    Examples
    --------
    >>> clean("<p>Earn\u00a0 3.000&#36;</p>\u200b<b>No  fee</b>")
    'Earn 3.000$\\nNo fee'
    """
    return clean_and_count(text)[0]


def clean_and_count(text: str) -> tuple[str, int]:
    """Return what `clean` returns, and in how many places letters were disguised.

    Examples
    --------
    >>> clean_and_count("F.r.e.e v1sa, pas\u200bsport and a part-time job")
    ('Free visa, passport and a part-time job', 3)
    """
    original = text
    if has_markup(text):
        text = _apply(text, markup_edits(text))
    hides, bold = False, False
    seen = look(text)
    if seen.has_removed or not seen.is_composed:
        if seen.has_removed:
            hides = seen.has_invisible and _HIDDEN.search(text) is not None
            text = seen.without_removed()
        text = _composed(text, seen)
        seen = look(text)
    wide = seen.has_wide_blanks
    for _ in range(_ROUNDS):
        found = disguises(text, seen.suspects, bold=bold)
        if found:
            hides = hides or any(disguise.hides for disguise in found)
            bold = bold or _are_many(found)
            text = compose(_apply(text, _edits(found)))
            if wide or _SIGN_OF_CHANGE.search(text):
                text = look(text).squeezed()
        elif wide:
            text = seen.squeezed()
            if not seen.disguise_may_be_in_blanks:
                break
        else:
            break
        seen = look(text)
        wide = False
    return text.strip(BLANKS), len(clean_with_offsets(original).disguised) if hides else 0


def _composed(text: str, seen: Seen) -> str:
    """Do what `compose` does, sparing it what `seen` tells; of the characters seen, some may be gone."""
    if seen.is_composed:
        return text
    text, is_composed = seen.with_common_replaced(text)
    return text if is_composed else compose(text)


def clean_with_offsets(text: str) -> Cleaned:
    """Return what `clean` returns, with the place of each character in `text`.

    Examples
    --------
    >>> ad = "Sa\u200blary &amp; flat"
    >>> cleaned = clean_with_offsets(ad)
    >>> start, end = cleaned.original_span(0, cleaned.text.index(" flat"))
    >>> ad[start:end] == "Sa\u200blary &amp;"
    True
    """
    starts = np.arange(len(text), dtype=np.int32)
    ends = starts + np.int32(1)

    def change(edits: list[Edit]) -> None:
        nonlocal text, starts, ends
        if edits:
            starts, ends = _move(starts, edits, 0), _move(ends, edits, 1)
            text = _apply(text, edits)

    if has_markup(text):
        change(markup_edits(text))
    disguised: list[tuple[int, int]] = []
    seen = look(text)
    if seen.has_invisible and _HIDDEN.search(text):
        disguised += [_place(match.span(), starts, ends) for match in _HIDDEN_WORD.finditer(text)]
    if seen.has_removed or not seen.is_composed:
        for stage in _STAGES:
            change(stage(text))
        seen = look(text)
    bold = False
    for _ in range(_ROUNDS):
        found = disguises(text, seen.suspects, bold=bold)
        bold = bold or _are_many(found)
        disguised += [_place(disguise.word, starts, ends) for disguise in found if disguise.hides]
        change(_edits(found))
        change(normalising_edits(text) if found else [])
        if not (found or seen.has_wide_blanks):
            break
        change(_blank_edits(text))
        seen = look(text)
    first = len(text) - len(text.lstrip(BLANKS))
    last = max(first, len(text.rstrip(BLANKS)))
    return Cleaned(text[first:last], starts[first:last], ends[first:last], tuple(_merged(disguised)))


def _are_many(found: list[Disguise]) -> bool:
    return len({disguise.word for disguise in found if disguise.hides}) >= MANY


def _edits(found: list[Disguise]) -> list[Edit]:
    return [(disguise.start, disguise.end, disguise.plain) for disguise in found]


def _place(span: tuple[int, int], starts: NDArray[np.int32], ends: NDArray[np.int32]) -> tuple[int, int]:
    return int(starts[span[0]]), int(ends[span[1] - 1])


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _apply(text: str, edits: list[Edit]) -> str:
    parts = []
    position = 0
    for start, end, replacement in edits:
        parts.append(text[position:start])
        parts.append(replacement)
        position = end
    parts.append(text[position:])
    return "".join(parts)


def _move(offsets: NDArray[np.int32], edits: list[Edit], side: int) -> NDArray[np.int32]:
    """Return starts (side 0) or ends (side 1) after `edits`; what is new has the place of the old."""
    begins = np.array([start for start, _, _ in edits], np.int64)
    stops = np.array([end for _, end, _ in edits], np.int64)
    # Kept and replaced stretches take turns: kept, replaced, kept, …, kept.
    first = np.zeros(2 * len(edits) + 1, np.int64)
    first[1::2] = begins if side == 0 else stops - 1
    first[2::2] = stops
    length = np.empty_like(first)
    length[0::2] = np.append(begins, len(offsets)) - np.concatenate(([0], stops))
    length[1::2] = [len(replacement) for _, _, replacement in edits]
    kept = np.arange(len(first)) % 2 == 0
    begin_after = np.cumsum(length) - length
    index = np.repeat(np.where(kept, first - begin_after, first), length)
    index += np.where(np.repeat(kept, length), np.arange(len(index)), 0)
    moved: NDArray[np.int32] = offsets[index]
    return moved


def _blank_edits(text: str) -> list[Edit]:
    edits = [(match.start(), match.end(), _one_blank(match[0])) for match in _RUN_TO_CHANGE.finditer(text)]
    return [edit for edit in edits if text[edit[0] : edit[1]] != edit[2]]


def _one_blank(run: str) -> str:
    return "\n" if _HAS_BREAK.search(run) else " "

"""Cleaning, stage 4: words in disguise are read as what they are, so that every rule and model sees the plain word.

Disguises are look-alike letters, signs and pictures between letters, letters spaced out, digits for letters, squared
and framed letters. The text is searched by `adscreen.ads.suspects` and each suspect judged by the modules
beside this one; what is found becomes edits, so a quote still shows the disguise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from adscreen.ads.digits_for_letters import digits_read, is_address
from adscreen.ads.disguised_letters import letters_typed, marks_off, of_one_alphabet, said_once
from adscreen.ads.known_words import is_hidden_word, is_plain_word
from adscreen.ads.markup import Edit
from adscreen.ads.parted_words import SPELLED_OUT, closed_up, spelled_out
from adscreen.ads.suspect_flags import (
    IMITATION,
    LEETED,
    MARKED,
    MIXED,
    PARTED,
    REPEATED,
    SPACED,
    SPELLED,
    STYLE,
    TWINS,
)

_PICTURES = (
    "\u00a6\u00a7\u00a9\u00ac\u00ae\u00b0\u00b6-\u00b8\u2020-\u2022\u2027\u2030-\u2038\u203b-\u205e\u2190-\u2bff"
)
_PICTURES += "\ue000-\uf8ff\ufffc\ufffd\U0001f000-\U0001f149\U0001f18a-\U0001f1e5\U0001f200-\U0001fbff"
_SIGN = f"[.,*_\\-~^·∙⋅●‐‑‒–—×÷|+!@$€£¥{_PICTURES}]"
_LETTERS = r"(?:[^\W\d_]|[0-9])"
_SEPARATED = re.compile(f"(?<![^\\W_]){_LETTERS}+(?:{_SIGN}{{1,3}}{_LETTERS}+)+")
_SEPARATOR = re.compile(f"{_SIGN}+")
_ANY_SIGN = f"(?:{_SIGN}|['’`/\\\\()#=&])"
_SPELLED = re.compile(f"(?<!\\w){_LETTERS}(?:{_ANY_SIGN}{{1,3}}{_LETTERS}){{3,}}(?!\\w)")
_ANY_SEPARATOR = re.compile(f"{_ANY_SIGN}+")
_PUNCTUATED = re.compile(r"[^\w\s]{1,2}\s+")
_SPACED_LETTER = re.compile(r"[\w@$]")

_CACHED = 64
"""Longest stretch whose verdict is remembered: words repeat, and a longer one is a hostile text's."""
_MOST_REMEMBERED = 1 << 15
_LONGEST = 4000
"""No text in an alphabet goes on longer without a blank: beyond, signs and digits in it are not looked at."""

MANY = 3
"""So many disguised words are no slip: whoever hides three hides more."""

_OTHER_SCRIPT = re.compile("[^\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]+")


class Disguise(NamedTuple):
    """One change to a text, and the disguised word it belongs to.

    Attributes
    ----------
    start, end, plain
        An edit: ``text[start:end]`` is to be read as `plain`.
    word : tuple of int
        Start and end of the word.
    hides : bool
        False for what only shouts or decorates: repeated letters, digits in circles.
    """

    start: int
    end: int
    plain: str
    word: tuple[int, int]
    hides: bool


def disguises(text: str, suspects: Sequence[tuple[int, int, int]], *, bold: bool = False) -> list[Disguise]:
    """Return what to change in `text`, in NFKC and without invisible characters, to read its disguised words.

    Words may be disguised twice; what is below the first disguise shows when this is called on the changed text.

    Parameters
    ----------
    text : str
    suspects : sequence of (int, int, int)
        Its suspects; see `adscreen.ads.suspects.Seen`.
    bold : bool
        The text is known to hide words (`MANY` of them), so that less is needed to believe it of another. What is found
        otherwise is found too.

    Returns
    -------
    list of Disguise
        In order, not overlapping; empty for nearly every ad.
    """
    harmless = _harmless[bold]
    found: list[Disguise] = []
    done = 0
    for start, end, flags in [each for each in suspects if (text[each[0] : each[1]], each[2]) not in harmless]:
        if start < done:
            continue
        for first, last in [(start, end)] if end - start <= _CACHED else _pieces(text, start, end, flags):
            part = text[first:last]
            edits, hides = (_remembered if len(part) <= _CACHED else _undone)(part, flags, bold)
            if not edits:
                _remember_harmless(part, flags, bold)
            else:
                done = end
                word = (first, last)
                for a, b, plain in edits:
                    if len(part) > _CACHED:
                        word = (first + a, first + b)
                    found.append(Disguise(first + a, first + b, plain, word, hides))
    return found


def _pieces(text: str, start: int, end: int, flags: int) -> list[tuple[int, int]]:
    """Return what to judge of a long stretch: where a script has no blanks, each word of another within it."""
    if flags & (SPELLED | SPACED | MARKED):
        return [(start, end)]
    return [match.span() for match in _OTHER_SCRIPT.finditer(text, start, end)]


def _undone(part: str, flags: int, bold: bool) -> tuple[list[Edit], bool]:
    """Return the edits of the first disguise found in a suspect, and whether it hides a word."""
    edits: list[Edit] = []
    if flags & SPACED:
        return _spaced_out(part, bold), not part.isupper()  # posters space out capitals
    if flags & MARKED and (edits := marks_off(part)):
        return edits, True
    if flags & STYLE and (edits := letters_typed(part)):
        return edits, any(plain.isalpha() for _, _, plain in edits)
    if flags & (MIXED | IMITATION | TWINS) and (edits := of_one_alphabet(part, flags)):
        return edits, True
    if not flags & (SPELLED | PARTED | LEETED | REPEATED) or len(part) > _LONGEST or is_address(part, bold=bold):
        return [], False
    if flags & SPELLED and (edits := closed_up(part, _SPELLED, _ANY_SEPARATOR, bold=bold)):
        return edits, True
    if flags & LEETED and (edits := digits_read(part, bold=bold)):
        return edits, True
    if flags & PARTED and (edits := closed_up(part, _SEPARATED, _SEPARATOR, bold=bold)):
        return edits, True
    return (said_once(part), False) if flags & REPEATED else ([], False)


_remembered = lru_cache(maxsize=_MOST_REMEMBERED)(_undone)

# Nearly all suspects of nearly all ads are no disguise, and were met before: looking those up in a set takes half the
# time that the cache above does. The first is for texts not known to hide words, the other for those that do.
_harmless: tuple[set[tuple[str, int]], set[tuple[str, int]]] = (set(), set())


def _remember_harmless(part: str, flags: int, bold: bool) -> None:
    if len(part) <= _CACHED:
        known = _harmless[bold]
        if len(known) >= _MOST_REMEMBERED:
            known.clear()
        known.add((part, flags))


def _spaced_out(part: str, bold: bool) -> list[Edit]:
    """Return the edits that close up letters between blanks; two blanks, where there are such, part the words."""
    letters = [match.start() for match in _SPACED_LETTER.finditer(part)]
    if not 2 < len(letters) < 2000:
        return []
    between = [part[a + 1 : b] for a, b in pairwise(letters)]
    widths = [len(gap) if not gap.strip() else 1 for gap in between]
    narrow = min(widths)
    if any(not gap.strip() for gap in between):
        # "s a l a r y, f r e e": a comma with a blank after it alone stands between words.
        widths = [width if not _PUNCTUATED.fullmatch(gap) else 9 for width, gap in zip(widths, between, strict=True)]
    # "…i o n a l B a k e r…": so does the change to a capital.
    for i, (a, b) in enumerate(pairwise(letters)):
        if part[a].islower() and part[b].isupper():
            widths[i] = 9
    ends = [i for i, width in enumerate(widths, 1) if width > narrow]
    words = [letters[a:b] for a, b in pairwise([0, *ends, len(letters)])]
    joined = [_joined(part, word, bold) for word in words]
    if any(joined):  # then short ones beside them are words too
        joined = [edits or _joined(part, word, bold, short=True) for edits, word in zip(joined, words, strict=True)]
    return [edit for edits in joined for edit in edits]


def _joined(part: str, places: list[int], bold: bool, *, short: bool = False) -> list[Edit]:
    word = "".join(part[place] for place in places)
    between = [(a + 1, b) for a, b in pairwise(places)]
    if len(word) < SPELLED_OUT:
        words = [word] if is_hidden_word(word) or (short and is_plain_word(word)) else []
    else:
        words = spelled_out(word, "".join({part[a:b] for a, b in between}), bold=bold)
    ends = set(accumulate(map(len, words)))
    edits = [(a, b, " " if i in ends else "") for i, (a, b) in enumerate(between, 1) if words]
    return [(a, b, new) for a, b, new in edits if part[a:b] != new]

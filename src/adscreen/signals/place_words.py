"""The words beside a place that say whether it is where one goes or where one comes from, in every language.

They are data: ``gazetteer/contexts.yaml``.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from adscreen.shipped_yaml import load_yaml
from adscreen.signals.name_trie import APOSTROPHES

WINDOW = 28
"""How many characters before a place are read."""

SIGNS = " \t\n:：,，、.*•·-–—(（[【" + "".join(map(chr, range(0x1F1E6, 0x1F200)))
"""May stand between a place and the word beside it: blanks, marks and flags."""

_ARTICLES = frozenset(("the", "area", "de", "da", "do", "la", "los", "der", "die"))
_TOKEN = re.compile(r"[^\s,.:;!?()\[\]/|]+")
_UNSPACED = re.compile("[\u0900-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\uffff]")


def fold(text: str) -> str:
    """Return `text` in lower case with one kind of apostrophe, of the same length."""
    # The only capital whose lower case is longer than itself.
    text = (text.replace("\u0130", "i") if "\u0130" in text else text).lower()
    if not text.isascii():
        for char in APOSTROPHES:
            text = text.replace(char, "'")
    return text


class Before(NamedTuple):
    """What stands before a place: the folded text without signs at its end, and its last words."""

    text: str
    words: list[str]


def read_before(text: str, start: int) -> Before:
    """Read what stands before the place at `start`."""
    before = fold(text[max(0, start - WINDOW) : start]).rstrip(SIGNS)
    return Before(before, _TOKEN.findall(before)[-4:])


class PlaceWords(NamedTuple):
    """Words beside a place: whole ones, or in scripts without spaces what the text beside it begins or ends with."""

    spaced: frozenset[str]
    unspaced: tuple[str, ...]

    def precedes(self, before: Before) -> bool:
        """Return whether a text ends in one of the words; an article, a flag or a colon may follow it."""
        if before.text.endswith(self.unspaced):
            return True
        tail = before.words
        if tail and tail[-1] in _ARTICLES and tail[-1] not in self.spaced:
            tail = tail[:-1]
        if not tail:
            return False
        # Longest last: most words that tell a place are one word.
        return (
            tail[-1] in self.spaced
            or " ".join(tail[-2:]) in self.spaced
            or (len(tail) > 2 and " ".join(tail[-3:]) in self.spaced)
        )

    def follows(self, after: str) -> bool:
        """Return whether folded text begins with one of the words."""
        after = after.lstrip(" ,\n")
        if after.startswith(self.unspaced):
            return True
        head = _TOKEN.findall(after)[:2]
        return bool(head) and after.startswith(head[0]) and (head[0] in self.spaced or " ".join(head) in self.spaced)


class Contexts(NamedTuple):
    """What ``contexts.yaml`` holds; `home` is by language code, `dial` by country calling code."""

    destination_before: PlaceWords
    destination_after: PlaceWords
    origin_before: PlaceWords
    origin_after: PlaceWords
    between: frozenset[str]
    home: dict[str, str]
    dial: dict[int, str]


@cache
def contexts() -> Contexts:
    """Load the words; takes 10 ms."""
    data = load_yaml("adscreen.signals.gazetteer", "contexts.yaml")
    return Contexts(
        destination_before=_words(data["destination_before"]),
        destination_after=_words(data["destination_after"]),
        origin_before=_words(data["origin_before"]),
        origin_after=_words(data["origin_after"]),
        between=frozenset({"", *data["list_separators"]}),
        home=data["home_of_language"],
        dial={int(code): country for code, country in data["dial_codes"].items()},
    )


def _words(groups: list[list[str]]) -> PlaceWords:
    words = {fold(str(word)) for group in groups for word in group}
    unspaced = {word for word in words if _UNSPACED.match(word[-1])}
    return PlaceWords(frozenset(words - unspaced), tuple(sorted(unspaced)))


def stands_before_a_place(text: str, start: int) -> bool:
    """Return whether a word of place or travel ("in", "tại", "do") ends just before `start`."""
    before = read_before(text, start)
    words = contexts()
    return words.destination_before.precedes(before) or words.origin_before.precedes(before)

"""Where an ad names a messenger: all names in one pass, so that a number or handle beside one gets its kind."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from adscreen.signals.contacts.types import is_latin, word_lists

_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyz")
SIGNS = frozenset(["spoken", "token", "hidden"])
"""Kinds of hits that are no messengers, but say that the text is worth a closer look."""
MAX_CHANNELS = 500
"""Most names of messengers looked at in one text."""


class Channel(NamedTuple):
    """A messenger's name at ``text[start:end]``; `short` names are ordinary words as well."""

    kind: str
    start: int
    end: int
    short: bool


@cache
def channel_names() -> dict[str, tuple[str, bool, bool]]:
    """Return of each name, with ASCII letters in lower case, its kind, whether it is short and may be inflected."""
    names: dict[str, tuple[str, bool, bool]] = {}
    for kind, entry in word_lists("channels").items():
        for short, group in ((False, entry["names"]), (True, entry["short"])):
            for name in group:
                # A long clear name may be inflected (телеграме, Telegramda, WhatsAppta); a short one stands alone.
                for cased in {name.lower(), name.title(), name.upper()}:
                    names.setdefault(_lower_ascii(cased), (kind, short, not short and len(name) >= 5))
    return names


def _lower_ascii(text: str) -> str:
    return text.encode().lower().decode()


@cache
def _matcher() -> tuple[Any, list[tuple[str, bool, bool]]]:
    # Imported here: it is compiled code that a text without a sign of a contact never needs.
    from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

    names = channel_names()
    automaton = BytesAhoCorasick(
        [name.encode() for name in names], matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA
    )
    return automaton, list(names.values())


def find_channels(text: str) -> list[Channel]:
    """Return the messengers named in `text`, in reading order.

    Works on bytes, of which only the ASCII ones are put in lower case (names in other scripts are listed in each
    case): that takes a third of the time of matching characters, and the few hits are counted back into characters.
    """
    automaton, entries = _matcher()
    data = text.encode("utf-8", "surrogatepass").lower()
    found = []
    for index, at, stop in automaton.find_matches_as_indexes(data):
        if at and data[at - 1] in _LETTERS and data[at] in _LETTERS:
            continue  # most hits: short names within English words
        kind, short, inflected = entries[index]
        if kind == "none" or (
            not inflected and stop < len(data) and data[stop] in _LETTERS and data[stop - 1] in _LETTERS
        ):
            continue
        if len(data) == len(text):
            start, end = at, stop
        else:
            start = len(data[:at].decode("utf-8", "surrogatepass"))
            end = start + len(data[at:stop].decode())
        if start and _goes_on(text[start - 1], text[start]):
            continue
        if end < len(text) and _goes_on(text[end - 1], text[end]) and not inflected:
            continue
        if text[start:end] == "тг" and text[max(0, start - 2) : start].strip()[-1:].isdecimal():
            continue  # tenge
        found.append(Channel(kind, start, end, short))
        if len(found) >= MAX_CHANNELS:
            break
    return found


def _goes_on(left: str, right: str) -> bool:
    """Return whether two characters side by side are of one word, in scripts that put blanks between words."""
    if not (left.isalpha() and right.isalpha()):
        return False
    if is_latin(left) or is_latin(right):
        return is_latin(left) and is_latin(right)
    # Cyrillic; the other scripts glue particles to a name, and the names in them are clear.
    return "\u0400" <= left <= "\u052f" and "\u0400" <= right <= "\u052f"

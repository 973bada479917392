"""The signs of contacts once more, by searching the whole text for each of them. Slow and obvious."""

import re

from adscreen.signals.contacts.channels import Channel, find_channels
from adscreen.signals.contacts.phones import _plus
from adscreen.signals.contacts.skeleton import skeleton
from adscreen.signals.contacts.surroundings import is_date

RUN = re.compile(rb"0(?=[0x .\-()/]{5})(?:[ .\-()/]{0,3}[0x]){4,200}")
HIDDEN_RUN = re.compile(rb"x(?:[ .\-()]{0,2}[0x]){4,20}")
DOT = re.compile(r"\.[A-Za-z]{2}")
PLAIN_DOT = re.compile(r"\.(?:[a-z]{2,24}|[A-Z]{2,24})(?![A-Za-z])")
MAX_CANDIDATES = 2000
MIN_DIGITS = 7


def dots(text: str, pattern: re.Pattern[str]) -> list[int]:
    """Dots that `pattern` finds and that a part of a host stands before."""
    places = [match.start() for match in pattern.finditer(text)]
    return [place for place in places if re.fullmatch("[A-Za-z0-9.-]", text[max(0, place - 1) : place])]


def runs(text: str) -> list[tuple[int, int]]:
    """Runs of digits that may hold a number."""
    classes = skeleton(text)
    spans = [match.span() for match in RUN.finditer(classes)][:MAX_CANDIDATES]
    return [(a, b) for a, b in spans if classes.count(b"0", a, b) >= MIN_DIGITS or b"x" in classes[a:b]]


def is_lone_date(text: str, span: tuple[int, int]) -> bool:
    """Whether a run is a date, with no plus before it and no messenger in the text."""
    return is_date(text[slice(*span)]) and not _plus(skeleton(text), span[0])[1] and not named(text)


def named(text: str) -> list[Channel]:
    """Messengers that are named, and EMAIL, URL and PHONE where they are in capitals and so stand for contacts."""
    found = find_channels(text)
    return [each for each in found if each.kind != "token" or text[each.start : each.end].isupper()]


def hidden_runs(text: str) -> list[tuple[int, int]]:
    """Runs that begin with a hidden digit, in a text with two of them in a row."""
    classes = skeleton(text)
    if b"xx" not in classes:
        return []
    spans = [match.span() for match in HIDDEN_RUN.finditer(classes)]
    return [(a, b) for a, b in spans if classes[max(0, a - 1) : a] not in (b"0", b"#")]

"""Where an offer leads and whom it is made to, read from the places of an ad and the words around them."""

from __future__ import annotations

import re
from typing import NamedTuple

from adscreen.signals.place_words import SIGNS, Contexts, contexts, fold, read_before
from adscreen.signals.places import HOTSPOTS, Place
from adscreen.signals.unicode_table import FIELD_BOUNDARY

MANY_COUNTRIES = 4
"""An offer for so many countries at once names none: INTERPOL and embassy notices (2023-2026) describe the pattern."""

_TITLE_CHARS = 120
# 00 is the end of many numbers: only before seven more digits is it a prefix. Two patterns that begin with letters
# as they stand are searched for much faster than one with a choice, or with a look behind.
_DIAL = (
    ("+", re.compile(r"\+ ?([1-9]\d{0,2})[ -]?(\d{0,2})")),
    ("00", re.compile(r"00(?=(?:[ -]?\d){7})([1-9]\d{0,2})[ -]?(\d{0,2})")),
)


class Route(NamedTuple):
    """From where to where.

    Attributes
    ----------
    destinations : tuple of str
        ISO 3166-1 alpha-2 codes of the countries where the work is, in reading order, each once.
    origin : str or None
        The country of the readers: from a word for its people, "from X", a dialling code, the language, in this order.
    many : bool
        At least `MANY_COUNTRIES` different countries are offered.
    hotspot : Place or None
        The first compound, zone or border town; a compound before the others.
    """

    destinations: tuple[str, ...]
    origin: str | None
    many: bool
    hotspot: Place | None


def route(text: str, places: list[Place], language: str = "", dials: bool = True) -> Route:
    """Read the route of an offer.

    Parameters
    ----------
    text : str
        Clean text; its title ends at the first field boundary or line break, or is taken to have 60 characters.
    places : list of Place
        ``find_places(text)``.
    language : str, optional
        Code of the language of the ad; only used where nothing else tells the origin.
    dials : bool, default True
        False if it is known that `text` has no dialling code (`adscreen.signals.contacts.signs`).

    Returns
    -------
    Route

    Examples
    --------
    >>> from adscreen.signals.places import find_places
    >>> text = "Filipinos only: chat support in Poipet, Cambodia"
    >>> route(text, find_places(text))[:3]
    (('KH',), 'PH', False)
    """
    words = contexts()
    title_end = _title_end(text)
    named: list[str] = []
    going: list[str] = []
    people: list[str] = []
    coming: list[str] = []
    last_role, last_end = "", -1
    for place in places:
        if not place.country:
            continue
        if place.kind == "demonym":
            role = "people"
            # "Filipinos only" says more than "our Filipino restaurant".
            first = words.origin_after.follows(_after(text, place))
            people.insert(0 if first else len(people), place.country)
        elif last_role in ("going", "coming") and _is_list(words.between, text[last_end : place.start]):
            role = last_role
        else:
            role = _role(text, place, words, title_end)
        if role != "people":
            named.append(place.country)
        if role == "going":
            going.append(place.country)
        elif role == "coming":
            coming.append(place.country)
        last_role, last_end = role, place.end
    home = words.home.get(language)
    if not going:
        # A short ad names its place without any word before it; a country beside the reader's own is where it leads.
        others = dict.fromkeys(country for country in named if country not in coming)
        abroad = [country for country in others if country != home and country not in people]
        going = abroad[:1] if len(abroad) < MANY_COUNTRIES else abroad
        going = going or list(others)[:1]
    destinations = tuple(dict.fromkeys(going))
    origin = next(iter(people + [country for country in coming if country not in destinations]), None)
    if origin is None:
        dialled = _dialled(text) if dials else []
        origin = next((code for code in dialled if code not in destinations), home)
    hotspots = [place for place in places if place.kind in HOTSPOTS]
    hotspot = min(hotspots, key=lambda place: place.kind != "compound", default=None)
    return Route(destinations, origin, len(destinations) >= MANY_COUNTRIES, hotspot)


def _role(text: str, place: Place, words: Contexts, title_end: int) -> str:
    before = read_before(text, place.start)
    if words.destination_before.precedes(before):
        return "going"
    if words.origin_before.precedes(before):
        return "coming"
    if place.start < title_end or place.kind in HOTSPOTS or words.destination_after.follows(_after(text, place)):
        return "going"
    return ""


def _after(text: str, place: Place) -> str:
    return fold(text[place.end : place.end + 16])


def _is_list(separators: frozenset[str], between: str) -> bool:
    """Return whether only a separator, blanks and signs stand between two places."""
    if len(between) > 12:
        return False
    return fold(between).strip(SIGNS) in separators


def _title_end(text: str) -> int:
    head = text[:_TITLE_CHARS]
    cuts = [cut for cut in (head.find(FIELD_BOUNDARY), head.find("\n")) if cut > 0]
    return min(cuts, default=_TITLE_CHARS // 2)


def _dialled(text: str) -> list[str]:
    """Return the countries of international phone numbers, those with + first."""
    codes = contexts().dial
    found = []
    for prefix, pattern in _DIAL:
        if prefix not in text:
            continue
        for match in pattern.finditer(text):
            if _is_within_number(text, match.start()):
                continue
            digits = match[1] + match[2]
            known = (codes[int(digits[:width])] for width in (3, 2) if int(digits[:width]) in codes)
            found.extend(list(known)[:1])
    return found


def _is_within_number(text: str, start: int) -> bool:
    before = text[max(0, start - 2) : start]
    if text[start] == "+":
        return before[-1:].isalnum()
    return before[-1:].isalnum() or (before[-1:] in " .-" and before[:1].isdigit())

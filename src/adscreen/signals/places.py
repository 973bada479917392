"""Places an ad names: countries, cities, regions, peoples, and the compounds, zones and border towns of reports.

All names are searched for at once (`adscreen.signals.name_trie`); what stands around a hit then decides whether it is
a word. The names, with their sources, are the YAML files of ``adscreen.signals.gazetteer``;
what is loaded is the table that ``scripts/make_gazetteer.py`` makes of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, NamedTuple

from adscreen.signals.name_trie import (
    AGGLUTINATING,
    CAPITAL,
    HANGUL,
    KATAKANA,
    NONE,
    SCRIPTS,
    SIGN,
    UNSPACED,
    build,
    find_in_each,
)
from adscreen.signals.place_words import stands_before_a_place
from adscreen.signals.tokens import Texts, lay_out

HOTSPOTS = frozenset({"compound", "zone", "border"})
"""Kinds that a published report names as places of forced criminality or the way there."""


MAX_NAMES = 2_000
"""Names read in one text: further ones tell nothing new, and a text may be 50 MB of them."""


class Place(NamedTuple):
    """One place named in a text.

    Attributes
    ----------
    name : str
        Canonical English name; of the country for a demonym.
    country : str
        ISO 3166-1 alpha-2, with XK for Kosovo; empty for a region.
    kind : str
        country, city, compound, zone (special economic zone or casino district), border (town or crossing used by
        traffickers), region or demonym (a word for people of a country).
    start, end : int
        ``text[start:end]`` is the exact quote, with the ending of its case where it has one.
    source : str
        Who reported the place, with title and year; empty for ordinary places.
    """

    name: str
    country: str
    kind: str
    start: int
    end: int
    source: str


class _Owner(NamedTuple):
    name: str
    country: str
    kind: str
    source: str


class _Gazetteer(NamedTuple):
    names: list[tuple[_Owner, int, int]]  # whose it is, script, care
    arrays: tuple[Any, ...]  # what `find` reads
    endings: dict[int, frozenset[str]]  # by script: of cases, and postpositions written onto a name
    prefixes: dict[int, frozenset[str]]  # by script: prepositions and articles written before it


# After the name of a country: its people. 人 is no person in 人事, 人才, 人民 ...
_PEOPLE_AFTER = re.compile(
    r"(?:人(?![事力才民寿壽均员員工气氣])|籍(?!贯)|인(?![천가기근])|국적"
    r"|[ -](?:nationals?|nationality|citizens?|passports?|applicants?|candidates?)\b)",
    re.IGNORECASE,
)


def find_places(text: str) -> list[Place]:
    """Find the places that `text` names.

    Parameters
    ----------
    text : str
        Clean text (`adscreen.ads.cleaning.clean`).

    Returns
    -------
    list of Place
        In reading order, without overlaps; where two names begin at one character the longer one. Reading stops
        after `MAX_NAMES` names.

    Examples
    --------
    >>> [(p.name, p.country, p.kind) for p in find_places("Tuyển CSKH tại Bavet, Campuchia")]
    [('Bavet', 'KH', 'border'), ('Cambodia', 'KH', 'country')]
    """
    return places_in([text], lay_out([text]))[0]


def places_in(texts: Sequence[str], laid_out: Texts) -> list[list[Place]]:
    """Return what `find_places` does, of each of `texts`, which are in `laid_out`."""
    gazetteer = _gazetteer()
    rows, bounds = find_in_each(*laid_out, MAX_NAMES, *gazetteer.arrays)
    hits = rows.tolist()
    cuts = pairwise(bounds.tolist())
    return [_places(text, hits[a:b], gazetteer) if b > a else [] for text, (a, b) in zip(texts, cuts, strict=True)]


def _places(text: str, hits: list[tuple[int, int, int]], gazetteer: _Gazetteer) -> list[Place]:
    found: list[Place] = []
    for name, start, end in hits:
        owner, script, care = gazetteer.names[name]
        if owner.kind == "decoy":
            continue
        end = _end_of_word(text, start, end, script, gazetteer)
        if end < 0 or (care and not _earned(text, start, care)):
            continue
        kind = owner.kind
        if kind == "country" and (match := _PEOPLE_AFTER.match(text, end)) is not None:
            kind, end = "demonym", match.end()
        found.append(Place(owner.name, owner.country, kind, start, end, owner.source))
    return found


def _end_of_word(text: str, start: int, end: int, script: int, gazetteer: _Gazetteer) -> int:
    """Return where the word of a hit ends, or -1 where the hit is only a part of some other word."""
    if script in (UNSPACED, KATAKANA, SIGN, NONE):
        return end
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if before in "@_" or after == "_":  # part of a handle
        return -1
    if script in gazetteer.prefixes:
        if _is_letter(before) and _letters_before(text, start) not in gazetteer.prefixes[script]:
            return -1
    elif script == HANGUL and end - start < 3 and _is_letter(before):
        return -1
    stop = end
    while stop < len(text) and stop - end < 9 and _is_letter(text[stop]):
        stop += 1
    rest = text[end:stop].lower()
    if not rest or "\u2e80" <= rest[0] <= "\u9fff" or "\u0e00" <= rest[0] <= "\u0eff":
        return end
    if script == HANGUL:
        if rest[0] == "인":  # people: _PEOPLE_AFTER reads it
            return end
        if rest[0] in "어식산계":  # the language, the cuisine, goods, descent
            return -1
        good = len(rest) <= 6
    elif script == AGGLUTINATING:
        good = len(rest) <= 8 and end - start >= 4
    else:
        good = rest in gazetteer.endings.get(script, ())
    return stop if good else -1


def _is_letter(char: str) -> bool:
    return char.isalpha() or unicodedata.category(char)[0] == "M"


def _letters_before(text: str, start: int) -> str:
    begin = start
    while begin and start - begin < 4 and text[begin - 1].isalpha():
        begin -= 1
    return text[begin:start]


def _earned(text: str, start: int, care: int) -> bool:
    if not text[start].isupper():
        return False
    if care == CAPITAL:
        return True
    return stands_before_a_place(text, start)


@cache
def _gazetteer() -> _Gazetteer:
    """Load the table, once; takes 20 ms, so not at import."""
    sources: dict[str, str] = {}
    beside: dict[str, dict[int, frozenset[str]]] = {"ending": {}, "prefix": {}}
    owners: list[_Owner] = []
    groups: list[str] = []
    for line in files("adscreen.signals.gazetteer").joinpath("table.tsv").read_text(encoding="utf-8").splitlines():
        kind, *rest = line.split("\t")
        if kind == "source":
            sources[rest[0]] = rest[1]
        elif kind in beside:
            beside[kind][SCRIPTS[rest[0]]] = frozenset(rest[1].split("|"))
        else:
            country, name, source, names = rest
            owners.append(_Owner(name, country, kind, sources.get(source, "")))
            groups.append(names)
    trie = build(groups)
    of_name = zip(trie.owner.tolist(), trie.script.tolist(), trie.care.tolist(), strict=True)
    named = [(owners[owner], script, care) for owner, script, care in of_name]
    return _Gazetteer(named, trie[:-2], beside["ending"], beside["prefix"])

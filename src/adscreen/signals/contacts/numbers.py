"""From the digits of a number to E.164, with what the text says about its country."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple

from adscreen.signals.contacts.types import is_latin, lower_same_length, word_lists
from adscreen.signals.language import identify


class Number(NamedTuple):
    """A number as it is dialled: E.164, or bare digits if its country is not known; `region` "" then."""

    value: str
    region: str
    verified: bool


@dataclass(frozen=True, eq=False)
class Regions:
    """Countries (ISO 3166) whose national numbers a text may hold.

    Attributes
    ----------
    own : str or None
        The one whose numbers are known to be meant.
    home : frozenset of str
        Those that the text has its home in.
    head : str
        The beginning of the text, without half characters.
    of_language : dict
        What ``phones.yaml`` says of its language.
    """

    own: str | None
    home: frozenset[str]
    head: str
    of_language: dict[str, list[str]]

    @cached_property
    def likely(self) -> tuple[str, ...]:
        """Likeliest first: the one given, its language's, those it names; the text is read for these."""
        home = self.of_language.get("home", [])
        named = [name for name in _named_regions(lower_same_length(self.head)) if name not in home]
        own = [self.own] if self.own else []
        # Of several home countries the one that is named comes first.
        first_named = sorted(home, key=lambda name: name not in named)
        return tuple(dict.fromkeys([*own, *first_named, *named, *self.of_language.get("also", [])]))[:8]


@cache
def _phonenumbers() -> Any:
    import phonenumbers  # 35 ms: only a text with a likely number pays

    return phonenumbers


def regions_of(text: str, region: str | None, language: str | None = None) -> Regions:
    """Return which countries' numbers `text` may hold: the one given, its language's, those it names."""
    head = text[:4000].encode("utf-8", "replace").decode()  # half characters cannot be matched
    entry = word_lists("phones")["languages"].get(language or identify(head), {})
    return Regions(region, frozenset([region] if region else entry.get("home", [])), head, entry)


@cache
def _place_matcher() -> tuple[Any, list[str]]:
    from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

    names = {name.encode(): code for code, words in word_lists("phones")["places"].items() for name in words}
    automaton = BytesAhoCorasick(list(names), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)
    return automaton, list(names.values())


def _named_regions(lowered: str) -> list[str]:
    # On bytes, as in `find_channels`: a quarter of the time that matching characters takes.
    automaton, codes = _place_matcher()
    data = lowered.encode()
    counts: dict[str, int] = {}
    for index, start, end in automaton.find_matches_as_indexes(data):
        if data[start] < 0x80 and (
            is_latin(_last_char(data[:start][-4:])) or is_latin(_first_char(data[end : end + 4]))
        ):
            continue
        counts[codes[index]] = counts.get(codes[index], 0) + 1
    return sorted(counts, key=lambda code: -counts[code])


def _first_char(data: bytes) -> str:
    return data.decode("utf-8", "ignore")[:1]


def _last_char(data: bytes) -> str:
    return data.decode("utf-8", "ignore")[-1:]


@lru_cache(maxsize=8192)
def international(digits: str) -> Number | None:
    """Return the number that ``+digits`` is, or None if no country's numbers look like it."""
    library = _phonenumbers()
    try:
        parsed = library.parse("+" + digits)
    except library.NumberParseException:
        return None
    if not library.is_possible_number(parsed):
        # An invented or mistyped number with a real country code is still a contact.
        code = str(parsed.country_code)
        if not 4 <= len(digits) - len(code) <= 12:
            return None
        return Number("+" + digits, _region(parsed.country_code), False)
    value = library.format_number(parsed, library.PhoneNumberFormat.E164)
    valid = library.is_valid_number(parsed)
    found = library.region_code_for_number(parsed) if valid else None
    return Number(value, found or _region(parsed.country_code), valid)


@lru_cache(maxsize=8192)
def national(digits: str, likely: tuple[str, ...], home: frozenset[str] = frozenset()) -> Number:
    """Return the number that `digits` is in the first of the `likely` countries that has such numbers.

    If none has, a number of the right length is believed of a `home` country, unverified.
    """
    library = _phonenumbers()
    possible = None
    for region in likely:
        try:
            parsed = library.parse(digits, region)
        except library.NumberParseException:
            continue
        value = library.format_number(parsed, library.PhoneNumberFormat.E164)
        if library.is_valid_number_for_region(parsed, region):
            return Number(value, region, True)
        if possible is None and region in home and digits.startswith("0") and library.is_possible_number(parsed):
            possible = Number(value, region, False)
    if len(digits) >= 10 and digits[0] != "0":  # the dial code without its plus: 628…, 8613…, 99890…
        found = international(digits)
        if found and found.verified and found.region != "US" and (found.region in likely or len(digits) >= 12):
            return found
    return possible or Number(digits, "", False)


def is_mobile(number: Number) -> bool:
    """Return whether `number` is valid and of a kind that people are called on."""
    if not number.verified:
        return False
    library = _phonenumbers()
    kind = library.number_type(library.parse(number.value))
    kinds = library.PhoneNumberType
    return kind in (kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE)


def hidden_number(digits: str, plus: bool, likely: tuple[str, ...]) -> Number:
    """Return a number with digits given as ``x``: +country code and the rest where that is known."""
    if plus:
        return Number("+" + digits, _region_of_prefix(digits), False)
    if digits.startswith("0") and likely and len(digits) >= 7:
        code = _phonenumbers().country_code_for_region(likely[0])
        if code and likely[0] not in ("IT", "CI", "BJ"):  # there the 0 is part of the number
            return Number(f"+{code}{digits[1:]}", likely[0], False)
    return Number(digits, "", False)


def has_country_code(digits: str) -> bool:
    """Return whether `digits` (some may be ``x``) begin with a country's dial code."""
    return bool(_region_of_prefix(digits))


def dial_code(region: str) -> int:
    """Return the dial code of `region`, 0 if it has none; several countries share some (+1, +7)."""
    return int(_phonenumbers().country_code_for_region(region))


def _region_of_prefix(digits: str) -> str:
    known = _phonenumbers().COUNTRY_CODE_TO_REGION_CODE
    plain = re.match(r"[0-9]{0,3}", digits)
    for length in (1, 2, 3):
        if plain and len(plain[0]) >= length and int(plain[0][:length]) in known:
            return _region(int(plain[0][:length]))
    return ""


def _region(code: int) -> str:
    return str(_phonenumbers().region_code_for_country_code(code))

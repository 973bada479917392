"""What was found in an ad, quoted from the original: the indicators, the kind of deception, and the reason."""

from __future__ import annotations

from typing import Any, NamedTuple

from adscreen.ads.cleaning import Cleaned, clean_with_offsets
from adscreen.ads.obfuscation import disguised_spans
from adscreen.signals.evidence import Evidence, Reading
from adscreen.signals.indicator_files import AWARENESS, Catalogue
from adscreen.signals.unicode_table import FIELD_BOUNDARY

MAX_QUOTES = 4
"""Quotes of one indicator that are shown; more say the same."""
REASON_INDICATORS = 3
OF_ROLE = 3.0
"""So many times the kind of deception that fits the role of the ad counts; tried on the even families of the lures."""
OF_WHAT_IS_ASKED = 3.0
"""So many times a sign counts that says what the person is to do or give; tried on the even families of the lures."""


class Found(NamedTuple):
    """One indicator where it stands in the ad as given: ``original[field][start:end] == quote``.

    `weight` is what it adds to the log-odds; several quotes of one indicator share it.
    """

    code: str
    label: str
    quote: str
    field: str
    start: int
    end: int
    weight: float
    source: str


class Locator:
    """Finds the place of a span of the joined clean text in the fields as given.

    Parameters
    ----------
    originals : dict of str to str
        The fields as given, in the order they were joined.

    Attributes
    ----------
    originals : dict of str to str
    cleaned : dict of str to Cleaned
        The fields that hold text.
    """

    def __init__(self, originals: dict[str, str]) -> None:
        self.originals = originals
        self.cleaned: dict[str, Cleaned] = {}
        self._fields: list[tuple[int, str, Cleaned]] = []
        position = 0
        for name, original in originals.items():
            cleaned = clean_with_offsets(original) if original else None
            if cleaned is not None and cleaned.text:
                self.cleaned[name] = cleaned
                self._fields.append((position, name, cleaned))
                position += len(cleaned.text) + len(FIELD_BOUNDARY)

    def locate(self, start: int, end: int) -> tuple[str, int, int]:
        """Return the field, and the start and end in its original, of a span; cut where the field ends."""
        first, name, cleaned = self._fields[0]
        for place, its_name, its_text in self._fields:
            if place <= start:
                first, name, cleaned = place, its_name, its_text
        size = len(cleaned.text)
        return name, *cleaned.original_span(min(start - first, size), min(end - first, size))

    def first_disguised(self) -> tuple[str, int, int]:
        """Return the place of the first disguised word."""
        for name, original in self.originals.items():
            for start, end in disguised_spans(original):
                return name, start, end
        return next(iter(self.originals)), 0, 0


def quote_evidence(
    evidence: list[Evidence], locator: Locator, weights: dict[str, float], catalogue: Catalogue
) -> list[Found]:
    """Return the indicators of an ad with their quotes, those that raise the risk most first.

    Parameters
    ----------
    evidence : list of Evidence
        Offsets are those of the clean, joined text.
    locator : Locator
        Of the fields of the ad.
    weights : dict of str to float
        Log-odds by code.
    catalogue : Catalogue
    """
    shown: dict[str, list[tuple[str, int, int]]] = {}
    for code, start, end in evidence:
        places = shown.setdefault(code, [])
        place = locator.first_disguised() if code == "disguised_letters" else locator.locate(start, end)
        if place not in places and len(places) < MAX_QUOTES:
            places.append(place)
    found = []
    for code in sorted(shown, key=lambda code: (-weights.get(code, 0.0), code)):
        indicator = catalogue.indicators[code]
        share = round(weights.get(code, 0.0) / len(shown[code]), 4)
        for name, start, end in shown[code]:
            quote = locator.originals[name][start:end]
            found.append(Found(code, indicator.label, quote, name, start, end, share, indicator.source))
    return found


def located_contacts(reading: Reading, locator: Locator) -> list[tuple[str, int, int]]:
    """Return field, start and end of each contact in the ad as given."""
    return [locator.locate(each.start, each.end) for each in reading.contacts]


def kinds_of_deception(found: list[Found], catalogue: Catalogue, of_role: str | None = None) -> list[str]:
    """Return the kinds of deception that the indicators point to, the best supported first.

    An indicator shares what it adds to the risk among the kinds it suggests, so that one that fits many says less of
    each. One that is weak alone supports a kind but does not name one. What the person is to do or give counts
    `OF_WHAT_IS_ASKED` times: how lures travel and hold people is alike in most kinds. The kind that lures with the role
    of the ad are mostly about (`of_role`, see `adscreen.signals.going_rates.kind_of_role`) counts `OF_ROLE` times: a
    passport kept means another thing for a housemaid than for a chat operator.
    """
    support: dict[str, float] = {}
    named: set[str] = set()
    for each in found:
        indicator = catalogue.indicators[each.code]
        if indicator.lowers or indicator.family == AWARENESS:
            continue
        for place, kind in enumerate(indicator.suggests):
            # The first kind an indicator names is the one it says most about.
            share = max(each.weight, 0.01) * (1.0 if place == 0 else 0.8) / len(indicator.suggests)
            share *= OF_WHAT_IS_ASKED if indicator.asks else 1.0
            support[kind] = support.get(kind, 0.0) + share
            if not indicator.weak_alone:
                named.add(kind)
    if of_role in support:
        support[of_role] *= OF_ROLE
    return [kind for kind in sorted(support, key=lambda kind: -support[kind]) if kind in named]


def reason_of(found: list[Found], kinds: list[str], quoted_words: list[str], catalogue: Catalogue) -> str:
    """Return one plain sentence that says why an ad was sent on.

    Parameters
    ----------
    found : list of Found
    kinds : list of str
        Of `kinds_of_deception`.
    quoted_words : list of str
        The words that moved the text score most, for an ad without indicators.
    catalogue : Catalogue
    """
    signs: dict[str, str] = {}
    for each in found:
        if each.weight > 0 and each.code not in signs and len(signs) < REASON_INDICATORS:
            signs[each.code] = f"{each.label[0].lower()}{each.label[1:]} (“{_short(each.quote)}”)"
    if signs:
        kind = f"; points to {_lower_first(catalogue.kinds[kinds[0]].label)}" if kinds else ""
        return f"Higher concern: {'; '.join(signs.values())}{kind}."
    if not quoted_words:
        return "Higher concern: many small signs in the wording, none of them strong on its own."
    quotes = ", ".join(f"“{_short(quote)}”" for quote in quoted_words)
    return f"Higher concern: the wording is like that of deceptive ads, above all {quotes}."


def as_rows(found: list[Found]) -> list[dict[str, Any]]:
    """Return the indicators as plain JSON values."""
    return [each._asdict() for each in found]


def _short(quote: str, limit: int = 70) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


def _lower_first(label: str) -> str:
    return label[0].lower() + label[1:]

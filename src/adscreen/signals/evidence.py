"""Read one ad: every indicator with its evidence, and what the ad states of pay, contacts and places.

The indicators of phrases come from `adscreen.signals.indicators`; those that need more than phrases (pay against the
going rate, reported places, kinds of contact, licence numbers, disguised letters) are decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from adscreen.ads.schema import TEXT_FIELDS
from adscreen.signals.contacts import Contact, find_contacts, visible_part
from adscreen.signals.contacts.sign_kernel import DIALS
from adscreen.signals.contacts.signs import signs_of
from adscreen.signals.folded import fold_texts
from adscreen.signals.going_rates import GoingRate, going_rate
from adscreen.signals.indicators import IndicatorFinder
from adscreen.signals.licences import licences_in
from adscreen.signals.other_ways import has_other_way, is_site
from adscreen.signals.pay import Pay, find_pay
from adscreen.signals.places import Place, places_in
from adscreen.signals.routes import Route, route
from adscreen.signals.tokens import lay_out

EVIDENCE_FIELDS: tuple[str, ...] = (*TEXT_FIELDS, "company", "location", "salary", "contact")
"""What is read for evidence, in this order; the text model reads the first of them, `TEXT_FIELDS`."""
FAR_ABOVE = 3.0
"""Pay of so many times the going rate is far above it: past what overtime, skill and a generous employer explain.
The rates are rough; see the sources in ``pay_data``."""
MISREAD = (0.2, 25.0)
"""Pay of less or more times the going rate than this is more likely a number that is no monthly pay."""
HEAVY_DISGUISE = 3
"""So many disguised words are no slip and no noise of a scanner."""
_TOGETHER = 128
_LETTERS_TOGETHER = 1_000_000
CHAT_KINDS = frozenset(
    {"telegram", "whatsapp", "line", "zalo", "wechat", "qq", "viber", "signal", "kakao", "messenger"}
)


class Evidence(NamedTuple):
    """One indicator where it stands: ``text[start:end]``, empty for what is said by the whole ad."""

    code: str
    start: int
    end: int


class BestOffer(NamedTuple):
    """The best pay that an ad offers, beside the going rate; `ratio` is the one over the other."""

    pay: Pay
    rate: GoingRate
    ratio: float


@dataclass(frozen=True, eq=False)
class Reading:
    """What one ad says; offsets count characters of the text given.

    Pay is read when it is asked for: it bears on the risk of few ads, and reading it costs more than all else here.
    """

    evidence: list[Evidence]
    contacts: list[Contact]
    places: list[Place]
    route: Route
    text: str
    language: str

    @property
    def country(self) -> str | None:
        """ISO 3166 code of where the work is, as far as the ad tells."""
        return _country(self.route)

    @cached_property
    def pay(self) -> list[Pay]:
        """The amounts that the ad names, in the order of the text."""
        return find_pay(self.text, language=self.language, country=self.country)

    @cached_property
    def best_offer(self) -> BestOffer | None:
        """The best pay beside the going rate; see `best_offer`."""
        return best_offer(self.text, self.pay, self.route)


def read_ad(finder: IndicatorFinder, text: str, *, language: str = "", disguised: int = 0) -> Reading:
    """Read the clean text of one ad.

    Parameters
    ----------
    finder : IndicatorFinder
    text : str
        Clean; fields joined by `adscreen.signals.unicode_table.FIELD_BOUNDARY`.
    language : str
        ISO 639 code, if known: it helps with dollars, pounds and national phone numbers.
    disguised : int
        How many words of the original were disguised; see `adscreen.ads.obfuscation`.
    """
    return read_ads(finder, [text], languages=[language], disguised=[disguised])[0]


def read_ads(
    finder: IndicatorFinder, texts: Sequence[str], *, languages: Sequence[str], disguised: Sequence[int]
) -> list[Reading]:
    """Read the clean texts of many ads; parameters as those of `read_ad`, one of each for each ad.

    Faster than one ad after the other: what looks for phrases, places or contacts reads large tables, and each would
    drive those of the others out of the cache.
    """
    readings: list[Reading] = []
    for some in _groups(texts):
        readings += _read_together(finder, texts[some], languages[some], disguised[some])
    return readings


def _groups(texts: Sequence[str]) -> Iterator[slice]:
    """Yield which ads to read together: few enough that what is made of all of them fits into the memory."""
    first, letters = 0, 0
    for i, text in enumerate(texts):
        if i > first and (i - first == _TOGETHER or letters + len(text) > _LETTERS_TOGETHER):
            yield slice(first, i)
            first, letters = i, 0
        letters += len(text)
    if texts:
        yield slice(first, len(texts))


def _read_together(
    finder: IndicatorFinder, texts: Sequence[str], languages: Sequence[str], disguised: Sequence[int]
) -> list[Reading]:
    laid_out = lay_out(texts)
    folded = fold_texts(texts, laid_out)
    phrases = finder.find_in(folded)
    licences = licences_in(texts, folded)
    places = places_in(texts, laid_out)
    signs = signs_of(laid_out)
    ways = list(map(route, texts, places, languages, [bool(its_signs.has & DIALS) for its_signs in signs]))
    contacts = [
        find_contacts(text, way.origin or _country(way), language or None, its_signs)
        for text, way, language, its_signs in zip(texts, ways, languages, signs, strict=True)
    ]
    known = finder.catalogue.indicators
    readings = []
    for i, text in enumerate(texts):
        found = [Evidence(each.code, each.start, each.end) for each in phrases[i]]
        found += [Evidence("licence_number", each.start, each.end) for each in licences[i]]
        # A quote must not give away what is masked.
        evidence = [_without_contacts(each, contacts[i], text) for each in found] if contacts[i] else found
        evidence += _of_contacts(contacts[i], ways[i], text)
        # Few ads are by message only, and to look for another way takes long.
        if any(each.code == "chat_only" for each in evidence) and has_other_way(contacts[i], text):
            evidence = [each for each in evidence if each.code != "chat_only"]
        evidence += _of_places(ways[i], places[i])
        reading = Reading(evidence, contacts[i], places[i], ways[i], text, languages[i])
        evidence += _of_pay(reading)
        if disguised[i] >= HEAVY_DISGUISE:
            evidence.append(Evidence("disguised_letters", 0, 0))
        evidence[:] = sorted((each for each in evidence if each.code in known), key=lambda each: (each.start, each.end))
        readings.append(reading)
    return readings


def _country(way: Route) -> str | None:
    return way.destinations[0] if way.destinations else way.origin


def best_offer(text: str, pay: list[Pay], way: Route) -> BestOffer | None:
    """Return the best pay by the month beside the going rate, or None where either is unknown or misread."""
    rate = _yardstick(text, way) if pay else None
    return None if rate is None else _best_beside(rate, pay)


def _yardstick(text: str, way: Route) -> GoingRate | None:
    """Return the going rate where the work is or where people are sought, whichever is higher.

    Nobody leaves home for less than the wage at home, so what an honest employer offers follows the higher of the two.
    """
    there = going_rate(text, _country(way))
    if there is None or way.origin in (None, there.country):
        return there
    at_home = going_rate(text, way.origin)
    return max(there, at_home, key=lambda rate: rate.usd_month) if at_home else there


def _best_beside(rate: GoingRate, pay: list[Pay]) -> BestOffer | None:
    offers = [each for each in pay if each.usd_month > 0]
    if not offers:
        return None
    best = max(offers, key=lambda each: each.usd_month)
    ratio = best.usd_month / rate.usd_month
    return BestOffer(best, rate, ratio) if MISREAD[0] <= ratio <= MISREAD[1] else None


def _is_abroad(way: Route) -> bool:
    return way.origin is not None and bool(way.destinations) and way.origin not in way.destinations


def _without_contacts(evidence: Evidence, contacts: list[Contact], text: str) -> Evidence:
    """Cut a contact off the end or the beginning of a quote."""
    code, start, end = evidence
    for contact in contacts:
        if contact.start >= end or contact.end <= start:
            continue
        if contact.start > start:
            end = contact.start
        elif contact.end < end:
            start = contact.end
        else:
            return Evidence(code, *visible_part(contact, text))
    quote = text[start:end]
    return Evidence(code, start + len(quote) - len(quote.lstrip()), end - len(quote) + len(quote.rstrip()))


def _of_contacts(contacts: list[Contact], way: Route, text: str) -> list[Evidence]:
    own_mail = any(contact.kind == "email" and "free_mail" not in contact.flags for contact in contacts)
    signs = []
    if not own_mail and not any(map(is_site, contacts)):
        signs += [("free_mail_only", each) for each in contacts if "free_mail" in each.flags]
    signs += [("chat_only", each) for each in contacts if each.kind in CHAT_KINDS][:1]
    signs += [("short_link", each) for each in contacts if "shortener" in each.flags]
    signs += [("lookalike_domain", each) for each in contacts if "lookalike" in each.flags]
    signs += [("foreign_number", each) for each in contacts if "foreign_number" in each.flags and way.destinations]
    return [Evidence(code, *visible_part(contact, text)) for code, contact in signs]


def _of_places(way: Route, places: list[Place]) -> list[Evidence]:
    found = []
    if way.hotspot is not None:
        found.append(Evidence("hotspot", way.hotspot.start, way.hotspot.end))
    if way.many:
        countries = [place for place in places if place.country in way.destinations]
        if countries:
            found.append(Evidence("many_countries", countries[0].start, countries[-1].end))
    return found


def _of_pay(reading: Reading) -> list[Evidence]:
    # Asked in this order, pay is read only of ads that lead abroad to a role with a going rate.
    if not _is_abroad(reading.route):
        return []
    rate = _yardstick(reading.text, reading.route)
    if rate is None or rate.role == "any":
        return []
    best = _best_beside(rate, reading.pay)
    if best is None or best.ratio < FAR_ABOVE:
        return []
    return [Evidence("pay_far_above_rate", best.pay.start, best.pay.end)]

"""One ad as a card of the report: an explanation in the words and the order that a reader needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from adscreen.campaigns.profiles import Campaign
from adscreen.scoring.explain import Explanation, ShownPay
from adscreen.scoring.findings import Found
from adscreen.screening.campaign_card import ShownCampaign, shown_campaign
from adscreen.screening.marked_text import MAX_SHOWN, AdText, Contact, Passage, Sign
from adscreen.screening.report_words import country_names, words
from adscreen.screening.visible_text import Part, one_line
from adscreen.signals.indicator_files import AWARENESS, Catalogue, Kind

MAX_TERMS = 12
MAX_SHORT = 120
"""Fields up to this length stand beside their name, not below it."""
# What a lang attribute may hold; anything else, "und" too, says that the language is not known.
_LANGUAGE_TAG = re.compile(r"(?!und)[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")

_QUOTE = re.compile("“([^“”]*)”")


class ShownSign(NamedTuple):
    """An indicator of the catalogue as found in one ad; `quotes` is empty where it is said of the whole ad."""

    number: int
    label: str
    quotes: list[list[Part]]
    question: str
    source: str
    strength: int
    weak_alone: bool


class ShownField(NamedTuple):
    """A field of the ad, and how many characters of it were too many for a report."""

    name: str
    passages: list[Passage]
    left_out: int
    short: bool


class PayBars(NamedTuple):
    """Pay as promised beside the going rate; widths in per cent of the longer bar."""

    quote: str
    promised: str
    usual: str
    times: str
    job: str
    source: str
    promised_width: float
    usual_width: float


class Card(NamedTuple):
    """What the template shows of one ad; texts of the ad are masked and made visible, not yet escaped."""

    rank: int
    band: str
    risk: str
    heading: str
    language: str
    language_name: str
    facts: list[tuple[str, str]]
    copies: int
    campaign: ShownCampaign | None
    reason: list[tuple[bool, str]]
    kind: Kind | None
    other_kinds: list[Kind]
    fields: list[ShownField]
    signs: list[ShownSign]
    calm_signs: list[ShownSign]
    contacts: list[tuple[str, str, list[str]]]
    pay: PayBars | None
    changes: list[str]
    terms: list[tuple[list[Part], bool]]
    parts: list[tuple[str, str]]
    log_odds: str

    @property
    def stands_for(self) -> int:
        """How many ads this one stands for, itself counted."""
        return self.campaign.ads if self.campaign else self.copies

    @property
    def stands_for_flagged(self) -> int:
        """How many of these are urgent or to review."""
        if self.campaign:
            return self.campaign.flagged
        return 0 if self.band == "clear" else self.copies


def card_of(ad: Explanation, rank: int, copies: int, catalogue: Catalogue, campaign: Campaign | None = None) -> Card:
    """Return the card of `ad`, the one at `rank` (from 1), whose text came `copies` times.

    `campaign` is the one that it stands for, if any.

    Beside the result columns, `ad.result` may hold ``source``, ``channel``, ``posted_at`` and ``row`` of the ad:
    they are shown where they are given.
    """
    text = AdText(ad.fields, [(each.field, Contact(each.start, each.end, each.masked)) for each in ad.contacts])
    numbered = list(enumerate(dict.fromkeys(each.code for each in ad.found if not _is_about_texts(each, catalogue)), 1))
    numbers = {code: number for number, code in numbered}
    calm = {code for code in numbers if _lowers(code, ad.found, catalogue)}
    shown = {code: _sign(code, number, ad.found, text, catalogue) for number, code in numbered}
    language = str(ad.result.get("language") or "")
    kinds = [catalogue.kinds[code] for code in ad.kinds if code in catalogue.kinds]
    return Card(
        rank=rank,
        band=str(ad.result["band"]),
        risk=_percent(ad.result.get("risk")),
        heading=text.heading(),
        language=language if _LANGUAGE_TAG.fullmatch(language) else "",
        language_name=words()["languages"].get(language, language),
        facts=[
            (label, str(value))
            for label, name in (("Seen in", "source"), ("Channel", "channel"), ("Posted", "posted_at"), ("Row", "row"))
            if (value := ad.result.get(name)) not in (None, "")
        ]
        + [("Ad", str(ad.result["ad_id"]))],
        copies=copies,
        campaign=None if campaign is None else shown_campaign(campaign),
        reason=_quotes_apart(text.hide(str(ad.result.get("reason") or ""))),
        kind=kinds[0] if kinds else None,
        other_kinds=kinds[1:],
        fields=_fields(ad, text, numbers, calm),
        signs=[sign for code, sign in shown.items() if code not in calm],
        calm_signs=[sign for code, sign in shown.items() if code in calm],
        contacts=_contacts(ad),
        pay=None if ad.pay is None else _pay(ad.pay, text),
        changes=[text.hide(change) for change in ad.changes],
        terms=[(text.quote(each.field, each.start, each.end), each.weight > 0) for each in ad.terms[:MAX_TERMS]],
        parts=[(_part_name(code, catalogue), f"{value:+.2f}") for code, value in ad.parts.items()],
        log_odds=f"{ad.log_odds:+.2f}",
    )


def _quotes_apart(sentence: str) -> list[tuple[bool, str]]:
    """Return `sentence` in pieces, each with whether it is a quote: a quote has a direction of its own."""
    pieces = _QUOTE.split(sentence)
    return [(place % 2 == 1, piece) for place, piece in enumerate(pieces) if piece]


def _is_about_texts(found: Found, catalogue: Catalogue) -> bool:
    indicator = catalogue.indicators.get(found.code)
    return indicator is not None and indicator.family == AWARENESS


def _lowers(code: str, found: list[Found], catalogue: Catalogue) -> bool:
    indicator = catalogue.indicators.get(code)
    return indicator.lowers if indicator else sum(each.weight for each in found if each.code == code) < 0


def _sign(code: str, number: int, found: list[Found], text: AdText, catalogue: Catalogue) -> ShownSign:
    own = [each for each in found if each.code == code]
    quotes = [text.quote(each.field, each.start, each.end) for each in own if each.start < each.end]
    quotes = [quote for place, quote in enumerate(quotes) if quote not in quotes[:place]]
    indicator = catalogue.indicators.get(code)
    if indicator is None:  # judged with another folder of indicators than the report is written with
        return ShownSign(number, own[0].label, quotes, "", own[0].source, 0, False)
    return ShownSign(
        number, indicator.label, quotes, indicator.question, indicator.source, indicator.strength, indicator.weak_alone
    )


def _fields(ad: Explanation, text: AdText, numbers: Mapping[str, int], calm: set[str]) -> list[ShownField]:
    order: dict[str, str] = words()["fields"]
    fields = []
    for name in sorted(ad.fields, key=lambda name: list(order).index(name) if name in order else len(order)):
        signs = [
            Sign(numbers[each.code], each.start, each.end, each.code in calm)
            for each in ad.found
            if each.field == name and each.code in numbers
        ]
        if name == "title" and not signs and one_line(ad.fields[name], MAX_SHORT) == text.heading():
            continue  # it stands above already
        left_out = max(0, len(ad.fields[name]) - MAX_SHOWN)
        short = name != "description" and len(ad.fields[name]) <= MAX_SHORT
        fields.append(ShownField(order.get(name, name), text.passages(name, signs), left_out, short))
    return fields


def _contacts(ad: Explanation) -> list[tuple[str, str, list[str]]]:
    kinds, flags = words()["contact_kinds"], words()["contact_flags"]
    shown = [
        (kinds.get(each.kind, each.kind), each.masked, [flags.get(flag, flag) for flag in each.flags])
        for each in ad.contacts
    ]
    return [each for place, each in enumerate(shown) if each not in shown[:place]]


def _pay(pay: ShownPay, text: AdText) -> PayBars | None:
    if pay.usd_month <= 0 or pay.rate_usd_month <= 0:
        return None
    ratio = pay.usd_month / pay.rate_usd_month
    times = "about as much" if 0.75 <= ratio <= 1.35 else f"about {_rounded(ratio)} times as much"
    most = max(pay.usd_month, pay.rate_usd_month)
    role = "Unskilled work" if pay.role == "any" else f"Work of this kind ({pay.role.replace('_', ' ')})"
    return PayBars(
        quote=text.hide(pay.quote),
        promised=_rounded(pay.usd_month),
        usual=_rounded(pay.rate_usd_month),
        times=times,
        job=f"{role} in {country_names().get(pay.country, pay.country)}",
        source=pay.source,
        promised_width=round(100 * pay.usd_month / most, 1),
        usual_width=max(1.0, round(100 * pay.rate_usd_month / most, 1)),
    )


def _rounded(value: float) -> str:
    """Return two significant digits: the rates are good to about 30 %, more digits would pretend."""
    return f"{float(f'{value:.2g}'):,.10g}"


def _percent(risk: Any) -> str:
    if risk is None:
        return ""
    return "over 99 %" if risk > 0.99 else "under 1 %" if risk < 0.01 else f"{risk:.0%}".replace("%", " %")


def _part_name(code: str, catalogue: Catalogue) -> str:
    own = {
        "baseline": "Starting point: how common deceptive ads are taken to be",
        "text": "The wording as a whole",
        "meaning": "What it means as a whole, in any words",
        "lowering limit": "Limit on what may lower concern",
    }
    return own.get(code) or (catalogue.indicators[code].label if code in catalogue.indicators else code)

"""What a card of the report says of the campaign that its ad stands for."""

from __future__ import annotations

from typing import NamedTuple

from adscreen.campaigns.profiles import Campaign
from adscreen.campaigns.template import Slot
from adscreen.screening.report_words import country_names, words
from adscreen.screening.visible_text import one_line

MAX_SLOTS = 12
MAX_VALUES = 6
MAX_NAMED = 5
MAX_TEMPLATE = 1_400


class ShownSlot(NamedTuple):
    """One thing that varies: its number in the template, what it is, values with counts, and how many more."""

    number: int
    name: str
    values: list[tuple[str, int]]
    more: int
    missing: int


class ShownCampaign(NamedTuple):
    """A campaign as the report shows it; all texts are masked and not yet escaped.

    `parts` is the template: pieces of text, each with 0, or the name of a slot, with its number. `links` are kind and
    masked form of what ties it to another campaign, and the name of that.
    """

    name: str
    ads: int
    texts: int
    flagged: int
    varies: str
    facts: list[tuple[str, str]]
    parts: list[tuple[str, int]]
    slots: list[ShownSlot]
    more_slots: int
    links: list[tuple[str, str, str]]


def shown_campaign(campaign: Campaign) -> ShownCampaign:
    """Return what the report shows of `campaign`."""
    slots = [_slot(slot) for slot in campaign.template.slots]
    names = {slot.number: slot.name for slot in slots}
    parts, room = [], MAX_TEMPLATE
    for text, number in campaign.template.parts:
        if room <= 0:
            parts.append(("…", 0))
            break
        shown = names[number] if number else text[:room]
        parts.append((shown, number))
        room -= len(shown)
    return ShownCampaign(
        name=campaign.campaign_id,
        ads=len(campaign.members),
        texts=campaign.texts,
        flagged=campaign.by_band.get("urgent", 0) + campaign.by_band.get("review", 0),
        varies=", ".join(dict.fromkeys(slot.name for slot in slots)),
        facts=_facts(campaign),
        parts=parts,
        slots=slots[:MAX_SLOTS],
        more_slots=max(0, len(slots) - MAX_SLOTS),
        links=[(_contact_name(link.reason), link.shown, link.campaign_id) for link in campaign.links[:MAX_NAMED]],
    )


def _slot(slot: Slot) -> ShownSlot:
    values = [(one_line(value, 80), ads) for value, ads in slot.values[:MAX_VALUES]]
    return ShownSlot(slot.number, _contact_name(slot.kind), values, slot.distinct - len(values), slot.missing)


def _contact_name(kind: str) -> str:
    name: str = words()["contact_kinds"].get(kind) or words()["slots"].get(kind, kind)
    return name


def _facts(campaign: Campaign) -> list[tuple[str, str]]:
    first, last = campaign.first_seen, campaign.last_seen
    facts = [("Seen", first if first == last else f"{first} to {last}")] if first else []
    bands = {words()["bands"][band]["name"].lower(): ads for band, ads in campaign.by_band.items()}
    languages = {words()["languages"].get(code, code): ads for code, ads in campaign.languages.items()}
    places = {country_names().get(code, code): ads for code, ads in campaign.destinations.items()}
    for name, counts in (
        ("Bands", bands),
        ("Sources", campaign.sources),
        ("Languages", languages),
        ("Work in", places),
        ("Employers named", campaign.companies),
    ):
        if counts:
            facts.append((name, _counted(counts)))
    return facts


def _counted(counts: dict[str, int]) -> str:
    shown = ", ".join(f"{one_line(value, 60)} ({ads:,})" for value, ads in list(counts.items())[:MAX_NAMED])
    return shown + (f" and {len(counts) - MAX_NAMED:,} more" if len(counts) > MAX_NAMED else "")

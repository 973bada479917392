"""Campaigns as a table: one row each, for a spreadsheet or a program."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pandas as pd

from adscreen.campaigns.profiles import Campaign

SUMMARY_COLUMNS = {
    "campaign_id": "name that stays when ads are added to a store",
    "ads": "how many",
    "texts": "different texts among them, contacts aside",
    "band": "of its ad of the highest risk",
    "risk": "of that ad, 0 to 1; null where none could be judged",
    "bands": "JSON: ads in each band",
    "first_seen": "first day (YYYY-MM-DD) of the ads whose date can be read without guessing",
    "last_seen": "last such day",
    "undated": "ads without such a date",
    "sources": "JSON: ads of each source",
    "channels": "JSON: ads of each channel",
    "languages": "JSON: ads in each language",
    "destinations": "JSON: ads for each country (ISO 3166)",
    "companies": "JSON: ads of each employer named",
    "contacts": "JSON list of {kind, value, ads, common}, masked unless asked; common: too many have it to link any",
    "template": "the text, with {1: phone} where it varies",
    "slots": "JSON list of {slot, kind, values, distinct, missing}: what stands there, and in how many ads",
    "examples": "JSON list of {ad_id, risk, band, text}: the ads of the highest risk, each with another text",
    "held_by": "JSON: links between its ads, by reason",
    "linked_to": "JSON list of {campaign_id, reason, value, ads}: what ties it to other campaigns",
}
_INTEGERS = ("ads", "texts", "undated")


def summary_table(campaigns: Iterable[Campaign]) -> pd.DataFrame:
    """Return one row for each campaign, with `SUMMARY_COLUMNS`."""
    table = pd.DataFrame([_row(each) for each in campaigns], columns=list(SUMMARY_COLUMNS))
    kinds = {name: "str" for name in SUMMARY_COLUMNS if name != "risk" and name not in _INTEGERS}
    return table.astype({**kinds, "risk": "float64", **dict.fromkeys(_INTEGERS, "int64")})


def _row(campaign: Campaign) -> dict[str, Any]:
    return {
        "campaign_id": campaign.campaign_id,
        "ads": len(campaign.members),
        "texts": campaign.texts,
        "band": campaign.band,
        "risk": campaign.risk,
        "bands": _json(campaign.by_band),
        "first_seen": campaign.first_seen,
        "last_seen": campaign.last_seen,
        "undated": campaign.undated,
        "sources": _json(campaign.sources),
        "channels": _json(campaign.channels),
        "languages": _json(campaign.languages),
        "destinations": _json(campaign.destinations),
        "companies": _json(campaign.companies),
        "contacts": _json(
            [
                {"kind": each.kind, "value": each.shown, "ads": each.ads, "common": each.common}
                for each in campaign.contacts
            ]
        ),
        "template": campaign.template.as_text(),
        "slots": _json(
            [
                {
                    "slot": slot.number,
                    "kind": slot.kind,
                    "values": [{"value": value, "ads": ads} for value, ads in slot.values],
                    "distinct": slot.distinct,
                    "missing": slot.missing,
                }
                for slot in campaign.template.slots
            ]
        ),
        "examples": _json(
            [
                {"ad_id": each.ad_id, "risk": each.risk, "band": each.band, "text": each.heading}
                for each in campaign.examples
            ]
        ),
        "held_by": _json(campaign.reasons),
        "linked_to": _json(
            [
                {"campaign_id": each.campaign_id, "reason": each.reason, "value": each.shown, "ads": each.ads}
                for each in campaign.links
            ]
        ),
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)

"""Campaigns as one MISP event, to be shared with those who investigate.

Only campaigns that a person should read are in it: an event goes to many, and most campaigns are honest employers who
post one job in many places.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from adscreen.campaigns.profiles import Campaign, CampaignContact
from adscreen.shipped_yaml import load_yaml

MISP_BANDS = ("urgent", "review")
_SPACE = uuid5(NAMESPACE_URL, "adscreen:campaigns")


def misp_event(campaigns: Sequence[Campaign], *, day: str, version: str, revealed: bool) -> dict[str, Any]:
    """Return an event of the campaigns whose band is one of `MISP_BANDS`.

    Each campaign is an object ``annotation`` (its figures and its template as free text); each contact is an object of
    its kind, which every campaign that gives it mentions. Nothing is marked for detection (``to_ids``): an ad proves
    nothing. Masked values are kept out of MISP's correlation, where they would match what they should not.

    Parameters
    ----------
    campaigns : sequence of Campaign
    day : str
        Of the event, YYYY-MM-DD.
    version : str
        Of the model that judged.
    revealed : bool
        Whether the contacts are in full.
    """
    chosen = [campaign for campaign in campaigns if campaign.band in MISP_BANDS]
    identity = json.dumps([day, version, revealed, [each.campaign_id for each in chosen]])
    objects: list[dict[str, Any]] = []
    of_contact: dict[tuple[str, str], dict[str, Any]] = {}
    for campaign in chosen:
        its_uuid = str(uuid5(_SPACE, f"{identity} {campaign.campaign_id}"))
        own = _object("annotation", its_uuid, f"campaign {campaign.campaign_id}")
        own["Attribute"] = [
            _attribute(its_uuid, "text", "text", "Other", _as_text(campaign), correlate=False),
            _attribute(its_uuid, "type", "text", "Other", "Other", correlate=False),
        ]
        objects.append(own)
        for contact in campaign.contacts:
            if contact.common:
                continue
            name = (contact.kind, contact.hash)
            if name not in of_contact:
                made = str(uuid5(_SPACE, f"{identity} contact {len(of_contact)}"))
                of_contact[name] = _of_contact(contact, made, revealed)
            target = of_contact[name]["uuid"]
            own["ObjectReference"].append(
                {
                    "uuid": str(uuid5(_SPACE, f"{its_uuid} {target}")),
                    "object_uuid": its_uuid,
                    "referenced_uuid": target,
                    "relationship_type": "mentions",
                    "comment": f"in {contact.ads} of {len(campaign.members)} ads",
                }
            )
    count = len(chosen)
    return {
        "Event": {
            "uuid": str(uuid5(_SPACE, identity)),
            "info": f"adscreen: {count} campaign{'' if count == 1 else 's'} of recruitment ads to be read by a person",
            "date": day,
            "threat_level_id": "4",
            "analysis": "0",
            "distribution": "0",
            "published": False,
            "Tag": [{"name": "tlp:amber"}],
            "Attribute": [
                {
                    "uuid": str(uuid5(_SPACE, f"{identity} comment")),
                    "type": "comment",
                    "category": "Other",
                    "value": f"Grouped and judged by adscreen, model {version}. A band orders reading, no more.",
                    "to_ids": False,
                    "disable_correlation": True,
                }
            ],
            "Object": objects + list(of_contact.values()),
        }
    }


def _of_contact(contact: CampaignContact, uuid: str, revealed: bool) -> dict[str, Any]:
    kinds = _tables()["contacts"]
    entry = kinds.get(contact.kind, kinds["other"])
    made = _object(entry["object"], uuid, "masked by adscreen" if not revealed else "")
    value = f"https://{contact.shown}" if contact.kind == "link" else contact.shown
    category = entry["attribute_category"]
    # What is shown of a domain is all of it.
    whole = revealed or contact.kind == "domain"
    made["Attribute"] = [_attribute(uuid, entry["relation"], entry["type"], category, value, correlate=whole)]
    if entry["object"] == "user-account":
        made["Attribute"].append(_attribute(uuid, "account-type", "text", "Other", contact.kind, correlate=False))
    return made


def _object(name: str, uuid: str, comment: str) -> dict[str, Any]:
    entry = _tables()["objects"][name]
    return {
        "name": name,
        "meta-category": entry["category"],
        "template_uuid": entry["uuid"],
        "template_version": entry["version"],
        "uuid": uuid,
        "comment": comment,
        "Attribute": [],
        "ObjectReference": [],
    }


def _attribute(
    object_uuid: str, relation: str, kind: str, category: str, value: str, *, correlate: bool
) -> dict[str, Any]:
    return {
        "uuid": str(uuid5(_SPACE, f"{object_uuid} {relation}")),
        "object_relation": relation,
        "type": kind,
        "category": category,
        "value": value,
        "to_ids": False,
        "disable_correlation": not correlate,
    }


def _as_text(campaign: Campaign) -> str:
    lines = [
        f"{len(campaign.members)} ads, {campaign.texts} different texts. Band of the whole: {campaign.band}.",
        f"Seen: {campaign.first_seen or 'date unknown'} to {campaign.last_seen or 'date unknown'}.",
        *(
            f"{name}: {', '.join(f'{value} ({ads})' for value, ads in list(counts.items())[:10])}"
            for name, counts in (
                ("Sources", campaign.sources),
                ("Languages", campaign.languages),
                ("Destinations", campaign.destinations),
                ("Employers named", campaign.companies),
            )
            if counts
        ),
        "",
        campaign.template.as_text(),
    ]
    for slot in campaign.template.slots:
        values = "; ".join(f"{value} ({ads})" for value, ads in slot.values)
        lines.append(f"{{{slot.number}: {slot.kind}}} {values}")
    return "\n".join(lines)


@cache
def _tables() -> dict[str, dict[str, Any]]:
    tables: dict[str, dict[str, Any]] = load_yaml("adscreen.screening", "misp_objects.yaml")
    return tables

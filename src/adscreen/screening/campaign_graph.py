"""Campaigns and what ties them as GraphML, which Gephi and networkx read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from adscreen.campaigns.profiles import Campaign

_NODE_KEYS = {
    "label": "string",
    "type": "string",
    "kind": "string",
    "ads": "int",
    "risk": "double",
    "band": "string",
    "first_seen": "string",
    "last_seen": "string",
    "destinations": "string",
}
_EDGE_KEYS = {"reason": "string", "weight": "double"}
# What XML 1.0 cannot hold, not even escaped.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LABEL_CHARS = 60


def graph_lines(campaigns: Sequence[Campaign]) -> Iterator[str]:
    """Return the lines of a GraphML file.

    Nodes are campaigns (with size, risk, band) and the contacts that link; an edge says that ads of a campaign give a
    contact (weight: how many), or that two campaigns have texts that are alike though not enough to be one. Contacts
    have a running number, not their hash: a hash without its secret key could be tried out.
    """
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for domain, keys in (("node", _NODE_KEYS), ("edge", _EDGE_KEYS)):
        for name, kind in keys.items():
            yield f'<key id="{domain}_{name}" for="{domain}" attr.name="{name}" attr.type="{kind}"/>\n'
    yield '<graph id="campaigns" edgedefault="undirected">\n'
    contacts: dict[str, str] = {}
    for campaign in campaigns:
        heading = campaign.examples[0].heading if campaign.examples else ""
        yield _element(
            "node",
            {"id": campaign.campaign_id},
            {
                "label": heading[:LABEL_CHARS] or campaign.campaign_id,
                "type": "campaign",
                "ads": len(campaign.members),
                "risk": campaign.risk,
                "band": campaign.band,
                "first_seen": campaign.first_seen,
                "last_seen": campaign.last_seen,
                "destinations": " ".join(campaign.destinations),
            },
        )
        for contact in campaign.contacts:
            if contact.hash not in contacts and not contact.common:
                contacts[contact.hash] = f"contact-{len(contacts) + 1}"
                yield _element(
                    "node",
                    {"id": contacts[contact.hash]},
                    {"label": contact.shown, "type": "contact", "kind": contact.kind},
                )
    yield from _edges(campaigns, contacts)
    yield "</graph>\n</graphml>\n"


def _edges(campaigns: Iterable[Campaign], contacts: dict[str, str]) -> Iterator[str]:
    for campaign in campaigns:
        for contact in campaign.contacts:
            if not contact.common:
                ends = {"source": campaign.campaign_id, "target": contacts[contact.hash]}
                yield _element("edge", ends, {"reason": contact.kind, "weight": contact.ads})
        for link in campaign.links:
            if link.reason in ("text", "image") and campaign.campaign_id < link.campaign_id:
                ends = {"source": campaign.campaign_id, "target": link.campaign_id}
                yield _element("edge", ends, {"reason": link.reason, "weight": link.ads})


def _element(name: str, attributes: dict[str, str], data: dict[str, str | int | float | None]) -> str:
    written = "".join(f" {key}={quoteattr(_NO_XML.sub('', value))}" for key, value in attributes.items())
    cells = "".join(
        f'<data key="{name}_{key}">{escape(_NO_XML.sub("", str(value)))}</data>'
        for key, value in data.items()
        if value is not None and value != ""
    )
    return f"<{name}{written}>{cells}</{name}>\n"

"""What holds a campaign together, and what ties it to others."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from adscreen.campaigns.contact_keys import ContactKey
from adscreen.campaigns.ledger import Ledger

MAX_LINKS = 20


class Link(NamedTuple):
    """What ties a campaign to another.

    Attributes
    ----------
    campaign_id : str
        The other one.
    reason : str
        text, image or the kind of the contact that both give.
    shown : str
        The contact; empty for texts and images.
    ads : int
        Ads of both that give the contact; for texts, the pairs alike.
    """

    campaign_id: str
    reason: str
    shown: str
    ads: int


def reasons_within(ledger: Ledger) -> dict[str, Counter[str]]:
    """Return what holds each campaign together: how many links between its ads, by reason."""
    names = ledger.ads["campaign_id"].tolist()
    found: dict[str, Counter[str]] = {}
    edges = ledger.edges[~ledger.edges["cut"].astype(bool)]
    for left, reason in zip(edges["left"].tolist(), edges["reason"].tolist(), strict=True):
        if isinstance(names[left], str):
            found.setdefault(names[left], Counter())[reason] += 1
    return found


def links_between(ledger: Ledger) -> dict[str, list[Link]]:
    """Return what ties each campaign to others: contacts in both, texts alike but not enough, shared images; the
    strongest first, at most `MAX_LINKS`."""
    names = ledger.ads["campaign_id"].tolist()
    holders: dict[ContactKey, Counter[str]] = {}
    for ad, contacts in enumerate(ledger.contacts):
        if isinstance(names[ad], str):
            for contact in set(contacts):
                holders.setdefault(contact, Counter())[names[ad]] += 1
    found: dict[str, list[Link]] = {}
    for contact, counts in holders.items():
        if len(counts) < 2 or contact.hash in ledger.common:
            continue
        for name, own in counts.items():
            others = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
            found.setdefault(name, []).extend(
                Link(other, contact.kind, ledger.shown(contact), own + ads)
                for other, ads in others[: MAX_LINKS + 1]
                if other != name
            )
    edges = ledger.edges[ledger.edges["cut"].astype(bool) & ledger.edges["reason"].isin(["text", "image"])]
    pairs: Counter[tuple[str, str, str]] = Counter()
    for left, right, reason in zip(edges["left"], edges["right"], edges["reason"], strict=True):
        if isinstance(names[left], str) and isinstance(names[right], str) and names[left] != names[right]:
            pairs[names[left], names[right], reason] += 1
            pairs[names[right], names[left], reason] += 1
    for (name, other, reason), count in pairs.items():
        found.setdefault(name, []).append(Link(other, reason, "", count))
    return {name: sorted(links, key=lambda link: (-link.ads, link))[:MAX_LINKS] for name, links in found.items()}

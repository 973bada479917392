"""What a campaign shows: how large, since when, where, with which contacts, what it writes, what ties it to others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np

from adscreen.campaigns.campaign_links import Link, links_between, reasons_within
from adscreen.campaigns.contact_keys import ContactKey
from adscreen.campaigns.ledger import Ledger
from adscreen.campaigns.pieces import read_pieces
from adscreen.campaigns.template import MAX_TEXTS, Template, template_of

BAND_ORDER = ("unscorable", "clear", "review", "urgent")
MAX_EXAMPLES = 5
MAX_CONTACTS = 50
_ISO_DAY = re.compile(r"\s*((?:19|20)\d\d)-(\d\d?)-(\d\d?)(?!\d)")
_EPOCH = re.compile(r"\s*(\d{10}|\d{13})(?:\.\d+)?\s*")


class CampaignContact(NamedTuple):
    """A contact that ads of a campaign give; `common` if too many others have it to link anything."""

    kind: str
    shown: str
    hash: str
    ads: int
    common: bool


class Example(NamedTuple):
    """One ad of a campaign; `risk` is None where it was not judged."""

    ad_id: str
    risk: float | None
    band: str
    heading: str


class Campaign(NamedTuple):
    """A campaign; counts are of ads.

    Attributes
    ----------
    campaign_id : str
    members : list of int
        Positions in the ledger.
    texts : int
        Different texts (contacts masked).
    band, risk : str, float or None
        Those of its ad of the highest risk: the campaign is read if one of its ads would be.
    by_band : dict of str to int
    first_seen, last_seen : str
        Days (YYYY-MM-DD), of the ads whose date can be read without guessing; empty if none.
    undated : int
        Ads whose date is missing or could be several days, as 03/04/2025.
    sources, channels, languages, destinations, companies : dict of str to int
        The most frequent first.
    contacts : list of CampaignContact
    template : Template
    examples : list of Example
        Of the highest risk, each with another text.
    reasons : dict of str to int
        What holds it together: links between its ads, by reason.
    links : list of Link
        To other campaigns.
    """

    campaign_id: str
    members: list[int]
    texts: int
    band: str
    risk: float | None
    by_band: dict[str, int]
    first_seen: str
    last_seen: str
    undated: int
    sources: dict[str, int]
    channels: dict[str, int]
    languages: dict[str, int]
    destinations: dict[str, int]
    companies: dict[str, int]
    contacts: list[CampaignContact]
    template: Template
    examples: list[Example]
    reasons: dict[str, int]
    links: list[Link]


def campaigns_of(ledger: Ledger) -> list[str]:
    """Return the names of all campaigns, those to read first in front: by band, then risk, then size."""
    ads = ledger.ads[ledger.ads["campaign_id"].notna()]
    if ads.empty:
        return []
    rank = ads["band"].map({band: place for place, band in enumerate(BAND_ORDER)})
    frame = ads.assign(rank=rank, risk=ads["risk"].fillna(-1.0), size=1)
    found = frame.groupby("campaign_id").agg({"rank": "max", "risk": "max", "size": "sum"}).reset_index()
    ordered = found.sort_values(["rank", "risk", "size", "campaign_id"], ascending=[False, False, False, True])
    return [str(name) for name in ordered["campaign_id"]]


def profiles(ledger: Ledger, wanted: Iterable[str] | None = None) -> Iterator[Campaign]:
    """Describe campaigns, one after the other.

    Parameters
    ----------
    ledger : Ledger
    wanted : iterable of str, optional
        Names, in the order they are to come; all, as `campaigns_of` orders them, unless given.
    """
    members: dict[str, list[int]] = {}
    for ad, name in enumerate(ledger.ads["campaign_id"].tolist()):
        if isinstance(name, str):
            members.setdefault(name, []).append(ad)
    reasons, links = reasons_within(ledger), links_between(ledger)
    columns = {name: ledger.ads[name].tolist() for name in ledger.ads.columns}
    for name in campaigns_of(ledger) if wanted is None else wanted:
        yield _profile(ledger, columns, name, members[name], reasons.get(name, Counter()), links.get(name, []))


def _profile(
    ledger: Ledger,
    columns: dict[str, list[Any]],
    name: str,
    members: list[int],
    reasons: Counter[str],
    links: list[Link],
) -> Campaign:
    risks = np.array([columns["risk"][ad] for ad in members], float)
    order = np.argsort(np.where(np.isnan(risks), 1.0, -risks), kind="stable").tolist()
    best = members[order[0]]
    days = sorted(day for ad in members if (day := day_of(columns["posted_at"][ad])))
    first_of: dict[str, int] = {}
    for place in order:
        first_of.setdefault(columns["digest"][members[place]], members[place])
    # Contacts may look alike when they are masked: what is compared is told apart by them too.
    said = {ad: (columns["digest"][ad], *(contact.hash for contact in ledger.contacts[ad])) for ad in members}
    copies = Counter(said.values())
    holder = {said[members[place]]: members[place] for place in reversed(order)}

    def counted(column: str) -> dict[str, int]:
        values = Counter(value for ad in members if (value := columns[column][ad]))
        return dict(sorted(values.items(), key=lambda each: (-each[1], each[0])))

    destinations = Counter(code for ad in members for code in columns["destinations"][ad].split())
    chosen = sorted(copies, key=lambda each: (-copies[each], holder[each]))[:MAX_TEXTS]
    texts = [read_pieces(ledger.text_of(holder[each]), columns["company"][holder[each]]) for each in chosen]
    return Campaign(
        campaign_id=name,
        members=members,
        texts=len(first_of),
        band=columns["band"][best],
        risk=_risk(columns["risk"][best]),
        by_band={band: n for band in BAND_ORDER[::-1] if (n := sum(columns["band"][ad] == band for ad in members))},
        first_seen=days[0] if days else "",
        last_seen=days[-1] if days else "",
        undated=len(members) - len(days),
        sources=counted("source"),
        channels=counted("channel"),
        languages=counted("language"),
        destinations=dict(sorted(destinations.items(), key=lambda each: (-each[1], each[0]))),
        companies=counted("company"),
        contacts=_contacts(ledger, members),
        template=template_of(texts, [copies[each] for each in chosen]),
        examples=[
            Example(columns["ad_id"][ad], _risk(columns["risk"][ad]), columns["band"][ad], columns["heading"][ad])
            for ad in list(first_of.values())[:MAX_EXAMPLES]
        ],
        reasons=dict(sorted(reasons.items(), key=lambda each: (-each[1], each[0]))),
        links=links,
    )


def day_of(written: str) -> str:
    """Return the day of a date as written, YYYY-MM-DD, or '' where it would have to be guessed.

    Examples
    --------
    >>> day_of("2025-3-4T10:00:00Z"), day_of("1741082400"), day_of("03/04/2025")
    ('2025-03-04', '2025-03-04', '')
    """
    try:
        if match := _ISO_DAY.match(written):
            return datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC).strftime("%Y-%m-%d")
        if match := _EPOCH.fullmatch(written):
            return datetime.fromtimestamp(int(match[1][:10]), UTC).strftime("%Y-%m-%d")
    except ValueError:
        pass
    return ""


def _risk(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _contacts(ledger: Ledger, members: list[int]) -> list[CampaignContact]:
    counts: Counter[ContactKey] = Counter()
    for ad in members:
        counts.update(set(ledger.contacts[ad]))
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0].kind, each[0].masked, each[0].hash))
    return [
        CampaignContact(contact.kind, ledger.shown(contact), contact.hash, ads, contact.hash in ledger.common)
        for contact, ads in ordered[:MAX_CONTACTS]
    ]

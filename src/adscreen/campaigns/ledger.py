"""All ads that are known, with the campaign of each: what profiles and exports are made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from adscreen.campaigns.contact_keys import ContactKey
from adscreen.campaigns.masked_text import MaskedText

AD_COLUMNS = {
    "ad_id": "as given, else derived from the content",
    "campaign_id": "None for an ad on its own",
    "company": "employer, as named in the ad",
    "language": "ISO 639 code",
    "destinations": "countries the work is in, ISO 3166 codes joined by blanks",
    "source": "which site, group or data set",
    "channel": "kind of place it was seen",
    "posted_at": "as written",
    "heading": "title or first line, contacts masked",
    "risk": "0 to 1; NaN where the ad was not judged",
    "band": "clear, review, urgent or unscorable",
    "digest": "of the masked text; ads with one digest say the same",
}
"""Columns of `Ledger.ads`; all but risk hold strings."""

EDGE_COLUMNS = ("left", "right", "reason", "strength", "key", "cut")
"""Columns of `Ledger.edges`; see `adscreen.campaigns.grouping.EDGE_COLUMNS`."""


@dataclass(frozen=True, eq=False)
class Ledger:
    """All ads, one row each.

    Attributes
    ----------
    ads : DataFrame
        The columns of `AD_COLUMNS`, on a plain index from 0.
    contacts : list of list of ContactKey
        Of each ad.
    edges : DataFrame
        The columns of `EDGE_COLUMNS`.
    common : dict of str to int
        Hashes of contacts that too many ads have to link any, with how many have them.
    text_of : callable
        Gives the kept text of the ad at a position.
    reveal : dict of str to str
        Contact in full for a hash, where it may be shown; empty otherwise.
    """

    ads: pd.DataFrame
    contacts: list[list[ContactKey]]
    edges: pd.DataFrame
    common: dict[str, int]
    text_of: Callable[[int], MaskedText]
    reveal: dict[str, str]

    def shown(self, contact: ContactKey) -> str:
        """Return a contact as it may be shown."""
        return self.reveal.get(contact.hash, contact.masked)

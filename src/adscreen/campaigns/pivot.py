"""From a contact to every ad and campaign that gives it."""

from __future__ import annotations

import re
from typing import NamedTuple

import pandas as pd

from adscreen.ads.cleaning import clean
from adscreen.campaigns.accounts import find_accounts
from adscreen.campaigns.contact_keys import hash_value, linkable_contacts
from adscreen.campaigns.store_reader import StoreReader
from adscreen.errors import UsageError
from adscreen.signals.evidence import CHAT_KINDS

_HANDLE = re.compile(r"@?([A-Za-z][\w.\-]{2,63})")
_HANDLE_KINDS = tuple(sorted(CHAT_KINDS | {"handle"}))
_MAX_QUERY = 300


class Found(NamedTuple):
    """What gives a contact.

    Attributes
    ----------
    contacts : list of (kind, masked form, ads, common)
        The contacts that were asked for and are known; `common` if too many ads give one for it to link any.
    ads : DataFrame
        The columns of `adscreen.campaigns.ledger.AD_COLUMNS` of each ad, in the order they were added.
    campaigns : dict of str to int
        Name of each campaign with how many of its ads give the contact, the most first.
    """

    contacts: list[tuple[str, str, int, bool]]
    ads: pd.DataFrame
    campaigns: dict[str, int]


def find_contact(store: StoreReader, query: str, region: str | None = None) -> Found:
    """Return every ad and campaign of a store that gives a contact.

    Parameters
    ----------
    store : StoreReader
    query : str
        A phone number in any notation, a handle (of whatever messenger), an e-mail address, a domain, a link, a wallet
        or a bank account.
    region : str, optional
        Country (ISO 3166, two letters) of a number without its country code.

    Raises
    ------
    UsageError
        If `query` is no contact.
    """
    hashes = [hash_value(kind, value, store.key) for kind, value in contacts_asked_for(query, region)]
    rows = store.with_contact(hashes)
    common = store.common()
    counts: dict[tuple[str, str, str], int] = {}
    for kind, masked, _, key in rows:
        counts[kind, masked, key] = counts.get((kind, masked, key), 0) + 1
    ads = store.ads(ad for _, _, ad, _ in rows)
    campaigns = {str(name): int(n) for name, n in ads["campaign_id"].dropna().value_counts(sort=True).items()}
    return Found(
        [(kind, masked, n, key in common) for (kind, masked, key), n in counts.items()],
        ads,
        dict(sorted(campaigns.items(), key=lambda each: (-each[1], each[0]))),
    )


def contacts_asked_for(query: str, region: str | None = None) -> list[tuple[str, str]]:
    """Return the kinds and normalised values that `query` may stand for; errors as `find_contact`.

    Examples
    --------
    >>> contacts_asked_for("00 855 (12) 345-678")
    [('phone', '+85512345678')]
    >>> contacts_asked_for("012 345 678", "KH")
    [('phone', '+85512345678')]
    """
    text = clean(query[:_MAX_QUERY])
    accounts = find_accounts(text)
    if len(accounts) == 1:
        return [(accounts[0].kind, accounts[0].value)]
    # A handle is not known by its looks: it is looked for with every messenger.
    if (handle := _HANDLE.fullmatch(text)) and ("." not in text or text.startswith("@")):
        return [(kind, handle[1].lower()) for kind in _HANDLE_KINDS]
    found: list[tuple[str, str, str]] = []
    for tried in (text, f"Tel {text}", f"https://{text}", f"IBAN {text}"):
        found = linkable_contacts(tried, region)
        if found:
            break
    # An address stands for itself: its domain is another question.
    exact = [(kind, value) for kind, value, _ in found if kind != "domain"] or [(k, v) for k, v, _ in found]
    if not exact:
        raise UsageError(
            f"find {text!r}: this is no phone number, handle, e-mail address, domain, link, wallet or bank account. "
            "Examples: '+855 12 345 678', 012345678 --country KH, @name, name@example.org, example.org"
        )
    for kind, value in tuple(exact):
        if kind == "phone" and value.isdigit():  # the country may be there without its plus, or it is an account
            exact += [(k, v) for k, v, _ in linkable_contacts(f"+{value}") if v.startswith("+")]
            exact.append(("bank_account", value))
    handles = [(kind, value) for kind, value in exact if kind in CHAT_KINDS and not value.startswith("+")]
    others = [each for each in exact if each not in handles]
    return list(dict.fromkeys(others + [(kind, value) for _, value in handles for kind in _HANDLE_KINDS]))

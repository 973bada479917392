"""Contacts as keys: what links ads, without the number or address itself.

A key is a keyed hash (BLAKE2b) of the kind and the normalised contact. Whoever has the hash but not the secret cannot
try out all telephone numbers; whoever has both can look a contact up.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from adscreen.campaigns.accounts import find_accounts, mask_account
from adscreen.errors import UsageError
from adscreen.shipped_yaml import load_yaml
from adscreen.signals.contacts import Contact, find_contacts, mask

MIN_KEY_BYTES = 16
_AUTHORITY = re.compile(r"(?:^|\.)(?:gov|gob|gouv|go|gub|govt|mil|edu|ac)(?:\.[a-z]{2})?$")
"""Ministries, labour offices and schools."""
_LONG_LINKS = frozenset({"shortener", "form", "profile", "ip_address"})
"""Links whose domain says nothing: the path is the contact."""


class ContactKey(NamedTuple):
    """One contact of one ad.

    Attributes
    ----------
    kind : str
        phone (whatever messenger it is given for), a messenger's name (telegram, line, …), email, domain, link, wallet
        or bank_account.
    hash : str
        32 hexadecimal digits.
    masked : str
        The contact as it may be shown.
    """

    kind: str
    hash: str
    masked: str


def new_key() -> bytes:
    """Return a random secret of 32 bytes; data hashed with different secrets cannot be linked."""
    return secrets.token_bytes(32)


def contact_keys(texts: Sequence[str], key: bytes) -> list[list[ContactKey]]:
    """Return the contacts of each text that can link it to others.

    Parameters
    ----------
    texts : sequence of str
        Cleaned texts.
    key : bytes
        The secret, at least `MIN_KEY_BYTES` long; see `new_key`.

    Returns
    -------
    list of list of ContactKey
        Without repeats, in reading order. Contacts whose digits are hidden are left out.

    Raises
    ------
    UsageError
        If the secret is too short.
    """
    if len(key) < MIN_KEY_BYTES:
        raise UsageError(f"the key has {len(key)} bytes; give at least {MIN_KEY_BYTES} random ones.")
    return [_keys_of(text, key) for text in texts]


def hash_value(kind: str, value: str, key: bytes) -> str:
    """Return the keyed hash of one normalised value, 32 hexadecimal digits."""
    data = f"{kind}:{value}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, key=key[:64], digest_size=16).hexdigest()


def linkable_contacts(text: str, region: str | None = None) -> list[tuple[str, str, str]]:
    """Return kind, normalised value and masked form of each contact of a cleaned text, without repeats.

    Parameters
    ----------
    text : str
    region : str, optional
        Country (ISO 3166, two letters) whose national numbers are meant.
    """
    accounts = find_accounts(text)
    taken = [(account.start, account.end) for account in accounts]
    found = [
        (kind, value, shown)
        for contact in find_contacts(text, region)
        for kind, value, shown in _linkable(contact, taken)
    ]
    found += [(account.kind, account.value, mask_account(account)) for account in accounts]
    return list(dict.fromkeys(found))


def _keys_of(text: str, key: bytes) -> list[ContactKey]:
    return [ContactKey(kind, hash_value(kind, value, key), shown) for kind, value, shown in linkable_contacts(text)]


def _linkable(contact: Contact, taken: list[tuple[int, int]]) -> list[tuple[str, str, str]]:
    """Return kind, value and masked form of what a contact links by: an address may link by its domain too."""
    if "masked" in contact.flags or contact.value.startswith("#"):
        return []
    if any(start < contact.end and contact.start < end for start, end in taken):
        return []  # an account number that looks like a telephone's
    kind, value, shown = contact.kind, contact.value, mask(contact)
    if value.startswith("+") or (kind in ("phone", "whatsapp") and value.isdigit()):
        return [("phone", value, shown)]
    if kind == "email":
        domain = value.rpartition("@")[2]
        own = "free_mail" not in contact.flags and _is_somebodys(domain)
        return [(kind, value, shown), *([("domain", domain, domain)] if own else [])]
    if kind == "link":
        if _LONG_LINKS & set(contact.flags):
            return [(kind, value, shown)]
        domain = value.partition("/")[0]
        return [("domain", domain, domain)] if _is_somebodys(domain) else []
    return [(kind, value, shown)]


def _is_somebodys(domain: str) -> bool:
    """Return whether `domain` is one advertiser's, rather than a platform's or an authority's."""
    return domain not in _platforms() and _AUTHORITY.search(domain) is None


@cache
def _platforms() -> frozenset[str]:
    lists: dict[str, list[str]] = load_yaml("adscreen.campaigns", "platforms.yaml")
    return frozenset(domain for domains in lists.values() for domain in domains)

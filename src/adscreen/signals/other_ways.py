"""Whether an ad names another way to apply besides messengers: a call, mail or a site."""

from __future__ import annotations

import re
from functools import cache

from adscreen.shipped_yaml import load_yaml
from adscreen.signals.contacts import Contact


def has_other_way(contacts: list[Contact], text: str) -> bool:
    """Return whether `text`, with its `contacts`, names a call, mail (even garbled) or a site."""
    named = any(contact.kind in ("email", "phone") or is_site(contact) for contact in contacts)
    return named or bool(_pattern().search(text))


def is_site(contact: Contact) -> bool:
    """Return whether a contact is a link that shows where it leads, and does not pass for another."""
    return contact.kind == "link" and not {"shortener", "lookalike"} & set(contact.flags)


@cache
def _pattern() -> re.Pattern[str]:
    words = {name: "|".join(listed) for name, listed in load_yaml("adscreen.signals", "other_ways.yaml").items()}
    return re.compile(
        rf"{words['mail']}"
        rf"|(?:{words['or']})[ ]?(?:\w{{1,10}}[ ]){{0,2}}(?:{words['call']})"
        rf"|\b(?:{words['telephone']})[ ]?[&/][ ]?(?:{words['messenger']})",
        re.IGNORECASE,
    )

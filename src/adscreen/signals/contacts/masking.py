"""Contacts for showing: enough to recognise one, not enough to use it."""

from __future__ import annotations

from collections.abc import Iterable

from adscreen.signals.contacts.types import Contact


def mask(contact: Contact) -> str:
    """Return `contact` masked.

    Examples
    --------
    >>> mask(Contact("phone", "+85512345689", 0, 12))
    '+855 ** *** *89'
    >>> mask(Contact("email", "jobs.example@gmail.com", 0, 22)), mask(Contact("telegram", "abel_thai_ex", 0, 13))
    ('j***@gmail.com', '@ab***')
    >>> mask(Contact("link", "bit.ly/3AbCdE", 0, 13))
    'bit.ly/***'
    """
    value = contact.value
    if value.startswith("#"):
        return value.strip("#").partition("_")[0].upper()
    if contact.kind == "email":
        name, _, domain = value.rpartition("@")
        return f"{name[:1]}***@{domain}"
    if contact.kind == "link" or "/" in value:
        domain, slash, _ = value.partition("/")
        return domain + "/***" if slash else domain
    if value.startswith("+"):
        return _masked_number(value[1:])
    if all(char in "0123456789x" for char in value):
        return "*" * max(0, len(value) - 2) + value[-2:] if contact.kind != "qq" else value[:2] + "***"
    shown = value[: 2 if len(value) > 4 else 1] + "***"
    return "@" + shown if contact.kind in ("telegram", "messenger") else shown


def _masked_number(digits: str) -> str:
    code = _country_code(digits)
    hidden = "*" * max(0, len(digits) - len(code) - 2) + digits[len(code) :][-2:]
    first = len(hidden) % 3
    groups = ([hidden[:first]] if first else []) + [hidden[i : i + 3] for i in range(first, len(hidden), 3)]
    return " ".join([f"+{code}", *groups])


def _country_code(digits: str) -> str:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE  # imported here: only numbers need it

    for length in (1, 2, 3):
        if digits[:length].isdigit() and int(digits[:length]) in COUNTRY_CODE_TO_REGION_CODE:
            return digits[:length]
    return ""


def visible_part(contact: Contact, text: str) -> tuple[int, int]:
    """Return the start and end of the part of `contact` that may be quoted: no more than `mask` shows.

    Parameters
    ----------
    text : str
        The text that the contact was found in.
    """
    written = text[contact.start : contact.end]
    if contact.kind == "email" and "@" in written:
        return contact.start + written.rindex("@"), contact.end
    if contact.kind == "link":
        domain = written.partition("://")[2] or written
        at = contact.start + len(written) - len(domain)
        return at, at + len(domain.partition("/")[0].partition("?")[0])
    return contact.start, contact.start + min(3, len(written) // 2)


def mask_text(text: str, contacts: Iterable[Contact]) -> str:
    """Return `text` with each of `contacts` (of this text, any order, not overlapping) masked.

    Raises
    ------
    ValueError
        If a contact lies outside of the text or overlaps another.
    """
    parts = []
    position = 0
    for contact in sorted(contacts, key=lambda contact: contact.start):
        if not position <= contact.start <= contact.end <= len(text):
            raise ValueError(
                f"contact at {contact.start}-{contact.end} overlaps the one before it or the end of the text "
                f"({len(text)} characters): give the contacts that find_contacts returned for this very text"
            )
        parts += [text[position : contact.start], mask(contact)]
        position = contact.end
    return "".join([*parts, text[position:]])

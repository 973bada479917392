"""What a contact is, and the word lists that finding one needs."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from adscreen.shipped_yaml import load_yaml


class Contact(NamedTuple):
    """One contact in a clean text; ``text[start:end]`` is the exact quote.

    Attributes
    ----------
    kind : str
        phone, telegram, whatsapp, line, zalo, wechat, qq, viber, signal, kakao, messenger, email or link.
    value : str
        Normalised for linking: E.164 for numbers ("+855…"), whatever the kind, or the bare digits where the country
        is unknown; lower-case name without @; address in lower case; registered domain and path of a link.
    start, end : int
        Offsets in characters.
    flags : tuple of str
        ``masked``: digits are given as X or *, so never link ads by this value. ``unverified``: a number that is not
        one of its country's, or whose country is unknown. ``foreign_number``: not of the home country.
        ``assumed``: an @name with nothing to say whose, taken for Telegram. ``messenger_link``: given as a link.
        ``free_mail``, ``shortener``, ``lookalike``, ``form``, ``ip_address``, ``profile`` (a social network's).
    """

    kind: str
    value: str
    start: int
    end: int
    flags: tuple[str, ...] = ()


@cache
def word_lists(name: str) -> dict[str, Any]:
    """Return the content of ``<name>.yaml`` of this folder."""
    content: dict[str, Any] = load_yaml("adscreen.signals.contacts", f"{name}.yaml")
    return content


def is_latin(char: str) -> bool:
    """Return whether `char` is a letter of the kind that Latin words go on with."""
    return char.isalpha() and (ord(char) < 0x250 or 0x1E00 <= ord(char) < 0x1F00)


def lower_same_length(text: str) -> str:
    """Return `text` in lower case with every character in its place ("İ" would become two)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    if "Σ" in text:  # one letter on its own is not the last of a word, which has a form of its own
        return "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return "İ".join(part.lower() for part in text.split("İ"))

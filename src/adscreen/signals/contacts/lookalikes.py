"""Domains that borrow a name: a brand or a government's word in a domain that somebody else registered."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from adscreen.signals.contacts.types import word_lists

_LIKE_LETTERS = str.maketrans("0135$", "oless")


@cache
def _lists() -> dict[str, Any]:
    return word_lists("domains")


@lru_cache(maxsize=4096)
def is_lookalike(subdomain: str, registered: str, suffix: str) -> bool:
    """Return whether a domain passes for that of a brand or a government.

    Parameters
    ----------
    subdomain, registered, suffix : str
        Of one host, in lower case: ``careers``, ``indeed-jobs.co``, ``co``.

    Notes
    -----
    Three ways, as anti-phishing guides describe them: the name with words beside it (``indeed-jobs.co``), the name
    spelt with look-alikes or one letter off (``1inkedin.com``, ``linkedln.com``), and the real address as subdomain
    of another (``www.dmw.gov.ph.apply-now.top``). The plain name under another country's ending is not one
    (``amazon.de``), except under endings that are sold for next to nothing.
    """
    label = registered.removesuffix("." + suffix)
    if any(part in _lists()["government_suffixes"] for part in suffix.split(".")):
        return False
    words = [word for word in re.split(r"[-_0-9]+", label) if word]
    if any(word in _lists()["government"] for word in words):
        return len(words) > 1
    if re.search(r"(?:^|\.)(?:gov|gob|gouv|go)\.[a-z]{2}(?:\.|$)|(?:^|\.)gov$", subdomain):
        return True
    return any(_borrows(brand, own, label, words, subdomain, suffix) for brand, own in _lists()["brands"].items())


def _borrows(brand: str, own: list[str], label: str, words: list[str], subdomain: str, suffix: str) -> bool:
    if label in own:
        return False
    if label == brand:
        return suffix in _lists()["cheap_endings"]
    if brand in words or f"{brand}.com" in subdomain:
        return True
    for edge in (label.removeprefix(brand), label.removesuffix(brand)):
        if edge != label and edge in _lists()["offer"]:
            return True
    plain = label.translate(_LIKE_LETTERS)
    if plain != label and (plain == brand or brand in re.split(r"-", plain)):
        return True
    return len(brand) >= 7 and _one_letter_off(label, brand)


def _one_letter_off(left: str, right: str) -> bool:
    """Return whether one letter put in, left out, changed or swapped with its neighbour makes `left` `right`."""
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    a, b = left[start:], right[start:]
    return a[1:] == b[1:] or a == b[1:] or a[1:] == b or (a[2:] == b[2:] and a[:2] == b[:2][::-1])

"""The text of an ad as it may be kept: contacts masked, and known by kind, so that a template can tell them apart."""

from __future__ import annotations

import re
from typing import NamedTuple

from adscreen.campaigns.accounts import find_accounts, mask_account
from adscreen.campaigns.contact_keys import hash_value
from adscreen.signals.contacts import find_contacts, mask

MAX_KEPT = 6_000
"""Characters of one ad that are kept: what varies between copies shows in two pages."""
# What `find_contacts` does not take for a contact may still be one: long runs of digits go, except amounts of money.
_DIGITS = re.compile(r"\+?\d(?:[ ().\-]{0,2}\d){6,}")
_AMOUNT = re.compile(r"\d{1,3}(?:[.,]\d{3})+(?:\s*-\s*\d{1,3}(?:[.,]\d{3})+)?")
_AT_NAME = re.compile(r"@[\w.]{3,}")
_HIDDEN = "***"


class MaskedText(NamedTuple):
    """A text whose contacts are masked.

    Attributes
    ----------
    text : str
    contacts : tuple of (start, end, kind, tag)
        Where in `text` the masks stand. Kind is that of `adscreen.campaigns.contact_keys.ContactKey`, ``number`` or
        ``handle``. Tags of 8 hexadecimal digits tell contacts apart that look alike when they are masked.
    """

    text: str
    contacts: tuple[tuple[int, int, str, str], ...]


class _Hidden(NamedTuple):
    start: int
    end: int
    kind: str
    shown: str
    value: str


def masked_text(text: str, key: bytes, *, reveal: bool = False) -> MaskedText:
    """Mask every contact of a clean text.

    Parameters
    ----------
    text : str
    key : bytes
        Secret of the tags.
    reveal : bool, default False
        Leave the contacts as they stand, and only say where they are.

    Examples
    --------
    >>> masked_text("Call +855 12 345 689 now", b"a secret of many bytes")
    MaskedText(text='Call +855 ** *** *89 now', contacts=((5, 20, 'phone', '71197162'),))
    """
    # A little more is read than is kept, so that no contact is cut in two.
    text = text[: MAX_KEPT + 200]
    found = [_Hidden(each.start, each.end, each.kind, mask_account(each), each.value) for each in find_accounts(text)]
    found += [
        _Hidden(each.start, each.end, _kind(each.kind, each.value), mask(each), each.value)
        for each in find_contacts(text)
    ]
    found += [
        _Hidden(*match.span(), "number", _HIDDEN, match[0])
        for match in _DIGITS.finditer(text)
        if not _AMOUNT.fullmatch(match[0])
    ]
    found += [_Hidden(*match.span(), "handle", _HIDDEN, match[0]) for match in _AT_NAME.finditer(text)]
    parts: list[str] = []
    spans: list[tuple[int, int, str, str]] = []
    position = size = 0
    for start, end, kind, shown, value in _apart(found):
        if start >= MAX_KEPT:
            break
        parts.append(text[position:start])
        size += start - position
        shown = text[start:end] if reveal else shown
        parts.append(shown)
        spans.append((size, size + len(shown), kind, hash_value(kind, value, key)[:8]))
        size += len(shown)
        position = end
    parts.append(text[position : max(position, MAX_KEPT)])
    return MaskedText("".join(parts), tuple(spans))


def _kind(kind: str, value: str) -> str:
    return "phone" if value.startswith("+") or (kind == "whatsapp" and value.isdigit()) else kind


def _apart(found: list[_Hidden]) -> list[_Hidden]:
    """Return the spans in order; of those that overlap, one that covers all of them, under the name of the first."""
    joined: list[_Hidden] = []
    for each in sorted(found, key=lambda each: (each.start, each.kind in ("number", "handle"), -each.end)):
        if joined and each.start < joined[-1].end:
            joined[-1] = joined[-1]._replace(end=max(joined[-1].end, each.end))
        else:
            joined.append(each)
    return joined

"""All contacts of a text, each character in one contact at most."""

from __future__ import annotations

from bisect import bisect_left
from functools import partial

from adscreen.signals.contacts.channels import SIGNS, Channel, find_channels
from adscreen.signals.contacts.handles import NEAR, at_handles, named_handles, snake_handles
from adscreen.signals.contacts.links import links
from adscreen.signals.contacts.mails import emails, tokens
from adscreen.signals.contacts.numbers import Regions, regions_of
from adscreen.signals.contacts.phones import find_phones
from adscreen.signals.contacts.sign_kernel import AT, CHINESE, NAMED, SCHEME, UNDERSCORE
from adscreen.signals.contacts.signs import MAX_CHARS, NOTHING, Signs, signs_of
from adscreen.signals.contacts.types import Contact
from adscreen.signals.tokens import lay_out

MAX_CONTACTS = 500
"""Most contacts returned for one text, the first ones: no ad has more, and a hostile text must not fill the memory."""


def find_contacts(
    text: str, region: str | None = None, language: str | None = None, signs: Signs | None = None
) -> list[Contact]:
    """Return the contacts in `text`.

    Parameters
    ----------
    text : str
        A clean text (`adscreen.ads.cleaning.clean`).
    region : str, optional
        Country (ISO 3166, two letters) whose national numbers are meant and from which others are foreign. Without
        it, the language and the places of the text say so.
    language : str, optional
        Language of the text (`adscreen.signals.language.identify`) where it is known already: it need not be found
        out again, which is the costliest step for a text with a number.
    signs : Signs, optional
        Those of `text`, from `adscreen.signals.contacts.signs.signs_of`, which finds those of many texts at once.

    Returns
    -------
    list of Contact
        In reading order, without overlaps, at most `MAX_CONTACTS`, from the first `MAX_CHARS` characters. A number
        written beside a messenger's name has that messenger's kind and, as every number, E.164 as value.

    Examples
    --------
    >>> [(c.kind, c.value) for c in find_contacts("WhatsApp +855 96 000 1234 or @abel_thai_ex")]
    [('whatsapp', '+855960001234'), ('telegram', 'abel_thai_ex')]
    """
    text = text[:MAX_CHARS]
    if signs is None:
        signs = signs_of(lay_out([text]))[0]
    if signs == NOTHING:
        return []
    named = find_channels(text) if signs.has & NAMED else []
    channels = [channel for channel in named if channel.kind not in SIGNS]
    kinds = {channel.kind for channel in named} if named else frozenset()
    # What is surest comes first: a piece of it can then be nothing else.
    found = tokens(text, named) if "token" in kinds or "hidden" in kinds else []
    if signs.has & AT or "spoken" in kinds:
        found += emails(text, "spoken" in kinds)
    if signs.dots or signs.has & SCHEME:
        found += links(text, signs)
    if signs.has & AT:
        found += at_handles(text, channels)
    if channels:
        found += named_handles(text, channels)
    if signs.has & UNDERSCORE:
        found += snake_handles(text, channels)
    if signs.runs or signs.hidden_runs or signs.has & CHINESE:
        open_channels = [channel for channel in channels if not _has_handle(channel, found)]
        found += find_phones(text, signs, open_channels, _Once(partial(regions_of, text, region, language)))
    return _without_overlaps(found)[:MAX_CONTACTS]


def _has_handle(channel: Channel, found: list[Contact]) -> bool:
    """Return whether a messenger's name is already taken by a handle, so that a number after it is another contact."""
    return any(0 <= contact.start - channel.end <= NEAR and contact.kind == channel.kind for contact in found)


class _Once:
    """Calls a costly function when it is first needed, and never again."""

    def __init__(self, function: partial[Regions]) -> None:
        self.function = function
        self.result: Regions | None = None

    def __call__(self) -> Regions:
        if self.result is None:
            self.result = self.function()
        return self.result


def _without_overlaps(found: list[Contact]) -> list[Contact]:
    if len(found) < 2:
        return found
    kept: list[Contact] = []
    starts: list[int] = []
    for contact in found:
        at = bisect_left(starts, contact.start)
        if (at and kept[at - 1].end > contact.start) or (at < len(kept) and kept[at].start < contact.end):
            continue
        kept.insert(at, contact)
        starts.insert(at, contact.start)
    return kept

"""The text of one ad with its signs marked in place and its contacts masked, cut politely where it is long."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from adscreen.screening.visible_text import Part, one_line, plain, visible_parts
from adscreen.signals.contacts import find_contacts, mask, mask_text

MAX_SHOWN = 30_000
"""Characters of a field that go into the report at all: about ten printed pages."""
MAX_OPEN = 1_400
"""A field up to this length is shown whole; of a longer one, its beginning and what stands around the signs."""
OPENING = 800
AROUND = 220
MIN_FOLDED = 350
"""Folding less than this saves no reading."""
MIN_REPEATED = 6
MAX_QUOTE = 240
SNAP = 40


class Sign(NamedTuple):
    """Evidence number `number` at ``field[start:end]``; `calm` if it lowers concern."""

    number: int
    start: int
    end: int
    calm: bool


class Contact(NamedTuple):
    """A contact at ``field[start:end]``, to be shown as `masked`."""

    start: int
    end: int
    masked: str


class Stretch(NamedTuple):
    """Consecutive parts under the same signs.

    `numbers` are the signs it belongs to, `ends` those whose quote ends with it; `calm` if all of them lower concern.
    """

    parts: list[Part]
    numbers: tuple[int, ...]
    ends: tuple[int, ...]
    calm: bool


class Passage(NamedTuple):
    """A run of stretches; `folded` if it is long and holds no sign. `size` is its length in characters."""

    stretches: list[Stretch]
    folded: bool
    size: int


class AdText:
    """The fields of one ad, with what has to be masked in each.

    Parameters
    ----------
    fields : mapping of str to str
        As given.
    contacts : sequence of (field, Contact)
        Those that were found when the ad was read. What reading does not see is masked too: contacts in tags and
        scripts, and any later copy of a contact.
    """

    def __init__(self, fields: Mapping[str, str], contacts: Sequence[tuple[str, Contact]]) -> None:
        self._fields = fields
        known = {fields[name][each.start : each.end]: each.masked for name, each in contacts if name in fields}
        masks: dict[str, list[Contact]] = {}
        for name, text in fields.items():
            shown = text[:MAX_SHOWN]
            hidden = [Contact(each.start, each.end, mask(each)) for each in find_contacts(shown)]
            own = [each for field, each in contacts if field == name]
            masks[name] = own + hidden
            known |= {text[each.start : each.end]: each.masked for each in hidden}
        # Short or wordy ones ("jobs") would hide ordinary words.
        self._known = {
            raw: masked for raw, masked in known.items() if len(raw) >= MIN_REPEATED and re.search(r"[\d@._/]", raw)
        }
        self._masks = {
            name: _apart([*masks[name], *self._copies(text[:MAX_SHOWN])], len(text)) for name, text in fields.items()
        }

    def passages(self, field: str, signs: Sequence[Sign]) -> list[Passage]:
        """Return `field` as passages to show, up to `MAX_SHOWN` characters of it."""
        text = self._fields[field]
        size = min(len(text), MAX_SHOWN)
        signs = [self._whole(field, sign) for sign in signs if sign.start < min(sign.end, size)]
        return [
            Passage(self._stretches(field, start, end, signs), folded, end - start)
            for start, end, folded in self._cuts(field, size, signs)
        ]

    def quote(self, field: str, start: int, end: int) -> list[Part]:
        """Return ``field[start:end]`` on one line and not too long, masked."""
        sign = self._whole(field, Sign(0, start, end, False))
        stretches = self._stretches(field, sign.start, min(sign.end, sign.start + 2 * MAX_QUOTE), [])
        parts, room = [], MAX_QUOTE
        for part in (part for stretch in stretches for part in stretch.parts):
            text = re.sub(r"\s+", " ", part.text)
            parts.append(Part(part.kind, text if len(text) <= room else text[:room].rstrip() + "…"))
            room -= len(text)
            if room <= 0:
                break
        return parts

    def heading(self, limit: int = 110) -> str:
        """Return the title of the ad, or its first line where it has none."""
        for name in ("title", "description", *self._fields):
            if self._fields.get(name, "").strip():
                stretches = self._stretches(name, 0, min(len(self._fields[name]), 8 * limit), [])
                text = "".join(part.text for stretch in stretches for part in stretch.parts if part.kind != "markup")
                first = next((line for line in text.split("\n") if line.strip()), "")
                if first:
                    return one_line(first, limit)
        return "(no title)"

    def hide(self, sentence: str) -> str:
        """Return `sentence`, which may quote the ad, with the ad's contacts masked, also where a quote is cut off."""
        sentence = plain(sentence)
        for raw in sorted(self._known, key=len, reverse=True):
            line, masked = " ".join(raw.split()), self._known[raw]
            sentence = sentence.replace(line, masked)
            for length in range(min(len(line) - 1, 70), MIN_REPEATED - 2, -1):
                if line[:length] + "…" in sentence:
                    sentence = sentence.replace(line[:length] + "…", masked)
                    break
        return sentence

    def _copies(self, text: str) -> list[Contact]:
        found = []
        for raw, masked in self._known.items():
            at = text.find(raw)
            while at >= 0:
                found.append(Contact(at, at + len(raw), masked))
                at = text.find(raw, at + len(raw))
        return found

    def _whole(self, field: str, sign: Sign) -> Sign:
        """Return `sign` grown to whole contacts: half a contact is not shown."""
        start, end = sign.start, sign.end
        for contact in self._masks[field]:
            if contact.start < end and start < contact.end:
                start, end = min(start, contact.start), max(end, contact.end)
        return sign._replace(start=start, end=end)

    def _cuts(self, field: str, size: int, signs: Sequence[Sign]) -> list[tuple[int, int, bool]]:
        """Return (start, end, folded) of the passages of the first `size` characters, in order."""
        if size <= MAX_OPEN:
            return [(0, size, False)]
        windows: list[list[int]] = [[0, OPENING]]
        for sign in sorted(signs, key=lambda sign: sign.start):
            start, end = max(0, sign.start - AROUND), min(size, sign.end + AROUND)
            if start - windows[-1][1] < MIN_FOLDED:
                windows[-1][1] = max(windows[-1][1], end)
            else:
                windows.append([start, end])
        if size - windows[-1][1] < MIN_FOLDED:
            windows[-1][1] = size
        edges = [0]
        for start, end in windows:
            edges += [self._snapped(field, start) if start else 0, size if end == size else self._snapped(field, end)]
        edges.append(size)
        # Passages take turns, first a folded one of no length.
        return [(start, end, place % 2 == 0) for place, (start, end) in enumerate(pairwise(edges)) if start < end]

    def _snapped(self, field: str, place: int) -> int:
        """Return the nearest place before `place` where text may be cut: after a space, in no contact."""
        text = self._fields[field]
        before = max(text.rfind(space, place - SNAP, place) for space in (" ", "\n"))
        place = before + 1 if before > 0 else place
        return next((each.start for each in self._masks[field] if each.start < place < each.end), place)

    def _stretches(self, field: str, start: int, end: int, signs: Sequence[Sign]) -> list[Stretch]:
        text = self._fields[field]
        masks = {each.start: each for each in self._masks[field] if start <= each.start < end}
        here = [sign for sign in signs if sign.start < end and start < sign.end]
        edges = {start, end} | {place for sign in here for place in (sign.start, sign.end)}
        edges |= {place for each in masks.values() for place in (each.start, each.end)}
        stretches: list[Stretch] = []
        for first, last in pairwise(sorted(edge for edge in edges if start <= edge <= end)):
            parts = [Part("mask", masks[first].masked)] if first in masks else visible_parts(text[first:last])
            over = [sign for sign in here if sign.start <= first and last <= sign.end]
            numbers = tuple(sorted({sign.number for sign in over}))
            ends = tuple(sorted({sign.number for sign in over if sign.end == last}))
            calm = all(sign.calm for sign in over)
            if not stretches and start == 0 and parts and parts[0].kind == "text":
                parts[0] = Part("text", parts[0].text.lstrip())
            if stretches and stretches[-1].numbers == numbers and not stretches[-1].ends:
                parts = stretches.pop().parts + parts
            stretches.append(Stretch(parts, numbers, ends, calm))
        return stretches


def _apart(contacts: list[Contact], size: int) -> list[Contact]:
    """Return `contacts` in order, those that overlap joined under the name of the longest."""
    joined: list[Contact] = []
    for each in sorted(contacts, key=lambda each: (each.start, -each.end)):
        if each.start >= min(each.end, size):
            continue
        if joined and each.start < joined[-1].end:
            joined[-1] = joined[-1]._replace(end=max(joined[-1].end, each.end))
        else:
            joined.append(each)
    return joined


def mask_contacts(text: str) -> str:
    """Return a short text, such as an excerpt, with its contacts masked."""
    return mask_text(text, find_contacts(text))

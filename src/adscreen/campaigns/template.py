"""What stays and what varies among the texts of one campaign.

One text, the one most like the others, is the base. The others are aligned with it by their longest common sequence of
words (rapidfuzz). Words that nearly all texts share stay; what stands between two of them is a slot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from adscreen.campaigns.pieces import Piece

MAX_TEXTS = 40
"""Texts that are aligned; of more, those that most ads have."""
STAYS = 0.8
"""A word stays if it is in the texts of so large a share of the ads."""
MIN_RUN = 3
"""Fewer words than this between two slots are chance: the slots are one."""
MIN_SHARE = 0.2
"""What fewer ads than this have more than the base is no slot."""
MAX_VALUES = 12
MAX_VALUE_CHARS = 80
MAX_TEMPLATE_CHARS = 3_000
_BASES = 10


class Slot(NamedTuple):
    """One place where the texts differ.

    Attributes
    ----------
    number : int
        From 1, as in the template.
    kind : str
        phone, email, … pay, place, number, company, or text.
    values : list of (value, ads)
        The most frequent first, at most `MAX_VALUES`; two contacts may look alike when they are masked.
    distinct : int
        How many values there are.
    missing : int
        Ads that have nothing there.
    """

    number: int
    kind: str
    values: list[tuple[str, int]]
    distinct: int
    missing: int


class Template(NamedTuple):
    """What a campaign writes.

    Attributes
    ----------
    parts : list of (text, slot number)
        In reading order; the number is 0 for text that stays, and the text is empty for a slot.
    slots : list of Slot
    ads : int
        Ads whose texts were compared.
    texts : int
        Distinct texts that were compared.
    """

    parts: list[tuple[str, int]]
    slots: list[Slot]
    ads: int
    texts: int

    def as_text(self) -> str:
        """Return the template on paper: what stays as it stands, a slot as ``{1: phone}``."""
        kinds = {slot.number: slot.kind for slot in self.slots}
        text = "".join(part if not number else f"{{{number}: {kinds[number]}}}" for part, number in self.parts)
        return text.strip() if len(text) <= MAX_TEMPLATE_CHARS else text[: MAX_TEMPLATE_CHARS - 1].strip() + "…"


def template_of(texts: Sequence[Sequence[Piece]], ads: Sequence[int]) -> Template:
    """Return the template of some texts.

    Parameters
    ----------
    texts : sequence of sequence of Piece
        Distinct texts.
    ads : sequence of int
        How many ads have each.

    Returns
    -------
    Template
        Empty for no text at all.
    """
    order = sorted((i for i in range(len(texts)) if texts[i]), key=lambda i: (-ads[i], i))[:MAX_TEXTS]
    if not order:
        return Template([], [], 0, 0)
    chosen = [list(texts[i]) for i in order]
    weight = np.array([ads[i] for i in order], np.int64)
    numbers: dict[str, int] = {}
    keys = [[numbers.setdefault(piece.key, len(numbers)) for piece in text] for text in chosen]
    base = _base(keys, weight)
    at = np.stack([_matched(keys[base], other) for other in keys])
    anchors = _anchors(chosen, at, weight, base)
    builder = _Builder(chosen, at, weight, base)
    return builder.build(anchors)


def _base(keys: list[list[int]], weight: NDArray[np.int64]) -> int:
    """Return the text most like the others, among the most frequent ones."""
    likeness = [
        sum(int(w) * LCSseq.normalized_similarity(own, other) for other, w in zip(keys, weight, strict=True))
        for own in keys[:_BASES]
    ]
    return int(np.argmax(likeness))


def _matched(base: list[int], other: list[int]) -> NDArray[np.int64]:
    """Return for each piece of the base where it stands in the other text; -1 where it does not."""
    at = np.full(len(base), -1, np.int64)
    for block in LCSseq.opcodes(base, other).as_matching_blocks():
        at[block.a : block.a + block.size] = np.arange(block.b, block.b + block.size)
    return at


def _anchors(
    texts: list[list[Piece]], at: NDArray[np.int64], weight: NDArray[np.int64], base: int
) -> list[tuple[int, bool]]:
    """Return the pieces of the base that nearly all texts have, each with whether what it says varies."""
    common = ((at >= 0) * weight[:, None]).sum(axis=0) >= STAYS * weight.sum() - 1e-9
    stays = common.copy()
    varies = np.zeros(len(common), bool)
    for i in np.flatnonzero(common).tolist():
        if texts[base][i].kind:
            shown = {texts[t][at[t, i]][2:4] for t in range(len(texts)) if at[t, i] >= 0}  # text and tag
            varies[i] = len(shown) > 1
            stays[i] = not varies[i]
    start = 0
    n = len(stays)
    while start < n:
        end = start
        while end < n and stays[end] == stays[start]:
            end += 1
        inner = start > 0 and end < n
        if stays[start] and inner and end - start < MIN_RUN and not (varies[start - 1] or varies[end]):
            stays[start:end] = False
        start = max(end, start + 1)
    return [(i, bool(varies[i])) for i in range(n) if stays[i] or varies[i]]


class _Builder:
    """Puts the template together from left to right."""

    def __init__(self, texts: list[list[Piece]], at: NDArray[np.int64], weight: NDArray[np.int64], base: int) -> None:
        self.texts, self.at, self.weight, self.base = texts, at, weight, base
        self.parts: list[tuple[str, int]] = []
        self.slots: list[Slot] = []

    def build(self, anchors: list[tuple[int, bool]]) -> Template:
        before = -1
        for i, varies in [*anchors, (self.at.shape[1], False)]:
            self._between(before, i)
            if i < self.at.shape[1]:
                piece = self.texts[self.base][i]
                if varies:
                    self._slot([[self.texts[t][a]] if (a := self.at[t, i]) >= 0 else None for t in self._all()])
                else:
                    self._text(piece.text)
                self._text(piece.gap)
            before = i
        return Template(self.parts, self.slots, int(self.weight.sum()), len(self.texts))

    def _all(self) -> range:
        return range(len(self.texts))

    def _between(self, before: int, after: int) -> None:
        """Add a slot for what stands between two pieces of the base, where something does."""
        if after - before == 1 and before >= 0 and after < self.at.shape[1]:
            left, right = self.at[:, before], self.at[:, after]
            if np.all((right - left == 1) | (left < 0) | (right < 0)):
                return
        values: list[list[Piece] | None] = []
        for t, text in enumerate(self.texts):
            low = -1 if before < 0 else self.at[t, before]
            high = len(text) if after >= self.at.shape[1] else self.at[t, after]
            unknown = (low < 0 <= before) or high < 0
            values.append(None if unknown else text[low + 1 : high])
        filled = sum(int(w) for w, value in zip(self.weight, values, strict=True) if value)
        if filled == 0 or (after - before == 1 and filled < MIN_SHARE * self.weight.sum()):
            return
        self._slot(values)
        self._text(self.texts[self.base][after - 1].gap if after - before > 1 else " ")

    def _slot(self, values: list[list[Piece] | None]) -> None:
        counts: Counter[tuple[str, str]] = Counter()
        kinds: Counter[str] = Counter()
        missing = 0
        for value, w in zip(values, self.weight.tolist(), strict=True):
            if value is None:
                continue
            if not value:
                missing += w
                continue
            counts[_shown(value), "".join(piece.tag for piece in value)] += w
            kinds[value[0].kind if len({piece.kind for piece in value}) == 1 else ""] += w
        number = len(self.slots) + 1
        kind = kinds.most_common(1)[0][0] if kinds else ""
        ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        shown = [(value, ads) for (value, _), ads in ordered[:MAX_VALUES]]
        self.slots.append(Slot(number, kind or "text", shown, len(counts), missing))
        self.parts.append(("", number))

    def _text(self, text: str) -> None:
        if not text:
            return
        if self.parts and not self.parts[-1][1]:
            joined = self.parts[-1][0]
            text = text.lstrip() if joined[-1:].isspace() and text[0] == " " else text
            self.parts[-1] = (joined + text, 0)
        else:
            self.parts.append((text, 0))


def _shown(pieces: list[Piece]) -> str:
    text = " ".join("".join([*(piece.text + piece.gap for piece in pieces[:-1]), pieces[-1].text]).split())
    return text if len(text) <= MAX_VALUE_CHARS else text[: MAX_VALUE_CHARS - 1] + "…"

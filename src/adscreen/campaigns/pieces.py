"""An ad cut into words and parts that may vary: what a template is aligned by."""

from __future__ import annotations

import re
from typing import NamedTuple

from adscreen.campaigns.masked_text import MaskedText
from adscreen.signals.pay import find_pay
from adscreen.signals.places import find_places
from adscreen.signals.tokens import tokenize
from adscreen.signals.unicode_table import FIELD_BOUNDARY

MAX_PIECES = 700
"""Of one ad: aligning costs grow with the square, and what varies shows before."""

_BLANKS = re.compile(r"[ \t]+")


class Piece(NamedTuple):
    """One word, or one part that may vary.

    Attributes
    ----------
    kind : str
        Empty for a word; else company, place, pay, number or the kind of a contact.
    key : str
        What two pieces are compared by: the kind, or the folded word.
    text : str
        As it is shown.
    tag : str
        Tells contacts apart whose texts are alike when they are masked; empty for all else.
    gap : str
        What stands between it and the next piece: blanks, punctuation, emoji.
    """

    kind: str
    key: str
    text: str
    tag: str
    gap: str


def read_pieces(kept: MaskedText, company: str = "") -> list[Piece]:
    """Cut a masked text into pieces, at most `MAX_PIECES`.

    Parameters
    ----------
    kept : MaskedText
    company : str
        The employer of the ad, if it names one.
    """
    text = kept.text
    tags = {start: tag for start, _, _, tag in kept.contacts}
    spans = [(start, end, kind) for start, end, kind, _ in kept.contacts]
    spans += [(pay.start, pay.end, "pay") for pay in find_pay(text)]
    spans += [(place.start, place.end, "place") for place in find_places(text)]
    if len(company) >= 3:
        spans += [(*m.span(), "company") for m in re.finditer(re.escape(company), text, re.IGNORECASE)]
    rank = {"company": 2, "pay": 1, "place": 3}
    chosen: list[tuple[int, int, str, str]] = []
    for start, end, kind in sorted(spans, key=lambda each: (rank.get(each[2], 0), each[0])):
        if all(end <= a or b <= start for a, b, _, _ in chosen):
            chosen.append((start, end, kind, f"\0{kind}"))
    taken = sorted(chosen)
    units: list[tuple[int, int, str, str]] = []
    at = 0
    for token in tokenize(text):
        while at < len(taken) and taken[at][1] <= token.start:
            units.append(taken[at])
            at += 1
        if at < len(taken) and token.end > taken[at][0]:
            continue
        number = "0" in token.text  # a folded token has 0 for every digit
        units.append((token.start, token.end, "number" if number else "", "\0number" if number else token.text))
        if len(units) >= MAX_PIECES:
            break
    else:
        units += taken[at:]
    units = units[:MAX_PIECES]
    if not units:
        return []
    ends = [start for start, *_ in units[1:]] + [len(text) if len(units) < MAX_PIECES else units[-1][1]]
    return [
        Piece(kind, key, text[start:end], tags.get(start, "") if kind else "", _gap(text[end:until]))
        for (start, end, kind, key), until in zip(units, ends, strict=True)
    ]


def _gap(between: str) -> str:
    if between in ("", " "):
        return between
    return _BLANKS.sub(" ", between.replace(FIELD_BOUNDARY, "\n"))

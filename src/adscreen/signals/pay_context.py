"""What an amount is for and how often it is paid, by the words on both sides of it."""

from __future__ import annotations

import re
from typing import NamedTuple

from adscreen.signals.pay_words import COUNT_ANYTHING, DIGITS, PERIODS, Words, lowered

_LEFT, _RIGHT = 36, 26
"""Characters read on each side."""

_CLAUSE_END = re.compile(r"[\n!?。;؟।]|\.(?=\s)")
_RIGHT_END = re.compile(rf"[\n!?。;؟।,،、+{DIGITS}]|\.(?=\s|$)")
_RATE = re.compile(r"\x20?(?:/|per\x20)")
# "a day" is a period, "on the day of the interview" is not.
_EACH = re.compile(r"(?:^|\b(?:per|an?|each|every|one)|[/(])\x20?$")
_ONE_OF = re.compile(r"^(\x20?(?:/\x20?|per\x20))1\x20?")
# A bare number is pay if something is paid on top of it; "1500+ openings" is not.
_PLUS = re.compile(
    r"\x20?\+\x20?(?:tip|bonu|com+is|kom+is|prow|prov|o\.?t\b|room|food|cab|lunch|transp|kpi|prim|prem|makan|mess|housing|accom|allow|servi"
    r"|incent|чаев|бонус|прем|коми|проц|отсот|[\u0590-\uffdc])"
)
# Scripts that tell the language, and so the currency, of an amount beside them when nothing else does.
_SCRIPTS = (
    ("က", "႟", "my"),
    ("ก", "๿", "th"),
    ("ក", "៿", "km"),
    ("ሀ", "፿", "am"),
    ("ঀ", "৿", "bn"),
    ("඀", "෿", "si"),
    ("가", "힣", "ko"),
    ("一", "鿿", "zh"),
    ("ऀ", "ॿ", "hi"),
    ("஀", "௿", "ta"),
)
# Their words for thousand and million count customers as readily as money.
_COUNTING = frozenset({"en", "fr", "de", "es", "pt"})
_FAR_EAST = "\u2e80"
_UNSPACED = "\u0e00"


class Context(NamedTuple):
    """What the words beside an amount say.

    Attributes
    ----------
    kind : str
        ``pay``, ``fee``, ``once``, ``other`` (nobody's pay), or "".
    period : str
        One of `PERIODS`, or "".
    language : str
        Of the nearest pay word, else of the script around; "" if neither tells.
    near_period : bool
        Whether the period touches the amount.
    """

    kind: str
    period: str
    language: str
    near_period: bool


def read_context(text: str, start: int, end: int, previous_end: int, words: Words) -> Context:
    """Read the words on both sides of ``text[start:end]``, as far as its clause goes and not before `previous_end`."""
    kind, period, language, near, stated = _read_left(text, start, previous_end, words)
    right = lowered(text[end : end + _RIGHT])
    if len(right) == _RIGHT and text[end + _RIGHT : end + _RIGHT + 1].isalpha():
        right = right.rpartition(" ")[0] or right  # half a word is another word
    if "1" in right[:6]:
        right = _ONE_OF.sub(r"\1", right)  # "20k / 1h"
    stop = _RIGHT_END.search(right)
    after = False
    for word_start, word_end, meaning in words.said(right[: stop.start()] if stop else right):
        first = right[word_start]
        if word_end - word_start == 1 and first > _FAR_EAST and word_start > 1:
            continue
        if meaning.kind in PERIODS:
            if after or (meaning.language and first > _FAR_EAST):
                continue  # 时薪 after an amount announces the next one
            if right.startswith(("day", "night"), word_start) and not _EACH.search(right[:word_start]):
                continue
            if word_start <= (14 if first < _UNSPACED else 7) and (not stated or (word_start == 1 and right[0] == "/")):
                period, after = meaning.kind, True
                near = near or word_start <= 6
        elif not kind and word_start <= 16:
            kind = meaning.kind
            language = language or meaning.language
    if not kind and _PLUS.match(right):
        kind = "pay"
    if kind == "fee" and after and _RATE.match(right):
        kind = "pay"  # in Indonesia a "fee" of so much a day is pay
    return Context(kind, period, language or _script_language(text[max(0, start - 2) : end + 3]), near)


def _read_left(text: str, start: int, previous_end: int, words: Words) -> tuple[str, str, str, bool, bool]:
    kind, period, language, near, stated = "", "", "", False, False
    first = max(previous_end, start - _LEFT, 0)
    left = lowered(text[first:start])
    if first and left[:1].isalpha() and "a" <= lowered(text[first - 1]) < "\u0500":
        left = left.partition(" ")[2]  # half a word is another word
    ends = [stop.end() for stop in _CLAUSE_END.finditer(left)]
    if ends:
        left = left[ends[-1] :]
    comma = max(left.rfind(","), left.rfind("،"))
    for word_start, word_end, meaning in words.said(left):
        gap = len(left) - word_end
        if word_end - word_start == 1 and left[word_start] > _FAR_EAST and gap > 1:
            continue  # 月 or 日 alone says something only where it touches the number
        language = meaning.language or language
        if meaning.kind in PERIODS:
            if left[:word_start].rstrip(" ")[-1:].isdecimal():
                continue  # "35 years, salary ..."
            if word_start > comma and gap <= 18:
                period, stated = meaning.kind, bool(meaning.language)
                near = near or gap <= 2
            if meaning.language and gap <= 20:
                kind = "pay"
        elif meaning.kind == "pay" or (word_start > comma and gap <= 14):
            kind = meaning.kind
    return kind, period, language, near, stated


def _script_language(beside: str) -> str:
    if beside.isascii():
        return ""
    return next((lang for char in beside for first, last, lang in _SCRIPTS if first <= char <= last), "")


def reads_as_money(
    text: str, value: float, end: int, context: Context, *, scaled: bool, languages: tuple[str, ...], words: Words
) -> bool:
    """Return whether an amount without a currency is money, by what stands around it.

    Parameters
    ----------
    text : str
    value : float
        The amount, or the upper end of the range.
    end : int
        Where it ends.
    context : Context
    scaled : bool
        Whether a multiplier was written ("25k").
    languages : tuple of str
        Those the multiplier belongs to; empty if many.
    words : Words
    """
    if scaled and not context.near_period and words.units.match(lowered(text[end : end + 16])):
        return False
    if context.kind in ("pay", "fee", "once") or context.near_period:
        if scaled:
            return value < 1e6 or context.kind == "pay" or not _COUNTING.intersection(languages)
        if 1950 <= value <= 2035 and context.kind != "pay":
            return False
        if value < 100:
            korean = context.language == "ko" and value >= 10  # 월 70: 700,000 won
            listed = text[end : end + 1] in ("、", ")", ".")
            return context.kind == "pay" and not listed and ((context.period == "hour" and value >= 5) or korean)
        return value < 1e8
    if not scaled:
        return False
    # "jt", "tr", "lakh", "ming" count little else than money; "25k!" is money if no noun follows.
    if languages and not COUNT_ANYTHING.intersection(languages):
        return True
    following = text[end : end + 2].lstrip(" ")
    clear = not following or not (following[0].isalnum() or following[0] in "%-")
    return clear and not _COUNTING.intersection(languages)

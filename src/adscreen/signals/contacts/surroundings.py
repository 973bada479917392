"""What stands around a run of digits and how it is grouped: a telephone number, or pay, a date, a licence."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from adscreen.signals.contacts.types import word_lists

_DATE = re.compile(r"(?:19|20)?\d\d[ ./-][01]?\d[./-][0-3]?\d|[0-3]?\d[ ./-][0-3]?\d[ ./-](?:19|20)?\d\d")
_YEARS = re.compile(r"(?:19|20)\d\d\D{1,3}(?:19|20)\d\d")
_HOURS = re.compile(r"\b[0-2]?\d\.[0-5]\d[ \-–—]{1,3}[0-2]?\d\.[0-5]\d\b")
_MONEY_AFTER = re.compile(
    r"[ ]?(?:[,.]-|/-|\+|(?:per|/|a|p\.)[ ]?(?:month|mo|day|week|hour|bulan|bln|tháng|mes|mois|monat)\b|[a-z]{0,2}%)"
)
CONTEXT = 28
"""How many characters before a number are read for what it is."""


class Run(NamedTuple):
    """A run of digits in its groups, `x` for a hidden one, with what separates them."""

    start: int
    end: int
    groups: tuple[str, ...]
    seps: tuple[str, ...]

    @property
    def digits(self) -> str:
        """Return all digits, without what separates them."""
        return "".join(self.groups)


@cache
def _word_pattern(name: str) -> re.Pattern[str]:
    words = sorted(word_lists("phones")[name], key=len, reverse=True)
    glued = [re.escape(word) for word in words if not _begins_word(word)]
    # Long words may be inflected; of a short one every word would be an inflection.
    spaced = [re.escape(word) + ("(?![^\\W\\d_])" if len(word) < 5 else "") for word in words if _begins_word(word)]
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(spaced)})(?![^\W\d_]{{4}})|{'|'.join(glued)}")


def _begins_word(word: str) -> bool:
    return word[0].isalpha() and ord(word[0]) < 0x530


def said(words: str, name: str, ahead: bool = False) -> bool:
    """Return whether `words` end (or begin, `ahead`) with one of the list `name`, near enough to mean the number."""
    if not words:
        return False
    if ahead:
        match = _word_pattern(name).match(words.lstrip())
        return match is not None
    line = words.rsplit("\n", 1)[-1] if name != "call" else words
    if not line or line.isspace():
        return False
    ends = [match.end() for match in _word_pattern(name).finditer(line)]
    if not ends:
        return False
    # Nothing but a few words between: the number belongs to the word, not to the sentence after the next full stop.
    between = line[ends[-1] :]
    limit = {"call": 20, "money": 8}.get(name, 12)
    return len(between) <= limit and not any(char.isdecimal() for char in between)


def is_date(written: str) -> bool:
    """Return whether a number is written as a date, two years or opening hours are."""
    return (
        _DATE.fullmatch(written) is not None
        or _YEARS.fullmatch(written) is not None
        or _HOURS.search(written) is not None
    )


def is_other(text: str, run: Run, digits: str, before: str, after: str, named: bool) -> bool:
    """Return whether the number is pay, a date, a licence number or a piece of something longer."""
    written = text[run.start : run.end]
    previous, following = before[-1:], after[:1]
    if (
        previous in ("_", "@", "#", "=", "&", "%", "\\")
        or following in ("@", "_")
        or (previous in ("/", "-") and (before[-2:-1].isalpha() or (before[-2:-1].isdigit() and digits[0] != "0")))
    ):
        return not named
    if previous.isascii() and previous.isalpha() and not named and not said(before, "call"):
        return True
    if previous in (",", ".", ":") and before[-2:-1].isdigit():
        return True
    if following in (",", ":") and after[1:2].isdigit() and len(digits) < 9:
        return True
    if is_date(written) or set(digits) == {"0"}:
        return True
    if digits[0] == "0" and len(run.groups[0]) == 1 and run.seps and "." in run.seps[0]:
        return True  # 0.005
    dialled = digits[0] == "0" and digits[1] != "0" and len(digits) >= 9
    if digits.startswith("000") or (said(before, "licence") and not dialled):
        return not named
    if named and not _in_thousands(run) and not _is_range(run):
        return False
    if said(before, "money") or said(before, "pay") or said(after, "money", True) or _MONEY_AFTER.match(after):
        return not dialled
    return digits[0] != "0" and (_in_thousands(run) or _is_range(run)) and "x" not in digits


def _in_thousands(run: Run) -> bool:
    return (
        len(run.groups) > 1
        and len(run.groups[0]) <= 3
        and all(len(group) == 3 for group in run.groups[1:])
        and run.groups[0][0] != "0"
        and (run.groups[-1] == "000" or set(run.seps) == {"."})
    )


def _is_range(run: Run) -> bool:
    first, *rest = run.groups
    return (
        len(rest) == 1
        and "-" in run.seps[0].translate({0x2013: "-", 0x2014: "-"})
        and abs(len(first) - len(rest[0])) <= 1
        and first.isdigit()
        and rest[0].isdigit()
        and (len(first) < len(rest[0]) or first < rest[0])
        and (len(first) != 4 or (first.endswith("00") and rest[0].endswith("00")))
    )

"""How a number is written: which separators part thousands and which are decimal, in every digit system."""

from __future__ import annotations

import re

MAX_LENGTH = 20
"""Characters: no amount of pay is longer, and what is longer costs time to read."""

_SEPARATORS = re.compile(r"[.,'’٫٬\x20]")
# Currencies whose small unit is a thousandth: 350.000 is three hundred and fifty.
_THREE_DECIMALS = frozenset({"KWD", "BHD", "OMR", "JOD", "TND", "IQD", "LYD"})


def parse_number(written: str, *, scaled: bool = False, currency: str = "") -> float | None:
    """Return the value of a number as written in an ad.

    Parameters
    ----------
    written : str
        Digits of any script with separators: ``"1.500"``, ``"2,20,000"``, ``"7 500,50"``.
    scaled : bool
        Whether a word such as "million" follows: then "1.234" is more likely decimal than "1,234".
    currency : str
        ISO 4217 code, if known: decides ``"350.000"`` in Kuwait.

    Returns
    -------
    float or None
        None if the groups make no number (dates, phones, versions).
    """
    if len(written) > MAX_LENGTH:
        return None
    marks = _SEPARATORS.findall(written)
    groups = _SEPARATORS.split(written)
    if not marks:
        return float(int(written))
    if "٫" in marks:
        if marks.count("٫") > 1 or marks[-1] != "٫":
            return None
        return _joined(groups[:-1], groups[-1])
    if len(set(marks)) > 1:
        # The last mark is the decimal one if it differs from those before and no full group follows.
        if len(set(marks[:-1])) == 1 and marks[-1] not in marks[:-1] and len(groups[-1]) in (1, 2):
            return _joined(groups[:-1], groups[-1]) if _thousands(groups[:-1]) else None
        if len(set(marks[:-1])) == 1 and groups[-1] in ("000",) and _thousands(groups):
            return _joined(groups, "")
        return None
    if len(marks) > 1:
        return _joined(groups, "") if _thousands(groups) else None
    head, tail = groups
    if marks[0] in "'’٬\x20":
        return _joined(groups, "") if _thousands(groups) else None
    if len(tail) in (1, 2):
        return _joined([head], tail)
    if len(tail) != 3 or len(head) > 3:
        return None
    decimal = int(head) == 0 or (scaled and marks[0] == "." and tail != "000")
    if currency in _THREE_DECIMALS and marks[0] == "." and int(head) >= 40:
        decimal = True
    return _joined([head], tail) if decimal else _joined(groups, "")


def _thousands(groups: list[str]) -> bool:
    # Groups of two before the last are the Indian way: 2,20,000.
    return 1 <= len(groups[0]) <= 3 and len(groups[-1]) == 3 and all(len(group) in (2, 3) for group in groups[1:-1])


def _joined(whole: list[str], fraction: str) -> float:
    # int() reads the digits of every script; the fraction is scaled by hand for the same reason.
    value = float(int("".join(whole)))
    return value + int(fraction) / 10 ** len(fraction) if fraction else value


_HAN = {
    char: value
    for value, chars in enumerate(("零〇", "一壹", "二两兩", "三", "四", "五", "六", "七", "八", "九"))
    for char in chars
}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
HAN_NUMBER = re.compile(
    r"(?<![第万萬])[一二两兩三四五六七八九十百]{1,5}[万萬千][一二三四五六七八九]?(?!分|人|名|里|家|年|字|多名)千?"
)
"""Amounts in Chinese numerals from a thousand up: 三万, 一万五, 五千."""


def parse_han(written: str) -> float:
    """Return the value of an amount that `HAN_NUMBER` matched: ``"一万五"`` is 15000."""
    total, part, digit, last = 0, 0, 0, 1
    for char in written:
        if char in _HAN:
            digit = _HAN[char]
        elif char in "万萬":
            total, part, digit, last = (part + digit) * 10_000, 0, 0, 10_000
        else:
            last = _HAN_UNITS[char]
            part, digit = part + (digit or 1) * last, 0
    # A digit after the unit counts the next unit down: 一万五 is 15,000.
    return float(total + part + digit * (last // 10 if last > 1 else 1))

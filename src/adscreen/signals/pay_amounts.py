"""Amounts as written: a number, its multiplier, its currency, the other end of a range; not what they are for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from adscreen.signals.pay_numbers import parse_number
from adscreen.signals.pay_words import DIGITS, Words, lowered

_AHEAD = 64
"""Characters: an amount with its range and currencies is not longer."""

_DIGIT_RUN = re.compile(f"[{DIGITS}]+")
_MARK_DIGITS = bytes(ord("0") if chr(byte) in "0123456789" else ord(" ") for byte in range(256))
# How the digits of other scripts begin in UTF-8: Arabic; Indic, Thai and Lao; Burmese and Khmer (but also Vietnamese).
_OTHER_DIGITS = (b"\xd9", b"\xdb", b"\xe0")
_BURMESE, _KHMER = b"\xe1\x81", b"\xe1\x9f"

# The other end of a range of small numbers, "18-35", "9:00-18".
_SMALL_RANGE = re.compile(r"(?:[-–:/]\d{1,2}){1,3}(?![\d.,])")
_PHONE = re.compile(r"\d[\d\x20()./-]{5,20}+")
# "$200m", "RMB2.08bn": money, but of companies.
_BILLIONS = re.compile(
    r"\x20?(?:m|mn|b|bn|t|tn|million|billion|trillion|miliar|milliards?|mld|млрд|tỷ)(?![^\W\d_])|\x20?[亿億]",
    re.IGNORECASE,
)
_WEIGHTS = frozenset({"pound", "pounds"})


class Amount(NamedTuple):
    """An amount as written; equal ends if it is no range. `sign` is the currency word, if any."""

    low: float
    high: float
    sign: str | None
    scaled: bool
    languages: tuple[str, ...]  # of the multiplier
    start: int
    end: int


class _Parts(NamedTuple):
    number: str
    times: str | None
    extra: str | None
    after: str | None
    before_upper: str | None
    upper: str | None
    upper_times: str | None
    upper_extra: str | None
    upper_after: str | None


def number_runs(text: str, encoded: bytes) -> Iterator[tuple[int, int]]:
    """Yield start and end of each run of digits in `text`; `encoded` is the same in UTF-8 with surrogates passed.

    Scans of bytes are several times as fast as a regular expression over characters.
    """
    ascii_only = len(encoded) == len(text)
    if not ascii_only and (
        any(lead in encoded for lead in _OTHER_DIGITS)
        or (b"\xe1" in encoded and (_BURMESE in encoded or _KHMER in encoded))
    ):
        yield from (match.span() for match in _DIGIT_RUN.finditer(text))
        return
    marked = encoded.translate(_MARK_DIGITS)
    start = marked.find(b"0")
    read = position = 0
    while start >= 0:
        # Bytes are counted back into characters piece by piece, so each byte is decoded once.
        position += start - read if ascii_only else len(encoded[read:start].decode("utf-8", "surrogatepass"))
        read = start
        end = marked.find(b" ", start)
        yield position, position + (end if end >= 0 else len(marked)) - start
        start = marked.find(b"0", end) if end >= 0 else -1


def is_small_count(text: str, start: int, end: int, words: Words) -> bool:
    """Return whether the run of one or two digits is surely no amount: "5 years", "18-35", "9:00".

    A cheap test that spares most numbers of an ad the full reading.
    """
    near = text[end : end + 4]
    if not near[:1].isalpha() and near[1:2].isdecimal():
        match = _SMALL_RANGE.match(text, end)
        if match is None:
            return False
        near = text[match.end() : match.end() + 4]
    near = near.lstrip(" ")[:3].lower()
    if not near[:1].isascii() or words.after.may_stand(near):
        return False
    near = text[max(0, start - 4) : start].rstrip(" ")[:-4:-1].lower()
    return near[:1].isascii() and not words.before.may_stand(near)


def read_amount(text: str, start: int, words: Words, floor: int = 0) -> tuple[Amount | None, int]:
    """Read the amount whose digits begin at `start`; nothing before `floor` belongs to it.

    Returns
    -------
    amount : Amount or None
        None if the number is a date, phone, count or otherwise no amount.
    go_on : int
        Where reading continues.
    """
    at_number = start
    match = words.amount.match(lowered(text[start : start + _AHEAD]))
    if match is None:  # pragma: no cover  (a digit always matches)
        return None, start + 1
    parts = _Parts(*match.groups())
    end, go_on = start + match.end(), start + match.end(1)
    sign, start = _sign_before(text, start, words, floor)
    sign = sign or parts.after or parts.before_upper or parts.upper_after
    times = parts.times
    if times is None and start == at_number and start:
        times, start = _times_before(text, start, words, floor)
        if times is not None:
            earlier, start = _sign_before(text, start, words, floor)
            sign = earlier or sign
            end = at_number + _end_of_first(match)
    if sign is None and times is None and parts.upper_times is None:
        stop = _end_of_no_money(text, at_number, end, parts, words)
        if stop is not None:
            return None, max(stop, go_on)
    elif _is_refused(text, at_number, end, sign, times, parts):
        return None, go_on
    return _measured(match, parts, sign, times, start, at_number, end, words)


def _sign_before(text: str, start: int, words: Words, floor: int) -> tuple[str | None, int]:
    """Return the currency word that ends before `start`, and where it begins."""
    at = start - 2 if start > 1 and text[start - 1] == " " else start - 1
    if at < 0 or not words.before.may_stand(lowered(text[max(0, at - 2) : at + 1])[::-1]):
        return None, start
    match = words.sign_before.match(lowered(text[max(0, at - 16) : at + 1])[::-1])
    if match is None:
        return None, start
    begin = at + 1 - match.end()
    if begin < floor or (begin and text[begin - 1].isdecimal()):
        return None, start  # "2300元2、": the currency of the number before
    return match.group()[::-1], begin


def _times_before(text: str, start: int, words: Words, floor: int) -> tuple[str | None, int]:
    at = start - 2 if start > 1 and text[start - 1] == " " else start - 1
    if at < 0 or text[at].lower() not in words.times_before_ends:
        return None, start
    match = words.times_before.match(lowered(text[max(0, at - 10) : at + 1])[::-1])
    if match is None or at + 1 - match.end() < floor:
        return None, start
    return match.group()[::-1], at + 1 - match.end()


def _end_of_first(match: re.Match[str]) -> int:
    return max(match.end(group) for group in (1, 2, 3, 4))


def _end_of_no_money(text: str, start: int, end: int, parts: _Parts, words: Words) -> int | None:
    """Return where reading continues if the bare number is no amount (most numbers of an ad); None if it may be one."""
    number = parts.number
    head = text[start - 1] if start else "\n"
    if len(number) < 3 and (parts.upper is None or len(parts.upper) < 3):
        # Only beside scripts that write "时薪28": there a pay word touches the number.
        if text[max(0, start - 3) : start].rstrip("\x20:")[-1:] < "\u0e00":
            return start + len(number)
    elif number == "401" or (len(number) == 4 and number.isdecimal() and _is_year(int(number))):
        return start + len(number)
    if head == "+" or number[0] == "0":
        phone = _PHONE.match(text, start)
        return phone.end() if phone else start + len(number)
    if head.isascii() and (head.isalpha() or head in "-_#/@.:*=&"):
        return start + len(number)
    if head == " " and start > 1 and text[start - 2].isdecimal():
        return start + len(number)
    tail = text[end : end + 2]
    if tail[:1] and (tail[0] in "%:°" or (tail[0] in "-/. " and tail[1:].isdecimal())):
        return end
    return start + len(number) if words.units.match(lowered(text[end : end + 16])) else None


def _is_year(number: int) -> bool:
    return 1950 <= number <= 2035 and number != 2000


def _is_refused(text: str, start: int, end: int, sign: str | None, times: str | None, parts: _Parts) -> bool:
    """Return whether a number with a currency or a multiplier is no amount all the same."""
    if sign is None:
        head = text[start - 1] if start else "\n"
        born = times == "k" and parts.extra is not None and parts.number == "2"  # "2k9": born in 2009
        return born or (head.isascii() and (head.isalpha() or head in "+_#@")) or parts.number == "401"
    digits = max(sum(map(str.isdecimal, number)) for number in (parts.number, parts.upper or ""))
    # One letter is a currency only beside an amount of usual length.
    weak = (len(sign) == 1 and sign.isalpha() and sign < "\u0e00") or sign == "s/"
    if weak and not (times or parts.upper_times) and not (2 if sign == "s/" else 3) <= digits <= 8:
        return True
    return _BILLIONS.match(text, end) is not None or (sign in _WEIGHTS and digits <= 3 and "kg" in text[end : end + 12])


def _measured(
    match: re.Match[str],
    parts: _Parts,
    sign: str | None,
    times: str | None,
    start: int,
    at_number: int,
    end: int,
    words: Words,
) -> tuple[Amount | None, int]:
    """Give the amount its value, and the lower end the multiplier that only the upper one names."""
    go_on = at_number + match.end(1)
    codes = words.currency(sign) if sign else ()
    hint = codes[0] if codes else ""
    scale, languages = words.multiplier(times) if times else (1.0, ())
    raw = parse_number(parts.number, scaled=times is not None, currency=hint)
    if raw is None:
        return None, go_on
    low = high = raw * scale + (int(parts.extra) * scale / 10 if parts.extra else 0)
    if parts.upper is not None and end > go_on and end == at_number + match.end():
        upper_scale, upper_languages = words.multiplier(parts.upper_times) if parts.upper_times else (1.0, ())
        top = parse_number(parts.upper, scaled=parts.upper_times is not None, currency=hint)
        if top is not None:
            high = top * upper_scale + (int(parts.upper_extra) * upper_scale / 10 if parts.upper_extra else 0)
            if times is None and parts.upper_times and raw <= top and parts.after is None:
                low *= upper_scale
            elif times and parts.upper_times is None and raw <= top < 1000:
                high = top * scale
            languages = languages or upper_languages
        if top is None or not _is_range(low, high):
            # Not a range after all ("$500 - 20 places"): the first number stands alone.
            end = at_number + _end_of_first(match)
            if sign in (parts.before_upper, parts.upper_after) and sign != parts.after:
                sign = None
            if sign is None and times is None:
                return None, go_on
            high = low
        low, high = min(low, high), max(low, high)
    scaled = times is not None or parts.upper_times is not None
    return (Amount(low, high, sign, scaled, languages, start, end), end) if high > 0 else (None, end)


def _is_range(low: float, high: float) -> bool:
    return low <= high <= 20 * low or (high < low <= 3 * high and high >= 100)

"""Telephone numbers in a text, in any script and notation, told from pay, dates and licence numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from itertools import pairwise

from adscreen.signals.contacts.channels import Channel
from adscreen.signals.contacts.numbers import (
    Number,
    Regions,
    dial_code,
    has_country_code,
    hidden_number,
    international,
    is_mobile,
    national,
)
from adscreen.signals.contacts.sign_kernel import CHINESE, MIN_DIGITS
from adscreen.signals.contacts.signs import Signs
from adscreen.signals.contacts.skeleton import CHINESE_DIGITS, skeleton
from adscreen.signals.contacts.surroundings import CONTEXT, Run, is_date, is_other, said
from adscreen.signals.contacts.types import Contact, lower_same_length

_CHINESE_RUN = re.compile(rb"c{7,15}")
_GROUP = re.compile(rb"[0x]+")
_PARTING = re.compile(rb"/| [\-.]|[\-.] ")
_HIDE = str.maketrans("X*", "xx")
_MESSENGER_HOME = {"zalo": "VN", "kakao": "KR"}
"""Messengers that one country uses."""
_SHAPES = (
    (re.compile(r"08[1-9][0-9]{8,10}"), "ID"),
    (re.compile(r"09[0-9]{9}"), "PH"),
    (re.compile(r"03[0-9]{9}"), "PK"),
    (re.compile(r"01[3-9][0-9]{8}"), "BD"),
    (re.compile(r"1[3-9][0-9]{9}"), "CN"),
)
"""Mobile numbers as five countries write them, for texts in English that name another country only."""
MIN_PARTED = 11
"""Digits of the shortest run that can be two numbers with no more than one mark between them."""
MIN_PARTLY_HIDDEN = 5
"""Digits of the shortest number of which some are hidden."""


def find_phones(text: str, signs: Signs, channels: list[Channel], regions: Callable[[], Regions]) -> list[Contact]:
    """Return the telephone numbers of `text`; `regions` is only called if there is a likely one.

    Of `channels`, a messenger's name gives its kind to the numbers beside it.
    """
    classes = skeleton(text)
    found = []
    for run in _runs(text, classes, signs):
        contact = _judge(text, classes, run, channels, regions)
        if contact:
            found.append(contact)
    return found


def _runs(text: str, classes: bytes, signs: Signs) -> list[Run]:
    spans = signs.runs + signs.hidden_runs
    runs = [part for start, end in spans for part in _split(text, classes, start, end)]
    if signs.has & CHINESE:
        for match in _CHINESE_RUN.finditer(classes):
            digits = "".join(CHINESE_DIGITS[char] for char in text[match.start() : match.end()])
            if len(set(digits)) > 3:  # not a line drawn with 一
                runs.append(Run(*match.span(), (digits,), ()))
    return runs


def _split(text: str, classes: bytes, start: int, end: int) -> list[Run]:
    """Return the numbers in one run: "0917 000 1234 / 0918 000 5678" is two, a number of groups is one."""
    if classes.count(b"0", start, end) == end - start:
        return [Run(start, end, (_digits(text[start:end]),), ())]
    spans = [match.span() for match in _GROUP.finditer(classes, start, end)]
    parts: list[list[tuple[int, int]]] = []
    count = 0
    total = sum(b - a for a, b in spans)
    if total < MIN_PARTED and not _PARTING.search(classes, start, end):
        parts, spans = [spans], []
    for span in spans:
        gap = classes[parts[-1][-1][1] : span[0]] if parts else b""
        wide = b"/" in gap or (len(gap) > 1 and gap.strip(b" ") in (b"-", b"."))
        zero = _digits(text[span[0]]) == "0"
        fresh = count >= 8 and total > 15 and (zero or count >= 10) and gap != b"-"
        if not parts or wide or fresh:
            parts.append([])
            count = 0
        # "20~35 010-0000-5536": an age before the number.
        aged = len(parts[-1]) == 1 and count <= 2 and zero and gap == b" " and 11 <= total <= 13
        if aged and text[start - 1 : start] != "+" and classes[span[1] : span[1] + 1] == b"-":
            parts.append([])
            count = 0
        parts[-1].append(span)
        count += span[1] - span[0]
    runs = []
    for part in parts:
        groups = tuple(_digits(text[a:b]) for a, b in part)
        seps = tuple(text[left[1] : right[0]] for left, right in pairwise(part))
        runs.append(Run(part[0][0], part[-1][1], groups, seps))
    return runs


def _digits(group: str) -> str:
    if group.isascii():
        return group.translate(_HIDE)
    return "".join("x" if (value := unicodedata.decimal(char, None)) is None else str(value) for char in group)


def _judge(
    text: str, classes: bytes, run: Run, channels: list[Channel], regions: Callable[[], Regions]
) -> Contact | None:
    digits = run.digits
    hidden = digits.count("x")
    if len(digits) > 16 or len(digits) < (MIN_PARTLY_HIDDEN if hidden else MIN_DIGITS) or hidden == len(digits) < 7:
        return None
    start, plus = _plus(classes, run.start)
    if hidden and "xx" not in digits and not plus and digits[0] != "0":
        return None  # "24x7", "2 x 300"
    if not plus and digits.startswith("00") and len(digits) >= 11 and has_country_code(digits[2:]):
        plus, digits = True, digits[2:]
    channel = _channel(text, start, run.end, channels) if channels else None
    # What costs least is asked first: dates and years are most of what is no telephone number.
    if not plus and channel is None and is_date(text[run.start : run.end]):
        return None
    before = lower_same_length(text[max(0, start - CONTEXT) : start])
    if not plus:
        if channel is None and not _looks_dialled(run, digits, hidden) and not said(before, "call"):
            return None
        after = lower_same_length(text[run.end : run.end + 8])
        if is_other(text, run, digits, before, after, channel is not None):
            return None
    if plus and hidden and len(digits) < 9:
        return None  # "+10XX-XXXX元"
    near = regions()
    number = _number(run, digits, plus, channel, near)
    if number is None:
        return None
    called = plus or hidden or channel is not None or _has_telephone_shape(run) or said(before, "call")
    if not called and not is_mobile(number):
        return None
    flags = []
    if hidden:
        flags.append("masked")
    elif not number.verified:
        flags.append("unverified")
    if near.home and number.region and dial_code(number.region) not in {dial_code(home) for home in near.home}:
        flags.append("foreign_number")
    return Contact(channel or "phone", number.value, start, run.end, tuple(flags))


def _number(run: Run, digits: str, plus: bool, channel: str | None, near: Regions) -> Number | None:
    # What is likely is asked only where it matters: the text is read for it.
    if "x" in digits and near.own and channel not in _MESSENGER_HOME:
        return hidden_number(digits, plus, (near.own,))
    if "x" in digits:
        return hidden_number(digits, plus, () if plus else _likely(near, run, channel))
    if plus:
        # "+84 (0)933…": the 0 is for callers at home.
        return international(digits)
    return national(digits, _likely(near, run, channel), near.home)


def _plus(classes: bytes, start: int) -> tuple[int, bool]:
    """Return where the number at `start` begins with its plus or bracket, and whether it has a plus."""
    at = start
    for _ in range(3):
        if at and classes[at - 1 : at] in (b"+", b"(", b" "):
            at -= 1
            if classes[at : at + 1] == b"+":
                if at and classes[at - 1 : at] in (b"0", b"x"):
                    return start, False  # "5000+ 300 000"
                return (at - 1 if at and classes[at - 1 : at] == b"(" else at), True
        else:
            break
    return (start - 1 if start and classes[start - 1 : start] == b"(" else start), False


def _has_telephone_shape(run: Run) -> bool:
    """Return whether no amount of money is written like `run`: a 0 first, or groups that are no thousands."""
    if run.digits[0] == "0":
        return True
    sizes = [len(group) for group in run.groups]
    if sizes == [5, 5]:
        return run.digits[0] in "6789" and not (run.groups[0].endswith("00") and run.groups[1].endswith("00"))
    uneven = any(size != 3 for size in sizes[1:]) and min(sizes[1:], default=0) >= 2
    return len(sizes) >= 3 and uneven and 9 <= len(run.digits) <= 12 and "." not in run.seps[0]


def _likely(near: Regions, run: Run, channel: str | None) -> tuple[str, ...]:
    """Return the likely countries, with those that a messenger or a way of grouping belongs to."""
    likely = near.likely
    if channel in _MESSENGER_HOME:
        likely = (_MESSENGER_HOME[channel], *likely)
    sizes = [len(group) for group in run.groups]
    likely += tuple(region for pattern, region in _SHAPES if pattern.fullmatch(run.digits))
    return likely + (("IN",) if sizes == [5, 5] else ("US",) if sizes == [3, 3, 4] else ())


def _looks_dialled(run: Run, digits: str, hidden: int) -> bool:
    """Return whether a number without plus and without a word before it is written as people write telephones."""
    if hidden:
        known = len(digits) - hidden
        return known >= 1 and (digits[0] == "0" or (len(digits) >= 7 and known >= 2 and "." not in "".join(run.seps)))
    if digits[0] == "0":
        return 9 <= len(digits) <= 13 or (len(digits) == 8 and bool(run.seps))
    return 8 <= len(digits) <= 13


def _channel(text: str, start: int, end: int, channels: list[Channel]) -> str | None:
    """Return the messenger a number belongs to: named before it on the line, or directly after it."""
    best = None
    for channel in channels:
        if channel.end <= start:
            between = text[channel.end : start]
            limit = 6 if channel.short else 20
            if len(between) <= limit and not any(char.isdecimal() for char in between) and ". " not in between:
                best = channel.kind
        elif channel.start >= end:
            between = text[end : channel.start]
            if (
                best is None
                and len(between) <= 3
                and "\n" not in between
                and text[channel.end : channel.end + 1] != ":"
            ):
                best = channel.kind
            break
    return best if best and "." not in best else None

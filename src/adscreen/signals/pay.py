"""What an ad pays: amounts and ranges in any currency and notation, as USD a month, against the going rate.

Everything starts at a digit, so an ad without digits costs almost nothing; words are looked up only beside a
number that could be money.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from adscreen.signals.going_rates import GoingRate, going_rate
from adscreen.signals.pay_amounts import Amount, is_small_count, number_runs, read_amount
from adscreen.signals.pay_context import Context, read_context, reads_as_money
from adscreen.signals.pay_currency import is_less_than_a_like, resolve_currency, usd_month
from adscreen.signals.pay_numbers import HAN_NUMBER, parse_han
from adscreen.signals.pay_words import Words, load_words

__all__ = ["GoingRate", "Pay", "find_pay", "going_rate", "pay_ratio"]

MAX_CHARS = 50_000
"""Only this much of an ad is read for pay: more is not an ad."""
MAX_AMOUNTS = 200

_HAN_SIGNS = ("块钱", "塊錢", "块", "塊", "元", "円", "美金", "美元", "日圓", "日元", "台幣", "人民币", "港幣", "蚊")


class Pay(NamedTuple):
    """One amount that an ad names, and where.

    Attributes
    ----------
    low, high : float
        As stated, in `currency` per `period`; equal if there is one amount.
    currency : str
        ISO 4217 (USDT counts as USD), or "" if neither the ad nor language or country tell.
    period : str
        ``hour``, ``day``, ``week``, ``month``, ``year``; ``task`` (a piece, a like, a trip); ``once`` (bonus, reward);
        ``fee`` (asked of the worker: fees, deposits, penalties); "" if not stated.
    usd_month : float
        `high` in USD a month at the rates of ``pay_data/currencies.yaml``; an unknown period counts as a month, or as a
        year where only that is plausible. NaN for task, once, fee, an unknown currency or an implausible amount.
    start, end : int
        ``text[start:end]`` is the quote.
    """

    low: float
    high: float
    currency: str
    period: str
    usd_month: float
    start: int
    end: int


def find_pay(text: str, *, language: str = "", country: str | None = None) -> list[Pay]:
    """Find what an ad pays or asks.

    Parameters
    ----------
    text : str
        A clean text (`adscreen.ads.cleaning.clean`).
    language : str
        ISO 639-1 code, optionally with a script (``zh-Hant``, ``hi-Latn``), if known: tells the currency of an
        amount without one.
    country : str or None
        ISO 3166 code of the destination, if known: tells which dollar, pound, rupee, riyal.

    Returns
    -------
    list of Pay
        In the order of the text, not overlapping. Only the first 50,000 characters are read.

    Examples
    --------
    >>> find_pay("Gaji 8-10 jt per bulan")[0][:4]
    (8000000.0, 10000000.0, 'IDR', 'month')
    """
    text, language = text[:MAX_CHARS], language.lower()
    found: list[Pay] = []
    position = 0
    encoded = text.encode("utf-8", "surrogatepass")
    for start, end in number_runs(text, encoded):
        if start < position:
            continue
        words = load_words()
        if end - start < 3 and is_small_count(text, start, end, words):
            continue
        before = found[-1] if found else None
        amount, position = read_amount(text, start, words, before.end if before else 0)
        if amount is None:
            continue
        pay = _judged(text, amount, words, language, country, before)
        if pay is None:
            position = min(position, end)
            continue
        if before is not None and _continues(text, before, pay):
            found[-1] = _joined(before, pay)
        else:
            found.append(pay)
        if len(found) == MAX_AMOUNTS:
            break
    if _has_han(encoded) and ("万" in text or "萬" in text or "千" in text):
        found += _han_amounts(text, language, country, found)
        found.sort(key=lambda pay: pay.start)
    return found


def _has_han(encoded: bytes) -> bool:
    # 万 萬 千 begin with these bytes in UTF-8: three scans of memory, where searching wide characters is slow.
    return b"\xe4" in encoded or b"\xe8" in encoded or b"\xe5" in encoded


def pay_ratio(offers: Iterable[Pay], rate: GoingRate | None) -> float | None:
    """Return the best offer divided by the going rate.

    Parameters
    ----------
    offers : iterable of Pay
        What `find_pay` found.
    rate : GoingRate or None
        What `going_rate` found.

    Returns
    -------
    float or None
        None where either is unknown.
    """
    best = max((offer.usd_month for offer in offers if not math.isnan(offer.usd_month)), default=None)
    return None if best is None or rate is None else best / rate.usd_month


def _judged(
    text: str, amount: Amount, words: Words, language: str, country: str | None, before: Pay | None
) -> Pay | None:
    """Return the amount as pay, or None if it is not."""
    context = read_context(text, amount.start, amount.end, before.end if before else 0, words)
    if context.kind == "other":
        return None
    if amount.sign is None:
        if "w" in text[amount.start : amount.end].lower() and not _is_chinese(text, amount, language):
            return None
        if not reads_as_money(
            text, amount.high, amount.end, context, scaled=amount.scaled, languages=amount.languages, words=words
        ):
            return None
    pay = _as_pay(amount, context, words, language, country, before)
    return None if is_less_than_a_like(pay.high, pay.currency) else pay


def _is_chinese(text: str, amount: Amount, language: str) -> bool:
    # "1.5w" is 15,000 where Chinese is written, and a lamp elsewhere.
    around = text[max(0, amount.start - 12) : amount.end + 12]
    return language.startswith("zh") or any("一" <= char <= "鿿" for char in around)


def _as_pay(
    amount: Amount, context: Context, words: Words, language: str, country: str | None, before: Pay | None = None
) -> Pay:
    low, high, start, end = amount.low, amount.high, amount.start, amount.end
    codes = words.currency(amount.sign) if amount.sign else ()
    code = resolve_currency(codes, high, context.language, context.period, amount.languages, language, country)
    if amount.sign is None and not amount.languages:
        # "18,000 baht deposit, salary 15,000": one currency, named once.
        if (
            before is not None
            and before.currency
            and start - before.end < 60
            and before.high / 10 <= high <= before.high * 10
        ):
            code = before.currency
        if code == "KRW" and high < 10_000:
            low, high = low * 10_000, high * 10_000  # Koreans leave the 만 out: "월 300" is three million won.
    period = context.kind if context.kind in ("fee", "once") else context.period
    return Pay(low, high, code, period, usd_month(high, code, period), start, end)


def _continues(text: str, before: Pay, pay: Pay) -> bool:
    """Return whether two scaled amounts are one: "1 lakh 40 thousand"."""
    return (
        text[before.end : pay.start] in ("", " ")
        and before.low == before.high > pay.high == pay.low
        and not (text[before.end - 1].isdecimal() or text[pay.end - 1].isdecimal())
        and not (text[before.end - 1] in "$€£" or text[pay.start] in "$€£")
    )


def _joined(before: Pay, pay: Pay) -> Pay:
    whole, period = before.high + pay.high, before.period or pay.period
    currency = before.currency or pay.currency
    return Pay(whole, whole, currency, period, usd_month(whole, currency, period), before.start, pay.end)


def _han_amounts(text: str, language: str, country: str | None, found: list[Pay]) -> list[Pay]:
    """Find amounts written in Chinese numerals beside a pay word, a period or a currency."""
    words = load_words()
    taken = [(pay.start, pay.end) for pay in found]
    amounts: list[Pay] = []
    for match in HAN_NUMBER.finditer(text):
        if len(amounts) >= MAX_AMOUNTS:
            break
        start, end = match.span()
        if any(start < stop and begin < end for begin, stop in taken):
            continue
        sign = next((word for word in _HAN_SIGNS if text.startswith(word, end)), None)
        stop = end + len(sign or "")
        context = read_context(text, start, stop, 0, words)
        if context.kind == "other" or (sign is None and not (context.kind or context.period)):
            continue
        if sign is None and words.units.match(text[end : end + 8]):
            continue
        high = parse_han(match.group())
        amount = Amount(high, high, sign, True, ("zh", "ja"), start, stop)
        amounts.append(_as_pay(amount, context, words, language, country))
    return amounts

"""Which currency an amount is in, and what that makes in US dollars a month."""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

from adscreen.signals.pay_words import pay_table

PER_MONTH = {"hour": 208.0, "day": 26.0, "week": 52 / 12, "month": 1.0, "": 1.0, "year": 1 / 12}
"""Times a month that a period is paid; hours are 8 a day on 26 days, the usual week of six days in these offers."""

PLAUSIBLE_USD_MONTH = (20.0, 20_000.0)
"""Outside of this an amount without a period is not taken for a month's pay."""
MAX_USD_MONTH = 60_000.0
"""No offer is read as more: it is a misreading, or a total."""
_PLAUSIBLE_SHARED = (60.0, 15_000.0)


class _Money(NamedTuple):
    rates: dict[str, float]  # units of the currency for one US dollar
    languages: dict[str, str]
    countries: dict[str, str]
    many_countries: frozenset[str]
    spoken: dict[str, list[str]]


@cache
def _money() -> _Money:
    data = pay_table("currencies.yaml")
    rates = {code: float(entry["per_usd"]) for code, entry in data["currencies"].items()}
    return _Money(rates, data["languages"], data["countries"], frozenset(data["many_countries"]), data["spoken"])


def resolve_currency(
    codes: tuple[str, ...],
    high: float,
    said: str,
    period: str,
    languages: tuple[str, ...],
    language: str,
    country: str | None,
) -> str:
    """Return the currency meant: the one written, else the country's, else the language's.

    Parameters
    ----------
    codes : tuple of str
        What the currency word may mean, the usual meaning first; empty if none is written.
    high : float
        The amount: an absurd one is taken for another currency that shares the word.
    said : str
        Language of the words beside the amount, or "".
    period : str
    languages : tuple of str
        Languages of the multiplier.
    language, country : str
        As told by the caller.

    Returns
    -------
    str
        ISO 4217, or "".
    """
    money = _money()
    spoken = money.spoken
    if len(codes) == 1:
        return codes[0]
    local = money.countries.get((country or "").upper(), "")
    tongue = _tongue(said, languages, language, money.languages)
    own = money.languages.get(tongue, "")
    if not codes:
        code = (local or own) if tongue in money.many_countries or not own else own
        codes = (code, *spoken.get(tongue, ())) if languages and code == own else (code,)
        return next((one for one in codes if one and _plausible(high, one, period)), code)
    if local in codes:
        return local
    if codes[0] == "USD" and languages and own and high > 100_000:
        return own  # "$7-12tr"
    if own in codes and codes[0] != "USD" and (tongue not in spoken or _plausible(high, own, period)):
        return own
    if codes[0] != "USD" or not _plausible(high, "USD", period):
        for code in spoken.get(tongue, ()):
            if code in codes and _plausible(high, code, period):
                return code
    if codes[0] == "KWD" and high > 5000:
        return next(code for code in ("IQD", "DZD", "RSD") if code in codes)
    return codes[0]


def _tongue(said: str, languages: tuple[str, ...], language: str, known: dict[str, str]) -> str:
    base = language.split("-", 1)[0]
    if language == "zh" and "zh-hant" in (*languages, said):
        return "zh-hant"
    for one in (language, base):
        if one in languages or (one in known and not languages):
            return one
    if languages and base == "zh" and "zh" in languages:
        return language if language in known else "zh"
    if languages:
        return said if said in languages else languages[0]
    return language or said


def _plausible(amount: float, code: str, period: str) -> bool:
    low, high = _PLAUSIBLE_SHARED
    return low <= amount * PER_MONTH.get(period, 1.0) / _money().rates[code] <= high


def usd_month(high: float, code: str, period: str) -> float:
    """Return `high` in USD a month; NaN where that is unknown or implausible."""
    rate = _money().rates.get(code)
    times = PER_MONTH.get(period)
    if rate is None or times is None:
        return math.nan
    value = high * times / rate
    if value > MAX_USD_MONTH:
        return math.nan if period or value / 12 > PLAUSIBLE_USD_MONTH[1] else value / 12
    if period == "":
        low, top = PLAUSIBLE_USD_MONTH
        if value > top and value / 12 <= top:
            return value / 12
        if not low <= value <= top:
            return math.nan
    return value


def is_less_than_a_like(high: float, code: str) -> bool:
    """Return whether an amount is below five US cents: a misread number, for nobody offers that even for a like."""
    return bool(code) and high / _money().rates[code] < 0.05

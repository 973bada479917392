"""What a role usually pays in a country: an approximate yardstick, not a statistic.

The table (``pay_data/going_rates.yaml``) has a published wage of unskilled work for each country and a factor for
each role; it is good to about 30 %, so only large ratios mean anything.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from adscreen.signals.pay_words import SPACED, any_of, is_spaced, normalised, pay_table

READ_CHARS = 600
"""The role of an ad is named in its title or first lines; the rest is read for nothing."""

_KEY = 3
_WORD = re.compile(r"[^\W\d_]+")
_ASCII_WORD = re.compile("[a-z]+")  # the same of an ASCII text in lower case, found five times as fast
_ENDING = re.compile(f"{SPACED}{{0,12}}")
_LETTER = re.compile(SPACED)


class GoingRate(NamedTuple):
    """What a role usually pays.

    Attributes
    ----------
    role : str
        A key of `roles` in the table, or ``any`` if the text names none of them.
    country : str
        ISO 3166 code.
    usd_month : float
        USD a month, good to about 30 %.
    source : str
        What the figure stands on, with its date.
    """

    role: str
    country: str
    usd_month: float
    source: str


class _Names(NamedTuple):
    """The names of one role that begin alike, the longest first; `stems` may have any ending."""

    role: str
    stems: tuple[str, ...]
    whole: tuple[str, ...]

    @classmethod
    def of(cls, role: str, words: list[str]) -> _Names:
        """Sort out the `words` of a role; those with a ``*`` are stems."""
        stems = {word.replace("*", "") for word in words if "*" in word}
        whole = {word for word in words if "*" not in word}
        return cls(role, *(tuple(sorted(names, key=len, reverse=True)) for names in (stems, whole)))

    def end_at(self, low: str, at: int) -> int:
        """Return where a name that stands in `low` at `at` ends, or -1 if none does."""
        for stem in self.stems:
            if low.startswith(stem, at):
                ending = _ENDING.match(low, at + len(stem))
                return ending.end() if ending else at + len(stem)
        for word in self.whole:
            if low.startswith(word, at) and not _LETTER.match(low, at + len(word)):
                return at + len(word)
        return -1


class _Roles(NamedTuple):
    """All names of roles: by their first letters, or in scripts that join words in one expression; and the factors."""

    by_key: dict[str, list[_Names]]
    unspaced: re.Pattern[str]
    role_of: dict[str, str]
    factors: dict[str, float]
    kinds: dict[str, str]


@cache
def _roles() -> _Roles:
    # Names with spaces are compared one by one: to compile them takes longer than to score a thousand ads.
    factors: dict[str, float] = {}
    kinds: dict[str, str] = {}
    spaced: dict[str, dict[str, list[str]]] = {}
    joined: dict[str, str] = {}
    for role, entry in pay_table("going_rates.yaml")["roles"].items():
        factors[role] = float(entry["factor"])
        if "kind" in entry:
            kinds[role] = entry["kind"]
        for word in map(normalised, entry["words"]):
            if is_spaced(word):
                spaced.setdefault(word.rstrip("*")[:_KEY], {}).setdefault(role, []).append(word)
            else:
                joined.setdefault(word, role)
    by_key = {key: [_Names.of(role, words) for role, words in roles.items()] for key, roles in spaced.items()}
    return _Roles(by_key, re.compile(any_of(joined)), joined, factors, kinds)


def find_role(text: str) -> tuple[str, int, int] | None:
    """Return the first role that `text` names, and where; None if it names none.

    Only the first 600 characters are read.
    """
    return _role_in(text[:READ_CHARS])


@lru_cache(maxsize=256)  # a suspicious ad is asked twice: for its pay, and for the kind of deception
def _role_in(head: str) -> tuple[str, int, int] | None:
    by_key, unspaced, role_of, *_ = _roles()
    low = head.lower()
    best: tuple[str, int, int] | None = None
    at = 0
    words = (_ASCII_WORD if low.isascii() else _WORD).findall(low)
    for word in [word for word in words if word[:_KEY] in by_key]:
        at = low.find(word, at)
        while at > 0 and low[at - 1].isalpha():
            at = low.find(word, at + 1)
        for names in by_key[word[:_KEY]] if at >= 0 else ():
            end = names.end_at(low, at)
            if end >= 0 and (best is None or end > best[2]):
                best = (names.role, at, end)
        if best is not None or at < 0:
            break
    if not low.isascii():
        match = unspaced.search(low, 0, best[1] if best else len(low))
        if match:
            best = (role_of[match.group()], *match.span())
    return best


def kind_of_role(text: str) -> str | None:
    """Return the kind of deception that lures with the role that `text` names are mostly about, or None."""
    found = find_role(text)
    return _roles().kinds.get(found[0]) if found else None


@cache
def _countries() -> tuple[dict[str, tuple[float, float, str]], str]:
    data = pay_table("going_rates.yaml")
    rows = {code: (float(row["usd"]), float(row["spread"]), row["basis"]) for code, row in data["countries"].items()}
    return rows, str(data["as_of"])


def going_rate(text: str, country: str | None) -> GoingRate | None:
    """Return what the role that `text` names usually pays in `country`.

    Parameters
    ----------
    text : str
        A clean text, title first.
    country : str or None
        ISO 3166 code of where the work is.

    Returns
    -------
    GoingRate or None
        None if the country is unknown. Without a known role, the rate of unskilled work with a factor of 1.2.
    """
    countries, as_of = _countries()
    row = countries.get((country or "").upper())
    if row is None:
        return None
    usd, spread, basis = row
    found = find_role(text)
    role = found[0] if found else "any"
    factor = _roles().factors[role] if found else 1.2
    rate = float(round(usd * factor**spread, -1))
    return GoingRate(role, (country or "").upper(), rate, f"{basis}; times {factor:g} for the role; {as_of}, +-30 %")

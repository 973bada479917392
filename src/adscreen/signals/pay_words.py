"""The words around an amount of money, compiled into the few expressions that `adscreen.signals.pay` runs.

Word lists are data (``pay_data/*.yaml``); this file turns them into tries, so that a thousand words cost
little more than one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, TypeVar

from adscreen.shipped_yaml import load_yaml

DIGITS = "0-9٠-٩۰-۹०-९০-৯੦-੯૦-૯௦-௯౦-౯೦-೯൦-൯෦-෯๐-๙໐-໙၀-၉០-៩"
"""The decimal digits of the scripts that ads are written in, as the inside of a character class."""

_T = TypeVar("_T")
SPACED = "[a-zà-ʯͰ-ԯḀ-ỿ]"
"""A letter of a script that writes words apart, Latin (with Vietnamese), Greek or Cyrillic; others join or inflect."""
_APART = re.compile(SPACED)


def normalised(word: str) -> str:
    """Return `word` as it stands in a clean text that was lowered: NFKC (which splits Thai am), no capitals."""
    return unicodedata.normalize("NFKC", word).lower()


def lowered(part: str) -> str:
    """Return `part` without capitals and of the same length: a dotted capital I would become two characters."""
    low = part.lower()
    return low if len(low) == len(part) else part.replace("İ", "i").lower()


def is_spaced(word: str) -> bool:
    """Return whether `word` is in a script that writes words apart and whole."""
    return _APART.match(word) is not None


@cache
def pay_table(name: str) -> Any:
    """Return the content of ``pay_data/name``, which is not to be changed."""
    return load_yaml("adscreen.signals", "pay_data", name)


def trie(words: Iterable[str]) -> str:
    """Return an expression that matches any of `words`, the longest first, with no branch tried twice."""
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}
    return _branches(tree) if tree else r"(?!)"


def _branches(node: dict[str, Any]) -> str:
    optional = "" in node
    alternatives = [re.escape(char) + _branches(child) for char, child in sorted(node.items()) if char]
    if not alternatives:
        return ""
    if len(alternatives) == 1 and not optional:
        return alternatives[0]
    return f"(?:{'|'.join(alternatives)})" + ("?" if optional else "")


def any_of(words: Iterable[str], *, backwards: bool = False) -> str:
    """Return an expression for `words`: whole words where spaces part them, else anywhere.

    The words are normalised; a final ``*`` makes a stem. With `backwards` the expression reads a reversed text, so
    that it matches a word that ends at a place.
    """
    stems, whole, joined = [], [], []
    for word in words:
        stem = word.endswith("*")
        bare = word.rstrip("*")
        end = bare[:1] if backwards else bare[-1:]
        if backwards:
            bare = bare[::-1]
        if stem and not backwards:
            stems.append(bare)
        elif _APART.match(end):
            whole.append(bare)
        else:
            joined.append(bare)
    parts = []
    if stems:
        parts.append(f"{trie(stems)}{SPACED}{{0,12}}+")
    if whole:
        parts.append(f"{trie(whole)}(?!{SPACED})")
    if joined:
        parts.append(trie(joined))
    # Most places fail at the first character: a class tells that at once, a trie tries its branches one by one.
    firsts = "".join(sorted({re.escape(bare[0]) for bare in (*stems, *whole, *joined)}))
    return f"(?=[{firsts}])(?:{'|'.join(parts)})" if parts else r"(?!)"


# "thousand", "mil", "万" count anything; "jt", "tr", "lakh", "ming" beside a bare number are nearly always money.
COUNT_ANYTHING = frozenset({"en", "fr", "de", "es", "pt", "zh", "zh-hant", "ja", "ko", "ar", "sw"})


class Meaning(NamedTuple):
    """What a word beside an amount says: its kind (``pay``, ``fee``, ``once``, ``other``, or a period) and language."""

    kind: str
    language: str


class Edges(NamedTuple):
    """The characters of words nearest to a number, to rule out fast that one of them stands there."""

    firsts: frozenset[str]
    triples: frozenset[str]
    short: frozenset[str]

    @classmethod
    def of(cls, words: Iterable[str]) -> Edges:
        """Return the edges of `words`, each read away from the number."""
        listed = list(words)
        return cls(
            frozenset(word[0] for word in listed),
            frozenset(word[:3] for word in listed if len(word) > 2),
            frozenset(word for word in listed if len(word) < 3),
        )

    def may_stand(self, near: str) -> bool:
        """Return whether a word may begin `near`, the three characters next to the number, without capitals."""
        if near[:1] not in self.firsts:
            return False
        if near in self.triples:
            return True
        one, two = near[:1], near[:2]
        if one in self.short and not (one.isalpha() and near[1:2].isalpha()):
            return True
        return (two in self.short and not (two[-1].isalpha() and near[2:3].isalpha())) or not near.isascii()


PERIODS = ("hour", "day", "week", "month", "year", "task")


@dataclass(frozen=True)
class Words:
    """The compiled word lists.

    Attributes
    ----------
    amount : re.Pattern
        A number, in a text without capitals, with what belongs to it; groups number, multiplier, digit after it,
        currency, and for the upper end of a range: currency before, number, multiplier, digit after it, currency.
    sign_before : re.Pattern
        A currency that ends where the reversed text begins.
    times_before : re.Pattern
        The same for a multiplier.
    context : re.Pattern
        Runs over a text without capitals; group 1 is a word that says what an amount is for.
    joined : dict
        The words of scripts that join words, by first character.
    units : re.Pattern
        A unit that makes a bare number something else than money.
    meanings : dict
        From word to `Meaning`; `stems` are those with any ending.
    currencies : dict
        From word to the currencies it may mean.
    multipliers : dict
        From word to its value and the languages it belongs to.
    before, after : Edges
        How a currency may end before a number, and how a currency, multiplier or range may begin after it.
    times_before_ends : frozenset
        Last characters of the multipliers that stand first.
    """

    amount: re.Pattern[str]
    sign_before: re.Pattern[str]
    times_before: re.Pattern[str]
    context: re.Pattern[str]
    joined: dict[str, tuple[str, ...]]
    units: re.Pattern[str]
    meanings: dict[str, Meaning]
    stems: dict[str, Meaning]
    currencies: dict[str, tuple[str, ...]]
    currency_stems: dict[str, tuple[str, ...]]
    multipliers: dict[str, tuple[float, tuple[str, ...]]]
    before: Edges
    times_before_ends: frozenset[str]
    after: Edges

    def currency(self, word: str) -> tuple[str, ...]:
        """Return the currencies that `word`, as matched, may mean."""
        return _look_up(normalised(word), self.currencies, self.currency_stems) or ()

    def multiplier(self, word: str) -> tuple[float, tuple[str, ...]]:
        """Return what `word`, as matched, multiplies by, and the languages it belongs to."""
        key = normalised(word)
        found = self.multipliers.get(key)
        if found is None:
            found = next(v for k, v in self.multipliers.items() if k.endswith("*") and key.startswith(k[:-1]))
        return found

    def said(self, part: str) -> list[tuple[int, int, Meaning]]:
        """Return where in `part`, which has no capitals, a word says what an amount is for, and what it says."""
        found = []
        for match in self.context.finditer(part):
            if match.lastindex and (meaning := _look_up(match.group(), self.meanings, self.stems)) is not None:
                found.append((*match.span(), meaning))
        if part.isascii():
            return found
        end = 0
        for start, char in enumerate(part):
            if start < end or (words := self.joined.get(char)) is None:
                continue
            if (hit := _compiled(words).match(part, start)) is not None:
                end = hit.end()
                meaning = _look_up(hit.group(), self.meanings, self.stems)
                if meaning is not None:
                    found.append((start, end, meaning))
        found.sort()
        return found


@cache
def _compiled(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return an expression for `words`, made when it is needed: few of the scripts are in the ads of one run."""
    return re.compile(any_of(words))


def _look_up(word: str, whole: dict[str, _T], stems: dict[str, _T]) -> _T | None:
    found = whole.get(word)
    if found is None:
        for length in range(len(word), 1, -1):
            found = stems.get(word[:length])
            if found is not None:
                break
    return found


def _amount_pattern(currency: list[str], multiplier: list[str], between: list[str]) -> str:
    number = rf"[{DIGITS}]++(?:[.,'’٫٬][{DIGITS}]++|\x20[{DIGITS}]{{3}}(?![{DIGITS}]))*+"
    times = rf"(?:\x20?({any_of(multiplier)})(?:([{DIGITS}])千?(?![{DIGITS}]))?)?"
    money = rf"(?:(?:(?<!\d)\.)?\x20?({any_of(currency)}))?"
    upper = rf"(?:\x20?(?:{any_of(between)})\x20?(?:({any_of(currency)})\x20?)?({number}){times}{money})?"
    return rf"({number}){times}{money}{upper}"


@cache
def load_words() -> Words:
    """Return the compiled word lists; built once, on first use."""
    money = pay_table("currencies.yaml")
    words = pay_table("words.yaml")
    before: dict[str, tuple[str, ...]] = {}
    after: dict[str, tuple[str, ...]] = {}
    entries = [(entry, (code,)) for code, entry in money["currencies"].items()]
    entries += [(entry, tuple(entry["codes"])) for entry in money["shared"]]
    for entry, codes in entries:
        both = entry.get("words", [])
        for target, own in ((before, entry.get("before", [])), (after, entry.get("after", []))):
            for word in (*both, *own):
                target.setdefault(normalised(word), codes)
    multipliers = {
        normalised(word): (float(entry["value"]), tuple(entry["languages"]))
        for entry in reversed(words["multipliers"])
        for word in entry["words"]
    }
    meanings: dict[str, Meaning] = {}
    for language, pay in words["pay"].items():
        for word in pay:
            meanings.setdefault(normalised(word), Meaning("pay", language))
    # A period says more than a pay word, and what is asked or paid once more than both.
    for kind, listed in (*words["periods"].items(), *((k, words[k]) for k in ("other", "once", "fee"))):
        for word in listed:
            key = normalised(word)
            if is_spaced(key[1:]):
                key = key.removeprefix("/")
            language = meanings[key].language if key in meanings else ""
            meanings[key] = Meaning(kind, language)
    # Group 1 is a word of the lists; what else can be passed over in one step is.
    spaced = any_of(word for word in meanings if is_spaced(word))
    joined: dict[str, list[str]] = {}
    for word in meanings:
        if not is_spaced(word):
            joined.setdefault(word[0], []).append(word)
    context = rf"[^{SPACED[1:-1]}]++|({spaced})|{SPACED}++"
    currencies = before | after
    return Words(
        amount=re.compile(_amount_pattern(list(after), list(multipliers), [normalised(w) for w in words["between"]])),
        sign_before=re.compile(any_of(before, backwards=True)),
        times_before=re.compile(any_of(map(normalised, words["multipliers_before"]), backwards=True)),
        context=re.compile(context),
        joined={first: tuple(some) for first, some in joined.items()},
        units=re.compile(rf"[\x20\-]?{any_of(normalised(w) for w in words['units'])}"),
        meanings={word: meaning for word, meaning in meanings.items() if not word.endswith("*")},
        stems={word[:-1]: meaning for word, meaning in meanings.items() if word.endswith("*")},
        currencies={word: codes for word, codes in currencies.items() if not word.endswith("*")},
        currency_stems={word[:-1]: codes for word, codes in currencies.items() if word.endswith("*")},
        multipliers=multipliers,
        before=Edges.of([word.rstrip("*")[::-1] for word in before]),
        times_before_ends=frozenset(normalised(word)[-1] for word in words["multipliers_before"]),
        after=Edges.of([word.rstrip("*") for word in (*after, *multipliers, *map(normalised, words["between"]))]),
    )

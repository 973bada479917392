"""The words a disguise can hide: those of the authored corpus and the usual lures, in Latin and Cyrillic letters."""

from __future__ import annotations

import lzma
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from adscreen.shipped_yaml import load_yaml

SHORTEST = 4
"""A shorter word is believed only if it is a usual lure: too much else spells one by chance."""


class KnownWords(NamedTuple):
    """Words in lower case: `hidden` may be what is behind a disguise, `plain` are any that stand in texts."""

    hidden: frozenset[str]
    plain: frozenset[str]
    lures: frozenset[str]


@cache
def known_words() -> KnownWords:
    """Return the words that ship with adscreen; reading them takes 20 ms, so it waits for the first doubtful word."""
    packed = files("adscreen.ads").joinpath("known_words.txt.xz").read_bytes()
    corpus = lzma.decompress(packed).decode().split("\n")
    by_language = load_yaml("adscreen.ads", "lure_words.yaml")
    lures = frozenset(word for words in by_language.values() for word in words)
    plain = frozenset(corpus) | lures
    long = {word for word in corpus if len(word) >= SHORTEST and "-" not in word}
    hidden = frozenset(long | {word for word in lures if len(word) > 2})
    return KnownWords(hidden, plain, lures)


# English endings; what they are put to must be known, with or without a silent e.
ENDINGS = ("s", "es", "ed", "ing", "ly", "er", "ers")


def is_hidden_word(text: str) -> bool:
    """Return whether `text` is a word that a disguise may hide, or such a word with an English ending."""
    hidden, word = known_words().hidden, text.casefold()
    if word in hidden:
        return True
    if len(word) <= SHORTEST or not word.isascii():
        return False
    stems = [word[: -len(ending)] for ending in ENDINGS if word.endswith(ending)]
    return any(len(stem) >= SHORTEST and (stem in hidden or f"{stem}e" in hidden) for stem in stems)


def is_lure(text: str) -> bool:
    """Return whether `text` is one of the words that ads most often disguise."""
    return text.casefold() in known_words().lures


def is_plain_word(text: str) -> bool:
    """Return whether `text`, a word or a compound with hyphens, stands so in ordinary ads."""
    return text.casefold() in known_words().plain


def reads_like_a_word(text: str, *, letters: int = 3) -> bool:
    """Return whether any so many letters in a row of `text` (3 or 4) stand together in some known word.

    Of English words that are not known, 80 % pass with 3 and 33 % with 4; of pairs of words stuck together, 29 % and
    1 % (words of EMSCAD). Codes and model numbers hardly ever do.
    """
    return all(part in _spellings() for part in _parts(text.casefold(), letters))


def strangeness(text: str) -> float:
    """Return how little `text` is spelled like known words: 0 if any four letters are, below 1 if any three."""
    missing = {n: sum(part not in _spellings() for part in _parts(text.casefold(), n)) for n in (3, 4)}
    return missing[3] + missing[4] / (missing[4] + 1)


@cache
def _spellings() -> frozenset[str]:
    """Return every three and four letters of the hidden words, each word between `^` and `$`; takes 20 ms."""
    framed = "^" + "$^".join(known_words().hidden) + "$"
    letters = np.frombuffer(framed.encode("utf-16-le"), np.uint16)  # Latin and Cyrillic: one number each
    begins = letters == ord("^")
    spellings: list[str] = []
    for length in (3, 4):
        # Each part as one number: numbers are told apart faster than texts.
        starts = len(letters) - length + 1
        parts = np.zeros((starts, 4), np.uint16)
        over_seam = np.zeros(starts, np.bool_)
        for place in range(length):
            parts[:, place] = letters[place : starts + place]
            if place:
                over_seam |= begins[place : starts + place]
        different = np.unique(parts.view(np.uint64)[~over_seam])
        spellings += different.view(np.uint16).astype(np.uint32).view("<U4").tolist()
    return frozenset(spellings)


def _parts(word: str, length: int) -> list[str]:
    framed = f"^{word}$"
    return [framed[i : i + length] for i in range(len(framed) - length + 1)]


LONGEST_SPELLED = 60
LONGEST_WORD = 30
_ONE_LETTER = frozenset("aiyoeаивскуо")
"""Words of one letter, which get into what is spelled out beside them."""


def split_into_words(letters: str, *, seam: float = 0) -> list[str]:
    """Return the words that `letters` most likely consist of: as few and as well known as can be.

    Parameters
    ----------
    letters : str
        As spelled out with equal gaps: ``"workfromhome"``. What is longer than `LONGEST_SPELLED`, or less than half
        known or close to it, is taken for one word.
    seam : float
        What each seam between two words costs; a short word costs 3.
    """
    folded = letters.casefold()
    if not letters.isalpha() or not len(letters) == len(folded) <= LONGEST_SPELLED:
        return [letters]
    known = known_words()
    best: list[tuple[float, int, int]] = [(-seam, 0, 0)]  # cost, where the last word begins, letters in known words
    for end in range(1, len(letters) + 1):
        choices = []
        for start in range(max(0, end - 20), end):
            word, (cost, _, within) = folded[start:end], best[start]
            if is_hidden_word(word):
                choices.append((cost + seam + (1 if len(word) > SHORTEST else 2), start, within + len(word)))
            elif word in _ONE_LETTER and (start == 0 or end == len(letters)):
                choices.append((cost + seam + 3.5, start, within))
            elif len(word) > 1 and word in known.plain:
                choices.append((cost + seam + 3, start, within + len(word)))  # short ones are found in any word
            elif len(word) >= SHORTEST and reads_like_a_word(word):
                close = reads_like_a_word(word, letters=4)
                unknown = 2.5 + 0.1 * len(word) if close else 3.5 + 0.3 * len(word)
                choices.append((cost + seam + unknown, start, within + len(word) * close))
            else:
                choices.append((cost + seam + 8 + 0.5 * len(word), start, within))
        best.append(min(choices))
    if 2 * best[-1][2] < len(letters):
        return [letters]
    words: list[str] = []
    end = len(letters)
    while end:
        words.append(letters[best[end][1] : end])
        end = best[end][1]
    # Most stretches are one word, and short words are found in any: they must not break up an unknown one.
    small = sum(not is_hidden_word(word) for word in words)
    return words[::-1] if len(letters) > 16 or (small < 2 and len(words) > 1 and _are_words(words)) else [letters]


def _are_words(words: list[str]) -> bool:
    return all(is_plain_word(word) or is_hidden_word(word) or word.casefold() in _ONE_LETTER for word in words)

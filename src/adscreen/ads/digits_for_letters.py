"""Disguises by digits and signs that stand for letters: "w0rk", "p@ssport"."""

from __future__ import annotations

import re
from itertools import islice, product

from adscreen.ads.known_words import LONGEST_WORD, is_hidden_word, is_lure, is_plain_word, strangeness
from adscreen.ads.markup import Edit

# An address is a name, however it looks.
_ADDRESS = re.compile(r"://|www\.|^@|\w@[\w-]{1,60}\.[a-z]{2}|\.[a-z]{2,6}/", re.IGNORECASE)
# 2 is read as z by nobody, 9 and 6 by few; signs only where they are common.
LEET = {
    "0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "6": "bg", "7": "t", "8": "b", "9": "g", "@": "a", "$": "s",
    "!": "i", "|": "il", "€": "e", "£": "l", "¥": "y", "§": "s", "+": "t",
}  # fmt: skip
LEET_CYRILLIC = {"0": "о", "3": "з", "4": "ч", "6": "б", "@": "а", "€": "е", "!": "і", "1": "і", "|": "і"}
_LEET_WORD = re.compile(r"(?<!\w)[A-Za-z\u00c0-\u024f\u1e00-\u1eff\u0400-\u052f0-9@$!|€£¥§+]+(?!\w)")
# Spanish and Portuguese write "nosotr@s" for both genders, French "résident.e.s".
_BOTH_GENDERS = re.compile(r"\w+@s?", re.IGNORECASE)
_MOST_READINGS = 32
_STROKES = str.maketrans("", "", "|!+")
_COUNTED = re.compile(r"[0-9]+(?:st|nd|rd|th)", re.IGNORECASE)
_IN_3D = re.compile("[a-z][23]D")
_TWO_DIGITS = re.compile("[0-9]{2}")
_FIRST = re.compile(r"[^\W\d_]*")
_INNER = re.compile(r"[^\W\d_][0-9@$][^\W\d_]")


def is_address(text: str, *, bold: bool) -> bool:
    """Return whether `text` is a link, an e-mail address or a handle; where words are hidden, "@bout" is none."""
    found = _ADDRESS.search(text)
    return found is not None and not (bold and found[0] == "@" and is_hidden_word(unleet(text.rstrip(".,;:!?")) or ""))


def unleet(word: str, *, guess: bool = True, bold: bool = False) -> str | None:
    """Return the word behind one with digits and signs for letters, or None if it is none.

    Parameters
    ----------
    word : str
    guess : bool
        Also take a word that is not known but spelled like one.
    bold : bool
        As in `closed_up`: any word that is not a number and its unit.

    Examples
    --------
    >>> [unleet(word) for word in ("w0rk", "s4lary", "c4ndid4t3s", "10am", "H2A", "groups5")]
    ['work', 'salary', 'candidates', None, None, None]
    """
    signs = [i for i, char in enumerate(word) if char in LEET]
    most = len(word) // 2 if not bold else (2 * len(word)) // 3
    if not 0 < len(signs) <= most or not 3 <= len(word) <= LONGEST_WORD or _COUNTED.fullmatch(word):
        return None
    stem = word.strip("0123456789")
    short = stem.isalpha() and len(stem) < 3  # "10am"
    if stem.isalpha() and (is_plain_word(stem) if not short else not bold):
        return None  # "groups5", "4orang": a number by a word
    if not (word[1:].islower() or word.isupper() or word.isalnum()) or _IN_3D.search(word):
        return None
    table = LEET_CYRILLIC if any("\u0400" <= char < "\u0530" for char in word) else LEET
    if any(word[i] not in table for i in signs):
        return None
    readings = ["".join(plain) for plain in islice(product(*(table.get(char, char) for char in word)), _MOST_READINGS)]
    at_end = stem.isalpha() and word.startswith(stem)  # a footnote, an item of a list
    for reading in readings:
        if is_lure(reading) if (at_end and not bold) or _BOTH_GENDERS.fullmatch(word) else is_hidden_word(reading):
            return reading
    readings = [reading for reading in readings if reading.isalpha()]
    if not guess or at_end or short or not readings or _BOTH_GENDERS.fullmatch(word):
        return None
    if not (word[1:].islower() or word.isupper()):
        return None
    reading = min(readings, key=strangeness)
    strange = strangeness(reading)
    parted = word.translate(_STROKES)
    if parted != word and parted.isalpha() and (is_hidden_word(parted) or strangeness(parted) < strange):
        return None  # "outgo|ing": the sign only parts
    if bold:
        return reading if strange < 1 or (len(word) > 5 and 3 * len(signs) <= 2 * len(word)) else None
    if is_plain_word(_FIRST.match(word)[0]):  # type: ignore[index]
        return None  # a blank forgotten: "bonus3rd"
    if not 5 <= len(word) <= 16 or 3 * len(signs) > len(word) + 2 or signs[0] == 0 or word[-1] in "12!|+$€£":
        return None
    # Arabic in Latin letters has 2, 3, 5, 6, 7 and 9 for letters of its own, and one @ alone may be of a torn address:
    # then the spelling must be closer.
    sure = any(word[i] in "014$" for i in signs) or word.count("@") > 1
    near = sure and word.islower() and _INNER.search(word) is not None
    return reading if not _TWO_DIGITS.search(word) and strange < (1 if near else 0.001) else None


def digits_read(text: str, *, bold: bool) -> list[Edit]:
    """Return the edits that put letters for the digits and signs that stand for them; `bold` as in `closed_up`."""
    edits: list[Edit] = []
    for match in _LEET_WORD.finditer(text):
        # A sign at the end mostly is what it seems: "now!", "100$".
        word = match[0].rstrip("!|+$€£")
        for candidate in dict.fromkeys((match[0], word)):
            plain = unleet(candidate, bold=bold and (candidate == word or word.isascii())) if candidate else None
            if plain is not None:
                pairs = enumerate(zip(candidate, plain, strict=True), match.start())
                edits += [(i, i + 1, new) for i, (old, new) in pairs if old != new]
                break
    return edits

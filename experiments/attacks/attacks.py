"""Character attacks on ads: each takes a text and a random generator and disguises a share of its words.

They stand in for what senders do to slip past filters, and were written apart from the tables that undo them
(src/adscreen/ads/lookalikes.yaml): other look-alikes, signs and styles than these must be undone as well.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable

SHARE = 0.4
"""Of the words of four letters or more."""

_WORD = re.compile(r"(?<![\w@/.:-])[^\W\d_]{4,24}(?![\w@/:-])")
_HIDDEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e\u2063"
_BIDI = "\u200e\u200f\u202a\u202d\u202e\u2066\u2069\u061c"
_MARKS = "\u0335\u0336\u0337\u0338\u0332\u0300\u0323\u0353\u034e\u035c\u20e5"
_SIGNS = ".,-_*·~•|^"
_EMOJI = "🔥💰⭐✨💎🎰✅❤🍀➡"
_TWINS = {
    "a": "аα", "b": "Ьḃ", "c": "сϲ", "d": "ԁ", "e": "еҽ", "g": "ɡ", "h": "һհ", "i": "іι", "j": "ј", "k": "κк", "l": "ӏ",
    "m": "м", "n": "ո", "o": "оοօ", "p": "рρ", "q": "ԛ", "s": "ѕ", "t": "т", "u": "υս", "v": "ν", "w": "ԝ", "x": "х",
    "y": "уγ", "A": "АΑ", "B": "ВΒ", "C": "С", "E": "ЕΕ", "H": "НΗ", "I": "ІΙ", "K": "КΚ", "M": "МΜ", "N": "Ν",
    "O": "ОΟ",
    "P": "РΡ", "S": "Ѕ", "T": "ТΤ", "X": "ХΧ", "Y": "ΥУ", "Z": "Ζ",
    "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "к": "k", "А": "A", "В": "B",
    "Е": "E", "К": "K", "М": "M", "Н": "H", "О": "O", "Р": "P", "С": "C", "Т": "T", "Х": "X",
}  # fmt: skip
_DIGITS = {
    "a": "4@", "b": "8", "e": "3", "g": "9", "i": "1!", "l": "1|", "o": "0", "s": "5$", "t": "7",
    "о": "0", "з": "3", "ч": "4", "б": "6", "а": "@",
}  # fmt: skip
_SMALL_CAPITALS = dict(zip("abcdefghijklmnoprstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", strict=True))
_STYLES: dict[str, Callable[[str], str]] = {
    "full width": lambda c: chr(ord(c) + 0xFEE0),
    "bold": lambda c: chr((0x1D400 if c.isupper() else 0x1D41A) + ord(c.lower()) - 97),
    "sans italic": lambda c: chr((0x1D608 if c.isupper() else 0x1D622) + ord(c.lower()) - 97),
    "circled": lambda c: chr((0x24B6 if c.isupper() else 0x24D0) + ord(c.lower()) - 97),
    "parenthesised": lambda c: chr(0x249C + ord(c.lower()) - 97),
    "black square": lambda c: chr(0x1F170 + ord(c.lower()) - 97),
    "black circle": lambda c: chr(0x1F150 + ord(c.lower()) - 97),
    "small capitals": lambda c: _SMALL_CAPITALS.get(c.lower(), c),
}

Change = Callable[[str, random.Random], str]


def _some_words(change: Change) -> Change:
    def attack(text: str, rng: random.Random) -> str:
        return _WORD.sub(lambda match: change(match[0], rng) if rng.random() < SHARE else match[0], text)

    return attack


def _one_inside(word: str, sign: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word))
    return word[:at] + sign + word[at:]


def _zero_width(word: str, rng: random.Random) -> str:
    for _ in range(rng.randint(1, 3)):
        word = _one_inside(word, rng.choice(_HIDDEN), rng)
    return word


def _swapped(word: str, table: dict[str, str], rng: random.Random) -> str:
    places = [i for i, char in enumerate(word) if char in table]
    if not places:
        return word
    chosen = {rng.choice(places), *(i for i in places if rng.random() < 0.5)}
    return "".join(rng.choice(table[char]) if i in chosen else char for i, char in enumerate(word))


def _signed(word: str, signs: str, rng: random.Random) -> str:
    sign = rng.choice(signs)
    return sign.join(word) if rng.random() < 0.5 else _one_inside(word, sign, rng)


def _bidi_and_combining(word: str, rng: random.Random) -> str:
    if rng.random() < 0.5:
        return _one_inside(word, rng.choice(_BIDI), rng)
    return "".join(char + "".join(rng.sample(_MARKS, rng.randint(1, 3))) for char in word)


def _full_width_or_stylised(text: str, rng: random.Random) -> str:
    style = _STYLES[rng.choice(sorted(_STYLES))]
    styled = lambda word, _: "".join(style(c) if c in string.ascii_letters else c for c in word)  # noqa: E731
    return _some_words(styled)(text, rng)


def _three_neutral_sentences(text: str, rng: random.Random) -> str:
    return "\n".join([text, *rng.sample(NEUTRAL, 3)])


NEUTRAL = (
    "The office is on the second floor, next to the post office.",
    "Our team meets every Monday morning to plan the week.",
    "The position is open because a colleague is retiring.",
    "Working hours are Monday to Friday from nine to five.",
    "Please bring a copy of your diploma to the interview.",
    "We have been in business since 1994 and employ forty people.",
)

ATTACKS: dict[str, Change] = {
    "zero_width": _some_words(_zero_width),
    "homoglyphs": _some_words(lambda word, rng: _swapped(word, _TWINS, rng)),
    "leet": _some_words(lambda word, rng: _swapped(word, _DIGITS, rng)),
    "dots_in_words": _some_words(lambda word, rng: _signed(word, _SIGNS, rng)),
    "spaced_letters": _some_words(lambda word, rng: " ".join(word)),
    "full_width_or_stylised": _full_width_or_stylised,
    "emoji_in_words": _some_words(lambda word, rng: _signed(word, _EMOJI, rng)),
    "bidi_and_combining": _some_words(_bidi_and_combining),
    "three_neutral_sentences": _three_neutral_sentences,
}
"""By name: what to do to the text of one ad."""

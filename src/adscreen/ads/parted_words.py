"""Disguises by gaps: signs, pictures and blanks between the letters of a word."""

from __future__ import annotations

import re
from itertools import accumulate, pairwise

from adscreen.ads.digits_for_letters import unleet
from adscreen.ads.known_words import (
    ENDINGS,
    LONGEST_SPELLED,
    LONGEST_WORD,
    is_hidden_word,
    is_lure,
    is_plain_word,
    reads_like_a_word,
    split_into_words,
)
from adscreen.ads.lookalikes import SINGLE, kind_of
from adscreen.ads.markup import Edit

MOST_PARTS = 8
SPELLED_OUT = 4
_ABBREVIATIONS = ("asap", "rsvp")
_ABBREVIATED = re.compile(r"[.\-/&' ]*")
_PUNCTUATION = ".,-_–—‐‑!"
_GENDERED = ("e", "s", "es", "x", "a", "as", "o", "os", "n")
_COMMON_SIGNS = ".,-_/+|–—‐‑!@$€£¥×÷"


def closed_up(text: str, separated: re.Pattern[str], separator: re.Pattern[str], *, bold: bool) -> list[Edit]:
    """Return the edits that take signs out from between the letters of a word.

    Parameters
    ----------
    text : str
    separated : re.Pattern
        Finds letters with signs between them.
    separator : re.Pattern
        Finds the signs within that.
    bold : bool
        The text is known to hide words, so that less is needed to believe it of another.
    """
    edits: list[Edit] = []
    for match in separated.finditer(text):
        if is_plain_word(match[0]):
            continue
        gaps = [(match.start() + gap.start(), match.start() + gap.end()) for gap in separator.finditer(match[0])]
        bounds = [match.start(), *(edge for gap in gaps for edge in gap), match.end()]
        parts = list(zip(bounds[::2], bounds[1::2], strict=True))
        first = 0
        while first < len(parts) - 1:
            last = first
            while (
                last + 1 < len(parts)
                and last - first < LONGEST_SPELLED
                and parts[last + 1][1] - parts[last + 1][0] == 1
            ):
                last += 1
            if parts[first][1] - parts[first][0] > 1 or last - first + 1 < SPELLED_OUT:
                last = _last_of_word(text, parts, first, bold)
                edits += [(*gap, "") for gap in gaps[first:last]]
            else:
                letters = "".join(text[a:b] for a, b in parts[first : last + 1])
                words = spelled_out(letters, "".join({text[a:b] for a, b in gaps[first:last]}), bold=bold)
                ends = set(accumulate(map(len, words)))
                edits += [(*gap, " " if i in ends else "") for i, gap in enumerate(gaps[first:last], 1) if words]
                framed = text[bounds[0] - 1 : bounds[0]] == "(" and text[bounds[-1] : bounds[-1] + 1] == ")"
                if words and framed and last - first + 1 == len(parts):  # letters in round brackets
                    edits = [(bounds[0] - 1, bounds[0], ""), *edits, (bounds[-1], bounds[-1] + 1, "")]
            first = last + 1
    return sorted(edits)


def _last_of_word(text: str, parts: list[tuple[int, int]], first: int, bold: bool) -> int:
    """Return the last part of the word that `first` begins, or `first` if it stands alone."""
    for last in range(min(len(parts) - 1, first + MOST_PARTS), first, -1):
        if parts[last][1] - parts[first][0] <= 2 * LONGEST_WORD and _is_parted(text, parts[first : last + 1], bold):
            return last
    return first


def spelled_out(letters: str, signs: str, *, bold: bool) -> list[str]:
    """Return the words that `letters`, which stand apart, spell: none if they are an abbreviation or a list.

    Parameters
    ----------
    letters, signs : str
        ``"Telegram"`` and ``"."``; ``"U.N.H.C.R."``, "B C D E" and "X X X X" are no words.
    bold : bool
        As in `closed_up`.
    """
    plain = unleet(letters, bold=bold) or letters
    folded = letters.casefold()
    if len(set(folded)) < 3 or letters.isdigit() or folded in _ABBREVIATIONS:
        return []
    if is_hidden_word(plain) and (is_lure(plain) or not letters.isupper() or len(letters) > 5 or "." not in signs):
        return [letters]
    words = split_into_words(plain, seam=0 if " " in signs else 2)
    if len(words) > 1 and max(map(len, words)) >= SPELLED_OUT:
        return words
    if list(folded) == sorted(set(folded)):
        return []
    if not letters.isascii() and all(kind_of(char) == SINGLE for char in letters):
        return [] if _ABBREVIATED.fullmatch(signs) or signs == "," else [letters]
    if not letters.isalpha():
        return []
    odd = not _ABBREVIATED.fullmatch(signs)
    if (odd and len(letters) > SPELLED_OUT) or (bold and not letters.isupper()):
        return [letters]
    if not reads_like_a_word(letters):
        return []
    usual = len(letters) >= (8 if letters.isupper() else 5)
    close = letters.islower() and "." not in signs and reads_like_a_word(letters, letters=4)
    return [letters] if usual or close else []


def _is_parted(text: str, parts: list[tuple[int, int]], bold: bool) -> bool:
    pieces = [text[a:b] for a, b in parts]
    joined = "".join(pieces)
    if not SPELLED_OUT <= len(joined) <= LONGEST_WORD or joined.isdigit():
        return False
    signs = "".join({text[a:b] for (_, a), (b, _) in pairwise(parts)})
    known = is_hidden_word(joined) or (not joined.isalpha() and unleet(joined, guess=False) is not None)
    if known and not bold and pieces[-1] in ENDINGS and is_hidden_word(joined[: -len(pieces[-1])]):
        return False  # "operations,s": an ending is soon found
    if not bold and signs in ".·-" and len(pieces[0]) > 2 and all(piece in _GENDERED for piece in pieces[1:]):
        return False  # "agent.e.s"
    starred = not any(char in _COMMON_SIGNS for char in signs)
    if not known:
        # The spelling alone must not join two words, nor what addresses and ordinary compounds are made of.
        believed = bold or not any(char in _PUNCTUATION for char in signs)
        if not believed or not joined[1:].islower() or not reads_like_a_word(joined, letters=3 if bold else 4):
            return False
    unknown = [piece for piece in pieces if not (is_plain_word(piece) or piece.isdigit())]
    hyphened = signs in ("-", "\u2010", "\u2011", "_")
    usual = len(pieces) == 2 and (hyphened or signs == ".")
    if usual:
        # So are prefixes, initials and degrees written: "co-worker", "e-mail", "B.Tech", "RR.HH."
        if len(pieces[0]) == 1 and (pieces[1][0].isupper() or (hyphened and not (bold and len(unknown) == 2))):
            return False
        if hyphened and ((len(pieces[1]) == 1 and not bold) or (pieces[1][0].isupper() and not pieces[0].isupper())):
            return False
        if joined.isupper() and max(map(len, pieces)) <= 3:
            return False
    if not known:
        return len(unknown) == len(pieces) or (bold and starred and len(unknown) > 0)
    if usual:
        # A dot or a line below between small letters is no blank forgotten, if half of it is no word.
        lower = signs in "._" and joined[1:].islower()
        return len(unknown) == 2 or ((bold or lower) and len(unknown) == 1) or (bold and min(map(len, pieces)) < 4)
    # Small pieces spell words by chance ("ca", "si", "no"), and no one parts two words by a star or a picture alone.
    pieced = len(pieces) > 2 and max(map(len, pieces)) <= 3 and not hyphened
    return len(unknown) > 0 or ((bold or len(joined) >= 6) and (pieced or starred))

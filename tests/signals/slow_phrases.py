"""Phrases found the long way: each variant on its own, slot by slot, without any table."""

from adscreen.signals.folded import Folded
from adscreen.signals.phrases import NUMBER, Literal, Variant

RING = 4
MAX_NUMBER = 4


def hits(variants: list[tuple[Variant, int]], folded: Folded) -> list[tuple[int, int, int]]:
    """Return owner, first and past token of each hit, as `PhraseFinder.find` does."""
    words = [word for word in folded.text.split(" ") if word not in ("", "\n")]
    places = {
        literal: _places(literal, words, folded) for variant, _ in variants for s in variant for literal in s.literals
    }
    found = set()
    for variant, owner in variants:
        found |= {(begin, end, owner) for begin, end in _chains(variant, places, folded)}
    return [(owner, begin, end) for begin, end, owner in sorted(found)]


def _places(literal: Literal, words: list[str], folded: Folded) -> list[tuple[int, int]]:
    sentences = folded.sentences.tolist()
    found = []
    numeric = [_is_number(word) for word in words]
    parts = literal.text.split(" ")
    for first in range(len(words)):
        if literal == NUMBER:
            if first and numeric[first - 1] and sentences[first - 1] == sentences[first]:
                continue
            for last in range(first + 1, min(first + MAX_NUMBER, len(words)) + 1):
                if not numeric[last - 1] or sentences[last - 1] != sentences[first]:
                    break
                found.append((first, last))
            continue
        last = first + len(parts)
        if last > len(words) or sentences[last - 1] != sentences[first]:
            continue
        *whole, end = parts
        here = words[first:last]
        if here[:-1] == whole and (here[-1].startswith(end) if literal.prefix else here[-1] == end):
            found.append((first, last))
    return found


def _is_number(word: str) -> bool:
    digits = sum("0" <= char <= "9" for char in word)
    return digits > 0 and "0" <= word[0] <= "9" and len(word) - digits <= 2


def _chains(variant: Variant, places: dict[Literal, list[tuple[int, int]]], folded: Folded) -> list[tuple[int, int]]:
    sentences = folded.sentences.tolist()
    reached: list[tuple[int, int, int]] = []  # where a chain began; where its last text began and ended
    for number, slot in enumerate(variant):
        filled = sorted({place for literal in slot.literals for place in places[literal]})
        if number == 0:
            reached = [(start, start, end) for start, end in filled]
            continue
        going_on = []
        for start, end in filled:
            known = [each for each in reached if each[1] < start or (each[1] == start and each[2] <= end)][-RING:]
            near = [
                begin
                for begin, _, stop in known
                if stop <= start and start - stop <= slot.gap and sentences[begin] == sentences[start]
            ]
            if near:
                going_on.append((max(near), start, end))
        reached = going_on
    return [(begin, end) for begin, _, end in reached]

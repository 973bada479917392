"""Phrases: a small notation that people who speak a language can write.

===================  ==========================================================================
``tourist visa``     these words in a row; case and accents of Latin letters do not matter
``visa*``            a word that starts so (endings, misspellings)
``(a|b c)``          one of these
``(a)?``             this or nothing
``..``               up to 4 words (12 letters of scripts without spaces) within the sentence
``#``                a number
===================  ==========================================================================

A phrase becomes one or more variants, each a chain of slots; a slot is a set of fixed texts of which one must stand
there. `adscreen.signals.phrase_finder` finds the chains.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from adscreen.signals.folded import fold_text

MAX_VARIANTS = 200
MIN_LETTERS = 3
"""Letters and digits that the fixed text of a phrase must have, so that no phrase matches everything."""
MIN_SINGLE_WORD = 5
"""Letters of a phrase that is one word of a script with spaces: shorter words mean something else somewhere."""
GAP_WORDS = 4
GAP_LETTERS = 12

_LEXEME = re.compile(r"\.\.+|[()|?*#]|[^()|?*#.]+|\.")


class PhraseError(ValueError):
    """The phrase does not follow the notation; the message says how to write it."""


class Literal(NamedTuple):
    """Fixed text: folded tokens with one blank between them; `prefix` if the last is the beginning of a word.

    The empty text stands for a number.
    """

    text: str
    prefix: bool = False


NUMBER = Literal("")


class Slot(NamedTuple):
    """One of `literals` must stand here, at most `gap` tokens after the slot before it."""

    literals: tuple[Literal, ...]
    gap: int


Variant = tuple[Slot, ...]


class _Gap(NamedTuple):
    """Where words may stand between."""


_Item = Literal | tuple[Literal, ...] | _Gap
_Sequence = tuple[_Item, ...]


def spell_out(phrase: str) -> list[Variant]:
    """Return the variants of `phrase`.

    Raises
    ------
    PhraseError
        If it does not follow the notation, has too little fixed text or more than `MAX_VARIANTS` variants.

    Examples
    --------
    >>> for slot in spell_out("(tourist|visit) visa .. agent*")[0]:
    ...     print(slot.gap, *(literal.text for literal in slot.literals), sep=", ")
    0, tourist, visit
    0, visa
    4, agent
    """
    # Ads are cleaned to NFKC before they are read: Thai "ำ" is two characters there.
    lexemes = _LEXEME.findall(unicodedata.normalize("NFKC", phrase))
    sequences, rest = _alternatives(lexemes, 0)
    if rest != len(lexemes):
        raise PhraseError("a ')' without its '('. Write (a|b) for a choice")
    variants = list(dict.fromkeys(_slots(sequence) for sequence in sequences))
    for variant in variants:
        _check(variant)
    return variants


def _alternatives(lexemes: list[str], i: int) -> tuple[list[_Sequence], int]:
    found: list[_Sequence] = []
    branches: list[_Sequence] = [()]
    while i < len(lexemes) and lexemes[i] != ")":
        lexeme = lexemes[i]
        i += 1
        if lexeme == "|":
            found += branches
            branches = [()]
            continue
        if lexeme == "(":
            inside, i = _alternatives(lexemes, i)
            if i == len(lexemes):
                raise PhraseError("a '(' without its ')'. Write (a|b) for a choice")
            i += 1
            more = _choice(inside)
            if i < len(lexemes) and lexemes[i] == "?":
                more = [(), *more]
                i += 1
        elif lexeme == "?":
            raise PhraseError("'?' stands after a bracket only: write (word)? for a word that may be missing")
        elif lexeme == "*":
            branches = [_with_prefix(branch) for branch in branches]
            continue
        elif lexeme == "#":
            more = [(NUMBER,)]
        elif lexeme.startswith(".."):
            more = [(_Gap(),)]
        else:
            more = [tuple(Literal(word) for word in fold_text(lexeme).text.split() if word)]
        branches = [branch + each for branch in branches for each in more]
        if len(branches) + len(found) > MAX_VARIANTS:
            raise PhraseError(f"more than {MAX_VARIANTS} variants. Write several phrases with fewer choices")
    return found + branches, i


def _with_prefix(branch: _Sequence) -> _Sequence:
    last = branch[-1] if branch else None
    if not isinstance(last, Literal) or last.prefix or not last.text:
        raise PhraseError("'*' stands right after the beginning of a word, as in visa*")
    return (*branch[:-1], last._replace(prefix=True))


def _choice(inside: list[_Sequence]) -> list[_Sequence]:
    """Return a bracket as one choice of fixed texts, and each alternative that is no fixed text on its own."""
    fixed: list[Literal] = []
    others: list[_Sequence] = []
    for sequence in inside:
        if not sequence:  # signs alone ("%") are no tokens: there is nothing to match
            continue
        literal = _as_literal(sequence)
        if literal is None:
            others.append(sequence)
        else:
            fixed.append(literal)
    return [(tuple(dict.fromkeys(fixed)),), *others] if fixed else others


def _as_literal(sequence: _Sequence) -> Literal | None:
    words: list[Literal] = []
    for item in sequence:
        if not isinstance(item, Literal) or not item.text or (words and words[-1].prefix):
            return None
        words.append(item)
    return Literal(" ".join(word.text for word in words), words[-1].prefix) if words else None


def _slots(sequence: _Sequence) -> Variant:
    """Return a sequence as slots: words in a row are one fixed text."""
    letters = any(len(word) == 1 and not word.isascii() for item in sequence for word in _words_of(item))
    width = GAP_LETTERS if letters else GAP_WORDS
    slots: list[Slot] = []
    open_run = False
    gap = 0
    for item in sequence:
        if isinstance(item, _Gap):
            gap = width if slots else 0
            open_run = False
        elif isinstance(item, Literal):
            if open_run and item.text:
                before = slots[-1]
                text = f"{before.literals[0].text} {item.text}"
                slots[-1] = before._replace(literals=(Literal(text, item.prefix),))
            else:
                slots.append(Slot((item,), gap))
            gap = 0
            open_run = bool(item.text) and not item.prefix
        else:
            slots.append(Slot(item, gap))
            gap = 0
            open_run = False
    return tuple(slots)


def _words_of(item: _Item) -> list[str]:
    if isinstance(item, _Gap):
        return []
    literals = (item,) if isinstance(item, Literal) else item
    return [word for literal in literals for word in literal.text.split(" ")]


def _check(variant: Variant) -> None:
    shortest = [min(slot.literals, key=lambda literal: len(literal.text)) for slot in variant]
    words = [word for literal in shortest for word in literal.text.split(" ") if word]
    # A syllable of Hangul is two or three letters.
    letters = sum(2 if "\uac00" <= char <= "\ud7a3" else 1 for word in words for char in word)
    spaced = all(len(word) > 1 or word.isascii() for word in words)
    if letters < (MIN_LETTERS if spaced else 2):
        raise PhraseError("it would match nearly everything. Add words, as in 'visit visa' for 'visa'")
    dense = all(char >= "\u0590" for word in words for char in word)  # abjads, abugidas and Hangul say more a letter
    if len(words) == 1 and len(variant) == 1 and spaced and letters < MIN_SINGLE_WORD and not dense:
        raise PhraseError(
            f"one word of {letters} letters would match in other languages too. "
            "Add a word, as in 'visit visa' for 'visa'"
        )

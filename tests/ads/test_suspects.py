"""One look at a text tells what searching it for each thing on its own does."""

import re
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adscreen.ads.characters import BLANKS, BREAKS, COMMON, INVISIBLE, REMOVED, compose
from adscreen.ads.cleaning import _SIGN_OF_CHANGE, _composed, clean_and_count, clean_with_offsets
from adscreen.ads.lookalikes import BREAK, DIGIT, FOREIGN, LATIN, NEWLINE, QUOTE, SEPARATOR, SINGLE, TABLE_SIZE, kinds
from adscreen.ads.search_kernels import pairs
from adscreen.ads.suspect_flags import SPACED, flags_of
from adscreen.ads.suspects import _table, look

BITS = [
    *"abWoе рТλ010 ..,-_*@$!'/(é招가",
    *"\u0301\u0336①🅰👍🇵\u200b\u00ad\ufe0f\xa0…，ªº\u3000\u2003\u1680\u2800\x85\u2028\t\n\r",
    "ooo", "aAa", "part-time", "v1sa", "F.r.e.e", "s a l a r y", "ВИЗА", "the", "work  ",
    "\u09c7\u09be", "\u1100\u1161",
    "\ud800", "\U000e0041", "\U0003ffff",
]  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(BITS), st.sampled_from(BITS), st.text(max_size=3)), max_size=40).map("".join)
SURE, IF_PARTED, IF_SPELLED = 1, 2, 3


def kind(char):
    return int(kinds()[ord(char)]) if ord(char) < TABLE_SIZE else SINGLE if ord(char) < 0x40000 else BREAK


def is_suspect(word):
    """Whether the pairs of a stretch without blanks call for a closer look, or a letter in it stands three times."""
    its_kinds = [kind(char) for char in word]
    for i, its_kind in enumerate(its_kinds):
        pair = int(pairs()[32 * (its_kinds[i - 1] if i else 0) + its_kind])
        first = i - 1
        while first >= 0 and i - first <= 3 and SEPARATOR <= its_kinds[first] <= QUOTE:
            first -= 1
        parts = first >= 0 and LATIN <= its_kinds[first] <= DIGIT
        spells = parts and (first == 0 or its_kinds[first - 1] > DIGIT)
        if pair == SURE or (pair == IF_PARTED and parts) or (pair == IF_SPELLED and spells):
            return True
        thrice = i > 1 and word[i] == word[i - 1] and ord(word[i]) | 32 == ord(word[i - 2]) | 32
        if thrice and LATIN <= its_kind <= FOREIGN:
            return True
    return False


@given(texts)
def test_suspects_are_those_of_each_stretch_between_blanks(text):
    seen = look(text)
    ends = [i for i, char in enumerate(text) if kind(char) <= NEWLINE] + [len(text)]
    expected = []
    for start, end in zip([0, *(i + 1 for i in ends)], ends, strict=False):
        if is_suspect(text[start:end]):
            flags = int(flags_of.py_func(seen.codes, start, end, _table().of.astype(np.int64)))
            expected += [(start, end, flags)] if flags else []

    found = [(start, end, flags & 0x3F8 | flags & 1) for start, end, flags in seen.suspects]  # without those of context
    assert [each for each in found if each[2] and not each[2] & SPACED] == expected


@given(texts)
def test_one_look_tells_what_cleaning_has_to_change(text):
    seen = look(text)

    assert seen.has_removed == (REMOVED.search(text) is not None)
    assert seen.has_invisible == (re.search(f"[{INVISIBLE}]", text) is not None)
    assert seen.has_wide_blanks == ("  " in text or _SIGN_OF_CHANGE.search(text) is not None)
    assert not seen.is_composed or unicodedata.is_normalized("NFKC", text)


@given(texts)
def test_characters_are_removed_and_blanks_squeezed_as_by_expressions(text):
    seen = look(text)

    assert seen.without_removed() == REMOVED.sub("", text)
    assert seen.squeezed() == re.sub(f"[{BLANKS}]+", lambda run: "\n" if set(run[0]) & set(BREAKS) else " ", text)


@given(texts)
def test_a_text_is_composed_as_by_nfkc(text):
    text = REMOVED.sub("", text)

    assert _composed(text, look(text)) == compose(text) == unicodedata.normalize("NFKC", text)


def test_common_characters_stand_for_others_that_join_nothing():
    for char, plain in COMMON:
        assert unicodedata.normalize("NFKC", f"e{char}e") == f"e{plain}e"


@given(texts)
def test_both_ways_of_cleaning_agree_on_the_text_and_its_disguises(text):
    cleaned = clean_with_offsets(text)

    assert clean_and_count(text) == (cleaned.text, len(cleaned.disguised))


@pytest.mark.parametrize("codes", [range(0x20000), range(0xE0000 - 2, 0xE1002), [0x10FFFF]])
def test_each_character_is_removed_or_not_as_the_expression_says(codes):
    wrong = [code for code in codes if look(chr(code)).has_removed != (REMOVED.match(chr(code)) is not None)]

    assert wrong == []

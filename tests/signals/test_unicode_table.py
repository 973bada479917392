"""The frozen table of what each code point means."""

import unicodedata

import numpy as np
import pytest

from adscreen.signals.unicode_table import (
    BOUNDARY,
    CLOSER_LOOK,
    FIELD_BOUNDARY,
    JOINS,
    MARK,
    N_CODE_POINTS,
    ORDER_SHIFT,
    SEPARATOR,
    SINGLE,
    WORD,
    build_pairs,
    build_table,
    classify,
    fold,
    fold_of,
    kind_of,
    load_pairs,
    load_table,
)

BUILT_WITH = "14.0.0"


def test_the_shipped_table_is_the_one_the_code_builds():
    if unicodedata.unidata_version != BUILT_WITH:
        pytest.skip(f"the table was built with Unicode {BUILT_WITH}; this Python has {unicodedata.unidata_version}")
    built = build_table()
    assert load_table().dtype == built.dtype
    np.testing.assert_array_equal(load_table(), built)
    np.testing.assert_array_equal(load_pairs(), build_pairs())


def test_every_code_point_has_a_place():
    table = load_table()
    assert table.shape == (N_CODE_POINTS,)
    assert set(np.unique(kind_of(table))) == {SEPARATOR, WORD, SINGLE, MARK, BOUNDARY}


def test_only_the_field_boundary_parts_fields():
    assert np.flatnonzero(kind_of(load_table()) == BOUNDARY).tolist() == [ord(FIELD_BOUNDARY)]


def test_folding_twice_changes_nothing():
    table = load_table()
    folds = np.unique(fold_of(table))
    again = fold_of(table[folds])
    unstable = [chr(code) for code, then in zip(folds.tolist(), again.tolist(), strict=True) if code and code != then]
    assert unstable == []


@pytest.mark.parametrize(
    ("char", "order"),
    [
        ("a", 0),
        ("ế", 0),
        ("й", 0),
        ("한", 0),
        ("म", 0),
        ("्", 9),
        ("\u0e48", 107),
        ("\u064e", 30),
        ("\u0301", 230),
        ("\u1161", CLOSER_LOOK),
        ("\u09be", JOINS),  # no combining mark, and yet it joins
        ("\u212b", CLOSER_LOOK),  # never in NFC
        ("\u0378", CLOSER_LOOK),  # not assigned
    ],
)
def test_a_character_that_may_break_the_normal_form_is_known(char, order):
    assert load_table()[ord(char)] >> ORDER_SHIFT == order


@pytest.mark.parametrize(
    ("char", "kind"),
    [
        ("a", WORD),
        ("9", WORD),
        ("๙", WORD),
        ("½", WORD),
        ("Ж", WORD),
        ("한", WORD),
        ("ก", SINGLE),
        ("漢", SINGLE),
        ("〇", SINGLE),
        ("𠀀", SINGLE),
        ("\u0301", MARK),
        ("\u0e31", MARK),
        ("ि", MARK),
        ("_", SEPARATOR),
        ("🔥", SEPARATOR),
        ("\u200b", SEPARATOR),
        ("\ud800", SEPARATOR),
        ("\x1f", BOUNDARY),
    ],
)
def test_a_character_has_its_class(char, kind):
    assert classify(char) == kind


@pytest.mark.parametrize(
    ("char", "plain"),
    [("Ơ", "o"), ("ế", "e"), ("Đ", "d"), ("ß", "ß"), ("İ", "i"), ("й", "и"), ("آ", "ا"), ("٣", "0"), ("漢", "漢")],
)
def test_a_letter_folds_to_its_plain_form(char, plain):
    assert chr(fold(char)) == plain


@pytest.mark.parametrize("mark", ["\u0301", "\u0323", "\u064e", "\u0670", "\u0640"])
def test_a_mark_that_people_leave_out_does_not_count(mark):
    assert fold(mark) == 0

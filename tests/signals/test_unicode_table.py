"""The frozen table of what each code point means."""

import unicodedata

import numpy as np
import pytest

from adscreen.signals.unicode_table import (
    BOUNDARY,
    FIELD_BOUNDARY,
    MARK,
    N_CODE_POINTS,
    PAGE,
    SEPARATOR,
    SINGLE,
    WORD,
    build_table,
    classify,
    fold,
    load_table,
)

BUILT_WITH = "14.0.0"


def test_the_shipped_table_is_the_one_the_code_builds():
    if unicodedata.unidata_version != BUILT_WITH:
        pytest.skip(f"the table was built with Unicode {BUILT_WITH}; this Python has {unicodedata.unidata_version}")
    for shipped, built in zip(load_table(), build_table(), strict=True):
        assert shipped.dtype == built.dtype
        np.testing.assert_array_equal(shipped, built)


def test_every_code_point_has_a_place():
    table = load_table()
    assert table.page.shape == (N_CODE_POINTS // PAGE,)
    assert len(table.kind) == len(table.fold) == (int(table.page.max()) + 1) * PAGE
    assert set(np.unique(table.kind)) == {SEPARATOR, WORD, SINGLE, MARK, BOUNDARY}


def test_only_the_field_boundary_parts_fields():
    table = load_table()
    codes = np.arange(N_CODE_POINTS)
    kinds = table.kind[table.page[codes // PAGE].astype(np.int64) * PAGE + codes % PAGE]
    assert np.flatnonzero(kinds == BOUNDARY).tolist() == [ord(FIELD_BOUNDARY)]


def test_folding_twice_changes_nothing():
    table = load_table()
    folds = np.unique(table.fold)
    again = table.fold[table.page[folds // PAGE].astype(np.int64) * PAGE + folds % PAGE]
    unstable = [chr(code) for code, then in zip(folds.tolist(), again.tolist(), strict=True) if code and code != then]
    assert unstable == []


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

"""One tokeniser for every language."""

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slow_reference import folded, slow_tokens, texts

from adscreen.signals.tokens import Token, _starts_afresh, code_points, composed_with_offsets, tokenize


def shown(text):
    return [token.text for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Earn $3,000 a month!", ["earn", "0", "000", "a", "month"]),
        ("Tuyển gấp: lương 25tr", ["tuyen", "gap", "luong", "00tr"]),
        ("Требуются РАБОТНИКИ на склад", ["требуются", "работники", "на", "склад"]),
        ("مطلوب عُمّال للعمل", ["مطلوب", "عمال", "للعمل"]),
        ("नौकरी दुबई में", ["नौकरी", "दुबई", "में"]),
        ("고객 상담원 모집", ["고객", "상담원", "모집"]),
        ("ስራ ፈላጊ", ["ስራ", "ፈላጊ"]),
    ],
)
def test_a_script_with_spaces_is_split_at_its_spaces(text, tokens):
    assert shown(text) == tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("诚聘客服", ["诚", "聘", "客", "服"]),
        ("時給アップ", ["時", "給", "ア", "ッ", "プ"]),
        ("งานดี", ["ง", "า", "น", "ดี"]),
        ("ភាសា", ["ភា", "សា"]),
        ("မြန်", ["မြ", "န်"]),
        ("ວຽກ", ["ວ", "ຽ", "ກ"]),
    ],
)
def test_a_letter_of_a_script_without_spaces_is_a_token_with_its_marks(text, tokens):
    assert shown(text) == tokens


def test_scripts_that_meet_without_a_space_are_two_tokens():
    assert tokenize("微信abc月薪8k") == [
        Token("微", 0, 1),
        Token("信", 1, 2),
        Token("abc", 2, 5),
        Token("月", 5, 6),
        Token("薪", 6, 7),
        Token("0k", 7, 9),
    ]


@pytest.mark.parametrize("digits", ["12345", "١٢٣٤٥", "۱۲۳۴۵", "१२३४५", "๑๒๓๔๕", "១២៣៤៥", "၁၂၃၄၅", "１２３４５"])
def test_a_digit_of_any_script_folds_to_zero(digits):
    assert shown(digits) == ["00000"]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("lương tháng đầu", "luong thang dau"),
        ("Łódź", "lodz"),
        ("çalışanlar", "calisanlar"),
        ("salário até", "salario ate"),
        ("работёнка", "работенка"),
        ("مُوَظَّف", "موظف"),
        ("عمـــل", "عمل"),
        ("أحمد إلى", "احمد الي"),
        ("خدمة", "خدمه"),
        ("کام", "كام"),
    ],
)
def test_a_dropped_diacritic_changes_no_token(written, typed):
    assert shown(written) == shown(typed)


def test_a_vowel_sign_of_an_indic_script_is_not_dropped():
    assert shown("काम") != shown("कम")
    assert shown("ที่") != shown("ท")


def test_capitals_are_lower_case_in_every_script():
    assert shown("URGENT СРОЧНО ΕΠΕΙΓΟΝ İŞ") == ["urgent", "срочно", "επειγον", "is"]


@pytest.mark.parametrize("text", ["", " \n\t", "…!?—", "🔥🔥", "\ud83d", "\x1f"])
def test_text_without_letters_or_digits_has_no_tokens(text):
    assert tokenize(text) == []


def test_a_lone_surrogate_parts_two_words():
    assert shown("free\ud83dvisa") == ["free", "visa"]


def test_code_points_beyond_the_basic_plane_are_one_each():
    assert code_points("a𠀀🔥").tolist() == [0x61, 0x20000, 0x1F525]


@given(texts)
def test_the_tokens_are_those_of_the_slow_tokeniser(text):
    text = unicodedata.normalize("NFC", text)
    assert tokenize(text) == [Token(folded(token), start, end) for token, start, end in slow_tokens(text)]


@given(texts)
def test_offsets_are_in_order_and_inside_the_text(text):
    tokens = tokenize(text)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert all(before.end <= after.start for before, after in itertools.pairwise(tokens))


@given(texts)
def test_composed_and_decomposed_text_has_the_same_tokens(text):
    assert shown(text) == shown(unicodedata.normalize("NFC", text)) == shown(unicodedata.normalize("NFD", text))


@given(texts)
def test_composing_piece_by_piece_is_composing(text):
    composed, origin = composed_with_offsets(text)
    assert composed == unicodedata.normalize("NFC", text)
    if composed == text:
        assert origin is None
    else:
        assert origin.tolist() == sorted(origin)
        assert (origin[0], origin[-1]) == (0, len(text))


@pytest.mark.parametrize(
    "text",
    ["Tuyển nhân viên lương cao", "café à Zürich, señor", "고객 상담원 모집", "ёлка и йод", "ガ ギ アップ", "ब़ क़लम"],
)
def test_a_token_of_decomposed_text_is_quoted_whole(text):
    decomposed = unicodedata.normalize("NFD", text)
    assert decomposed != text or "ब़" in text
    quotes = [unicodedata.normalize("NFC", decomposed[start:end]) for _, start, end in tokenize(decomposed)]
    composed = unicodedata.normalize("NFC", text)
    assert quotes == [composed[start:end] for _, start, end in tokenize(composed)]


def test_a_character_that_composing_takes_apart_still_has_a_place():
    changed = [char for char in map(chr, range(0x110000)) if unicodedata.normalize("NFC", char) != char]
    assert len(changed) > 1000
    for char in changed:
        text = f"a{char}b月"
        tokens = tokenize(text)
        assert all(0 <= token.start < token.end <= len(text) for token in tokens), ascii(char)


@given(st.text("ab .e\u0301\u0323\u0338=<한\u1100\u1161\u0e33\u212b", max_size=30))
def test_offsets_of_a_composed_text_are_those_of_composing_it_piece_by_piece(text):
    pieces, origin = [], []
    starts = [i for i, char in enumerate(text) if i == 0 or _starts_afresh(char)]
    for start, end in itertools.pairwise([*starts, len(text)]):
        pieces.append(unicodedata.normalize("NFC", text[start:end]))
        width, size = end - start, max(len(pieces[-1]), 1)
        origin += [start + min(i * width // size, width - 1) for i in range(len(pieces[-1]))]

    composed, offsets = composed_with_offsets(text)

    assert composed == "".join(pieces)
    if offsets is not None:
        assert offsets.tolist() == [*origin, len(text)]

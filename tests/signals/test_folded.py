"""Folded text: what phrases are looked up in, and the way back to the text given."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adscreen.signals.folded import fold_text, fold_texts, with_zeros
from adscreen.signals.tokens import tokenize
from adscreen.signals.unicode_table import FIELD_BOUNDARY


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Free VISA", " free visa "),
        ("Lương 3.000đ", " luong 3 000d "),
        ("১৮ বছর, ٢٠ سنة, ２４/7", " 18 বছর 20 سنه 24 7 "),
        ("护照由公司保管", " 护 照 由 公 司 保 管 "),
        ("Паспорт у шефа", " паспорт у шефа "),
        ("", ""),
        ("!!! ...", ""),
    ],
)
def test_tokens_are_folded_with_one_blank_between_them(text, folded):
    assert fold_text(text).text == folded


@pytest.mark.parametrize("end", [". ", "! ", "? ", "\n", "。", "؟ ", "। ", "。\n", FIELD_BOUNDARY, ".\n"])
def test_a_sentence_a_line_and_a_field_end_with_a_line_feed(end):
    assert fold_text(f"No visa{end}Needed").text == " no visa \n needed "


@pytest.mark.parametrize("text", ["T.e.l.e", "3.000", "a, b", "a - b", "a / b", "a 🔥 b", "a: b"])
def test_what_does_not_end_a_sentence_gives_no_line_feed(text):
    assert "\n" not in fold_text(text).text


@given(st.text(max_size=80))
def test_the_tokens_are_those_of_the_tokeniser(text):
    folded = fold_text(text)
    shown = [re.sub("[0-9]", "0", part) for part in folded.text.split(" ") if part not in ("", "\n")]
    assert shown == [token.text for token in tokenize(text) if token.text]


@given(st.text(max_size=80))
def test_the_span_of_each_token_is_the_token_in_the_text_given(text):
    folded = fold_text(text)
    tokens = tokenize(text)
    assert len(folded.places) == len(tokens)
    for i, token in enumerate(tokens):
        assert folded.span(i, i + 1) == (token.start, token.end)
        assert re.sub("[0-9]", "0", folded.text[folded.places[i] :]).startswith(token.text)


def test_a_span_of_several_tokens_reaches_from_the_first_to_the_last():
    text = "Wir zahlen: Visum,  Flug & Zimmer!"
    folded = fold_text(text)
    assert text[slice(*folded.span(2, 5))] == "Visum,  Flug & Zimmer"
    assert folded.sentences.tolist() == [0, 0, 0, 0, 0]


@given(st.lists(st.one_of(st.text(max_size=40), st.text("e\u0301\u0323 .\n한ก\u0e33", max_size=12)), max_size=6))
def test_texts_folded_together_are_each_as_folded_on_its_own(texts):
    together = fold_texts(texts)

    for i, text in enumerate(texts):
        for own, shared in zip(fold_text(text), together.text(i), strict=True):
            assert own.dtype == shared.dtype
            assert own.tolist() == shared.tolist()


def test_a_text_that_composing_changes_is_quoted_as_given_among_others():
    texts = ["Cafe\u0301 job", "plain", "tra\u0309 lương"]
    together = fold_texts(texts)

    shown = [
        [text[slice(*together.text(i).span(j, j + 1))] for j in range(len(together.text(i).places))]
        for i, text in enumerate(texts)
    ]
    assert shown == [["Cafe\u0301", "job"], ["plain"], ["tra\u0309", "lương"]]


@given(st.text())
def test_the_shape_of_a_folded_text_has_zeros_for_digits(text):
    folded = fold_text(text)

    assert folded._replace(codes=with_zeros(folded.codes)).text == re.sub("[0-9]", "0", folded.text)

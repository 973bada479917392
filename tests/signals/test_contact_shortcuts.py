"""The shortcuts on the way to contacts give what the long way gives."""

import pytest
import slow_signs
from hypothesis import example, given
from hypothesis import strategies as st
from slow_signs import MIN_DIGITS, RUN

from adscreen.signals.contacts.channels import channel_names, find_channels
from adscreen.signals.contacts.mails import _SPOKEN, _spoken_matches
from adscreen.signals.contacts.phones import _digits, _runs, _split
from adscreen.signals.contacts.sign_kernel import AT, CHINESE, DIALS, NAMED, SCHEME, UNDERSCORE, WWW
from adscreen.signals.contacts.signs import MAX_CHARS, Signs, signs_of
from adscreen.signals.contacts.skeleton import skeleton
from adscreen.signals.contacts.types import lower_same_length
from adscreen.signals.routes import _dialled
from adscreen.signals.tokens import lay_out

SPOKEN = [
    "bob",
    "x" * 40,
    "@",
    " ",
    " at ",
    "(at)",
    "[ arroba ]",
    " dot ",
    "(dot)",
    ".",
    "com",
    "gmail",
    "a t",
    "\u017f",
]
PIECES = [
    "www.", "Www.", "://", "@", "_", ".", ".co", ".Net", ".ORG", "a", "Z", "-", "b" * 24, "whatsapp", "Telegram", "тг",
    "微信", "賴", " dot ", "EMAIL", "url", "line id", "İ", "é", "2024-11-30", "30.11.2024", "+", "(", "１", "零一二三",
]  # fmt: skip
NUMBERS = ["0", "917", "0000", "12", "X", "xx", "*", "٣", " ", "-", ".", " - ", "/", "(", ") ", "+", "a", "\u00a0"]

texts = st.lists(st.sampled_from(PIECES + NUMBERS) | st.characters(), max_size=20).map("".join)


def signs(text: str) -> Signs:
    return signs_of(lay_out([text]))[0]


@given(st.lists(st.sampled_from(SPOKEN), max_size=14).map("".join))
def test_spoken_addresses_are_those_that_a_search_through_the_whole_text_finds(text):
    assert [each.span() for each in _spoken_matches(text)] == [each.span() for each in _SPOKEN.finditer(text)]


@given(st.lists(st.sampled_from(NUMBERS), max_size=14).map("".join))
def test_runs_of_digits_that_are_passed_over_hold_no_number(text):
    classes = skeleton(text)
    parts = [part for match in RUN.finditer(classes) for part in _split(text, classes, *match.span())]
    kept = _runs(text, classes, signs(text))

    assert all("x" not in part.digits and len(part.digits) < MIN_DIGITS for part in parts if part not in kept)


@given(st.lists(st.sampled_from(NUMBERS), max_size=14).map("".join))
def test_parting_a_run_into_numbers_loses_no_digit(text):
    classes = skeleton(text)
    for match in RUN.finditer(classes):
        parts = _split(text, classes, *match.span())
        digits = "".join(_digits(text[i]) for i in range(*match.span()) if classes[i] in b"0x")

        assert "".join(part.digits for part in parts) == digits


@given(texts)
def test_signs_of_a_text_are_those_that_searches_through_the_whole_text_find(text):
    found = signs(text)

    assert found.has & AT == AT * ("@" in text)
    assert found.has & UNDERSCORE == UNDERSCORE * ("_" in text)
    assert found.has & SCHEME == SCHEME * ("://" in text)
    assert found.has & WWW == WWW * ("www." in text or "Www." in text)
    assert found.has & CHINESE == CHINESE * (b"ccccccc" in skeleton(text))
    assert list(found.dots) == slow_signs.dots(text, slow_signs.DOT)
    assert list(found.plain_dots) == slow_signs.dots(text, slow_signs.PLAIN_DOT)
    assert list(found.hidden_runs) == slow_signs.hidden_runs(text)


@example("url2024-11-30")  # no URL that stands for a link
@given(texts)
def test_no_run_of_digits_is_left_out_but_dates_beside_no_messenger(text):
    found = signs(text).runs
    all_runs = slow_signs.runs(text)

    assert [each for each in all_runs if each in found or not slow_signs.is_lone_date(text, each)] == list(found)


@given(texts, st.booleans())
def test_a_text_without_the_sign_of_a_name_names_no_messenger(text, capitals):
    text = text.upper() if capitals else text

    assert signs(text).has & NAMED or not slow_signs.named(text)


@pytest.mark.parametrize("name", sorted(channel_names()))
def test_each_name_of_a_messenger_is_a_sign(name):
    for text in (name, f"a {name} b", f"({name.upper()})", f"1{name}1"):
        kinds = {each.kind for each in find_channels(text)} - {"token"}
        assert signs(text).has & NAMED or not kinds


def test_hostile_runs_end_where_a_search_through_the_whole_text_ends_them():
    for text in (
        "0" * 3000 + " 1",
        "1 " * 3000,
        "x" * 3000,
        "0x" * 3000 + "0",
        "12345678 " * 3000,
        "0917 000 1234xx " * 900,
    ):
        assert list(signs(text).runs) == slow_signs.runs(text)


DIALLED = ["00", "+", "971", "84 ", "0", "12", " ", "-", "5000000", "٣", "๕", "x", ".", "2001", "𞥐"]


@given(st.lists(st.sampled_from(DIALLED), max_size=14).map("".join))
def test_a_text_without_the_sign_of_a_dialling_code_has_none(text):
    assert signs(text).has & DIALS or not _dialled(text)


def test_an_end_that_is_not_read_may_hold_a_dialling_code():
    text = "a" * MAX_CHARS + " +971 50 000 1234"

    assert signs(text).has & DIALS
    assert not signs("a" * MAX_CHARS).has & DIALS


@given(st.lists(texts, max_size=6))
def test_signs_of_many_texts_are_those_of_each(many):
    assert signs_of(lay_out(many)) == [signs(text) for text in many]


CASED = st.sampled_from(["İ", "I", "Σ", "A", "ß", "ΑΣ", " ", "ı", "Ǆ"]) | st.characters()


@given(st.lists(CASED, max_size=12).map("".join))
def test_text_in_lower_case_has_each_character_in_its_place(text):
    lowered = lower_same_length(text)

    plain = text.lower()
    each = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    assert lowered == (plain if len(plain) == len(text) else each)

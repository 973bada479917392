"""The shortcuts on the way to contacts give what the long way gives."""

from hypothesis import given
from hypothesis import strategies as st

from adscreen.signals.contacts.mails import _SPOKEN, _spoken_matches
from adscreen.signals.contacts.phones import _RUN, MIN_DIGITS, _digits, _runs, _split
from adscreen.signals.contacts.skeleton import skeleton
from adscreen.signals.contacts.types import lower_same_length

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
NUMBERS = ["0", "917", "0000", "12", "X", "xx", "*", "٣", " ", "-", ".", " - ", "/", "(", ") ", "+", "a", "\u00a0"]


@given(st.lists(st.sampled_from(SPOKEN), max_size=14).map("".join))
def test_spoken_addresses_are_those_that_a_search_through_the_whole_text_finds(text):
    assert [each.span() for each in _spoken_matches(text)] == [each.span() for each in _SPOKEN.finditer(text)]


@given(st.lists(st.sampled_from(NUMBERS), max_size=14).map("".join))
def test_runs_of_digits_that_are_passed_over_hold_no_number(text):
    classes = skeleton(text)
    parts = [part for match in _RUN.finditer(classes) for part in _split(text, classes, *match.span())]
    kept = _runs(text, classes)

    assert all("x" not in part.digits and len(part.digits) < MIN_DIGITS for part in parts if part not in kept)


@given(st.lists(st.sampled_from(NUMBERS), max_size=14).map("".join))
def test_parting_a_run_into_numbers_loses_no_digit(text):
    classes = skeleton(text)
    for match in _RUN.finditer(classes):
        parts = _split(text, classes, *match.span())
        digits = "".join(_digits(text[i]) for i in range(*match.span()) if classes[i] in b"0x")

        assert "".join(part.digits for part in parts) == digits


CASED = st.sampled_from(["İ", "I", "Σ", "A", "ß", "ΑΣ", " ", "ı", "Ǆ"]) | st.characters()


@given(st.lists(CASED, max_size=12).map("".join))
def test_text_in_lower_case_has_each_character_in_its_place(text):
    lowered = lower_same_length(text)

    plain = text.lower()
    each = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    assert lowered == (plain if len(plain) == len(text) else each)

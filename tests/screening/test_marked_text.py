"""Marking, masking and folding keep the words of the ad, whatever it holds."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from adscreen.screening.marked_text import MAX_OPEN, MAX_SHOWN, AdText, Contact, Sign
from adscreen.screening.visible_text import Part, one_line, plain, visible_parts

HOSTILE_PIECES = [
    "<b>",
    "</p>",
    "<script>",
    "&amp;",
    "&#8238;",
    "\u202e",
    "\x00",
    "\ud83d",
    "\u200b",
    "بدون",
    "工作",
    "\n",
    " ",
]
TEXTS = st.lists(st.sampled_from(HOSTILE_PIECES) | st.text(max_size=20), max_size=30).map("".join)
SPANS = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 60)), max_size=8)


def shown(passages):
    return [part for passage in passages for stretch in passage.stretches for part in stretch.parts]


@given(TEXTS, SPANS, SPANS)
@example("", [], [])
@example("x", [(0, 0)], [(0, 0)])
def test_any_signs_and_contacts_in_any_text_can_be_shown(text, signs, contacts):
    ad = AdText({"description": text}, [("description", Contact(s, s + n, "***")) for s, n in contacts])
    marked = [Sign(i, s, min(s + n, len(text)), i % 2 == 0) for i, (s, n) in enumerate(signs, 1)]
    for part in shown(ad.passages("description", marked)):
        assert not re.search("[\x00-\x08\u202a-\u202e\ud800-\udfff]", part.text)
    ad.heading()
    for sign in marked:
        ad.quote("description", sign.start, sign.end)


@given(st.text(st.sampled_from("ab \nنوкр工"), max_size=3 * MAX_OPEN), SPANS)
def test_marking_and_folding_lose_no_letter(text, signs):
    marked = [Sign(1, s, min(s + n, len(text)), False) for s, n in signs]
    parts = shown(AdText({"description": text}, []).passages("description", marked))
    assert "".join("".join(part.text for part in parts).split()) == "".join(text.split())


@given(st.integers(0, MAX_SHOWN), st.integers(1, 400))
def test_a_sign_is_never_within_a_folded_passage(start, length):
    text = "abcd efgh " * (MAX_SHOWN // 10)
    sign = Sign(1, start, min(start + length, len(text)), False)
    for passage in AdText({"description": text}, []).passages("description", [sign]):
        assert not (passage.folded and any(stretch.numbers for stretch in passage.stretches))


@example("0\u202e\u200b0")
@given(TEXTS)
def test_what_is_plain_once_stays_as_it_is(text):
    assert plain(plain(text)) == plain(text)


def test_a_contact_is_masked_in_one_piece_also_where_a_sign_ends_in_it():
    ad = AdText({"description": "Call +855 12 000 123 now"}, [("description", Contact(5, 20, "+855 ***"))])
    (passage,) = ad.passages("description", [Sign(1, 0, 9, False)])
    assert [(stretch.parts, stretch.numbers) for stretch in passage.stretches] == [
        ([Part("text", "Call "), Part("mask", "+855 ***")], (1,)),
        ([Part("text", " now")], ()),
    ]


def test_a_contact_that_reading_did_not_see_is_masked_too():
    ad = AdText({"description": "<a href='https://t.me/hr_demo_kh'>Apply</a>"}, [])
    assert "hr_demo_kh" not in "".join(part.text for part in shown(ad.passages("description", [])))


def test_a_contact_cut_off_in_a_sentence_is_masked():
    ad = AdText({"description": "mail jobs.demo@gmail.com"}, [("description", Contact(5, 24, "j***@gmail.com"))])
    assert ad.hide("why (“mail jobs.demo@gm…”)") == "why (“mail j***@gmail.com”)"


def test_ordinary_words_are_not_taken_for_copies_of_a_contact():
    ad = AdText({"description": "WeChat: salary. The salary is good."}, [("description", Contact(8, 14, "sa***"))])
    assert "The salary is good." in "".join(part.text for part in shown(ad.passages("description", [])))


def test_the_heading_is_the_first_line_where_there_is_no_title():
    assert AdText({"title": " ", "description": "<p>\nWork <b>now</b>\nmore"}, []).heading() == "Work now"
    assert AdText({}, []).heading() == "(no title)"


def test_list_items_end_one_line_each():
    assert visible_parts("<ul><li>one</li><li>two</li></ul>") == [Part("text", "\none\ntwo\n")]


def test_long_runs_of_hidden_characters_are_counted():
    assert visible_parts("\x07" * 30_000) == [Part("hidden", "␇ ␇ ␇ ␇ ␇ and 29,995 more")]


def test_a_quote_is_cut_at_its_limit():
    assert one_line("a b\nc  d", 20) == "a b c d"
    assert one_line("word " * 100, 12) == "word word w…"

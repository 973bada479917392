"""What stays and what varies among the texts of a campaign."""

from hypothesis import given, settings
from hypothesis import strategies as st

from adscreen.campaigns.masked_text import masked_text
from adscreen.campaigns.pieces import MAX_PIECES, read_pieces
from adscreen.campaigns.template import MAX_TEMPLATE_CHARS, template_of

from .conftest import KEY, LURES


def template(texts, ads=None):
    return template_of([read_pieces(masked_text(text, KEY)) for text in texts], ads or [1] * len(texts))


def slots(found):
    return [(slot.kind, dict(slot.values), slot.missing) for slot in found.slots]


def test_pay_place_and_contact_are_slots_with_counts():
    text = LURES["en"][0]
    texts = [
        text.format(place="Bavet", pay="2,000", handle="@one_demo_ex"),
        text.format(place="Poipet", pay="1,500", handle="@two_demo_ex"),
        text.format(place="Bavet", pay="1,500", handle="@two_demo_ex"),
    ]
    found = template(texts, [5, 1, 1])
    assert found.as_text() == (
        "Hiring customer service staff in {1: place}! Salary {2: pay} per month, free flight and visa, no experience "
        "needed, the company keeps your passport safe. Contact Telegram {3: telegram} today"
    )
    assert slots(found) == [
        ("place", {"Bavet": 6, "Poipet": 1}, 0),
        ("pay", {"2,000 USD": 5, "1,500 USD": 2}, 0),
        ("telegram", {"@on***": 5, "@tw***": 2}, 0),
    ]


def test_scripts_without_spaces_are_aligned_by_character():
    found = template(["诚聘柬埔寨客服,打字就行,包机票包食宿,月薪两万", "诚聘缅甸客服,打字就行,包机票包食宿,月薪两万"])
    assert found.as_text() == "诚聘{1: place}客服,打字就行,包机票包食宿,月薪两万"
    assert slots(found) == [("place", {"柬埔寨": 1, "缅甸": 1}, 0)]


def test_a_sentence_that_some_ads_add_is_a_slot_that_others_miss():
    text = "Waiters wanted for a new restaurant by the sea. {}Apply before Friday with two references."
    found = template([text.format(""), text.format("Urgent start on Monday. ")])
    assert slots(found) == [("text", {"Urgent start on Monday": 1}, 1)]


def test_a_typo_in_one_of_many_ads_is_no_slot():
    texts = ["We need ten drivers for the night shift in the harbour"] * 1 + ["We ned ten drivers for the night shift"]
    assert template(texts, [50, 1]).slots == []


def test_one_text_is_its_own_template():
    found = template(["Cook in Doha, call +974 3312 3456"])
    assert found.as_text() == "Cook in Doha, call +974 ** *** *56"
    assert (found.slots, found.ads, found.texts) == ([], 1, 1)


def test_no_text_has_an_empty_template():
    assert template(["", "!!"]).as_text() == ""


def test_the_name_of_the_employer_is_a_slot():
    text = "{} hires packers for its warehouse near the station, two shifts, food is included"
    names = ["Sunrise Trading", "Blue Bay Foods"]
    pieces = [read_pieces(masked_text(text.format(name), KEY), name) for name in names]
    assert slots(template_of(pieces, [1, 1])) == [("company", {"Sunrise Trading": 1, "Blue Bay Foods": 1}, 0)]


def test_long_texts_are_cut():
    texts = ["word " * 5_000 + end for end in ("a", "b")]
    assert len(read_pieces(masked_text(texts[0], KEY))) == MAX_PIECES
    assert len(template(texts).as_text()) <= MAX_TEMPLATE_CHARS


words = st.lists(st.sampled_from(["job", "飛機", "+855 12 345 689", "Bavet", "2,000 USD", "لا", "\n"]), max_size=12)


@settings(max_examples=60)
@given(st.lists(words, min_size=1, max_size=5))
def test_every_slot_is_in_the_template_once_and_no_count_exceeds_the_ads(texts):
    found = template([" ".join(each) for each in texts])
    assert [number for _, number in found.parts if number] == [slot.number for slot in found.slots]
    for slot in found.slots:
        assert 0 < sum(count for _, count in slot.values) + slot.missing <= found.ads

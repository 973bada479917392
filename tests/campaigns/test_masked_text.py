"""What is kept of a text holds no contact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adscreen.campaigns.batch import pack_text, unpack_text
from adscreen.campaigns.masked_text import MAX_KEPT
from adscreen.campaigns.masked_text import masked_text as masked_with

from .conftest import KEY


def masked_text(text, **options):
    return masked_with(text, KEY, **options)


@pytest.mark.parametrize(
    ("text", "kept", "kinds"),
    [
        ("Call +855 12 345 689 now", "Call +855 ** *** *89 now", ["phone"]),
        ("加飞机 @boss_demo_ex", "加飞机 @bo***", ["telegram"]),
        ("Schreib an anna.beispiel@example.org!", "Schreib an a***@example.org!", ["email"]),
        ("Hồ sơ gửi Zalo 0912 345 678", "Hồ sơ gửi Zalo +84 *** *** *78", ["phone"]),
        ("no contact in this ad", "no contact in this ad", []),
        ("ရုံးခန်း Viber +95 9 450 012 345", "ရုံးခန်း Viber +95 * *** *** *45", ["phone"]),
    ],
)
def test_contacts_are_masked_and_their_places_known(text, kept, kinds):
    masked = masked_text(text)
    assert masked.text == kept
    assert [kind for _, _, kind, _ in masked.contacts] == kinds


def test_long_runs_of_digits_are_masked_though_nobody_knows_what_they_are():
    assert masked_text("code 5550 1234 99 88 77 then").text.count("***") == 1


def test_pay_is_not_taken_for_a_contact():
    text = "Gaji Rp 12.000.000 - 15.000.000 sebulan"
    assert masked_text(text).text == text


def test_revealed_contacts_stay_as_they_stand():
    masked = masked_text("Call +855 12 345 689 now", reveal=True)
    assert masked.text == "Call +855 12 345 689 now"
    assert masked.contacts[0][:3] == (5, 20, "phone")


def test_contacts_that_look_alike_when_masked_are_told_apart():
    first, second = (masked_text(f"Call +855 {area} 345 689 now") for area in (12, 17))
    assert first.text == second.text
    assert first.contacts != second.contacts
    assert masked_with("Call +855 12 345 689 now", KEY[::-1]).contacts != first.contacts


def test_a_text_of_fifty_million_characters_is_cut():
    assert len(masked_text("a b " * 12_500_000).text) <= MAX_KEPT


@given(st.text(max_size=300), st.sampled_from(["+855 12 345 689", "@boss_demo_ex", "name.last@example.org"]), st.text())
def test_a_contact_between_blanks_is_never_kept_whatever_stands_around(before, contact, after):
    assert contact not in masked_text(f"{before} {contact} {after}").text


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_a_packed_text_comes_back(text):
    kept = masked_text(text)
    assert unpack_text(pack_text(kept)) == kept

"""Contacts as keys: one contact is one hash however it is written, and no number can be read from it."""

import pytest

from adscreen.campaigns.contact_keys import contact_keys, new_key
from adscreen.errors import UsageError

KEY = b"k" * 32


def keys(text, key=KEY):
    return contact_keys([text], key)[0]


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        ("Call +855 96 000 1234", "WhatsApp: (+855) 960001234"),
        ("Call +855 96 000 1234", "wa.me/855960001234"),
        ("Telegram @abel_thai_ex", "https://t.me/abel_thai_ex"),
        ("Mail Jobs.Abel@gmail.com", "jobs.abel [at] gmail [dot] com"),
        ("WhatsApp +966 50 000 1234", "واتساب ٩٦٦٥٠٠٠٠١٢٣٤+"),
        ("Account number 1234-5678-90", "nomor rekening 1234567890"),
        ("USDT to TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8 wallet"),
        ("IBAN DE89 3704 0044 0532 0130 00", "pay to DE89370400440532013000 first"),
    ],
)
def test_one_contact_is_one_key_however_it_is_written(text, copy):
    first, second = ({(each.kind, each.hash) for each in keys(each)} for each in (text, copy))
    assert first & second


def test_a_key_shows_no_more_than_the_masked_contact():
    (found,) = keys("Call +855 96 000 1234")
    assert found.kind == "phone"
    assert found.masked == "+855 *** *** *34"
    assert len(found.hash) == 32
    assert "960001234" not in repr(found)


def test_another_secret_gives_another_hash():
    assert keys("@abel_thai_ex")[0].hash != keys("@abel_thai_ex", b"x" * 32)[0].hash


def test_secrets_are_random_and_long():
    assert len(new_key()) == 32
    assert new_key() != new_key()


def test_a_short_secret_is_refused():
    with pytest.raises(UsageError) as error:
        contact_keys(["text"], b"short")
    assert str(error.value) == "the key has 5 bytes; give at least 16 random ones."


def test_one_name_in_two_messengers_is_two_contacts():
    assert keys("Telegram: abel_thai_ex")[0].hash != keys("LINE: abel_thai_ex")[0].hash


def test_an_address_links_by_its_own_domain_too():
    assert [each.kind for each in keys("write to linda@abel-jobs.example")] == ["email", "domain"]


@pytest.mark.parametrize(
    "text",
    [
        "write to linda.abel@gmail.com",
        "see www.facebook.com/abel",
        "https://apply.workable.com/abel/j/123",
        "apply at https://labour.gov.ph/jobs",
    ],
)
def test_a_platform_an_authority_and_free_mail_are_nobodys_domain(text):
    assert "domain" not in [each.kind for each in keys(text)]


def test_a_shortened_link_is_a_contact_with_its_path():
    assert keys("https://bit.ly/3AbCdE")[0].hash != keys("https://bit.ly/9XyZzz")[0].hash


@pytest.mark.parametrize("text", ["Call 09XX XXX X34", "mail #EMAIL_0123abcd#", "no contact here", ""])
def test_hidden_contacts_link_nothing(text):
    assert keys(text) == []


def test_a_repeated_contact_is_one():
    assert len(keys("Call +855 96 000 1234 or +855 96 000 1234")) == 1

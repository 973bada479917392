"""Where money is to be sent: wallets and bank accounts by checksum, or by the word before them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adscreen.campaigns.accounts import find_accounts, mask_account

FOUND = [
    ("Pay 1BoatSLRHtKNngkdXEeobR76b53LETtpyT now", "wallet", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"),
    ("USDT (TRC20): TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", "wallet", "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"),
    ("ETH 0x52908400098527886E0F7030069857D2E4169EE7", "wallet", "0x52908400098527886e0f7030069857d2e4169ee7"),
    ("btc bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "wallet", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"),
    ("IBAN: GB82 WEST 1234 5698 7654 32", "bank_account", "GB82WEST12345698765432"),
    ("Nomor rekening BCA 123-456-7890", "bank_account", "1234567890"),
    ("STK: 0123 4567 8901 Vietcombank", "bank_account", "012345678901"),
    ("เลขบัญชี 123-4-56789-0 กสิกร", "bank_account", "1234567890"),
    ("银行卡号：6222 0000 0000 0000 018", "bank_account", "6222000000000000018"),
    ("Номер карты 4111 1111 1111 1111", "bank_account", "4111111111111111"),
    ("رقم الحساب 12345678901", "bank_account", "12345678901"),
]


@pytest.mark.parametrize(("text", "kind", "value"), FOUND)
def test_an_account_is_found(text, kind, value):
    (account,) = find_accounts(text)
    assert (account.kind, account.value) == (kind, value)
    assert "".join(char for char in text[account.start : account.end] if char not in " -").lower() == value.lower()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Account manager wanted, 5 years",
        "Pay 1BoatSLRHtKNngkdXEeobR76b53LETtpyX now",  # a wrong checksum
        "IBAN: GB82 WEST 1234 5698 7654 33",
        "Ref 4111 1111 1111 1112 of the ad",
        "Salary 1200 to 1500 USD, call 012 345 678",
        "License No. 123-POEA-456789-LB",
    ],
)
def test_what_is_no_account_is_not_found(text):
    assert find_accounts(text) == []


def test_a_masked_account_shows_its_ends_only():
    assert mask_account(find_accounts(FOUND[0][0])[0]) == "1B***yT"


def test_a_hostile_text_gives_a_bounded_number():
    assert len(find_accounts("rekening 12345678 " * 5_000)) <= 50


@given(st.text(alphabet="1T0xbcGB89 -rekening号", max_size=120))
def test_accounts_lie_in_the_text_in_order_and_apart(text):
    end = 0
    for account in find_accounts(text):
        assert end <= account.start < account.end <= len(text)
        end = account.end

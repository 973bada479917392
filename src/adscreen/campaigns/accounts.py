"""Where money is to be sent: bank accounts and wallets, each with its checksum or the word before it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from adscreen.shipped_yaml import load_yaml
from adscreen.signals.contacts.types import lower_same_length

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_OLD_WALLET = re.compile(r"(?<![A-Za-z0-9])[13T][1-9A-HJ-NP-Za-km-z]{25,34}(?![A-Za-z0-9])")
_ETHEREUM = re.compile(r"(?<![A-Za-z0-9])0x[0-9A-Fa-f]{40}(?![A-Za-z0-9])")
_SEGWIT = re.compile(r"(?<![A-Za-z0-9])bc1[02-9ac-hj-np-z]{11,71}(?![A-Za-z0-9])")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?:[ ]?[A-Z0-9]{2,4}){3,8}(?![A-Za-z0-9])")
_CARD = re.compile(r"(?<![0-9])[3-6][0-9]{3}(?:[ -]?[0-9]{4}){2,3}[ -]?[0-9]{2,4}(?![0-9])")
_NUMBER = re.compile(r"[^0-9\n]{0,24}?(?<![0-9])([0-9][0-9 -]{6,24}[0-9])(?![0-9])")
# Cheap looks: hardly any text has one of these.
_LONG_RUN = re.compile("[A-Za-z0-9]{25}")
_IBAN_START = re.compile("[A-Z]{2}[0-9]{2}")
_LONG_NUMBER = re.compile("[0-9][0-9 -]{6}")
MAX_ACCOUNTS = 50
"""Most accounts found in one text."""
MAX_CHARS = 200_000


class Account(NamedTuple):
    """An account at ``text[start:end]``; `kind` is wallet or bank_account, `value` has no blanks."""

    kind: str
    value: str
    start: int
    end: int


def find_accounts(text: str) -> list[Account]:
    """Return the bank accounts and wallets of a clean text, in reading order.

    Wallets of Bitcoin and Tron by their checksum, of Ethereum and Bitcoin's newer form by their shape; IBANs and bank
    cards by their checksum; other numbers if a word for a bank account stands before them (``accounts.yaml``).
    """
    text = text[:MAX_CHARS]
    found: list[Account] = []
    if _LONG_RUN.search(text):
        found += _checked(text, _OLD_WALLET, "wallet", _is_base58)
        found += [each._replace(value=each.value.lower()) for each in _checked(text, _ETHEREUM, "wallet", _always)]
        found += _checked(text, _SEGWIT, "wallet", _always)
    if _IBAN_START.search(text):
        found += _checked(text, _IBAN, "bank_account", _is_iban)
    if _LONG_NUMBER.search(text):
        found += _checked(text, _CARD, "bank_account", _is_card)
        found += _named(text)
    kept: list[Account] = []
    for account in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or account.start >= kept[-1].end:
            kept.append(account)
    return kept[:MAX_ACCOUNTS]


def _checked(text: str, pattern: re.Pattern[str], kind: str, accepts: Callable[[str], bool]) -> list[Account]:
    return [
        Account(kind, value, *match.span())
        for match in islice(pattern.finditer(text), MAX_ACCOUNTS)
        if accepts(value := re.sub("[ -]", "", match[0]))
    ]


def _named(text: str) -> list[Account]:
    """Return the numbers that a word for a bank account stands before."""
    found = []
    for _, _, end in _words().find_matches_as_indexes(lower_same_length(text)):
        number = _NUMBER.match(text, end)
        value = re.sub("[ -]", "", number[1]) if number else ""
        if number and 8 <= len(value) <= 20:
            found.append(Account("bank_account", value, number.start(1), number.end(1)))
        if len(found) == MAX_ACCOUNTS:
            break
    return found


def mask_account(account: Account) -> str:
    """Return an account for showing: its first two and last two characters."""
    return f"{account.value[:2]}***{account.value[-2:]}"


@cache
def _words() -> Any:
    # Imported here: it is compiled code that a text without a long number never needs.
    from ahocorasick_rs import AhoCorasick, MatchKind

    words = load_yaml("adscreen.campaigns", "accounts.yaml")["before_a_bank_account"]
    return AhoCorasick([word.lower() for word in words], matchkind=MatchKind.LeftmostLongest)


def _always(value: str) -> bool:
    return True


def _is_base58(value: str) -> bool:
    number = 0
    for char in value:
        number = number * 58 + _BASE58.index(char)
    if number >= 1 << 200:
        return False
    data = number.to_bytes(25, "big")
    return data[0] in (0x00, 0x05, 0x41) and _twice(data[:-4])[:4] == data[-4:]


def _twice(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def _is_iban(value: str) -> bool:
    """ISO 13616: moved to the end, letters as two digits, the whole leaves 1 when divided by 97."""
    if not 15 <= len(value) <= 34:
        return False
    return int("".join(str(int(char, 36)) for char in value[4:] + value[:4])) % 97 == 1


def _is_card(value: str) -> bool:
    """ISO/IEC 7812: the check digit of Luhn."""
    if not 15 <= len(value) <= 19:
        return False
    digits = [int(char) for char in reversed(value)]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0

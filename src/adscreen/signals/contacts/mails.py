"""E-mail addresses, as they are and written in words, and what data sets leave in the place of a contact."""

from __future__ import annotations

import re
from collections.abc import Iterator

from adscreen.signals.contacts.channels import Channel
from adscreen.signals.contacts.domains import Domain, domain_set, split_host
from adscreen.signals.contacts.lookalikes import is_lookalike
from adscreen.signals.contacts.types import Contact, word_lists

_LOCAL_CHARS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_+%")
_DOMAIN = re.compile(r"[ ]?((?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62})\.){1,6}[A-Za-z][A-Za-z\-]{1,23})")
_SPOKEN = re.compile(
    r"(?<![A-Za-z0-9._+\-])([A-Za-z0-9][A-Za-z0-9._+\-]{1,40})"
    r"(?:[ ]?[\[({<][ ]?(?:at|arroba|a t)[ ]?[\])}>][ ]?|[ ](?:at|arroba)[ ]|[ ]?@[ ]?)"
    r"([A-Za-z0-9\-]{2,40}(?:\.[A-Za-z0-9\-]{2,20}){0,2})"
    r"(?:[ ]?[\[({<][ ]?(?:dot|punto|ponto|d o t)[ ]?[\])}>][ ]?|[ ](?:dot|punto|ponto)[ ]|[ ]?\.[ ]?|[ ])"
    r"([A-Za-z]{2,6})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_AT = re.compile(r"@|[\[({<][ ]?(?:at|arroba|a t)|[ ](?:at|arroba)(?=[ ])", re.IGNORECASE)
_LOCAL_RUN = re.compile(r"[A-Za-z0-9._+\-]*", re.IGNORECASE)
_PROVIDER = re.compile(r"@[ ]?(?:gmail|yahoo|hotmail|outlook|icloud|protonmail|ymail|rediffmail)[ .]", re.IGNORECASE)
_SAYS_DOT = re.compile(r"[\[({< ](?:dot|punto|ponto|d o t)[\])}> ]", re.IGNORECASE)
_TOKEN = re.compile(r"#(URL|EMAIL|PHONE)_[0-9A-Za-z]{1,64}#")
MAX_LOCAL = 41
"""Longest name before a spoken "at" that is looked at, in characters."""
_PLACEHOLDERS = {"URL": "link", "EMAIL": "email", "PHONE": "phone"}
_BEFORE = frozenset(["", " ", "\n", "(", ":", ",", ";"])
_AFTER = frozenset(["", " ", "\n", ")", ".", ",", ";"])
_SHOUTED = re.compile(r"[A-Z]{2}[ ]?$|^[ ]?[:A-Z]")
_HIDDEN_LINK = re.compile(r"(?<![A-Za-z0-9])(?:https?://)?wa\.?[ ]?me[ ]?/?[ ]?(?:<num>|X{6,20})")


def tokens(text: str, named: list[Channel]) -> list[Contact]:
    """Return the contacts that a data set took out.

    EMSCAD writes ``#URL_…#``, ``#EMAIL_…#`` and ``#PHONE_…#``, of which cleaning leaves URL, EMAIL and PHONE; the
    message collections write ``wa.me/<num>``.
    """
    found = []
    for _, start, end, _ in (sign for sign in named if sign.kind == "token"):
        kind = _PLACEHOLDERS.get(text[start:end])
        if kind is None:
            continue
        token = _TOKEN.match(text, start - 1) if start and text[start - 1] == "#" else None
        if token:
            found.append(Contact(kind, token[0].lower(), *token.span(), ("masked",)))
        # "EMAIL: …" and "SEND BY EMAIL" in a shouted ad are words.
        elif (
            text[max(0, start - 1) : start] in _BEFORE
            and text[end : end + 1] in _AFTER
            and not _SHOUTED.search(text[max(0, start - 4) : start])
            and not _SHOUTED.search(text[end : end + 4])
        ):
            found.append(Contact(kind, f"#{text[start:end].lower()}#", start, end, ("masked",)))
    if any(sign.kind == "hidden" for sign in named):
        for match in _HIDDEN_LINK.finditer(text):
            value = re.sub(r"^https?://|[ ]", "", match[0].lower())
            found.append(Contact("whatsapp", value, *match.span(), ("masked", "messenger_link")))
    return found


def emails(text: str, spoken: bool) -> list[Contact]:
    """Return the e-mail addresses of `text`, if `spoken` also those in words ("name [at] gmail dot com")."""
    found = []
    position = text.find("@")
    while position >= 0:
        start = position
        while start > 0 and position - start < 64 and text[start - 1] in _LOCAL_CHARS:
            start -= 1
        while start < position and text[start] in ".-+%":
            start += 1
        match = _DOMAIN.match(text, position + 1)
        if match and start < position and match.start(1) == position + 1:
            domain = split_host(match[1].lower())
            if domain:
                value = f"{text[start:position]}@{match[1]}".lower()
                found.append(_mail(value, domain, start, match.end(1)))
        position = text.find("@", position + 1)
    providers = word_lists("domains")["spoken_mail"]
    if spoken or _PROVIDER.search(text):
        found += _spoken(text, providers)
    return found


def _spoken(text: str, providers: dict[str, str]) -> list[Contact]:
    found = []
    for match in _spoken_matches(text):
        host = match[2].lower()
        known = host.split(".")[0] in providers and match[3].lower() in ("com", "co")
        if "@" in match[0] and not known:
            continue  # "@name com": only a provider's name makes it an address
        if not known and not _SAYS_DOT.search(match[0]):
            continue
        domain = split_host(f"{host}.{match[3].lower()}")
        if domain:
            found.append(_mail(f"{match[1]}@{host}.{match[3]}".lower(), domain, match.start(), match.end()))
    return found


def _spoken_matches(text: str) -> Iterator[re.Match[str]]:
    """Give the matches of `_SPOKEN`, looked for only where a name stands before an "at": to try each word is slow."""
    done = 0
    for sign in _AT.finditer(text):
        end = sign.start() - (text[sign.start() - 1 : sign.start()] == " " and sign[0][0] != " ")
        # No longer name matches; one character more tells that it is longer.
        before = text[max(0, end - MAX_LOCAL - 1) : end][::-1]
        run = _LOCAL_RUN.match(before)
        start = end - (run.end() if run else 0)
        match = _SPOKEN.match(text, start) if start >= done else None
        if match:
            done = match.end()
            yield match


def _mail(value: str, domain: Domain, start: int, end: int) -> Contact:
    flags = []
    if domain.registered in domain_set("free_mail") or value.partition("@")[2] in domain_set("free_mail"):
        flags.append("free_mail")
    elif is_lookalike(domain.subdomain, domain.registered, domain.suffix):
        flags.append("lookalike")
    return Contact("email", value, start, end, tuple(flags))

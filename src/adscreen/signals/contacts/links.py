"""Links: web addresses with and without http, messengers' own links, and links into apps."""

from __future__ import annotations

import re
from functools import cache

from adscreen.signals.contacts.domains import Domain, domain_set, split_host
from adscreen.signals.contacts.lookalikes import is_lookalike
from adscreen.signals.contacts.sign_kernel import SCHEME, WWW
from adscreen.signals.contacts.signs import Signs
from adscreen.signals.contacts.types import Contact, word_lists

_HOST_CHARS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"
_URL = re.compile(
    r"(?P<host>(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62})\.){1,8}[A-Za-z][A-Za-z0-9\-]{1,23})(?::[0-9]{2,5})?"
    r"(?P<path>[/?#][A-Za-z0-9\-._~:/?#@!$&*+,;=%]{0,500})?"
)
_IP = re.compile(
    r"://(?P<host>[0-9]{1,3}(?:\.[0-9]{1,3}){3})(?::[0-9]{2,5})?(?P<path>/[A-Za-z0-9\-._~:/?#@!$&*+,;=%]{0,500})?"
)
_APP_LINK = re.compile(r"(?:\b(tg|viber|weixin|line|whatsapp))://([A-Za-z0-9_./?=&%+\-]{2,120})")
_TRAILING = ".,;:!?)]}*_~'\"&"
MAX_HOST = 120
"""Longest host looked at, in characters; longer runs are not addresses."""


def links(text: str, signs: Signs) -> list[Contact]:
    """Return the links of `text`: with ``http``, with ``www.``, and bare domains with an ending people use."""
    found = []
    done = 0
    # Elsewhere most dots before a letter only lack their blank ("skills.We").
    for dot in signs.dots if signs.has & (SCHEME | WWW) else signs.plain_dots:
        if dot < done:
            continue
        start = max(done, dot - MAX_HOST)
        start += len(text[start:dot].rstrip(_HOST_CHARS))
        match = _URL.match(text, start)
        if match is None or match.end("host") <= dot or (start and text[start - 1] in "@_"):
            continue
        scheme = _scheme_start(text, start)
        contact = _link(text, match, scheme)
        if contact:
            found.append(contact)
            done = contact.end
        elif match["path"] is None:
            done = match.end("host")
    if signs.has & SCHEME:
        for match in _IP.finditer(text):
            path = (match["path"] or "").rstrip(_TRAILING)
            start = _scheme_start(text, match.start("host"))
            end = match.start("path") + len(path) if path else match.end()
            found.append(Contact("link", match["host"] + path, start, end, ("ip_address",)))
        found += _app_links(text)
    return found


def _scheme_start(text: str, start: int) -> int:
    if text[max(0, start - 3) : start] != "://":
        return start
    begin = start - 3
    while begin > 0 and start - begin < 10 and text[begin - 1].isascii() and text[begin - 1].isalpha():
        begin -= 1
    return begin


def _link(text: str, match: re.Match[str], scheme: int) -> Contact | None:
    raw = match["host"]
    host = raw.lower()
    path = (match["path"] or "").rstrip(_TRAILING)
    end = match.start("path") + len(path) if path else match.end("host")
    if text[end : end + 1] == "@":
        return None
    clear = scheme < match.start("host") or host.startswith("www.")
    if not clear and not _is_bare_domain(raw, host, path):
        return None
    domain = split_host(host)
    if domain is None:
        return None
    path = path.split("?")[0].split("#")[0].rstrip("/")
    return _messenger(host.removeprefix("www."), path, match["path"] or "", scheme, end) or Contact(
        "link", domain.registered + path.replace("/@", "/"), scheme, end, _link_flags(host, domain, path)
    )


def _is_bare_domain(raw: str, host: str, path: str) -> bool:
    """Return whether a host without http and www is one: sentences without a blank look the same ("skills.It")."""
    labels = raw.split(".")
    if host in domain_set("ends_often_misread") or (len(labels[-2]) < 2 and not path):
        return False
    if labels[-1] not in (labels[-1].lower(), labels[-1].upper()) or (labels[-1].isupper() and not raw.isupper()):
        return False
    if (path.startswith("/") and len(path) > 2) or host in _hosts():
        return True
    return labels[-1].lower() in domain_set("bare_endings")


def _messenger(host: str, path: str, full: str, start: int, end: int) -> Contact | None:
    kind = _hosts().get(host) or _hosts().get(f"{host}/{path.strip('/').split('/')[0]}")
    if kind is None or not (path or full):
        return None
    flags = ("messenger_link",)
    number = re.search(r"(?:^/|phone=|/p/\+?)\+?([0-9]{8,15})\b", full)
    if number and kind in ("whatsapp", "telegram", "zalo", "signal"):
        digits = number[1]
        local = kind == "zalo" and digits.startswith("0")
        return Contact(kind, f"+84{digits[1:]}" if local else f"+{digits}", start, end, flags)
    parts = [part for part in path.split("/") if part]
    if kind in ("telegram", "line", "messenger") and parts and host not in ("lin.ee", "telegram.org"):
        if kind == "telegram" and (parts[0].startswith("+") or parts[0] == "joinchat"):
            return Contact(kind, "joinchat/" + parts[-1].lstrip("+"), start, end, flags)  # invites keep their case
        skip = ("s", "ti", "p", "r", "t", "c", "share")
        name = next((part for part in parts if part.lower() not in skip), "").lstrip("@~").lower()
        if re.fullmatch(r"[\w.\-]{3,64}", name):
            return Contact(kind, name, start, end, flags)
    return Contact(kind, host + path, start, end, flags)


def _app_links(text: str) -> list[Contact]:
    kinds = {"tg": "telegram", "weixin": "wechat"}
    found = []
    for match in _APP_LINK.finditer(text):
        body = match[2].rstrip(_TRAILING)
        named = re.search(r"(?:domain|phone|number|chat)=(?:%2B|\+)?([A-Za-z0-9_]{3,40})", body)
        value = (named[1] if named else body).lower()
        value = f"+{value}" if value.isdigit() else value
        found.append(
            Contact(
                kinds.get(match[1], match[1]), value, match.start(), match.start(2) + len(body), ("messenger_link",)
            )
        )
    return found


def _link_flags(host: str, domain: Domain, path: str) -> tuple[str, ...]:
    flags = []
    if domain.registered in domain_set("shorteners") or host in domain_set("shorteners"):
        flags.append("shortener")
    elif host in domain_set("forms") or any((host + path).startswith(form) for form in domain_set("forms")):
        flags.append("form")
    elif is_lookalike(domain.subdomain, domain.registered, domain.suffix):
        flags.append("lookalike")
    return tuple(flags)


@cache
def _hosts() -> dict[str, str]:
    return {host: kind for kind, entry in word_lists("channels").items() for host in entry["hosts"]}

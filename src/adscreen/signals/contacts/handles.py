"""Names in messengers: ``@name`` anywhere, and names without the sign after a messenger's own name."""

from __future__ import annotations

import re
from functools import cache

from adscreen.signals.contacts.channels import Channel
from adscreen.signals.contacts.types import Contact, word_lists

_HANDLE = re.compile(r"@[ ]?([A-Za-z][A-Za-z0-9_.]{1,31})(?![A-Za-z0-9_@])")
_ID_WORD = (
    r"(?:id|i\.d|no|nr|num|number|nomor|user|username|name|account|acc|add|contact|search|is|"
    r"账号|帳號|帐号|号码|号|號|是|为|為|加|搜|ไอดี|แอด|アカウント|아이디|айди|ник|آيدي|آی ڈی|आईडी|আইডি)"
)
_AFTER_NAME = re.compile(
    rf"(?P<glue>[ ]?\(?(?:{_ID_WORD}\b\.?[ ]?){{0,2}}(?P<mark>[:=~>➡→👉\-–—✈📩💬+]{{0,3}})\n?[ ]?\(?[\"'“「]?)"
    r"(?P<handle>[A-Za-z][A-Za-z0-9_.\-]{2,31}|[0-9]{1,9}[A-Za-z_][A-Za-z0-9_.\-]{2,24})(?![A-Za-z0-9_@])",
    re.IGNORECASE,
)
_QQ = re.compile(
    r"(?:[ ]?(?:号|號|群|qq|no\.?|is|是|加|联系|咨询|微信|/|同号)){0,3}[ ]?[:=~+ -]{0,3}"
    r"([0-9]{2,10}(?:[ -][0-9]{2,5}){0,3})(?![0-9])",
    re.I,
)
_SIGNAL = re.compile(r"[ ]?(?:id|user|username)?[ ]?[:=]?[ ]?([a-z][a-z0-9_]{2,31}\.[0-9]{2,4})\b", re.I)
_GOES_ON_IN_LATIN = re.compile(r"[ ]?[,/&]?[ ]?[A-Za-zÀ-ɏ0-9]")
_MARKED = re.compile(r"[0-9_]")
_SNAKE = re.compile(r"[a-z][a-z0-9.]{0,20}(?:_[a-z0-9.]{1,20}){1,4}(?![A-Za-z0-9])")
_SNAKE_CHARS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.")
_BESIDE_NAME = re.compile(
    r"\b(?:id|contact|kontak|hubungi|dm|pm|inbox|poruka|message|msg)\b[ :=]"
    r"|联系|聯絡|私訊|私信|报名|加|ไอดี|ทัก|문의|오픈톡|応募",
    re.IGNORECASE,
)
MAX_HANDLES = 1000
"""Most names found in one text by one rule."""
NEAR = 25
"""How many characters before an @name its messenger's name is looked for."""


@cache
def _not_handles() -> frozenset[str]:
    return frozenset(word_lists("channels")["none"]["handles"])


def at_handles(text: str, channels: list[Channel]) -> list[Contact]:
    """Return every ``@name`` in `text` that is no part of an e-mail address."""
    found: list[Contact] = []
    position = text.find("@")
    while position >= 0 and len(found) < MAX_HANDLES:
        match = _HANDLE.match(text, position)
        before = text[position - 1] if position else " "
        if match and not (before.isascii() and (before.isalnum() or before in "_.-+@")):
            name = match[1].rstrip(".").lower()
            spaced = text[position + 1] == " "  # "@ name": only if it looks like a name, not "$5 @ cost"
            if len(name) >= 3 and name.split(".")[0] not in _not_handles() and not (spaced and "_" not in name):
                end = match.start(1) + len(match[1].rstrip("."))
                kind = _kind_beside(text, position, end, channels)
                # "Product Manager @Acme": an employer, not an address.
                if kind or spaced or match[1] != match[1].title() or _MARKED.search(name):
                    found.append(_named(name, position, end, kind))
        position = text.find("@", position + 1)
    return found


def named_handles(text: str, channels: list[Channel]) -> list[Contact]:
    """Return the names and QQ numbers that follow a messenger's name in `text` without an @."""
    lists = word_lists("channels")
    found = []
    for channel in channels:
        if channel.kind == "qq":
            match = _QQ.match(text, channel.end)
            digits = re.sub(r"[ -]", "", match[1]) if match else ""
            if match and 5 <= len(digits) <= 11:
                found.append(Contact("qq", digits, match.start(1), match.end(1)))
        elif channel.kind == "signal":
            match = _SIGNAL.match(text, channel.end)
            if match:
                found.append(Contact("signal", match[1].lower(), match.start(1), match.end(1)))
        elif lists[channel.kind]["handles"]:
            match = _AFTER_NAME.match(text, channel.end)
            if match and _is_name(text, match, channel):
                start = match.start("handle")
                name = match["handle"].rstrip(".-")
                found.append(_named(name.lower(), start, start + len(name), channel.kind))
    return found


def snake_handles(text: str, channels: list[Channel]) -> list[Contact]:
    """Return lower-case names with an underscore that stand near a messenger's name or a word such as "contact"."""
    found: list[Contact] = []
    position = text.find("_")
    done = 0
    while position >= 0 and len(found) < MAX_HANDLES:
        start = position
        while start > done and position - start < 24 and (text[start - 1] in _SNAKE_CHARS):
            start -= 1
        match = _SNAKE.match(text, start)
        position = text.find("_", max(position + 1, match.end() if match else 0))
        if match is None:
            continue
        done = end = match.end()
        before = text[max(0, start - 1) : start]
        if (before.isascii() and before.isalnum()) or before in tuple("@/.-_#=") or text[end : end + 1] in ("@", "_"):
            continue
        near = [
            channel.kind
            for channel in channels
            if 0 <= start - channel.end <= NEAR and "\n" not in text[channel.end : start]
        ]
        if near:
            found.append(_named(match[0].rstrip("."), start, end - match[0].endswith("."), near[-1]))
        elif _BESIDE_NAME.search(text[max(0, start - 20) : start]):
            found.append(_named(match[0].rstrip("."), start, end - match[0].endswith("."), None))
    return found


def _is_name(text: str, match: re.Match[str], channel: Channel) -> bool:
    """Return whether the word after a messenger's name is a name there, not the sentence going on."""
    name = match["handle"]
    if re.fullmatch(r"[0-9]+[Xx]+", name):
        return False  # a number with hidden digits
    if name.lower() in _not_handles() or name.lower().endswith((".com", ".net", ".org", ".me")):
        return False
    glued = not match["glue"] and text[channel.end - 1].isascii() and text[channel.end - 1] != ":"
    if glued:
        return False
    # "微信 abc" in a text without blanks: a Latin word there can only be a name.
    foreign = not text[channel.start].isascii() or text[channel.end - 1] == ":"
    announced = match["mark"].strip().strip("-–—+ ") != ""
    said_id = (
        re.search(_ID_WORD + r"\b", match["glue"], re.I) is not None
        or "id" in text[channel.start : channel.end].lower()
    )
    if _MARKED.search(name) and ("_" in name or re.search(r"[A-Za-z]", name)):
        return announced or said_id or foreign or "_" in name or not channel.short
    if not (announced or said_id or foreign) or (channel.short and not (announced or foreign)):
        return False
    return len(name) >= 4 and not _GOES_ON_IN_LATIN.match(text, match.end("handle"))


def _kind_beside(text: str, start: int, end: int, channels: list[Channel]) -> str | None:
    lists = word_lists("channels")
    best = None
    for channel in channels:
        if channel.end > start:
            if channel.start >= end and channel.start - end <= 3 and not channel.short and best is None:
                best = channel.kind
            break
        if start - channel.end <= NEAR and "\n" not in text[channel.end : start]:
            best = channel.kind
    return best if best and lists[best]["handles"] else None


def _named(name: str, start: int, end: int, kind: str | None) -> Contact:
    if kind is None:
        return Contact("telegram", name, start, end, ("assumed",))
    if "." in kind:  # a social network: its profile's link
        return Contact("link", f"{kind}/{name}", start, end, ("profile",))
    return Contact(kind, name, start, end)

"""Ad text for showing: nothing hidden in it acts on the page, and nothing that a reader should know of is lost.

All of this is text in, text out: the template escapes it, and nothing here is ever marked as safe markup.
"""

from __future__ import annotations

import html
import re
from typing import Literal, NamedTuple

MAX_NAMED = 5
"""Hidden characters of a run that are named."""

PartKind = Literal["text", "mask", "markup", "hidden"]


class Part(NamedTuple):
    """A piece of text and what it is.

    ``text`` is what the ad says, ``mask`` stands for a contact, ``markup`` is a tag the ad brought along, and
    ``hidden`` names a character that has no look of its own.
    """

    kind: PartKind
    text: str


# Overrides turn letters round and are a trick; the other bidi controls come with every forwarded message and would
# reach past their block, so they go without a mark: each block has its own direction anyway.
_OVERRIDES = {"\u202d": "LRO", "\u202e": "RLO"}
# Kept, as scripts need them: joiners, zero-width space (Khmer, Burmese, Thai), left-to-right and right-to-left marks.
_DROPPED = "\u00ad\u061c\u180e\u202a-\u202c\u2060-\u206f\ufeff\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e007f"
_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
_BROKEN = "\ud800-\udfff\ufffe\uffff"
_BLOCK_TAGS = "address|article|blockquote|br|div|dd|dl|dt|h[1-6]|hr|li|ol|p|section|table|tbody|td|th|thead|tr|ul"
_INLINE_TAGS = "b|big|center|em|font|i|small|span|strong|u"

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")
_MANY_SPACES = re.compile(r"[ \t\u00a0\u3000]{9,}")
_SPACES = re.compile(r"\s+")
_NOT_SHOWN = re.compile(f"[{_DROPPED}]")
_INSIDE_LATIN = re.compile("(?<=[A-Za-z0-9])[\u200b-\u200d]+(?=[A-Za-z0-9])")
_NO_TEXT = re.compile(f"[{_BROKEN}]")
_SPECIAL = re.compile(
    rf"(?P<block></?(?:{_BLOCK_TAGS})\b[^<>]{{0,300}}>)"
    rf"|(?P<inline></?(?:{_INLINE_TAGS})\b[^<>]{{0,300}}>)"
    r"|(?P<markup></?[a-z!][^<>]{0,300}>)"
    rf"|(?P<hidden>[{_CONTROLS}\u202d\u202e]+)",
    re.IGNORECASE,
)


def visible_parts(original: str) -> list[Part]:
    """Return a stretch of an ad as given as parts to show.

    Entities are read ("&amp;" is "&"), plain formatting tags become line breaks or nothing, other tags stay as
    text of their own kind, and control characters and direction overrides become visible names.

    Examples
    --------
    >>> visible_parts("<p>Visa &amp; flight<script>x()")
    [Part(kind='text', text='\\nVisa & flight'), Part(kind='markup', text='<script>'), Part(kind='text', text='x()')]
    """
    parts: list[Part] = []
    text = ""
    position = 0
    for match in _SPECIAL.finditer(original):
        text += _readable(original[position : match.start()])
        position = match.end()
        if match["block"]:
            # "</li><li>" ends one line, not two.
            text = text.rstrip(" ") + ("" if text.endswith("\n") else "\n")
        elif match["markup"] or match["hidden"]:
            if text:
                parts.append(Part("text", _spaced(text)))
            text = ""
            parts.append(
                Part("markup", plain(match[0])) if match["markup"] else Part("hidden", _names_of_hidden(match[0]))
            )
    text += _readable(original[position:])
    return [*parts, Part("text", _spaced(text))] if text else parts


def plain(text: str) -> str:
    """Return `text` without what is hidden in it: no control, override or half character; line ends are ``\\n``.

    Examples
    --------
    >>> plain("a\\u202eb\\x00c")
    'abc'
    """
    if text.isascii() and text.isprintable():
        return text
    text = _NO_TEXT.sub("\ufffd", _NOT_SHOWN.sub("", _LINE_ENDS.sub("\n", text)))
    text = re.sub(f"[{_CONTROLS}\u202d\u202e]", "", text)
    # Last: what was between two letters may have hidden that nothing visible is.
    return _INSIDE_LATIN.sub("", text)


def one_line(text: str, limit: int) -> str:
    """Return `text` on one line, at most `limit` characters long."""
    line = _SPACES.sub(" ", text[: 4 * limit]).strip()
    return line if len(line) <= limit and len(text) <= 4 * limit else line[: limit - 1].rstrip() + "…"


def _readable(text: str) -> str:
    # What an entity stands for is cleaned like any other character: "&#8238;" is an override.
    return plain(html.unescape(text)) if "&" in text else plain(text)


def _spaced(text: str) -> str:
    return _MANY_SPACES.sub(" " * 8, _BLANK_LINES.sub("\n\n", text))


def _names_of_hidden(run: str) -> str:
    names = [
        _OVERRIDES.get(char) or (chr(0x2400 + ord(char)) if ord(char) < 32 else f"U+{ord(char):04X}")
        for char in run[:MAX_NAMED]
    ]
    return " ".join(names) + (f" and {len(run) - MAX_NAMED:,} more" if len(run) > MAX_NAMED else "")

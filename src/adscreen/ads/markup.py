"""Cleaning, stage 1: HTML tags, entities and the tokens EMSCAD puts in place of contacts.

Ads are hostile input: each search here is linear in the text, whatever it holds.
"""

from __future__ import annotations

import html
import re
from html.entities import html5

Edit = tuple[int, int, str]
"""Start and end in the text, and what stands there afterwards; edits are in order and do not overlap."""

_BREAKING = (
    "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li main menu nav ol "
    "optgroup option p pre section select summary table tbody tfoot thead title tr ul"
)
_INLINE = (
    "a abbr acronym applet area audio b base basefont bdi bdo big button canvas cite code col colgroup data "
    "datalist del dfn em embed font frame frameset i iframe img input ins kbd label link map mark marquee "
    "meta meter nobr noscript object output param picture progress q rp rt ruby s samp small source span "
    "strike strong sub sup svg path td template textarea th time track tt u var video wbr"
)
_BREAKING_TAGS = frozenset(_BREAKING.split())
_HIDDEN_TAGS = frozenset({"script", "style"})

# Only the names HTML knows are tags: "<your name>" and "<hr@acme.example>" are what the ad says.
_TAG_NAMES = _BREAKING_TAGS | _HIDDEN_TAGS | frozenset(_INLINE.split())

# After one of three characters, so that the engine skips all else. No part can run past the next "<".
_MARKUP = re.compile(
    r"""[<&\#](?:
      (?<=<)(?:
          (?P<comment>!--)
        | (?P<declaration>!\[CDATA\[|[!?][a-z][^<>]*+>)
        | /?(?P<tag>[a-z][a-z0-9]{0,11}|[ovwm]:[a-z]{1,20})(?=[\s/>])
          (?:(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+>|[^<>]*+>)
      )
    | (?<=&)(?P<entity>\#[0-9]{1,7};?|\#x[0-9a-f]{1,6};?|[a-z][a-z0-9]{1,31};?)
    | (?<=\#)(?P<token>(?-i:URL|EMAIL|PHONE))_[0-9a-f]{4,128}\#
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_END_OF_HIDDEN = {name: re.compile(rf"</{name}\s*+>", re.IGNORECASE) for name in sorted(_HIDDEN_TAGS)}
_END_OF_COMMENT = re.compile("-->")
_GLUED_ENTITY = re.compile("&(?:nbsp|amp|quot)")


def has_markup(text: str) -> bool:
    """Return False if `text` surely has nothing for `markup_edits` to change."""
    return "<" in text or "&" in text or _has_token(text)


def markup_edits(text: str) -> list[Edit]:
    """Return what to change in `text` to be rid of markup.

    Parameters
    ----------
    text : str
        As scraped. A ``<`` that opens no HTML tag is text and stays, as does an entity that is none.

    Returns
    -------
    list of Edit
        Tags become a blank or a line break, comments and the content of scripts and styles go, entities are
        decoded once, ``#URL_…#`` becomes ``URL`` between blanks.
    """
    edits: list[Edit] = []
    absent: set[str] = set()  # closers known not to occur again: looking for them twice would be quadratic
    position = 0
    signs = dict.fromkeys("<&#" if _has_token(text) else "<&", -1)  # where each stands next
    while True:
        # Looking for one sign at a time skips text ten times as fast as looking for any of them.
        for sign, place in signs.items():
            if place < position:
                found = text.find(sign, position)
                signs[sign] = len(text) if found < 0 else found
        position = min(signs.values())
        if position == len(text):
            return edits
        match = None if text[position + 1 : position + 2] == " " else _MARKUP.match(text, position)  # "R & D"
        if match is None:
            position += 1
            continue
        start, end = match.span()
        replacement: str | None
        if match["tag"]:
            tag = match["tag"].lower()
            if not _is_tag(tag, match[0]):
                position = start + 1
                continue
            replacement = "\n" if tag in _BREAKING_TAGS else " "
            if tag in _HIDDEN_TAGS and text[start + 1] != "/":
                end = _end_of(_END_OF_HIDDEN[tag], text, end, absent) or end
        elif match["comment"]:
            closed = _end_of(_END_OF_COMMENT, text, end, absent)
            replacement, end = (" ", closed) if closed else (None, end)
        elif match["entity"]:
            replacement, end = _decoded(match[0], start, end, text)
        elif match["token"]:
            replacement = f" {match['token']} "
        else:
            replacement = " "
        if replacement is not None:
            edits.append((start, end, replacement))
        position = end


def _is_tag(name: str, tag: str) -> bool:
    if len(name) == 1 and "=" not in tag and len(tag.strip("</> \t\r\n")) > 1:
        return False  # letters stand in comparisons too: "a<b and c>d"
    return name in _TAG_NAMES or ":" in name


def _end_of(closer: re.Pattern[str], text: str, start: int, absent: set[str]) -> int | None:
    if closer.pattern in absent:
        return None
    found = closer.search(text, start)
    if found is None:
        absent.add(closer.pattern)
        return None
    return found.end()


def _decoded(entity: str, start: int, end: int, text: str) -> tuple[str | None, int]:
    """Return what an entity stands for, or None if it is none, and where it ends."""
    name = entity[1:]
    if not entity.endswith(";") and name[0] != "#":
        # Without its semicolon only an old name counts, and only whole: "?id=1&copy=2" is a link and
        # "&notify" a word. A blank glued to a word is too common in scraped text to leave.
        glued = _GLUED_ENTITY.match(entity)
        if name not in html5 and glued:
            entity = glued[0]
        elif name not in html5 or text.startswith("=", end):
            return None, end
    decoded = html.unescape(entity)
    return (None, end) if decoded == entity else (decoded, start + len(entity))


def _has_token(text: str) -> bool:
    return "#" in text and ("#URL_" in text or "#EMAIL_" in text or "#PHONE_" in text)

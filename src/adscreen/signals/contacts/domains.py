"""A host in its parts, by the public suffix list that tldextract carries: no network."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from adscreen.signals.contacts.types import word_lists

_SUFFIX = re.compile(r"^[.*!]*\w\S*", re.MULTILINE)
_RESERVED = "example"
"""No suffix of the list, but what made-up addresses end in (RFC 2606)."""


class Domain(NamedTuple):
    """A host in its parts: the rest, the registered domain (as people buy it) and its public suffix."""

    subdomain: str
    registered: str
    suffix: str


@cache
def _suffixes() -> dict[str, bool]:
    """Return the public suffixes, and False for what only leads to one ("kawasaki.jp" to "*.kawasaki.jp").

    Private ones ("blogspot.com") count too. The list is read without importing tldextract, whose import brings an HTTP
    client that is never used and takes a tenth of a second.
    """
    package = find_spec("tldextract")
    folder = package and package.submodule_search_locations
    if not folder:
        raise ModuleNotFoundError("No module named 'tldextract'", name="tldextract")
    listed = _SUFFIX.findall((Path(folder[0]) / ".tld_set_snapshot").read_text("utf-8"))
    found = dict.fromkeys((*listed, _RESERVED), True)
    for suffix in listed:
        rest = suffix.partition(".")[2]
        while rest and rest not in found:
            found[rest] = False
            rest = rest.partition(".")[2]
    return found


@lru_cache(maxsize=4096)
def split_host(host: str) -> Domain | None:
    """Return the parts of `host`, or None if its ending is not one that is given out.

    Parameters
    ----------
    host : str
        Letters, digits, hyphens and single dots between them, in lower case.
    """
    labels = host.split(".")
    first = _start_of_suffix(labels)
    if not 0 < first < len(labels):
        return None
    suffix = ".".join(labels[first:])
    return Domain(".".join(labels[: first - 1]), f"{labels[first - 1]}.{suffix}", suffix)


def _start_of_suffix(labels: list[str]) -> int:
    """Return with which label the public suffix begins; the number of labels if there is none.

    The rules are those of https://publicsuffix.org/list/: the longest suffix counts, ``*`` is any label, and ``!``
    takes a name out of the ``*`` beside it.
    """
    suffixes = _suffixes()
    first = len(labels)
    ending = ""
    for i in range(len(labels) - 1, -1, -1):
        label = _readable(labels[i])
        known = suffixes.get(label + ending)
        if known is None:
            if "*" + ending in suffixes:
                return i + 1 if f"!{label}{ending}" in suffixes else i
            break
        if known:
            first = i
        ending = f".{label}{ending}"
    return first


def _readable(label: str) -> str:
    """Return a label as the list has it: names of other scripts (``xn--…``) in their own letters."""
    if not label.startswith("xn--"):
        return label
    import idna

    try:
        return idna.decode(label)
    except (UnicodeError, IndexError):
        return label


@cache
def domain_set(name: str) -> frozenset[str]:
    """Return a list of `domains.yaml` as a set."""
    return frozenset(word_lists("domains")[name])

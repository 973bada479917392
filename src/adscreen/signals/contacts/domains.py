"""A host in its parts, by the public suffix list that tldextract carries: no network."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any, NamedTuple

from adscreen.signals.contacts.types import word_lists


class Domain(NamedTuple):
    """A host in its parts: the rest, the registered domain (as people buy it) and its public suffix."""

    subdomain: str
    registered: str
    suffix: str


@cache
def _extractor() -> Any:
    # Imported here: it brings an HTTP client, which is never used (no list address, no cache folder).
    from tldextract import TLDExtract

    return TLDExtract(
        cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True, extra_suffixes=("example",)
    )


@lru_cache(maxsize=4096)
def split_host(host: str) -> Domain | None:
    """Return the parts of `host` (lower case), or None if its ending is not one that is given out."""
    parts = _extractor().extract_str(host)
    if not parts.suffix or not parts.domain:
        return None
    return Domain(parts.subdomain, f"{parts.domain}.{parts.suffix}", parts.suffix)


@cache
def domain_set(name: str) -> frozenset[str]:
    """Return a list of `domains.yaml` as a set."""
    return frozenset(word_lists("domains")[name])

"""Ads on their way into a ledger: what is kept of each, and nothing else."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adscreen.ads.cleaning import clean
from adscreen.ads.schema import AD_FIELDS, TEXT_FIELDS
from adscreen.campaigns.campaign_ids import content_digest
from adscreen.campaigns.contact_keys import ContactKey, contact_keys, hash_value, linkable_contacts
from adscreen.campaigns.features import Signatures, signature
from adscreen.campaigns.ledger import AD_COLUMNS
from adscreen.campaigns.masked_text import MaskedText, masked_text
from adscreen.signals.ngrams import join_fields
from adscreen.signals.places import find_places
from adscreen.signals.routes import route
from adscreen.signals.unicode_table import FIELD_BOUNDARY

HEADING_CHARS = 110
MAX_SHORT = 120
"""Characters kept of a name or a date; a hostile file may have 50 million."""
_READ_FIELDS = (*TEXT_FIELDS, "location", "contact")


class Batch(NamedTuple):
    """Some ads as they are kept.

    Attributes
    ----------
    ads : DataFrame, shape (n_ads, n_columns)
        `AD_COLUMNS` without ``campaign_id``, and ``image`` (keyed hash, or empty).
    fingerprints : list of bytes
        Keyed hash of all fields: the same row again has the same one.
    kept : list of bytes
        See `pack_text`.
    contacts : list of list of ContactKey
    signatures : Signatures
    reveal : dict of str to str
        Contacts in full by hash, if asked for.
    """

    ads: pd.DataFrame
    fingerprints: list[bytes]
    kept: list[bytes]
    contacts: list[list[ContactKey]]
    signatures: Signatures
    reveal: dict[str, str]


def read_batch(ads: pd.DataFrame, judged: pd.DataFrame, key: bytes, *, reveal: bool = False) -> Batch:
    """Read what is kept of some ads.

    Parameters
    ----------
    ads : DataFrame
        As the readers give them; a column ``image_hash`` is used where there is one.
    judged : DataFrame
        ``risk``, ``band`` and ``language`` of each ad.
    key : bytes
        Of the contact hashes.
    reveal : bool, default False
        Keep contacts in full too.
    """
    # Reposts are common: what takes time is done once for each different ad.
    different, of_ad = _different(ads, {"language": judged["language"].tolist()})
    said = _read(different)
    masks = [masked_text(text, key) for text in said.given]
    kept = [
        pack_text(masked_text(text, key, reveal=True) if reveal else its)
        for text, its in zip(said.given, masks, strict=True)
    ]
    contacts = contact_keys(said.given, key)
    of_text = {
        "company": _masked_companies(different, key),
        "destinations": [
            _destinations(join_fields([text, place]), language)
            for text, place, language in zip(said.texts, said.places, different["language"], strict=True)
        ],
        "heading": [_heading(each.text) for each in masks],
        "digest": [content_digest(each.text) for each in masks],
    }
    frame = pd.DataFrame(
        {
            "ad_id": ads["ad_id"].tolist(),
            "company": [of_text["company"][i] for i in of_ad],
            "language": judged["language"].tolist(),
            "destinations": [of_text["destinations"][i] for i in of_ad],
            "source": [_short(value) for value in ads["source"]],
            "channel": [_short(value) for value in ads["channel"]],
            "posted_at": [_short(value) for value in ads["posted_at"]],
            "heading": [of_text["heading"][i] for i in of_ad],
            "risk": judged["risk"].astype(float).tolist(),
            "band": judged["band"].tolist(),
            "digest": [of_text["digest"][i] for i in of_ad],
            "image": _images(ads, key),
        }
    )
    frame = frame.astype({name: object for name in AD_COLUMNS if name in frame and name != "risk"})
    columns = [ads[name].tolist() for name in AD_FIELDS]
    return Batch(
        ads=frame,
        fingerprints=[_fingerprint(values, key) for values in zip(*columns, strict=True)],
        kept=[kept[i] for i in of_ad],
        contacts=[contacts[i] for i in of_ad],
        signatures=signature(said.texts, different["company"]).take(of_ad),
        reveal=_in_full(said.given, key) if reveal else {},
    )


class Grouped(NamedTuple):
    """What grouping and naming read of some ads, as in `Batch`; each column has one place for each ad."""

    companies: list[str]
    images: list[str]
    digests: list[str]
    contacts: list[list[ContactKey]]
    signatures: Signatures


def read_grouped(ads: pd.DataFrame, key: bytes) -> Grouped:
    """Read only what grouping and naming need: the same as `read_batch` reads, without judgements. Parameters as
    there."""
    different, of_ad = _different(ads, {})
    said = _read(different)
    companies = _masked_companies(different, key)
    contacts = contact_keys(said.given, key)
    digests = [content_digest(masked_text(text, key).text) for text in said.given]
    return Grouped(
        companies=[companies[i] for i in of_ad],
        images=_images(ads, key),
        digests=[digests[i] for i in of_ad],
        contacts=[contacts[i] for i in of_ad],
        signatures=signature(said.texts, different["company"]).take(of_ad),
    )


class _Said(NamedTuple):
    """Cleaned texts of ads: what is compared, the same with the field of contacts, and the places of work."""

    texts: list[str]
    given: list[str]
    places: list[str]


def _different(ads: pd.DataFrame, also: dict[str, list[str]]) -> tuple[dict[str, list[str]], NDArray[np.int64]]:
    """Return the columns that decide what is kept, each different row once, and which of these each ad is."""
    columns = {name: ads[name].tolist() for name in (*_READ_FIELDS, "company")} | also
    numbers: dict[tuple[str, ...], int] = {}
    of_ad = [numbers.setdefault(values, len(numbers)) for values in zip(*columns.values(), strict=True)]
    return {name: [values[i] for values in numbers] for i, name in enumerate(columns)}, np.array(of_ad, np.int64)


def _read(ads: dict[str, list[str]]) -> _Said:
    cleaned = {name: [clean(text) if text else "" for text in ads[name]] for name in _READ_FIELDS}
    texts = [join_fields(joined) for joined in zip(*(cleaned[name] for name in TEXT_FIELDS), strict=True)]
    given = [join_fields(pair) for pair in zip(texts, cleaned["contact"], strict=True)]
    return _Said(texts, given, cleaned["location"])


def _masked_companies(ads: dict[str, list[str]], key: bytes) -> list[str]:
    return [_short(masked_text(name[:MAX_SHORT], key).text) if name else "" for name in ads["company"]]


def _images(ads: pd.DataFrame, key: bytes) -> list[str]:
    values = ads["image_hash"].fillna("").astype(str).tolist() if "image_hash" in ads else [""] * len(ads)
    return [hash_value("image", value, key) if value else "" for value in values]


def pack_text(kept: MaskedText) -> bytes:
    """Return a kept text as few bytes."""
    return zlib.compress(json.dumps(kept, ensure_ascii=False).encode("utf-8", "surrogatepass"), 3)


def unpack_text(packed: bytes) -> MaskedText:
    """Return what `pack_text` packed."""
    text, contacts = json.loads(zlib.decompress(packed).decode("utf-8", "surrogatepass"))
    return MaskedText(text, tuple((start, end, kind, tag) for start, end, kind, tag in contacts))


def _in_full(texts: Sequence[str], key: bytes) -> dict[str, str]:
    return {hash_value(kind, value, key): value for text in texts for kind, value, _ in linkable_contacts(text)}


def _destinations(text: str, language: str) -> str:
    return " ".join(route(text, find_places(text), language).destinations)


def _heading(text: str) -> str:
    first = next((line.strip() for line in text.replace(FIELD_BOUNDARY, "\n").split("\n") if line.strip()), "")
    line = " ".join(first.split())
    return line if len(line) <= HEADING_CHARS else line[: HEADING_CHARS - 1] + "…"


def _short(value: str) -> str:
    return " ".join(value[: 2 * MAX_SHORT].split())[:MAX_SHORT]


def _fingerprint(values: tuple[str, ...], key: bytes) -> bytes:
    data = "\x1f".join(values).encode("utf-8", "surrogatepass")
    return blake2b(data, key=key[:64], digest_size=12).digest()

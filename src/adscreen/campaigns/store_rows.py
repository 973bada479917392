"""Rows of a store, as the rest of the package reads them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adscreen.campaigns.contact_keys import ContactKey
from adscreen.campaigns.features import N_HASHES, Signatures
from adscreen.campaigns.ledger import AD_COLUMNS

T = TypeVar("T")

AD_VALUES = tuple([name for name in AD_COLUMNS if name != "campaign_id"] + ["image"])
"""Columns of a batch that are columns of the table ``ads``."""


def in_parts(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Return `values` in parts: a query has room for so many."""
    return (values[first : first + size] for first in range(0, len(values), size))


def frame_of(rows: list[Any]) -> pd.DataFrame:
    """Return rows of (number, campaign_id, *AD_VALUES) with the columns of `AD_COLUMNS`."""
    frame = pd.DataFrame(rows, columns=["number", "campaign_id", *AD_VALUES], dtype=object)
    return frame.assign(risk=frame["risk"].astype(float))[[*AD_COLUMNS]]


def contacts_of(connection: sqlite3.Connection, ads: list[int]) -> list[list[ContactKey]]:
    """Return the contacts of all ads, whose numbers are `ads`."""
    place = {ad: i for i, ad in enumerate(ads)}
    found: list[list[ContactKey]] = [[] for _ in ads]
    query = "SELECT ad, contact FROM ad_contacts ORDER BY ad, place"
    known = {
        number: ContactKey(kind, key, masked)
        for number, kind, key, masked in connection.execute("SELECT contact, kind, hash, masked FROM contacts")
    }
    for ad, contact in connection.execute(query):
        found[place[ad]].append(known[contact])
    return found


def signatures_of(connection: sqlite3.Connection, texts: list[int]) -> Signatures:
    """Return the signature of the text of each ad."""
    minhash: list[NDArray[np.uint32]] = []
    features: list[NDArray[np.uint32]] = []
    sizes, place = [0], {}
    for number, lowest, words in connection.execute("SELECT text, minhash, features FROM texts ORDER BY text"):
        place[number] = len(minhash)
        minhash.append(np.frombuffer(lowest, np.uint32))
        features.append(np.frombuffer(words, np.uint32))
        sizes.append(len(features[-1]))
    if not minhash:
        return Signatures(np.empty((0, N_HASHES), np.uint32), np.empty(0, np.uint32), np.zeros(1, np.int64))
    distinct = Signatures(np.stack(minhash), np.concatenate(features), np.cumsum(sizes, dtype=np.int64))
    return distinct.take(np.array([place[number] for number in texts], np.int64))

"""Add batches to a store of campaigns: names stay, and merges and splits are written down.

It keeps signatures, keyed hashes and masked texts, no contact. When a batch is added, all ads are grouped anew from
their signatures, so the groups are those of one run over all files; only then the old names are given to them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np

from adscreen.campaigns.batch import Batch
from adscreen.campaigns.campaign_ids import Change, name_campaigns
from adscreen.campaigns.contact_keys import ContactKey
from adscreen.campaigns.features import Signatures
from adscreen.campaigns.grouping import Grouping, group
from adscreen.campaigns.store_file import close_cleanly, explained, open_for_writing
from adscreen.campaigns.store_rows import AD_VALUES, contacts_of, signatures_of


class Added(NamedTuple):
    """What became of some ads.

    Attributes
    ----------
    ads : list of int
        Number of each in the store; of one that was there, the number it had.
    new : int
        How many were not there.
    """

    ads: list[int]
    new: int


@dataclass
class Update:
    """What adding a batch did.

    Attributes
    ----------
    campaigns : dict of int to str or None
        Campaign of every ad in the store, by its number.
    changes : list of Change
    new_campaigns : int
    """

    campaigns: dict[int, str | None]
    changes: list[Change]
    new_campaigns: int


class StoreWriter:
    """Adds one batch, in one transaction: all of it, or nothing.

    Parameters
    ----------
    folder : Path
        Of the store; made if it is not there. Errors as `adscreen.campaigns.store_file.open_for_writing`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._db, self.key = open_for_writing(folder)
        row = self._db.execute("SELECT coalesce(max(batch), 0) + 1 FROM batches").fetchone()
        self.batch = int(row[0])
        self._new: set[int] = set()
        self._contacts: dict[tuple[str, str], int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")
        close_cleanly(self._db)
        if isinstance(error, sqlite3.Error):
            raise explained(self.folder, error) from error

    def add(self, batch: Batch) -> Added:
        """Add ads; a row that an earlier batch brought, the same in every field, is not added again."""
        numbers, new = [], 0
        first_new = int(self._db.execute("SELECT coalesce(max(ad), 0) + 1 FROM ads").fetchone()[0])
        rows = batch.ads[list(AD_VALUES)].itertuples(index=False, name=None)
        for i, (values, mark) in enumerate(zip(rows, batch.fingerprints, strict=True)):
            known = self._db.execute(
                "SELECT ad FROM ads WHERE fingerprint = ? AND batch < ? ORDER BY ad LIMIT 1", (mark, self.batch)
            ).fetchone()
            if known is not None:
                numbers.append(int(known[0]))
                continue
            ad = first_new + new
            text = self._text(batch.signatures, i)
            cells = [None if isinstance(value, float) and np.isnan(value) else value for value in values]
            marks = ", ".join("?" * (5 + len(AD_VALUES)))
            self._db.execute(
                f"INSERT INTO ads (ad, fingerprint, batch, text, kept, {', '.join(AD_VALUES)}) VALUES ({marks})",  # noqa: S608
                (ad, mark, self.batch, text, batch.kept[i], *cells),
            )
            self._db.executemany(
                "INSERT INTO ad_contacts VALUES (?, ?, ?)",
                [(ad, place, self._contact(each)) for place, each in enumerate(batch.contacts[i])],
            )
            numbers.append(ad)
            self._new.add(ad)
            new += 1
        return Added(numbers, new)

    def commit(self, *, added_at: str, inputs: Iterable[str], model_version: str) -> Update:
        """Group all ads anew, name the groups, and keep everything that was added.

        Parameters
        ----------
        added_at : str
            When; as it is to be shown.
        inputs : iterable of str
            Files of the batch, as the user named them.
        model_version : str
            Of the model that judged.
        """
        ads, before, grouping = self._grouped()
        digests, ad_ids = [], []
        for digest, ad_id in self._db.execute("SELECT digest, ad_id FROM ads ORDER BY ad"):
            digests.append(digest)
            ad_ids.append(ad_id)
        used = {row[0] for row in self._db.execute("SELECT campaign_id FROM names")}
        named = name_campaigns(grouping.labels, digests, before, used, ad_ids)
        self._db.executemany(
            "UPDATE ads SET campaign_id = ? WHERE ad = ?",
            [(now, ad) for ad, was, now in zip(ads, before, named.ids, strict=True) if was != now],
        )
        fresh = {name for name in named.ids if name} - used
        self._db.executemany("INSERT INTO names VALUES (?)", [(name,) for name in sorted(fresh)])
        self._db.execute("DELETE FROM edges")
        edges = grouping.edges
        self._db.executemany(
            "INSERT INTO edges VALUES (?, ?, ?, ?, ?, ?)",
            zip(
                [ads[place] for place in edges["left"].tolist()],
                [ads[place] for place in edges["right"].tolist()],
                edges["reason"].tolist(),
                edges["strength"].astype(float).tolist(),
                edges["key"].tolist(),
                edges["cut"].astype(int).tolist(),
                strict=True,
            ),
        )
        self._db.execute("UPDATE facts SET value = ? WHERE name = 'common'", (json.dumps(grouping.common),))
        self._db.executemany(
            "INSERT INTO changes (batch, kind, campaign_id, other, ads) VALUES (?, ?, ?, ?, ?)",
            [(self.batch, *change) for change in named.changes],
        )
        if self._new:
            self._db.execute(
                "INSERT INTO batches VALUES (?, ?, ?, ?, ?)",
                (self.batch, added_at, json.dumps(list(inputs), ensure_ascii=False), len(self._new), model_version),
            )
        self._db.execute("COMMIT")
        return Update(dict(zip(ads, named.ids, strict=True)), named.changes, len(fresh))

    def _grouped(self) -> tuple[list[int], list[str | None], Grouping]:
        rows = self._db.execute("SELECT ad, text, company, image, campaign_id FROM ads ORDER BY ad").fetchall()
        ads, texts, companies, images, before = (
            (list(column) for column in zip(*rows, strict=True)) if rows else ([],) * 5
        )
        return ads, before, group(signatures_of(self._db, texts), contacts_of(self._db, ads), companies, images)

    def _text(self, signatures: Signatures, row: int) -> int:
        features, minhash = signatures.of(row).tobytes(), signatures.minhash[row].tobytes()
        content = blake2b(features + minhash, digest_size=16).digest()
        known = self._db.execute("SELECT text FROM texts WHERE content = ?", (content,)).fetchone()
        if known is not None:
            return int(known[0])
        made = self._db.execute(
            "INSERT INTO texts (content, minhash, features) VALUES (?, ?, ?)", (content, minhash, features)
        )
        return int(made.lastrowid or 0)

    def _contact(self, contact: ContactKey) -> int:
        name = (contact.hash, contact.kind)
        if name not in self._contacts:
            self._db.execute(
                "INSERT OR IGNORE INTO contacts (kind, hash, masked) VALUES (?, ?, ?)",
                (contact.kind, contact.hash, contact.masked),
            )
            query = "SELECT contact FROM contacts WHERE hash = ? AND kind = ?"
            self._contacts[name] = int(self._db.execute(query, name).fetchone()[0])
        return self._contacts[name]

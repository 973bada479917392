"""Look things up in a store of campaigns."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pandas as pd

from adscreen.campaigns.batch import unpack_text
from adscreen.campaigns.campaign_ids import Change
from adscreen.campaigns.ledger import EDGE_COLUMNS, Ledger
from adscreen.campaigns.masked_text import MaskedText
from adscreen.campaigns.store_file import explained, open_for_reading
from adscreen.campaigns.store_rows import AD_VALUES, contacts_of, frame_of, in_parts


class StoreReader:
    """Looks things up in the store in `folder`; errors as `adscreen.campaigns.store_file.open_for_reading`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._db, self.key = open_for_reading(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
        if isinstance(error, sqlite3.Error):
            raise explained(self.folder, error) from error

    def ledger(self) -> Ledger:
        """Return all ads."""
        return self._ledger(self._db.execute(f"SELECT ad, campaign_id, {', '.join(AD_VALUES)} FROM ads ORDER BY ad"))  # noqa: S608

    def with_contact(self, hashes: Iterable[str]) -> list[tuple[str, str, int, str]]:
        """Return hash, masked form and ad number of the ads that give one of some contacts, with the kind."""
        found = []
        for some in in_parts(list(hashes), 200):
            marks = ", ".join("?" * len(some))
            found += self._db.execute(
                f"SELECT kind, masked, ad, hash FROM contacts JOIN ad_contacts USING (contact) "  # noqa: S608
                f"WHERE hash IN ({marks}) ORDER BY ad",
                some,
            ).fetchall()
        return [(str(kind), str(masked), int(ad), str(key)) for kind, masked, ad, key in found]

    def ads(self, numbers: Iterable[int]) -> pd.DataFrame:
        """Return the columns of `AD_COLUMNS` of some ads, in the order of their numbers."""
        rows: list[Any] = []
        for some in in_parts(sorted(set(numbers)), 500):
            marks = ", ".join("?" * len(some))
            query = f"SELECT ad, campaign_id, {', '.join(AD_VALUES)} FROM ads WHERE ad IN ({marks}) ORDER BY ad"  # noqa: S608
            rows += self._db.execute(query, some).fetchall()
        return frame_of(rows)

    def history(self) -> list[dict[str, Any]]:
        """Return the batches, each with the merges and splits it brought."""
        changes: dict[int, list[dict[str, Any]]] = {}
        for batch, *values in self._db.execute(
            "SELECT batch, kind, campaign_id, other, ads FROM changes ORDER BY change"
        ):
            changes.setdefault(batch, []).append(Change(*values)._asdict())
        query = "SELECT batch, added_at, inputs, ads, model_version FROM batches ORDER BY batch"
        return [
            {
                "batch": batch,
                "added_at": added_at,
                "inputs": json.loads(inputs),
                "ads": ads,
                "model_version": version,
                "changes": changes.get(batch, []),
            }
            for batch, added_at, inputs, ads, version in self._db.execute(query)
        ]

    def common(self) -> dict[str, int]:
        """Return the hashes of contacts that link nothing, with how many ads give them."""
        value: dict[str, int] = json.loads(
            self._db.execute("SELECT value FROM facts WHERE name = 'common'").fetchone()[0]
        )
        return value

    def _ledger(self, rows: Iterable[Any]) -> Ledger:
        found = list(rows)
        numbers = [row[0] for row in found]
        place = {ad: i for i, ad in enumerate(numbers)}
        edges = pd.DataFrame(
            self._db.execute("SELECT low, high, reason, strength, key, cut FROM edges").fetchall(),
            columns=list(EDGE_COLUMNS),
        )
        edges = edges.assign(
            left=edges["left"].map(place), right=edges["right"].map(place), cut=edges["cut"].astype(bool)
        )

        def text_of(position: int) -> MaskedText:
            row = self._db.execute("SELECT kept FROM ads WHERE ad = ?", (numbers[position],)).fetchone()
            return unpack_text(row[0])

        return Ledger(frame_of(found), contacts_of(self._db, numbers), edges, self.common(), text_of, {})

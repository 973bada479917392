"""What happened to the rows of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from adscreen.ads.rejects import Reject
from adscreen.learning.risk import BANDS

CONTENT_ID = r"ad-[0-9a-f]{16}"
"""Ids that `adscreen.ads.schema.content_id` made: the same ad twice is a repost, not a mistake."""


@dataclass
class Counters:
    """What happened to the rows of one run.

    Attributes
    ----------
    share : float
        How much of the input is read, 0 to 1.
    seconds : float
    peak_memory : int
        Bytes: most memory in use at one time, over all processes; 0 where it was not measured.
    rows_before : int
        How many of the rows an earlier run judged.
    """

    rows: int = 0
    scored: int = 0
    unscorable: int = 0
    rejected: int = 0
    repeated_ids: int = 0
    first_repeated_id: str = ""
    first_rejects: list[Reject] = field(default_factory=list)
    by_band: dict[str, int] = field(default_factory=lambda: dict.fromkeys(BANDS, 0))
    seconds: float = 0.0
    share: float = 0.0
    peak_memory: int = 0
    rows_before: int = 0

    def add(self, results: pd.DataFrame) -> None:
        """Count the ads of `results`."""
        for band, count in results["band"].value_counts().items():
            self.by_band[str(band)] += int(count)
        self.rows += len(results)
        self.unscorable = self.by_band["unscorable"]
        self.scored = self.rows - self.unscorable

    def merge(self, other: Counters) -> None:
        """Add what happened to the rows of another part of the run; its time and memory are not added."""
        self.rows += other.rows
        self.scored += other.scored
        self.unscorable += other.unscorable
        self.rejected += other.rejected
        self.repeated_ids += other.repeated_ids
        self.first_repeated_id = self.first_repeated_id or other.first_repeated_id
        for band, count in other.by_band.items():
            self.by_band[band] += count

    def as_json(self) -> dict[str, Any]:
        """Return the counters as plain JSON values, with the rate in ads a second and the memory in bytes."""
        rate = (self.rows - self.rows_before) / self.seconds if self.seconds > 0 else 0.0
        return {
            "rows": self.rows,
            "scored": self.scored,
            "unscorable": self.unscorable,
            "rejected": self.rejected,
            "repeated_ids": self.repeated_ids,
            "by_band": self.by_band,
            "seconds": round(self.seconds, 3),
            "ads_per_second": round(rate, 1),
            "peak_memory": self.peak_memory,
        }


Progress = Callable[[Counters], None]
"""Told the counters now and then, while they grow."""


class SeenIds:
    """Remembers which ids came already, at 8 bytes each; a set of strings would grow twenty times as fast."""

    def __init__(self) -> None:
        self._sorted: np.ndarray[Any, np.dtype[np.uint64]] = np.empty(0, np.uint64)
        self._recent: list[np.ndarray[Any, np.dtype[np.uint64]]] = []

    def repeated(self, ids: pd.Series) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return which of `ids` came before, in this call or an earlier one; shape (len(ids),)."""
        hashes = pd.util.hash_array(ids.to_numpy(dtype=object), categorize=False)
        repeated: np.ndarray[Any, np.dtype[np.bool_]] = pd.Series(hashes).duplicated().to_numpy(copy=True)
        for known in (self._sorted, *self._recent):
            place = np.minimum(np.searchsorted(known, hashes), max(len(known) - 1, 0))
            if len(known):
                repeated |= known[place] == hashes
        self._recent.append(np.sort(hashes))
        if len(self._recent) > 64:
            self._sorted = np.sort(np.concatenate((self._sorted, *self._recent)))
            self._recent = []
        return repeated

    def count(self, ids: pd.Series, counters: Counters) -> None:
        """Count in `counters` the ids that came before, but not those made from the content."""
        repeated = self.repeated(ids) & ~ids.str.fullmatch(CONTENT_ID).to_numpy(bool)
        if repeated.any():
            counters.first_repeated_id = counters.first_repeated_id or str(ids[repeated].iloc[0])
            counters.repeated_ids += int(repeated.sum())

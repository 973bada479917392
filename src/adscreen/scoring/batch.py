"""Score files of any size: read in chunks, judge, write; memory grows by the 8 bytes that remember an id."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from adscreen.ads.readers import read_ads
from adscreen.ads.rejects import Reject, RejectLog
from adscreen.ads.schema import TEXT_FIELDS
from adscreen.learning.risk import BANDS
from adscreen.scoring.scorer import Scorer
from adscreen.scoring.writers import check_output, open_writer

Progress = Callable[[int], None]

CONTENT_ID = r"ad-[0-9a-f]{16}"
"""Ids that `adscreen.ads.schema.content_id` made: the same ad twice is a repost, not a mistake."""


@dataclass
class Counters:
    """What happened to the rows of one run."""

    rows: int = 0
    scored: int = 0
    unscorable: int = 0
    rejected: int = 0
    repeated_ids: int = 0
    first_repeated_id: str = ""
    first_rejects: list[Reject] = field(default_factory=list)
    by_band: dict[str, int] = field(default_factory=lambda: dict.fromkeys(BANDS, 0))
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Return the counters as plain JSON values, with the rate in ads a second."""
        rate = self.rows / self.seconds if self.seconds > 0 else 0.0
        return {
            "rows": self.rows,
            "scored": self.scored,
            "unscorable": self.unscorable,
            "rejected": self.rejected,
            "repeated_ids": self.repeated_ids,
            "by_band": self.by_band,
            "seconds": round(self.seconds, 3),
            "ads_per_second": round(rate, 1),
        }


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


def score_stream(
    scorer: Scorer,
    inputs: Sequence[str],
    *,
    mapping: Mapping[str, str],
    input_format: str | None,
    rejects: RejectLog,
    counters: Counters,
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Read and judge ads chunk by chunk, and count them.

    Yields
    ------
    ads, results : DataFrame
        Of equal length, in input order.
    """
    seen = SeenIds()
    started = time.perf_counter()
    for source in inputs:
        for ads in read_ads(source, mapping=mapping, input_format=input_format, rejects=rejects):
            results = scorer.score(ads)
            repeated = seen.repeated(ads["ad_id"]) & ~ads["ad_id"].str.fullmatch(CONTENT_ID).to_numpy(bool)
            if repeated.any():
                counters.first_repeated_id = counters.first_repeated_id or str(ads["ad_id"][repeated].iloc[0])
                counters.repeated_ids += int(repeated.sum())
            for band, count in results["band"].value_counts().items():
                counters.by_band[str(band)] += int(count)
            counters.rows += len(results)
            counters.unscorable = counters.by_band["unscorable"]
            counters.scored = counters.rows - counters.unscorable
            counters.rejected = rejects.count
            counters.seconds = time.perf_counter() - started
            yield ads, results
    counters.rejected = rejects.count
    counters.seconds = time.perf_counter() - started


def score_files(
    scorer: Scorer,
    inputs: Sequence[str],
    output: str,
    *,
    mapping: Mapping[str, str] | None = None,
    input_format: str | None = None,
    progress: Progress = lambda _: None,
) -> Counters:
    """Score `inputs` one after the other into the one file `output`.

    Parameters
    ----------
    inputs : sequence of str
        Files, folders or "-" for stdin; see `adscreen.ads.readers.read_ads`.
    output : str
        File whose suffix says the format, or "-" for JSON lines on stdout. Rows that cannot be read go to
        ``OUTPUT.rejected.jsonl``.
    progress : callable, optional
        Told the number of rows done so far.

    Returns
    -------
    Counters

    Raises
    ------
    InputError, OutputError, UsageError
        With nothing left under the name `output`.
    """
    check_output(output, inputs)
    counters = Counters()
    rejects_path = None if output == "-" else Path(f"{output}.rejected.jsonl")
    if rejects_path is not None:
        rejects_path.unlink(missing_ok=True)  # of an earlier run
    with RejectLog(rejects_path) as rejects, open_writer(output) as writer:
        for _, results in score_stream(
            scorer,
            inputs,
            mapping=mapping or {},
            input_format=input_format,
            rejects=rejects,
            counters=counters,
        ):
            writer.write(results)
            progress(counters.rows)
        counters.first_rejects = rejects.first
        if counters.rows == 0:  # every row was set aside: a file with its header and no rows, not a broken one
            writer.write(scorer.score(pd.DataFrame(columns=list(TEXT_FIELDS))))
    return counters

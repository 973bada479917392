"""Group files of ads, alone or into a store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from adscreen.ads.rejects import RejectLog
from adscreen.campaigns.batch import Batch, read_batch, unpack_text
from adscreen.campaigns.campaign_ids import Change, name_campaigns
from adscreen.campaigns.contact_keys import ContactKey
from adscreen.campaigns.features import SignatureBuffer
from adscreen.campaigns.grouping import group
from adscreen.campaigns.ledger import AD_COLUMNS, Ledger
from adscreen.campaigns.store_reader import StoreReader
from adscreen.campaigns.store_writer import StoreWriter
from adscreen.scoring.batch import score_stream
from adscreen.scoring.counters import Counters, Progress
from adscreen.scoring.scorer import Scorer
from adscreen.screening.campaign_files import Exports, write_campaign_ids

IN_MEMORY_KEY = b"adscreen: these hashes never leave the process"
"""Without a store no hash is kept or written, so that a fixed key gives the same groups in every run."""


_NO_ADS = pd.DataFrame({name: pd.Series([], dtype=object) for name in [*AD_COLUMNS, "image"]})


class Input(NamedTuple):
    """What to read, and how."""

    files: Sequence[str]
    mapping: Mapping[str, str]
    format: str | None = None


@dataclass
class Outcome:
    """What came of a run.

    Attributes
    ----------
    counters : Counters
        Of reading and judging.
    campaigns, in_campaigns : int
        Campaigns found, and the ads in them; of the whole store where there is one.
    largest : int
        Ads of the largest campaign.
    new_ads, known_ads, store_ads : int
        Ads added to the store, rows that were in it, and ads in it now.
    changes : list of Change
        Merges and splits.
    """

    counters: Counters
    campaigns: int = 0
    in_campaigns: int = 0
    largest: int = 0
    new_ads: int = 0
    known_ads: int = 0
    store_ads: int = 0
    changes: list[Change] = field(default_factory=list)

    def count(self, campaign_ids: Sequence[str | None]) -> None:
        """Count the campaigns of all ads."""
        sizes = pd.Series(list(campaign_ids), dtype=object).value_counts()
        self.campaigns, self.in_campaigns = len(sizes), int(sizes.sum())
        self.largest = int(sizes.max()) if len(sizes) else 0

    def as_json(self, *, of_store: bool) -> dict[str, Any]:
        """Return the figures as plain JSON values."""
        own = {"campaigns": self.campaigns, "in_campaigns": self.in_campaigns, "largest": self.largest}
        stored = {
            "new_ads": self.new_ads,
            "known_ads": self.known_ads,
            "store_ads": self.store_ads,
            "changes": [change._asdict() for change in self.changes],
        }
        return {**self.counters.as_json(), **own, **(stored if of_store else {})}


class Gathering:
    """Takes batches and groups all of them."""

    def __init__(self) -> None:
        self._frames: list[pd.DataFrame] = []
        self._kept: list[bytes] = []
        self._contacts: list[list[ContactKey]] = []
        self._signatures = SignatureBuffer()
        self._reveal: dict[str, str] = {}

    def add(self, batch: Batch) -> None:
        """Take a batch."""
        self._frames.append(batch.ads)
        self._kept += batch.kept
        self._contacts += batch.contacts
        self._signatures.add(batch.signatures)
        self._reveal |= batch.reveal

    def ledger(self) -> Ledger:
        """Group all ads taken so far and name their campaigns."""
        ads = pd.concat([_NO_ADS, *self._frames], ignore_index=True)  # none, where every row was set aside
        found = group(self._signatures.joined(), self._contacts, ads["company"].tolist(), ads["image"].tolist())
        named = name_campaigns(found.labels, ads["digest"].tolist(), ad_ids=ads["ad_id"].tolist())
        ads = ads.assign(campaign_id=pd.Series(named.ids, dtype=object), risk=ads["risk"].astype(float))
        return Ledger(
            ads, found.contacts, found.edges, found.common, lambda ad: unpack_text(self._kept[ad]), self._reveal
        )


def judged_batches(
    scorer: Scorer,
    source: Input,
    key: bytes,
    rejects: RejectLog,
    counters: Counters,
    progress: Progress = lambda _: None,
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame, Batch]]:
    """Read and judge files, and yield ads, results and what is kept of them; errors as `score_stream`."""
    stream = score_stream(
        scorer, source.files, mapping=source.mapping, input_format=source.format, rejects=rejects, counters=counters
    )
    for ads, results in stream:
        yield ads, results, read_batch(ads, results, key, reveal=scorer.reveal)
        progress(counters)


def group_files(
    scorer: Scorer, source: Input, output: str, exports: Exports, progress: Progress = lambda _: None
) -> Outcome:
    """Group the ads of some files; write the campaign of each ad to `output`, and `exports`.

    Rows that cannot be read go to ``OUTPUT.rejected.jsonl``.

    Raises
    ------
    InputError, OutputError, UsageError
    """
    exports.check(source.files, output)
    outcome = Outcome(Counters())
    gathering = Gathering()
    with _reject_log(output) as rejects:
        for _, _, batch in judged_batches(scorer, source, IN_MEMORY_KEY, rejects, outcome.counters, progress):
            gathering.add(batch)
        outcome.counters.first_rejects = rejects.first
    ledger = gathering.ledger()
    outcome.count(ledger.ads["campaign_id"].tolist())
    exports.write(ledger, day=_today(), version=scorer.version)
    write_campaign_ids(output, ledger.ads["ad_id"].tolist(), ledger.ads["campaign_id"].tolist())
    return outcome


def update_store(
    scorer: Scorer,
    folder: Path,
    source: Input,
    output: str | None,
    exports: Exports,
    progress: Progress = lambda _: None,
) -> Outcome:
    """Add the ads of some files to the store in `folder`; then write the campaign of each to `output`, and `exports`.

    Raises
    ------
    InputError, OutputError, StoreError, UsageError
        The store is then as it was before, unless only a file could not be written.
    """
    exports.check(source.files, output)
    outcome = Outcome(Counters())
    ad_ids: list[str] = []
    numbers: list[int] = []
    with _reject_log(output) as rejects, StoreWriter(folder) as store:
        for ads, _, batch in judged_batches(scorer, source, store.key, rejects, outcome.counters, progress):
            added = store.add(batch)
            ad_ids += ads["ad_id"].tolist()
            numbers += added.ads
            outcome.new_ads += added.new
        outcome.known_ads = len(numbers) - outcome.new_ads
        outcome.counters.first_rejects = rejects.first
        update = store.commit(
            added_at=datetime.now(UTC).isoformat(timespec="seconds"), inputs=source.files, model_version=scorer.version
        )
    outcome.changes, outcome.store_ads = update.changes, len(update.campaigns)
    outcome.count(list(update.campaigns.values()))
    if output is not None:
        write_campaign_ids(output, ad_ids, [update.campaigns[number] for number in numbers])
    if exports != Exports():
        export_store(folder, exports)
    return outcome


def export_store(folder: Path, exports: Exports) -> int:
    """Write `exports` of the store in `folder` and return how many campaigns it has; errors as `update_store`."""
    exports.check([])
    with StoreReader(folder) as store:
        ledger = store.ledger()
        history = store.history()
        exports.write(ledger, day=_today(), version=history[-1]["model_version"] if history else "")
        return int(ledger.ads["campaign_id"].nunique())


def _reject_log(output: str | None) -> RejectLog:
    if output is None or output == "-":
        return RejectLog()
    path = Path(f"{output}.rejected.jsonl")
    path.unlink(missing_ok=True)  # of an earlier run
    return RejectLog(path)


def _today() -> str:
    return datetime.now(UTC).date().isoformat()

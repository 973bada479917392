"""Screen files for a person: the campaigns and ads to read first, what could not be judged, and the report on both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from adscreen.ads.rejects import Reject, RejectLog
from adscreen.campaigns.profiles import Campaign, profiles
from adscreen.errors import UsageError
from adscreen.scoring.counters import Counters, Progress
from adscreen.scoring.explain import explain
from adscreen.scoring.scorer import Scorer
from adscreen.scoring.writers import check_not_input, check_place
from adscreen.screening.campaign_run import IN_MEMORY_KEY, Gathering, Input, judged_batches
from adscreen.screening.marked_text import mask_contacts
from adscreen.screening.ranking import SHOWN_FIELDS, Ranking
from adscreen.screening.report import EXCERPT_CHARS, MAX_UNSCORABLE, Summary, write_report


class Screened(NamedTuple):
    """What came of screening.

    Attributes
    ----------
    ranked : list of dict
        Of `adscreen.screening.ranking.Ranking.ranked`: one ad for each campaign.
    campaigns : dict of str to Campaign
        Those that are in `ranked`, by name.
    counters : Counters
    rejects : list of Reject
        The first rows that could not be read; ``counters.rejected`` counts all.
    unscorable : list of (ad_id, reason, excerpt)
        The first `MAX_UNSCORABLE` ads that could not be judged.
    """

    ranked: list[dict[str, Any]]
    campaigns: dict[str, Campaign]
    counters: Counters
    rejects: list[Reject]
    unscorable: list[tuple[str, str, str]]


def screen_files(
    scorer: Scorer,
    inputs: Sequence[str],
    budget: int,
    *,
    mapping: Mapping[str, str],
    input_format: str | None = None,
    progress: Progress = lambda _: None,
) -> Screened:
    """Judge and group all ads of `inputs`, and keep the `budget` most suspicious campaigns and single ads.

    Errors as `adscreen.scoring.batch.score_stream`.
    """
    counters, rejects = Counters(), RejectLog()
    unscorable: list[tuple[str, str, str]] = []
    gathering, ranking = Gathering(), Ranking()
    source = Input(inputs, mapping, input_format)
    for ads, results, batch in judged_batches(scorer, source, IN_MEMORY_KEY, rejects, counters, progress):
        for i in results.index[results["band"] == "unscorable"][: MAX_UNSCORABLE - len(unscorable)]:
            text = " ".join([*str(ads.at[i, "title"]).split(), *str(ads.at[i, "description"]).split()])
            unscorable.append((str(results.at[i, "ad_id"]), str(results.at[i, "reason"]), text[: 4 * EXCERPT_CHARS]))
        gathering.add(batch)
        ranking.add(ads, results)
    ledger = gathering.ledger()
    ranked = ranking.ranked(ledger.ads["campaign_id"].tolist(), budget)
    wanted = [row["campaign_id"] for row in ranked if row["campaign_id"]]
    campaigns = {campaign.campaign_id: campaign for campaign in profiles(ledger, wanted)}
    for row in ranked:
        # What is printed masks the contacts of the ad itself; `ad` keeps them, and the report masks its own.
        row.update({name: mask_contacts(row[name]) for name in SHOWN_FIELDS if row[name]})
    return Screened(ranked, campaigns, counters, rejects.first, unscorable)


def check_report(path: Path, inputs: Sequence[str]) -> None:
    """Check, before any work is done, that the report can be written.

    Raises
    ------
    UsageError, OutputError
        If `path` has another suffix than .html, is an input or cannot be written.
    """
    if path.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"--report {path}: the report is a page; give a name that ends in .html.")
    check_not_input("--report", str(path), inputs)
    check_place("--report", path)


def report_on(path: Path, scorer: Scorer, screened: Screened, inputs: Sequence[str], budget: int) -> None:
    """Write the report on `screened` to `path`; errors as `adscreen.screening.report.write_report`."""
    counters = screened.counters
    explained = [explain(scorer, pd.DataFrame([row["ad"]])) for row in screened.ranked]
    summary = Summary(
        tuple(inputs),
        counters.rows,
        counters.by_band,
        counters.rejected,
        [(reject.row, reject.reason) for reject in screened.rejects],
        budget,
        screened.unscorable,
        scorer.version,
        date.today().isoformat(),
    )
    campaigns = [screened.campaigns.get(row["campaign_id"]) for row in screened.ranked]
    write_report(
        path, explained, [row["copies"] for row in screened.ranked], summary, scorer.catalogue, campaigns=campaigns
    )

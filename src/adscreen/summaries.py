"""The sentences a command ends with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from adscreen.messages import say

if TYPE_CHECKING:
    from adscreen.ads.rejects import Reject
    from adscreen.scoring.run import Outcome


def counted(ads: int) -> str:
    """Return "1 ad" or "2 ads"."""
    return f"{ads:,} ad{'' if ads == 1 else 's'}"


def say_scored(outcome: Outcome, output: str, *, summary: bool) -> None:
    """Say what `adscreen score` did."""
    counters, parts = outcome.counters, outcome.parts
    if summary:
        bands = ", ".join(f"{count:,} {band}" for band, count in counters.by_band.items())
        of_parts = ""
        if parts:
            before = f", {parts['skipped']:,} of them before" if parts["skipped"] else ""
            done = parts["scored"] + parts["skipped"]
            of_parts = f" in {done:,} part{'' if done == 1 else 's'}{before}"
        say(f"{counted(counters.rows)} judged{of_parts}: {bands}. Written to {output}.")
    if counters.repeated_ids:
        earlier = "an earlier row of their part" if parts else "an earlier row"
        say(
            f"Note: {counters.repeated_ids:,} rows have an ad_id that {earlier} has "
            f"(first: {counters.first_repeated_id!r}). All were judged; join results by row order, not by ad_id."
        )


def say_set_aside(rejected: int, shown: Sequence[Reject], files: Sequence[str], failures: Sequence[str]) -> None:
    """Say what was set aside: the first rows, or the files they are in; and the parts."""
    if rejected:
        place = f"; see {files[0]}" if files and not shown else ""
        others = f" and {len(files) - 1} more" if place and len(files) > 1 else ""
        say(f"{rejected:,} row{'s' if rejected > 1 else ''} could not be read and were set aside{place}{others}.")
        for reject in shown:
            say(f"  {reject.file}, row {reject.row}: {reject.reason}")
    if failures:
        several = len(failures) > 1
        say(f"{len(failures):,} part{'s' * several} could not be read and {'were' if several else 'was'} set aside.")

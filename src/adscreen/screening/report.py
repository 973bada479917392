"""The report: one HTML file for people, which asks nothing of any network and runs nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from adscreen.campaigns.profiles import Campaign
from adscreen.errors import OutputError
from adscreen.scoring.explain import Explanation
from adscreen.screening.cards import Card, card_of
from adscreen.screening.marked_text import mask_contacts
from adscreen.screening.report_words import words
from adscreen.screening.visible_text import one_line, plain
from adscreen.signals.indicator_files import Catalogue

if TYPE_CHECKING:
    from jinja2 import Template

MAX_UNSCORABLE = 200
MAX_REJECTS = 200
EXCERPT_CHARS = 200


class Summary(NamedTuple):
    """What happened to all the rows, those not shown too.

    Attributes
    ----------
    files : tuple of str
        The inputs, as the user named them.
    rows : int
        Ads read.
    by_band : dict of str to int
        Ads in each band, repeats counted.
    rejected : int
        Rows that could not be read.
    rejects : list of (row, reason)
        Of these, as many as are to be listed.
    budget : int
        How many ads the reader can read.
    unscorable : list of (ad_id, reason, excerpt)
        The first 200 ads that could not be judged; contacts in the excerpts are masked here.
    version : str
        Of the model.
    date : str
        As it is to be shown.
    """

    files: tuple[str, ...]
    rows: int
    by_band: dict[str, int]
    rejected: int
    rejects: list[tuple[int, str]]
    budget: int
    unscorable: list[tuple[str, str, str]]
    version: str
    date: str


def write_report(
    path: Path,
    ads: Sequence[Explanation],
    copies: Sequence[int],
    summary: Summary,
    catalogue: Catalogue,
    *,
    campaigns: Sequence[Campaign | None] | None = None,
) -> None:
    """Write the report on `ads` to `path`.

    It appears under its name when it is whole: never half of it, also if the disk is full or somebody presses Ctrl-C.

    Parameters
    ----------
    path : Path
    ads : sequence of Explanation
        The ads within the budget, the most suspicious first; one for each campaign.
    copies : sequence of int, of the same length
        How many ads had exactly the text of each, itself counted.
    summary : Summary
    catalogue : Catalogue
        The indicators the ads were judged with: labels, questions and sources come from it.
    campaigns : sequence of Campaign or None, optional
        The campaign that each ad stands for, None for an ad on its own.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    each = zip(ads, copies, campaigns or [None] * len(ads), strict=True)
    cards = [card_of(ad, rank, count, catalogue, campaign) for rank, (ad, count, campaign) in enumerate(each, start=1)]
    stream = _template().generate(**_context(cards, summary))
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(stream)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise OutputError(
            f"--report {path}: cannot be written ({error.strerror or error}). Choose another folder."
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def _context(cards: list[Card], summary: Summary) -> dict[str, Any]:
    flagged = [card for card in cards if card.band != "clear"]
    to_read = summary.by_band.get("urgent", 0) + summary.by_band.get("review", 0)
    return {
        "flagged": flagged,
        "calmer": [card for card in cards if card.band == "clear"],
        "urgent": sum(card.band == "urgent" for card in cards),
        "covered": sum(card.stands_for for card in flagged),
        "beyond": max(0, to_read - sum(card.stands_for_flagged for card in cards)),
        "summary": summary,
        "unscorable": [
            (ad_id, reason, one_line(mask_contacts(excerpt[: 4 * EXCERPT_CHARS]), EXCERPT_CHARS))
            for ad_id, reason, excerpt in summary.unscorable[:MAX_UNSCORABLE]
        ],
        "rejects": [(row, mask_contacts(reason)) for row, reason in summary.rejects[:MAX_REJECTS]],
        "words": words(),
    }


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # only a report needs it

    environment = Environment(
        loader=PackageLoader("adscreen.screening", ""),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_without_hidden,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2")


def _without_hidden(value: Any) -> Any:
    """Clean whatever the template puts out: one place through which every text passes.

    What macros give is markup of the template, clean and escaped already.
    """
    return plain(value) if type(value) is str else value

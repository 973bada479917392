"""What the commands share: options, loading a model, and how a command ends."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from adscreen.ads.rejects import Reject
    from adscreen.scoring.scorer import Scorer

Inputs = Annotated[
    list[str],
    typer.Argument(
        help="CSV, TSV, JSONL, Parquet or XLSX files, globs, folders of them or of .txt/.html, or - for stdin."
    ),
]
Model = Annotated[str | None, typer.Option("--model", help="Model file (.bundle); the shipped model if left out.")]
Mapping = Annotated[
    list[str] | None,
    typer.Option("--map", help="field=column, for columns adscreen does not know: --map description=post_text"),
]
Indicators = Annotated[
    Path | None,
    typer.Option("--indicators", help="Folder with indicators of your own, beside those that ship."),
]
Reveal = Annotated[bool, typer.Option("--reveal", help="Give contacts in full; they are masked otherwise.")]
Deep = Annotated[
    bool,
    typer.Option(
        "--deep",
        help="Judge suspicious ads once more by what they mean, in any language: slower, about 10 short ads a second "
        "and core for those it reads. Needs the extra deep: pip install 'adscreen\\[deep]'.",
    ),
]
Format = Annotated[
    str | None,
    typer.Option("--format", help="csv, tsv, jsonl, parquet or xlsx, where the suffix does not say."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one machine-readable line on stdout.")]

DONE_WITH_REJECTS = 4


def load_scorer(
    model: str | None, indicators: Path | None = None, *, reveal: bool = False, deep: bool = False
) -> Scorer:
    """Load a model, with the indicators of a folder beside those that ship."""
    from adscreen.scoring.scorer import Scorer

    if indicators is None:
        return Scorer.load(model, reveal=reveal, deep=deep)
    from adscreen.signals.indicators import finder_with

    return Scorer.load(model, finder_with(indicators), reveal=reveal, deep=deep)


def progress_of(task: str) -> Any:
    """Return a context that shows how many rows are done, on a terminal."""
    from adscreen.progress import row_progress

    return row_progress(task)


def exit_for_rejects(
    rejected: int, shown: list[Reject], files: Sequence[str] = (), failures: Sequence[str] = ()
) -> None:
    """Say what was set aside, and leave with code 4 if anything was."""
    from adscreen.summaries import say_set_aside

    say_set_aside(rejected, shown, files, failures)
    if rejected or failures:
        raise typer.Exit(DONE_WITH_REJECTS)

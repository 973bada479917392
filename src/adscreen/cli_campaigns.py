"""The commands of ``adscreen campaigns``: parse, call, print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from adscreen.cli_options import (
    Format,
    Indicators,
    Inputs,
    Json,
    Mapping,
    Model,
    Reveal,
    exit_for_rejects,
    load_scorer,
    progress_of,
)
from adscreen.errors import UsageError
from adscreen.messages import say

if TYPE_CHECKING:
    from adscreen.screening.campaign_run import Outcome

MAX_SHOWN_CHANGES = 10


class _GroupsByDefault(TyperGroup):
    """Takes ``adscreen campaigns ads.csv …`` for ``adscreen campaigns group ads.csv …``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h"):
            args = ["group", *args]
        return super().parse_args(ctx, args)


campaigns_app = typer.Typer(
    cls=_GroupsByDefault,
    help="Find which ads belong together: adscreen campaigns ads.csv -o out.csv is short for campaigns group. "
    "Keep them in a store with --update, look contacts up with find.",
    no_args_is_help=True,
)

Summary = Annotated[
    str | None,
    typer.Option("--summary", help="Also a table with one row for each campaign: .csv, .jsonl, .parquet or .xlsx."),
]
Graph = Annotated[
    Path | None, typer.Option("--graph", help="Also a .graphml file for Gephi: campaigns, contacts, and links.")
]
Misp = Annotated[
    Path | None, typer.Option("--misp", help="Also a MISP event (.json) of the campaigns in review or urgent.")
]
Store = Annotated[Path, typer.Option("--store", help="Folder of the store.")]


@campaigns_app.command("group", epilog="Example: adscreen campaigns ads.csv -o groups.csv --summary campaigns.xlsx")
def group(
    inputs: Inputs,
    output: Annotated[
        str | None,
        typer.Option("-o", "--output", help="Table with the campaign of each ad: .csv, .jsonl, .parquet, .xlsx; or -."),
    ] = None,
    update: Annotated[
        Path | None, typer.Option("--update", help="Add the ads to the store in this folder; made if it is not there.")
    ] = None,
    summary: Summary = None,
    graph: Graph = None,
    misp: Misp = None,
    model: Model = None,
    indicators: Indicators = None,
    reveal: Reveal = False,
    mapping: Mapping = None,
    input_format: Format = None,
    as_json: Json = False,
) -> None:
    """Group ads into campaigns: one text reposted with other names, pay or places, or one contact in several texts.

    OUTPUT has one row for each ad: ad_id and campaign_id, empty for an ad on its own. With --update the ads are added
    to a store, which keeps the names of campaigns and logs merges and splits; a row that is in it already is not
    added again. The store holds masked contacts and keyed hashes, so --reveal works without it only.
    """
    from adscreen.ads.columns import parse_map
    from adscreen.screening.campaign_files import Exports
    from adscreen.screening.campaign_run import Input, group_files, update_store

    if output is None and update is None:
        raise UsageError("campaigns needs -o OUT, --update STORE or both: adscreen campaigns ads.csv -o groups.csv")
    if reveal and update is not None:
        raise UsageError("--reveal: a store keeps no contact in full. Leave out --update, or leave out --reveal.")
    source = Input(inputs, parse_map(mapping or []), input_format)
    exports = Exports(summary, graph, misp)
    exports.check(inputs, output)
    scorer = load_scorer(model, indicators, reveal=reveal)
    with progress_of("grouping") as progress:
        if update is not None:
            outcome = update_store(scorer, update, source, output, exports, progress)
        else:
            outcome = group_files(scorer, source, str(output), exports, progress)
    if as_json:
        result = {**outcome.as_json(of_store=update is not None), "model_version": scorer.version}
        typer.echo(json.dumps(result, ensure_ascii=False), err="-" in (output, summary))
    else:
        _say_outcome(outcome, update, [str(name) for name in (output, *exports) if name not in (None, "-")])
    counters = outcome.counters
    to_file = output is not None and output != "-"
    exit_for_rejects(counters.rejected, [] if to_file else counters.first_rejects, [f"{output}.rejected.jsonl"])


@campaigns_app.command("find", epilog="Example: adscreen campaigns find '+855 12 345 678' --store store/")
def find(
    contact: Annotated[str, typer.Argument(help="Phone number in any notation, handle, e-mail address, domain, link.")],
    store: Store,
    country: Annotated[
        str | None, typer.Option("--country", help="Country of a number without its code, as KH.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show every ad and campaign of a store that gives a contact."""
    from adscreen.campaigns.pivot import find_contact
    from adscreen.campaigns.store_reader import StoreReader
    from adscreen.printing_campaigns import found_as_json, print_found

    with StoreReader(store) as reader:
        found = find_contact(reader, contact, country)
    if as_json:
        typer.echo(json.dumps(found_as_json(found), ensure_ascii=False))
    else:
        print_found(found)


@campaigns_app.command("export", epilog="Example: adscreen campaigns export --store store/ --summary campaigns.xlsx")
def export(
    store: Store, summary: Summary = None, graph: Graph = None, misp: Misp = None, as_json: Json = False
) -> None:
    """Write the campaigns of a store: as a table, for Gephi, for MISP. Contacts are masked."""
    from adscreen.screening.campaign_files import Exports
    from adscreen.screening.campaign_run import export_store

    exports = Exports(summary, graph, misp)
    if exports == Exports():
        raise UsageError("export needs --summary FILE, --graph FILE or --misp FILE.")
    campaigns = export_store(store, exports)
    if as_json:
        typer.echo(json.dumps({"campaigns": campaigns}), err=summary == "-")
    else:
        say(f"{_counted(campaigns)} written to {', '.join(str(name) for name in exports if name is not None)}.")


@campaigns_app.command("history", epilog="Example: adscreen campaigns history --store store/")
def history(store: Store, as_json: Json = False) -> None:
    """Show the batches of a store, with the merges and splits that each brought."""
    from adscreen.campaigns.store_reader import StoreReader
    from adscreen.printing_campaigns import change_line
    from adscreen.summaries import counted

    with StoreReader(store) as reader:
        batches = reader.history()
    if as_json:
        typer.echo(json.dumps(batches, ensure_ascii=False))
        return
    from adscreen.campaigns.campaign_ids import Change
    from adscreen.printing import printable

    for batch in batches:
        files = printable(", ".join(batch["inputs"]))
        typer.echo(f"Batch {batch['batch']}, {batch['added_at']}: {counted(batch['ads'])} from {files}")
        for change in batch["changes"]:
            typer.echo(f"  {change_line(Change(**change))}")


def _say_outcome(outcome: Outcome, store: Path | None, files: list[str]) -> None:
    from adscreen.printing_campaigns import change_line
    from adscreen.summaries import counted

    written = f" Written to {', '.join(files)}." if files else ""
    if store is None:
        alone = outcome.counters.rows - outcome.in_campaigns
        say(
            f"{counted(outcome.counters.rows)}: {outcome.in_campaigns:,} in {_counted(outcome.campaigns)}, "
            f"{alone:,} on their own.{written}"
        )
        return
    known = f" ({outcome.known_ads:,} more were in it already)" if outcome.known_ads else ""
    say(
        f"{counted(outcome.new_ads)} added to {store}{known}. It has {counted(outcome.store_ads)}: "
        f"{outcome.in_campaigns:,} in {_counted(outcome.campaigns)}.{written}"
    )
    for change in outcome.changes[:MAX_SHOWN_CHANGES]:
        say(f"  {change_line(change)}")
    if len(outcome.changes) > MAX_SHOWN_CHANGES:
        more = len(outcome.changes) - MAX_SHOWN_CHANGES
        say(f"  and {more:,} more changes: adscreen campaigns history --store {store}")


def _counted(campaigns: int) -> str:
    return f"{campaigns:,} campaign{'' if campaigns == 1 else 's'}"

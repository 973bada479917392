"""How results look on a terminal. Ad text is printed as text: no markup, no control characters."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from adscreen.ads.cleaning import clean
from adscreen.summaries import counted

if TYPE_CHECKING:
    from adscreen.campaigns.profiles import Campaign
    from adscreen.scoring.counters import Counters
    from adscreen.scoring.explain import Explanation
    from adscreen.signals.indicator_files import Catalogue

BAND_STYLE = {"urgent": "bold red", "review": "yellow", "clear": "green", "unscorable": "dim"}
EXCERPT_CHARS = 140


def _shown(text: str, limit: int) -> str:
    line = " ".join(clean(text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def print_ranked(
    ranked: list[dict[str, Any]], campaigns: dict[str, Campaign], counters: Counters, version: str
) -> None:
    """Print the campaigns and ads to read first."""
    console = Console()
    table = Table(title="Read these first", title_justify="left", show_lines=True, expand=True)
    table.add_column("", justify="right")
    table.add_column("risk", justify="right")
    table.add_column("band")
    table.add_column("ad", ratio=1)
    table.add_column("reason", ratio=1)
    for place, row in enumerate(ranked, 1):
        band = str(row["band"])
        text = _shown(f"{row['title']} {row['description']}", EXCERPT_CHARS)
        copies = f"\n({row['copies']} copies)" if row["copies"] > 1 else ""
        if row["campaign_id"]:
            copies = f"\n({_campaign(campaigns[row['campaign_id']])})"
        table.add_row(
            str(place),
            f"{row['risk']:.2f}",
            Text(band, style=BAND_STYLE[band]),
            Text(f"{row['ad_id']}\n{text}{copies}"),
            Text(_shown(row["reason"], 400)),
        )
    console.print(table)
    bands = ", ".join(f"{count:,} {band}" for band, count in counters.by_band.items())
    console.print(Text(f"{counted(counters.rows)}: {bands}. Model {version}."))
    console.print(Text("A band orders your reading; it does not prove anything. Lower concern does not mean safe."))


def _campaign(campaign: Campaign) -> str:
    kinds = dict.fromkeys("wording" if slot.kind == "text" else slot.kind for slot in campaign.template.slots)
    varies = f"; what varies: {', '.join(kinds)}" if kinds else ""
    return f"{counted(len(campaign.members))} of campaign {campaign.campaign_id}{varies}"


def print_explanation(explanation: Explanation, catalogue: Catalogue) -> None:
    """Print an ad with its evidence in colour, each sign with its question and source, and the parts of the score."""
    console = Console()
    result = explanation.result
    band = str(result["band"])
    risk = "" if result["risk"] is None else f"  risk {result['risk']:.3f}"
    console.print(Text(f"{result['ad_id']}  {band}{risk}", style=BAND_STYLE[band]))
    console.print(Text(str(result["reason"])))
    for kind in explanation.kinds:
        console.print(Text(f"Points to: {catalogue.kinds[kind].label}"))
    for name, original in explanation.fields.items():
        console.print(Text(f"\n{name}", style="bold"))
        console.print(_marked(original, name, explanation))
    _print_signs(console, explanation, catalogue)
    if explanation.pay is not None:
        pay = explanation.pay
        console.print(
            Text(
                f"\nPay: {_shown(pay.quote, 60)} is about {pay.usd_month:,.0f} USD a month; going rate for "
                f"{pay.role} in {pay.country} about {pay.rate_usd_month:,.0f} ({pay.source})"
            )
        )
    for contact in explanation.contacts:
        flags = f" ({', '.join(contact.flags)})" if contact.flags else ""
        console.print(Text(f"Contact: {contact.kind} {contact.masked}{flags}"))
    console.print(Text("\nWords that moved the score of the text (log-odds; + raised it, - lowered it)", style="bold"))
    for term in explanation.terms:
        style = "red" if term.weight > 0 else "green"
        console.print(Text(f"  {term.weight:+.3f}  {_shown(term.quote, 80)}", style=style))
    console.print(Text("\nParts of the score (log-odds)", style="bold"))
    for part, value in explanation.parts.items():
        label = catalogue.indicators[part].label if part in catalogue.indicators else part
        console.print(Text(f"  {value:+.3f}  {label}"))
    cuts = explanation.thresholds
    console.print(
        Text(
            f"  {explanation.log_odds:+.3f}  sum; "
            f"review from risk {cuts['review']:.3f}, urgent from {cuts['urgent']:.3f}"
        )
    )
    for change in explanation.changes:
        console.print(Text(change))


def _print_signs(console: Console, explanation: Explanation, catalogue: Catalogue) -> None:
    if explanation.found:
        console.print(Text("\nSigns, with the question to ask", style="bold"))
    for code in dict.fromkeys(each.code for each in explanation.found):
        indicator = catalogue.indicators[code]
        quotes = ", ".join(
            f"“{_shown(each.quote, 80)}”" for each in explanation.found if each.code == code and each.quote
        )
        weight = sum(each.weight for each in explanation.found if each.code == code)
        console.print(
            Text(f"  {weight:+.2f}  {indicator.label}: {quotes}", style="green" if indicator.lowers else "red")
        )
        console.print(Text(f"         {indicator.question}"))
        console.print(Text(f"         Source: {indicator.source}", style="dim"))


def _marked(original: str, field: str, explanation: Explanation) -> Text:
    """Return the field with its evidence in colour and its contacts masked; no control characters."""
    spans = [
        (each.start, each.end, "red" if each.weight >= 0 else "green")
        for each in explanation.found
        if each.field == field
    ]
    contacts = [each for each in explanation.contacts if each.field == field]
    marked = Text()
    cuts = sorted(
        {
            0,
            len(original),
            *(c for start, end, _ in spans for c in (start, end)),
            *(c for each in contacts for c in (each.start, each.end)),
        }
    )
    for start, end in itertools.pairwise(cuts):
        hidden = next((each for each in contacts if each.start <= start < each.end), None)
        style = next((style for a, b, style in spans if a <= start < b), "")
        if hidden is None:
            marked.append(printable(original[start:end]), style=style)
        elif start == hidden.start:
            marked.append(hidden.masked, style=style)
    return marked


def printable(text: str) -> str:
    """Return `text` without what a terminal would obey."""
    return "".join(c if c == "\n" or c.isprintable() else " " for c in text)


def print_figures(figures: dict[str, Any]) -> None:
    """Print the figures of an evaluation, with their intervals."""
    console = Console()
    for name, rows in figures["tables"].items():
        table = Table(title=name, title_justify="left")
        labels = [str(row["slice"]) for row in rows]
        table.add_column("figure")
        for label in labels:
            table.add_column(Text(printable(label)), justify="right")
        for key in dict.fromkeys(key for row in rows for key in row if key != "slice"):
            table.add_row(key, *[_figure(row.get(key)) for row in rows])
        console.print(table)
    console.print(Text("In brackets: 95 % interval, bootstrap over campaigns."))


def _figure(value: Any) -> str:
    if isinstance(value, dict):
        if value["value"] is None:
            return ""
        interval = "" if None in (value["low"], value["high"]) else f" ({value['low']:.3f}-{value['high']:.3f})"
        return f"{value['value']:.3f}{interval}"
    return "" if value is None else f"{value:,.4g}" if isinstance(value, float) else f"{value:,}"


def print_manifest(manifest: dict[str, Any]) -> None:
    """Print what a model is."""
    notes = manifest["notes"]
    table = Table(show_header=False, box=None)
    table.add_column(style="bold")
    table.add_column()

    # A manifest is data from outside: as text, never as markup.
    def row(name: str, value: str) -> None:
        table.add_row(Text(printable(name)), Text(printable(value)))

    row("model", manifest["model_version"])
    row("bundle schema", str(manifest["schema_version"]))
    row("n-grams", ", ".join(f"{k}={v}" for k, v in manifest["hashing"].items()))
    row("review from risk", f"{manifest['thresholds']['review']:.4f}")
    row("urgent from risk", f"{manifest['thresholds']['urgent']:.4f}")
    row("assumed prevalence", f"{manifest['risk']['prevalence']:.1%}")
    row("languages", ", ".join(f"{k} {v:,}" for k, v in notes.get("languages", {}).items()))
    for name, counts in notes.get("sources", {}).items():
        row(f"source {name}", ", ".join(f"{v:,} {k}" for k, v in counts.items()))
    for name, value in notes.get("metrics", {}).items():
        row(name, _figure(value))
    Console().print(table)

"""How campaigns look on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from adscreen.campaigns.campaign_ids import Change
from adscreen.printing import BAND_STYLE, printable
from adscreen.summaries import counted

if TYPE_CHECKING:
    from adscreen.campaigns.pivot import Found

MAX_SHOWN_ADS = 50


def change_line(change: Change) -> str:
    """Return one merge or split as a sentence."""
    if change.kind == "merged":
        return f"{change.campaign_id} ({counted(change.ads)}) is now part of {change.other}."
    if change.other:
        return f"{counted(change.ads)} of {change.campaign_id} {_are(change.ads)} now in {change.other}."
    own = "its" if change.ads == 1 else "their"
    return f"{counted(change.ads)} of {change.campaign_id} {_are(change.ads)} now on {own} own."


def print_found(found: Found) -> None:
    """Print the ads and campaigns that give a contact."""
    console = Console()
    if not found.contacts:
        console.print(Text("No ad in the store gives this contact."))
        return
    for kind, masked, ads, common in found.contacts:
        note = "; too common to link ads by itself" if common else ""
        console.print(Text(f"{kind} {printable(masked)}: {counted(ads)}{note}"))
    for name, ads in found.campaigns.items():
        console.print(Text(f"campaign {name}: {counted(ads)} with it"))
    table = Table()
    for name in ("ad", "campaign", "band", "source", "posted", "text"):
        table.add_column(name, ratio=1 if name == "text" else None)
    for row in found.ads.head(MAX_SHOWN_ADS).to_dict("records"):
        table.add_row(
            *(Text(printable(str(row[name] or ""))) for name in ("ad_id", "campaign_id")),
            Text(row["band"], style=BAND_STYLE[row["band"]]),
            *(Text(printable(row[name])) for name in ("source", "posted_at", "heading")),
        )
    console.print(table)
    if len(found.ads) > MAX_SHOWN_ADS:
        console.print(Text(f"and {counted(len(found.ads) - MAX_SHOWN_ADS)} more; all are in --json"))


def found_as_json(found: Found) -> dict[str, Any]:
    """Return the same as plain JSON values."""
    ads = found.ads.astype(object).where(found.ads.notna(), None)
    contacts = [
        {"kind": kind, "value": masked, "ads": n, "common": common} for kind, masked, n, common in found.contacts
    ]
    return {"contacts": contacts, "campaigns": found.campaigns, "ads": ads.drop(columns="digest").to_dict("records")}


def _are(ads: int) -> str:
    return "is" if ads == 1 else "are"

"""Files of campaigns: the campaign of each ad, the table of campaigns, and what investigators load elsewhere."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from adscreen.campaigns.ledger import Ledger
from adscreen.campaigns.profiles import profiles
from adscreen.errors import OutputError, UsageError
from adscreen.scoring.writers import check_not_input, check_output, check_place, open_writer
from adscreen.screening.campaign_graph import graph_lines
from adscreen.screening.campaign_misp import misp_event
from adscreen.screening.campaign_table import summary_table


class Exports(NamedTuple):
    """Where to write what; None for what is not wanted."""

    summary: str | None = None
    graph: Path | None = None
    misp: Path | None = None

    def check(self, inputs: Sequence[str], output: str | None = None) -> None:
        """Check, before any work is done, that all files can be written and differ.

        Raises
        ------
        UsageError, OutputError
        """
        if output is not None:
            check_output(output, inputs)
        if self.summary is not None:
            check_output(self.summary, inputs, "--summary")
        for option, path, suffix in (("--graph", self.graph, ".graphml"), ("--misp", self.misp, ".json")):
            if path is not None:
                if path.suffix.lower() != suffix:
                    raise UsageError(f"{option} {path}: give a name that ends in {suffix}.")
                check_not_input(option, str(path), inputs)
                check_place(option, path)
        names = [str(name) for name in (output, *self) if name is not None]
        for place, name in enumerate(names):
            if name in names[:place]:
                what = "stdout" if name == "-" else name
                raise UsageError(f"{what} is named twice as an output. Give each file a name of its own.")

    def write(self, ledger: Ledger, *, day: str, version: str) -> None:
        """Describe all campaigns of `ledger` and write what is wanted.

        Parameters
        ----------
        ledger : Ledger
        day : str
            Of the MISP event, YYYY-MM-DD.
        version : str
            Of the model that judged.

        Raises
        ------
        OutputError
        """
        if self == Exports():
            return
        campaigns = list(profiles(ledger))
        if self.summary is not None:
            with open_writer(self.summary, "--summary") as writer:
                writer.write(summary_table(campaigns))
        if self.graph is not None:
            _write_whole("--graph", self.graph, graph_lines(campaigns))
        if self.misp is not None:
            event = misp_event(campaigns, day=day, version=version, revealed=bool(ledger.reveal))
            _write_whole("--misp", self.misp, [json.dumps(event, ensure_ascii=False, indent=1), "\n"])


def write_campaign_ids(output: str, ad_ids: Sequence[str], campaign_ids: Sequence[str | None]) -> None:
    """Write the campaign of each ad to `output`; errors as `adscreen.scoring.writers.open_writer`."""
    table = pd.DataFrame({"ad_id": list(ad_ids), "campaign_id": list(campaign_ids)}).astype("str")
    with open_writer(output) as writer:
        writer.write(table)


def _write_whole(option: str, path: Path, lines: Iterable[str]) -> None:
    """Write a file that appears under its name when it is whole."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise OutputError(
            f"{option} {path}: cannot be written ({error.strerror or error}). Choose another folder."
        ) from error
    finally:
        partial.unlink(missing_ok=True)

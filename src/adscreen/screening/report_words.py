"""The plain words of the report, and the names of countries."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from adscreen.shipped_yaml import load_yaml


@cache
def words() -> dict[str, dict[Any, Any]]:
    """Return the plain words of the report, by topic."""
    content: dict[str, dict[Any, Any]] = load_yaml("adscreen.screening", "report_words.yaml")
    return content


@cache
def country_names() -> dict[str, str]:
    """Return the English name of each country, by ISO 3166 code."""
    table = files("adscreen.signals.gazetteer").joinpath("table.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t", 3) for line in table.splitlines() if line.startswith("country\t"))
    return {row[1]: row[2] for row in rows}

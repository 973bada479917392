"""Which column of a file is which field of an ad: the alias table, and what the user says with --map."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from adscreen.ads.schema import AD_FIELDS, list_columns
from adscreen.ads.values import cut
from adscreen.errors import UsageError
from adscreen.shipped_yaml import load_yaml

_IGNORED = re.compile(r"[\s_\-]+")


def normal_name(name: str) -> str:
    """Return a column name as it is compared: case folded, NFKC, without blanks, hyphens, underscores."""
    return _IGNORED.sub("", unicodedata.normalize("NFKC", name).casefold())


@cache
def alias_table() -> dict[str, tuple[str, ...]]:
    """Return the normalised aliases of each ad field, the strongest first; the field's own name leads."""
    raw = load_yaml("adscreen.ads", "aliases.yaml")
    table = {}
    for field in AD_FIELDS:
        names = [field, *(str(name) for name in raw.get(field, []))]
        table[field] = tuple(dict.fromkeys(normal_name(name) for name in names))
    return table


def parse_map(options: Iterable[str]) -> dict[str, str]:
    """Return ``{field: column}`` from the values of ``--map field=column``.

    Raises
    ------
    UsageError
        If an option has no ``=``, names no ad field, or a field is given twice.
    """
    mapping: dict[str, str] = {}
    for option in options:
        field, equals, column = option.partition("=")
        field, column = field.strip(), column.strip()
        if not (equals and field and column):
            raise UsageError(f"--map {cut(option)}: write it as field=column, for example description=post_text")
        _check_field(field)
        if field in mapping:
            raise UsageError(f"--map gives {field} two columns, '{mapping[field]}' and '{column}': give one")
        mapping[field] = column
    return mapping


def map_columns(found: Sequence[str], mapping: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return which of the columns found are ad fields.

    Parameters
    ----------
    found : sequence of str
        Column names as the file has them.
    mapping : mapping of str to str, optional
        ``{field: column}`` as the user said; it wins over names and aliases.

    Returns
    -------
    dict of str to str
        Found column to ad field. A field has one column at most: the user's, else the one with the
        field's own name, else the first in the order of the alias table. Columns not in it are extra columns.

    Raises
    ------
    UsageError
        If `mapping` names an unknown field, a column that is not there, or one column twice.
    """
    chosen: dict[str, str] = {}
    for field, column in (mapping or {}).items():
        _check_field(field)
        if column not in found:
            raise UsageError(
                f"--map {field}={cut(column)}: there is no such column. Columns found: {list_columns(list(found))}"
            )
        if column in chosen:
            raise UsageError(f"--map uses column '{cut(column)}' for {chosen[column]} and for {field}: give one")
        chosen[column] = field
    by_name: dict[str, str] = {}
    for column in found:
        by_name.setdefault(normal_name(column), column)
    taken = set(chosen.values())
    for field, names in alias_table().items():
        if field in taken:
            continue
        candidates = [field, *(by_name[name] for name in names if name in by_name)]
        for column in candidates:
            if column in found and column not in chosen:
                chosen[column] = field
                break
    return chosen


def extra_names(found: Sequence[str], chosen: Mapping[str, str], reserved: Iterable[str] = ()) -> dict[str, str]:
    """Return the name each extra column gets: its own, or with ``_2`` where an ad field has that name."""
    taken = {*AD_FIELDS, *reserved}
    names: dict[str, str] = {}
    for column in found:
        if column in chosen:
            continue
        name, n = column, 2
        while name in taken:
            name, n = f"{column}_{n}", n + 1
        taken.add(name)
        names[column] = name
    return names


def _check_field(field: str) -> None:
    if field not in AD_FIELDS:
        raise UsageError(f"--map {cut(field)}=…: there is no such field. Fields: {', '.join(AD_FIELDS)}")

"""Columns of the input that a result file repeats, after those of the result, which never change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from adscreen.ads.readers.base import ROW
from adscreen.ads.schema import AD_FIELDS, list_columns
from adscreen.ads.values import text_series
from adscreen.errors import UsageError
from adscreen.scoring.result import RESULT_COLUMNS

EVERY = "*"


class Kept:
    """Puts columns of the ads beside their results.

    Parameters
    ----------
    names : sequence of str
        Columns as the readers name them: ad fields, partitions, or others of the file; `EVERY` for all that are
        no ad field.
    left_out : sequence of str
        Columns that `EVERY` does not mean: the partitions, where the output has folders for them as the input has.
    typed : bool
        Keep dates as they are, and the types of columns that may be null; else dates become text.
    one_type : bool
        Make all columns text: several inputs may differ.
    """

    def __init__(
        self, names: Sequence[str], *, left_out: Sequence[str] = (), typed: bool = False, one_type: bool = False
    ) -> None:
        self._names = names
        self._left_out = {*AD_FIELDS, ROW, *left_out}
        self._typed = typed
        self._one_type = one_type

    def beside(self, results: pd.DataFrame, ads: pd.DataFrame) -> pd.DataFrame:
        """Return `results` with the columns of `ads` that are kept; ``_2`` is added to the name of a result column.

        Raises
        ------
        UsageError
            If there is no such column.
        """
        if not self._names:
            return results
        columns: dict[str, Any] = {str(name): results[name] for name in results.columns}
        for name in self._chosen(ads):
            shown, n = name, 2
            while shown in columns or shown in RESULT_COLUMNS:
                shown, n = f"{name}_{n}", n + 1
            columns[shown] = self._plain(ads[name]).set_axis(results.index)
        return pd.DataFrame(columns, index=results.index)

    def _chosen(self, ads: pd.DataFrame) -> list[str]:
        found = [str(name) for name in ads.columns]
        chosen: list[str] = []
        for name in self._names:
            if name == EVERY:
                chosen += [column for column in found if column not in self._left_out]
            elif name in found:
                chosen.append(name)
            else:
                others = [column for column in found if column not in AD_FIELDS]
                raise UsageError(
                    f"--keep {name}: there is no such column. Beside the ad fields there are: {list_columns(others)}"
                )
        return list(dict.fromkeys(chosen))

    def _plain(self, column: pd.Series[Any]) -> pd.Series[Any]:
        kind = column.dtype
        number = pd.api.types.is_numeric_dtype(kind)  # booleans too
        date = pd.api.types.is_datetime64_any_dtype(kind)
        if kind == "str":
            return column
        if not self._one_type and (number or date) and self._typed:
            return column
        if not self._one_type and number:  # the other writers know no null but None
            return column.astype(object).where(column.notna(), None)
        return text_series(column)

"""Signals of many ads as a table: which indicator was found in which ad."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray


class SignalTable(NamedTuple):
    """Which indicators each ad shows.

    Attributes
    ----------
    codes : tuple of str
        Codes of the indicators, one for each column.
    found : ndarray of bool, shape (n_ads, len(codes))
    """

    codes: tuple[str, ...]
    found: NDArray[np.bool_]

    @classmethod
    def of(cls, found: Sequence[Iterable[str]], codes: Sequence[str]) -> Self:
        """Make the table from the codes found in each ad; codes that are not in `codes` are left out."""
        column = _columns(tuple(codes))
        table = np.zeros((len(found), len(column)), bool)
        for row, its_codes in enumerate(found):
            for code in its_codes:
                if code in column:
                    table[row, column[code]] = True
        return cls(tuple(codes), table)

    @classmethod
    def empty(cls, n_ads: int) -> Self:
        """Return a table without indicators for `n_ads` ads."""
        return cls((), np.zeros((n_ads, 0), bool))

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> SignalTable:
        """Return the table of some of the ads."""
        return SignalTable(self.codes, self.found[rows])


@lru_cache(maxsize=16)  # an ad on its own has a table of its own
def _columns(codes: tuple[str, ...]) -> dict[str, int]:
    return {code: i for i, code in enumerate(codes)}

"""Tables that compiled passes read, filled in as characters are first seen: texts use few of the million there are."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

N_CODE_POINTS = 0x110000
UNSEEN = 0
"""What stands in a table for a character that was not seen yet."""


class CharacterTable:
    """A number for each character.

    Parameters
    ----------
    dtype : dtype
        Of the numbers.
    number_of : callable
        Gives the number of a character, never `UNSEEN`.

    Attributes
    ----------
    of : ndarray, shape (N_CODE_POINTS,)
        The numbers known so far.
    """

    def __init__(self, dtype: DTypeLike, number_of: Callable[[str], int]) -> None:
        self.of: NDArray[Any] = np.zeros(N_CODE_POINTS, dtype)
        self._number_of = number_of
        self._lock = Lock()

    def learn(self, codes: NDArray[np.uint32]) -> None:
        """Fill in the numbers of `codes`."""
        with self._lock:
            for code in set(codes[self.of[codes] == UNSEEN].tolist()):
                self.of[code] = self._number_of(chr(code))

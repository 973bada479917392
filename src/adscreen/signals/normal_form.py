"""Whether texts are in normal form (NFC), told from the table of characters.

`unicodedata.is_normalized` composes the text to find out if it has one character that may join another: all text in
Hindi, Bengali or Burmese, which then takes ten times as long to score.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.signals.unicode_table import CLOSER_LOOK, JOINS, KIND_SHIFT, ORDER_SHIFT


@numba.njit(cache=True, nogil=True, error_model="numpy")
def in_normal_form(
    codes: NDArray[np.uint32], table: NDArray[np.uint32], pairs: NDArray[np.uint64]
) -> bool:  # pragma: no cover  (compiled)
    """Return whether `codes` are surely in NFC.

    They are if no character is excluded from NFC, no mark stands behind one of a higher combining class, and none
    can join the letter that it belongs to, or what that is made of (Unicode Standard Annex 15, sections 1.3 and 9).

    Parameters
    ----------
    codes : ndarray of uint32
    table, pairs
        See `adscreen.signals.unicode_table.load_table` and `load_pairs`.
    """
    letter = np.uint32(0)
    before = np.uint32(0)
    for code in codes:
        order = table[code] >> np.uint32(ORDER_SHIFT)
        if order != 0:
            if order == CLOSER_LOOK or order < before:
                return False
            pair = np.uint64(letter) << np.uint64(KIND_SHIFT) | np.uint64(code)
            place = np.searchsorted(pairs, pair)
            if place < len(pairs) and pairs[place] == pair:
                return False
            if order == JOINS:
                order = np.uint32(0)
        if order == 0:
            letter = code
        before = order
    return True

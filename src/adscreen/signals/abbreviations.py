"""Abbreviations: a full stop behind one ends no sentence ("Tel. No. 12", "Jl. Sudirman")."""

from __future__ import annotations

from functools import cache

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.shipped_yaml import load_yaml

_ANY, _SMALL, _DIGIT = 0, 1, 2
_HASH_STEP = np.uint64(1099511628211)  # FNV's prime; a wrong match would only join two sentences
_BLANK = np.uint32(0x20)


@numba.njit(cache=True, nogil=True)
def is_abbreviated(
    out: NDArray[np.uint32],
    place: int,
    size: int,
    following: int,
    words: NDArray[np.uint64],
    must_follow: NDArray[np.int8],
) -> bool:  # pragma: no cover  (compiled)
    """Return whether the folded word ``out[place:size]`` before a full stop is an abbreviation there.

    `following` is the first code after the blanks behind the stop, 0 where the text or line ends.
    """
    if following in (0, 0x0A, 0x0D):
        return False
    key = np.uint64(0)
    for i in range(place, size):
        if out[i] != _BLANK:
            key = key * _HASH_STEP + np.uint64(out[i])
    at = np.searchsorted(words, key)
    if at == len(words) or words[at] != key:
        return False
    if must_follow[at] == _DIGIT:
        return 0x30 <= following <= 0x39
    # Capitals of Latin, Greek and Cyrillic; scripts without them have no such abbreviations.
    capital = 0x41 <= following <= 0x5A or 0xC0 <= following <= 0xDE or 0x391 <= following <= 0x42F
    return must_follow[at] == _ANY or not capital


@cache
def load_abbreviations() -> tuple[NDArray[np.uint64], NDArray[np.int8]]:
    """Return the hashes of the words of ``abbreviations.yaml``, in order, and what must follow each."""
    lists = load_yaml("adscreen.signals", "abbreviations.yaml")
    follow = {"always": _ANY, "before_small": _SMALL, "before_digit": _DIGIT}
    known = sorted((_hash_of(word), must) for name, must in follow.items() for word in lists[name])
    hashes, must_follow = zip(*known, strict=True)
    return np.array(hashes, np.uint64), np.array(must_follow, np.int8)


def _hash_of(word: str) -> int:
    key = 0
    for code in map(ord, word):
        key = (key * int(_HASH_STEP) + code) % 2**64
    return key

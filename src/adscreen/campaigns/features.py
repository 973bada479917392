"""What two ads are compared by: hashed words and pairs of words, without the parts that change from copy to copy.

Left out are all tokens with a digit (pay, phones, dates, ages), e-mail and web addresses and handles, the places that
`adscreen.signals.places` knows, and the name of the employer where it is given. What stood on both sides of a part
left out then stands side by side, so that a longer or shorter phone number changes nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from adscreen.signals.ngram_kernel import IS_SINGLE, Tokens, hash_tokens, room_for
from adscreen.signals.ngrams import pack
from adscreen.signals.places import find_places
from adscreen.signals.unicode_table import load_table

MAX_CODES = 40_000
"""Characters read of one text; no ad is longer, and a hostile one may have 50 million."""
MIN_LETTERS = 4
"""Candidates are found by pairs of words of so many letters or more: those between are in every ad."""
N_HASHES = 126
"""Minimum hashes of one signature: 42 bands of 3."""

_CHUNK = 256
_ONE = np.uint64(1)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_PAIR = np.uint64(0xD6E8FEB86659FD93)


class Signatures(NamedTuple):
    """What is kept of each text to find and verify its near-duplicates; no text can be read from it.

    Attributes
    ----------
    minhash : ndarray of uint32, shape (n_texts, N_HASHES)
        Minimum of each hash function over the text's pairs of longer words; all ones for a text without any.
    features : ndarray of uint32
        The distinct hashed words and pairs of words of all texts, those of one text in ascending order.
    bounds : ndarray of int64, shape (n_texts + 1,)
        Features of text ``i`` are ``features[bounds[i]:bounds[i + 1]]``; none for a text without a word.
    """

    minhash: NDArray[np.uint32]
    features: NDArray[np.uint32]
    bounds: NDArray[np.int64]

    @property
    def size(self) -> int:
        """Number of texts (``len`` would be the number of attributes)."""
        return len(self.bounds) - 1

    def of(self, row: int) -> NDArray[np.uint32]:
        """Return the features of one text, ascending."""
        return self.features[self.bounds[row] : self.bounds[row + 1]]

    def take(self, rows: NDArray[np.int64]) -> Signatures:
        """Return the signatures of some texts, in the order of `rows`."""
        rows = np.asarray(rows, np.int64)
        sizes = self.bounds[rows + 1] - self.bounds[rows]
        bounds = np.concatenate(([0], np.cumsum(sizes)))
        return Signatures(self.minhash[rows], _taken(self.features, self.bounds, rows, bounds), bounds)


@numba.njit(cache=True, nogil=True)
def _taken(
    features: NDArray[np.uint32], bounds: NDArray[np.int64], rows: NDArray[np.int64], into: NDArray[np.int64]
) -> NDArray[np.uint32]:  # pragma: no cover  (compiled)
    # An index array would take four times the memory of what it picks.
    out = np.empty(into[-1], np.uint32)
    for i in range(len(rows)):
        out[into[i] : into[i + 1]] = features[bounds[rows[i]] : bounds[rows[i] + 1]]
    return out


class SignatureBuffer:
    """Takes the signatures of batches one after the other, and holds them once: lists of parts would be held twice
    when they are joined."""

    def __init__(self) -> None:
        self._minhash = np.empty((0, N_HASHES), np.uint32)
        self._features = np.empty(0, np.uint32)
        self._sizes = [np.zeros(1, np.int64)]
        self._rows = self._filled = 0

    def add(self, part: Signatures) -> None:
        """Copy a batch."""
        rows, filled = self._rows + part.size, self._filled + len(part.features)
        # In place: memory of this size is moved by the system, not copied.
        if rows > len(self._minhash):
            self._minhash.resize((rows + rows // 4, N_HASHES), refcheck=False)
        if filled > len(self._features):
            self._features.resize(filled + filled // 4, refcheck=False)
        self._minhash[self._rows : rows] = part.minhash
        self._features[self._filled : filled] = part.features
        self._sizes.append(np.diff(part.bounds))
        self._rows, self._filled = rows, filled

    def joined(self) -> Signatures:
        """Return all that was added, in order. Nothing can be added afterwards."""
        self._minhash.resize((self._rows, N_HASHES), refcheck=False)
        self._features.resize(self._filled, refcheck=False)
        return Signatures(self._minhash, self._features, np.cumsum(np.concatenate(self._sizes)))


def signature(texts: Sequence[str], companies: Sequence[str] | None = None) -> Signatures:
    """Return the signatures of cleaned texts; each depends on its own text (and company) alone.

    Parameters
    ----------
    texts : sequence of str
        See `adscreen.ads.cleaning.clean`; the fields of one ad joined by `adscreen.signals.ngrams.join_fields`.
    companies : sequence of str, optional
        The employer each ad names, whose words are then left out of that ad; empty where none is known.

    Returns
    -------
    Signatures
    """
    buffer = SignatureBuffer()
    for first in range(0, len(texts), _CHUNK):
        some = [unicodedata.normalize("NFC", text[:MAX_CODES]) for text in texts[first : first + _CHUNK]]
        names = None if companies is None else companies[first : first + _CHUNK]
        buffer.add(_signatures(some, names))
    return buffer.joined()


def _signatures(texts: list[str], companies: Sequence[str] | None) -> Signatures:
    packed = pack(texts)
    hidden = np.zeros(len(packed.codes), np.uint8)
    for text, start in zip(texts, packed.bounds[:-1].tolist(), strict=True):
        for place in find_places(text):
            hidden[start + place.start : start + place.end] = 1
    names = pack([""] * len(texts) if companies is None else [unicodedata.normalize("NFC", n[:200]) for n in companies])
    table = load_table()
    return Signatures(*_read(packed.codes, packed.bounds, hidden, names.codes, names.bounds, table, *_functions()))


def _functions() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    rng = np.random.default_rng(20_26)
    multiply = rng.integers(0, 2**32, N_HASHES, np.uint32) | np.uint32(1)
    return multiply, rng.integers(0, 2**32, N_HASHES, np.uint32)


@numba.njit(cache=True, nogil=True, inline="always")
def _mixed(value: np.uint64) -> np.uint64:  # pragma: no cover  (compiled)
    value ^= value >> np.uint64(32)
    value *= _PAIR
    value ^= value >> np.uint64(29)
    value *= _MIX
    value ^= value >> np.uint64(32)
    return value


@numba.njit(cache=True, nogil=True)
def _is_address(codes: NDArray[np.uint32], start: int, end: int) -> bool:  # pragma: no cover  (compiled)
    """Return whether a run of ASCII without blanks is an e-mail or web address, a handle or part of one."""
    for i in range(start, end):
        code = codes[i]
        if code == 0x40 or code == 0x5F:  # @ _
            return True
        if i + 1 < end and i > start:
            before, after = codes[i - 1], codes[i + 1]
            if code == 0x2F and after == 0x2F:
                return True
            # "skills.We" only lacks its blank
            if code == 0x2E and 0x61 <= before <= 0x7A and 0x61 <= after <= 0x7A:
                return True
    return False


@numba.njit(cache=True, nogil=True)
def _hide_addresses(
    codes: NDArray[np.uint32], start: int, end: int, hidden: NDArray[np.uint8]
) -> None:  # pragma: no cover  (compiled)
    i = start
    while i < end:
        if not 0x21 <= codes[i] <= 0x7E:
            i += 1
            continue
        stop = i
        while stop < end and 0x21 <= codes[stop] <= 0x7E:
            stop += 1
        if _is_address(codes, i, stop):
            hidden[i:stop] = 1
        i = stop


@numba.njit(cache=True, nogil=True)
def _kept(
    codes: NDArray[np.uint32],
    start: int,
    tokens: Tokens,
    n: int,
    hidden: NDArray[np.uint8],
    table: NDArray[np.uint32],
    names: NDArray[np.uint64],
    kept: NDArray[np.int32],
) -> int:  # pragma: no cover  (compiled)
    """Write the tokens that do not vary to `kept` and return their number."""
    count = 0
    for t in range(n):
        a, b = start + tokens.start[t], start + tokens.end[t]
        skip = hidden[a] != 0
        for i in range(a, b):
            if table[codes[i]] & np.uint32(0x1FFFFF) == 0x30:
                skip = True
        for name in names:
            if name == tokens.value[t]:
                skip = True
        if not skip:
            kept[count] = t
            count += 1
    return count


@numba.njit(cache=True, nogil=True)
def _read(
    codes: NDArray[np.uint32],
    bounds: NDArray[np.int64],
    hidden: NDArray[np.uint8],
    name_codes: NDArray[np.uint32],
    name_bounds: NDArray[np.int64],
    table: NDArray[np.uint32],
    multiply: NDArray[np.uint32],
    add: NDArray[np.uint32],
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.int64]]:  # pragma: no cover  (compiled)
    n_texts = len(bounds) - 1
    longest = 1
    for row in range(n_texts):
        longest = max(longest, bounds[row + 1] - bounds[row], name_bounds[row + 1] - name_bounds[row])
    tokens, _ = room_for(longest, 1, 1, False)
    name_tokens, _ = room_for(longest, 1, 1, False)
    kept = np.empty(longest, np.int32)
    found = np.empty(2 * longest + 2, np.uint32)
    minhash = np.full((n_texts, len(multiply)), np.uint32(0xFFFFFFFF), np.uint32)
    capacity = max(1024, len(codes) // 2)
    features = np.empty(capacity, np.uint32)
    ends = np.zeros(n_texts + 1, np.int64)
    filled = 0
    for row in range(n_texts):
        start, end = bounds[row], bounds[row + 1]
        _hide_addresses(codes, start, end, hidden)
        n_names = hash_tokens(name_codes, name_bounds[row], name_bounds[row + 1], table, 0, name_tokens)
        n = hash_tokens(codes, start, end, table, 0, tokens)
        n = _kept(codes, start, tokens, n, hidden, table, name_tokens.value[:n_names], kept)
        count = 0
        lowest = minhash[row]
        before = np.uint64(0)
        long_before = np.uint64(0)
        singles = 0
        for k in range(n):
            t = kept[k]
            value = tokens.value[t]
            candidate = np.uint64(0)
            if tokens.flags[t] & IS_SINGLE:
                singles += 1
                if singles >= 3:
                    candidate = _mixed((_mixed(before * _MIX + value) + tokens.value[kept[k - 2]]) * _PAIR)
                    found[count] = np.uint32(candidate >> np.uint64(32))
                    count += 1
            else:
                singles = 0
                found[count] = np.uint32(_mixed(value) >> np.uint64(32))
                count += 1
                if tokens.end[t] - tokens.start[t] >= MIN_LETTERS:
                    candidate = _mixed(long_before * _PAIR + value)
                    long_before = value
            found[count] = np.uint32(_mixed(before * _MIX + value) >> np.uint64(32))
            count += 1
            before = value
            if candidate != 0:
                h = np.uint32(candidate)
                for f in range(len(multiply)):
                    x = np.uint32(h * multiply[f] + add[f])
                    x = np.uint32(x ^ (x >> np.uint32(15)))
                    lowest[f] = min(lowest[f], x)
        ordered = np.sort(found[:count])
        if filled + count > len(features):
            features = np.concatenate((features, np.empty(max(len(features), count), np.uint32)))
        for j in range(count):
            if j == 0 or ordered[j] != ordered[j - 1]:
                features[filled] = ordered[j]
                filled += 1
        ends[row + 1] = filled
    return minhash, features[:filled].copy(), ends

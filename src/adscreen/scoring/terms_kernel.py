"""The compiled loops behind `adscreen.scoring.terms`: over the tokens, the n-grams and the runs of one ad."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from adscreen.signals.tokens import token_spans
from adscreen.signals.unicode_table import FOLD_BITS

_LAST_ASCII = 127


@numba.njit(cache=True, nogil=True)
def tokens_and_scripts(codes: Any, table: Any) -> Any:  # pragma: no cover  (compiled)
    """Return starts and ends of the tokens in `codes`, and whether each has a letter that is hashed as non-ASCII."""
    starts, ends = token_spans(codes, table)
    is_other = np.zeros(len(starts), np.bool_)
    for token in range(len(starts)):
        for i in range(starts[token], ends[token]):
            is_other[token] |= table[codes[i]] & np.uint32(FOLD_BITS) > _LAST_ASCII
    return starts, ends, is_other


@numba.njit(cache=True, nogil=True)
def shared_out(spans: Any, contribution: Any, starts: Any, length: int) -> Any:  # pragma: no cover  (compiled)
    """Return for each token its even shares of the n-grams that cover it, shape (n_tokens,).

    Parameters
    ----------
    spans, contribution : ndarray
        Of `adscreen.signals.linear_text.Contributions`.
    starts : ndarray of int32
        Where the tokens start, ascending.
    length : int
        Of the text.
    """
    token_at = np.empty(length + 1, np.int32)  # the last token that starts at or before each place
    token = -1
    for place in range(length + 1):
        while token + 1 < len(starts) and starts[token + 1] <= place:
            token += 1
        token_at[place] = token
    weight = np.zeros(len(starts), np.float64)
    widest = 1
    offset = 0
    # The first tokens of all n-grams, then the second ones, and so on: sums of floats depend on the order.
    while offset < widest:
        for i in range(len(spans)):
            first = token_at[spans[i, 0]]
            width = token_at[max(spans[i, 1] - 1, spans[i, 0])] - first + 1
            widest = max(widest, width)
            if width > offset:
                weight[first + offset] += contribution[i] / width
        offset += 1
    return weight


@numba.njit(cache=True, nogil=True)
def runs_of_one_sign(
    weight: Any, field_of: Any, is_letter: Any, max_words: int, max_letters: int
) -> Any:  # pragma: no cover  (compiled)
    """Return first token, last token and sum of weights of each run, the shortest runs first.

    A run is up to `max_words` tokens in a row, or `max_letters` if all are letters, of one field and one sign.
    """
    n = len(weight)
    sums = np.zeros(n + 1, np.float64)
    goes_on = np.zeros(n, np.int32)  # tokens up to this one that are of one run
    letters = np.zeros(n, np.int32)  # and of letters alone
    n_runs = 0
    for i in range(n):
        sums[i + 1] = sums[i] + weight[i]
        in_run = i > 0 and field_of[i] == field_of[i - 1] and weight[i] * weight[i - 1] > 0
        goes_on[i] = goes_on[i - 1] + 1 if in_run else 1
        letters[i] = (letters[i - 1] if i > 0 else 0) + 1 if is_letter[i] else 0
        n_runs += min(goes_on[i], max_letters)
    first = np.empty(n_runs, np.int64)
    last = np.empty(n_runs, np.int64)
    total = np.empty(n_runs, np.float64)
    count = 0
    for length in range(1, max_letters + 1):
        for i in range(length - 1, n):
            if goes_on[i] >= length and (length <= max_words or letters[i] >= length):
                first[count] = i - length + 1
                last[count] = i
                total[count] = sums[i + 1] - sums[i - length + 1]
                count += 1
    return first[:count], last[:count], total[:count]

"""Which words moved the score: exact contributions, summed into short phrases and quoted from the original."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adscreen.ads.cleaning import Cleaned
from adscreen.signals.linear_text import LinearText, contributions
from adscreen.signals.tokens import code_points, composed_with_offsets, token_spans
from adscreen.signals.unicode_table import FIELD_BOUNDARY, fold_of, load_table

MAX_PHRASE_WORDS = 4
MAX_PHRASE_LETTERS = 8
"""Tokens of a phrase in scripts without spaces, where a token is one letter."""

_FEW = 128
"""So many of the thousands of runs of an ad are mostly enough to find those to show."""


class Term(NamedTuple):
    """A phrase of an ad and what it added to the log-odds.

    ``original[field][start:end] == quote``; `weight` is positive where it raised the risk.
    """

    quote: str
    field: str
    start: int
    end: int
    weight: float


class TokenWeights(NamedTuple):
    """The margin of one ad, shared out over its tokens (see `adscreen.signals.tokens`).

    ``weight.sum() + intercept`` is the margin. All arrays have shape (n_tokens,).

    Attributes
    ----------
    starts, ends : ndarray of int32
        Offsets in the joined text.
    is_letter : ndarray of bool
        A letter of a script without spaces, or as short as one.
    weight : ndarray of float64
    """

    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    is_letter: NDArray[np.bool_]
    weight: NDArray[np.float64]


def token_weights(model: LinearText, text: str) -> TokenWeights:
    """Share the contribution of every n-gram and stem evenly over the tokens it covers."""
    composed, origin = composed_with_offsets(text)
    codes = code_points(composed)
    starts, ends = token_spans(codes, load_table())
    # How many characters that are hashed as other than ASCII stand before each place.
    others = np.append(0, np.cumsum(fold_of(load_table()[codes]) > 127))
    is_letter = others[ends] > others[starts]
    if origin is not None:
        starts, ends = origin[starts], origin[ends]
    is_letter &= ends - starts <= 2
    weight = np.zeros(len(starts))
    if not len(starts):
        return TokenWeights(starts, ends, is_letter, weight)
    found = contributions(model, text)
    first = np.searchsorted(starts, found.spans[:, 0], side="right") - 1
    last = np.searchsorted(starts, np.maximum(found.spans[:, 1] - 1, found.spans[:, 0]), side="right") - 1
    width = last - first + 1
    for offset in range(int(width.max(initial=0))):
        covered = width > offset
        np.add.at(weight, first[covered] + offset, found.contribution[covered] / width[covered])
    return TokenWeights(starts, ends, is_letter, weight)


def top_terms(
    model: LinearText, fields: dict[str, Cleaned], originals: dict[str, str], *, limit: int = 8
) -> list[Term]:
    """Return the phrases that moved the score most, strongest first.

    Parameters
    ----------
    fields, originals : dict
        The text fields of the ad, cleaned and as given, in the order they were joined; empty ones left out.
    limit : int, default 8

    Returns
    -------
    list of Term
        Phrases do not overlap and do not cross fields.
    """
    text = FIELD_BOUNDARY.join(cleaned.text for cleaned in fields.values())
    tokens = token_weights(model, text)
    ends_of_field = np.cumsum([len(cleaned.text) + 1 for cleaned in fields.values()])
    field_of = np.searchsorted(ends_of_field, tokens.starts, side="right")
    names = list(fields)
    terms: list[Term] = []
    for first, last, total in _strongest_runs(tokens, field_of):
        if len(terms) == limit:
            break
        field = names[field_of[first]]
        base = int(ends_of_field[field_of[first]]) - len(fields[field].text) - 1
        start, end = fields[field].original_span(int(tokens.starts[first]) - base, int(tokens.ends[last]) - base)
        # One character of the original may hold several tokens ("㍿", "½"): quote it once, for the strongest.
        if not any(term.field == field and start < term.end and term.start < end for term in terms):
            terms.append(Term(originals[field][start:end], field, start, end, round(total, 4)))
    return terms


def _strongest_runs(tokens: TokenWeights, field_of: NDArray[np.int64]) -> Iterator[tuple[int, int, float]]:
    """Yield the runs of tokens of one field and one sign whose weights sum to most, none overlapping.

    Each is (first token, last token, sum of weights), strongest first.
    """
    weight = tokens.weight
    n = len(weight)
    # A place where a run may not go on: another field or another sign than the token before.
    broken = np.ones(n, np.int64)
    broken[1:] = (field_of[1:] != field_of[:-1]) | (weight[1:] * weight[:-1] <= 0)
    breaks, sums = np.append(0, np.cumsum(broken)), np.append(0.0, np.cumsum(weight))
    letters = np.append(0, np.cumsum(tokens.is_letter))
    firsts, lasts, totals = [], [], []
    for length in range(1, min(MAX_PHRASE_LETTERS, n) + 1):
        first = np.arange(n - length + 1)
        whole = breaks[first + length] == breaks[first + 1]
        if length > MAX_PHRASE_WORDS:
            whole &= letters[first + length] - letters[first] == length
        first = first[whole]
        firsts.append(first)
        lasts.append(first + length - 1)
        totals.append(sums[first + length] - sums[first])
    if not firsts:
        return
    first, last, total = np.concatenate(firsts), np.concatenate(lasts), np.concatenate(totals)
    taken = bytearray(n)
    for some in _largest_first(np.abs(total)):
        for a, b, its_total in zip(first[some].tolist(), last[some].tolist(), total[some].tolist(), strict=True):
            if abs(its_total) < 1e-9:
                return
            if taken.find(1, a, b + 1) < 0:
                taken[a : b + 1] = b"\1" * (b + 1 - a)
                yield a, b, its_total


def _largest_first(sizes: NDArray[np.float64]) -> Iterator[NDArray[np.int64]]:
    """Yield the places of `sizes`, largest first and equal ones in order: the few that are asked for, then the rest."""
    least = np.partition(sizes, -_FEW)[-_FEW] if len(sizes) > _FEW else 0.0
    for some in (np.flatnonzero(sizes >= least), np.flatnonzero(sizes < least)):
        yield some[np.argsort(-sizes[some], kind="stable")]

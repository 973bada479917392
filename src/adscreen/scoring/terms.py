"""Which words moved the score: exact contributions, summed into short phrases and quoted from the original."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adscreen.ads.cleaning import Cleaned
from adscreen.scoring.terms_kernel import runs_of_one_sign, shared_out, tokens_and_scripts
from adscreen.signals.linear_text import LinearText, contributions
from adscreen.signals.tokens import code_points, composed_with_offsets
from adscreen.signals.unicode_table import FIELD_BOUNDARY, load_table

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
    starts, ends, is_letter = tokens_and_scripts(code_points(composed), load_table())
    if origin is not None:
        starts, ends = origin[starts], origin[ends]
    is_letter &= ends - starts <= 2
    found = contributions(model, text)
    return TokenWeights(starts, ends, is_letter, shared_out(*found, starts, len(text)))


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
    first, last, total = runs_of_one_sign(
        tokens.weight, field_of, tokens.is_letter, MAX_PHRASE_WORDS, MAX_PHRASE_LETTERS
    )
    taken = bytearray(len(tokens.weight))
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

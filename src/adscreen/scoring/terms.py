"""Which words moved the score: exact contributions, summed into short phrases and quoted from the original."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adscreen.ads.cleaning import Cleaned
from adscreen.signals.linear_text import LinearText, contributions
from adscreen.signals.tokens import Token, tokenize
from adscreen.signals.unicode_table import FIELD_BOUNDARY

MAX_PHRASE_WORDS = 4
MAX_PHRASE_LETTERS = 8
"""Tokens of a phrase in scripts without spaces, where a token is one letter."""

_PIECE = 64


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
    """The margin of one ad, shared out over its tokens.

    ``weight.sum() + intercept`` is the margin.

    Attributes
    ----------
    tokens : list of Token
        Of the joined text; offsets are those of the joined text.
    weight : ndarray of float64, shape (n_tokens,)
    """

    tokens: list[Token]
    weight: NDArray[np.float64]


def token_weights(model: LinearText, text: str) -> TokenWeights:
    """Share the contribution of every n-gram and stem evenly over the tokens it covers."""
    tokens = tokenize(text)
    weight = np.zeros(len(tokens))
    if not tokens:
        return TokenWeights(tokens, weight)
    found = contributions(model, text)
    starts = np.array([token.start for token in tokens])
    first = np.searchsorted(starts, found.spans[:, 0], side="right") - 1
    last = np.searchsorted(starts, np.maximum(found.spans[:, 1] - 1, found.spans[:, 0]), side="right") - 1
    width = last - first + 1
    for offset in range(int(width.max(initial=0))):
        covered = width > offset
        np.add.at(weight, first[covered] + offset, found.contribution[covered] / width[covered])
    return TokenWeights(tokens, weight)


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
    tokens, weight = token_weights(model, text)
    ends_of_field = np.cumsum([len(cleaned.text) + 1 for cleaned in fields.values()])
    field_of = np.searchsorted(ends_of_field, [token.start for token in tokens], side="right")
    names = list(fields)
    terms: list[Term] = []
    for first, last, total in _strongest_runs(tokens, weight, field_of):
        if len(terms) == limit:
            break
        field = names[field_of[first]]
        base = int(ends_of_field[field_of[first]]) - len(fields[field].text) - 1
        start, end = fields[field].original_span(tokens[first].start - base, tokens[last].end - base)
        # One character of the original may hold several tokens ("㍿", "½"): quote it once, for the strongest.
        if not any(term.field == field and start < term.end and term.start < end for term in terms):
            terms.append(Term(originals[field][start:end], field, start, end, round(total, 4)))
    return terms


def _strongest_runs(
    tokens: list[Token], weight: NDArray[np.float64], field_of: NDArray[np.int64]
) -> Iterator[tuple[int, int, float]]:
    """Yield the runs of tokens of one field and one sign whose weights sum to most, none overlapping.

    Each is (first token, last token, sum of weights), strongest first.
    """
    n = len(tokens)
    letter = np.array([t.end - t.start <= 2 and not t.text.isascii() for t in tokens], bool)
    # A place where a run may not go on: another field or another sign than the token before.
    broken = np.ones(n, np.int64)
    broken[1:] = (field_of[1:] != field_of[:-1]) | (weight[1:] * weight[:-1] <= 0)
    breaks, sums = np.append(0, np.cumsum(broken)), np.append(0.0, np.cumsum(weight))
    letters = np.append(0, np.cumsum(letter))
    runs = []
    for length in range(1, min(MAX_PHRASE_LETTERS, n) + 1):
        first = np.arange(n - length + 1)
        whole = breaks[first + length] == breaks[first + 1]
        if length > MAX_PHRASE_WORDS:
            whole &= letters[first + length] - letters[first] == length
        first = first[whole]
        runs.append(np.stack([first, first + length - 1, sums[first + length] - sums[first]], axis=1))
    candidates = np.concatenate(runs) if runs else np.empty((0, 3))
    candidates = candidates[np.argsort(-np.abs(candidates[:, 2]), kind="stable")]
    free = np.ones(n, bool)
    # In pieces: the strongest few of thousands are asked for.
    for piece in range(0, len(candidates), _PIECE):
        for first, last, total in candidates[piece : piece + _PIECE].tolist():
            if abs(total) < 1e-9:
                return
            span = slice(int(first), int(last) + 1)
            if free[span].all():
                free[span] = False
                yield int(first), int(last), total

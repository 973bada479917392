"""Which words moved the score: exact contributions, summed into short phrases and quoted from the original."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adscreen.ads.cleaning import Cleaned
from adscreen.scoring.kernel import LinearText, contributions
from adscreen.signals.tokens import Token, tokenize
from adscreen.signals.unicode_table import FIELD_BOUNDARY

MAX_PHRASE_WORDS = 4
MAX_PHRASE_LETTERS = 8
"""Tokens of a phrase in scripts without spaces, where a token is one letter."""


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
    """Share the contribution of every n-gram and part of a word evenly over the tokens it covers."""
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
    free = np.ones(len(tokens), bool)
    names = list(fields)
    terms: list[Term] = []
    while len(terms) < limit:
        span = _strongest_run(tokens, weight, field_of, free)
        if span is None:
            break
        first, last = span
        free[first : last + 1] = False
        field = names[field_of[first]]
        base = int(ends_of_field[field_of[first]]) - len(fields[field].text) - 1
        start, end = fields[field].original_span(tokens[first].start - base, tokens[last].end - base)
        total = float(weight[first : last + 1].sum())
        terms.append(Term(originals[field][start:end], field, start, end, round(total, 4)))
    return terms


def _strongest_run(
    tokens: list[Token], weight: NDArray[np.float64], field_of: NDArray[np.int64], free: NDArray[np.bool_]
) -> tuple[int, int] | None:
    """Find the run of free tokens of one field whose weights, all of one sign, sum to most."""
    best, best_total = None, 1e-9
    for first in range(len(tokens)):
        total = 0.0
        letters = 0
        for last in range(first, min(first + MAX_PHRASE_LETTERS, len(tokens))):
            same_sign = weight[last] * weight[first] > 0
            if not free[last] or field_of[last] != field_of[first] or not same_sign:
                break
            letters += tokens[last].end - tokens[last].start <= 2 and not tokens[last].text.isascii()
            if last - first + 1 > MAX_PHRASE_WORDS and letters < last - first + 1:
                break
            total += abs(weight[last])
            if total > best_total:
                best, best_total = (first, last), total
    return best

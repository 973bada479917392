"""Terms computed the plain way, array by array, for `adscreen.scoring.terms` to be held equal to."""

import numpy as np

from adscreen.scoring.terms import MAX_PHRASE_LETTERS, MAX_PHRASE_WORDS, TokenWeights
from adscreen.signals.linear_text import Contributions
from adscreen.signals.ngrams import ngram_spans
from adscreen.signals.tokens import code_points, composed_with_offsets, token_spans
from adscreen.signals.unicode_table import fold_of, load_table


def contributions(model, text):
    """What `adscreen.signals.linear_text.contributions` returns."""
    found = ngram_spans(text, model.hashing)
    buckets, place, counts = np.unique(found.buckets, return_inverse=True, return_counts=True)
    value = (1.0 + np.log(counts)) * model.table[buckets, 0]
    norm = np.sqrt((value * value).sum())
    if norm == 0.0:
        return Contributions(found.spans, np.zeros(len(found.buckets)))
    each = value * model.table[buckets, 1] / norm / counts
    return Contributions(found.spans, each[place])


def token_weights(model, text):
    """What `adscreen.scoring.terms.token_weights` returns."""
    composed, origin = composed_with_offsets(text)
    codes = code_points(composed)
    starts, ends = token_spans(codes, load_table())
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


def strongest_runs(tokens, field_of):
    """What `adscreen.scoring.terms._strongest_runs` yields, as a list."""
    runs = []
    for length in range(1, MAX_PHRASE_LETTERS + 1):
        for first in range(len(tokens.weight) - length + 1):
            run = slice(first, first + length)
            weight = tokens.weight[run]
            of_one_kind = len(set(field_of[run])) == 1 and (weight[1:] * weight[:-1] > 0).all()
            if of_one_kind and (length <= MAX_PHRASE_WORDS or tokens.is_letter[run].all()):
                runs.append((first, first + length - 1))
    sums = np.append(0.0, np.cumsum(tokens.weight))
    runs = [(first, last, float(sums[last + 1] - sums[first])) for first, last in runs]
    kept = []
    for first, last, total in sorted(runs, key=lambda run: -abs(run[2])):
        if abs(total) >= 1e-9 and not any(first <= b and a <= last for a, b, _ in kept):
            kept.append((first, last, total))
    return kept

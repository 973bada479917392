"""The plain baseline that every figure stands beside: word TF-IDF and a linear SVM, as anyone would build it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import LinearSVC


def baseline_pipeline() -> Pipeline:
    """Return the unfitted baseline: `TfidfVectorizer` on words 1 to 3 and `LinearSVC`, defaults otherwise."""
    return make_pipeline(TfidfVectorizer(ngram_range=(1, 3)), LinearSVC(random_state=0))


def baseline_out_of_fold(texts: list[str], labels: NDArray[np.int64], fold: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the baseline's out-of-fold scores, shape (n_ads,), on the folds given."""
    scores = np.zeros(len(texts))
    for k in np.unique(fold):
        seen, held_out = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        model = baseline_pipeline().fit([texts[i] for i in seen], labels[seen])
        scores[held_out] = model.decision_function([texts[i] for i in held_out])
    return scores

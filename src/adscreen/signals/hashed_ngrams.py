"""`HashedNgrams`: hashed n-gram counts as a scikit-learn transformer, for training and for experiments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from adscreen.signals.ngram_kernel import MAX_ORDER
from adscreen.signals.ngrams import DEFAULT_BUCKETS, Hashing, count_ngrams


class HashedNgrams(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Count hashed n-grams of words, or of letters in scripts without spaces.

    Parameters
    ----------
    n_buckets : int, default 2**20
        Number of columns, a power of two from 2 to 2**31.
    max_words : int, default 2
        Longest n-gram over words, 1 to 8.
    max_chars : int, default 4
        Longest n-gram over letters of scripts without spaces, `max_words` to 8.
    stem : int, default 4
        Longer words count by so many first letters too; 0 for none.

    Attributes
    ----------
    hashing_ : Hashing
        The checked parameters, as the compiled scorer keeps them.
    n_features_in_ : int
        Always 1: the text.

    Notes
    -----
    Stateless: `fit` only checks the parameters. Input is a one-dimensional sequence of strings (list, array
    or Series) with the fields of an ad joined by `adscreen.signals.ngrams.join_fields`; a DataFrame is
    refused, as its rows would silently be read as its column names.

    Feature names are ``ngram_0`` to ``ngram_{n_buckets - 1}``: a bucket has no text of its own, several
    n-grams may share it. What an n-gram did to a score is explained per ad, see `adscreen.scoring.explain`.

    Examples
    --------
    >>> HashedNgrams(n_buckets=16, stem=0).fit_transform(["no fee", "no"]).sum(axis=1).tolist()
    [[3.0], [1.0]]
    """

    def __init__(
        self,
        *,
        n_buckets: int = DEFAULT_BUCKETS,
        max_words: int = 2,
        max_chars: int = 4,
        stem: int = 4,
    ) -> None:
        self.n_buckets = n_buckets
        self.max_words = max_words
        self.max_chars = max_chars
        self.stem = stem

    def fit(self, X: Iterable[str], y: Any = None) -> Self:
        """Check the parameters; nothing is learnt from `X`.

        Raises
        ------
        ValueError
            If a parameter is outside its range; the message gives the value and the range.
        """
        if not 2 <= self.n_buckets <= 2**31 or self.n_buckets & (self.n_buckets - 1):
            raise ValueError(f"n_buckets is {self.n_buckets}; it must be a power of two from 2 to 2**31")
        if not 1 <= self.max_words <= MAX_ORDER:
            raise ValueError(f"max_words is {self.max_words}; it must be 1 to {MAX_ORDER}")
        if not self.max_words <= self.max_chars <= MAX_ORDER:
            raise ValueError(f"max_chars is {self.max_chars}; it must be {self.max_words} to {MAX_ORDER}")
        if self.stem < 0:
            raise ValueError(f"stem is {self.stem}; it must be 0 or more")
        _as_texts(X)
        self.hashing_ = Hashing(self.n_buckets, self.max_words, self.max_chars, self.stem)
        self.n_features_in_ = 1
        return self

    def transform(self, X: Iterable[str]) -> Any:
        """Count n-grams.

        Returns
        -------
        scipy.sparse.csr_matrix of float64, shape (n_texts, n_buckets)
        """
        check_is_fitted(self)
        counts, _ = count_ngrams(_as_texts(X), self.hashing_)
        return counts

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Return ``ngram_<bucket>`` for each column, shape (n_buckets,)."""
        check_is_fitted(self)
        return np.array([f"ngram_{bucket}" for bucket in range(self.hashing_.n_buckets)], dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        tags.requires_fit = True
        tags.no_validation = True
        return tags


def _as_texts(X: Any) -> list[str]:
    if isinstance(X, str):
        raise ValueError("X is one string; give a list of strings, one for each ad")
    if getattr(X, "ndim", 1) != 1:
        raise ValueError(f"X has {X.ndim} dimensions; give one column of text, for example frame['description']")
    texts = list(X)
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            raise ValueError(f"X[{i}] is {type(text).__name__}, not str; fill missing text with ''")
    return texts

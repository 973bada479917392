"""`HashedNgrams` as a scikit-learn transformer."""

import pickle
import re

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError, SkipTestWarning
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.utils.estimator_checks import check_estimator, parametrize_with_checks
from sklearn.utils.validation import check_is_fitted, validate_data

from adscreen.signals.hashed_ngrams import HashedNgrams
from adscreen.signals.ngrams import Hashing

ADS = ["Free visa, no fee", "高薪招聘客服", "Lương cao, bao ăn ở", ""]


class NumbersAsText(HashedNgrams):
    """`HashedNgrams` on tables of numbers, each row spelt out: scikit-learn's checks bring no other data."""

    def fit(self, X, y=None):
        numbers = validate_data(self, X)
        n_features = self.n_features_in_
        super().fit(spelt_out(numbers), y)
        self.n_features_in_ = n_features
        return self

    def transform(self, X):
        check_is_fitted(self)
        return super().transform(spelt_out(validate_data(self, X, reset=False)))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        tags.input_tags.one_d_array = False
        tags.no_validation = False
        return tags


def whole(message):
    return f"^{re.escape(message)}$"


def spelt_out(numbers):
    return [" ".join(f"w{number:.0f}" for number in row) for row in numbers]


def test_scikit_learn_accepts_the_estimator():
    with pytest.warns(SkipTestWarning, match=r"Can't test estimator HashedNgrams which requires input"):
        results = check_estimator(HashedNgrams())
    assert [result["status"] for result in results] == ["passed"] * len(results)


@parametrize_with_checks([NumbersAsText(n_buckets=64)])
def test_scikit_learn_accepts_the_estimator_on_data_it_can_make(estimator, check):
    check(estimator)


def test_a_clone_has_the_parameters_and_nothing_learnt():
    fitted = HashedNgrams(n_buckets=32, max_words=3).fit(ADS)
    copy = clone(fitted)
    assert copy.get_params() == {"n_buckets": 32, "max_words": 3, "max_chars": 4, "stem": 4}
    assert not hasattr(copy, "hashing_")


def test_parameters_are_checked_when_fitting_not_when_set():
    HashedNgrams(n_buckets=100).set_params(max_words=0)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"n_buckets": 100}, "n_buckets is 100; it must be a power of two from 2 to 2**31"),
        ({"n_buckets": 1}, "n_buckets is 1; it must be a power of two from 2 to 2**31"),
        ({"n_buckets": 2**32}, "n_buckets is 4294967296; it must be a power of two from 2 to 2**31"),
        ({"max_words": 0}, "max_words is 0; it must be 1 to 8"),
        ({"max_words": 9, "max_chars": 9}, "max_words is 9; it must be 1 to 8"),
        ({"max_words": 3, "max_chars": 2}, "max_chars is 2; it must be 3 to 8"),
        ({"max_chars": 9}, "max_chars is 9; it must be 2 to 8"),
        ({"stem": -1}, "stem is -1; it must be 0 or more"),
    ],
)
def test_a_parameter_outside_its_range_is_refused_with_its_value(params, message):
    with pytest.raises(ValueError, match=whole(message)):
        HashedNgrams(**params).fit(ADS)


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("one ad", "X is one string; give a list of strings, one for each ad"),
        (["ad", None], "X[1] is NoneType, not str; fill missing text with ''"),
        (["ad", float("nan")], "X[1] is float, not str; fill missing text with ''"),
        (
            pd.DataFrame({"title": ["Cook"], "description": ["no fee"]}),
            "X has 2 dimensions; give one column of text, for example frame['description']",
        ),
        (
            np.array([["Cook", "no fee"]]),
            "X has 2 dimensions; give one column of text, for example frame['description']",
        ),
    ],
)
def test_what_is_not_a_list_of_texts_is_refused(texts, message):
    fitted = HashedNgrams().fit(ADS)
    for method in (HashedNgrams().fit, fitted.transform):
        with pytest.raises(ValueError, match=whole(message)):
            method(texts)


def test_counting_before_fitting_is_refused():
    with pytest.raises(NotFittedError, match="This HashedNgrams instance is not fitted yet"):
        HashedNgrams().transform(ADS)


def test_nothing_is_learnt_from_the_texts():
    ngrams = HashedNgrams(n_buckets=2**10)
    assert abs(ngrams.fit(["other", "texts"]).transform(ADS) - ngrams.fit(ADS).transform(ADS)).sum() == 0


def test_the_checked_parameters_are_kept_as_the_compiled_scorer_keeps_them():
    fitted = HashedNgrams(n_buckets=64, stem=0).fit(ADS)
    assert fitted.hashing_ == Hashing(64, 2, 4, 0)
    assert fitted.n_features_in_ == 1


@pytest.mark.parametrize("container", [list, tuple, iter, np.array, pd.Series, lambda ads: np.array(ads, object)])
def test_texts_may_come_in_any_one_dimensional_container(container):
    expected = HashedNgrams(n_buckets=64).fit_transform(ADS)
    assert abs(HashedNgrams(n_buckets=64).fit(ADS).transform(container(ADS)) - expected).sum() == 0


def test_counts_are_a_csr_matrix_with_one_row_for_each_ad_and_sorted_columns():
    counts = HashedNgrams(n_buckets=64).fit_transform(pd.Series(ADS))
    assert counts.format == "csr"
    assert counts.shape == (4, 64)
    assert counts.dtype == np.float64
    assert counts.has_sorted_indices
    assert counts.has_canonical_format


def test_a_column_is_named_by_its_bucket():
    names = HashedNgrams(n_buckets=4).fit(ADS).get_feature_names_out()
    assert names.tolist() == ["ngram_0", "ngram_1", "ngram_2", "ngram_3"]
    assert names.dtype == object


def test_names_survive_a_feature_union():
    union = FeatureUnion([("short", HashedNgrams(n_buckets=2)), ("long", HashedNgrams(n_buckets=2, max_words=3))])
    union.fit(ADS)
    assert union.get_feature_names_out().tolist() == [
        "short__ngram_0",
        "short__ngram_1",
        "long__ngram_0",
        "long__ngram_1",
    ]


def test_a_fitted_estimator_survives_pickling():
    fitted = HashedNgrams(n_buckets=64).fit(ADS)
    again = pickle.loads(pickle.dumps(fitted))
    assert again.hashing_ == fitted.hashing_
    assert abs(again.transform(ADS) - fitted.transform(ADS)).sum() == 0


def test_it_works_in_a_pipeline_under_a_grid_search():
    ads = [
        "free visa, pay later, no experience",
        "高薪 包机票 边境",
        "licensed agency, written contract",
        "正规合同 五险一金",
    ]
    labels = [1, 1, 0, 0]
    pipeline = make_pipeline(HashedNgrams(n_buckets=2**10), TfidfTransformer(sublinear_tf=True), LogisticRegression())
    search = GridSearchCV(pipeline, {"hashedngrams__max_words": [1, 2]}, cv=2).fit(ads, labels)
    assert search.predict(ads).tolist() == labels

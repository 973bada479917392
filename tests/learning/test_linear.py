"""Logistic regression that does not learn which source an ad comes from."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from adscreen.learning.linear import SourceAwareLogistic

PORTAL, MESSAGES, LURE = 0, 1, 2


@pytest.fixture
def one_sided():
    """Features, labels, sources: a portal of honest ads, a set of scam messages, one group with both.

    The first two columns tell the portal and the messages, the third tells lures within each source.
    """
    rng = np.random.default_rng(0)
    source = np.repeat(["portal", "messages", "group"], 300)
    label = np.concatenate([np.zeros(300), np.ones(300), np.arange(300) % 2]).astype(int)
    lure = (rng.random(900) < np.where(label == 1, 0.7, 0.3)).astype(float)
    noise = rng.random((900, 5)) < 0.3
    columns = [source == "portal", source == "messages", lure, *noise.T]
    return sparse.csr_matrix(np.stack(columns, axis=1).astype(float)), label, source


def test_a_signal_that_only_tells_the_source_is_not_learnt(one_sided):
    X, y, sources = one_sided
    plain = SourceAwareLogistic().fit(X, y).coef_[0]
    aware = SourceAwareLogistic(source_intercept=5.0).fit(X, y, sources=sources).coef_[0]
    assert plain[MESSAGES] - plain[PORTAL] > 4
    assert abs(aware[MESSAGES] - aware[PORTAL]) < 1


def test_a_signal_within_sources_is_learnt_all_the_same(one_sided):
    X, y, sources = one_sided
    model = SourceAwareLogistic(source_intercept=5.0).fit(X, y, sources=sources)
    assert model.coef_[0][LURE] > 1
    within = sources == "group"
    assert roc_auc_score(y[within], model.decision_function(X[within])) > 0.65


def test_the_larger_the_source_intercept_the_less_the_source_is_learnt(one_sided):
    X, y, sources = one_sided
    coefficients = [
        SourceAwareLogistic(source_intercept=v).fit(X, y, sources=sources).coef_[0] for v in (0.0, 0.3, 3.0)
    ]
    gaps = [c[MESSAGES] - c[PORTAL] for c in coefficients]
    assert gaps[0] > gaps[1] > gaps[2]


def test_the_fitted_model_has_the_columns_of_the_ngrams_only(one_sided):
    X, y, sources = one_sided
    model = SourceAwareLogistic().fit(X, y, sources=sources)
    assert model.coef_.shape == (1, 8)
    assert model.n_features_in_ == 8
    assert model.predict_proba(X).shape == (900, 2)


@pytest.mark.parametrize("options", [{"source_intercept": 0.0}, {}])
def test_without_source_intercepts_it_is_plain_logistic_regression(one_sided, options):
    X, y, sources = one_sided
    model = SourceAwareLogistic(**options).fit(X, y, sources=sources if options else None)
    plain = LogisticRegression(C=10.0, solver="liblinear", dual=True, max_iter=400, tol=0.05, random_state=0).fit(X, y)
    np.testing.assert_array_equal(model.coef_, plain.coef_)
    np.testing.assert_array_equal(model.intercept_, plain.intercept_)


def test_sample_weights_are_used(one_sided):
    X, y, sources = one_sided
    towards_lures = SourceAwareLogistic().fit(X, y, np.where(y == 1, 20.0, 1.0), sources)
    assert (
        towards_lures.predict_proba(X)[:, 1].mean()
        > SourceAwareLogistic().fit(X, y, sources=sources).predict_proba(X)[:, 1].mean()
    )


def test_it_is_cloned_with_its_parameters():
    model = clone(SourceAwareLogistic(source_intercept=0.7, C=3.0, random_state=5))
    assert model.get_params() == {"source_intercept": 0.7, "C": 3.0, "random_state": 5}
    assert not hasattr(model, "coef_")


def test_a_parameter_set_later_is_the_one_that_is_fitted_with(one_sided):
    X, y, _ = one_sided
    weak = SourceAwareLogistic().set_params(C=1e-4).fit(X, y)
    assert np.abs(weak.coef_).max() < 0.1


def test_the_same_seed_gives_the_same_model(one_sided):
    X, y, sources = one_sided
    first, second = (SourceAwareLogistic(random_state=1).fit(X, y, sources=sources) for _ in range(2))
    np.testing.assert_array_equal(first.coef_, second.coef_)

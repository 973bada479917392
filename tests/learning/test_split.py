"""Folds: nothing that belongs together is parted, and every fold gets its share of everything."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from adscreen.learning.split import group_folds

ADS = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from(["emscad/0", "emscad/1", "vi/1"])), min_size=5, max_size=80
)


@settings(deadline=None)
@given(ADS, st.integers(2, 5), st.integers(0, 3))
def test_a_group_is_never_in_two_folds(ads, n_folds, seed):
    groups = np.array([group for group, _ in ads])
    assume(len(set(groups)) >= n_folds)
    fold = group_folds(groups, pd.Series([stratum for _, stratum in ads]), n_folds, seed)
    assert pd.Series(fold).groupby(groups).nunique().eq(1).all()
    assert fold.min() >= 0
    assert fold.max() < n_folds


@settings(deadline=None)
@given(st.lists(st.sampled_from(["emscad/0", "emscad/1", "vi/1"]), min_size=5, max_size=80), st.integers(2, 5))
def test_ads_that_stand_alone_are_dealt_out_evenly_within_each_stratum(strata, n_folds):
    fold = group_folds(np.arange(len(strata)), pd.Series(strata), n_folds, 0)
    for stratum in set(strata):
        counts = np.bincount(fold[np.array(strata) == stratum], minlength=n_folds)
        assert counts.max() - counts.min() <= 1


def test_groups_of_many_sizes_still_give_each_fold_its_share_of_each_stratum():
    rng = np.random.default_rng(0)
    sizes = rng.integers(1, 9, 200)
    groups = np.repeat(np.arange(200), sizes)
    strata = pd.Series(np.repeat(rng.choice(["a/0", "a/1", "b/0"], 200, p=[0.6, 0.1, 0.3]), sizes))
    fold = group_folds(groups, strata, 5, 0)
    shares = pd.crosstab(strata, fold, normalize="index")
    assert shares.to_numpy().min() > 0.15
    assert shares.to_numpy().max() < 0.25


def test_every_fold_gets_ads():
    fold = group_folds(np.arange(5), pd.Series(["a/0"] * 5), 5, 0)
    assert sorted(fold) == [0, 1, 2, 3, 4]


def test_a_seed_always_gives_the_same_folds_and_another_seed_others():
    groups, strata = np.arange(60), pd.Series(["a/0", "a/1", "b/0"] * 20)
    first = group_folds(groups, strata, 5, 7)
    np.testing.assert_array_equal(first, group_folds(groups, strata, 5, 7))
    assert (first != group_folds(groups, strata, 5, 8)).any()


def test_the_numbers_of_the_groups_need_not_be_consecutive():
    groups = np.array([90, 4, 90, 17, 4, 200])
    fold = group_folds(groups, pd.Series(["a/0"] * 6), 3, 0)
    assert fold[0] == fold[2]
    assert fold[1] == fold[4]


def test_fewer_groups_than_folds_is_an_error_that_says_what_to_do():
    with pytest.raises(ValueError, match=r"^2 groups cannot be dealt out to 5 folds; lower split\.n_folds$"):
        group_folds(np.array([0, 1, 1, 0, 0, 1]), pd.Series(["a/0"] * 6), 5, 0)

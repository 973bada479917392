"""Folds that keep together what belongs together: no campaign and no company is in two folds."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def group_folds(groups: NDArray[np.int64], strata: pd.Series, n_folds: int, seed: int) -> NDArray[np.int64]:
    """Deal groups out to folds so that each fold gets its share of each stratum.

    Large groups are dealt first, each to the fold that lacks most of what the group holds; ties and the
    order of equal groups are drawn from `seed`.

    Parameters
    ----------
    groups : ndarray of int64, shape (n_ads,)
    strata : Series of str, shape (n_ads,)
        For example source and label.
    n_folds : int
    seed : int

    Returns
    -------
    ndarray of int64, shape (n_ads,)
        The fold of each ad, 0 to ``n_folds - 1``.

    Raises
    ------
    ValueError
        If there are fewer groups than folds.
    """
    _, group_of = np.unique(groups, return_inverse=True)
    n_groups = group_of.max() + 1
    if n_groups < n_folds:
        raise ValueError(f"{n_groups} groups cannot be dealt out to {n_folds} folds; lower split.n_folds")
    codes, names = pd.factorize(strata)
    # Share of each stratum that each group holds: a rare stratum counts as much as a common one.
    held = np.zeros((n_groups, len(names)))
    np.add.at(held, (group_of, codes), 1.0)
    held /= held.sum(axis=0)
    rng = np.random.default_rng(seed)
    shuffled = rng.permutation(n_groups)
    order = shuffled[np.argsort(-held[shuffled].max(axis=1), kind="stable")]
    filled = np.zeros((n_folds, len(names)))
    fold_of_group = np.empty(n_groups, np.int64)
    for group in order:
        has = held[group] > 0
        load = (filled[:, has] * held[group, has]).sum(axis=1) / held[group, has].sum()
        best = np.flatnonzero(load <= load.min() + 1e-12)
        fold = best[rng.integers(len(best))]
        fold_of_group[group] = fold
        filled[fold] += held[group]
    return fold_of_group[group_of]

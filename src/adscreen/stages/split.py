"""Stage 4: deal the groups out to folds."""

from __future__ import annotations

import pandas as pd

from adscreen.learning.split import group_folds
from adscreen.stages.settings import Params, Paths


def run(params: Params, paths: Paths) -> None:
    """Write the fold of each ad."""
    ads = pd.read_parquet(paths.ads, columns=["source", "label"])
    groups = pd.read_parquet(paths.groups)["group"].to_numpy()
    strata = ads["source"] + "/" + ads["label"].astype(str)
    fold = group_folds(groups, strata, params.split.n_folds, params.split.seed)
    pd.DataFrame({"fold": fold}).to_parquet(paths.folds, index=False)
    print(pd.Series(fold).value_counts().sort_index().rename("ads").to_string())


if __name__ == "__main__":
    run(Params.load(), Paths())

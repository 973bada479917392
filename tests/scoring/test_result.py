"""The frame of results."""

import numpy as np
import pandas as pd
import pytest

from adscreen.scoring.result import RESULT_COLUMNS, as_results


@pytest.mark.parametrize("n_ads", [0, 1, 3])
def test_results_are_what_pandas_makes_of_their_columns(n_ads):
    texts = {name: ["一", None, ""][:n_ads] for name in RESULT_COLUMNS if name != "risk"}
    texts["type"] = [None] * n_ads
    columns = {name: texts.get(name, np.array([0.5, np.nan, 1.0][:n_ads])) for name in RESULT_COLUMNS}
    index = pd.Index([7, 3, 3][:n_ads], name="row")

    made = as_results(columns, index)

    plain = {name: pd.Series(columns[name], index, dtype="float64" if name == "risk" else "str") for name in columns}
    pd.testing.assert_frame_equal(made, pd.DataFrame(plain))
    assert made.columns.tolist() == list(RESULT_COLUMNS)


def test_a_frame_of_results_can_be_changed_like_any_other():
    columns = {name: np.array([0.5]) if name == "risk" else ["x"] for name in RESULT_COLUMNS}
    made = as_results(columns, pd.RangeIndex(1))
    made.loc[0, "risk"] = 0.25
    made.loc[0, "band"] = "clear"
    assert made.loc[0, ["risk", "band", "type"]].tolist() == [0.25, "clear", "x"]

"""The frame of results."""

import numpy as np
import pandas as pd

from adscreen.scoring.result import RESULT_COLUMNS, as_results


def test_results_are_what_pandas_makes_of_their_columns():
    texts = {name: ["一", None, ""] for name in RESULT_COLUMNS if name != "risk"}
    columns = {name: texts.get(name, np.array([0.5, np.nan, 1.0])) for name in RESULT_COLUMNS}
    index = pd.Index([7, 3, 3], name="row")
    made = as_results(columns, index)
    plain = {name: pd.Series(columns[name], index, dtype="float64" if name == "risk" else "str") for name in columns}
    pd.testing.assert_frame_equal(made, pd.DataFrame(plain))
    made.loc[7, "risk"] = 0.25  # a frame like any other
    assert made["risk"].iloc[0] == 0.25

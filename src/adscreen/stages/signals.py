"""Stage 2: find the indicators of each ad."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adscreen.learning.signal_features import find_signals
from adscreen.signals.table import SignalTable
from adscreen.stages.settings import Params, Paths

WARNING_SIGNS = "warning_signs"


def run(params: Params, paths: Paths) -> None:
    """Write one row for each ad: a column of true and false for each indicator, and the signs of a warning."""
    ads = pd.read_parquet(paths.ads)
    signals = find_signals(ads)
    frame = pd.DataFrame(signals.table.found, columns=list(signals.table.codes))
    frame.assign(**{WARNING_SIGNS: signals.warning_signs}).to_parquet(paths.signals, index=False)
    shares = frame.groupby(ads["label"].to_numpy()).mean().T
    print(shares[shares.max(axis=1) > 0].to_string(float_format="{:.3f}".format))


def read_signals(paths: Paths) -> SignalTable:
    """Return which indicators each ad shows."""
    frame = pd.read_parquet(paths.signals).drop(columns=WARNING_SIGNS)
    return SignalTable(tuple(frame.columns), frame.to_numpy(bool))


def read_warning_signs(paths: Paths) -> NDArray[np.int64]:
    """Return how many signs of a warning each ad shows, shape (n_ads,)."""
    return pd.read_parquet(paths.signals, columns=[WARNING_SIGNS])[WARNING_SIGNS].to_numpy()


if __name__ == "__main__":
    run(Params.load(), Paths())

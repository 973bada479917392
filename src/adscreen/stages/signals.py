"""Stage 2: find the indicators of each ad."""

from __future__ import annotations

import pandas as pd

from adscreen.learning.signal_features import find_signals
from adscreen.signals.table import SignalTable
from adscreen.stages.settings import Params, Paths


def run(params: Params, paths: Paths) -> None:
    """Write one row for each ad and one column of true and false for each indicator."""
    ads = pd.read_parquet(paths.ads)
    signals = find_signals(ads)
    frame = pd.DataFrame(signals.found, columns=list(signals.codes))
    frame.to_parquet(paths.signals, index=False)
    shares = frame.groupby(ads["label"].to_numpy()).mean().T
    print(shares[shares.max(axis=1) > 0].to_string(float_format="{:.3f}".format))


def read_signals(paths: Paths) -> SignalTable:
    """Return which indicators each ad shows."""
    frame = pd.read_parquet(paths.signals)
    return SignalTable(tuple(frame.columns), frame.to_numpy(bool))


if __name__ == "__main__":
    run(Params.load(), Paths())

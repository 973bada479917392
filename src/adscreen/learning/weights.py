"""What each labelled ad counts in fitting: sources, classes and campaigns in balance."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FULL_WEIGHT_CAMPAIGNS = 100
"""A source with fewer campaigns than this counts in proportion: three ads are not worth a whole source."""


def balanced_weights(ads: pd.DataFrame, *, campaign_power: float = 1.0) -> NDArray[np.float64]:
    """Weigh ads so that no source, class or campaign outvotes the others by its size alone.

    Parameters
    ----------
    ads : DataFrame
        With ``source``, ``label``, ``group`` and ``weight`` (of the source).
    campaign_power : float, default 1.0
        An ad of a group of n counts ``n ** -campaign_power``: 0 counts ads, 1 counts campaigns.

    Returns
    -------
    ndarray of float64, shape (n_ads,)
        Sums to n_ads; half of it on each class; within a class, each source by its ``weight`` (less if
        it has under `FULL_WEIGHT_CAMPAIGNS` campaigns).
    """
    cell = ads["source"].astype(str) + "\x1f" + ads["label"].astype(str)
    size = ads.groupby([cell, "group"])["label"].transform("size").to_numpy(float)
    each = size**-campaign_power
    each /= pd.Series(each).groupby(cell.to_numpy()).transform("sum").to_numpy()
    campaigns = ads.groupby(cell)["group"].transform("nunique").to_numpy(float)
    each *= ads["weight"].to_numpy(float) * np.minimum(campaigns / FULL_WEIGHT_CAMPAIGNS, 1.0)
    per_class = pd.Series(each).groupby(ads["label"].to_numpy()).transform("sum").to_numpy()
    return np.asarray(each / per_class * len(ads) / max(ads["label"].nunique(), 1))

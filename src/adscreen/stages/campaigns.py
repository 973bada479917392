"""Stage 3: find the ads that belong together, so that no split parts them."""

from __future__ import annotations

import pandas as pd

from adscreen.campaigns.groups import group_ads
from adscreen.learning.text_model import ad_texts
from adscreen.stages.settings import Params, Paths


def run(params: Params, paths: Paths) -> None:
    """Write the group of each ad."""
    ads = pd.read_parquet(paths.ads)
    groups = group_ads(ads, ad_texts(ads))
    groups.to_parquet(paths.groups, index=False)
    print(f"{len(ads):,} ads in {groups['group'].nunique():,} groups ({groups['text_group'].nunique():,} texts)")


if __name__ == "__main__":
    run(Params.load(), Paths())

"""Stage 1: read all labelled sources into one table of cleaned ads."""

from __future__ import annotations

from pathlib import Path

from adscreen.learning.sources import load_sources
from adscreen.learning.text_model import ad_texts, clean_ads
from adscreen.stages.settings import Params, Paths


def run(params: Params, paths: Paths) -> None:
    """Write the cleaned ads that have any text."""
    ads = clean_ads(load_sources(params.sources, Path(params.root)))
    ads = ads[[bool(text) for text in ad_texts(ads)]].reset_index(drop=True)
    paths.interim.mkdir(parents=True, exist_ok=True)
    ads.to_parquet(paths.ads, index=False)
    print(ads.groupby(["source", "label"]).size().unstack(fill_value=0).to_string())


if __name__ == "__main__":
    run(Params.load(), Paths())

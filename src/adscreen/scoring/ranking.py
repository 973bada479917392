"""The most suspicious ads of any number, kept in constant memory."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from typing import Any

import pandas as pd

from adscreen.ads.schema import AD_FIELDS, TEXT_FIELDS

SHOWN_FIELDS = ("title", "description", "company", "location", "source")


def most_suspicious(judged: Iterable[tuple[pd.DataFrame, pd.DataFrame]], budget: int) -> list[dict[str, Any]]:
    """Return the `budget` ads of the highest risk, highest first; repeats of one text count once.

    Parameters
    ----------
    judged : iterable of (ads, results)
        As `adscreen.scoring.batch.score_stream` yields them. Unscorable ads are left out.
    budget : int
        How many ads a person can read.

    Returns
    -------
    list of dict
        The result columns and `SHOWN_FIELDS` of each ad, with ``ad`` (all its fields), ``row`` (in its file) and
        ``copies`` (how many ads had exactly its text).
    """
    heap: list[tuple[float, int, dict[str, Any]]] = []
    kept: dict[int, dict[str, Any]] = {}
    order = 0
    for ads, results in judged:
        floor = heap[0][0] if len(heap) >= budget else -1.0
        texts = ads[TEXT_FIELDS[0]].str.cat(ads[list(TEXT_FIELDS[1:])], sep="\x1f")
        candidates = results.index[(results["band"] != "unscorable") & (results["risk"] >= floor)]
        for i in candidates:
            key = hash(texts[i])
            if key in kept:
                kept[key]["copies"] += 1
                continue
            shown = {name: ads.at[i, name] for name in SHOWN_FIELDS}
            result = {name: None if pd.isna(value) else value for name, value in results.loc[i].items()}
            whole = {name: str(ads.at[i, name]) for name in AD_FIELDS}
            row = {**result, **shown, "ad": whole, "row": int(ads["row"].loc[i]), "copies": 1, "key": key}
            order -= 1  # of equal risks, the ad read first ranks first
            entry = (float(results["risk"].loc[i]), order, row)
            if len(heap) < budget:
                heapq.heappush(heap, entry)
                kept[key] = row
            elif entry > heap[0]:
                dropped = heapq.heappushpop(heap, entry)
                kept.pop(dropped[2]["key"], None)
                kept[key] = row
    return [row for _, _, row in sorted(heap, key=lambda entry: entry[:2], reverse=True)]

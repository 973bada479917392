"""The most suspicious campaigns and single ads: what a person reads first, each once."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import pandas as pd

from adscreen.ads.schema import AD_FIELDS, TEXT_FIELDS

SHOWN_FIELDS = ("title", "description", "company", "location", "source")


class Ranking:
    """Takes judged ads, packed, and then ranks them.

    A campaign is known only when the last ad is read, so every ad is kept: about a third of what its text takes.
    """

    def __init__(self) -> None:
        self._rows: list[bytes] = []
        self._risks: list[float] = []
        self._texts: list[bytes] = []

    def add(self, ads: pd.DataFrame, results: pd.DataFrame) -> None:
        """Take ads and their results, as `adscreen.scoring.batch.score_stream` yields them."""
        whole = {name: ads[name].tolist() for name in AD_FIELDS}
        judged = results.astype(object).where(results.notna(), None).to_dict("records")
        for i, (row, result) in enumerate(zip(ads["row"].tolist(), judged, strict=True)):
            ad = {name: str(values[i]) for name, values in whole.items()}
            text = "\x1f".join(ad[name] for name in TEXT_FIELDS)
            self._texts.append(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())
            # A risk of its own for what was not judged: it comes after everything, and is then left out.
            self._risks.append(-1.0 if result["band"] == "unscorable" else float(result["risk"]))
            packed = json.dumps([int(row), ad, result]).encode()
            self._rows.append(zlib.compress(packed, 1))

    def ranked(self, campaign_ids: Sequence[str | None], budget: int) -> list[dict[str, Any]]:
        """Return the `budget` campaigns and single ads of the highest risk, highest first.

        A campaign is as risky as its riskiest ad, and that ad stands for it; of equal risks, the ad read first.
        Repeats of one text count once even where no campaign joins them. Unscorable ads are left out.

        Parameters
        ----------
        campaign_ids : sequence of str or None
            Campaign of each ad taken, in order; None for an ad on its own.
        budget : int
            How many ads a person can read.

        Returns
        -------
        list of dict
            The result columns and `SHOWN_FIELDS` of each ad, with ``ad`` (all its fields), ``row`` (in its file),
            ``copies`` (how many ads had exactly its text), ``campaign_id`` (or None) and ``campaign_ads``.
        """
        copies = Counter(self._texts)
        sizes = Counter(campaign_ids)
        best: dict[str | bytes, int] = {}
        for place, risk in enumerate(self._risks):
            entry = campaign_ids[place] or self._texts[place]
            if risk >= 0 and (entry not in best or risk > self._risks[best[entry]]):
                best[entry] = place
        order = sorted(best.values(), key=lambda place: (-self._risks[place], place))[:budget]
        found = []
        for place in order:
            row, ad, result = json.loads(zlib.decompress(self._rows[place]))
            name = campaign_ids[place]
            shown = {field: ad[field] for field in SHOWN_FIELDS}
            own = {"campaign_id": name, "campaign_ads": sizes[name] if name else 1}
            found.append({**result, **shown, "ad": ad, "row": row, "copies": copies[self._texts[place]], **own})
        return found

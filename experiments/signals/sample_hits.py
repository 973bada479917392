"""Draw hits on genuine ads for a reader: python experiments/signals/sample_hits.py --interim DIR -o hits.jsonl

``--exclude earlier.jsonl`` leaves out the ads that an earlier draw was from, and all that read like them.

Draws from all indicator hits on measured genuine ads, every hit alike, as a reviewer would meet them. Only from the
quarter of the groups on which no phrase was ever pruned or read again (group number 3 of 4). Each line has the
indicator with its label, and the quote in its surroundings; the reader adds ``right``: whether the ad says what the
label says. The lines are rows of real data: keep them out of the repository. hits.md holds the result.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import pandas as pd

from adscreen.learning.text_model import ad_texts
from adscreen.signals.evidence import read_ad
from adscreen.signals.indicator_files import shipped_catalogue
from adscreen.signals.indicators import shipped_finder

AROUND = 160


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interim", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("-n", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--exclude", type=Path, nargs="*", default=[])
    arguments = parser.parse_args()
    folder = arguments.interim / "interim"
    ads = pd.read_parquet(folder / "ads.parquet").join(pd.read_parquet(folder / "groups.parquet"))
    ads = ads[(ads["kind"] == "") & (ads["label"] == 0) & ads["measured"] & (ads["group"] % 4 == 3)]
    read = {json.loads(line)["group"] for file in arguments.exclude for line in file.read_text("utf-8").splitlines()}
    ads = ads[~ads["group"].isin(read)]
    finder, catalogue = shipped_finder(), shipped_catalogue()
    hits = []
    for text, language, source, group in zip(ad_texts(ads), ads["lang"], ads["source"], ads["group"], strict=True):
        for each in read_ad(finder, text, language=language).evidence:
            if each.end <= each.start:
                continue
            before, after = text[max(0, each.start - AROUND) : each.start], text[each.end : each.end + AROUND]
            indicator = catalogue.indicators[each.code]
            hits.append(
                {
                    "code": each.code,
                    "label": indicator.label,
                    "question": indicator.question,
                    "lowers": indicator.lowers,
                    "strength": indicator.strength,
                    "lang": language,
                    "source": source,
                    "group": int(group),
                    "text": f"{before}[[{text[each.start : each.end]}]]{after}",
                }
            )
    random.Random(arguments.seed).shuffle(hits)
    with arguments.output.open("w", encoding="utf-8") as file:
        for hit in hits[: arguments.n]:
            file.write(json.dumps(hit, ensure_ascii=False) + "\n")
    print(f"{len(hits):,} hits on {len(ads):,} genuine ads; {min(arguments.n, len(hits))} drawn")


if __name__ == "__main__":
    main()

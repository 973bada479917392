"""Cut data/sample/ from the authored corpus: python scripts/make_sample.py

`labelled.jsonl` is what `dvc repro` trains on: a few families of every language. `ads.csv` is what `make screen`
screens: one ad each of other families, without labels, as a scraper might have written it.
"""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

CORPUS, SAMPLE = Path("data/authored"), Path("data/sample")
FAMILIES = 4
SCREENED = 4
"""Of each language: families to train on, and families to screen one ad of."""


def rank(family: str) -> str:
    """An order that has nothing to do with who wrote a family, or when."""
    return hashlib.sha256(family.encode()).hexdigest()


def main() -> None:
    SAMPLE.mkdir(exist_ok=True)
    labelled: list[str] = []
    screened: list[dict[str, Any]] = []
    for file in sorted(CORPUS.glob("*.jsonl")):
        ads = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        families = sorted({ad["family"] for ad in ads}, key=rank)
        chosen = set(families[:FAMILIES])
        labelled += [json.dumps(ad, ensure_ascii=False) for ad in ads if ad["family"] in chosen]
        for family in families[FAMILIES : FAMILIES + SCREENED]:
            screened.append(min((ad for ad in ads if ad["family"] == family), key=lambda ad: rank(ad["id"])))
    (SAMPLE / "labelled.jsonl").write_text("\n".join(labelled) + "\n", encoding="utf-8")
    with (SAMPLE / "ads.csv").open("w", encoding="utf-8", newline="") as table:
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(["id", "channel", "text"])
        writer.writerows(
            [f"s{i:03d}", ad["channel"], ad["text"]]
            for i, ad in enumerate(sorted(screened, key=lambda ad: rank(ad["text"])), 1)
        )
    print(f"{len(labelled)} labelled ads, {len(screened)} ads to screen")


if __name__ == "__main__":
    main()

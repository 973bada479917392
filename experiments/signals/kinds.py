"""Is `type` right on the authored lures? python experiments/signals/kinds.py

Families of odd number are those set aside: words and weights were tried on the even ones. kinds.md holds the result.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from adscreen import Scorer
from adscreen.ads.cleaning import clean_with_offsets
from adscreen.scoring.findings import Locator
from adscreen.signals.evidence import read_ads

AUTHORED = Path(__file__).parents[2] / "data" / "authored"
SAME = {"advance_fee": "visa_fraud", "organ_surrogacy": "organ_removal"}
"""Types of the authored corpus that the taxonomy calls otherwise."""

Judged = tuple[dict[str, str], str | None]


def judged_lures() -> list[Judged]:
    """Return every authored lure with the type it is given."""
    scorer = Scorer.load()
    lines = [line for file in sorted(AUTHORED.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    lures = [ad for ad in map(json.loads, lines) if ad["label"] == 1]
    texts = [clean_with_offsets(ad["text"]).text for ad in lures]
    readings = read_ads(scorer.finder, texts, languages=[ad["lang"] for ad in lures], disguised=[0] * len(lures))
    judged: list[Judged] = []
    for ad, reading in zip(lures, readings, strict=True):
        locator = Locator({"description": ad["text"]})
        kinds = scorer.kinds(locator, scorer.evidence(locator, reading))
        judged.append(({**ad, "type": SAME.get(ad["type"], ad["type"])}, kinds[0] if kinds else None))
    return judged


def is_odd(ad: dict[str, str]) -> bool:
    """Return whether the family of `ad` is one of those set aside."""
    digits = "".join(char if char.isdigit() else " " for char in ad["family"]).split()
    return int(digits[-1]) % 2 == 1


def share_right(judged: Sequence[Judged]) -> float:
    """Return the share whose type is right."""
    return sum(ad["type"] == kind for ad, kind in judged) / max(len(judged), 1)


def main() -> None:
    judged = judged_lures()
    for name, odd in (("even families", False), ("odd families, set aside", True)):
        some = [each for each in judged if is_odd(each[0]) == odd]
        typed = [each for each in some if each[1]]
        print(f"{name}: {len(some)} lures, right {share_right(some):.3f}, of the {len(typed)} with a type ", end="")
        print(f"{share_right(typed):.3f}")
        for field in ("type", "lang"):
            values = sorted({ad[field] for ad, _ in typed})
            shares = [(value, share_right([each for each in typed if each[0][field] == value])) for value in values]
            print(f"  by {field}: " + ", ".join(f"{value} {share:.2f}" for value, share in shares))


if __name__ == "__main__":
    main()

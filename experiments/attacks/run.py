"""Recall lost to character attacks: python experiments/attacks/run.py --corpus ../shared/data

Scores fraud ads with the shipped model before and after each attack of attacks.py, at the model's own threshold for
review. The model was trained on these ads, so the level of recall says little; the loss is what counts. Writes
results.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from attacks import ATTACKS

from adscreen.ads.cleaning import clean
from adscreen.ads.schema import TEXT_FIELDS
from adscreen.scoring.scorer import Scorer

HERE = Path(__file__).parent
SEED = 20240
SCRIPTS = {
    "Latin": "de en es fr hi-Latn id ms pl pt ro sw tl tr uz vi",
    "Cyrillic": "bg kk ru sr uk",
    "other": "am ar bn hi ja km ko my ne si ta th ur zh-Hans zh-Hant",
}
FIELDS = ("title", "company_profile", "description", "requirements", "benefits")


def fraud_ads(corpus: Path) -> dict[str, pd.DataFrame]:
    """The deceptive ads of each set; EMSCAD with its own fields, the authored as one text."""
    emscad = pd.read_csv(corpus / "emscad" / "fake_job_postings.csv", dtype=str, keep_default_na=False)
    sets = {"EMSCAD fraud": emscad.loc[emscad["fraudulent"] == "1", list(FIELDS)]}
    for script, languages in SCRIPTS.items():
        rows = []
        for language in languages.split():
            lines = Path(f"data/authored/{language}.jsonl").read_text(encoding="utf-8").splitlines()
            rows += [ad["text"] for ad in map(json.loads, lines) if ad["label"] == 1]
        sets[f"authored lures, {script}"] = pd.DataFrame({"description": rows})
    return sets


def flagged(scorer: Scorer, ads: pd.DataFrame) -> np.ndarray:
    return scorer.score(ads)["band"].isin(["review", "urgent"]).to_numpy()


def attacked(ads: pd.DataFrame, name: str) -> pd.DataFrame:
    """A copy with every text attacked; sentences are added once, to the description."""
    rng = random.Random(f"{SEED}{name}")
    columns = ["description"] if name == "three_neutral_sentences" else [c for c in ads if c in TEXT_FIELDS]
    return ads.assign(**{c: [ATTACKS[name](text, rng) if text else text for text in ads[c]] for c in columns})


def read_again(before: pd.DataFrame, after: pd.DataFrame) -> float:
    """The share of disguised words that cleaning brings back, by position."""
    hidden = found = 0
    for text, disguised in zip(before["description"], after["description"], strict=True):
        plain, raw = clean(text).casefold().split(), disguised.casefold().split()
        undone = clean(disguised).casefold().split()
        hidden += len(set(plain) - set(raw))
        found += len((set(plain) - set(raw)) & set(undone))
    return found / max(hidden, 1)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=Path, required=True)
    corpus = parser.parse_args().corpus
    scorer = Scorer.load()
    lines = [
        "# Recall lost to attacks on characters",
        "",
        "`python experiments/attacks/run.py --corpus ../shared/data`",
    ]
    lines += [
        "",
        "Points of recall at the review threshold; in brackets the share of changed words that are read again.",
        "",
    ]
    lines += ["| ads | recall before | " + " | ".join(name.replace("_", " ") for name in ATTACKS) + " |"]
    lines += ["|---" * (len(ATTACKS) + 2) + "|"]
    for label, ads in fraud_ads(corpus).items():
        before = flagged(scorer, ads)
        cells = [f"{label} ({len(ads)})", f"{before.mean():.3f}"]
        for name in ATTACKS:
            after = attacked(ads, name)
            change = 100 * (flagged(scorer, after).mean() - before.mean())
            cells.append(
                f"{change:+.1f} ({read_again(ads, after):.0%})"
                if name != "three_neutral_sentences"
                else f"{change:+.1f}"
            )
        lines.append("| " + " | ".join(cells) + " |")
        print(lines[-1], file=sys.stderr, flush=True)
    (HERE / "results.md").write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()

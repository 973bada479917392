"""What grouping into campaigns is worth: python experiments/campaigns/run.py --corpus ../shared/data

The thresholds were chosen on the generated test of seed 1; the seeds given here are others. Writes results.json beside
this file. With ``--speed N WORDS`` it only times N generated ads (processor time of this process).
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from figures import alone_apart, pairwise, plain_minhash, shingles
from generate import CHANGES, generate
from real_ads import load
from speed_ads import speed_ads

from adscreen.campaigns.contact_keys import contact_keys
from adscreen.campaigns.features import signature
from adscreen.campaigns.grouping import find_campaigns, group, text_groups

HERE = Path(__file__).parent
KEY = b"experiments/campaigns: no secret"
SEEDS = (2, 3, 4)
GENUINE = 20_000
NEAR = 0.6
"""Jaccard similarity of 4-token shingles from which `disjoint_group` is taken to say near-duplicate."""


def generated_test(ads: pd.DataFrame, seed: int) -> list[dict[str, object]]:
    test = generate(ads, seed)
    signatures = signature(test.texts)
    rows = {
        "adscreen, texts alone": pairwise(group(signatures, [[] for _ in test.texts]).labels, test.truth),
        "adscreen, texts and contacts": pairwise(group(signatures, contact_keys(test.texts, KEY)).labels, test.truth),
        "4-word-shingle MinHash, best threshold": plain_minhash(test.texts, test.truth),
    }
    return [{"seed": seed, "ads": len(test.texts), "method": name, **scores} for name, scores in rows.items()]


def false_merges(ads: pd.DataFrame) -> dict[str, object]:
    """Genuine ads in a group with one that is, or may be, another employer's."""
    genuine = ads[ads["genuine"]].head(GENUINE).reset_index(drop=True)
    # Once as one batch, as a user would have it; what is known of an employer is the truth, not shown to the code.
    labels = find_campaigns(genuine[[]], genuine["text"].tolist(), key=KEY).labels
    by_text = group(signature(genuine["text"].tolist()), [[] for _ in range(len(genuine))]).labels
    known = genuine["employer"] != ""
    out: dict[str, object] = {"genuine ads": len(genuine), "of a known employer": int(known.sum())}
    for name, found in (("texts alone", by_text), ("texts and contacts", labels)):
        table = genuine.assign(label=found)[found >= 0]
        # One employer a group if more than one is named there.
        named = table[table["employer"] != ""].groupby("label")["employer"].nunique()
        mixed = table["label"].isin(named.index[named > 1]) & (table["employer"] != "")
        out[f"{name}: in any group"] = len(table)
        out[f"{name}: of known employers, in a group with another's"] = int(mixed.sum())
        out[f"{name}: share"] = float(mixed.sum() / max(known.sum(), 1))
    return out


def disagreements(ads: pd.DataFrame, path: Path) -> dict[str, int]:
    """Pairs of EMSCAD fraud ads that one of the two calls near-duplicates; 100 of them are written to be read."""
    fraud = ads[(ads["source"] == "emscad") & ~ads["genuine"]].reset_index(drop=True)
    ours = alone_apart(text_groups(fraud["text"].tolist()))
    theirs = near_part(fraud)
    pairs = []
    for i in range(len(fraud)):
        for j in range(i + 1, len(fraud)):
            if (ours[i] == ours[j]) != (theirs[i] == theirs[j]):
                pairs.append((i, j))
    together = sum((ours == label).sum() * ((ours == label).sum() - 1) // 2 for label in np.unique(ours))
    # No pair of groups more than once before every pair of groups has come up.
    rng = random.Random(6)
    rng.shuffle(pairs)
    seen: dict[tuple[int, ...], int] = {}
    ranks = []
    for i, j in pairs:
        key = (ours[i], ours[j], theirs[i], theirs[j])
        seen[key] = seen.get(key, 0) + 1
        ranks.append(seen[key])
    chosen = [pairs[k] for k in np.argsort(ranks, kind="stable")[:100]]
    with path.open("w", encoding="utf-8") as file:
        for i, j in chosen:
            row = {
                "ours": bool(ours[i] == ours[j]),
                "disjoint_group": bool(theirs[i] == theirs[j]),
                "left": fraud["text"].iat[i],
                "right": fraud["text"].iat[j],
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return {"fraud ads": len(fraud), "pairs together by adscreen": int(together), "disagreements": len(pairs)}


def near_part(fraud: pd.DataFrame) -> np.ndarray:
    """The near-duplicate part of `disjoint_group`: inside each, components over 4-token shingles of `NEAR` or more.

    The column joins near-duplicates and ads of one company; which of the two joined a pair it does not say.
    """
    labels = np.arange(len(fraud))
    sets = [shingles(text) for text in fraud["text"]]
    for members in fraud.groupby("known").indices.values():
        for a, i in enumerate(members):
            for j in members[a + 1 :]:
                shared = len(sets[i] & sets[j])
                if shared >= NEAR * (len(sets[i]) + len(sets[j]) - shared):
                    labels[labels == labels[j]] = labels[i]
    return labels


def timed(ads: pd.DataFrame, n: int, words: int) -> dict[str, object]:
    """Time `n` ads of about so many words."""
    texts = speed_ads(ads, n, words)
    group(signature(texts[:300]), contact_keys(texts[:300], KEY))  # compiles
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    steps = [time.process_time()]
    signatures = signature(texts)
    steps.append(time.process_time())
    contacts = contact_keys(texts, KEY)
    steps.append(time.process_time())
    found = group(signatures, contacts)
    steps.append(time.process_time())
    seconds = np.diff(steps)
    return {
        "ads": n,
        "words": float(np.mean([len(text.split()) for text in texts[:5000]])),
        "signatures a second": n / seconds[0],
        "seconds for signatures": seconds[0],
        "seconds for contacts": seconds[1],
        "seconds for groups": seconds[2],
        "seconds in all": float(seconds.sum()),
        "peak memory MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
        "of it before, with the texts": before,
        "campaigns": int(found.labels.max(initial=-1) + 1),
        "edges": len(found.edges),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--speed", type=int, nargs=2, metavar=("N", "WORDS"))
    parser.add_argument("--disagreements", type=Path, help="JSONL to write; real rows, so outside of the project")
    options = parser.parse_args()
    warnings.filterwarnings("ignore", module="sklearn")
    ads = load(options.corpus)
    if options.speed:
        print(json.dumps(timed(ads, *options.speed), indent=1))
        return
    out: dict[str, object] = {"changes": sorted(CHANGES)}
    out["generated"] = [row for seed in SEEDS for row in generated_test(ads, seed)]
    out["genuine"] = false_merges(ads)
    if options.disagreements:
        out["emscad"] = disagreements(ads, options.disagreements)
    (HERE / "results.json").write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(out, indent=1))


if __name__ == "__main__":
    main()

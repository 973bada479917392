"""What grouping into campaigns is worth: python experiments/campaigns/run.py --corpus ../shared/data

The thresholds were chosen on the generated test of seed 1; the seeds given here are others. Writes results.json beside
this file. With ``--speed N WORDS`` it only times N generated ads (processor time of this process): 100,000 ads of 400
words, 1,000,000 of 30.
"""

from __future__ import annotations

import argparse
import difflib
import itertools
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from figures import alone_apart, pairwise, plain_minhash, shingles
from generate import CHANGES, generate
from real_ads import load
from speed_ads import speed_ads

from adscreen.campaigns.contact_keys import contact_keys
from adscreen.campaigns.features import SignatureBuffer, signature
from adscreen.campaigns.grouping import find_campaigns, group, text_groups

HERE = Path(__file__).parent
KEY = b"experiments/campaigns: no secret"
SEEDS = (2, 3, 4)
GENUINE = 20_000
BATCH = 2_000
PASSAGE = 50
_OTHER = re.compile(r"[\W\d_]+")
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
        out[f"{name}: by source"] = table[mixed]["source"].value_counts().to_dict()
        out[f"{name}: pairs merged across employers"] = shared_text(table[mixed])
    return out


def shared_text(mixed: pd.DataFrame) -> dict[str, int]:
    """Count pairs of one group and two employers, and those whose texts are the same, wholly or for a passage.

    Compared by their letters alone: digits, blanks and punctuation aside, and once without the headline too.
    """
    letters = mixed["text"].map(lambda text: _OTHER.sub("", text.casefold()))
    bodies = mixed["text"].map(lambda text: _OTHER.sub("", text.partition("\n")[2].casefold()))
    counts = {"pairs": 0, "same text word for word": 0, "same but for the headline": 0}
    passage = f"share {PASSAGE} letters on end"
    counts[passage] = 0
    for members in mixed.groupby("label").groups.values():
        for a, b in itertools.combinations(members, 2):
            if mixed["employer"][a] == mixed["employer"][b]:
                continue
            matcher = difflib.SequenceMatcher(None, letters[a], letters[b], autojunk=False)
            counts["pairs"] += 1
            counts["same text word for word"] += letters[a] == letters[b]
            counts["same but for the headline"] += bodies[a] == bodies[b] != ""
            counts[passage] += matcher.find_longest_match().size >= PASSAGE
    return counts


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


def timed(corpus: Path, n: int, words: int) -> dict[str, object]:
    """Time `n` ads of about so many words, read from a file in batches as a run does, and kept as signatures alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ads.parquet"
        # In a process of its own: what making them takes is no part of the memory.
        make = [sys.executable, __file__, "--corpus", str(corpus), "--speed", str(n), str(words), "--make", str(path)]
        subprocess.run(make, check=True)
        file = pq.ParquetFile(path)
        some = next(file.iter_batches(300, columns=["text"])).column(0).to_pylist()
        group(signature(some), contact_keys(some, KEY))  # compiles
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        buffer, contacts, read, found_words = SignatureBuffer(), [], [0.0, 0.0], 0
        for batch in file.iter_batches(BATCH, columns=["text"]):
            texts = batch.column(0).to_pylist()
            started = time.process_time()
            buffer.add(signature(texts))
            middle = time.process_time()
            contacts += contact_keys(texts, KEY)
            read[0] += middle - started
            read[1] += time.process_time() - middle
            found_words += sum(len(text.split()) for text in texts)
        kept = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        started = time.process_time()
        found = group(buffer.joined(), contacts)
        seconds = [*read, time.process_time() - started]
    return {
        "ads": n,
        "words": found_words / n,
        "signatures a second": n / seconds[0],
        "seconds for signatures": seconds[0],
        "seconds for contacts": seconds[1],
        "seconds for groups": seconds[2],
        "seconds in all": float(sum(seconds)),
        "peak memory MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
        "of it before the first ad": before,
        "of it before grouping": kept,
        "campaigns": int(found.labels.max(initial=-1) + 1),
        "largest": int(np.bincount(found.labels[found.labels >= 0]).max(initial=0)),
        "edges": len(found.edges),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--speed", type=int, nargs=2, metavar=("N", "WORDS"))
    parser.add_argument("--disagreements", type=Path, help="JSONL to write; real rows, so outside of the project")
    parser.add_argument("--make", type=Path, help="only write the ads of --speed to this Parquet file")
    options = parser.parse_args()
    warnings.filterwarnings("ignore", module="sklearn")
    if options.speed and not options.make:
        print(json.dumps(timed(options.corpus, *options.speed), indent=1))
        return
    ads = load(options.corpus)
    if options.make:
        texts = speed_ads(ads, *options.speed)
        ids = [f"{i:09}" for i in range(len(texts))]
        pq.write_table(pa.table({"ad_id": ids, "text": texts}), options.make, row_group_size=BATCH)
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

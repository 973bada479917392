"""A store that grows in batches against one run over all ads: are the groups the same, and do names stay?

    python experiments/campaigns/incremental.py --corpus ../shared/data

Writes ``incremental.json``. Two sets of ads, each in a random order (seeded) and cut into ten batches:

- the generated test of ``generate.py``, whose campaigns arrive piece by piece;
- the real ads of the corpus.

A name is stable if the ads that had it before a batch have it after, each counted once for each batch. Ads whose
campaign merged or split by new evidence count as changed.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

sys.path.insert(0, str(Path(__file__).parent))
from figures import alone_apart, pairwise
from generate import generate
from real_ads import load

from adscreen.ads.schema import conform
from adscreen.campaigns.batch import read_batch
from adscreen.campaigns.store_writer import StoreWriter

HERE = Path(__file__).parent
BATCHES = 10
CHUNK = 2_000
MAX_REAL = 20_000


def judged(ads: pd.DataFrame) -> pd.DataFrame:
    """What grouping does not look at."""
    return pd.DataFrame({"risk": 0.5, "band": "review", "language": ads["language"].tolist()})


def in_chunks(ads: pd.DataFrame) -> list[pd.DataFrame]:
    return [ads.iloc[first : first + CHUNK].reset_index(drop=True) for first in range(0, len(ads), CHUNK)]


def labels_of(names: list[str | None]) -> np.ndarray:
    """Numbers for names; -1 for an ad on its own."""
    return pd.factorize(pd.Series(names, dtype=object))[0].astype(np.int64)


def measure(ads: pd.DataFrame, seed: int, truth: np.ndarray | None = None) -> dict[str, Any]:
    order = np.random.default_rng(seed).permutation(len(ads))
    ads = ads.iloc[order].reset_index(drop=True)
    seconds: list[float] = []
    stable = changed = campaigns_kept = campaigns_before = merges = splits = 0
    before: dict[int, str | None] = {}
    with tempfile.TemporaryDirectory() as folder:
        store_folder = Path(folder) / "store"
        for part in np.array_split(np.arange(len(ads)), BATCHES):
            with StoreWriter(store_folder) as store:
                for chunk in in_chunks(ads.iloc[part]):
                    store.add(read_batch(chunk, judged(chunk), store.key))
                started = time.process_time()
                update = store.commit(added_at="", inputs=[], model_version="")
                seconds.append(time.process_time() - started)
            same = [update.campaigns[ad] == name for ad, name in before.items() if name]
            stable, changed = stable + sum(same), changed + len(same) - sum(same)
            old = {name for name in before.values() if name}
            campaigns_before += len(old)
            campaigns_kept += len(old & set(update.campaigns.values()))
            merges += sum(change.kind == "merged" for change in update.changes)
            splits += sum(change.kind == "split" for change in update.changes)
            before = update.campaigns
        size = sum(path.stat().st_size for path in store_folder.iterdir())
        with StoreWriter(Path(folder) / "one") as store:
            for chunk in in_chunks(ads):
                store.add(read_batch(chunk, judged(chunk), store.key))
            _, _, grouping = store._grouped()
    grown = labels_of([before[ad] for ad in sorted(before)])
    ari = adjusted_rand_score(alone_apart(grouping.labels), alone_apart(grown))
    found: dict[str, Any] = {
        "ads": len(ads),
        "batches": BATCHES,
        "campaigns": int(grown.max() + 1),
        "adjusted Rand index, grown against one batch": ari,
        "names kept, share of ads with one": stable / max(stable + changed, 1),
        "names kept, share of campaigns": campaigns_kept / max(campaigns_before, 1),
        "merges": merges,
        "splits": splits,
        "CPU seconds to group and write, last batch": round(seconds[-1], 2),
        "store, bytes for each ad": round(size / len(ads)),
    }
    if truth is not None:
        truth = truth[order]
        one, many = pairwise(grouping.labels, truth), pairwise(grown, truth)
        found["ARI against the truth, one batch"] = one["ARI"]
        found["ARI against the truth, grown"] = many["ARI"]
        found["difference"] = abs(one["ARI"] - many["ARI"])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    real = load(arguments.corpus)
    results: dict[str, Any] = {}
    made = generate(real.assign(origin=real["employer"]) if "origin" not in real else real, arguments.seed)
    frame = conform(pd.DataFrame({"ad_id": range(len(made.texts)), "description": made.texts, "language": made.lang}))
    results["generated"] = measure(frame, arguments.seed, made.truth)
    print(json.dumps(results, indent=1))
    some = real.sample(min(MAX_REAL, len(real)), random_state=arguments.seed)
    frame = conform(pd.DataFrame({"ad_id": range(len(some)), "description": some["text"].tolist(),
                                  "language": some["lang"].tolist()}))  # fmt: skip
    results["real"] = measure(frame, arguments.seed)
    results["peak memory, MB"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    (HERE / "incremental.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()

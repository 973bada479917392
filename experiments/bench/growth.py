"""How time and memory grow with the number of ads: python experiments/bench/growth.py --sizes 10000 100000

Ads of 60 words put together from words of the authored corpus, `--flagged` of them an authored lure as it stands (which
is explained and quoted, and so costs most), no two alike; Parquet parts of at most 100,000 rows, scored into a folder
by the real command. Measured are the seconds of the whole process and of the job, the user and system time of all
processes (which other load on the machine changes little), and the peak of the sum of the proportional set sizes.
Writes growth.md and growth.json beside this file.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
CORPUS = Path("data/authored")
PART_ROWS = 100_000
WRITE_ROWS = 10_000
SCHEMA = pa.schema([("ad_id", pa.string()), ("text", pa.string())])


def ads_of_words(chance: np.random.Generator, words: int, flagged: float) -> Iterator[str]:
    """Yield ads without end, each with a number of its own: `words` honest words, or in a share of `flagged` a lure."""
    corpus = pd.concat([pd.read_json(path, lines=True) for path in sorted(CORPUS.glob("*.jsonl"))])
    known = corpus[corpus["lang"].str.fullmatch("en|es|id|vi|ru|tl")]
    genuine = [text.split() for text in known.loc[known["label"] == 0, "text"]]
    lures = known.loc[known["label"] == 1, "text"].tolist()
    for number in itertools.count():
        if chance.random() < flagged:
            yield f"{lures[chance.integers(len(lures))]} {number}"
            continue
        ad: list[str] = []
        while len(ad) < words:
            ad += genuine[chance.integers(len(genuine))]
        yield " ".join([*ad[: words - 1], str(number)])


def write_ads(folder: Path, rows: int, words: int, flagged: float) -> None:
    """Write `rows` ads to parts in `folder`, a few thousand in memory at a time."""
    texts = ads_of_words(np.random.default_rng(0), words, flagged)
    for first in range(0, rows, PART_ROWS):
        past = min(first + PART_ROWS, rows)
        with pq.ParquetWriter(folder / f"part-{first // PART_ROWS:04}.parquet", SCHEMA) as writer:
            for start in range(first, past, WRITE_ROWS):
                ids = range(start, min(start + WRITE_ROWS, past))
                columns = [list(map(str, ids)), list(itertools.islice(texts, len(ids)))]
                writer.write_table(pa.table(columns, schema=SCHEMA))


def measure(inputs: Path, output: Path, workers: int) -> dict[str, Any]:
    """Figures of one run of the command."""
    command = [sys.executable, "-m", "adscreen.cli", "score", f"{inputs}/", "-o", f"{output}/"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run([*command, "--workers", str(workers), "--json"], stdout=subprocess.PIPE, check=True)
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    summary = json.loads(done.stdout)
    return {
        "rows": summary["rows"],
        "seconds": round(seconds, 2),
        "job_seconds": summary["seconds"],
        "cpu_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2),
        "ads_per_second": summary["ads_per_second"],
        "peak_memory_mb": round(summary["peak_memory"] / 2**20, 1),
        "by_band": summary["by_band"],
        "model_version": summary["model_version"],
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000, 10_000_000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--words", type=int, default=60)
    parser.add_argument("--flagged", type=float, default=0.05)
    parser.add_argument("--scratch", help="folder for the ads and results; 10^7 rows need about 20 GB")
    arguments = parser.parse_args()
    runs = []
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory(dir=arguments.scratch) as folder:
            (Path(folder) / "in").mkdir()
            write_ads(Path(folder) / "in", size, arguments.words, arguments.flagged)
            run = measure(Path(folder) / "in", Path(folder) / "out", arguments.workers)
        assert run["rows"] == size
        runs.append(run)
        print(json.dumps(run), file=sys.stderr, flush=True)
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    setting = {
        "command": f"python experiments/bench/growth.py --sizes {' '.join(map(str, arguments.sizes))}",
        "workers": arguments.workers,
        "words": arguments.words,
        "flagged": arguments.flagged,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {load} at the end",
        "versions": {name: version(name) for name in ("numba", "pandas", "pyarrow", "loky")},
        "model_version": runs[0]["model_version"],
    }
    (HERE / "growth.json").write_text(json.dumps({**setting, "runs": runs}, indent=1) + "\n", encoding="utf-8")
    lines = [
        "# How time and memory grow",
        "",
        f"`{setting['command']}`: ads of {arguments.words} words, {arguments.flagged:.0%} lures, Parquet parts of at "
        f"most {PART_ROWS:,} rows to Parquet, {arguments.workers} workers; {setting['machine']}; model "
        f"{setting['model_version']}. Memory is the peak of the sum of the proportional set sizes of all processes, "
        "looked at once a second. A further ad: CPU time beyond that of the row above, which leaves start-up out.",
        "",
        "| ads | seconds, whole process | seconds, job | CPU seconds | CPU µs a further ad | ads/s, job | peak MB |",
        "|---|---|---|---|---|---|---|",
    ]
    for before, run in itertools.pairwise([None, *runs]):
        further = ""
        if before is not None:
            micros = 1e6 * (run["cpu_seconds"] - before["cpu_seconds"]) / (run["rows"] - before["rows"])
            further = f"{micros:,.0f}"
        lines.append(
            f"| {run['rows']:,} | {run['seconds']:,} | {run['job_seconds']:,} | {run['cpu_seconds']:,} | {further} | "
            f"{run['ads_per_second']:,.0f} | {run['peak_memory_mb']:,.0f} |"
        )
    (HERE / "growth.md").write_text("\n".join([*lines, ""]), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()

"""Full screening, from file to file, beside the tools people would pick instead: python experiments/bench/screening.py

Real processes, start-up included: `adscreen score` (risk, band, reason, indicators, terms, contacts) beside spaCy's
textcat and MiniLM + logistic regression, which give a number only. From Parquet and from CSV, on 1 and 2 cores, ads of
60 and of 400 words (see mix.py). Also full screening in memory, one ad at a time, and the phrases alone beside spaCy's
PhraseMatcher. Every figure is the best of the runs. Writes screening.json, screening.md and screening.png.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import pandas as pd
from mix import AUTHORED, FLAGGED, corpus_name, mixed_ads
from phrase_matcher import phrase_rates

from adscreen.scoring.scorer import Scorer

HERE = Path(__file__).parent
PEER_PYTHON = os.environ.get("ADSCREEN_PEER_PYTHON", ".venv-peers/bin/python")
ADSCREEN, TEXTCAT, MINILM = "adscreen score (everything)", "spaCy textcat (bag of words)", "MiniLM + linear"
PEERS = {TEXTCAT: "textcat", MINILM: "minilm"}
WORDS = (400, 60)
CORES = (1, 2)
N_PARTS = 8
MINILM_SHARE = 100
"""MiniLM gets one ad of so many: its rate does not depend on their number, and it is the slowest by far."""


def peer(*arguments: str) -> str:
    """Run screening_peer.py in the peers' environment."""
    command = [PEER_PYTHON, str(HERE / "screening_peer.py"), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def has_workers() -> bool:
    """Whether this version of adscreen can use more than one core."""
    done = subprocess.run([sys.executable, "-m", "adscreen.cli", "score", "--help"], capture_output=True, text=True)
    return "--workers" in done.stdout


def seconds(command: list[str], runs: int, target: Path | None = None) -> float:
    """The best time of a whole process, whose output folder, if any, is removed before each run."""
    best = float("inf")
    for _ in range(runs):
        if target is not None:
            shutil.rmtree(f"{target}-parts", ignore_errors=True)
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        best = min(best, time.perf_counter() - started)
    return best


def from_file_to_file(n_ads: int, runs: int, scorer: Scorer, scratch: Path) -> list[dict[str, Any]]:
    """Rates of all tools, for both lengths, both formats, one and two cores."""
    train = scratch / "train.jsonl"
    with train.open("w", encoding="utf-8") as file:
        for path in sorted(AUTHORED.glob("*.jsonl")):
            file.write(path.read_text(encoding="utf-8"))
    models = {}
    for name, short in PEERS.items():
        few = scratch / f"{short}.jsonl"
        lines = train.read_text(encoding="utf-8").splitlines()
        # What MiniLM learns does not change its speed: few ads spare minutes.
        few.write_text("\n".join(lines[:: 60 if name == MINILM else 1]) + "\n", encoding="utf-8")
        models[name] = scratch / f"{short}.model"
        peer("train", short, str(few), str(models[name]))
    versions = {name: peer("version", short) for name, short in PEERS.items()} | {ADSCREEN: f"model {scorer.version}"}
    two = has_workers()
    rows = []
    for n_words in WORDS:
        size = n_ads if n_words == 400 else 4 * n_ads
        distinct = mixed_ads(n_words, min(size, 4000), scorer)
        ads = distinct.iloc[np.arange(size) % len(distinct)].assign(ad_id=[f"ad{i}" for i in range(size)])
        # Texts that come again are read once: a number makes each one its own.
        ads["description"] = ads["description"] + "\n" + (np.arange(size) // len(distinct)).astype(str)
        for suffix in (".parquet", ".csv"):
            whole = scratch / f"all-{n_words}{suffix}"
            _write(ads, whole)
            parts = _write_parts(ads, scratch / f"parts-{n_words}{suffix}", suffix)
            for cores in CORES if two else CORES[:1]:
                target = scratch / f"out-{n_words}-{cores}{suffix}"
                command = [sys.executable, "-m", "adscreen.cli", "score"]
                if cores == 1:
                    command += [str(whole), "-o", str(target.with_suffix(".parquet"))]
                else:
                    command += [str(parts), "-o", f"{target}-parts", "--workers", str(cores)]
                rows.append(_row(n_words, suffix, cores, ADSCREEN, size, seconds(command, runs, target)))
            for name, short in PEERS.items():
                some = ads.head(max(80, size // MINILM_SHARE)) if name == MINILM else ads
                given = scratch / f"{short}{suffix}"
                _write(some, given)
                for cores in CORES:
                    command = [PEER_PYTHON, str(HERE / "screening_peer.py"), "score", short, str(models[name])]
                    command += [str(given), str(scratch / "peer.parquet"), str(cores)]
                    rows.append(_row(n_words, suffix, cores, name, len(some), seconds(command, runs)))
    return [{**row, "version": versions[row["tool"]]} for row in rows]


def _row(n_words: int, suffix: str, cores: int, tool: str, ads: int, took: float) -> dict[str, Any]:
    row = {"words": n_words, "from": suffix[1:], "cores": cores, "tool": tool, "ads": ads, "ads_per_second": ads / took}
    print(row, file=sys.stderr, flush=True)
    return row


def _write(ads: pd.DataFrame, path: Path) -> None:
    if path.suffix == ".parquet":
        ads.to_parquet(path, index=False)
    else:
        ads.to_csv(path, index=False)


def _write_parts(ads: pd.DataFrame, folder: Path, suffix: str) -> Path:
    """Write ads as files of a folder, so that there is work for each core."""
    folder.mkdir()
    for i, rows in enumerate(np.array_split(np.arange(len(ads)), N_PARTS)):
        _write(ads.iloc[rows], folder / f"part-{i}{suffix}")
    return folder


def in_memory(n_ads: int, runs: int, scorer: Scorer) -> list[dict[str, Any]]:
    """Full screening of frames in memory on one core, and single ads: median and 99th percentile."""
    rows = []
    for n_words in WORDS:
        ads = mixed_ads(n_words, min(n_ads, 4000), scorer)
        best = float("inf")
        for _ in range(runs + 1):
            started = time.perf_counter()
            scorer.score(ads)
            best = min(best, time.perf_counter() - started)
        singles = []
        for i in range(min(len(ads), 1000)):
            one = ads.iloc[i : i + 1]
            started = time.perf_counter()
            scorer.score(one)
            singles.append(1000 * (time.perf_counter() - started))
        middle, high = np.percentile(singles, [50, 99])
        rows.append({"words": n_words, "ads_per_second": len(ads) / best, "single_ms": middle, "single_p99_ms": high})
    return rows


def plot(rows: list[dict[str, Any]], path: Path) -> None:
    """Draw ads a second by tool for each input, on a logarithmic axis."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, len(WORDS), figsize=(11, 4), sharey=True)
    for axis, n_words in zip(axes, WORDS, strict=True):
        table = pd.DataFrame([row for row in rows if row["words"] == n_words])
        table["input"] = table["from"] + ", " + table["cores"].map({1: "1 core", 2: "2 cores"})
        table.pivot(index="input", columns="tool", values="ads_per_second").plot.bar(ax=axis, rot=0, logy=True)
        axis.set_title(f"ads of {n_words} words")
        axis.set_xlabel("")
        axis.set_ylabel("ads a second, start-up included")
        axis.legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def report(found: dict[str, Any]) -> str:
    """The results as Markdown."""
    lines = [
        "# Speed of screening",
        "",
        f"`python experiments/bench/screening.py` on {found['machine']}; {found['mix']}, {FLAGGED:.0%} flagged.",
        "",
        "Full screening in memory, one core; a single ad through the Python API, warm:",
        "",
        "| words an ad | ads/s | single ad, median | single ad, p99 |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {row['words']} | {row['ads_per_second']:,.0f} | {row['single_ms']:.2f} ms | {row['single_p99_ms']:.2f} ms |"
        for row in found["in_memory"]
    ]
    lines += [
        "",
        "The phrases alone, ads of 400 words:",
        "",
        "| finder | version | phrases | ads/s |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {row['finder']} | {row['version']} | {row['phrases']:,} | {row['ads_per_second']:,.0f} |"
        for row in found["phrases"]
    ]
    lines += [
        "",
        "From file to Parquet, whole processes, start-up included; the peers give a number and no reasons:",
        "",
        "| words an ad | from | cores | tool | version | ads | ads/s |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['words']} | {row['from']} | {row['cores']} | {row['tool']} | {row['version']} | {row['ads']:,} "
        f"| {row['ads_per_second']:,.1f} |"
        for row in found["files"]
    ]
    return "\n".join([*lines, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ads", type=int, default=20_000, help="ads of 400 words; of 60 words four times as many")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--output", type=Path, default=HERE)
    chosen = parser.parse_args()
    scorer = Scorer.load()
    found = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "mix": corpus_name(),
        "in_memory": in_memory(chosen.ads, chosen.runs, scorer),
        "phrases": phrase_rates(mixed_ads(400, min(chosen.ads, 1000), scorer)["description"].tolist(), chosen.runs),
    }
    with tempfile.TemporaryDirectory() as scratch:
        found["files"] = from_file_to_file(chosen.ads, chosen.runs, scorer, Path(scratch))
    (chosen.output / "screening.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    (chosen.output / "screening.md").write_text(report(found), encoding="utf-8")
    plot(found["files"], chosen.output / "screening.png")
    print(report(found))


if __name__ == "__main__":
    main()

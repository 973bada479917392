"""Start-up time and memory of the real command: python experiments/limits/run.py

Start-up: `adscreen score` of 100 ads, whole process, best of five after one run. Memory: `adscreen score` of
10,000 to 1,000,000 rows (the sample repeated), peak resident set of the process. Writes results.md beside this file.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
SAMPLE = Path("data/sample/ads.csv")
SIZES = (10_000, 100_000, 1_000_000)


def repeated(rows: list[list[str]], size: int, path: Path) -> None:
    """Write `size` ads, each with an id of its own."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ad_id", "channel", "text"])
        writer.writerows([str(i), *rows[i % len(rows)][1:]] for i in range(size))


def run(ads: Path, output: Path) -> tuple[float, int]:
    """Seconds and peak resident set in KiB of one run of the command."""
    started = time.perf_counter()
    child = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stderr=subprocess.DEVNULL); "
    child += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    command = [sys.executable, "-c", child, sys.executable, "-m", "adscreen.cli", "score", str(ads), "-o", str(output)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return time.perf_counter() - started, int(done.stdout)


def main() -> None:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    lines = ["# Start-up and memory", "", "`python experiments/limits/run.py`", "", "| what | value |", "|---|---|"]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        repeated(rows, 100, folder / "small.csv")
        times = [run(folder / "small.csv", folder / "small.parquet")[0] for _ in range(6)][1:]
        lines.append(
            f"| score 100 ads, whole process, best and worst of five | {min(times):.2f} s, {max(times):.2f} s |"
        )
        for size in SIZES:
            repeated(rows, size, folder / "ads.csv")
            seconds, peak = run(folder / "ads.csv", folder / "out.parquet")
            lines.append(
                f"| score {size:,} rows, CSV to Parquet | peak {peak / 1024:,.0f} MB, {size / seconds:,.0f} ads/s |"
            )
            print(lines[-1], file=sys.stderr, flush=True)
    (HERE / "results.md").write_text("\n".join([*lines, ""]), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()

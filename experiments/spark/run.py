"""Spark beside the command line, in the same run: python experiments/spark/run.py --rows 1000000

Ads of 60 words, a twentieth of them lures, no two alike (as experiments/bench/growth.py makes them), are judged from
Parquet to Parquet by `adscreen score` (one process) and by `adscreen.integrations.spark.score` on a local cluster of
executors of one core each, in turns, after one short run of each. The results are compared row for row. The rates are
compared twice: with that of one process, and executor by executor, which is stricter by the number of executors.
Writes results.json and results.md beside this file.
"""

from __future__ import annotations

import argparse
import itertools
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

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "bench"))
from growth import ads_of_words

GROUP = 20_000
WORDS, LURES = 60, 0.05
WARM_ROWS = 2_000


def make_ads(rows: int, path: Path) -> None:
    """Write `rows` ads with an id of their own, in row groups that Spark can split at."""
    texts = ads_of_words(np.random.default_rng(0), WORDS, LURES)
    schema = pa.schema([("ad_id", pa.string()), ("text", pa.string())])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for start in range(0, rows, GROUP):
            ids = [f"{i:09}" for i in range(start, min(start + GROUP, rows))]
            writer.write_table(pa.table([ids, list(itertools.islice(texts, len(ids)))], schema=schema))


def by_command(ads: Path, output: Path) -> float:
    """Seconds of one run of the command, its start included."""
    command = [sys.executable, "-m", "adscreen.cli", "score", str(ads), "-o", str(output)]
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def by_spark(session: Any, ads: Path, output: Path, partitions: int) -> float:
    """Seconds of one job in a session that is up."""
    from adscreen.integrations.spark import score

    started = time.perf_counter()
    frame = session.read.parquet(str(ads)).repartition(partitions)
    score(frame).write.parquet(str(output), mode="overwrite")
    return time.perf_counter() - started


def different_rows(one: Path, other: Path) -> int:
    """Count rows that differ, or that only one has; rows are matched by id."""
    left, right = (pq.read_table(path).sort_by("ad_id") for path in (one, other))
    if left.num_rows != right.num_rows:
        return abs(left.num_rows - right.num_rows)
    left, right = left.cast(right.schema), right.select(left.column_names)
    if left.equals(right):
        return 0
    return sum(a != b for a, b in zip(left.to_pylist(), right.to_pylist(), strict=True))


def start(executors: int, scratch: Path) -> Any:
    """Start a session with executors of one core in processes of their own."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(f"local-cluster[{executors},1,2048]").appName("adscreen")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": str(scratch / "local"),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.sql.execution.arrow.maxRecordsPerBatch": "4096",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def measure(rows: int, executors: int, rounds: int) -> dict[str, Any]:
    """Run command and Spark in turns and compare their results."""
    import pyspark

    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        ads, warm = scratch / "ads.parquet", scratch / "warm.parquet"
        make_ads(rows, ads)
        make_ads(WARM_ROWS, warm)
        session = start(executors, scratch)
        partitions = max(4 * executors, rows // 25_000)
        by_command(warm, scratch / "warm_out.parquet")
        by_spark(session, warm, scratch / "warm_spark", executors)
        command, spark = [], []
        for _ in range(rounds):
            command.append(by_command(ads, scratch / "command.parquet"))
            spark.append(by_spark(session, ads, scratch / "spark", partitions))
            print(f"command {command[-1]:.1f} s, Spark {spark[-1]:.1f} s", file=sys.stderr, flush=True)
        application = session.sparkContext.applicationId
        session.stop()
        shutil.rmtree(Path(pyspark.__file__).parent / "work" / application, ignore_errors=True)
        different = different_rows(scratch / "command.parquet", scratch / "spark")
    return {
        "rows": rows,
        "executors": executors,
        "partitions": partitions,
        "different_rows": different,
        "command_seconds": [round(each, 2) for each in command],
        "spark_seconds": [round(each, 2) for each in spark],
        "command_ads_per_second": round(rows / min(command), 1),
        "spark_ads_per_second": round(rows / min(spark), 1),
        "share": round(min(command) / min(spark), 3),
        "share_of_each_executor": round(min(command) / min(spark) / executors, 3),
        "load_average": [round(each, 1) for each in os.getloadavg()],
        "cores": os.cpu_count(),
        "versions": {
            "python": platform.python_version(),
            "pyspark": pyspark.__version__,
            "pyarrow": pa.__version__,
        },
    }


def as_markdown(figures: dict[str, Any]) -> str:
    """Return the figures as a page."""
    command = f"python experiments/spark/run.py --rows {figures['rows']} --executors {figures['executors']}"
    command += f" --rounds {len(figures['command_seconds'])}"
    versions = ", ".join(f"{name} {version}" for name, version in figures["versions"].items())
    load = figures["load_average"][1]
    return f"""# Spark beside the command line

`{command}` ({versions}; {figures["cores"]} cores; load average {load} at the end)

| what | value |
|---|---|
| rows that differ from those of the command, of {figures["rows"]:,} | {figures["different_rows"]:,} |
| `adscreen score`, one process, with its start | {figures["command_ads_per_second"]:,.0f} ads/s |
| Spark, {figures["executors"]} executors of one core, session up | {figures["spark_ads_per_second"]:,.0f} ads/s |
| Spark's rate as a share of the command's, one process | {figures["share"]:.2f} |
| each executor's rate as a share of the process's (goal 0.70) | {figures["share_of_each_executor"]:.2f} |

Times are the best of {len(figures["command_seconds"])}, taken in turns. A load average above the number of cores says
that other work ran beside it: then only the equality counts, and the share is a rough one.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--executors", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    figures = measure(given.rows, given.executors, given.rounds)
    (HERE / "results.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    (HERE / "results.md").write_text(as_markdown(figures), encoding="utf-8")
    print(as_markdown(figures))
    sys.exit(1 if figures["different_rows"] else 0)


if __name__ == "__main__":
    main()

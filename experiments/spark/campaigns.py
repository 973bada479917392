"""Campaigns on Spark beside the command: python experiments/spark/campaigns.py --corpus ../shared/data --rows 1000000

Short ads made as `experiments/campaigns` makes them are grouped by `adscreen campaigns` (one process, which judges them
too) and by `adscreen.integrations.spark_campaigns` on a local cluster of executors of one core each. The campaign of
each ad is compared. Writes campaigns.json and campaigns.md beside this file.
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

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from run import start

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "campaigns"))
from real_ads import load
from speed_ads import speed_ads

GROUP = 20_000


def make_ads(corpus: Path, rows: int, words: int, path: Path) -> None:
    """Write `rows` ads with an id of their own, in row groups that Spark can split at."""
    texts = speed_ads(load(corpus), rows, words)
    table = pa.table({"ad_id": [f"{i:09}" for i in range(rows)], "text": texts})
    pq.write_table(table, path, compression="zstd", row_group_size=GROUP)


def by_command(ads: Path, output: Path) -> tuple[float, float]:
    """Return seconds of one run of the command, its start included, and the memory it took at most, in MB."""
    command = [sys.executable, "-m", "adscreen.cli", "campaigns", str(ads), "-o", str(output)]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    errors = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(errors)
    return time.perf_counter() - started, used.ru_maxrss / 1e3


def by_spark(session: Any, ads: Path, output: Path, partitions: int) -> float:
    """Seconds of one job in a session that is up."""
    from adscreen.integrations.spark_campaigns import campaigns

    started = time.perf_counter()
    frame = session.read.parquet(str(ads)).repartition(partitions)
    campaigns(frame).write.parquet(str(output), mode="overwrite")
    return time.perf_counter() - started


def compare(one: Path, other: Path) -> dict[str, int]:
    """Count campaigns, ads in them, and ads whose campaign differs; ads are matched by id."""
    schema = pa.schema([("ad_id", pa.string()), ("campaign_id", pa.string())])
    tables = (pq.read_table(path, columns=schema.names).cast(schema) for path in (one, other))
    left, right = (table.sort_by("ad_id") for table in tables)
    if left.num_rows != right.num_rows or not left["ad_id"].equals(right["ad_id"]):
        sys.exit(f"The two do not have the same ads: {left.num_rows:,} and {right.num_rows:,}.")
    here, there = (pc.fill_null(table["campaign_id"], "") for table in (left, right))
    names = pc.value_counts(here.filter(pc.not_equal(here, ""))).field("counts").to_pylist()
    different = pc.sum(pc.not_equal(here, there)).as_py() or 0
    return {
        "campaigns": len(names),
        "in_campaigns": sum(names),
        "largest": max(names, default=0),
        "different_ads": different,
    }


def measure(corpus: Path, rows: int, words: int, executors: int) -> dict[str, Any]:
    """Run both once and compare."""
    import pyspark

    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        ads, local, spark = scratch / "ads.parquet", scratch / "command.parquet", scratch / "spark"
        make_ads(corpus, rows, words, ads)
        command_seconds, memory = by_command(ads, local)
        print(f"command {command_seconds:.1f} s, {memory:,.0f} MB", file=sys.stderr, flush=True)
        session = start(executors, scratch)
        session.conf.set("spark.sql.shuffle.partitions", str(max(4 * executors, rows // 25_000)))
        spark_seconds = by_spark(session, ads, spark, max(4 * executors, rows // 25_000))
        print(f"Spark {spark_seconds:.1f} s", file=sys.stderr, flush=True)
        application = session.sparkContext.applicationId
        session.stop()
        shutil.rmtree(Path(pyspark.__file__).parent / "work" / application, ignore_errors=True)
        found = compare(local, spark)
    return {
        "rows": rows,
        "words": words,
        "executors": executors,
        **found,
        "command_seconds": round(command_seconds, 1),
        "command_memory_mb": round(memory),
        "spark_seconds": round(spark_seconds, 1),
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
    command = "python experiments/spark/campaigns.py --corpus ../shared/data"
    command += f" --rows {figures['rows']} --words {figures['words']} --executors {figures['executors']}"
    versions = ", ".join(f"{name} {version}" for name, version in figures["versions"].items())
    return f"""# Campaigns on Spark beside the command

`{command}` ({versions}; {figures["cores"]} cores; load average {figures["load_average"][1]} at the end)

| what | value |
|---|---|
| ads whose campaign differs from that of the command, of {figures["rows"]:,} (goal 0) | {figures["different_ads"]:,} |
| campaigns, ads in them, ads of the largest | {figures["campaigns"]:,}, {figures["in_campaigns"]:,}, \
{figures["largest"]:,} |
| `adscreen campaigns`, one process, judging included | {figures["command_seconds"]:,.0f} s, at most \
{figures["command_memory_mb"]:,} MB |
| Spark, {figures["executors"]} executors of one core, session up; it does not judge | \
{figures["spark_seconds"]:,.0f} s |

The times are of one run each, and not of the same work. A load average above the number of cores says that other work
ran beside them.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--words", type=int, default=30)
    parser.add_argument("--executors", type=int, default=2)
    given = parser.parse_args()
    figures = measure(given.corpus, given.rows, given.words, given.executors)
    (HERE / "campaigns.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    (HERE / "campaigns.md").write_text(as_markdown(figures), encoding="utf-8")
    print(as_markdown(figures))
    sys.exit(1 if figures["different_ads"] else 0)


if __name__ == "__main__":
    main()

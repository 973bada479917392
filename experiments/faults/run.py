"""Kill `adscreen score` at random moments and start it again: python experiments/faults/run.py --kills 50

Each round scores the bundled sample, cut into parts of three formats, into a folder with two workers. At random moments
the run is killed with SIGKILL: the run alone, the run with its workers, or one worker. Then the same command goes on,
is perhaps killed again, and at last left to end. Its folder must equal that of a run nobody disturbed, byte for byte,
markers and rows set aside included; nothing half-written, no process and no temporary folder may be left. Writes
results.md beside this file.
"""

from __future__ import annotations

import argparse
import gzip
import os
import platform
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
SAMPLE = Path("data/sample/labelled.jsonl")
KILLS_A_ROUND = 10
WAYS = ("run", "run and workers", "worker")


def make_input(folder: Path, rows: int) -> int:
    """Write `rows` ads into twelve parts, two of them with rows that cannot be read; return the number of rows."""
    ads = pd.read_json(SAMPLE, lines=True)[["text", "lang"]]
    ads = pd.concat([ads] * (rows // len(ads) + 1), ignore_index=True).head(rows)
    ads.insert(0, "ad_id", [f"ad{i}" for i in range(rows)])
    ads["text"] += [f" ref {i}" for i in range(rows)]  # no two the same, so that each is judged
    written = 0
    for i in range(12):
        part = ads.iloc[i::12]
        day = folder / f"day=2026-11-{i // 4 + 1:02}"
        day.mkdir(parents=True, exist_ok=True)
        if i % 3 == 0:
            part.to_parquet(day / f"{i}.parquet", row_group_size=20)
        elif i % 3 == 1:
            broken = "one,cell,too,many\n" if i % 2 else ""
            (day / f"{i}.csv.gz").write_bytes(gzip.compress((part.to_csv(index=False) + broken).encode(), mtime=0))
        else:
            part.to_json(day / f"{i}.jsonl", orient="records", lines=True)
        written += len(part)
    return written


def start(inputs: Path, output: Path, scratch: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "adscreen.cli", "score", f"{inputs}/", "-o", f"{output}/", "--workers", "2"]
    return subprocess.Popen(
        [*command, "--resume", "--json", "--log-json"],
        stdout=subprocess.DEVNULL,
        stderr=(scratch / "log.jsonl").open("ab"),
        env={**os.environ, "TMPDIR": str(scratch / "tmp")},
        start_new_session=True,
    )


def processes_in(session: int) -> list[int]:
    """Ids of the processes of a session that are alive."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, _, _, its = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
            except OSError:
                continue
            if int(its) == session and state != "Z":
                found.append(int(entry.name))
    return found


def workers_of(run: int) -> list[int]:
    """Ids of the processes that a run judges with."""
    found = []
    for pid in processes_in(run):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if b"loky" in command and b"tracker" not in command:
            found.append(pid)
    return found


def finished_in(folder: Path) -> int:
    """Number of finished parts."""
    return len(list(folder.rglob("*.done.json"))) if folder.exists() else 0


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a finished folder but the locks, which hold nothing."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def one_round(inputs: Path, output: Path, scratch: Path, chance: random.Random, seconds: float, kills: int) -> Counter:
    """Disturb one job `kills` times; return what was done to it."""
    done: Counter[str] = Counter()
    for _ in range(kills):
        run = start(inputs, output, scratch)
        way = chance.choice(WAYS)
        # So many further parts finished, and a part of a second: half the kills would else meet imports.
        wanted, deadline = finished_in(output) + chance.randint(0, 4), time.monotonic() + 3 * seconds
        while finished_in(output) < wanted and run.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(chance.uniform(0.0, 0.5) if wanted else chance.uniform(0.0, 0.5) * seconds)
        if run.poll() is not None:
            done["ended before its kill"] += 1
            break
        workers = workers_of(run.pid)
        if way == "worker" and workers:
            os.kill(chance.choice(workers), signal.SIGKILL)
            if run.wait(timeout=300) not in (0, 4):
                raise AssertionError(f"exit code {run.returncode} after a worker was killed")
            done["worker"] += 1
            break  # the run went on and ended by itself
        targets = [run.pid, *workers] if way == "run and workers" else [run.pid]
        for pid in targets:
            os.kill(pid, signal.SIGKILL)
        run.wait(timeout=60)
        done["run and workers" if len(targets) > 1 else "run"] += 1
        done["parts finished at a kill"] += finished_in(output)
        done["kills with a part half-written"] += any(output.rglob("*.partial")) if output.exists() else 0
        time.sleep(chance.choice((0.0, 0.0, 1.0)))  # workers may still be alive when the next run begins
    last = start(inputs, output, scratch)
    if last.wait(timeout=600) != 4:
        raise AssertionError(f"exit code {last.returncode} of the last run, not 4")
    time.sleep(1.0)
    return done


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--rows", type=int, default=600)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    total: Counter[str] = Counter()
    rounds = 0
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        (scratch / "tmp").mkdir()
        rows = make_input(scratch / "in", arguments.rows)
        start(scratch / "in", scratch / "warm", scratch).wait()  # kernels are compiled once
        started = time.monotonic()
        start(scratch / "in", scratch / "undisturbed", scratch).wait()
        seconds = time.monotonic() - started
        wanted = contents(scratch / "undisturbed")
        judged = sum(len(pd.read_parquet(path)) for path in (scratch / "undisturbed").rglob("*.parquet"))
        print(f"undisturbed: {seconds:.1f} s, {len(wanted)} files, {judged} rows in Parquet", file=sys.stderr)
        while sum(total[way] for way in WAYS) < arguments.kills:
            output = scratch / f"out{rounds}"
            left = arguments.kills - sum(total[way] for way in WAYS)
            total += one_round(scratch / "in", output, scratch, chance, seconds, min(KILLS_A_ROUND, left))
            found = contents(output)
            if found != wanted:
                names = sorted(name for name in found | wanted if found.get(name) != wanted.get(name))
                raise AssertionError(f"round {rounds}: other than the undisturbed run in {names}")
            left_over = [path.name for path in (scratch / "tmp").iterdir() if path.name.startswith("adscreen-")]
            if left_over:
                raise AssertionError(f"round {rounds}: temporary folders left: {left_over}")
            rounds += 1
            print(f"round {rounds}: {dict(total)}", file=sys.stderr, flush=True)
    kills = sum(total[way] for way in WAYS)
    lines = [
        "# Killed at random moments",
        "",
        f"`python experiments/faults/run.py --kills {arguments.kills} --rows {arguments.rows}`, "
        f"{platform.system()}, Python {platform.python_version()}; {rows:,} ads in 12 parts (4 Parquet, 4 .csv.gz, "
        f"4 JSONL), 2 workers; moments: 0 to 4 further parts finished, then 0 to 0.5 s "
        f"(up to half of an undisturbed run, {seconds:.0f} s, where that is none).",
        "",
        "| what | count |",
        "|---|---|",
        f"| kills (SIGKILL) | {kills} |",
        *(f"| of the {way} | {total[way]} |" for way in WAYS),
        f"| jobs killed up to {KILLS_A_ROUND} times each, then left to end | {rounds} |",
        f"| parts that were finished at a kill, of 12, mean | "
        f"{total['parts finished at a kill'] / max(total['run'] + total['run and workers'], 1):.1f} |",
        f"| kills of the run that met a part half-written | {total['kills with a part half-written']} |",
        f"| jobs whose folder equals the undisturbed one, byte for byte | {rounds} of {rounds} |",
        "| rows lost, rows twice, half-written files, temporary folders left | 0 |",
        "",
        "The script ends with an error at the first difference, and writes no table then.",
    ]
    (HERE / "results.md").write_text("\n".join([*lines, ""]), encoding="utf-8")
    print("\n".join(lines))


main()

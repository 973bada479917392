"""Score files of any size: read in chunks, judge, write; memory grows by the 8 bytes that remember an id."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from adscreen.ads.readers import Part, Position, find_parts, read_ads
from adscreen.ads.rejects import RejectLog
from adscreen.errors import UsageError, WorkerLostError
from adscreen.scoring.counters import Counters, Progress, SeenIds
from adscreen.scoring.duplicates import score_once
from adscreen.scoring.kept import EVERY, Kept
from adscreen.scoring.result import no_results
from adscreen.scoring.scorer import Scorer
from adscreen.scoring.writers import check_output, open_writer

Judged = Iterator[tuple[pd.DataFrame, pd.DataFrame]]
Judge = Callable[[Iterator[pd.DataFrame]], Judged]
"""Gives each frame of ads with its results, in the order of the frames."""


def judge_here(scorer: Scorer) -> Judge:
    """Return a judge that works in this process."""

    def judge(frames: Iterator[pd.DataFrame]) -> Judged:
        for ads in frames:
            yield ads, score_once(scorer, ads)

    return judge


def score_stream(
    scorer: Scorer,
    inputs: Sequence[str],
    *,
    mapping: Mapping[str, str],
    input_format: str | None,
    rejects: RejectLog,
    counters: Counters,
) -> Judged:
    """Read and judge ads chunk by chunk, and count them.

    Yields
    ------
    ads, results : DataFrame
        Of equal length, in input order.
    """
    return judge_parts(
        judge_here(scorer),
        find_parts(inputs),
        mapping=mapping,
        input_format=input_format,
        rejects=rejects,
        counters=counters,
    )


def judge_parts(
    judge: Judge,
    parts: Sequence[Part],
    *,
    mapping: Mapping[str, str],
    input_format: str | None,
    rejects: RejectLog,
    counters: Counters,
) -> Judged:
    """Do what `score_stream` does, for parts that are known and with any judge."""
    sizes = [_size(part) for part in parts]
    before = 0

    def frames() -> Iterator[pd.DataFrame]:
        nonlocal before
        for part, size in zip(parts, sizes, strict=True):
            position = Position()
            for ads in read_ads(
                part.path,
                mapping=mapping,
                input_format=input_format,
                rejects=rejects,
                partitions=part.partitions,
                position=position,
            ):
                counters.share = (before + position.share * size) / sum(sizes)
                yield ads
            before += size

    seen = SeenIds()
    started = time.perf_counter()
    try:
        for ads, results in judge(frames()):
            counters.add(results)
            seen.count(ads["ad_id"], counters)
            counters.rejected = rejects.count
            counters.seconds = time.perf_counter() - started
            yield ads, results
    except WorkerLostError as error:
        raise WorkerLostError(f"{', '.join(part.path for part in parts[:3])}: {error}") from error
    counters.rejected = rejects.count
    counters.seconds = time.perf_counter() - started


def _size(part: Part) -> int:
    try:
        return max(os.stat(part.path).st_size, 1)  # noqa: PTH116
    except OSError:  # standard input, or gone: its reader says so
        return 1


def score_files(
    scorer: Scorer | Judge,
    inputs: Sequence[str],
    output: str,
    *,
    mapping: Mapping[str, str] | None = None,
    input_format: str | None = None,
    keep: Sequence[str] = (),
    progress: Progress = lambda _: None,
) -> Counters:
    """Score `inputs` one after the other into the one file `output`.

    Parameters
    ----------
    scorer : Scorer or Judge
    inputs : sequence of str
        Files, folders, globs or "-" for stdin; see `adscreen.ads.readers.find_parts`.
    output : str
        File whose suffix says the format, or "-" for JSON lines on stdout. Rows that cannot be read go to
        ``OUTPUT.rejected.jsonl``.
    keep : sequence of str
        Columns to repeat; see `adscreen.scoring.kept.Kept`.
    progress : callable, optional
        Told the counters so far after each chunk.

    Returns
    -------
    Counters

    Raises
    ------
    InputError, OutputError, UsageError
        With nothing left under the name `output`.
    """
    check_output(output, inputs, or_folder=True)
    parts = find_parts(inputs)
    check_output(output, [part.path for part in parts], or_folder=True)
    if EVERY in keep and len(parts) > 1:
        raise UsageError(
            f"--keep '{EVERY}': several inputs may have different columns, and one file has the same in all rows. "
            "Name the columns, or write to a folder: -o out/"
        )
    kept = Kept(keep, typed=output.lower().endswith(".parquet"), one_type=len(parts) > 1)
    counters = Counters()
    rejects_path = None if output == "-" else Path(f"{output}.rejected.jsonl")
    if rejects_path is not None:
        rejects_path.unlink(missing_ok=True)  # of an earlier run
    with RejectLog(rejects_path) as rejects, open_writer(output) as writer:
        for ads, results in judge_parts(
            judge_here(scorer) if isinstance(scorer, Scorer) else scorer,
            parts,
            mapping=mapping or {},
            input_format=input_format,
            rejects=rejects,
            counters=counters,
        ):
            writer.write(kept.beside(results, ads))
            progress(counters)
        counters.first_rejects = rejects.first
        if counters.rows == 0:  # every row was set aside: a file with its header and no rows, not a broken one
            writer.write(no_results())
    return counters

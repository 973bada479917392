"""One call of ``adscreen score``: into a file or a folder, in this process or with workers."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adscreen.errors import UsageError
from adscreen.scoring.batch import judge_here, score_files
from adscreen.scoring.bundle import Bundle
from adscreen.scoring.bundle_reader import read_bundle
from adscreen.scoring.counters import Counters, Progress
from adscreen.scoring.deep_judge import DeepJudge, shown_version
from adscreen.scoring.jobs.plan import Settings, parse_shard
from adscreen.scoring.jobs.run import Engine, run_job
from adscreen.scoring.memory import MemoryWatch
from adscreen.scoring.scorer import Scorer, shipped_model

if TYPE_CHECKING:
    from adscreen.messages import Log


@dataclass(frozen=True)
class Request:
    """What is to be scored, and how.

    Attributes
    ----------
    inputs : sequence of str
        See `adscreen.ads.readers.find_parts`.
    output : str
        A file, ``-``, or a folder: one that is there, or a name that ends in ``/``.
    settings : Settings
    model : str, optional
        Bundle; the shipped one unless given.
    indicators : Path, optional
        Folder of further indicators.
    workers : int
        Processes.
    resume : bool
        Skip the parts that an earlier run finished.
    shard : str, optional
        ``i/n``: only the i-th of n shares of the parts.
    """

    inputs: Sequence[str]
    output: str
    settings: Settings
    model: str | None = None
    indicators: Path | None = None
    workers: int = 1
    resume: bool = False
    shard: str | None = None

    @property
    def to_folder(self) -> bool:
        """Whether the output is a folder."""
        return self.output != "-" and (self.output.endswith(("/", "\\")) or Path(self.output).is_dir())


@dataclass
class Outcome:
    """What a request came to.

    Attributes
    ----------
    counters : Counters
    model_version : str
    parts : dict of str to int
        How many parts there were, were scored, skipped, failed; empty where the output is one file.
    failures : list of str
        Why parts failed.
    rejected : list of str
        Files of the rows set aside.
    """

    counters: Counters
    model_version: str
    parts: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return one line of plain JSON values."""
        parts = {"parts": self.parts} if self.parts else {}
        return {**self.counters.as_json(), **parts, "model_version": self.model_version}


def score_request(request: Request, *, progress: Progress, log: Log) -> Outcome:
    """Score what `request` says.

    Raises
    ------
    AdscreenError
        If nothing could be done, or not all; finished parts of a folder are kept.
    Stopped
        If somebody asked to stop.
    """
    shard = parse_shard(request.shard)
    if not request.to_folder:
        _check_for_folder_only(request)
    path = Path(request.model) if request.model is not None else shipped_model()
    bundle = read_bundle(path)
    version = shown_version(bundle, deep=request.settings.deep)
    with _engine(request, bundle, log) as engine, MemoryWatch(engine.pids) as memory:
        if request.to_folder:
            made_with = {"model_version": bundle.version, "model_sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
            result = run_job(
                request.inputs,
                Path(request.output),
                request.settings,
                engine,
                made_with=made_with,
                indicators=request.indicators,
                resume=request.resume,
                shard=shard,
                progress=progress,
                log=log,
            )
            outcome = Outcome(result.counters, version, result.parts, result.failures, result.rejected)
        else:
            counters = score_files(
                engine.judge,
                request.inputs,
                request.output,
                mapping=request.settings.mapping,
                input_format=request.settings.input_format,
                keep=request.settings.keep,
                progress=progress,
            )
            rejected = [f"{request.output}.rejected.jsonl"] if counters.rejected and request.output != "-" else []
            outcome = Outcome(counters, version, rejected=rejected)
    outcome.counters.peak_memory = memory.peak
    return outcome


@contextlib.contextmanager
def _engine(request: Request, bundle: Bundle, log: Log) -> Iterator[Engine]:
    finder = None
    if request.indicators is not None:
        from adscreen.signals.indicators import finder_with

        finder = finder_with(request.indicators)  # with workers too: here its errors have a message
    reveal, deep = request.settings.reveal, request.settings.deep
    if request.workers == 1:
        yield Engine(judge_here(Scorer(bundle, finder, reveal=reveal, deep=deep)))
        return
    if deep:
        DeepJudge(bundle)  # here its errors have a message; nothing is read yet
    from adscreen.scoring.workers import Workers

    def lost() -> None:
        log("worker_lost", "A worker was killed; what it was at is tried once more.", level="warning")

    with Workers(request.workers, bundle, request.indicators, reveal=reveal, deep=deep, lost=lost) as workers:
        yield Engine(workers.judge, workers)


def _check_for_folder_only(request: Request) -> None:
    for option, given in (
        ("--resume", request.resume),
        ("--shard", request.shard),
        ("--output-format", request.settings.output_format),
    ):
        if given:
            raise UsageError(f"{option} is for an output folder: end its name in /, as in -o out/")

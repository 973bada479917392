"""Where the time of full screening goes: python experiments/bench/components.py

Process time (not wall clock) by component, microseconds an ad on one core, best of three, each component over all ads
as the scorer runs it. Writes profile.md beside this file.
"""

from __future__ import annotations

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from mix import FLAGGED, corpus_name, mixed_ads

from adscreen.ads.cleaning import clean_and_count
from adscreen.ads.readers import read_ads as read_files
from adscreen.ads.rejects import RejectLog
from adscreen.ads.schema import conform
from adscreen.scoring.scorer import Scorer
from adscreen.scoring.writers import open_writer
from adscreen.signals.contacts import find_contacts
from adscreen.signals.contacts.sign_kernel import DIALS
from adscreen.signals.contacts.signs import signs_of
from adscreen.signals.evidence import EVIDENCE_FIELDS, read_ads
from adscreen.signals.folded import fold_texts
from adscreen.signals.language import identify
from adscreen.signals.licences import licences_in
from adscreen.signals.linear_text import score_by_each
from adscreen.signals.ngrams import join_fields
from adscreen.signals.pay import find_pay
from adscreen.signals.places import places_in
from adscreen.signals.routes import route
from adscreen.signals.tokens import lay_out

HERE = Path(__file__).parent
N_ADS = 1000
RUNS = 3
BATCH = 128
"""Ads that are read together, as the scorer does."""


def components(ads: pd.DataFrame, scorer: Scorer, folder: Path) -> dict[str, float]:
    """Microseconds an ad by component."""
    taken: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        best = float("inf")
        for _ in range(RUNS):
            started = time.process_time()
            result = work()
            best = min(best, time.process_time() - started)
        taken[name] = 1e6 * best / len(ads)
        return result

    def write(results: pd.DataFrame) -> None:
        with open_writer(str(folder / "out.parquet")) as writer:
            writer.write(results)

    ads.to_parquet(folder / "ads.parquet", index=False)
    scorer.score(ads)
    given = str(folder / "ads.parquet")
    timed("read Parquet", lambda: list(read_files(given, mapping={}, input_format=None, rejects=RejectLog(None))))
    columns = conform(ads)
    originals = [columns[name].tolist() for name in EVIDENCE_FIELDS]
    cleaned = timed("clean", lambda: [[clean_and_count(t)[0] if t else "" for t in column] for column in originals])
    texts = [join_fields(fields) for fields in zip(*cleaned, strict=True)]
    models = [model for model in (scorer.bundle.text, scorer.bundle.warning) if model is not None]
    timed("text model", lambda: score_by_each(models[:1], texts))
    timed("text model and that of warnings", lambda: score_by_each(models, texts))
    languages = timed("language", lambda: [identify(text) for text in texts])
    batches = [texts[i : i + BATCH] for i in range(0, len(texts), BATCH)]
    laid_out = timed("lay out code points", lambda: [lay_out(batch) for batch in batches])
    folded = timed("fold tokens", lambda: list(map(fold_texts, batches, laid_out)))
    timed("phrases", lambda: [scorer.finder.find_in(each) for each in folded])
    timed("licences", lambda: list(map(licences_in, batches, folded)))
    places = _all(timed("places", lambda: list(map(places_in, batches, laid_out))))
    signs = _all(timed("signs of contacts", lambda: list(map(signs_of, laid_out))))
    dials = [bool(its_signs.has & DIALS) for its_signs in signs]
    ways = timed("routes", lambda: list(map(route, texts, places, languages, dials)))
    homes = [way.origin or next(iter(way.destinations), None) for way in ways]
    timed("contacts", lambda: list(map(find_contacts, texts, homes, languages, signs)))
    readings = timed(
        "all signs together", lambda: read_ads(scorer.finder, texts, languages=languages, disguised=[0] * len(texts))
    )
    timed(
        "pay, if read of every ad",
        lambda: [find_pay(text, language=lang) for text, lang in zip(texts, languages, strict=True)],
    )
    results = timed("Scorer.score, all of it", lambda: scorer.score(ads))
    shown = [i for i, band in enumerate(results["band"]) if band in ("review", "urgent")]
    fields = list(zip(*originals, strict=True))
    timed("quotes and reasons of flagged ads", lambda: [scorer._show(fields[i], readings[i]) for i in shown])
    timed("write Parquet", lambda: write(results))
    return taken


def _all(groups: list[list[Any]]) -> list[Any]:
    return [each for group in groups for each in group]


def main() -> None:
    scorer = Scorer.load()
    n_ads = int(sys.argv[1]) if len(sys.argv) > 1 else N_ADS
    with tempfile.TemporaryDirectory() as scratch:
        long, short = (components(mixed_ads(words, n_ads, scorer), scorer, Path(scratch)) for words in (400, 60))
    lines = [
        "# Where the time goes",
        "",
        f"`python experiments/bench/components.py`: process time in microseconds an ad, one core, {corpus_name()}, "
        f"{FLAGGED:.0%} flagged. The text model is the yardstick: divide by it to compare machines.",
        "",
        "| component | 400 words | 60 words |",
        "|---|---|---|",
    ]
    lines += [f"| {name} | {long[name]:.1f} | {short[name]:.1f} |" for name in long]
    (HERE / "profile.md").write_text("\n".join([*lines, ""]), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()

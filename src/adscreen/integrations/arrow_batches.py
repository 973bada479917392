"""Judge Arrow batches that no reader has checked: every row gets a result, also one that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from adscreen.ads.readers.arrow_text import broken_rows
from adscreen.ads.readers.base import CHUNK_CHARS, too_long
from adscreen.ads.schema import conform
from adscreen.ads.values import text_of
from adscreen.scoring.result import RESULT_COLUMNS
from adscreen.scoring.scorer import Scorer

PIECE_ROWS = 4096

RESULT_SCHEMA = pa.schema([(name, pa.float64() if name == "risk" else pa.string()) for name in RESULT_COLUMNS])


def pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Yield a batch in parts as large as the readers' frames, so that memory does not grow with the batch."""
    size = max(batch.nbytes, 1)
    rows = max(1, min(PIECE_ROWS, batch.num_rows * CHUNK_CHARS // size))
    for start in range(0, batch.num_rows, rows):
        yield batch.slice(start, rows)


def judge_batch(scorer: Scorer, batch: pa.RecordBatch, fields: Sequence[str], kept: Sequence[str]) -> pa.RecordBatch:
    """Judge the ads of a batch.

    Parameters
    ----------
    scorer : Scorer
    batch : pyarrow.RecordBatch
        First the columns of the ad fields, then those that are kept.
    fields : sequence of str
        Ad field of each of the first columns, among them one of `adscreen.ads.schema.TEXT_FIELDS`.
    kept : sequence of str
        Name in the result of each column after them.

    Returns
    -------
    pyarrow.RecordBatch
        The columns of `adscreen.scoring.result.Result`, then those kept. What a reader would set aside is
        ``unscorable`` with the reader's reason.
    """
    ads, refused = read_ads_of(batch, fields)
    results = scorer.score(ads)
    if refused:
        results.loc[list(refused), "reason"] = list(refused.values())
    judged = pa.RecordBatch.from_pandas(results, schema=RESULT_SCHEMA, preserve_index=False)
    columns = [*judged.columns, *batch.columns[len(fields) :]]
    return pa.RecordBatch.from_arrays(columns, names=[*RESULT_COLUMNS, *kept])


def read_ads_of(batch: pa.RecordBatch, fields: Sequence[str]) -> tuple[pd.DataFrame, dict[int, str]]:
    """Read the ads of a batch.

    Parameters
    ----------
    batch, fields
        As `judge_batch`; fields may name other columns, which are read as text too.

    Returns
    -------
    ads : DataFrame
        In the schema, one row for each row of the batch; one that cannot be read has nothing but its id.
    refused : dict of int to str
        Rows that cannot be read, and why.
    """
    refused: dict[int, str] = {}
    texts: dict[str, list[str]] = {}
    for name, column in zip(fields, batch.columns, strict=False):
        broken = dict(broken_rows(column))
        for at, place in broken.items():
            refused.setdefault(at, f"The row cannot be read: it is not valid UTF-8 at byte {place}.")
        texts[name] = _texts(column, broken)
    for at, cells in enumerate(zip(*texts.values(), strict=True)):
        if at not in refused and (reason := too_long(fields, cells)):
            refused[at] = f"The row cannot be read: {reason}."
    ads = conform(pd.DataFrame({name: pd.Series(column, dtype="str") for name, column in texts.items()}))
    if refused:
        # The id stays that of the content.
        ads.loc[list(refused), [name for name in ads.columns if name != "ad_id"]] = ""
    return ads, refused


def _texts(column: pa.Array, broken: dict[int, int]) -> list[str]:
    """Return a column as the readers make text of it; what cannot be read is empty."""
    if broken:
        # Only to skip them: a column of text cannot be taken apart while it holds bytes that are none.
        readable = pa.array([at not in broken for at in range(len(column))])
        column = pc.if_else(readable, column, pa.scalar(None, column.type))
    kind: Any = column.type
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        column = column.cast(pa.timestamp(kind.unit, "UTC"))  # else ids would differ between sessions' time zones
    return [text_of(value) for value in column.to_pylist()]

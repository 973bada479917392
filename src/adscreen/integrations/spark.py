"""Spark: judge a DataFrame of ads on the executors, with the results that the command line gives.

On ``mapInArrow``, not ``mapInPandas``: columns that are kept go through as the Arrow columns they are, so that whole
numbers with nulls, decimals and structs keep their values and types (pandas would turn the first into floats), and
ad fields become text by the very function that the readers use. See docs/spark.md for what to set.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adscreen import __version__
from adscreen.ads.columns import map_columns
from adscreen.ads.schema import TEXT_FIELDS, list_columns, no_text_column
from adscreen.ads.values import cut
from adscreen.errors import AdscreenError, UsageError
from adscreen.integrations.arrow_batches import judge_batch, pieces
from adscreen.scoring.bundle_reader import bundle_from, read_bundle
from adscreen.scoring.result import RESULT_COLUMNS
from adscreen.scoring.scorer import Scorer, shipped_model
from adscreen.signals.indicator_files import read_catalogue, shipped_catalogue
from adscreen.signals.indicator_index import build_index
from adscreen.signals.indicators import IndicatorFinder

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType


def score(
    df: DataFrame,
    *,
    model: Path | str | None = None,
    indicators: Path | str | None = None,
    reveal: bool = False,
    mapping: Mapping[str, str] | None = None,
    keep: Sequence[str] = (),
) -> DataFrame:
    """Judge each ad of a Spark DataFrame.

    Parameters
    ----------
    df : pyspark.sql.DataFrame
        Of a classic session, not of Spark Connect. Columns are found by their names, as in files
        (see `adscreen.ads.columns.map_columns`); values become text as the readers make them.
    model : Path or str, optional
        The bundle, on the driver; the shipped model unless given. Executors get it as a broadcast variable.
    indicators : Path or str, optional
        Folder of one's own indicators, on the driver.
    reveal : bool, default False
        Give contacts in full instead of masked.
    mapping : mapping of str to str, optional
        ``{field: column}`` where the names do not tell.
    keep : sequence of str, optional
        Columns of `df` to repeat after those of the result, with their values and types: keys, partitions, dates.
        ``_2`` is added to a name that the result has.

    Returns
    -------
    pyspark.sql.DataFrame
        The columns of `adscreen.scoring.result.Result`, then those kept; one row for each ad. `risk` is null where
        unscorable, as in a Parquet file of ``adscreen score``. Nothing is shuffled: the partitions are those of
        `df`, each in its order. What the command line would set aside (a field over 1,000,000 characters, a text
        that is not UTF-8) is ``unscorable`` with that reason. Evaluated when an action asks for it.

    Raises
    ------
    BundleError
        If the model is refused.
    UsageError
        If no column holds text, or `mapping`, `keep`, `indicators` or the session do not fit.
    """
    fields = {name: found for found, name in ad_columns(df.columns, mapping).items()}
    kept = kept_names(df.columns, keep)
    judge = _broadcast(df, model, indicators, reveal)

    def judged(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        scorer = judge.scorer()
        for batch in batches:
            for piece in pieces(batch):
                yield judge_batch(scorer, piece, list(fields), list(kept))

    columns = [column(found, name) for name, found in fields.items()]
    # Not under their own names: mapInArrow would take a dot in one for a field of a struct.
    columns += [column(found, f"kept_{i}") for i, found in enumerate(kept.values())]
    return df.select(*columns).mapInArrow(judged, _schema(df, kept))


@dataclass(frozen=True)
class Judge:
    """What executors need to judge; equal where `key` and `reveal` are, so that a process loads it once."""

    key: str
    reveal: bool
    version: str
    parts: Any = field(compare=False)

    def scorer(self) -> Scorer:
        """Return the scorer, loaded once in a process.

        Raises
        ------
        AdscreenError
            If the executor has another version of adscreen than the driver.
        """
        if self.version != __version__:
            raise AdscreenError(
                f"The driver has adscreen {self.version}, this executor has {__version__}: "
                "install the same on both (docs/spark.md)."
            )
        return _load(self)


@lru_cache(maxsize=2)  # a champion and its challenger
def _load(judge: Judge) -> Scorer:
    shown, data, catalogue, index = judge.parts.value
    finder = None if catalogue is None else IndicatorFinder(catalogue, index)
    return Scorer(bundle_from(data, shown), finder, reveal=judge.reveal)


def _broadcast(df: DataFrame, model: Path | str | None, indicators: Path | str | None, reveal: bool) -> Judge:
    path = shipped_model() if model is None else Path(model)
    read_bundle(path)  # so that a model that is refused is refused here
    data = path.read_bytes()
    catalogue = index = None
    if indicators is not None:
        catalogue = read_catalogue(Path(indicators), shipped_catalogue())
        index = build_index(catalogue)  # takes seconds, so it is done once
    context = classic_context(df)
    key = hashlib.sha256(data + repr(catalogue).encode()).hexdigest()
    return Judge(key, reveal, __version__, context.broadcast((str(path), data, catalogue, index)))


def classic_context(df: DataFrame) -> Any:
    """Return the context of a frame's session.

    Raises
    ------
    UsageError
        If it is one of Spark Connect, which has none.
    """
    from pyspark.errors import PySparkException

    try:
        return df.sparkSession.sparkContext
    except (PySparkException, AttributeError) as error:
        raise UsageError(
            "Spark Connect has no broadcast variables: use a classic session "
            "(SparkSession.builder.master(...), without .remote)."
        ) from error


def column(found: str, name: str | None = None) -> Any:
    """Return the column `found`, whatever characters its name has, called `name`."""
    from pyspark.sql import functions

    return functions.col("`" + found.replace("`", "``") + "`").alias(found if name is None else name)


def ad_columns(found: Sequence[str], mapping: Mapping[str, str] | None) -> dict[str, str]:
    """Return the ad field of each column that is one."""
    chosen = map_columns(found, mapping)
    if not set(chosen.values()) & set(TEXT_FIELDS):
        raise UsageError(no_text_column(list(found)))
    for name in chosen:
        _check_single(found, name)
    return chosen


def kept_names(
    found: Sequence[str], keep: Sequence[str], reserved: Sequence[str] = tuple(RESULT_COLUMNS)
) -> dict[str, str]:
    """Return the column of each name in the result: Spark does not tell names apart by case."""
    taken = {name.casefold() for name in reserved}
    names: dict[str, str] = {}
    for source in dict.fromkeys([keep] if isinstance(keep, str) else keep):
        if source not in found:
            raise UsageError(
                f"keep={cut(source)!r}: there is no such column. Columns found: {list_columns(list(found))}"
            )
        _check_single(found, source)
        name, n = source, 2
        while name.casefold() in taken:
            name, n = f"{source}_{n}", n + 1
        taken.add(name.casefold())
        names[name] = source
    return names


def _check_single(found: Sequence[str], name: str) -> None:
    if [each.casefold() for each in found].count(name.casefold()) > 1:
        raise UsageError(f"There are several columns '{cut(name)}'; rename or drop all but one.")


def _schema(df: DataFrame, kept: Mapping[str, str]) -> StructType:
    from pyspark.sql.types import DoubleType, StringType, StructField, StructType

    result = [StructField(name, DoubleType() if name == "risk" else StringType()) for name in RESULT_COLUMNS]
    types = {each.name: each.dataType for each in df.schema.fields}
    return StructType([*result, *(StructField(name, types[source]) for name, source in kept.items())])

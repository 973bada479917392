"""A real Spark session, two executors of one core: the results are those of the command line, row for row."""

import dataclasses
import datetime as dt
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.integrations import spark_session

from adscreen.ads.readers import read_ads
from adscreen.errors import AdscreenError, BundleError, UsageError
from adscreen.scoring.result import RESULT_COLUMNS
from adscreen.scoring.scorer import Scorer

WHY_NOT = spark_session.why_no_spark()
pytestmark = [pytest.mark.spark, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "ads.csv"
ROWS = 3_000
LURE = "Chat operator Cambodia, flight and room paid, no experience, 1500 USD, message @hr_linda_ex today"
OWN_INDICATOR = """\
family: own
title: Ours
indicators:
  - code: hill_station
    label: Work at a hill station
    question: Ask which hill station.
    suggests: [scam_compound]
    source: our own cases
    strength: 3
"""
OWN_PHRASES = """\
language: en
phrases:
  hill_station:
    - hill station above the river
"""


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    session = spark_session.start(tmp_path_factory.mktemp("spark"))
    yield session
    spark_session.stop(session)


@pytest.fixture(scope="module")
def ads_file(tmp_path_factory):
    """The sample repeated, some ads without text, some without an id, with columns of other types."""
    sample = pd.concat(read_ads(SAMPLE), ignore_index=True)
    texts = [None if i % 50 == 0 else sample["description"][i % len(sample)] + f" {i % 700}" for i in range(ROWS)]
    table = pa.table(
        {
            "id": [None if i % 40 == 1 else f"n{i:05}" for i in range(ROWS)],
            "key": pa.array(range(ROWS), pa.int64()),
            "text": pa.array(texts),
            "salary": pa.array([None if i % 3 else 1000 + i for i in range(ROWS)], pa.int32()),
            "channel": [sample["channel"][i % len(sample)] for i in range(ROWS)],
        }
    )
    path = tmp_path_factory.mktemp("ads") / "ads.parquet"
    pq.write_table(table, path)
    return path


@pytest.fixture(scope="module")
def by_command(ads_file):
    """What `adscreen score` writes of them."""
    output = ads_file.with_name("results.parquet")
    command = [sys.executable, "-m", "adscreen.cli", "score", str(ads_file), "-o", str(output)]
    subprocess.run(command, check=True, capture_output=True)
    return pq.read_table(output)


def frame(spark, *texts):
    return spark.createDataFrame([(text,) for text in texts], "text string")


def score(df, **options):
    from adscreen.integrations.spark import score as judged

    return judged(df, **options)


def test_results_equal_those_of_the_command_row_for_row(spark, ads_file, by_command):
    ads = spark.read.parquet(str(ads_file)).repartition(5)
    results = score(ads, keep=["key"]).orderBy("key").toArrow()
    assert results.column("key").to_pylist() == list(range(ROWS))
    assert results.drop(["key"]).to_pylist() == by_command.cast(results.drop(["key"]).schema).to_pylist()


def test_the_mlflow_model_as_a_udf_gives_the_same(spark, ads_file, by_command, logged):
    mlflow = pytest.importorskip("mlflow", reason="the extra 'train' is not installed")
    from pyspark.sql import functions

    from adscreen.integrations.mlflow_log import tracking_uri

    mlflow.set_tracking_uri(tracking_uri(logged.store))
    udf = mlflow.pyfunc.spark_udf(spark, "models:/adscreen@challenger", env_manager="local")
    ads = spark.read.parquet(str(ads_file)).withColumnsRenamed({"id": "ad_id", "text": "description"})
    ads = ads.withColumn("salary", functions.col("salary").cast("string")).repartition(3)
    fields = ["ad_id", "description", "salary", "channel"]
    judged = ads.select("key", udf(functions.struct(*fields)).alias("result")).orderBy("key").select("result.*")
    # MLflow writes what is null in a column of text as the text "nan"; docs/spark.md says so.
    judged = judged.withColumn("type", functions.nullif(functions.col("type"), functions.lit("nan")))
    results = judged.toArrow().select(list(RESULT_COLUMNS))
    assert results.to_pylist() == by_command.cast(results.schema).to_pylist()


def test_batches_of_any_size_give_the_same(spark, ads_file, by_command):
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "7")
    try:
        results = score(spark.read.parquet(str(ads_file)).limit(200), keep=["key"]).orderBy("key").toArrow()
    finally:
        spark.conf.unset("spark.sql.execution.arrow.maxRecordsPerBatch")
    assert results.drop(["key"]).to_pylist() == by_command.slice(0, 200).cast(results.drop(["key"]).schema).to_pylist()


def test_the_schema_is_that_of_the_contract(spark):
    schema = score(frame(spark, LURE)).schema
    assert schema.names == list(RESULT_COLUMNS)
    types = {each.name: each.dataType.simpleString() for each in schema}
    assert types.pop("risk") == "double"
    assert set(types.values()) == {"string"}


def test_nothing_is_shuffled(spark, ads_file):
    from pyspark.sql import functions

    ads = spark.read.parquet(str(ads_file)).limit(60).repartition(3)
    ads = ads.withColumn("place", functions.monotonically_increasing_id()).cache()
    results = score(ads, keep=["key", "place"])
    before = [(row.key, row.place) for row in ads.collect()]
    after = [(row.key, row.place) for row in results.collect()]
    assert after == before
    assert results.rdd.getNumPartitions() == 3


def test_kept_columns_have_their_values_and_types(spark):
    row = (LURE, 2**60 + 1, None, Decimal("1.10"), dt.datetime(2026, 3, 1, 12), {"on": "Monday"}, b"\xff")
    columns = "text string, shop bigint, n int, fee decimal(9,2), seen timestamp, more struct<on: string>, raw binary"
    ads = spark.createDataFrame([row], columns)
    keep = ["shop", "n", "fee", "seen", "more", "raw"]
    results = score(ads, keep=keep)
    assert results.select(keep).schema == ads.select(keep).schema
    assert results.select(keep).collect() == ads.select(keep).collect()


def test_a_kept_column_with_the_name_of_a_result_gets_another(spark):
    ads = spark.createDataFrame([(LURE, "high", "r1")], "text string, Risk string, `my.key` string")
    results = score(ads, keep=["Risk", "my.key"])
    assert results.columns == [*RESULT_COLUMNS, "Risk_2", "my.key"]
    assert results.select("Risk_2", "`my.key`").first() == ("high", "r1")


def test_columns_are_named_by_the_user_where_their_names_do_not_tell(spark):
    ads = spark.createDataFrame([(LURE, "k")], "`post.t``xt` string, thing string")
    results = score(ads, mapping={"description": "post.t`xt", "ad_id": "thing"}).first()
    assert results["ad_id"] == "k"
    assert results["band"] != "unscorable"


def test_a_text_that_is_not_utf8_does_not_end_the_job(spark):
    ads = spark.sql("SELECT 1 AS k, cast(unhex('4A6F6220FF') AS string) AS text UNION ALL SELECT 2, 'Cook wanted'")
    results = {row["k"]: row["reason"] for row in score(ads, keep=["k"]).collect()}
    assert results[1] == "The row cannot be read: it is not valid UTF-8 at byte 5."
    assert results[2] == "Too short to judge: 2 words."


def test_a_frame_without_rows_gives_none(spark):
    assert score(frame(spark)).collect() == []


def test_contacts_are_masked_unless_asked(spark):
    masked, shown = (score(frame(spark, LURE), reveal=reveal).first()["contacts"] for reveal in (False, True))
    assert "hr_linda_ex" not in masked
    assert "hr_linda_ex" in shown


def test_own_indicators_are_looked_for_on_the_executors(spark, tmp_path):
    (tmp_path / "phrases").mkdir()
    (tmp_path / "own.yaml").write_text(OWN_INDICATOR, encoding="utf-8")
    (tmp_path / "phrases" / "en.yaml").write_text(OWN_PHRASES, encoding="utf-8")
    ads = frame(spark, LURE + ". The hill station above the river.")
    codes = [
        {each["code"] for each in json.loads(score(ads, indicators=i).first()["indicators"])} for i in (None, tmp_path)
    ]
    assert codes[1] - codes[0] == {"hill_station"}


def test_the_model_is_sent_to_the_executors_and_not_read_there(spark, tmp_path):
    from adscreen.scoring.scorer import shipped_model

    model = tmp_path / "own.bundle"
    model.write_bytes(shipped_model().read_bytes())
    results = score(frame(spark, LURE), model=model)
    model.unlink()
    assert results.first()["model_version"] == Scorer.load().version


def test_a_process_loads_the_model_once(spark):
    def loads(batches):
        from adscreen.integrations import spark as integration

        rows = sum(batch.num_rows for batch in batches)
        info = integration._load.cache_info()
        yield pa.RecordBatch.from_pydict(
            {"pid": [os.getpid()], "loads": [info.misses], "uses": [info.hits + info.misses], "rows": [rows]}
        )

    ads = spark.createDataFrame([(f"{LURE} {i}",) for i in range(64)], "text string").repartition(16)
    before = ads.mapInArrow(loads, "pid bigint, loads bigint, uses bigint, rows bigint").toPandas()
    for _ in range(2):  # each call makes a broadcast variable of its own
        assert score(ads).count() == 64
    after = ads.mapInArrow(loads, "pid bigint, loads bigint, uses bigint, rows bigint").toPandas()
    known = before.groupby("pid")["loads"].max()
    grown = after.groupby("pid").max()
    assert (grown["uses"] > 2).any()
    assert (grown["loads"] - known.reindex(grown.index).fillna(0) <= 1).all()


def test_an_executor_with_another_adscreen_is_refused(spark):
    from adscreen.integrations.spark import Judge

    judge = Judge("k", False, "9.9", None)
    with pytest.raises(AdscreenError) as error:
        judge.scorer()
    assert str(error.value) == (
        "The driver has adscreen 9.9, this executor has 0.1.0: install the same on both (docs/spark.md)."
    )
    assert dataclasses.replace(judge, parts=object()) == judge  # the broadcast variable makes no new model


def test_a_model_that_is_refused_is_refused_by_the_call(spark, tmp_path):
    (tmp_path / "model.bundle").write_bytes(b"\x80\x04model")
    with pytest.raises(BundleError, match="but a Python pickle, which could run code"):
        score(frame(spark, LURE), model=tmp_path / "model.bundle")


def test_a_frame_without_a_text_column_is_refused_by_the_call(spark):
    with pytest.raises(UsageError) as error:
        score(spark.createDataFrame([(1,)], "k int"))
    assert str(error.value).startswith("no column holds the text of the ads. Columns found: 'k'.")


def test_a_column_to_keep_that_is_not_there_is_refused_by_the_call(spark):
    with pytest.raises(UsageError) as error:
        score(frame(spark, LURE), keep=["shop"])
    assert str(error.value) == "keep='shop': there is no such column. Columns found: 'text'"


def test_two_columns_of_one_name_are_refused_by_the_call(spark):
    ads = frame(spark, LURE)
    with pytest.raises(UsageError) as error:
        score(ads.join(ads.alias("again"), how="cross"))
    assert str(error.value) == "There are several columns 'text'; rename or drop all but one."


def test_spark_connect_is_refused_with_what_to_do(spark):
    class Remote:
        columns = ("text",)
        sparkSession = object()  # noqa: N815

    with pytest.raises(UsageError) as error:
        score(Remote())
    assert str(error.value) == (
        "Spark Connect has no broadcast variables: use a classic session "
        "(SparkSession.builder.master(...), without .remote)."
    )

"""Campaigns on a real Spark session, two executors of one core: the groups and names that one machine gives."""

import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.integrations import spark_session

from adscreen.ads.readers import read_ads
from adscreen.errors import UsageError

WHY_NOT = spark_session.why_no_spark()
pytestmark = [pytest.mark.spark, pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)]

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
ROWS = 4_000
CHAIN = 60
"""Ads of the largest campaign, at least: copies of copies, so that weak edges are weighed and cut."""
ENGLISH = "Hiring chat operators in Bavet, free flight and visa, no experience needed, dormitory and meals paid"


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    session = spark_session.start(tmp_path_factory.mktemp("spark"))
    yield session
    spark_session.stop(session)


def drifting(rng, text, words, share):
    """A copy of `text` with a share of its words replaced."""
    copy = text.split(" ")
    for _ in range(max(1, int(len(copy) * share))):
        copy[rng.randrange(len(copy))] = rng.choice(words)
    return " ".join(copy)


@pytest.fixture(scope="module")
def ads_file(tmp_path_factory):
    """Copies of copies of the sample in its languages, with contacts of many kinds of sharing, and rows of nothing."""
    rng = random.Random(11)
    texts = pd.concat(read_ads(SAMPLE / "ads.csv"), ignore_index=True)["description"].tolist()
    words = [word for text in texts for word in text.split(" ")]
    rows = []
    for i in range(ROWS):
        draw = rng.random()
        if rows and draw < 0.55:
            text = drifting(rng, rng.choice(rows)["text"] or ENGLISH, words, rng.choice([0.05, 0.1, 0.3]))
        elif draw < 0.6:
            text = rng.choice(["", "Cook", None, "call me", ENGLISH])
        else:
            text = drifting(rng, rng.choice(texts), words, 0.5)
        number = rng.choice([rng.randrange(400), rng.randrange(20) * rng.randrange(2), 7])
        contact = rng.choice(["", "", f"+855 12 345 {number:03}", f"@shared_hr_{number}", f"jobs@firm{number}.example"])
        rows.append(
            {
                "id": f"n{i:05}",
                "key": i,
                "text": text,
                "contact": contact,
                "company": rng.choice(["", "", "Golden Lotus Ltd", f"Firm {number % 5}"]),
                "image_hash": rng.choice([None, None, None, f"i{rng.randrange(900)}"]),
            }
        )
    table = pa.Table.from_pylist(rows)
    path = tmp_path_factory.mktemp("ads") / "ads.parquet"
    pq.write_table(table, path)
    return path


def by_command(path):
    output = path.with_name("groups.parquet")
    command = [sys.executable, "-m", "adscreen.cli", "campaigns", str(path), "-o", str(output)]
    subprocess.run(command, check=True, capture_output=True)
    return pq.read_table(output).to_pandas()


def campaigns(df, **options):
    from adscreen.integrations.spark_campaigns import campaigns as grouped

    return grouped(df, **options)


def test_the_groups_and_their_names_are_those_of_the_command(spark, ads_file):
    local = by_command(ads_file)
    found = campaigns(spark.read.parquet(str(ads_file)).repartition(5), keep=["key"]).toPandas()
    found = found.sort_values("key", ignore_index=True)
    assert list(found.columns) == ["ad_id", "campaign_id", "key"]
    assert found["ad_id"].tolist() == local["ad_id"].tolist()
    assert found["campaign_id"].fillna("").tolist() == local["campaign_id"].fillna("").tolist()
    sizes = local["campaign_id"].value_counts()
    assert len(sizes) > 100
    assert sizes.max() > CHAIN
    assert local["campaign_id"].isna().sum() > 100


def test_rows_that_cannot_be_read_and_ads_without_text_are_on_their_own(spark):
    ads = spark.sql(
        f"SELECT 1 AS digest, '{ENGLISH}' AS text, 'a' AS Campaign_ID UNION ALL SELECT 2, '{ENGLISH}!', 'b' "
        "UNION ALL SELECT 3, cast(unhex('4A6F6220FF') AS string), 'c' UNION ALL SELECT 4, NULL, NULL"
    )
    found = campaigns(ads, keep=["digest", "Campaign_ID"])
    assert found.columns == ["ad_id", "campaign_id", "digest", "Campaign_ID_2"]
    assert found.schema["digest"].dataType.simpleString() == "int"
    rows = {row["digest"]: row for row in found.collect()}
    assert rows[1]["campaign_id"] == rows[2]["campaign_id"] is not None
    assert rows[3]["campaign_id"] is rows[4]["campaign_id"] is None
    assert [rows[i]["Campaign_ID_2"] for i in (1, 2, 3, 4)] == ["a", "b", "c", None]
    assert rows[3]["ad_id"].startswith("ad-")


def test_a_frame_without_rows_gives_none(spark):
    assert campaigns(spark.createDataFrame([], "text string")).collect() == []


def test_components_of_chains_stars_and_circles_are_found(spark):
    from adscreen.campaigns.linkage import components as on_one_machine
    from adscreen.integrations.spark_components import components

    rng = np.random.default_rng(3)
    chain = np.stack([np.arange(0, 120), np.arange(1, 121)], axis=1)
    star = np.stack([np.full(50, 300), rng.permutation(np.arange(200, 250))], axis=1)
    loose = rng.integers(400, 800, (150, 2))
    pairs = np.concatenate([chain, star, loose, chain[:5, ::-1]])
    found = components(spark.createDataFrame(pairs.tolist(), "left bigint, right bigint")).collect()
    expected = on_one_machine(800, pairs)
    nodes = np.unique(pairs[pairs[:, 0] != pairs[:, 1]])
    assert sorted((row["node"], row["component"]) for row in found) == [(n, expected[n]) for n in nodes.tolist()]


def test_a_frame_without_a_text_column_is_refused_by_the_call(spark):
    with pytest.raises(UsageError) as error:
        campaigns(spark.createDataFrame([(1,)], "k int"))
    assert str(error.value).startswith("no column holds the text of the ads. Columns found: 'k'.")


def test_spark_connect_is_refused_with_what_to_do():
    class Remote:
        columns = ("text",)
        sparkSession = object()  # noqa: N815

    with pytest.raises(UsageError) as error:
        campaigns(Remote())
    assert str(error.value) == (
        "Spark Connect has no broadcast variables: use a classic session "
        "(SparkSession.builder.master(...), without .remote)."
    )

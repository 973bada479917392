"""Campaigns on Spark: the groups, and the names, that `adscreen campaigns` gives on one machine.

Signatures are read on the executors, candidates met by their band keys, verified by the same exact similarity, and
connected by joins; inside a component the ads are joined and cut by the code of one machine. See docs/spark.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from adscreen import __version__
from adscreen.campaigns.background import N_COUNTS
from adscreen.campaigns.campaign_ids import new_name
from adscreen.campaigns.common_contacts import MAX_COMPANIES, MAX_DOMAIN_PARTS, most_parts
from adscreen.campaigns.similarity import rarity
from adscreen.errors import AdscreenError
from adscreen.integrations import campaign_steps as steps
from adscreen.integrations.spark import ad_columns, classic_context, column, kept_names
from adscreen.integrations.spark_components import components, kept
from adscreen.screening.campaign_run import IN_MEMORY_KEY

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

RESULT = ("ad_id", "campaign_id")
IMAGE = "image_hash"
NODES_A_BIN = 50_000
"""Nodes whose components are joined in one task, if there are so many: all their features are in memory at once."""


def campaigns(df: DataFrame, *, mapping: Mapping[str, str] | None = None, keep: Sequence[str] = ()) -> DataFrame:
    """Group the ads of a Spark DataFrame into campaigns.

    Parameters
    ----------
    df : pyspark.sql.DataFrame
        Of a classic session, not of Spark Connect. Columns are found by their names, as in files
        (see `adscreen.ads.columns.map_columns`); a column ``image_hash`` links ads as it does there.
    mapping : mapping of str to str, optional
        ``{field: column}`` where the names do not tell.
    keep : sequence of str, optional
        Columns of `df` to repeat after those of the result, with their values and types. ``_2`` is added to a name
        that the result has.

    Returns
    -------
    pyspark.sql.DataFrame
        ``ad_id, campaign_id``, then those kept; one row for each ad, in no order. `campaign_id` is null for an ad on
        its own and for one that cannot be read, which one machine would set aside. The work is done by this call;
        what it found stays on the executors' disks as long as the result is used.

    Raises
    ------
    UsageError
        If no column holds text, or `mapping`, `keep` or the session do not fit.
    """
    context = classic_context(df)
    others = kept_names(df.columns, keep, RESULT)
    ads = kept(_features(df, mapping, list(others.values())))
    nodes = kept(_nodes(ads))
    weights = context.broadcast(_weights(nodes))
    pairs = kept(_verified(nodes, weights))
    parts = kept(_text_parts(nodes, pairs, weights))
    links = kept(_contact_links(ads, nodes, parts))
    named = kept(_named(ads, _campaigns(nodes, parts, links, weights)))
    found = ads.join(named, "content", "left")
    return found.select(*RESULT, *(column(f"kept_{i}", name) for i, name in enumerate(others)))


def _features(df: DataFrame, mapping: Mapping[str, str] | None, keep: Sequence[str]) -> DataFrame:
    from pyspark.sql.types import StructType

    fields = {name: found for found, name in ad_columns(df.columns, mapping).items()}
    if IMAGE in df.columns and IMAGE not in fields.values():
        fields[IMAGE] = IMAGE
    names, others, version = list(fields), [f"kept_{i}" for i in range(len(keep))], __version__

    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        _check_version(version)
        return steps.read_features(batches, names, others, IN_MEMORY_KEY)

    types = {each.name: each.dataType for each in df.schema.fields}
    schema = StructType.fromDDL(", ".join(f"{name} {kind}" for name, kind in steps.AD_COLUMNS.items()))
    for name, source in zip(others, keep, strict=True):
        schema = schema.add(name, types[source])
    columns = [column(source, name) for name, source in (*fields.items(), *zip(others, keep, strict=True))]
    return df.select(*columns).mapInArrow(read, schema)


def _check_version(version: str) -> None:
    if version != __version__:
        raise AdscreenError(
            f"The driver has adscreen {version}, this executor has {__version__}: "
            "install the same on both (docs/spark.md)."
        )


def _nodes(ads: DataFrame) -> DataFrame:
    """Return ``node, content, size, bands, features``, numbered in the order of the content."""
    from pyspark.sql import functions as F  # noqa: N812

    lowest = F.min_by(F.struct("bands", "features"), "rank").alias("own")
    each = ads.where("content IS NOT NULL").groupBy("content").agg(F.count("*").alias("size"), lowest)
    number = F.monotonically_increasing_id().alias("node")
    return each.orderBy("content").select(number, "content", "size", "own.bands", "own.features")


def _weights(nodes: DataFrame) -> NDArray[np.float32]:
    table = nodes.select("features").mapInArrow(steps.count_by_place, "place int, n bigint")
    counted = table.groupBy("place").sum("n").toArrow()
    counts = np.zeros(N_COUNTS, np.uint32)
    counts[counted.column(0).to_numpy()] = counted.column(1).to_numpy()
    return rarity(counts, nodes.count())


def _verified(nodes: DataFrame, weights: Any) -> DataFrame:
    """Return ``left, right, band, key, strength``: each pair of texts alike once, with where it first came up."""
    from pyspark.sql import functions as F  # noqa: N812

    def verify(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return steps.verified(batches, weights.value)

    rows = nodes.where("length(bands) > 0").select("node", "bands")
    rows = rows.mapInArrow(steps.list_bands, "band smallint, key bigint, node bigint")
    rows = rows.repartition("band", "key").sortWithinPartitions("band", "key", "node")
    pairs = rows.mapInArrow(steps.candidate_pairs, "left bigint, right bigint, band smallint, key bigint")
    first = pairs.groupBy("left", "right").agg(F.min(F.struct("band", "key")).alias("first"))
    texts = nodes.select("node", "features")
    for side in ("left", "right"):
        first = first.join(texts.toDF(side, f"{side}_features"), side)
    columns = ("left", "right", "first.band", "first.key", "left_features", "right_features")
    schema = "left bigint, right bigint, band smallint, key bigint, strength double"
    return first.select(*columns).mapInArrow(verify, schema)


def _text_parts(nodes: DataFrame, pairs: DataFrame, weights: Any) -> DataFrame:
    """Return ``node, root, place`` for the nodes that have a pair."""

    def join(some: pa.Table, its_pairs: pa.Table) -> pa.Table:
        return steps.join_texts(some, its_pairs, weights.value)

    found = kept(components(pairs))
    members = nodes.select("node", "size", "features").join(found, "node")
    its_pairs = pairs.join(found.withColumnRenamed("node", "left"), "left")
    return _by_component(members, its_pairs, join, "node bigint, root bigint, place bigint")


def _by_component(nodes: DataFrame, edges: DataFrame, join: Any, schema: str) -> DataFrame:
    """Give whole components, many at a time, with their edges to `join`."""
    from pyspark.sql import functions as F  # noqa: N812

    bins = max(nodes.sparkSession.sparkContext.defaultParallelism, nodes.count() // NODES_A_BIN + 1)
    where = F.pmod(F.xxhash64("component"), F.lit(bins)).alias("bin")
    some, others = ([*(name for name in frame.columns if name != "component"), where] for frame in (nodes, edges))
    return nodes.select(*some).groupBy("bin").cogroup(edges.select(*others).groupBy("bin")).applyInArrow(join, schema)


def _contact_links(ads: DataFrame, nodes: DataFrame, parts: DataFrame) -> DataFrame:
    """Return ``kind, hash, left, right`` as `adscreen.campaigns.common_contacts.contact_links` finds them."""
    from pyspark.sql import functions as F  # noqa: N812

    n_ads = ads.where("readable").count()
    given = ads.where("content IS NOT NULL").select("content", "company", F.explode("contacts").alias("each"))
    given = given.join(nodes.select("content", "node"), "content").join(parts.select("node", "root"), "node", "left")
    given = given.select("each.kind", "each.hash", "company", "node", F.coalesce("root", "node").alias("part"))
    given = kept(given.distinct())
    holders = given.groupBy("kind", "hash").agg(
        F.min("node").alias("left"),
        F.countDistinct("part").alias("parts"),
        F.countDistinct(F.when(F.col("company") != "", F.col("company"))).alias("companies"),
    )
    most = F.when(F.col("kind") == "domain", MAX_DOMAIN_PARTS).otherwise(most_parts(n_ads))
    # A contact in one part alone links nothing that is not linked.
    links = holders.where((F.col("parts") > 1) & (F.col("parts") <= most) & (F.col("companies") <= MAX_COMPANIES))
    others = given.select("kind", "hash", F.col("node").alias("right")).distinct()
    return links.join(others, ["kind", "hash"]).where("left <> right").select("kind", "hash", "left", "right")


def _campaigns(nodes: DataFrame, parts: DataFrame, links: DataFrame, weights: Any) -> DataFrame:
    """Return ``content, campaign`` of all nodes."""
    from pyspark.sql import functions as F  # noqa: N812

    def join(some: pa.Table, its_links: pa.Table) -> pa.Table:
        return steps.join_contacts(some, its_links, weights.value)

    everywhere = nodes.select("node", "content", "size", "features").join(parts, "node", "left")
    everywhere = everywhere.withColumn("root", F.coalesce("root", "node")).withColumn(
        "place", F.coalesce("place", F.lit(0))
    )
    roots = everywhere.select("node", "root")
    between = links
    for side in ("left", "right"):
        between = between.join(roots.toDF(side, f"{side}_part"), side)
    found = kept(components(between.select(F.col("left_part").alias("left"), F.col("right_part").alias("right"))))
    members = everywhere.join(found.withColumnRenamed("node", "root"), "root")
    its_links = between.join(found.withColumnRenamed("node", "left_part"), "left_part")
    members = members.select("node", "size", "features", "root", "place", "component")
    its_links = its_links.select("kind", "hash", "left", "right", "component")
    joined = _by_component(members, its_links, join, "node bigint, campaign bigint")
    return everywhere.join(joined, "node", "left").select("content", F.coalesce("campaign", "root").alias("campaign"))


def _named(ads: DataFrame, found: DataFrame) -> DataFrame:
    """Return ``content, campaign_id`` of the contents that are in a campaign."""
    from pyspark.sql import Window
    from pyspark.sql import functions as F  # noqa: N812

    name = F.udf(new_name, "string")
    its_ads = ads.select("content", "digest", "ad_id").join(found, "content")
    each = its_ads.groupBy("campaign").agg(
        F.count("*").alias("ads"), F.min("digest").alias("digest"), F.min("ad_id").alias("ad_id")
    )
    attempt = F.row_number().over(Window.partitionBy("digest").orderBy("ad_id", "campaign")) - 1
    names = each.where("ads > 1").select("campaign", name("digest", attempt).alias("campaign_id"))
    return found.join(names, "campaign").select("content", "campaign_id")

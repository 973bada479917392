"""Ads to time grouping with: real sentences of one language each, three in ten a near-copy of an ad before."""

from __future__ import annotations

import random

import pandas as pd
from generate import sentences_of

UNSPACED = ("zh", "th", "km")
NEAR_COPIES = 0.3


def speed_ads(ads: pd.DataFrame, n: int, words: int, seed: int = 5) -> list[str]:
    """Return `n` texts of about so many words; `ads` as `real_ads.load` returns them."""
    rng = random.Random(seed)
    pool = {lang: [s for text in some for s in sentences_of(text)] for lang, some in ads.groupby("lang")["text"]}
    langs = [lang for lang in ads["lang"].dropna().tolist() if len(pool[lang]) > 50]
    texts: list[str] = []
    while len(texts) < n:
        if texts and rng.random() < NEAR_COPIES:
            copy = rng.choice(texts).split(" ")
            for _ in range(len(copy) // 10):
                copy[rng.randrange(len(copy))] = rng.choice(copy)
            texts.append(" ".join(copy))
            continue
        lang, pieces, count = rng.choice(langs), [], 0
        while count < words:
            piece = rng.choice(pool[lang])
            pieces.append(piece)
            count += len(piece.split()) if lang not in UNSPACED else len(piece) // 2
        texts.append(" ".join(pieces))
    return texts

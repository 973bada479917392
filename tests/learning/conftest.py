"""Labelled ads small enough to read, and enough of them to fit a model in a blink."""

import numpy as np
import pandas as pd
import pytest

from adscreen.ads.schema import TEXT_FIELDS

LURE = str.split("flight paid online chat operator high commission telegram casino compound border crossing")
HONEST = str.split("contract licence hospital shift overtime pension interview certificate training union holiday")
COMMON = str.split("we are hiring staff for our team in the city salary room meals call now apply today good pay")


def write_ad(rng, label, style=()):
    """An ad of 24 words in random order: what ads share, what its label says, what its source writes like."""
    own = LURE if label else HONEST
    words = [*rng.choice(COMMON, 14), *rng.choice(own, 7), *rng.choice(list(style) or COMMON, 3)]
    return " ".join(rng.permutation(words))


@pytest.fixture(scope="session")
def labelled_ads():
    """150 ads of three sources: one with both classes, one honest only, one deceptive only."""
    rng = np.random.default_rng(3)
    styles = {"board": ["recruiter", "vacancy"], "portal": ["bewerbung", "stelle"], "messages": ["dear", "winner"]}
    rows = []
    for i in range(150):
        source = ("board", "board", "portal", "messages")[i % 4]
        label = {"portal": 0, "messages": 1}.get(source, i % 2 if i % 4 == 0 else (i // 4) % 2)
        text = write_ad(rng, label, styles[source])
        rows.append({"description": text, "label": label, "source": source, "lang": "en", "group": i // 2 * 2 + i % 2})
    ads = pd.DataFrame(rows)
    ads = ads.assign(kind="", weight=1.0, measured=True, channel="board")
    return ads.assign(**{name: "" for name in TEXT_FIELDS if name != "description"})

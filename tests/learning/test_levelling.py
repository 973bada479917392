"""Levelling: one threshold sends about the same share of genuine ads to review in every source."""

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfTransformer

from adscreen.learning.levelling import MIN_GENUINE, Levels, fit_levels, level_pipeline
from adscreen.learning.text_model import FitSettings, fit_text_model
from adscreen.signals.hashed_ngrams import HashedNgrams

STYLES = {
    "facebook": str.split("🔥 ib em nha cả nhà ơi việc nhẹ gấp"),
    "portal": str.split("Stellenangebot Bewerbung Vertrag Arbeitszeit Urlaub"),
    "telegram": str.split("срочно пишите в личку вылет завтра"),
}
SHIFT = {"facebook": 3.0, "portal": -2.0, "telegram": 0.5}
COMMON = str.split("cook driver nurse welder clerk hotel salary room visa contract shift team Dubai Phuket Kraków")


def drawn_ads(n, seed):
    """Ads of three sources, each with its style; the margins of a source lie around its own level."""
    rng = np.random.default_rng(seed)
    source = rng.choice(list(STYLES), n)
    texts = [" ".join([*rng.choice(COMMON, 12), *rng.choice(STYLES[s], 8)]) for s in source]
    ads = pd.DataFrame({"source": source, "label": (rng.random(n) < 0.2).astype(int)})
    ads = ads.assign(measured=True, kind="", weight=1.0, group=np.arange(n))
    margin = rng.normal(0, 1, n) + ads["source"].map(SHIFT).to_numpy() + 2.0 * ads["label"].to_numpy()
    return ads, texts, margin


@pytest.fixture(scope="module")
def features_of():
    hashing = HashedNgrams(n_buckets=2**14).fit([""])
    tfidf = TfidfTransformer(sublinear_tf=True).fit(hashing.transform(drawn_ads(1500, 0)[1]))
    return lambda texts: tfidf.transform(hashing.transform(texts))


def share_sent(ads, margin):
    """Share of the genuine ads of each source above one threshold that sends on 5 % of each source on average."""
    genuine = (ads["label"] == 0).to_numpy()
    source = ads["source"][genuine]
    cuts = np.sort(margin[genuine])
    shares = [pd.Series(margin[genuine] >= cut).groupby(source.to_numpy()).mean() for cut in cuts[::5]]
    return min(shares, key=lambda s: abs(s.mean() - 0.05))


def test_after_levelling_one_threshold_sends_on_about_the_same_share_of_each_source(features_of):
    ads, texts, margin = drawn_ads(1500, 0)
    levels = fit_levels(features_of(texts), ads, margin, review_rate=0.05, alpha=0.1)
    new, new_texts, new_margin = drawn_ads(3000, 1)
    before = share_sent(new, new_margin)
    after = share_sent(new, new_margin - features_of(new_texts) @ levels.weights - levels.intercept)
    assert before["facebook"] > 0.12
    assert before["portal"] < 0.001
    assert after.between(0.03, 0.07).all(), after


def test_levelling_does_not_part_deceptive_from_genuine_ads_of_a_source_any_less(features_of):
    ads, texts, margin = drawn_ads(1500, 0)
    levels = fit_levels(features_of(texts), ads, margin, review_rate=0.05, alpha=0.1)
    levelled = margin - features_of(texts) @ levels.weights - levels.intercept
    for name in STYLES:
        rows = ads["source"] == name
        gap = pd.Series(levelled[rows]).groupby(ads["label"][rows].to_numpy()).mean().diff().iloc[-1]
        assert gap == pytest.approx(2.0, abs=0.4)


def test_the_level_of_a_source_is_the_margin_that_few_of_its_genuine_ads_reach(features_of):
    ads, texts, margin = drawn_ads(1500, 0)
    levels = fit_levels(features_of(texts), ads, margin, review_rate=0.10, alpha=1.0)
    for name, level in levels.by_source.items():
        own = margin[((ads["source"] == name) & (ads["label"] == 0)).to_numpy()]
        assert (own > level).mean() == pytest.approx(0.10, abs=0.01)


@pytest.mark.parametrize(
    ("column", "value"), [("label", 1), ("measured", False), ("kind", "twin"), ("weight", 0.0)]
)  # deceptive, not measured, authored, held out
def test_ads_that_say_nothing_about_what_is_usual_do_not_move_the_levels(features_of, column, value):
    ads, texts, margin = drawn_ads(600, 0)
    odd = np.arange(600) % 3 == 0
    ads.loc[odd, column] = value
    here = fit_levels(features_of(texts), ads, margin, review_rate=0.05, alpha=1.0)
    there = fit_levels(features_of(texts), ads, np.where(odd, 99.0, margin), review_rate=0.05, alpha=1.0)
    np.testing.assert_array_equal(here.weights, there.weights)
    assert here.by_source == there.by_source


def test_with_one_source_there_is_nothing_to_level(features_of):
    ads, texts, margin = drawn_ads(300, 0)
    levels = fit_levels(features_of(texts), ads.assign(source="portal"), margin, review_rate=0.05, alpha=1.0)
    assert not levels.weights.any()
    assert levels.intercept == 0.0
    assert levels.by_source == {}


def test_a_source_with_too_few_genuine_ads_is_not_levelled(features_of):
    ads, texts, margin = drawn_ads(1000, 0)
    few = ads.index[(ads["source"] == "telegram") & (ads["label"] == 0)][MIN_GENUINE - 1 :]
    ads.loc[few, "measured"] = False
    levels = fit_levels(features_of(texts), ads, margin, review_rate=0.05, alpha=1.0)
    assert set(levels.by_source) == {"facebook", "portal"}


def test_levelling_a_pipeline_subtracts_the_expected_margin_from_its_own(labelled_ads):
    pipeline = fit_text_model(labelled_ads, FitSettings(n_buckets=2**12))
    texts = labelled_ads["description"].tolist()
    before, features = pipeline.decision_function(texts), pipeline[:-1].transform(texts)
    weights = np.random.default_rng(0).normal(size=2**12)
    level_pipeline(pipeline, Levels(weights, 0.7, {}))
    np.testing.assert_allclose(pipeline.decision_function(texts), before - features @ weights - 0.7)

"""Cross-fitting: no ad is judged by anything that saw its label."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from adscreen.learning.calibrate import CalibrateSettings
from adscreen.learning.cross_fit import cross_fit, judge_out_of_fold
from adscreen.learning.split import group_folds
from adscreen.learning.text_model import FitSettings, ad_texts
from adscreen.signals.linear_text import TextScores, score_texts
from adscreen.signals.table import SignalTable

FIT, CALIBRATE = FitSettings(n_buckets=2**12), CalibrateSettings()
SIGNALS = SignalTable(("visit_visa",), np.arange(150)[:, None] % 7 == 0)


@pytest.fixture(scope="module")
def fold(labelled_ads):
    strata = labelled_ads["source"] + labelled_ads["label"].astype(str)
    return group_folds(labelled_ads["group"].to_numpy(), strata, 3, 0)


@pytest.fixture(scope="module")
def fitted(labelled_ads, fold):
    return cross_fit(labelled_ads, fold, FIT, CALIBRATE)


def flip(ads, rows):
    return ads.assign(label=np.where(rows, 1 - ads["label"], ads["label"]))


@pytest.mark.parametrize("k", [0, 1, 2])
def test_the_labels_of_a_fold_do_not_change_its_scores(labelled_ads, fold, fitted, k):
    # No source has enough genuine ads to be levelled; levelling is tested on its own below.
    assert fitted.levels.by_source == {}
    back = cross_fit(flip(labelled_ads, fold == k), fold, FIT, CALIBRATE)
    for here, there in zip(fitted.scores, back.scores, strict=True):
        np.testing.assert_array_equal(here[fold == k], there[fold == k])
    assert (fitted.scores.margin[fold != k] != back.scores.margin[fold != k]).any()


def test_the_words_of_a_fold_are_not_known_to_its_model(labelled_ads, fold):
    ads = labelled_ads.copy()
    ads.loc[fold == 1, "description"] += " quokka quokka quokka"
    known = cross_fit(ads, fold, FIT, CALIBRATE).scores.known
    assert (known[fold == 1] < 0.95).all()
    assert known[fold == 0].min() > 0.95


@pytest.fixture(scope="module")
def two_sources(labelled_ads):
    """The same ads as two sources that both have enough genuine ads to be levelled in every fold."""
    first = labelled_ads[labelled_ads["source"] != "messages"].assign(source="portal")
    second = labelled_ads.assign(source="facebook", description=labelled_ads["description"] + " ib em nha gấp")
    ads = first.merge(second, how="outer").sort_values(["group", "source"], ignore_index=True)
    return ads, ads["group"].to_numpy() % 3


def test_a_fold_is_levelled_by_the_ads_of_the_other_folds_alone(two_sources):
    # Only levelling asks whether an ad is measured: without its own ads it must come to the same levels.
    ads, fold = two_sources
    here = cross_fit(ads, fold, FIT, CALIBRATE).scores.margin
    there = cross_fit(ads.assign(measured=fold != 1), fold, FIT, CALIBRATE).scores.margin
    np.testing.assert_array_equal(here[fold == 1], there[fold == 1])
    assert (here[fold == 0] != there[fold == 0]).any()


def test_levelling_tells_an_ad_nothing_of_its_own_label_that_it_does_not_tell_the_whole_fold(two_sources):
    """The strongest property that holds with levelling.

    The levels of a fold come from the other folds' genuine ads and their margins. The models behind those margins
    did see this fold, so one of its labels moves the level of each source; but that is one number a source, and
    moves the whole fold alike, not the ad that the label belongs to.
    """
    ads, fold = two_sources
    here = cross_fit(ads, fold, FIT, CALIBRATE)
    assert set(here.levels.by_source) == {"facebook", "portal"}
    one = np.flatnonzero(fold == 1)[5]
    there = cross_fit(flip(ads, np.arange(len(ads)) == one), fold, FIT, CALIBRATE)
    moved = there.scores.margin - here.scores.margin
    others = moved[(fold == 1) & (np.arange(len(ads)) != one)]
    assert others.min() <= moved[one] <= others.max()
    assert np.ptp(others) < 0.02 * here.scores.margin.std()


def test_the_scores_rank_ads_that_no_model_saw(labelled_ads, fitted):
    assert roc_auc_score(labelled_ads["label"], fitted.scores.margin) > 0.9


def test_the_model_that_ships_is_the_compiled_pipeline(labelled_ads, fitted):
    texts = ad_texts(labelled_ads)
    shipped = score_texts(fitted.model, texts).margin
    np.testing.assert_allclose(shipped, fitted.pipeline.decision_function(texts), atol=1e-6)


def test_what_is_being_done_is_told(labelled_ads, fold):
    told = []
    cross_fit(labelled_ads, fold, FIT, CALIBRATE, progress=told.append)
    assert told == [
        *[f"fitting without folds {j} and {k}" for j, k in ((0, 1), (0, 2), (1, 2))],
        *[f"fitting without fold {k}" for k in range(3)],
        "fitting on all folds",
    ]


@pytest.mark.parametrize("prevalence", [0.048, None])
def test_the_labels_of_a_fold_do_not_change_its_risks_and_thresholds(labelled_ads, fold, fitted, prevalence):
    settings = CalibrateSettings(prevalence=prevalence)
    judged = judge_out_of_fold(labelled_ads, fold, fitted.scores, SIGNALS, settings, {"visit_visa": 1.1})
    some = (fold == 2) & (np.arange(150) % 4 == 0)
    back = judge_out_of_fold(flip(labelled_ads, some), fold, fitted.scores, SIGNALS, settings, {"visit_visa": 1.1})
    for name in ("risk", "review", "urgent"):
        here, there = getattr(judged, name), getattr(back, name)
        np.testing.assert_array_equal(here[fold == 2], there[fold == 2])
        assert (here[fold == 0] != there[fold == 0]).any()


def test_each_fold_is_judged_by_thresholds_of_its_own(labelled_ads, fold, fitted):
    judged = judge_out_of_fold(labelled_ads, fold, fitted.scores, SIGNALS, CALIBRATE, {"visit_visa": 1.1})
    for k in range(3):
        assert len(set(judged.review[fold == k])) == len(set(judged.urgent[fold == k])) == 1
    assert len(set(judged.review)) == 3
    assert (judged.urgent > judged.review).all()


def test_the_calibration_that_ships_comes_from_the_scores_of_all_folds(labelled_ads, fold, fitted):
    judged = judge_out_of_fold(labelled_ads, fold, fitted.scores, SIGNALS, CALIBRATE, {"visit_visa": 1.1})
    other_folds = (fold + 1) % 3
    again = judge_out_of_fold(
        labelled_ads, other_folds, TextScores(*fitted.scores), SIGNALS, CALIBRATE, {"visit_visa": 1.1}
    )
    assert judged.risk_model == again.risk_model
    assert judged.thresholds == again.thresholds

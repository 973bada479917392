"""Evaluation: the same figures for the whole and for every part of it."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from adscreen.learning.evaluate import (
    MIN_OF_EACH,
    EvaluateSettings,
    Scored,
    evaluate_by,
    evaluate_slice,
    flatten,
    named_metrics,
    within_sources,
)
from adscreen.learning.metrics import Estimate, prevalence_weights

SETTINGS = EvaluateSettings(replicates=30)


def draw(n=200, seed=0, *, baseline=True):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, n)
    risk = np.clip(0.35 * labels + 0.6 * rng.random(n), 0, 1)
    return Scored(labels, risk, np.arange(n) // 2, risk > 0.5, rng.normal(labels, 2.0) if baseline else None)


def test_the_figures_are_named_by_prevalence_and_budget():
    assert list(named_metrics(EvaluateSettings())) == [
        "ap_at_4_8pct",
        "ap_at_1pct",
        "recall_at_1pct_review",
        "recall_at_5pct_review",
        "recall_at_10pct_review",
        "recall_at_5pct_false_alarms",
        "roc_auc",
    ]


def test_each_prevalence_and_budget_asked_for_gives_a_figure():
    settings = EvaluateSettings(prevalences=(0.2,), budgets=(0.025,))
    metrics = named_metrics(settings)
    assert [name for name in metrics if name.startswith(("ap", "recall"))] == [
        "ap_at_20pct",
        "recall_at_2_5pct_review",
        "recall_at_5pct_false_alarms",
    ]
    assert metrics["recall_at_2_5pct_review"][1] == 0.2


def test_the_figures_of_a_slice_are_scikit_learns():
    scored = draw()
    row = evaluate_slice(scored, SETTINGS, 0.048)
    weights = prevalence_weights(scored.labels, 0.048)
    assert row["roc_auc"].value == pytest.approx(roc_auc_score(scored.labels, scored.risk))
    assert row["baseline_roc_auc"].value == pytest.approx(roc_auc_score(scored.labels, scored.baseline))
    expected = average_precision_score(scored.labels, scored.risk, sample_weight=weights)
    assert row["ap_at_4_8pct"].value == pytest.approx(expected)
    assert row["ap_at_1pct"].value < row["ap_at_4_8pct"].value


def test_a_slice_counts_its_ads_and_groups():
    row = evaluate_slice(draw(), SETTINGS, 0.048)
    assert (row["ads"], row["deceptive"], row["groups"]) == (200, int(draw().labels.sum()), 100)


def test_the_shares_sent_to_review_are_those_of_each_class():
    scored = draw()
    row = evaluate_slice(scored, SETTINGS, 0.048)
    assert row["genuine_sent_to_review"].value == pytest.approx(scored.sent[scored.labels == 0].mean())
    assert row["deceptive_sent_to_review"].value == pytest.approx(scored.sent[scored.labels == 1].mean())


@pytest.mark.parametrize(("label", "present", "absent"), [(0, "genuine", "deceptive"), (1, "deceptive", "genuine")])
def test_a_slice_of_one_class_has_a_share_sent_to_review_and_no_ranking_figure(label, present, absent):
    scored = draw()
    row = evaluate_slice(scored.take(scored.labels == label), SETTINGS, 0.048)
    assert list(row) == ["ads", "deceptive", "groups", f"{present}_sent_to_review"]
    assert f"{absent}_sent_to_review" not in row


def test_a_class_of_too_few_ads_gives_no_ranking_figure():
    scored = draw()
    deceptive = np.flatnonzero(scored.labels == 1)
    few = scored.take((scored.labels == 0) | np.isin(np.arange(200), deceptive[: MIN_OF_EACH - 1]))
    enough = scored.take((scored.labels == 0) | np.isin(np.arange(200), deceptive[:MIN_OF_EACH]))
    assert "roc_auc" not in evaluate_slice(few, SETTINGS, 0.048)
    assert "roc_auc" in evaluate_slice(enough, SETTINGS, 0.048)


def test_without_a_baseline_there_are_no_baseline_figures():
    assert [name for name in evaluate_slice(draw(baseline=False), SETTINGS, None) if name.startswith("baseline")] == []


def test_taking_ads_takes_all_that_is_known_of_them():
    scored = draw()
    rows = scored.risk > 0.5
    for part, whole in zip(scored.take(rows), scored, strict=True):
        np.testing.assert_array_equal(part, whole[rows])
    assert draw(baseline=False).take(rows).baseline is None


def test_each_value_of_a_column_gets_a_row_the_largest_first():
    scored = draw()
    lang = np.array(["vi"] * 50 + ["zh-Hans"] * 100 + [""] * (50 - 7) + ["km"] * 7)
    table = evaluate_by(pd.DataFrame({"lang": lang}), scored, "lang", SETTINGS, 0.048)
    assert table["lang"].tolist() == ["zh-Hans", "vi", "not stated"]  # seven Khmer ads are too few
    assert table["ads"].tolist() == [100, 50, 43]
    assert table["roc_auc"][1].value == pytest.approx(roc_auc_score(scored.labels[:50], scored.risk[:50]))


def test_the_headline_is_the_mean_over_sources_that_have_both_classes():
    scored = draw(300)
    source = np.array(["facebook"] * 100 + ["58.com"] * 100 + ["portal"] * 100)
    labels = np.where(source == "portal", 0, scored.labels)
    scored = scored._replace(labels=labels)
    found = within_sources(pd.DataFrame({"source": source, "kind": ""}), scored, SETTINGS)
    aucs = [roc_auc_score(labels[source == s], scored.risk[source == s]) for s in ("facebook", "58.com")]
    base = [roc_auc_score(labels[source == s], scored.baseline[source == s]) for s in ("facebook", "58.com")]
    assert found["within_source_roc_auc"] == pytest.approx(np.mean(aucs), abs=1e-4)
    assert found["baseline_within_source_roc_auc"] == pytest.approx(np.mean(base), abs=1e-4)


def test_a_model_that_only_tells_sources_apart_gets_no_headline_for_it():
    source = np.array(["messages"] * 100 + ["portal"] * 100 + ["facebook"] * 100)
    labels = np.concatenate([np.ones(100, int), np.zeros(100, int), np.arange(100) % 2])
    risk = np.concatenate([np.full(100, 0.9), np.full(100, 0.1), np.random.default_rng(0).random(100)])
    scored = Scored(labels, risk, np.arange(300), risk > 0.5)
    assert evaluate_slice(scored, SETTINGS, None)["roc_auc"].value > 0.9
    found = within_sources(pd.DataFrame({"source": source, "kind": ""}), scored, SETTINGS)
    assert found["within_source_roc_auc"] == pytest.approx(0.5, abs=0.12)


def test_without_a_source_of_both_classes_there_is_no_headline():
    scored = draw()
    ads = pd.DataFrame({"source": np.where(scored.labels == 1, "messages", "portal"), "kind": ""})
    assert within_sources(ads, scored, SETTINGS) == {}


def test_authored_ads_do_not_count_in_the_headline_beside_real_ones():
    scored = draw(200)
    source = np.where(np.arange(200) < 100, "facebook", "authored")
    scored = scored._replace(labels=np.where(source == "authored", 1 - scored.labels, scored.labels))
    kind = np.where(source == "authored", np.where(scored.labels == 1, "subtle", "twin"), "")
    found = within_sources(pd.DataFrame({"source": source, "kind": kind}), scored, SETTINGS)
    own = roc_auc_score(scored.labels[:100], scored.risk[:100])
    assert found["within_source_roc_auc"] == pytest.approx(own, abs=1e-4)
    assert roc_auc_score(scored.labels[100:], scored.risk[100:]) < 0.5 < own


def test_real_ads_of_one_class_are_not_made_up_for_by_authored_ones():
    scored = draw(200)
    source = np.where(np.arange(200) < 100, "portal", "authored")
    scored = scored._replace(labels=np.where(source == "portal", 0, scored.labels))
    ads = pd.DataFrame({"source": source, "kind": np.where(source == "portal", "", "twin")})
    assert within_sources(ads, scored, SETTINGS) == {}


def test_where_all_ads_are_authored_they_are_the_headline():
    scored = draw(200)
    ads = pd.DataFrame({"source": "authored", "kind": np.where(scored.labels == 1, "subtle", "twin")})
    found = within_sources(ads, scored, SETTINGS)
    assert found["within_source_roc_auc"] == pytest.approx(roc_auc_score(scored.labels, scored.risk), abs=1e-4)


def test_the_figures_become_plain_json():
    row = {"ads": 3, "roc_auc": Estimate(0.71119, 0.6, 0.8), "brier": Estimate(0.04, float("nan"), float("nan"))}
    plain = flatten(row)
    assert plain == {
        "ads": 3,
        "roc_auc": {"value": 0.7112, "low": 0.6, "high": 0.8},
        "brier": {"value": 0.04, "low": None, "high": None},
    }
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain


def test_the_figures_are_the_same_every_time():
    assert str(evaluate_slice(draw(), SETTINGS, 0.048)) == str(evaluate_slice(draw(), SETTINGS, 0.048))

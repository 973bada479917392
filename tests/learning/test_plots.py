"""The plots: as numbers for `dvc plots`, as pictures for cards."""

import numpy as np
import pandas as pd
import pytest

from adscreen.learning.evaluate import Scored
from adscreen.learning.plots import (
    PLOTS,
    precision_recall_points,
    recall_against_budget_points,
    reliability_points,
    write_plots,
)

LABELS = np.array([1, 0, 1, 0])
SCORED = Scored(
    LABELS, np.array([0.92, 0.61, 0.55, 0.05]), np.arange(4), np.zeros(4, bool), np.array([2.0, 3.0, 1.0, 0.0])
)


def test_each_plot_is_written_as_numbers_and_as_a_picture(tmp_path):
    paths = write_plots(SCORED, tmp_path / "plots", prevalence=0.048, calibrated_at=0.048)
    assert sorted(paths) == sorted((tmp_path / "plots").iterdir())
    assert {path.name for path in paths} == {f"{name}.{suffix}" for name in PLOTS for suffix in ("csv", "png")}
    for path in paths:
        if path.suffix == ".png":
            data = path.read_bytes()
            assert data.startswith(b"\x89PNG\r\n\x1a\n")
            assert data.endswith(b"IEND\xaeB`\x82")
            assert len(data) > 5000
        else:
            assert len(pd.read_csv(path)) > 1


def test_the_same_figures_give_the_same_files(tmp_path):
    for name in ("first", "second"):
        write_plots(SCORED, tmp_path / name, prevalence=0.048, calibrated_at=None)
    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes()


def test_without_a_baseline_there_is_one_curve(tmp_path):
    write_plots(SCORED._replace(baseline=None), tmp_path, prevalence=0.048, calibrated_at=0.048)
    assert pd.read_csv(tmp_path / "precision_recall.csv")["model"].unique().tolist() == ["adscreen"]


def test_precision_and_recall_are_those_of_the_ads_above_each_score():
    points = precision_recall_points(SCORED, 0.5)
    ours = points[points["model"] == "adscreen"]
    assert ours["recall"].tolist() == pytest.approx([0.5, 1.0])
    assert ours["precision"].tolist() == pytest.approx([1.0, 2 / 3])
    theirs = points[points["model"] == "TF-IDF + LinearSVC"]
    assert theirs["precision"].tolist() == pytest.approx([0.5, 2 / 3])


def test_precision_is_that_at_the_prevalence():
    ours = precision_recall_points(SCORED._replace(baseline=None), 0.1)
    # At 10 %: all of the deceptive ads (0.1) and half of the genuine ones (0.45) are above the third score.
    assert ours["precision"].iloc[-1] == pytest.approx(0.1 / 0.55)


def test_tied_ads_are_one_step_of_precision():
    tied = Scored(np.array([1, 0, 0, 1]), np.array([0.5, 0.5, 0.5, 0.1]), np.arange(4), np.zeros(4, bool))
    shuffled = tied.take(np.ones(4, bool))._replace(labels=np.array([0, 0, 1, 1]))
    pd.testing.assert_frame_equal(precision_recall_points(tied, 0.5), precision_recall_points(shuffled, 0.5))


def test_reliability_compares_the_risk_with_what_was_observed():
    points = reliability_points(SCORED, None)
    assert points["ads"].tolist() == [1, 1, 1, 1]
    assert points["risk"].tolist() == pytest.approx([0.05, 0.55, 0.61, 0.92])
    assert points["observed"].tolist() == pytest.approx([0, 1, 0, 1])


def test_a_risk_of_one_is_in_the_last_bin():
    sure = SCORED._replace(risk=np.array([1.0, 0.95, 0.0, 0.0]))
    points = reliability_points(sure, None)
    assert points["ads"].tolist() == [2, 2]
    assert points["risk"].tolist() == pytest.approx([0.0, 0.975])


def test_recall_grows_with_the_budget():
    points = recall_against_budget_points(SCORED, 0.048)
    assert points["budget"].min() == pytest.approx(0.001)
    assert points["budget"].max() == pytest.approx(0.3)
    for _, part in points.groupby("model"):
        assert part["recall"].is_monotonic_increasing
    # One ad in four is deceptive and first: half of them are found by reading half of the prevalence.
    ours = points[points["model"] == "adscreen"].set_index("budget")["recall"]
    assert ours.loc[0.001] == pytest.approx(0.001 / 0.048)

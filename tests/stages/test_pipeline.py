"""`dvc repro` for real, on the bundled sample, in a copy of the repository."""

import json
import re

import pandas as pd
import pytest
import yaml

from adscreen.learning.sources import seen_by_phrase_writers
from adscreen.scoring.scorer import Scorer

pytestmark = pytest.mark.pipeline

STAGES = ["ingest", "signals", "campaigns", "split", "fit", "calibrate", "evaluate", "package"]


def test_all_stages_run_in_the_order_of_the_flow(repository):
    assert re.findall(r"Running stage '(\w+)'", repository.first_run) == STAGES


def test_a_second_run_has_nothing_to_do(repository):
    # What Python and numba write beside the code must not count as a change of the code.
    for package in ("ads", "signals"):
        cache = repository.folder / "src" / "adscreen" / package / "__pycache__"
        cache.mkdir(exist_ok=True)
        (cache / "kernel.nbc").write_bytes(b"compiled")
    output = repository.dvc("repro")
    assert "Running stage" not in output
    assert output.rstrip().endswith("Data and pipelines are up to date.")
    assert json.loads(repository.dvc("status", "--json")) == {}


def test_the_run_leaves_nothing_for_git_but_the_lock_file_and_the_report(repository):
    repository.dvc("plots", "show")
    changed = repository.run("git", "status", "--porcelain", "--untracked-files=all").splitlines()
    names = [line[3:] for line in changed]
    assert [name for name in names if name != "dvc.lock" and not name.startswith("experiments/pipeline/")] == []
    assert "dvc.lock" in names


def test_the_metrics_can_be_shown(repository):
    shown = json.loads(repository.dvc("metrics", "show", "--json"))
    figures = shown[""]["data"]["experiments/pipeline/metrics.json"]["data"]
    assert figures == json.loads((repository.folder / "experiments/pipeline/metrics.json").read_text(encoding="utf-8"))
    assert {
        "ap_at_4_8pct",
        "ap_at_1pct",
        "recall_at_1pct_review",
        "recall_at_5pct_review",
        "recall_at_10pct_review",
    } <= set(figures)
    for name in ("roc_auc", "brier", "calibration_error", "baseline_roc_auc"):
        assert figures[name]["low"] <= figures[name]["value"] <= figures[name]["high"]
    labelled = (repository.folder / "data/sample/labelled.jsonl").read_text(encoding="utf-8").splitlines()
    # Families that the writers of phrases could read train the model and are not measured.
    measured = [ad for ad in map(json.loads, labelled) if not seen_by_phrase_writers(ad["family"])]
    assert figures["ads"] == len(measured) < len(labelled)


def test_the_plots_can_be_shown(repository):
    page = repository.folder / "dvc_plots" / "index.html"
    assert page.as_uri() in repository.dvc("plots", "show")
    html = page.read_text(encoding="utf-8")
    assert [
        title for title in ("Precision and recall", "Calibration", "Recall against review budget") if title not in html
    ] == []
    pictures = sorted(path.name for path in (page.parent / "static").iterdir())
    assert [picture.rpartition("_plots_")[2] for picture in pictures] == [
        "precision_recall.png",
        "recall_against_budget.png",
        "reliability.png",
    ]


@pytest.mark.parametrize(
    ("section", "name", "value", "stages"),
    [
        ("split", "n_folds", 4, {"split", "package"}),
        ("evaluate", "replicates", 7, {"evaluate"}),
        ("calibrate", "review_rate", 0.1, {"fit", "calibrate"}),
        ("fit", "C", 1.0, {"fit", "package"}),
        ("package", "min_tokens", 9, {"package"}),
    ],
)
def test_a_changed_parameter_makes_the_stages_stale_that_read_it(repository, section, name, value, stages):
    path = repository.folder / "params.yaml"
    before = path.read_text(encoding="utf-8")
    values = yaml.safe_load(before)
    values[section][name] = value
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    try:
        changed = json.loads(repository.dvc("status", "--json"))
    finally:
        path.write_text(before, encoding="utf-8")
    assert {stage for stage in changed if "params.yaml" in str(changed[stage])} == stages


def test_no_group_of_the_sample_is_in_two_folds(repository):
    interim = repository.folder / "data" / "interim"
    ads, fold = pd.read_parquet(interim / "ads.parquet"), pd.read_parquet(interim / "folds.parquet")["fold"]
    group = pd.read_parquet(interim / "groups.parquet")["group"]
    assert fold.groupby(group).nunique().eq(1).all()
    # A family of the authored corpus is one group: a lure and its honest twin are never parted.
    assert fold.groupby(ads["known_group"]).nunique().eq(1).all()
    assert sorted(fold.unique()) == [0, 1, 2, 3, 4]


def test_the_bundle_of_the_run_judges_ads(repository):
    scorer = Scorer.load(repository.folder / "models" / "candidate.bundle")
    ads = pd.read_csv(repository.folder / "data" / "sample" / "ads.csv", dtype=str).rename(
        columns={"text": "description"}
    )
    results = scorer.score(ads)
    assert len(results) == len(ads)
    # The sample has too few ads of most languages for its model to judge them; the others it does judge.
    judged = results["band"] != "unscorable"
    assert judged.mean() > 0.15
    assert results["risk"][judged].between(0, 1).all()
    assert results["risk"][~judged].isna().all()
    assert scorer.version.startswith("2026.11-")


def test_the_cards_say_what_the_run_measured(repository):
    report = repository.folder / "experiments" / "pipeline"
    figures = json.loads((report / "metrics.json").read_text(encoding="utf-8"))
    card = (report / "model_card.md").read_text(encoding="utf-8")
    auc = figures["roc_auc"]
    assert f"| ROC AUC | {auc['value']:.3f} ({auc['low']:.3f}-{auc['high']:.3f}) |" in card
    labelled = (repository.folder / "data/sample/labelled.jsonl").read_text(encoding="utf-8").splitlines()
    assert f"{len(labelled):,} labelled ads" in (report / "data_card.md").read_text(encoding="utf-8")


def test_the_run_is_logged_in_the_project_and_nowhere_else(repository):
    assert "registered in MLflow as version 1, alias challenger" in repository.first_run
    assert (repository.folder / "experiments" / "mlflow.db").is_file()
    assert (repository.folder / "experiments" / "mlruns").is_dir()
    assert not (repository.folder / "mlruns").exists()
    assert not (repository.folder / "mlflow.db").exists()


def test_nothing_of_the_run_asks_the_network(repository):
    assert not repository.attempts.exists(), repository.attempts.read_text(encoding="utf-8")
    assert repository.dvc("config", "core.analytics").strip() == "false"

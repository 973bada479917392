from __future__ import annotations

import json

import pandas as pd
import pytest

from tests.cli.conftest import PROJECT, SAMPLE


def test_screen_prints_the_most_suspicious_ads_with_reasons(adscreen):
    run = adscreen("screen", SAMPLE, "--budget", "5")
    assert run.code == 0
    assert "Read these first" in run.out
    assert "Lower concern does not" in run.out


def test_screen_in_json_ranks_by_risk(adscreen):
    run = adscreen("screen", SAMPLE, "--budget", "7", "--json")
    ads = json.loads(run.out)["ads"]
    risks = [ad["risk"] for ad in ads]
    assert len(ads) == 7
    assert risks == sorted(risks, reverse=True)
    assert all(ad["reason"].startswith("Higher concern: ") for ad in ads)


def test_screen_leaves_terminal_codes_out_of_what_it_prints(adscreen, tmp_path):
    (tmp_path / "ads.csv").write_text("text\nCook \x1b[31mwanted\x1b[0m in [red]Porto[/red] for evening shifts today\n")
    run = adscreen("screen", "ads.csv")
    assert "\x1b" not in run.out
    assert "[red]Porto[/red]" in " ".join(run.out.split())


def test_explain_shows_parts_that_add_up(adscreen, ads_csv):
    run = adscreen("explain", ads_csv, "--ad-id", "a2", "--json")
    explanation = json.loads(run.out)
    assert run.code == 0
    assert sum(explanation["parts"].values()) == pytest.approx(explanation["log_odds"])
    original = explanation["fields"]["description"]
    assert explanation["terms"]
    for term in explanation["terms"]:
        assert original[term["start"] : term["end"]] == term["quote"]


def test_explain_takes_a_text(adscreen):
    run = adscreen("explain", "--text", "Typing work in a casino hotel, ticket paid, passport is kept by the company")
    assert run.code == 0
    assert "Words that moved the score" in run.out


def test_explain_of_an_id_that_is_not_there(adscreen, ads_csv):
    run = adscreen("explain", ads_csv, "--ad-id", "zz")
    assert run.code == 2
    assert run.err == f"Error: {ads_csv}: no ad has the ad_id 'zz'. Ids are in the first column of the results.\n"


def test_evaluate_gives_figures_with_intervals(adscreen):
    run = adscreen("evaluate", PROJECT / "data/sample/labelled.jsonl", "--by", "channel", "--json")
    figures = json.loads(run.out)
    assert run.code == 0
    auc = figures["tables"]["all"][0]["roc_auc"]
    assert 0.5 < auc["low"] <= auc["value"] <= auc["high"]
    assert {row["slice"] for row in figures["tables"]["channel"]} >= {"telegram", "sms"}


def test_model_show_says_what_it_was_trained_on(adscreen):
    shown = json.loads(adscreen("model", "show", "--json").out)
    assert "authored" in shown["notes"]["sources"]
    assert "Model card" in adscreen("model", "show", "--card").out


def test_model_verify_proves_what_it_claims(adscreen):
    run = adscreen("model", "verify")
    assert run.code == 0
    assert "nothing is executed on load" in run.out
    assert "no text of any ad" in run.out


def test_a_labelled_file_is_imported_as_a_source(adscreen, tmp_path):
    rows = "Cook wanted in Porto,fake\nNurse wanted in Leeds,real\n"
    (tmp_path / "mine.csv").write_text("text,is_scam\n" + rows)
    run = adscreen("data", "import", "mine.csv", "-o", "mine.parquet")
    assert run.code == 0
    assert pd.read_parquet(tmp_path / "mine.parquet")["label"].tolist() == [1, 0]
    assert "{name: mine, adapter: table, path: mine.parquet}" in run.err


@pytest.mark.shared
def test_the_kaggle_file_is_imported(adscreen, tmp_path):
    kaggle = PROJECT.parent / "shared/data/emscad/fake_job_postings.csv"
    if not kaggle.exists():
        pytest.skip("the real data of ../shared/data is not here")
    run = adscreen("data", "import", kaggle, "-o", "emscad.parquet", "--json")
    assert json.loads(run.out) == {"rows": 2263, "deceptive": 606, "genuine": 1657, "rejected": 0}

from __future__ import annotations

import json

import pandas as pd
import pytest

from tests.cli.conftest import PROJECT, SAMPLE, altered_model


def test_screen_prints_the_most_suspicious_ads_with_reasons(adscreen):
    run = adscreen("screen", SAMPLE, "--budget", "5")
    assert run.code == 0
    assert "Read these first" in run.out
    assert "Lower concern does not" in run.out


def test_screen_in_json_ranks_by_risk(adscreen):
    run = adscreen("screen", SAMPLE, "--budget", "7", "--json")
    ads = json.loads(run.out, parse_constant=pytest.fail)["ads"]  # NaN is no JSON
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
    assert "Words that moved the score of the text" in run.out


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


def test_model_show_prints_what_stands_in_a_manifest_as_text(adscreen, tmp_path):
    notes = {
        "languages": {"[/x]": 1_234, "[red]vi": 5},
        "sources": {"[bold]bo\x1b[31mard": {"[/]genuine": 3}},
        "metrics": {"[/roc_auc]": {"value": 0.7, "low": None, "high": 0.8}, "brier": None},
        "card": "# Card [/x] \x1b[31m\nend",
    }
    altered_model(tmp_path / "odd.bundle", notes=notes, model_version="[/v]")
    run = adscreen("model", "show", "odd.bundle")
    assert run.code == 0
    assert "[/x] 1,234, [red]vi 5" in run.out
    assert "source [bold]bo [31mard" in run.out
    assert "3 [/]genuine" in run.out
    assert "[/roc_auc]" in run.out
    assert "[/v]" in run.out
    card = adscreen("model", "show", "odd.bundle", "--card")
    assert card.out == "# Card [/x]  [31m\nend\n"
    assert "\x1b" not in run.out


def test_evaluate_prints_the_values_it_slices_by_as_text(adscreen, tmp_path):
    ad = "Cook number {} for a restaurant in Lisbon with evening shifts and a day off,{},{}\n"
    values = ("[/x]", "ca\x1b[31mfé")
    (tmp_path / "ads.csv").write_text(
        "text,label,channel\n" + "".join(ad.format(i, i // 2 % 2, values[i % 2]) for i in range(40)), encoding="utf-8"
    )
    run = adscreen("evaluate", "ads.csv", "--by", "channel")
    assert run.code == 0
    assert "[/x]" in run.out
    assert "ca [31mfé" in run.out
    assert "\x1b" not in run.out


@pytest.mark.parametrize("text", ["hi", "Typing work in a casino hotel, ticket paid, passport is kept by the company"])
def test_explain_in_json_is_json_with_null_for_what_there_is_not(adscreen, text):
    run = adscreen("explain", "--text", text, "--json")
    result = json.loads(run.out, parse_constant=pytest.fail)["result"]
    assert result["type"] == (None if text == "hi" else "scam_compound")
    assert (result["risk"] is None) == (result["band"] == "unscorable") == (text == "hi")


def test_explain_of_an_unscorable_ad_shows_no_risk(adscreen):
    first = adscreen("explain", "--text", "hi").out.splitlines()[0]
    assert first.split()[1:] == ["unscorable"]


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

"""The cards: what they say is what was measured."""

import json
from pathlib import Path

import pandas as pd
import pytest

from adscreen.learning.cards import HEADLINE, data_card, model_card

NOTES = {"languages": {"en": 1400, "vi": 57}, "sources": {}, "training": {}}
CALIBRATION = {"thresholds": {"review": 0.12344, "urgent": 0.5}, "risk": {"prevalence": 0.048}}
METRICS = {
    "within_source_roc_auc": 0.6543,
    "baseline_within_source_roc_auc": 0.6,
    "roc_auc": {"value": 0.7111, "low": 0.6744, "high": 0.752},
    "baseline_roc_auc": {"value": 0.6634, "low": 0.6281, "high": 0.7049},
    "brier": {"value": 0.0438, "low": None, "high": None},
    "calibration_error": {"value": None, "low": None, "high": None},
    "ads": 582,
}
TABLE = pd.DataFrame({"source": ["vi_facebook"], "ads": ["123"], "groups": ["98"], "roc_auc": ["0.612 (0.501-0.720)"]})


@pytest.fixture
def card():
    return model_card("2026.11-01220c70", NOTES, CALIBRATION, METRICS, {"by_source": TABLE}).splitlines()


def test_the_card_names_the_version_it_describes(card):
    assert card[0] == "# Model card: 2026.11-01220c70"


def test_each_figure_stands_beside_the_baseline_with_its_interval(card):
    assert "| ROC AUC | 0.711 (0.674-0.752) | 0.663 (0.628-0.705) |" in card
    assert "| mean over real sources with both classes: ROC AUC | 0.654 | 0.600 |" in card


def test_a_figure_without_interval_baseline_or_value_is_left_blank(card):
    assert "| Brier score | 0.044 |  |" in card
    assert "| expected calibration error |  |  |" in card


def test_a_figure_that_was_not_measured_is_not_in_the_table(card):
    assert not any("recall when 5 %" in line for line in card)


def test_the_thresholds_and_the_prevalence_are_given(card):
    assert "An ad goes to review from a risk of 0.1234, and is urgent from 0.5000." in card
    assert any("assumes that 4.8% of ads are deceptive" in line for line in card)


def test_a_table_shows_the_columns_that_matter(card):
    at = card.index("### By source")
    assert card[at + 2 : at + 5] == [
        "| source | ads | roc_auc |",
        "|---|---|---|",
        "| vi_facebook | 123 | 0.612 (0.501-0.720) |",
    ]


def test_the_languages_are_counted_and_what_happens_in_others_is_said(card):
    at = card.index("- Languages with deceptive and genuine training ads (number of ads): en (1,400), vi (57).")
    assert card[at + 1] == "  In others it asks for more words it knows, and mostly declines."


def test_the_card_says_what_was_kept_apart_and_what_authored_ads_are_worth(card):
    text = " ".join(card)
    assert "no ad was judged by a model that had seen it, its near-duplicates, or ads that its source says" in text
    assert "authored, which shows behaviour and not effectiveness" in text


def test_the_words_are_lower_concern_and_never_safe(card):
    text = " ".join(card)
    assert "A low risk means lower concern, not safe." in text
    assert text.count("safe") == 1


def test_every_figure_that_evaluation_gives_can_stand_in_the_card():
    from adscreen.learning.evaluate import EvaluateSettings, named_metrics

    names = {name for name, _ in HEADLINE}
    assert set(named_metrics(EvaluateSettings())) <= names
    assert {"brier", "calibration_error", "within_source_roc_auc"} <= names


def test_the_shipped_card_gives_the_figures_shipped_beside_it():
    models = Path(__file__).parents[2] / "models"
    figures = json.loads((models / "metrics.json").read_text(encoding="utf-8"))
    text = (models / "model_card.md").read_text(encoding="utf-8")
    headline = [figures[name] for name, _ in HEADLINE if name in figures]
    assert len(headline) >= 9
    for found in headline:
        shown = (
            f"{found:.3f}"
            if isinstance(found, float)
            else f"{found['value']:.3f} ({found['low']:.3f}-{found['high']:.3f})"
        )
        assert f"| {shown} |" in text


def test_the_data_card_counts_each_source():
    ads = pd.DataFrame(
        [("emscad", 1, "en", True, 1.0)] * 2
        + [("emscad", 0, "en", False, 1.0)] * 3
        + [("messages", 1, lang, True, 0.5) for lang in ("", "zh", "zh", "ru", "id", "vi", "th", "km")],
        columns=["source", "label", "lang", "measured", "weight"],
    )
    listed = [{"name": "emscad", "adapter": "emscad", "path": "emscad/fake_job_postings.csv", "label": None}]
    listed += [{"name": "messages", "adapter": "jsonl", "path": "messages/job_scams.jsonl", "label": 1}]
    card = data_card(ads, listed).splitlines()
    assert card[2].startswith("13 labelled ads, 10 of them deceptive.")
    assert "| emscad | 5 | 2 | en | 2 | 1 |" in card
    (row,) = [line for line in card if line.startswith("| messages | 8")]
    assert row.startswith("| messages | 8 | 8 | zh, ")
    assert row.endswith(" and 1 more | 8 | 0.5 |")
    assert "| emscad | emscad | emscad/fake_job_postings.csv | in the file |" in card
    assert "| messages | jsonl | messages/job_scams.jsonl | 1 |" in card

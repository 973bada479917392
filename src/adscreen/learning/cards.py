"""The model card and the data card, written from the figures of the run."""

from __future__ import annotations

from typing import Any

import pandas as pd

HEADLINE = (
    ("within_source_ap_at_4_8pct", "mean over real sources with both classes: average precision at 4.8 %"),
    (
        "within_source_recall_at_5pct_false_alarms",
        "mean over real sources with both classes: recall at 5 % false alarms",
    ),
    ("within_source_roc_auc", "mean over real sources with both classes: ROC AUC"),
    ("ap_at_4_8pct", "average precision at a prevalence of 4.8 %"),
    ("ap_at_1pct", "average precision at a prevalence of 1 %"),
    ("recall_at_1pct_review", "recall when 1 % of all ads are read"),
    ("recall_at_5pct_review", "recall when 5 % of all ads are read"),
    ("recall_at_10pct_review", "recall when 10 % of all ads are read"),
    ("recall_at_5pct_false_alarms", "recall at 5 % false alarms"),
    ("roc_auc", "ROC AUC"),
    ("brier", "Brier score"),
    ("calibration_error", "expected calibration error"),
    ("warnings_recognised", "warnings recognised as such"),
    ("deceptive_taken_for_warnings", "deceptive ads taken for warnings"),
    ("genuine_taken_for_warnings", "genuine ads taken for warnings"),
)
TABLE_COLUMNS = (
    "ads",
    "deceptive",
    "genuine_sent_to_review",
    "deceptive_sent_to_review",
    "ap_at_4_8pct",
    "roc_auc",
)


def model_card(
    version: str,
    notes: dict[str, Any],
    calibration: dict[str, Any],
    metrics: dict[str, Any],
    tables: dict[str, pd.DataFrame],
) -> str:
    """Return the model card as Markdown.

    Parameters
    ----------
    notes : dict
        ``languages``, ``sources`` and ``training`` of the bundle.
    calibration : dict
        ``thresholds`` and ``risk``.
    metrics : dict
        As `adscreen.learning.evaluate.flatten` gives them.
    tables : dict of str to DataFrame
        Figures by source, language and channel, as text.
    """
    cuts, prevalence = calibration["thresholds"], calibration["risk"]["prevalence"]
    languages = ", ".join(f"{name} ({count:,})" for name, count in notes["languages"].items())
    lines = [
        f"# Model card: {version}",
        "",
        "## What it is for",
        "",
        "It orders recruitment ads for a person to read, the most suspicious first, and quotes the words that made it",
        "do so. It is for people who screen ads to protect job seekers. It is not for judging a person or a company,",
        "nor for refusing or removing ads without a person having read them. A low risk means lower concern, not safe.",
        "",
        "## How it works",
        "",
        "A linear model on TF-IDF of hashed n-grams (words and their first letters; letters in scripts without",
        "spaces), fitted with an intercept for each source and balanced over sources, classes and campaigns,",
        "levelled so that one threshold means about the same share of genuine ads in each source, and calibrated on",
        f"ads it was not fitted on. The risk assumes that {prevalence:.1%} of ads are deceptive.",
        f"An ad goes to review from a risk of {cuts['review']:.4f}, and is urgent from {cuts['urgent']:.4f}.",
        "Warnings (police, victims, advice) are told from offers by a small model of their own and by their signs, and",
        "are not judged. Its cut is set by how many offers of either label may be taken for warnings.",
        "",
        "## Figures",
        "",
        "Out of fold: no ad was judged by a model that had seen it, its near-duplicates, or ads that its source says",
        "belong with it (company, template, family). Calibrators and thresholds are fitted on the other folds, on",
        "scores of models that had in part seen the fold judged. 95 % intervals from a bootstrap over those groups.",
        "Beside it TF-IDF + LinearSVC on the same folds. Positives and negatives of different sources differ in more",
        "than deceit, and two thirds of the positives are authored, which shows behaviour and not effectiveness: trust",
        "the means over real sources, and the rows of the table by source that have both classes.",
        "",
        "| figure | adscreen | baseline |",
        "|---|---|---|",
    ]
    for name, label in HEADLINE:
        if name in metrics:
            lines.append(f"| {label} | {_shown(metrics[name])} | {_shown(metrics.get(f'baseline_{name}'))} |")
    for name, table in tables.items():
        lines += ["", f"### {name.replace('_', ' ').capitalize()}", "", _markdown(table)]
    lines += [
        "",
        "## Limits",
        "",
        "- No public labelled set of real overseas lures exists: what the model knows of them comes from authored ads.",
        f"- Languages with deceptive and genuine training ads (number of ads): {languages}.",
        "  In others it asks for more words it knows, and mostly declines.",
        "- It reads text alone: no images, no links, no check of licences or companies.",
        "- People who write lures read about detectors too. Expect it to age.",
        "",
        "## Personal data",
        "",
        "The file holds weights of hashed n-grams and hashed flags of words, and no text of any ad.",
        "",
    ]
    return "\n".join(lines)


def data_card(ads: pd.DataFrame, sources: list[dict[str, Any]]) -> str:
    """Return the data card of a training run as Markdown."""
    lines = [
        "# Data card",
        "",
        f"{len(ads):,} labelled ads, {int(ads['label'].sum()):,} of them deceptive. Rows of real sources are not",
        "part of the project; labels of genuine ads mostly rest on the site they come from.",
        "",
        "| source | ads | deceptive | languages | measured on | weight |",
        "|---|---|---|---|---|---|",
    ]
    for source, part in ads.groupby("source"):
        languages = ", ".join(part["lang"].replace("", "?").value_counts().index[:6])
        more = "" if part["lang"].nunique() <= 6 else f" and {part['lang'].nunique() - 6} more"
        lines.append(
            f"| {source} | {len(part):,} | {int(part['label'].sum()):,} | {languages}{more} "
            f"| {int(part['measured'].sum()):,} | {part['weight'].iloc[0]:g} |"
        )
    lines += ["", "As listed in `params.yaml`:", "", "| name | adapter | path | label |", "|---|---|---|---|"]
    for entry in sources:
        label = "in the file" if entry["label"] is None else entry["label"]
        lines.append(f"| {entry['name']} | {entry['adapter']} | {entry['path']} | {label} |")
    return "\n".join([*lines, ""])


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    if not isinstance(value, dict) or value["value"] is None:
        return ""
    interval = "" if value["low"] is None else f" ({value['low']:.3f}-{value['high']:.3f})"
    return f"{value['value']:.3f}{interval}"


def _markdown(table: pd.DataFrame) -> str:
    columns = [table.columns[0], *[name for name in TABLE_COLUMNS if name in table.columns]]
    rows = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    rows += ["| " + " | ".join(map(str, row)) + " |" for row in table[columns].to_numpy().tolist()]
    return "\n".join(rows)

"""Stage 8: put the model, its calibration and its cards into one bundle, and log the run to MLflow."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from adscreen.learning.cards import data_card, model_card
from adscreen.learning.deep_model import DeepModel
from adscreen.learning.risk import RiskModel, Thresholds
from adscreen.scoring.bundle import Abstain, Bundle, model_version, write_bundle
from adscreen.stages.fit import read_deep_head, read_text_model, read_warning_model
from adscreen.stages.settings import Params, Paths

MIN_LANGUAGE_ADS = 4
"""Fewer deceptive or fewer genuine training ads than this, and the model does not claim to know the language."""


def run(params: Params, paths: Paths) -> None:
    """Write the bundle and both cards; log and register the run unless ``package.mlflow`` is false."""
    ads = pd.read_parquet(paths.ads)
    calibration = json.loads(paths.calibration.read_text(encoding="utf-8"))
    metrics = json.loads(paths.metrics.read_text(encoding="utf-8"))
    text, warning, deep = read_text_model(paths), read_warning_model(paths), _deep_model(calibration, paths)
    settings = params.package
    notes = describe_training(ads, params, metrics)
    version = model_version(settings.name, text, warning, deep)
    tables = {
        file.stem: pd.read_csv(file, dtype=str, keep_default_na=False) for file in sorted(paths.tables.glob("*.csv"))
    }
    notes["card"] = model_card(version, notes, calibration, metrics, tables)
    bundle = Bundle(
        text,
        _risk_model(calibration["risk"]),
        Thresholds(**calibration["thresholds"]),
        Abstain(settings.min_tokens, settings.min_known, settings.min_known_new_language),
        version,
        notes,
        warning,
        deep,
    )
    write_bundle(bundle, paths.bundle)
    cards = {"model_card.md": notes["card"], "data_card.md": data_card(ads, params.as_json()["sources"])}
    for name, card in cards.items():
        (paths.report / name).write_text(card, encoding="utf-8")
    print(f"{paths.bundle}: model {version}, {paths.bundle.stat().st_size:,} bytes")
    if settings.mlflow:
        from adscreen.integrations.mlflow_log import log_run

        files = [paths.metrics, *sorted(paths.plots.iterdir()), *sorted(paths.tables.iterdir())]
        files += [paths.report / name for name in cards]
        registered = log_run(
            paths.bundle, store=paths.store, params=params.as_json(), metrics=_numbers(metrics), files=files
        )
        print(f"registered in MLflow as version {registered}, alias challenger")


def _risk_model(entry: dict[str, Any]) -> RiskModel:
    return RiskModel(tuple(entry["weights"]), entry["signals"], entry["intercept"], entry["prevalence"])


def _deep_model(calibration: dict[str, Any], paths: Paths) -> DeepModel | None:
    found = read_deep_head(paths)
    if found is None:
        return None
    (head, encoder), entry = found, calibration["deep"]
    thresholds = Thresholds(**entry["thresholds"])
    return DeepModel(head, _risk_model(entry["risk"]), thresholds, entry["floor"], entry["letters"], encoder)


def describe_training(ads: pd.DataFrame, params: Params, metrics: dict[str, Any]) -> dict[str, Any]:
    """Return the notes of a bundle: counts by language and source, figures and settings."""
    trained = ads[ads["weight"] > 0]
    base = trained["lang"].str.split("-").str[0].str.split("/").str[0]
    counts = trained.groupby(base)["label"].agg(["size", "sum"])
    fewer = counts["sum"].clip(upper=counts["size"] - counts["sum"])
    languages = counts.loc[(counts.index != "") & (fewer >= MIN_LANGUAGE_ADS), "size"].sort_values(ascending=False)
    names = {0: "genuine", 1: "deceptive"}
    return {
        "languages": {str(k): int(v) for k, v in languages.items()},
        "sources": {
            str(source): {name: int((part == label).sum()) for label, name in names.items() if (part == label).any()}
            for source, part in trained.groupby("source")["label"]
        },
        "metrics": {k: v for k, v in metrics.items() if not k.startswith("baseline_")},
        "training": {"fit": params.fit.model_dump(), "split": params.split.model_dump()},
    }


def _numbers(metrics: dict[str, Any]) -> dict[str, float]:
    values = {k: v["value"] if isinstance(v, dict) else v for k, v in metrics.items()}
    return {k: float(v) for k, v in values.items() if v is not None}


if __name__ == "__main__":
    run(Params.load(), Paths())

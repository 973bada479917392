"""What the joined risk does with real ads: python experiments/signals/checks.py --corpus ../shared/data --interim DIR

- quotes: every quote of an indicator or a phrase stands in the original at its offsets;
- deletion: where the quoted evidence is deleted, the risk falls;
- swap: another country or nationality in a genuine ad hardly moves the risk;
- urgent: genuine ads sent to urgent, by source, out of fold;
- parts: the joined model fitted again without each part, out of fold;
- languages: ROC AUC by language on authored families that no writer of phrases saw, out of fold.

DIR holds the interim files of the release: python scripts/release.py --corpus ../shared/data --keep DIR. The first
three score ads with the model that ships, which was trained on them: they ask what it does, not how well it ranks.
Writes checks.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from babel import Locale

from adscreen.ads.schema import TEXT_FIELDS, conform
from adscreen.learning.cross_fit import judge_out_of_fold
from adscreen.learning.metrics import average_precision, prevalence_weights, recall_at_false_alarms, roc_auc
from adscreen.learning.sources import load_sources
from adscreen.scoring.scorer import Scorer
from adscreen.signals.indicator_files import shipped_catalogue
from adscreen.signals.linear_text import TextScores
from adscreen.signals.table import SignalTable
from adscreen.stages.settings import Params, Paths
from adscreen.stages.signals import read_signals

HERE = Path(__file__).parent
SEED = 7
MIN_LANGUAGE_ADS = 8
COUNTRIES = (
    "PH ID IN NP BD LK PK VN TH MM KH LA MY SG CN JP KR AE SA QA KW OM BH TR EG KE UG NG GH ET ZA MA PL DE FR ES IT "
    "PT GB IE NL RO BG RS HU CZ RU UA KZ UZ US CA MX BR AR CO PE AU NZ "
).split()
NATIONALITIES = (
    "Filipino Filipina Indonesian Indian Nepali Nepalese Bangladeshi Pakistani Vietnamese Thai Burmese Cambodian "
    "Malaysian Singaporean Chinese Japanese Korean Saudi Turkish Egyptian Kenyan Ugandan Nigerian Ghanaian Ethiopian "
    "Moroccan Polish German French Spanish Italian Portuguese British Irish Dutch Romanian Bulgarian Serbian "
    "Hungarian Russian Ukrainian Kazakh Uzbek American Canadian Mexican Brazilian Colombian Peruvian Australian "
).split()
PARTS = {
    "pay": ("pay_far_above_rate",),
    "contacts": ("free_mail_only", "chat_only", "short_link", "lookalike_domain", "foreign_number"),
    "places": ("hotspot", "many_countries"),
    "disguised letters": ("disguised_letters",),
    "licence numbers": ("licence_number",),
}


def quotes(results: pd.DataFrame, ads: pd.DataFrame) -> str:
    """Count the quotes that are exact substrings at their offsets."""
    n = exact = 0
    for row, ad in zip(results.itertuples(), ads.to_dict("records"), strict=True):
        for each in json.loads(str(row.indicators)) + json.loads(str(row.terms)):
            n += 1
            exact += str(ad[each["field"]])[each["start"] : each["end"]] == each["quote"]
    return f"{exact:,} of {n:,} quotes of {len(ads):,} flagged ads are exact ({exact / max(n, 1):.2%})"


def deletion(scorer: Scorer, results: pd.DataFrame, ads: pd.DataFrame) -> list[str]:
    """Delete the quotes of what raises the risk, once of the indicators and once of the phrases too."""
    lines = []
    for name, columns in (("indicators", ("indicators",)), ("indicators and phrases", ("indicators", "terms"))):
        changed, rows = [], []
        for i, (row, ad) in enumerate(zip(results.itertuples(), ads.to_dict("records"), strict=True)):
            spans = [
                (each["field"], each["start"], each["end"])
                for column in columns
                for each in json.loads(str(getattr(row, column)))
                if each["weight"] > 0 and each["end"] > each["start"]
            ]
            if spans:
                changed.append(_without(ad, spans))
                rows.append(i)
        after = scorer.score(pd.DataFrame(changed))
        before = results["risk"].to_numpy()[rows]
        # An ad of which too little is left to judge has lost its risk.
        lower = after["risk"].isna().to_numpy() | (after["risk"].to_numpy() < before)
        lines.append(f"{lower.mean():.1%} of {len(rows):,} flagged ads with quoted {name}")
    return lines


def _without(ad: dict[str, Any], spans: list[tuple[str, int, int]]) -> dict[str, Any]:
    changed = dict(ad)
    for field in {field for field, _, _ in spans}:
        kept = list(str(ad[field]))
        for _, start, end in (span for span in spans if span[0] == field):
            kept[start:end] = [""] * (end - start)
        changed[field] = "".join(kept)
    return changed


def swap(scorer: Scorer, ads: pd.DataFrame, languages: list[str]) -> list[str]:
    """Put another country or nationality in place of each one named."""
    rng = random.Random(SEED)
    names: dict[str, list[str]] = {}
    for language in {code.split("-")[0] for code in languages}:
        try:
            territories = Locale.parse(language).territories
        except (ValueError, LookupError):
            continue
        names[language] = [territories[code] for code in COUNTRIES if code in territories]
    lines = []
    for what in ("country", "nationality"):
        changed, rows = [], []
        for i, (ad, language) in enumerate(zip(ads.to_dict("records"), languages, strict=True)):
            known = NATIONALITIES if what == "nationality" else names.get(language.split("-")[0], names["en"])
            pattern = re.compile(_any_word(known))
            text = " ".join(str(ad[field]) for field in TEXT_FIELDS)
            here = set(pattern.findall(text))
            if not here:
                continue
            others = {name: rng.choice([other for other in known if other not in here]) for name in sorted(here)}
            swapped = {
                field: pattern.sub(lambda match, to=others: to[match.group()], str(ad[field])) for field in TEXT_FIELDS
            }
            changed.append({**ad, **swapped})
            rows.append(i)
        before = scorer.score(ads.iloc[rows])
        after = scorer.score(pd.DataFrame(changed))
        judged = (before["band"].to_numpy() != "unscorable") & (after["band"].to_numpy() != "unscorable")
        moved = np.abs(after["risk"].to_numpy() - before["risk"].to_numpy())[judged]
        bands = (after["band"].to_numpy() != before["band"].to_numpy()).mean()
        lines.append(
            f"{what}: median change of risk {np.median(moved):.4f}, 99 % quantile {np.quantile(moved, 0.99):.3f}; "
            f"band changes in {bands:.2%} of {len(rows):,} genuine ads"
        )
    return lines


def _any_word(names: list[str]) -> str:
    spaceless = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u4e00-\u9fff]")
    return "|".join(
        re.escape(name) if spaceless.search(name) else rf"\b{re.escape(name)}\b"
        for name in sorted(names, key=len, reverse=True)
    )


def urgent(ads: pd.DataFrame, judged: pd.DataFrame) -> list[str]:
    """Share of the genuine ads of each source that is sent to urgent, out of fold."""
    real = ((ads["label"] == 0) & (ads["kind"] == "") & ads["measured"]).to_numpy()
    flags = (judged["risk"] >= judged["urgent"]).to_numpy()
    review = (judged["risk"] >= judged["review"]).to_numpy()
    lines = ["| source | genuine ads | to urgent | to review or urgent |", "|---|---|---|---|"]
    for source, rows in ads[real].groupby("source").indices.items():
        if len(rows) >= 40:
            its = np.flatnonzero(real)[rows]
            lines.append(f"| {source} | {len(rows)} | {flags[its].mean():.1%} | {review[its].mean():.1%} |")
    lines.append(f"| all | {real.sum()} | {flags[real].mean():.1%} | {review[real].mean():.1%} |")
    return lines


def parts(ads: pd.DataFrame, fold: np.ndarray, scores: TextScores, signals: SignalTable, params: Params) -> list[str]:
    """Fit the joined model again without each part, and measure it out of fold."""
    catalogue = shipped_catalogue()
    families = {each.family: [] for each in catalogue.indicators.values()}
    for code, each in catalogue.indicators.items():
        families[each.family].append(code)
    without = {"nothing": [], "all indicators": list(signals.codes), **PARTS}
    without |= {f"family {name}": codes for name, codes in families.items() if set(codes) & set(signals.codes)}
    without |= {"what lowers concern": [code for code, each in catalogue.indicators.items() if each.lowers]}
    emscad = ((ads["source"] == "emscad") & ads["measured"]).to_numpy()
    authored = ((ads["kind"] != "") & ads["measured"]).to_numpy()
    label = ads["label"].to_numpy()
    lines = ["| without | authored, unseen: AUC | recall at 10 % | EMSCAD AP at 4.8 % | 58.com AUC | vi_facebook AUC |"]
    lines.append("|---|---|---|---|---|---|")
    runs = {name: _left_out(signals, codes) for name, codes in without.items()}
    for name, table in runs.items():
        risk = judge_out_of_fold(ads, fold, scores, table, params.calibrate, catalogue.expected()).risk
        lines.append(_row(name, ads, label, risk, authored, emscad))
    weights = np.array([catalogue.expected()[code] for code in signals.codes])
    lines.append(_row("the text (published strengths alone)", ads, label, signals.found @ weights, authored, emscad))
    return lines


def _left_out(signals: SignalTable, codes: list[str] | tuple[str, ...]) -> SignalTable:
    kept = [i for i, code in enumerate(signals.codes) if code not in codes]
    return SignalTable(tuple(signals.codes[i] for i in kept), signals.found[:, kept])


def _row(
    name: str, ads: pd.DataFrame, label: np.ndarray, risk: np.ndarray, authored: np.ndarray, emscad: np.ndarray
) -> str:
    ones = np.ones(len(ads))
    figures = [
        roc_auc(label[authored], risk[authored], ones[authored]),
        recall_at_false_alarms(0.10)(label[authored], risk[authored], ones[authored]),
        average_precision(label[emscad], risk[emscad], prevalence_weights(label[emscad], 0.048)),
    ]
    for source in ("zh_58com", "vi_facebook"):
        rows = (ads["source"] == source).to_numpy()
        figures.append(roc_auc(label[rows], risk[rows], ones[rows]))
    return f"| {name} | " + " | ".join(f"{value:.3f}" for value in figures) + " |"


def languages(ads: pd.DataFrame, judged: pd.DataFrame) -> list[str]:
    """ROC AUC of the joined risk by language, on authored families that no writer of phrases saw."""
    authored = ((ads["kind"] != "") & ads["measured"]).to_numpy()
    lines = ["| language | ads | AUC |", "|---|---|---|"]
    found = []
    for language, rows in ads[authored].groupby("lang").indices.items():
        its = np.flatnonzero(authored)[rows]
        label = ads["label"].to_numpy()[its]
        if len(its) >= MIN_LANGUAGE_ADS and 0 < label.sum() < len(its):
            found.append((roc_auc(label, judged["risk"].to_numpy()[its], np.ones(len(its))), language, len(its)))
    return lines + [f"| {language} | {n} | {auc:.3f} |" for auc, language, n in sorted(found)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/data"))
    parser.add_argument("--interim", type=Path, required=True)
    arguments = parser.parse_args()
    params = Params.load(corpus="release")
    paths = Paths(arguments.interim / "interim", arguments.interim / "report", arguments.interim / "x.bundle", HERE)
    ads = pd.read_parquet(paths.ads).join(pd.read_parquet(paths.groups))
    judged = pd.read_parquet(paths.judged)
    fold = pd.read_parquet(paths.folds)["fold"].to_numpy()
    frame = pd.read_parquet(paths.scores)
    scores = TextScores(*(frame[name].to_numpy() for name in TextScores._fields))
    signals = read_signals(paths)

    scorer = Scorer.load()
    raw = load_sources(params.sources, arguments.corpus)
    given = conform(raw)
    results = scorer.score(given)
    flagged = results["band"].isin(["review", "urgent"]).to_numpy()
    genuine = ((raw["label"] == 0) & (raw["kind"] == "")).to_numpy()
    lines = ["# The joined risk, checked", "", f"`{(__doc__ or '').splitlines()[0].partition(': ')[2]}`", ""]
    lines += [f"Model {scorer.version}. {len(given):,} ads of the release sources, {flagged.sum():,} flagged.", ""]
    lines += ["## Quotes", "", quotes(results[flagged], given[flagged]), "", "## Evidence deleted: the risk falls", ""]
    lines += [f"- {line}" for line in deletion(scorer, results[flagged], given[flagged])]
    lines += ["", "## Country and nationality swapped", ""]
    some = np.flatnonzero(genuine)
    lines += [f"- {line}" for line in swap(scorer, given.iloc[some], raw["lang"].iloc[some].tolist())]
    lines += ["", "## Genuine ads sent to urgent, out of fold", "", *urgent(ads, judged)]
    lines += ["", "## Each part left out, out of fold", "", *parts(ads, fold, scores, signals, params)]
    lines += ["", "## By language, authored families unseen by the writers of phrases", "", *languages(ads, judged), ""]
    (HERE / "checks.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()

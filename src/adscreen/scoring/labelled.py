"""Labelled files from outside: read their label column, import them as a source, measure a model on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from adscreen.ads.columns import parse_map
from adscreen.ads.readers import read_ads
from adscreen.ads.rejects import RejectLog
from adscreen.ads.schema import AD_FIELDS
from adscreen.errors import UsageError
from adscreen.scoring.scorer import Scorer
from adscreen.scoring.writers import check_output, open_writer

LABEL_COLUMNS = (
    "label",
    "fraudulent",
    "is_scam",
    "is_fraud",
    "is_fake",
    "scam",
    "fraud",
    "fake",
    "deceptive",
    "target",
    "class",
    "y",
)
POSITIVE = frozenset(
    {"1", "1.0", "true", "t", "yes", "y", "scam", "fraud", "fraudulent", "fake", "deceptive", "positive"}
)
NEGATIVE = frozenset({"0", "0.0", "false", "f", "no", "n", "genuine", "real", "legit", "legitimate", "ham", "negative"})


def label_column(columns: list[str], label: str | None) -> str:
    """Return the name of the label column.

    Raises
    ------
    UsageError
        If `label` is not there, or no column has a name of `LABEL_COLUMNS`.
    """
    if label is not None:
        if label not in columns:
            raise UsageError(f"--label {label}: no such column. Columns found: {', '.join(columns)}.")
        return label
    found = {name.strip().casefold(): name for name in columns}
    for name in LABEL_COLUMNS:
        if name in found:
            return found[name]
    raise UsageError(
        f"no label column. Columns found: {', '.join(columns)}. Name it: --label COLUMN "
        f"(known names: {', '.join(LABEL_COLUMNS)})."
    )


def read_labels(values: pd.Series, column: str, positive: list[str] | None) -> pd.Series:
    """Turn label values into 0 and 1.

    Parameters
    ----------
    positive : list of str, optional
        The values that mean deceptive, all others being genuine. Without it, `POSITIVE` and `NEGATIVE`.

    Raises
    ------
    UsageError
        If a value is in neither, naming the values found.
    """
    text = values.astype("str").fillna("").str.strip().str.casefold()
    if (text == "").any():
        raise UsageError(
            f"label column {column!r} is empty in {int((text == '').sum()):,} rows; every ad needs a label."
        )
    if positive:
        wanted = {value.strip().casefold() for value in positive}
        if not text.isin(wanted).any():
            shown = ", ".join(sorted(map(repr, text.unique()))[:8])
            raise UsageError(f"--positive {', '.join(positive)}: not a value of {column!r}. Values found: {shown}.")
        return text.isin(wanted).astype("int64")
    unknown = sorted(set(text.unique()) - POSITIVE - NEGATIVE)
    if unknown:
        shown = ", ".join(map(repr, unknown[:8])) + (" …" if len(unknown) > 8 else "")
        raise UsageError(
            f"label column {column!r} has values that are neither deceptive nor genuine: {shown}. "
            "Say which mean deceptive: --positive VALUE (repeat it for several); all others then count as genuine."
        )
    return text.isin(POSITIVE).astype("int64")


def read_labelled(
    source: str,
    *,
    label: str | None,
    positive: list[str] | None,
    mapping: list[str],
    input_format: str | None,
    rejects: RejectLog,
) -> pd.DataFrame:
    """Read a whole labelled file: the ad fields, its own columns, and ``label`` of 0 and 1."""
    chunks = list(read_ads(source, mapping=parse_map(mapping), input_format=input_format, rejects=rejects))
    ads = pd.concat(chunks, ignore_index=True)
    own = [name for name in ads.columns if name not in AD_FIELDS and name != "row"]
    column = label_column(own, label)
    ads["label"] = read_labels(ads[column], column, positive)
    return ads


def import_file(
    source: str,
    output: str,
    *,
    label: str | None = None,
    positive: list[str] | None = None,
    mapping: list[str] | None = None,
    input_format: str | None = None,
) -> dict[str, int]:
    """Write `source` as a table that the adapter ``table`` reads: the ad fields and ``label``.

    Returns
    -------
    dict
        ``rows``, ``deceptive``, ``genuine`` and ``rejected``.
    """
    if not output.endswith(".parquet"):
        raise UsageError(f"-o {output}: a source for training is written as a .parquet file.")
    check_output(output, [source])
    rejects_path = Path(f"{output}.rejected.jsonl")
    rejects_path.unlink(missing_ok=True)  # of an earlier run
    with RejectLog(rejects_path) as rejects, open_writer(output) as writer:
        ads = read_labelled(
            source,
            label=label,
            positive=positive,
            mapping=mapping or [],
            input_format=input_format,
            rejects=rejects,
        )
        writer.write(ads[[*AD_FIELDS, "label"]])
    deceptive = int(ads["label"].sum())
    return {
        "rows": len(ads),
        "deceptive": deceptive,
        "genuine": len(ads) - deceptive,
        "rejected": rejects.count,
    }


def evaluate_file(
    scorer: Scorer,
    source: str,
    rejects: RejectLog,
    *,
    label: str | None,
    positive: list[str] | None,
    by: str | None,
    mapping: list[str],
    input_format: str | None,
) -> dict[str, Any]:
    """Measure `scorer` on a labelled file.

    Campaigns are found as in training, and the intervals drawn over them. Unscorable ads count as risk 0:
    an ad that the model does not judge is an ad that nobody reads because of it.

    Returns
    -------
    dict
        ``tables`` (name to list of rows, each with ``slice``), ``rows``, ``unscorable``, ``rejected``.
    """
    from adscreen.campaigns.groups import group_ads
    from adscreen.learning.evaluate import EvaluateSettings, Scored, evaluate_by, evaluate_slice, flatten
    from adscreen.learning.text_model import ad_texts, clean_ads

    ads = read_labelled(
        source, label=label, positive=positive, mapping=mapping, input_format=input_format, rejects=rejects
    )
    if ads["label"].nunique() < 2:
        raise UsageError(f"{source}: all {len(ads):,} ads have one label; figures need deceptive and genuine ads.")
    results = scorer.score(ads)
    ads = clean_ads(ads.assign(known_group=""))
    groups = group_ads(ads, ad_texts(ads))["group"].to_numpy()
    sent = results["band"].isin(["review", "urgent"]).to_numpy()
    risk = results["risk"].fillna(0.0).to_numpy()
    scored = Scored(ads["label"].to_numpy(), risk, groups, sent)
    settings = EvaluateSettings(baseline=False)
    prevalence = scorer.bundle.risk.prevalence
    tables = {"all": [{"slice": "all", **flatten(evaluate_slice(scored, settings, prevalence))}]}
    if by is not None:
        values = ads.assign(language=results["language"].to_numpy())
        if by not in values:
            raise UsageError(f"--by {by}: no such column. Columns found: {', '.join(values.columns)}.")
        rows = evaluate_by(values, scored, by, settings, prevalence).to_dict("records")
        kept = [{str(k): v for k, v in row.items() if isinstance(v, tuple) or not pd.isna(v)} for row in rows]
        tables[by] = [{"slice": row.pop(by), **flatten(row)} for row in kept]
    unscorable = int(np.sum(results["band"] == "unscorable"))
    return {"tables": tables, "rows": len(ads), "unscorable": unscorable, "rejected": rejects.count}

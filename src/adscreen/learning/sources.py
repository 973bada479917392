"""Where labelled ads come from: one adapter for each kind of file, listed in ``params.yaml``.

Every adapter returns the same frame: the ad fields and the columns of `LABELLED_COLUMNS`.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from adscreen.ads.columns import map_columns
from adscreen.ads.schema import AD_FIELDS, conform
from adscreen.errors import InputError

LABELLED_COLUMNS = {
    "label": "1 deceptive, 0 genuine",
    "source": "name of the source in params.yaml",
    "lang": "language of the ad as its source states it, or empty",
    "known_group": "ads the source itself says belong together (company, template, family), or empty",
    "weight": "weight of the source, shared out over its ads when a model is fitted",
    "measured": "whether figures may be computed on this row (False: it is there to learn from only)",
    "kind": "for authored ads: blatant, subtle, twin, surface or warning; else empty",
}

EMSCAD_MEASURED_DRAWS = ("random", "first500")
"""EMSCAD's other genuine rows were drawn for being complete or hard: false alarms are not measured on them."""


class Source(BaseModel):
    """One entry of the list of sources.

    Attributes mirror ``params.yaml``; an unknown key is an error.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(description="short name, used in every table")
    adapter: Literal["emscad", "jsonl", "authored", "table"] = Field(description="how the file is read")
    path: str = Field(description="file or folder, relative to the root; {project} stands for the project")
    label: Literal[0, 1] | None = Field(None, description="label of every row, or null to read it from the file")
    weight: float = Field(1.0, gt=0, description="weight beside the other sources of the same class")
    split_by: str | None = Field(None, description="column to make several sources of one file")
    measure_only: bool = Field(False, description="never trained on")


def load_sources(sources: list[Source], root: Path) -> pd.DataFrame:
    """Read all sources below `root` into one frame with a fresh index.

    Returns
    -------
    DataFrame
        The ad fields, then the columns of `LABELLED_COLUMNS`; one row for each labelled ad with text.

    Raises
    ------
    InputError
        If a file is missing or has no labels, naming the source.
    """
    frames = [load_source(source, root) for source in sources]
    ads = pd.concat(frames, ignore_index=True)
    # The same id may occur in two sources; a labelled ad is named by both.
    ads["ad_id"] = ads["source"] + "/" + ads["ad_id"]
    return ads


def load_source(source: Source, root: Path) -> pd.DataFrame:
    """Read one source; see `load_sources`."""
    path = root / source.path.replace("{project}", str(Path.cwd()))
    if not path.exists():
        raise InputError(f"source {source.name!r}: {path} does not exist. Check its path in params.yaml.")
    ads = ADAPTERS[source.adapter](path)
    if source.label is not None:
        ads["label"] = source.label
    if "label" not in ads or ads["label"].isna().any():
        raise InputError(
            f"source {source.name!r}: {path} has rows without a label. "
            "Give the source a label in params.yaml, or a column 'label' of 0 and 1."
        )
    wrong = ads.loc[~ads["label"].isin([0, 1]), "label"]
    if len(wrong):
        raise InputError(
            f"source {source.name!r}: {path} has the label {wrong.iloc[0]}; labels are 1 (deceptive) and 0 (genuine)."
        )
    ads["label"] = ads["label"].astype("int64")
    if source.split_by is None:
        ads["source"] = source.name
    else:
        ads["source"] = source.name + ":" + ads[source.split_by].astype(str)
    ads["weight"] = source.weight
    if source.adapter != "authored":
        ads = ads.drop(columns="kind", errors="ignore")  # a column of that name in a real source is its own
    for column, default in (("lang", ""), ("known_group", ""), ("measured", True), ("kind", "")):
        if column not in ads:
            ads[column] = default
    # Several languages in one row, or none stated, is no language.
    ads["lang"] = ads["lang"].fillna("").astype(str).replace({"mixed": "", "nan": ""})
    if source.measure_only:
        ads["weight"] = 0.0
    ads = conform(ads)
    return ads[[*[c for c in AD_FIELDS if c != "source"], *LABELLED_COLUMNS]]


def _read_emscad(path: Path) -> pd.DataFrame:
    """EMSCAD in the header of the Kaggle file, with ``sampling.csv`` beside it where it is a part."""
    ads = pd.read_csv(path, dtype=str, keep_default_na=False)
    sampling = path.with_name("sampling.csv")
    if sampling.exists():
        drawn = pd.read_csv(sampling, dtype=str)
        ads = ads.merge(drawn, on="job_id", how="left", validate="one_to_one")
        fraud = ads["fraudulent"] == "1"
        ads["known_group"] = "emscad-" + ads["disjoint_group"]
        ads["measured"] = fraud | ads["sampling"].isin(EMSCAD_MEASURED_DRAWS)
    ads["label"] = ads["fraudulent"].astype("int64")
    ads["lang"] = "en"
    ads["channel"] = "board"
    # Only what a reader of the ad sees: logo, questions and a missing profile are shortcuts of that site.
    ads = ads.rename(columns={"job_id": "ad_id"})
    return ads.drop(columns=["company_profile"])


def _read_jsonl(path: Path) -> pd.DataFrame:
    """One JSON object a line: ``text`` or the ad fields, ``lang``, ``channel``, a group column if any."""
    ads = pd.read_json(path, lines=True, dtype=False, convert_dates=False)
    for column in ("group", "template_key"):
        if column in ads:
            stated = ads[column].fillna("").astype(str)
            ads["known_group"] = (path.stem + "-" + stated).where(stated != "", "")
    return _with_ad_columns(ads)


def _read_authored(path: Path) -> pd.DataFrame:
    """The authored corpus: a folder of JSONL files, or one of them; a family is a group."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    ads = pd.concat([pd.read_json(file, lines=True, dtype=False, convert_dates=False) for file in files])
    ads = ads.rename(columns={"id": "ad_id", "text": "description", "family": "known_group"})
    ads["measured"] = [not seen_by_phrase_writers(family) for family in ads["known_group"]]
    return ads.reset_index(drop=True)


def seen_by_phrase_writers(family: str) -> bool:
    """Tell whether the writers of the indicators' phrases could read this family of the authored corpus.

    Half of the families were shown to them. These train the text model, but neither the weights of the indicators
    nor any figure: phrases fit the ads they were tried on.
    """
    return zlib.crc32(family.encode()) % 2 == 0


def _read_table(path: Path) -> pd.DataFrame:
    """Any labelled CSV or Parquet file, as ``adscreen data import`` writes it."""
    ads = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, dtype=str, keep_default_na=False)
    if "label" in ads:
        ads["label"] = pd.to_numeric(ads["label"])
    return _with_ad_columns(ads)


def _with_ad_columns(ads: pd.DataFrame) -> pd.DataFrame:
    ads = ads.rename(columns=map_columns([c for c in ads.columns if c not in LABELLED_COLUMNS], {}))
    if "lang" not in ads and "language" in ads:
        ads["lang"] = ads["language"]
    return ads.loc[:, ~ads.columns.duplicated()].copy()


ADAPTERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    "emscad": _read_emscad,
    "jsonl": _read_jsonl,
    "authored": _read_authored,
    "table": _read_table,
}

"""``params.yaml``, checked, and where each stage reads and writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from adscreen.errors import UsageError
from adscreen.learning.calibrate import CalibrateSettings
from adscreen.learning.deep_settings import DeepSettings
from adscreen.learning.evaluate import EvaluateSettings
from adscreen.learning.sources import Source
from adscreen.learning.text_model import FitSettings
from adscreen.learning.warning_model import WarningSettings
from adscreen.scoring.bundle import Abstain

PARAMS_FILE = Path("params.yaml")
SOURCE_EXAMPLE = "{name: emscad, adapter: emscad, path: emscad/fake_job_postings.csv, weight: 1.0}"


class SplitSettings(BaseModel):
    """The section ``split``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    n_folds: int = Field(5, ge=3, le=20)
    seed: int = 0


class PackageSettings(BaseModel):
    """The section ``package``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(description="release name, the first part of the model version")
    min_tokens: int = Field(Abstain().min_tokens, ge=1)
    min_known: float = Field(Abstain().min_known, ge=0, le=1)
    min_known_new_language: float = Field(Abstain().min_known_new_language, ge=0, le=1)
    mlflow: bool = True


class Params(BaseModel):
    """All of ``params.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    root: str = Field(description="folder that the paths of the sources start from")
    sources: list[Source]
    split: SplitSettings
    fit: FitSettings
    warning: WarningSettings
    deep: DeepSettings
    calibrate: CalibrateSettings
    evaluate: EvaluateSettings
    package: PackageSettings

    @classmethod
    def load(cls, path: Path = PARAMS_FILE, *, corpus: str = "bundled") -> Self:
        """Read `path`, with the sources of one corpus of its section ``corpora``.

        Raises
        ------
        UsageError
            If the file cannot be read, or naming every wrong entry, with an example of a right source.
        """
        corpora, rest = _read_sections(path)
        if corpus not in corpora:
            raise UsageError(f"{path}: no corpus {corpus!r}; it has {', '.join(corpora)}.")
        try:
            return cls.model_validate(rest | corpora[corpus])
        except ValidationError as error:
            found = error.errors()
            problems = "; ".join(f"{_place(e['loc'])}: {e['msg'].removeprefix('Value error, ')}" for e in found)
            of_sources = any(e["loc"][0] == "sources" for e in found)
            example = f" A right entry of sources looks like {SOURCE_EXAMPLE}." if of_sources else ""
            raise UsageError(f"{path}: {problems}.{example}") from error

    @field_validator("sources")
    @classmethod
    def _names_differ(cls, sources: list[Source]) -> list[Source]:
        names = [source.name for source in sources]
        twice = sorted({repr(name) for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"the name {', '.join(twice)} is used twice")
        return sources

    def as_json(self) -> dict[str, Any]:
        """Return the parameters as plain JSON values."""
        return self.model_dump(mode="json")


def _read_sections(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the section ``corpora`` of a parameter file, and the others."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise UsageError(f"{path} does not exist. Run the stages from the top folder of the project.") from error
    except yaml.YAMLError as error:
        raise UsageError(f"{path} is not YAML: {' '.join(str(error).split())}.") from error
    corpora = raw.pop("corpora", None) if isinstance(raw, dict) else None
    if not isinstance(corpora, dict):
        raise UsageError(f"{path} has no section 'corpora' that lists sources by corpus.")
    return corpora, raw


def _place(location: tuple[int | str, ...]) -> str:
    """Write where an error is as in ``sources[0].adapter``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")


class Paths(NamedTuple):
    """Files of one run of the pipeline; all stages share them, so each name stands in one place."""

    interim: Path = Path("data/interim")
    report: Path = Path("experiments/pipeline")
    bundle: Path = Path("models/candidate.bundle")
    store: Path = Path("experiments")

    @property
    def ads(self) -> Path:
        """Labelled, cleaned ads; written by ingest."""
        return self.interim / "ads.parquet"

    @property
    def signals(self) -> Path:
        """Which indicators each ad shows; written by signals."""
        return self.interim / "signals.parquet"

    @property
    def groups(self) -> Path:
        """Campaign and company groups of each ad; written by campaigns."""
        return self.interim / "groups.parquet"

    @property
    def folds(self) -> Path:
        """Fold of each ad; written by split."""
        return self.interim / "folds.parquet"

    @property
    def scores(self) -> Path:
        """Out-of-fold scores of each ad; written by fit."""
        return self.interim / "scores.parquet"

    @property
    def text_model(self) -> Path:
        """Arrays of the compiled text model; written by fit."""
        return self.interim / "text_model.npz"

    @property
    def warning_model(self) -> Path:
        """Arrays of the compiled model of warnings, none if there is no such model; written by fit."""
        return self.interim / "warning_model.npz"

    @property
    def deep_head(self) -> Path:
        """Weights and intercept of the deep head, none if there is none; written by fit."""
        return self.interim / "deep_head.npz"

    @property
    def judged(self) -> Path:
        """Out-of-fold risks and thresholds of each ad; written by calibrate."""
        return self.interim / "judged.parquet"

    @property
    def calibration(self) -> Path:
        """Calibrator and thresholds that ship; written by calibrate."""
        return self.interim / "calibration.json"

    @property
    def metrics(self) -> Path:
        """Headline figures; written by evaluate."""
        return self.report / "metrics.json"

    @property
    def tables(self) -> Path:
        """Figures by source, language and channel; written by evaluate."""
        return self.report / "tables"

    @property
    def plots(self) -> Path:
        """Folder of plots; written by evaluate."""
        return self.report / "plots"

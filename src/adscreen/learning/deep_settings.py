"""How the deep model is fitted."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class DeepSettings(BaseModel):
    """The section ``deep`` of ``params.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    enabled: bool = Field(False, description="fit a deep model; needs the extra deep")
    vectors: Path | None = Field(None, description=".npz file that keeps the vectors of the ads; null: none is kept")
    letters: int = Field(600, ge=1, description="so many first letters of a text are encoded")
    C: float = Field(30.0, gt=0, description="inverse strength of the penalty")
    source_intercept: float = Field(0.3, ge=0, description="as in fit")
    level_alpha: float = Field(1.0, gt=0, description="ridge penalty of the levelling of sources")
    kept: float = Field(
        0.98, gt=0, le=1, description="share of the deceptive ads the deep model sends to review that are encoded"
    )

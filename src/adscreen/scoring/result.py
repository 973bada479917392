"""The result: one row for each ad. One schema object for the scorer, the writers and the MLflow signature."""

from __future__ import annotations

import pandas as pd
from pydantic import BaseModel, Field


class Result(BaseModel):
    """One ad, judged. JSON lists are strings, so that every file format can hold them."""

    ad_id: str = Field(description="as given, else derived from the content")
    risk: float = Field(description="calibrated probability of deception, 0 to 1; NaN where unscorable")
    band: str = Field(description="clear, review, urgent or unscorable; clear means lower concern, never safe")
    reason: str = Field(description="one plain sentence")
    type: str | None = Field(description="kind of deception the evidence points to; null where none does")
    indicators: str = Field(description="JSON list of {code, label, quote, field, start, end, weight, source}")
    terms: str = Field(description="JSON list of {quote, field, start, end, weight}: what moved the score most")
    language: str = Field(description="ISO 639 code, as given or identified; und where it cannot be told")
    contacts: str = Field(description="JSON list of contacts, masked")
    model_version: str = Field(description="of the bundle that judged")


RESULT_COLUMNS = tuple(Result.model_fields)


def no_results() -> pd.DataFrame:
    """Return a frame of results without rows: what a file holds when all its rows were set aside."""
    return pd.DataFrame({name: pd.Series(dtype="float64" if name == "risk" else "str") for name in RESULT_COLUMNS})

"""The result: one row for each ad. One schema object for the scorer, the writers and the MLflow signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.internals import create_dataframe_from_blocks  # type: ignore[import-not-found]  # pandas-stubs 2
from pandas.arrays import ArrowStringArray
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


_TEXT = pd.StringDtype(na_value=np.nan)
_ARROW_TEXT = pa.large_string()
_COLUMNS = pd.Index(RESULT_COLUMNS)
_TEXT_COLUMNS = tuple(name for name in RESULT_COLUMNS if name != "risk")
_PLACES = {name: np.array([i]) for i, name in enumerate(RESULT_COLUMNS)}


def as_results(columns: Mapping[str, Any], index: pd.Index) -> pd.DataFrame:
    """Return a frame of results on `index` from its columns.

    Parameters
    ----------
    columns : mapping of str to sequence
        Of each of `RESULT_COLUMNS`, one value for each ad: `risk` an ndarray of float64, the others texts or None.
    """
    # The columns are made as what they shall be and put in place as they are: what pandas does to find out what it
    # is given, and to be safe from later changes to it, takes longer than to score a short ad.
    texts = _as_texts([columns[name] for name in _TEXT_COLUMNS])
    blocks = [(columns["risk"].reshape(1, -1), _PLACES["risk"])]
    blocks += [
        (ArrowStringArray(text, dtype=_TEXT), _PLACES[name])  # type: ignore[call-arg]  # pandas-stubs 2
        for name, text in zip(_TEXT_COLUMNS, texts, strict=True)
    ]
    results: pd.DataFrame = create_dataframe_from_blocks(blocks, index, _COLUMNS)
    return results


def _as_texts(columns: list[Sequence[str | None]]) -> list[pa.Array]:
    if len(columns[0]) == 1:  # an ad on its own: to make an array takes longer than to cut one
        row = pa.array([value for (value,) in columns], _ARROW_TEXT)
        return [row.slice(i, 1) for i in range(len(columns))]
    return [pa.array(values, _ARROW_TEXT) for values in columns]


def no_results() -> pd.DataFrame:
    """Return a frame of results without rows: what a file holds when all its rows were set aside."""
    return pd.DataFrame({name: pd.Series(dtype="float64" if name == "risk" else "str") for name in RESULT_COLUMNS})

"""What an ad is: the one schema that readers, stages, the command line and MLflow share."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import pandas as pd
from pydantic import BaseModel, Field

from adscreen.ads.values import cut, text_of, text_series, whole_characters
from adscreen.errors import UsageError


class Ad(BaseModel):
    """One recruitment ad; every field is text, and only text of some kind is required."""

    ad_id: str = Field(default="", description="Kept if given, else derived from the content.")
    title: str = Field(default="", description="The headline: usually the job and the place.")
    description: str = Field(default="", description="The ad itself; all of it, if it has no parts.")
    requirements: str = Field(default="", description="What the applicant must have.")
    benefits: str = Field(default="", description="What is offered beside the pay.")
    company: str = Field(default="", description="Who offers the work, as named in the ad.")
    company_profile: str = Field(default="", description="What the company says about itself.")
    location: str = Field(default="", description="Where the work is, as written.")
    salary: str = Field(default="", description="The pay, as written.")
    contact: str = Field(default="", description="Phone, e-mail or handle given in a field of its own.")
    language: str = Field(default="", description="Language code, if the source gives one.")
    channel: str = Field(default="", description="Kind of place it was seen: job_board, facebook, telegram …")
    source: str = Field(default="", description="Which site, group or data set it comes from.")
    posted_at: str = Field(default="", description="When it was posted, as written.")
    url: str = Field(default="", description="Where it was seen.")


AD_FIELDS: tuple[str, ...] = tuple(Ad.model_fields)

TEXT_FIELDS: tuple[str, ...] = ("title", "description", "requirements", "benefits")
"""What the text model reads, in this order."""


def content_id(frame: pd.DataFrame) -> pd.Series[str]:
    """Return an id derived from what each ad says, for ads that came without one.

    Parameters
    ----------
    frame : DataFrame, shape (n_ads, n_columns)
        Ad fields that are absent count as empty.

    Returns
    -------
    Series of str, shape (n_ads,)
        ``ad-`` and 16 hexadecimal digits of BLAKE2b over all ad fields but `ad_id`, on the frame's index.
        The same ad gives the same id in any file format, on any machine.
    """
    columns = [_texts(frame[name]) if name in frame else [""] * len(frame) for name in AD_FIELDS[1:]]
    return pd.Series([_content_id(cells) for cells in zip(*columns, strict=True)], index=frame.index, dtype="str")


def _content_id(cells: Sequence[str]) -> str:
    # The separator must stay what it is: ids are stored beside reviewers' verdicts.
    return "ad-" + blake2b("\x1f".join(cells).encode(), digest_size=8).hexdigest()


def conform(frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` in the shape that all later steps rely on.

    Parameters
    ----------
    frame : DataFrame, shape (n_ads, n_columns)
        With at least one of `TEXT_FIELDS` among its columns.

    Returns
    -------
    DataFrame, shape (n_ads, n_columns_out)
        `AD_FIELDS` first, each pandas ``str`` without nulls, `ad_id` filled in; then the other columns as
        they were. Conforming twice changes nothing.

    Raises
    ------
    UsageError
        If there is no text column.
    """
    found = _columns_with_text(frame)
    columns: dict[str, Any] = {}
    empty = blank(frame.index)  # one for all: to make each its own takes longer than to score a short ad
    for name in AD_FIELDS:
        columns[name] = text_series(frame[name]) if name in found else empty
    without_id = columns["ad_id"].str.strip() == ""
    if without_id.any():
        columns["ad_id"] = columns["ad_id"].mask(without_id, content_id(frame[without_id]))
    for name in frame.columns:
        if name not in columns:
            columns[name] = frame[name]
    return pd.DataFrame(columns, index=frame.index)


def conformed_texts(frame: pd.DataFrame, names: Sequence[str]) -> dict[str, list[str]]:
    """Return what ``conform(frame)[name].tolist()`` gives for each of `names`, without making a frame.

    That takes longer than to score a short ad.

    Raises
    ------
    UsageError
        If there is no text column.
    """
    found = {name: place for place, name in enumerate(_columns_with_text(frame))}
    empty = [""] * len(frame)
    texts = {name: _texts_of(frame, name, found[name]) if name in found else empty for name in names}
    if "ad_id" in texts:
        ids = texts["ad_id"]
        without_id = [i for i, ad_id in enumerate(ids) if not ad_id.strip()]
        if without_id:
            others = [name for name in AD_FIELDS[1:] if name in found and name not in texts]
            read = texts | {name: _texts_of(frame, name, found[name]) for name in others}
            its_texts = [read.get(name, empty) for name in AD_FIELDS[1:]]
            made = {i: _content_id([column[i] for column in its_texts]) for i in without_id}
            texts["ad_id"] = [made.get(i, ad_id) for i, ad_id in enumerate(ids)]
    return texts


def _texts_of(frame: pd.DataFrame, name: str, place: int) -> list[str]:
    """Return the column `name`, which is at `place`, as texts."""
    if len(frame) == 1:
        # To ask for the cell of an ad on its own takes a third of the time.
        value = frame.iat[0, place]
        if type(value) is str:
            return [whole_characters(value)]
    return _texts(frame[name])


def _texts(column: pd.Series[Any]) -> list[str]:
    """Return a column as texts; nulls are empty ones."""
    if column.dtype != "str":
        return [text_of(value) for value in column]
    values: list[Any] = column.tolist()
    return [value if type(value) is str else "" for value in values]


def _columns_with_text(frame: pd.DataFrame) -> list[str]:
    found = list(map(str, frame.columns.tolist()))
    if not any(name in found for name in TEXT_FIELDS):
        raise UsageError(no_text_column(found))
    return found


def blank(index: pd.Index[Any]) -> pd.Series[str]:
    """Return a column of empty texts on `index`."""
    return pd.Series([""] * len(index), index=index, dtype="str")


def no_text_column(found: list[str]) -> str:
    """Return the message for an input in which no column is known to hold the ad's text."""
    shown = list_columns(found)
    example = cut(found[0], 40) if len(found) == 1 else "COLUMN"
    return (
        f"no column holds the text of the ads. Columns found: {shown}. "
        f"Say which one it is: --map description={example} (also title=, requirements=, benefits=)"
    )


def list_columns(found: list[str], limit: int = 20) -> str:
    """Return column names for a message: at most `limit`, each cut short."""
    if not found:
        return "none"
    more = f" and {len(found) - limit} more" if len(found) > limit else ""
    return ", ".join(f"'{cut(name, 40)}'" for name in found[:limit]) + more

"""The files indicators are written in: read and checked, with an error that names file, entry and a right example.

``indicators/taxonomy.yaml`` holds the kinds of deception, ``indicators/<family>.yaml`` the indicators, and
``indicators/phrases/<language>.yaml`` the phrases of one language under the codes of the indicators. A folder of
a user (``--indicators DIR``) has the same form; its taxonomy may be left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adscreen.errors import UsageError
from adscreen.signals.phrases import PhraseError, spell_out

LANGUAGES = (
    "en",
    "zh",
    "vi",
    "th",
    "id",
    "ms",
    "tl",
    "my",
    "km",
    "hi",
    "hi-Latn",
    "ur",
    "bn",
    "ne",
    "ta",
    "si",
    "ar",
    "am",
    "sw",
    "ru",
    "uk",
    "uz",
    "kk",
    "ro",
    "pl",
    "bg",
    "sr",
    "tr",
    "es",
    "pt",
    "fr",
    "de",
    "ko",
    "ja",
)
"""Every language of the design. Traditional and simplified Chinese stand in one file, ``zh``."""

AWARENESS = "awareness"
"""The family of indicators that tell warnings and reports from offers."""

_EXAMPLE = """\
family: travel
title: How the worker gets there
indicators:
  - code: visit_visa
    label: Work on a tourist or visit visa
    question: Ask which work permit you will hold on your first working day.
    suggests: [scam_compound]
    source: POEA warning on tourist-to-work schemes
    strength: 3"""
_PHRASE_EXAMPLE = """\
language: en
phrases:
  visit_visa:
    - enter on (tourist|visit) visa"""


class Kind(BaseModel):
    """A kind of deception, as in ``taxonomy.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^[a-z][a-z_]*$")
    label: str
    definition: str
    source: str


class Indicator(BaseModel):
    """What a person should look at, and why.

    `strength` is 1 (weak) to 3 (strong); `weak_alone` says that it tells nothing without others; `lowers` that it
    lowers concern; `structured` that adscreen finds it by more than phrases (pay, contacts, places); `asks` that it
    names what the person is to do or give, which tells the kinds of deception apart better than travel and control do.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^[a-z][a-z_]*$")
    label: str = Field(min_length=3)
    question: str = Field(min_length=3)
    suggests: tuple[str, ...]
    source: str = Field(min_length=3)
    strength: int = Field(ge=1, le=3)
    weak_alone: bool = False
    lowers: bool = False
    negatable: bool = True
    structured: bool = False
    asks: bool = False
    family: str = ""


class Family(BaseModel):
    """One file of indicators."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    family: str = Field(pattern=r"^[a-z][a-z_]*$")
    title: str
    indicators: tuple[Indicator, ...]


class Negation(BaseModel):
    """Words that turn a phrase of the language into its opposite, before or after it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class Phrases(BaseModel):
    """One file of phrases.

    `cancel` holds, under the code of an indicator, phrases that make its hits in the same sentence void.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str
    negation: Negation = Negation()
    phrases: dict[str, tuple[str, ...]]
    cancel: dict[str, tuple[str, ...]] = Field(default_factory=dict)


EXPECTED_LOG_ODDS = {1: 0.25, 2: 0.6, 3: 1.1}
"""What an indicator of each strength is expected to add, before any data: a strong one triples the odds."""


class Catalogue(NamedTuple):
    """All indicators with their phrases.

    Attributes
    ----------
    kinds : dict of str to Kind
    indicators : dict of str to Indicator
    phrases : tuple of Phrases
    """

    kinds: dict[str, Kind]
    indicators: dict[str, Indicator]
    phrases: tuple[Phrases, ...]

    def expected(self) -> dict[str, float]:
        """Return the log-odds that each indicator is expected to add; texts that are no offers have none."""
        return {
            code: EXPECTED_LOG_ODDS[indicator.strength] * (-1 if indicator.lowers else 1)
            for code, indicator in self.indicators.items()
            if indicator.family != AWARENESS
        }


@cache
def shipped_catalogue() -> Catalogue:
    """Return the indicators that ship with adscreen, without their phrases: those stand in an index of their own."""
    return read_catalogue(Path(str(resources.files("adscreen.signals") / "indicators")), phrases=False)


def read_catalogue(folder: Path, base: Catalogue | None = None, *, phrases: bool = True) -> Catalogue:
    """Read the indicators in `folder`.

    Parameters
    ----------
    folder : Path
    base : Catalogue, optional
        What the folder adds to.
    phrases : bool, default True
        Whether to read the phrases too.

    Raises
    ------
    UsageError
        If a file does not follow the form; the message names file and entry and shows a right one.
    """
    if not folder.is_dir():
        raise UsageError(f"There is no folder '{folder}' with indicators.")
    kinds = dict(base.kinds) if base else {}
    indicators = dict(base.indicators) if base else {}
    taxonomy = folder / "taxonomy.yaml"
    if taxonomy.exists():
        for entry in _load(taxonomy) or []:
            kind = _checked(Kind, entry, taxonomy, str(_get(entry, "code")), _EXAMPLE)
            kinds[kind.code] = kind
    for file in sorted(folder.glob("*.yaml")):
        if file != taxonomy:
            for indicator in _read_family(file, kinds):
                if indicator.code in indicators:
                    raise _wrong(file, indicator.code, "this code is taken. Choose another", _EXAMPLE)
                indicators[indicator.code] = indicator
    files = sorted((folder / "phrases").glob("*.yaml")) if phrases else []
    found = [_read_phrases(file, indicators) for file in files]
    if not indicators or (base and not found):
        raise UsageError(
            f"'{folder}' holds no indicators. A right file:\n{_EXAMPLE}\nand phrases/en.yaml:\n{_PHRASE_EXAMPLE}"
        )
    return Catalogue(kinds, indicators, (base.phrases if base else ()) + tuple(found))


def _read_family(file: Path, kinds: dict[str, Kind]) -> Iterator[Indicator]:
    content = _load(file)
    entries = _get(content, "indicators")
    if not isinstance(entries, list):
        raise _wrong(file, "indicators", "a list is expected", _EXAMPLE)
    for entry in entries:
        _checked(Indicator, entry, file, str(_get(entry, "code")), _EXAMPLE)
    family = _checked(Family, content, file, "family", _EXAMPLE)
    for indicator in family.indicators:
        for kind in indicator.suggests:
            if kind not in kinds:
                known = ", ".join(kinds)
                raise _wrong(file, indicator.code, f"'{kind}' is no kind of deception. Known: {known}", _EXAMPLE)
        yield indicator.model_copy(update={"family": family.family})


def _read_phrases(file: Path, indicators: dict[str, Indicator]) -> Phrases:
    found: Phrases = _checked(Phrases, _load(file), file, "phrases", _PHRASE_EXAMPLE)
    if found.language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise _wrong(file, "language", f"'{found.language}' is not known. Known: {known}", _PHRASE_EXAMPLE)
    for section in (found.phrases, found.cancel):
        for code, phrases in section.items():
            if code not in indicators:
                raise _wrong(file, code, "there is no indicator of this code", _PHRASE_EXAMPLE)
            for phrase in phrases:
                try:
                    spell_out(phrase)
                except PhraseError as error:
                    raise _wrong(file, f"{code}: {phrase}", str(error), _PHRASE_EXAMPLE) from None
    return found


def _load(file: Path) -> Any:
    try:
        return yaml.load(file.read_text("utf-8"), _LOADER)  # noqa: S506  (makes plain text of all it reads)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _wrong(
            file, "whole file", f"it is not YAML in UTF-8 ({' '.join(str(error).split())})", _EXAMPLE
        ) from None


# Every scalar is text: "no" is a word to match, not a false. The C parser, where there is one, is ten times as fast.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def _get(entry: Any, key: str) -> Any:
    return entry.get(key, "?") if isinstance(entry, dict) else "?"


def _checked(model: type[Any], entry: Any, file: Path, name: str, example: str) -> Any:
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "entry"
        raise _wrong(file, name, f"field '{place}': {first['msg']}", example) from None


def _wrong(file: Path, entry: str, problem: str, example: str) -> UsageError:
    return UsageError(f"{file}, entry '{entry}': {problem}.\nA right one:\n{example}")

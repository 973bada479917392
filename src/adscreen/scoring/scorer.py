"""`Scorer`: judge a frame of ads with a bundle. A pure function: no files, no clock, no network, no state."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adscreen.ads.cleaning import clean_and_count
from adscreen.ads.schema import TEXT_FIELDS, conformed_texts
from adscreen.errors import BundleError
from adscreen.scoring.bundle import Bundle
from adscreen.scoring.bundle_reader import read_bundle
from adscreen.scoring.deep_judge import DeepJudge, shown_version
from adscreen.scoring.findings import (
    Found,
    Locator,
    as_rows,
    kinds_of_deception,
    located_contacts,
    quote_evidence,
    reason_of,
)
from adscreen.scoring.result import as_results
from adscreen.scoring.terms import Term, top_terms
from adscreen.signals.awareness import reads_as_warning
from adscreen.signals.contacts import mask
from adscreen.signals.encoder import SentenceEncoder
from adscreen.signals.evidence import EVIDENCE_FIELDS, Reading, read_ad, read_ads
from adscreen.signals.going_rates import kind_of_role
from adscreen.signals.indicator_files import Catalogue
from adscreen.signals.indicators import IndicatorFinder, shipped_finder
from adscreen.signals.language import UNKNOWN, identify
from adscreen.signals.linear_text import TextScores, score_by_each
from adscreen.signals.ngrams import join_fields
from adscreen.signals.table import SignalTable

K = TypeVar("K")
V = TypeVar("V")

_as_json = json.JSONEncoder(ensure_ascii=False).encode
SHOWN_TERMS = 8
REASON_TERMS = 3


class Scorer:
    """Judges ads with one model.

    Parameters
    ----------
    bundle : Bundle
    finder : IndicatorFinder, optional
        Of the indicators to look for; those that ship with adscreen unless given.
    reveal : bool, default False
        Give contacts in full instead of masked.
    deep : bool, default False
        Judge suspicious ads once more with the deep model of the bundle; see `adscreen.scoring.deep_judge`.
    encoder : SentenceEncoder, optional
        For that; the installed one unless given.

    Examples
    --------
    >>> scorer = Scorer.load()
    >>> frame = pd.DataFrame({"description": ["hi"]})
    >>> scorer.score(frame)[["band", "reason"]].values.tolist()
    [['unscorable', 'Too short to judge: 1 word.']]
    """

    def __init__(
        self,
        bundle: Bundle,
        finder: IndicatorFinder | None = None,
        *,
        reveal: bool = False,
        deep: bool = False,
        encoder: SentenceEncoder | None = None,
    ) -> None:
        self.finder = shipped_finder() if finder is None else finder
        # An indicator that the model was not trained with counts by its published strength.
        weights = self.catalogue.expected() | bundle.risk.signals
        self.bundle = bundle._replace(risk=bundle.risk._replace(signals=weights))
        self.reveal = reveal
        self.deep = DeepJudge(bundle, encoder, self.catalogue.expected()) if deep else None

    @classmethod
    def load(
        cls,
        path: Path | str | None = None,
        finder: IndicatorFinder | None = None,
        *,
        reveal: bool = False,
        deep: bool = False,
    ) -> Self:
        """Load the bundle at `path`, or the model that ships with adscreen.

        Raises
        ------
        BundleError
            If the file is refused; see `adscreen.scoring.bundle_reader.read_bundle`.
        UsageError
            If `deep` is asked for and cannot be had; see `adscreen.scoring.deep_judge.DeepJudge`.
        """
        return cls(read_bundle(shipped_model() if path is None else path), finder, reveal=reveal, deep=deep)

    @property
    def version(self) -> str:
        """Version of the model, as it stands in every result row: with ``+deep`` where the deep model judged too."""
        return shown_version(self.bundle, deep=self.deep is not None)

    @property
    def catalogue(self) -> Catalogue:
        """The indicators that are looked for."""
        return self.finder.catalogue

    def score(self, ads: pd.DataFrame) -> pd.DataFrame:
        """Judge each ad.

        Parameters
        ----------
        ads : DataFrame
            Any of the columns of `adscreen.ads.schema.Ad`, at least one of its text fields; values are
            strings or null. Other columns are ignored. Not changed.

        Returns
        -------
        DataFrame
            The columns of `adscreen.scoring.result.Result`, one row for each ad, in the order and with the
            index of `ads`.

        Raises
        ------
        UsageError
            If there is no text column.
        """
        given = conformed_texts(ads, ("ad_id", *EVIDENCE_FIELDS, "language"))
        originals = [given[name] for name in EVIDENCE_FIELDS]
        counted = [[clean_and_count(text) if text else ("", 0) for text in column] for column in originals]
        cleaned = [[text for text, _ in column] for column in counted]
        disguised = [sum(counts) for counts in zip(*([n for _, n in column] for column in counted), strict=True)]
        texts = [join_fields(fields) for fields in zip(*cleaned[: len(TEXT_FIELDS)], strict=True)]
        models = [model for model in (self.bundle.text, self.bundle.warning) if model is not None]
        scores, *of_warnings = score_by_each(models, texts)
        warning = of_warnings[0].margin if of_warnings else None
        identified: dict[str, str] = {}
        language = [
            code.strip() or _remembered(identified, text, identify)
            for code, text in zip(given["language"], texts, strict=True)
        ]
        # Reposts are common: each text is read once, and explained once.
        explained: dict[tuple[str, ...], Shown] = {}
        fields = list(zip(*originals, strict=True))
        readings = self._read_once(zip(map(join_fields, zip(*cleaned, strict=True)), language, disguised, strict=True))
        signals = SignalTable.of([[each.code for each in reading.evidence] for reading in readings], self._codes)
        judged = self.bundle.risk.judge(scores, signals, self.bundle.thresholds)
        problems = self._abstentions(scores, language, texts, readings, warning)
        if self.deep is not None:
            judged = self.deep.judge(judged, texts, scores, signals, problems == "")
        risk, band = judged
        band[problems != ""] = "unscorable"
        risk = np.where(problems != "", np.nan, risk)
        nothing = Shown("", None, "[]", "[]")
        rows: list[Shown] = []
        for i, (problem, its_band) in enumerate(zip(problems, band, strict=True)):
            if problem:
                rows.append(nothing._replace(reason=problem))
            elif its_band == "clear":
                rows.append(nothing._replace(reason=CLEAR_REASON))
            else:
                if fields[i] not in explained:
                    explained[fields[i]] = self._show(fields[i], readings[i])
                rows.append(explained[fields[i]])
        columns = {
            "ad_id": given["ad_id"],
            "risk": np.round(risk, 6),
            "band": band,
            "reason": [row.reason for row in rows],
            "type": [row.kind for row in rows],
            "indicators": [row.indicators for row in rows],
            "terms": [row.terms for row in rows],
            "language": language,
            "contacts": [self._contacts(reading) for reading in readings],
            "model_version": [self.version] * len(rows),
        }
        return as_results(columns, ads.index)

    @cached_property
    def _codes(self) -> tuple[str, ...]:
        return tuple(self.bundle.risk.signals)

    @cached_property
    def _languages(self) -> frozenset[str]:
        """Languages that the model can judge, or that may be one of them."""
        return frozenset({UNKNOWN, *self.bundle.notes.get("languages", {})})

    def read(self, originals: dict[str, str], language: str = "") -> Reading:
        """Return the indicators, pay, contacts and places of one ad.

        Parameters
        ----------
        originals : dict of str to str
            `EVIDENCE_FIELDS` as given.
        """
        counted = [clean_and_count(text) if text else ("", 0) for text in originals.values()]
        text = join_fields(text for text, _ in counted)
        return read_ad(self.finder, text, language=language, disguised=sum(count for _, count in counted))

    def _read_once(self, ads: Iterable[tuple[str, str, int]]) -> list[Reading]:
        """Return the reading of each ad, given as text, language and number of disguised words; equal ones share it."""
        ads = list(ads)
        different = list(dict.fromkeys(ads))
        texts, languages, disguised = zip(*different, strict=True) if different else ((), (), ())
        readings = read_ads(self.finder, texts, languages=languages, disguised=disguised)
        known = dict(zip(different, readings, strict=True))
        return [known[ad] for ad in ads]

    def evidence(self, locator: Locator, reading: Reading) -> list[Found]:
        """Return the indicators of `reading` with their quotes; see `adscreen.scoring.findings.quote_evidence`."""
        return quote_evidence(reading.evidence, locator, self.bundle.risk.signals, self.catalogue)

    def kinds(self, locator: Locator, found: list[Found]) -> list[str]:
        """Return the kinds of deception the ad points to; see `adscreen.scoring.findings.kinds_of_deception`."""
        of_role = kind_of_role(join_fields(part.text for part in locator.cleaned.values())) if found else None
        return kinds_of_deception(found, self.catalogue, of_role)

    def _show(self, fields: tuple[str, ...], reading: Reading) -> Shown:
        locator = Locator(dict(zip(EVIDENCE_FIELDS, fields, strict=True)))
        found = self.evidence(locator, reading)
        kinds = self.kinds(locator, found)
        terms = self.terms(locator, hidden=located_contacts(reading, locator))
        raised = [term.quote for term in terms if term.weight > 0][:REASON_TERMS]
        return Shown(
            reason_of(found, kinds, raised, self.catalogue),
            kinds[0] if kinds else None,
            _as_json(as_rows(found)),
            _as_json([term._asdict() for term in terms]),
        )

    def _contacts(self, reading: Reading) -> str:
        if not reading.contacts:
            return "[]"
        shown = [
            {"kind": each.kind, "value": each.value if self.reveal else mask(each), "flags": list(each.flags)}
            for each in reading.contacts
        ]
        return _as_json(shown)

    def terms(
        self, locator: Locator, *, limit: int = SHOWN_TERMS, hidden: Sequence[tuple[str, int, int]] = ()
    ) -> list[Term]:
        """Return the phrases of one ad that moved its score most; see `adscreen.scoring.terms.top_terms`.

        Parameters
        ----------
        locator : Locator
            Of the fields of the ad.
        hidden : sequence of (field, start, end)
            What must not be quoted: contacts.
        """
        kept = {name: part for name, part in locator.cleaned.items() if name in TEXT_FIELDS}
        found = top_terms(self.bundle.text, kept, locator.originals, limit=limit + len(hidden))
        shown = [
            term
            for term in found
            if not any(term.field == name and start < term.end and term.start < end for name, start, end in hidden)
        ]
        return shown[:limit]

    def _abstentions(
        self,
        scores: TextScores,
        language: list[str],
        texts: list[str],
        readings: list[Reading],
        warning: NDArray[np.float64] | None,
    ) -> NDArray[np.object_]:
        """Return for each ad why it cannot be judged, or ''."""
        abstain = self.bundle.abstain
        problems = np.full(len(texts), "", dtype=object)
        for i in range(len(texts)):
            n_tokens, known = int(scores.n_tokens[i]), float(scores.known[i])
            new = _base_code(language[i]) not in self._languages
            if n_tokens == 0:
                problems[i] = "There is no text to judge."
            elif n_tokens < abstain.min_tokens:
                problems[i] = f"Too short to judge: {n_tokens} word{'s' if n_tokens > 1 else ''}."
            elif known < abstain.min_known or (new and known < abstain.min_known_new_language):
                problems[i] = f"The model knows too few of the words to judge ({known:.0%}; language: {language[i]})."
            elif reads_as_warning(readings[i], texts[i], None if warning is None else float(warning[i])):
                problems[i] = WARNING_REASON
        return problems


class Shown(NamedTuple):
    """What a result row says of an ad beside its risk."""

    reason: str
    kind: str | None
    indicators: str
    terms: str


WARNING_REASON = "Reads as a warning, not an ad."
CLEAR_REASON = "Lower concern: the wording is like that of genuine ads; this does not prove the offer is real."


def _remembered(known: dict[K, V], key: K, make: Callable[[K], V]) -> V:
    if key not in known:
        known[key] = make(key)
    return known[key]


def _base_code(language: str) -> str:
    """Return the language without script or country, as the bundle counts them: "zh" of "zh-Hant", "zh_TW".

    What is no code, such as "English" or "id/en", tells nothing and is taken for undetermined.
    """
    code = language.replace("_", "-").split("-")[0].lower()
    return code if len(code) in (2, 3) and code.isascii() and code.isalpha() else UNKNOWN


def shipped_model() -> Path:
    """Return the path of the model that ships with adscreen.

    Raises
    ------
    BundleError
        If this installation has none.
    """
    packaged = Path(str(resources.files("adscreen"))) / "models" / "adscreen.bundle"
    if packaged.is_file():
        return packaged
    # An editable install from the repository: the model stands in models/ at its top.
    in_repository = Path(__file__).resolve().parents[3] / "models" / "adscreen.bundle"
    if in_repository.is_file():
        return in_repository
    raise BundleError("This installation has no model. Give one with --model, or reinstall adscreen.")

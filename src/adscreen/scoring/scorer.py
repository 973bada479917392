"""`Scorer`: judge a frame of ads with a bundle. A pure function: no files, no clock, no network, no state."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Self, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from adscreen.ads.cleaning import clean, clean_with_offsets
from adscreen.ads.schema import TEXT_FIELDS, conform
from adscreen.errors import BundleError
from adscreen.scoring.bundle import Bundle, read_bundle
from adscreen.scoring.result import RESULT_COLUMNS
from adscreen.scoring.terms import Term, top_terms
from adscreen.signals.language import UNKNOWN, identify
from adscreen.signals.linear_text import TextScores, score_texts
from adscreen.signals.ngrams import join_fields

K = TypeVar("K")
V = TypeVar("V")

SHOWN_TERMS = 8
REASON_TERMS = 3


class Scorer:
    """Judges ads with one model.

    Parameters
    ----------
    bundle : Bundle

    Examples
    --------
    >>> scorer = Scorer.load()
    >>> frame = pd.DataFrame({"description": ["hi"]})
    >>> scorer.score(frame)[["band", "reason"]].values.tolist()
    [['unscorable', 'Too short to judge: 1 word.']]
    """

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle

    @classmethod
    def load(cls, path: Path | str | None = None) -> Self:
        """Load the bundle at `path`, or the model that ships with adscreen.

        Raises
        ------
        BundleError
            If the file is refused; see `adscreen.scoring.bundle.read_bundle`.
        """
        return cls(read_bundle(shipped_model() if path is None else path))

    @property
    def version(self) -> str:
        """Version of the model, as it stands in every result row."""
        return self.bundle.version

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
        index = ads.index
        ads = conform(ads)
        originals = [ads[name].tolist() for name in TEXT_FIELDS]
        cleaned = [[clean(text) if text else "" for text in column] for column in originals]
        texts = [join_fields(fields) for fields in zip(*cleaned, strict=True)]
        scores = score_texts(self.bundle.text, texts)
        risk = self.bundle.risk.risk(scores)
        given = ads["language"].str.strip().tolist()
        identified: dict[str, str] = {}
        explained: dict[tuple[str, ...], list[Term]] = {}  # reposts are common: each text is explained once
        language = [code or _remembered(identified, text, identify) for code, text in zip(given, texts, strict=True)]
        problems = self._abstentions(scores, language, texts)
        band = self.bundle.thresholds.band(risk)
        band[problems != ""] = "unscorable"
        risk = np.where(problems != "", np.nan, risk)
        reasons: list[str] = []
        terms: list[str] = []
        for i, (problem, its_band) in enumerate(zip(problems, band, strict=True)):
            if problem:
                found: list[Term] = []
                reasons.append(problem)
            elif its_band == "clear":
                found = []
                reasons.append(CLEAR_REASON)
            else:
                fields = tuple(column[i] for column in originals)
                found = _remembered(explained, fields, self._terms_of)
                reasons.append(_reason(found))
            terms.append(json.dumps([term._asdict() for term in found], ensure_ascii=False))
        result = pd.DataFrame(
            {
                "ad_id": ads["ad_id"].to_numpy(),
                "risk": np.round(risk, 6),
                "band": band,
                "reason": reasons,
                "type": None,
                "indicators": "[]",
                "terms": terms,
                "language": language,
                "contacts": "[]",
                "model_version": self.version,
            },
            index=index,
            columns=list(RESULT_COLUMNS),
        )
        return result.astype({name: "str" for name in RESULT_COLUMNS if name != "risk"})

    def _terms_of(self, fields: tuple[str, ...]) -> list[Term]:
        return self.terms(dict(zip(TEXT_FIELDS, fields, strict=True)))

    def terms(self, fields: dict[str, str], *, limit: int = SHOWN_TERMS) -> list[Term]:
        """Return the phrases of one ad that moved its score most; see `adscreen.scoring.terms.top_terms`.

        Parameters
        ----------
        fields : dict of str to str
            The text fields as given, in the order of `TEXT_FIELDS`.
        """
        cleaned = {name: clean_with_offsets(text) for name, text in fields.items() if text}
        kept = {name: part for name, part in cleaned.items() if part.text}
        return top_terms(self.bundle.text, kept, fields, limit=limit)

    def _abstentions(self, scores: TextScores, language: list[str], texts: list[str]) -> NDArray[np.object_]:
        """Return for each ad why it cannot be judged, or ''."""
        abstain = self.bundle.abstain
        known_languages = set(self.bundle.notes.get("languages", {}))
        problems = np.full(len(texts), "", dtype=object)
        for i in range(len(texts)):
            n_tokens, known = int(scores.n_tokens[i]), float(scores.known[i])
            new = _base_code(language[i]) not in known_languages | {UNKNOWN}
            if n_tokens == 0:
                problems[i] = "There is no text to judge."
            elif n_tokens < abstain.min_tokens:
                problems[i] = f"Too short to judge: {n_tokens} word{'s' if n_tokens > 1 else ''}."
            elif known < abstain.min_known or (new and known < abstain.min_known_new_language):
                problems[i] = f"The model knows too few of the words to judge ({known:.0%}; language: {language[i]})."
        return problems


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


def _reason(terms: list[Term]) -> str:
    raised = [term.quote for term in terms if term.weight > 0][:REASON_TERMS]
    if not raised:
        return "Higher concern: many small signs in the wording, none of them strong on its own."
    quotes = ", ".join(f"“{' '.join(quote.split())}”" for quote in raised)
    return f"Higher concern: the wording is like that of deceptive ads, above all {quotes}."


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

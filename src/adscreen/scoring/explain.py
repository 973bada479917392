"""Why an ad was judged as it was: its evidence, and the parts that add up to the log-odds."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from adscreen.ads.cleaning import clean
from adscreen.ads.columns import parse_map
from adscreen.ads.readers import read_ads
from adscreen.ads.schema import TEXT_FIELDS, conform
from adscreen.errors import UsageError
from adscreen.learning.risk import RiskModel, Thresholds, sigmoid
from adscreen.scoring.findings import Found, Locator, located_contacts
from adscreen.scoring.scorer import Scorer
from adscreen.scoring.terms import Term
from adscreen.signals.contacts import mask
from adscreen.signals.evidence import EVIDENCE_FIELDS, Reading
from adscreen.signals.indicator_files import EXPECTED_LOG_ODDS
from adscreen.signals.linear_text import score_texts
from adscreen.signals.ngrams import join_fields
from adscreen.signals.table import SignalTable


class ShownContact(NamedTuple):
    """A contact in the ad as given: ``original[field][start:end]``; `masked` is what may be shown."""

    kind: str
    masked: str
    field: str
    start: int
    end: int
    flags: tuple[str, ...]


class ShownPay(NamedTuple):
    """The best pay an ad states, beside the going rate.

    Attributes
    ----------
    quote : str
        As it stands in the clean text.
    usd_month : float
        USD a month.
    role, country : str
        Of the going rate.
    rate_usd_month : float
        The going rate, USD a month.
    source : str
        Of the rate.
    """

    quote: str
    usd_month: float
    role: str
    country: str
    rate_usd_month: float
    source: str


class Explanation(NamedTuple):
    """One ad, explained.

    Attributes
    ----------
    result : dict
        Its result row; None where that has no value.
    fields : dict of str to str
        The fields that were read, as given, without empty ones.
    found : list of Found
        The indicators with their quotes; `weight` in log-odds.
    kinds : list of str
        Kinds of deception the indicators point to, the best supported first.
    terms : list of Term
        The phrases that moved the text score most; `weight` in log-odds of the text model.
    contacts : list of ShownContact
    pay : ShownPay or None
        None where no pay is stated or no rate is known.
    parts : dict of str to float
        Log-odds: ``baseline``, ``text``, ``meaning`` where the deep model judged, one for each indicator by its code,
        and ``lowering limit`` where what lowers concern is held back; they sum to `log_odds`.
    log_odds : float
        ``risk = 1 / (1 + exp(-log_odds))``.
    thresholds : dict of str to float
        The lowest risk of ``review`` and ``urgent``.
    changes : list of str
        What would change the band, in plain sentences.
    """

    result: dict[str, Any]
    fields: dict[str, str]
    found: list[Found]
    kinds: list[str]
    terms: list[Term]
    contacts: list[ShownContact]
    pay: ShownPay | None
    parts: dict[str, float]
    log_odds: float
    thresholds: dict[str, float]
    changes: list[str]

    def as_json(self) -> dict[str, Any]:
        """Return the explanation as plain JSON values."""
        plain = self._asdict()
        for name in ("found", "terms", "contacts"):
            plain[name] = [each._asdict() for each in plain[name]]
        plain["pay"] = self.pay._asdict() if self.pay else None
        return plain


def explain(scorer: Scorer, ad: pd.DataFrame, *, limit: int = 12) -> Explanation:
    """Explain the one ad of the frame `ad`, shape (1, n_columns)."""
    ad = conform(ad).reset_index(drop=True)
    originals = {name: str(ad.at[0, name]) for name in EVIDENCE_FIELDS}
    result = {str(name): None if pd.isna(value) else value for name, value in scorer.score(ad).iloc[0].items()}
    reading = scorer.read(originals, str(result["language"]))
    locator = Locator(originals)
    found = scorer.evidence(locator, reading)
    places = located_contacts(reading, locator)
    text_fields = {name: originals[name] for name in TEXT_FIELDS}
    joined = join_fields(clean(text) for text in text_fields.values())
    scores = score_texts(scorer.bundle.text, [joined])
    model, thresholds, deep = scorer.bundle.risk, scorer.bundle.thresholds, None
    codes = tuple(dict.fromkeys(each.code for each in reading.evidence))
    signals = SignalTable(codes, np.ones((1, len(codes)), bool))
    judged = result["band"] != "unscorable"
    if scorer.deep is not None and judged and scorer.deep.is_open(model.risk(scores, signals))[0]:
        model, thresholds, deep = scorer.deep.model.risk, scorer.deep.model.thresholds, scorer.deep.margin([joined])
    of_model = model.parts(scores, signals, deep)
    meaning = None if deep is None else float(model.weights[-1] * deep[0])
    parts = _parts(model, float(of_model.text[0]), meaning, float(of_model.lowering[0]), codes)
    log_odds = float(sum(parts.values()))
    return Explanation(
        result,
        {name: text for name, text in originals.items() if text},
        found,
        scorer.kinds(locator, found),
        scorer.terms(locator, limit=limit, hidden=places),
        [
            ShownContact(each.kind, mask(each), *place, each.flags)
            for each, place in zip(reading.contacts, places, strict=True)
        ],
        _pay(reading, originals),
        parts,
        log_odds,
        thresholds.as_json(),
        _changes(scorer, thresholds, parts, log_odds, str(result["band"])) if judged else [],
    )


def _parts(
    model: RiskModel, text: float, meaning: float | None, lowering: float, codes: tuple[str, ...]
) -> dict[str, float]:
    parts = {"baseline": model.intercept, "text": text}
    if meaning is not None:
        parts |= {"text": text - meaning, "meaning": meaning}
    parts |= {code: model.signals[code] for code in codes if model.signals.get(code, 0.0) != 0.0}
    held_back = lowering - sum(value for code, value in parts.items() if code in codes and value < 0)
    if abs(held_back) > 1e-9:
        parts["lowering limit"] = held_back
    return parts


def _pay(reading: Reading, originals: dict[str, str]) -> ShownPay | None:
    if reading.best_offer is None:
        return None
    pay, rate, _ = reading.best_offer
    text = join_fields(clean(field) for field in originals.values())
    return ShownPay(text[pay.start : pay.end], pay.usd_month, rate.role, rate.country, rate.usd_month, rate.source)


_HELD_BELOW_URGENT = (
    "Its risk of {risk:.3f} is that of an urgent ad, but wording alone, or one sign, never makes an ad urgent; one more"
    " sign would."
)


def _changes(scorer: Scorer, thresholds: Thresholds, parts: dict[str, float], log_odds: float, band: str) -> list[str]:
    """Say which single part holds the ad in its band, or what would lift it."""
    cut = {"urgent": thresholds.urgent, "review": thresholds.review, "clear": thresholds.review}[band]
    if cut >= 1.0:  # a threshold no ad reaches: that of a model with next to no genuine ads
        return []
    needed = float(np.log(cut / (1.0 - cut)))
    risk = float(sigmoid(np.array([log_odds]))[0])
    if band == "clear":
        return [f"Its risk is {risk:.3f}, review begins at {cut:.3f}: {_missing(needed - log_odds)}"]
    indicators = scorer.catalogue.indicators
    lower = {"urgent": "review", "review": "clear"}[band]
    changes = [_HELD_BELOW_URGENT.format(risk=risk)] if band == "review" and risk >= thresholds.urgent else []
    changes += [
        f"Without “{indicators[code].label}” it would be {lower}."
        for code, value in parts.items()
        if code in indicators and value > 0 and log_odds - value < needed
    ]
    if log_odds - parts["text"] < needed and parts["text"] > 0:
        changes.append(f"Without what the wording adds it would be {lower}.")
    meaning = parts.get("meaning", 0.0)
    if log_odds - meaning < needed and meaning > 0:
        changes.append(f"Without what its meaning adds it would be {lower}.")
    return changes or [f"No single part holds it there: its risk is {risk:.3f}, the band begins at {cut:.3f}."]


def _missing(log_odds: float) -> str:
    """Say in signs, not in log-odds, what would take a clear ad to review."""
    for name, worth in zip(("weak", "medium", "strong"), sorted(EXPECTED_LOG_ODDS.values()), strict=True):
        if worth >= log_odds:
            return f"one more {name} sign would send it there."
    signs = math.ceil(log_odds / max(EXPECTED_LOG_ODDS.values()))
    return f"it would take {signs} more strong signs to send it there."


def find_ad(
    source: str | None, ad_id: str | None, text: str | None, mapping: list[str], input_format: str | None
) -> pd.DataFrame:
    """Return the ad to explain, in a frame of one row: `text`, or the ad `ad_id`, or the first, of a file.

    Raises
    ------
    UsageError
        If neither or both of `source` and `text` are given, or there is no such ad.
    """
    if (source is None) == (text is None):
        raise UsageError("explain needs a file or --text, one of them: adscreen explain ads.csv --ad-id 17")
    if source is None:
        return pd.DataFrame({"description": [text]})
    for ads in read_ads(source, mapping=parse_map(mapping), input_format=input_format):
        found = ads if ad_id is None else ads[ads["ad_id"] == ad_id]
        if len(found):
            return found.iloc[[0]]
    raise UsageError(f"{source}: no ad has the ad_id {ad_id!r}. Ids are in the first column of the results.")

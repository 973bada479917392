"""Explanations made by hand: what the report shows must not depend on a model."""

import json
import math

import pytest

from adscreen.scoring.explain import Explanation, ShownContact, ShownPay
from adscreen.scoring.findings import Found, kinds_of_deception
from adscreen.scoring.terms import Term
from adscreen.screening import Summary, write_report
from adscreen.signals.indicator_files import shipped_catalogue


def explained(
    fields,
    signs=(),
    contacts=(),
    *,
    terms=(),
    ad_id="ad-1",
    band="urgent",
    risk=0.9,
    language="en",
    reason="Higher concern: many small signs.",
    pay=None,
    changes=(),
    **facts,
):
    """`signs` are (code, field, quote), `contacts` (kind, masked, field, text), `terms` (quote, field, weight)."""
    catalogue = shipped_catalogue()
    found = []
    for code, field, quote in signs:
        start = fields[field].index(quote)
        indicator = catalogue.indicators[code]
        weight = -0.3 if indicator.lowers else 0.3 * indicator.strength
        found.append(Found(code, indicator.label, quote, field, start, start + len(quote), weight, indicator.source))
    shown = []
    for kind, masked, field, raw in contacts:
        start = fields[field].index(raw)
        shown.append(ShownContact(kind, masked, field, start, start + len(raw), ()))
    moved = [Term(q, field, fields[field].index(q), fields[field].index(q) + len(q), w) for q, field, w in terms]
    result = {
        "ad_id": ad_id,
        "risk": risk,
        "band": band,
        "reason": reason,
        "type": None,
        "indicators": json.dumps([]),
        "terms": "[]",
        "language": language,
        "contacts": "[]",
        "model_version": "test-1",
        **facts,
    }
    log_odds = math.log(risk / (1 - risk))
    return Explanation(
        result,
        dict(fields),
        found,
        kinds_of_deception(found, catalogue),
        moved,
        shown,
        pay,
        {"baseline": -1.0, "text": log_odds + 1.0},
        log_odds,
        {"review": 0.3, "urgent": 0.7},
        list(changes),
    )


def summary_of(ads, copies=None, **changes):
    by_band = {"urgent": 0, "review": 0, "clear": 0, "unscorable": 0}
    for ad, count in zip(ads, copies or [1] * len(ads), strict=True):
        by_band[ad.result["band"]] += count
    summary = Summary(("ads.xlsx",), sum(by_band.values()), by_band, 0, [], 40, [], "test-1", "14 March 2026")
    return summary._replace(**changes)


@pytest.fixture
def report(tmp_path):
    """Write a report and return its HTML."""

    def write(ads, copies=None, **changes):
        path = tmp_path / "report.html"
        summary = summary_of(ads, copies, **changes)
        write_report(path, ads, copies or [1] * len(ads), summary, shipped_catalogue())
        return path.read_text(encoding="utf-8")

    return write


HOSTILE = explained(
    {
        "title": "<script>document.title = 'ran'</script> Typist",
        "description": (
            "<p>Good pay</p><img src=x onerror=\"document.title='ran'\"> &lt;b&gt;</div></article></main>"
            "<style>body{display:none}</style><a href=\"javascript:document.title='ran'\">apply</a> {{ 7 * 7 }} "
            "\u202ebackwards\u202c \x07 <iframe src='https://example.org/x'></iframe> We keep your passport."
        ),
        "company": '"><svg onload="document.title=\'ran\'">',
    },
    [("passport_held", "description", "We keep your passport")],
    ad_id="<i>1</i>",
    source="group <img src=x onerror=alert(1)>",
    language='en" onmouseover="document.title=1',
)
ARABIC = explained(
    {
        "title": "وظائف خدمة عملاء في كمبوديا",
        "description": "راتب 3000 دولار، بدون خبرة، التأشيرة مجانا.\nتيليجرام @hr_demo_kh",
    },
    [("no_experience", "description", "بدون خبرة"), ("all_inclusive", "description", "التأشيرة مجانا")],
    [("telegram", "@hr***", "description", "@hr_demo_kh")],
    terms=[("بدون خبرة", "description", 0.4)],
    ad_id="ad-2",
    language="ar",
    pay=ShownPay("3000 دولار", 3000.0, "customer_service", "KH", 312.0, "minimum wage, Ministry of Labour"),
    changes=["Without “No experience or schooling needed” it would be review."],
)
LONG = explained(
    {
        "title": "Kitchen help",
        "description": "Rice is cooked at noon. " * 300 + "You pay a deposit first. " + "Rest. " * 2000,
    },
    [("upfront_fee", "description", "pay a deposit first")],
    ad_id="ad-3",
    band="review",
    risk=0.4,
)
CALM = explained(
    {"title": "Nurse", "description": "Harbour Care Ltd, 12 Dock Street. The employer pays all fees."},
    [("named_employer", "description", "Harbour Care Ltd, 12 Dock Street")],
    ad_id="ad-4",
    band="clear",
    risk=0.004,
    reason="Lower concern.",
)

"""Each shortcut gives what the long way gives."""

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adscreen.ads.cleaning import clean
from adscreen.signals.evidence import FAR_ABOVE, Reading, best_offer, read_ad, read_ads
from adscreen.signals.folded import fold_text
from adscreen.signals.indicators import shipped_finder
from adscreen.signals.phrase_chains import make_chains, variants_of
from adscreen.signals.phrase_finder import PhraseFinder

sys.path.append(str(Path(__file__).parent))
from slow_phrases import hits as slow_hits

AUTHORED = Path(__file__).resolve().parents[2] / "data/authored"
SHARED = Path(__file__).resolve().parents[3] / "shared/data"
PHRASES = [
    "visa free",
    "visa .. free",
    "(visa|permit) .. (agent|agency) .. free",
    "earn # dollars",
    "# dollars .. daily",
    "earn .. dollars .. daily",
    "visa* agent",
    "free visa free visa",
    "daily*",
    "月薪 .. 万",
    "月薪 # 万",
]
WORDS = [
    "visa",
    "visas",
    "permit",
    "free",
    "agent",
    "agency",
    "earn",
    "3",
    "500",
    "5k",
    "dollars",
    "daily",
    "月薪",
    "万",
    ".",
]


def authored_texts(every):
    lines = [line for file in sorted(AUTHORED.glob("*.jsonl")) for line in file.open(encoding="utf-8")]
    return [clean(json.loads(line)["text"]) for line in lines[::every]]


@given(st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))
def test_phrases_are_found_as_if_each_were_looked_for_on_its_own(text):
    variants = [pair for owner, phrase in enumerate(PHRASES) for pair in variants_of([phrase], owner)]
    folded = fold_text(text)

    assert [tuple(hit) for hit in PhraseFinder(make_chains(variants)).find(folded)] == slow_hits(variants, folded)


def test_ads_read_together_read_as_each_on_its_own():
    texts = authored_texts(every=40)
    finder = shipped_finder()

    together = read_ads(finder, texts, languages=["en"] * len(texts), disguised=[0] * len(texts))

    assert [as_plain(each) for each in together] == [as_plain(read_ad(finder, text, language="en")) for text in texts]


def check_pay(texts):
    for text in texts:
        reading = read_ad(shipped_finder(), text)
        way = reading.route
        best = best_offer(text, reading.pay, reading.country)
        abroad = way.origin is not None and bool(way.destinations) and way.origin not in way.destinations
        far = best is not None and best.rate.role != "any" and best.ratio >= FAR_ABOVE and abroad
        assert [each.code for each in reading.evidence].count("pay_far_above_rate") == far


def test_pay_far_above_the_rate_is_found_as_if_all_pay_were_read():
    check_pay(authored_texts(every=20))


@pytest.mark.shared
def test_pay_far_above_the_rate_is_found_in_real_ads_as_if_all_pay_were_read():
    files = [*SHARED.glob("genuine/*.jsonl"), *SHARED.glob("messages/*.jsonl")]
    if not files:
        pytest.skip(f"the real data is not here: no folder {SHARED}")
    check_pay([clean(json.loads(line)["text"]) for file in files for line in file.open(encoding="utf-8")][::3])


def as_plain(reading: Reading):
    return reading.evidence, reading.contacts, reading.places, reading.route, reading.pay, reading.best_offer

"""Each shortcut gives what the long way gives."""

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adscreen.ads.cleaning import clean
from adscreen.signals.evidence import FAR_ABOVE, Reading, best_offer, read_ad, read_ads
from adscreen.signals.folded import fold_text, fold_texts
from adscreen.signals.indicators import _has_one, shipped_finder
from adscreen.signals.phrase_chains import make_chains, variants_of
from adscreen.signals.phrase_finder import MAX_HITS, PhraseFinder

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


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join), max_size=6))
def test_phrases_of_texts_read_together_are_those_of_each_on_its_own(texts):
    variants = [pair for owner, phrase in enumerate(PHRASES) for pair in variants_of([phrase], owner)]
    finder = PhraseFinder(make_chains(variants))

    assert finder.find_all(fold_texts(texts)) == [finder.find(fold_text(text)) for text in texts]


@pytest.mark.parametrize("kept", [1, 7, 64])
def test_hits_beyond_those_that_are_kept_of_one_text_leave_those_of_the_next_alone(kept, monkeypatch):
    monkeypatch.setattr("adscreen.signals.phrase_finder.MAX_HITS", kept)
    finder = PhraseFinder(make_chains(variants_of(["visa free"], 0)))
    texts = ["visa free " * 60, "", "visa free visa free visa free"]

    assert [len(hits) for hits in finder.find_all(fold_texts(texts))] == [min(kept, 60), 0, min(kept, 3)]


@given(
    st.lists(st.sampled_from(["no", "do", "not", "never", "不", "会", ""]), max_size=6),
    st.frozensets(st.sampled_from(["no", "do not", "never", "不 会", "do not ever", "not"])),
)
def test_negating_words_are_found_as_a_search_in_the_text_finds_them(words, known):
    text = f" {' '.join(words)} "

    assert _has_one(words, known) == any(f" {word} " in text for word in known)


def test_of_a_text_that_repeats_itself_no_more_hits_are_kept_than_the_limit():
    finder = PhraseFinder(make_chains(variants_of(["visa free"], 0)))

    assert len(finder.find(fold_text("visa free " * 30_000))) == MAX_HITS


def test_long_ads_are_read_in_smaller_groups_with_the_same_result(monkeypatch):
    texts = ["Passport kept by the company. Free visa!", "", "Job in Dubai, licence no: AB1234"] * 3
    finder = shipped_finder()
    at_once = read_ads(finder, texts, languages=["en"] * 9, disguised=[0] * 9)
    monkeypatch.setattr("adscreen.signals.evidence._LETTERS_TOGETHER", 50)

    in_groups = read_ads(finder, texts, languages=["en"] * 9, disguised=[0] * 9)

    assert [as_plain(each) for each in in_groups] == [as_plain(each) for each in at_once]


def test_ads_read_together_read_as_each_on_its_own():
    texts = authored_texts(every=40)
    finder = shipped_finder()

    together = read_ads(finder, texts, languages=["en"] * len(texts), disguised=[0] * len(texts))

    assert [as_plain(each) for each in together] == [as_plain(read_ad(finder, text, language="en")) for text in texts]


def check_pay(texts):
    for text in texts:
        reading = read_ad(shipped_finder(), text)
        way = reading.route
        best = best_offer(text, reading.pay, reading.route)
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

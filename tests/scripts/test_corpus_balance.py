"""Balance: nothing but the meaning tells lures from honest ads."""

import pytest

from corpus_balance import (
    balance_errors,
    balance_table,
    entry_pattern,
    features,
    found_words,
    has_licence_number,
    reassurance_words,
)
from corpus_rules import LANGUAGES, Ad


def table_of(ads):
    return balance_table([Ad("en.jsonl", i, ad) for i, ad in enumerate(ads, 1)])


def add_to(ads, label, text):
    """The sound corpus with `text` added to every ad of a label."""
    for ad in ads:
        if ad["label"] == label:
            ad["text"] += text
    return ads


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        (" 🔥🔥", "emoji"),
        (" Pay is 900.", "digits"),
        (" Hurry!", "exclamation marks"),
        ("\nCome", "line breaks"),
        (" 0917 000 1234", "phone"),
        (" NOW OR NEVER", "capitals"),
        (" DMW-077-LB licence no. 077", "licence number"),
        (" Legal and guaranteed.", "reassurance words"),
        (" The work is easy and so are the days by the sea.", "length"),
    ],
)
@pytest.mark.parametrize(("label", "leaning"), [(1, "lures"), (0, "honest ads")])
def test_a_feature_of_one_label_is_an_error(ads, text, feature, label, leaning):
    table = table_of(add_to(ads, label, text))
    auc = 1.0 if label else 0.0
    assert table[feature] == auc
    assert f"{feature}: AUC {auc:.2f}, outside 0.40 to 0.60; {leaning} have too much of it" in balance_errors(table)


@pytest.mark.parametrize(("field", "value"), [("channel", "telegram"), ("lang", "vi")])
def test_a_channel_or_language_of_one_label_is_an_error(ads, field, value):
    for ad in ads:
        ad[field] = value if ad["label"] else ad[field]
    name = f"{'language' if field == 'lang' else field} {value}"
    assert f"{name}: AUC 1.00, outside 0.40 to 0.60; lures have too much of it" in balance_errors(table_of(ads))


def test_words_of_reassurance_that_one_label_uses_alone_are_an_error(ads):
    # As many words on both sides, but not the same ones: only the bag tells.
    for ad in ads:
        ad["text"] += " You get an agreement." if ad["label"] else " You get an insurance."
    table = table_of(ads)
    assert table["reassurance words"] == 0.5
    assert balance_errors(table) == [
        "reassurance words as a bag: AUC 1.00, above 0.60; lures and honest ads must use the same reassuring words "
        "equally often"
    ]


def test_a_corpus_without_reassuring_words_is_balanced(ads):
    for ad in ads:
        ad["text"] = ad["text"].replace("licensed ", "")
    table = table_of(ads)
    assert table["reassurance words as a bag"] == 0.5
    assert balance_errors(table) == []


def test_warnings_are_left_out_of_the_balance(ads):
    warning = ads[1] | {"kind": "warning", "id": "t-en-01-w", "text": "!!! 🔥" * 30}
    assert table_of([*ads, *[warning] * 20]) == table_of(ads)


def test_ads_of_one_label_have_no_balance(ads):
    with pytest.raises(ValueError, match=r"^balance needs at least 5 families, and ads of both labels; write more$"):
        table_of([ad for ad in ads if ad["label"]])


def test_every_channel_and_language_is_measured():
    names = set(features())
    assert {f"language {lang}" for lang in LANGUAGES.split()} <= names
    assert len([name for name in names if name.startswith("channel ")]) == 8


def test_every_language_has_words_for_every_kind_of_promise():
    words = reassurance_words()
    promises = {"licence", "contract", "no_fee", "official", "genuine", "insurance"}
    assert set(words) == set(LANGUAGES.split())
    for lang, by_promise in words.items():
        assert set(by_promise) == promises, lang
        for entries in by_promise.values():
            assert entries, lang
            assert all(isinstance(entry, str) and len(entry.strip()) >= 2 for entry in entries), lang


def words_in(lang, text):
    return [word for _, word in found_words(Ad("x.jsonl", 1, {"lang": lang, "text": text}))]


@pytest.mark.parametrize(
    ("lang", "text", "found"),
    [
        ("en", "Licensed agency, NO PLACEMENT FEE", ["licensed"[:5], "no placement fee"]),
        ("en", "Unlicensed; safety shoes", []),
        ("vi", "công ty licensed", ["licen"]),
    ],
)
def test_reassuring_words_are_found_at_the_start_of_words_and_in_english_too(lang, text, found):
    assert words_in(lang, text) == found


def test_an_entry_that_ends_in_a_space_is_a_whole_word():
    assert entry_pattern("safe ") == r"(?<!\w)safe(?!\w)"
    assert entry_pattern("licen") == r"(?<!\w)licen"


def test_in_scripts_without_spaces_a_word_may_stand_anywhere():
    assert entry_pattern("合同") == "合同"


@pytest.mark.parametrize(
    ("text", "expected"), [("Licence no. 077", True), ("Licensed, ask for 077", True), ("Licensed agency", False)]
)
def test_a_licence_number_is_a_number_soon_after_the_word(text, expected):
    assert has_licence_number(Ad("en.jsonl", 1, {"lang": "en", "text": text})) is expected

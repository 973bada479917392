"""How far a negation reaches: it turns round the sign beside it, in its own sentence."""

import pytest

from adscreen.signals.indicator_files import read_catalogue, shipped_catalogue
from adscreen.signals.indicators import IndicatorFinder

INDICATORS = """\
family: test
title: Signs for a test
indicators:
  - code: deposit_test
    label: Asks for a deposit
    question: Ask who wants the deposit.
    suggests: [visa_fraud]
    source: Team observation
    strength: 3
"""


@pytest.fixture
def codes(tmp_path):
    """A function that gives the codes found in a text, with phrases and negations of one language."""

    def found(text, phrase, before=(), after=()):
        (tmp_path / "test.yaml").write_text(INDICATORS, encoding="utf-8")
        (tmp_path / "phrases").mkdir(exist_ok=True)
        (tmp_path / "phrases" / "en.yaml").write_text(
            f"language: en\nphrases:\n  deposit_test: [{phrase}]\n"
            f"negation: {{before: [{', '.join(before)}], after: [{', '.join(after)}]}}\n",
            encoding="utf-8",
        )
        catalogue = read_catalogue(tmp_path, shipped_catalogue())
        alone = catalogue._replace(phrases=catalogue.phrases[-1:])
        return [each.code for each in IndicatorFinder(alone).find(text)]

    return found


def test_a_negation_up_to_three_words_before_turns_a_sign_round(codes):
    assert codes("We want a deposit.", "deposit", before=["no"]) == ["deposit_test"]
    assert codes("There is no such big deposit.", "deposit", before=["no"]) == []
    assert codes("No, we all want a deposit.", "deposit", before=["no"]) == ["deposit_test"]


def test_a_negation_of_the_sentence_before_does_not_reach(codes):
    assert codes("Experience? No! Deposit first.", "deposit", before=["no"]) == ["deposit_test"]


def test_a_negation_after_turns_a_sign_round(codes):
    assert codes("Kaution verlangen wir nicht.", "kaution", after=["nicht"]) == []


def test_a_negation_of_the_sentence_after_does_not_reach(codes):
    assert codes("Abflug morgen. Nicht lange warten!", "abflug morgen", after=["nicht"]) == ["deposit_test"]


@pytest.mark.parametrize("text", ["保証金は一切不要です", "保証金は一切不要"])
def test_a_negation_after_is_found_by_letters_at_the_end_of_a_text_too(codes, text):
    assert codes(text, "保証金", after=["不要"]) == []


def test_a_negation_before_a_comma_turns_nothing_round_behind_it(codes):
    assert codes("You are not paid, deposit first.", "deposit", before=["not"]) == ["deposit_test"]
    assert codes("Not 1,000 deposit.", "deposit", before=["not"]) == []


def test_a_negation_behind_a_comma_turns_nothing_round_before_it(codes):
    assert codes("Kaution sofort, nicht warten!", "kaution sofort", after=["nicht"]) == ["deposit_test"]


def test_the_items_of_a_list_share_a_negation(codes):
    assert codes("不收中介费、保证金", "保证金", before=["不收"]) == codes("不收保证金", "保证金", before=["不收"])

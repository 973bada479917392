"""A full stop behind an abbreviation ends no sentence."""

import pytest

from adscreen.signals.folded import fold_text


@pytest.mark.parametrize(
    "text",
    [
        "Call Tel. Office",
        "Licence No. 12",
        "Rs. 5,000 a month",
        "Sunrise Co. is hiring",
        "Sp. z o.o. z siedzibą",
        "Sprachen, z.B. Englisch",
        "Praca, ul. Lipowa 5",
        "Kantor: Jl. Sudirman 12",
        "Тел. Ивана, ул. Лесная",
    ],
)
def test_the_sentence_goes_on_behind_an_abbreviation(text):
    assert "\n" not in fold_text(text).text


@pytest.mark.parametrize(
    "text",
    [
        "Fees? No. Apply",
        "Sunrise Ltd. We pay",
        "Work is 8 hrs. Apply now",
        "Год 2024 г. Требования",
        "Call the tel.\nNow",
    ],
)
def test_a_word_that_may_end_a_sentence_ends_it_before_a_capital_or_a_new_line(text):
    assert "\n" in fold_text(text).text


@pytest.mark.parametrize("text", ["Visa free. Apply", "Contract signed. no fee", "Good English. 5 places"])
def test_any_other_word_ends_the_sentence(text):
    assert fold_text(text).text.count("\n") == 1

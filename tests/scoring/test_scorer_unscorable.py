"""What `Scorer` does not judge, and how it knows the language."""

import numpy as np
import pandas as pd
import pytest
from one_ad import score_one

from adscreen.scoring.scorer import Scorer
from adscreen.signals.linear_text import score_texts

# Unscorable


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "There is no text to judge."),
        (" \n\t", "There is no text to judge."),
        ("<br>&nbsp;\u200b", "There is no text to judge."),
        ("🔥🔥🔥 !!!", "There is no text to judge."),
        ("hi", "Too short to judge: 1 word."),
        ("free visa now", "Too short to judge: 3 words."),
        ("高薪招聘中", "Too short to judge: 5 words."),
    ],
)
def test_an_ad_with_too_little_text_is_unscorable(scorer, text, reason):
    row = score_one(scorer, description=text)
    assert (row["band"], row["reason"], row["terms"]) == ("unscorable", reason, "[]")
    assert np.isnan(row["risk"])


def test_an_ad_of_words_the_model_does_not_know_is_unscorable(scorer):
    row = score_one(scorer, description="qxzj wvkq jjxq zzqv kxwj vvqz qqjx", language="en")
    assert row["band"] == "unscorable"
    assert row["reason"] == "The model knows too few of the words to judge (0%; language: en)."


def test_a_language_without_training_ads_needs_more_known_words(scorer):
    # Three of seven words are known: enough for English, too few for Icelandic.
    text = "visa salary ticket qxzj wvkq jjxq zzqv"
    assert 0.2 <= score_texts(scorer.bundle.text, [text]).known[0] < 0.6
    assert score_one(scorer, description=text, language="en")["band"] != "unscorable"
    row = score_one(scorer, description=text, language="is")
    assert row["band"] == "unscorable"
    assert row["reason"] == "The model knows too few of the words to judge (43%; language: is)."


@pytest.mark.parametrize("code", ["en", "EN", "en-GB", "en_PH", "en-Latn-IN"])
def test_a_language_is_known_whatever_its_country_or_script(scorer, code):
    text = "visa salary ticket qxzj wvkq jjxq zzqv"
    row = score_one(scorer, description=text, language=code)
    assert row["band"] != "unscorable"
    assert row["language"] == code


@pytest.mark.parametrize("stated", ["English", "id/en", "中文", "ไทย", "e", "und", "tiếng Việt", "en, zh", "12"])
def test_what_is_no_code_of_a_language_counts_as_undetermined(scorer, stated):
    text = "visa salary ticket qxzj wvkq jjxq zzqv"
    row = score_one(scorer, description=text, language=stated)
    assert row["band"] != "unscorable"
    assert row["language"] == stated


@pytest.mark.parametrize("code", ["is", "isl", "IS", "is-IS", "is_Latn"])
def test_a_code_of_a_language_the_model_does_not_know_counts_as_one(scorer, code):
    row = score_one(scorer, description="visa salary ticket qxzj wvkq jjxq zzqv", language=code)
    assert row["band"] == "unscorable"


def test_an_unscorable_ad_is_never_clear_even_with_thresholds_that_pass_everything(bundle):
    lenient = Scorer(bundle._replace(thresholds=bundle.thresholds._replace(review=1.1, urgent=1.2)))
    assert score_one(lenient, description="hi")["band"] == "unscorable"


# Language


def test_a_given_language_is_kept_and_a_missing_one_identified(scorer):
    text = "Tuyển nhân viên chăm sóc khách hàng, lương cao, bao ăn ở"
    frame = pd.DataFrame({"description": [text] * 3, "language": ["vi-VN", "", "  "]})
    assert scorer.score(frame)["language"].tolist() == ["vi-VN", "vi", "vi"]

"""The compiled scorer does what the scikit-learn pipeline does."""

import itertools
import unicodedata

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adscreen.signals.linear_text import contributions, score_by_each, score_texts
from adscreen.signals.ngrams import pack, vocabulary
from adscreen.signals.tokens import tokenize

# The models are fixtures of the session and never change.
same_model = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

texts = st.lists(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cs", "Mn", "Mc"]),
        st.sampled_from([" ", "\x1f", "月", "薪", "น", "ค่า", "free ", "visa ", "lương ", "работа ", "عمل ", "हिन्दी "]),
    ),
    max_size=80,
).map("".join)


def test_scores_of_the_sample_are_those_of_the_pipeline(pipeline, model, sample_texts):
    np.testing.assert_allclose(
        score_texts(model, sample_texts).margin, pipeline.decision_function(sample_texts), rtol=0, atol=1e-6
    )


@same_model
@given(st.lists(texts, min_size=1, max_size=5))
def test_scores_of_random_text_are_those_of_the_pipeline(pipeline, model, ads):
    np.testing.assert_allclose(score_texts(model, ads).margin, pipeline.decision_function(ads), rtol=0, atol=1e-6)


def test_a_word_repeated_beyond_the_table_of_logarithms_still_scores_as_in_the_pipeline(pipeline, model):
    ads = ["visa " * n + "salary" for n in (1, 2, 63, 64, 65, 1000)]
    np.testing.assert_allclose(score_texts(model, ads).margin, pipeline.decision_function(ads), rtol=0, atol=1e-6)


def test_a_score_does_not_depend_on_the_other_ads_of_the_batch(model, sample_texts):
    together = score_texts(model, sample_texts)
    for i in range(0, len(sample_texts), 37):
        alone = score_texts(model, [sample_texts[i]])
        assert (alone.margin[0], alone.n_tokens[0], alone.known[0]) == (
            together.margin[i],
            together.n_tokens[i],
            together.known[i],
        )


@same_model
@given(texts)
def test_contributions_add_up_to_the_margin(model, text):
    found = contributions(model, text)
    assert found.contribution.sum() + model.intercept == pytest.approx(score_texts(model, [text]).margin[0], abs=1e-9)
    assert len(found.spans) == len(found.contribution)
    assert (found.spans >= 0).all()
    assert (found.spans <= len(text)).all()


def test_contributions_of_the_sample_add_up_to_its_margins(model, sample_texts):
    margins = score_texts(model, sample_texts).margin
    sums = [contributions(model, text).contribution.sum() + model.intercept for text in sample_texts]
    np.testing.assert_allclose(sums, margins, rtol=0, atol=1e-9)


def test_an_ngram_that_occurs_twice_shares_its_contribution_evenly(model):
    text = "visa visa"
    found = contributions(model, text)
    words = [c for (start, end), c in zip(found.spans.tolist(), found.contribution, strict=True) if end - start == 4]
    assert words[0] == words[1] != 0


@pytest.mark.parametrize("text", ["", "🔥🔥 !!!", "\x1f\x1f"])
def test_a_text_without_words_scores_the_intercept(model, text):
    scores = score_texts(model, [text])
    assert (scores.margin[0], scores.n_tokens[0], scores.known[0]) == (model.intercept, 0, 0.0)
    assert len(contributions(model, text).contribution) == 0


def test_no_ads_have_no_scores(model):
    assert [len(part) for part in score_texts(model, [])] == [0, 0, 0]


@same_model
@given(texts)
def test_tokens_are_counted_as_the_tokeniser_does(model, text):
    assert score_texts(model, [text]).n_tokens[0] == len(tokenize(text))


def test_the_known_share_is_one_for_training_words_and_zero_for_others(model, sample_texts):
    common = max(sample_texts, key=len)
    assert score_texts(model, [common]).known[0] > 0.3
    # Words that no ad has; a hashed vocabulary takes an unknown word for a known one now and then.
    strange = " ".join("qx" + "".join(letters) for letters in itertools.product("jqwx", repeat=4))
    assert score_texts(model, [strange]).known[0] < 0.05


def test_the_known_share_counts_words_and_pairs_of_letters(model):
    flags = np.zeros_like(model.vocabulary)
    unknown = model._replace(vocabulary=flags)
    everything = model._replace(vocabulary=~flags)
    ads = ["free visa 招聘", "招", "2000"]
    assert score_texts(unknown, ads).known.tolist() == [0, 0, 0]
    # A single letter of a script without spaces is no word: there is nothing to know.
    assert score_texts(everything, ads).known.tolist() == [1, 0, 1]


def test_half_the_words_known_is_a_share_of_one_half(model):
    half = model._replace(vocabulary=vocabulary(["free visa", "free visa"], model.hashing))
    assert score_texts(half, ["free visa kqxj wqjx"]).known[0] == 0.5


def test_packed_texts_score_as_texts(model, sample_texts):
    assert score_texts(model, pack(sample_texts[:9])).margin.tolist() == (
        score_texts(model, sample_texts[:9]).margin.tolist()
    )


def test_composed_and_decomposed_text_has_one_score(model):
    ad = "Tuyển nhân viên chăm sóc khách hàng, lương cao, bao ăn ở, không cần kinh nghiệm"
    forms = [unicodedata.normalize(form, ad) for form in ("NFC", "NFD")]
    assert len(set(score_texts(model, forms).margin.tolist())) == 1


def test_several_models_score_as_each_alone_does(model, sample_texts):
    other = model._replace(intercept=model.intercept + 1.0)
    together = score_by_each([model, other], sample_texts)
    for alone, found in zip((model, other), together, strict=True):
        for name, values in score_texts(alone, sample_texts)._asdict().items():
            np.testing.assert_array_equal(values, getattr(found, name))


@pytest.mark.parametrize(
    "hashing", [{"max_words": 1, "max_chars": 3}, {"stem": 6}, {"stem": 0}, {"n_buckets": 1 << 12}]
)
def test_models_of_different_ngrams_score_as_each_alone_does(model, sample_texts, hashing):
    other = model._replace(hashing=model.hashing._replace(**hashing))
    other = other._replace(table=model.table[: other.hashing.n_buckets].copy())
    together = score_by_each([other, model, other], sample_texts)
    for scores, one in zip(together, (other, model, other), strict=True):
        for part, alone in zip(scores, score_texts(one, sample_texts), strict=True):
            np.testing.assert_array_equal(part, alone)


def test_models_whose_tables_may_and_may_not_be_written_score_as_each_alone_does(model, sample_texts):
    table = model.table.copy()
    table.setflags(write=not model.table.flags.writeable)
    for scores in score_by_each([model, model._replace(table=table)], sample_texts[:9]):
        np.testing.assert_array_equal(scores.margin, score_texts(model, sample_texts[:9]).margin)


def test_no_texts_have_no_scores_by_any_model(model):
    assert [len(scores.margin) for scores in score_by_each([model, model], [])] == [0, 0]

"""Which words moved the score, quoted from the original."""

import itertools

import numpy as np
import pytest
import slow_terms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from messy_ads import MESSY_ADS, messy_fields, messy_texts

from adscreen.ads.cleaning import clean, clean_with_offsets
from adscreen.scoring.terms import _largest_first, _strongest_runs, token_weights, top_terms
from adscreen.signals.linear_text import contributions, score_texts
from adscreen.signals.tokens import tokenize

same_model = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def terms_of(model, fields, limit=8):
    cleaned = {name: clean_with_offsets(text) for name, text in fields.items()}
    return top_terms(model, {name: part for name, part in cleaned.items() if part.text}, fields, limit=limit)


def assert_quoted(terms, fields):
    for term in terms:
        assert 0 <= term.start < term.end <= len(fields[term.field])
        assert fields[term.field][term.start : term.end] == term.quote
    by_field = sorted(terms, key=lambda term: (term.field, term.start))
    for before, after in itertools.pairwise(by_field):
        assert before.field != after.field or before.end <= after.start, (before, after)


@pytest.mark.parametrize("ad", MESSY_ADS.values(), ids=MESSY_ADS)
def test_a_quote_stands_in_the_original_and_none_overlap(model, ad):
    terms = terms_of(model, {"description": ad}, limit=100)
    assert terms
    assert_quoted(terms, {"description": ad})


@same_model
@given(messy_fields)
def test_quotes_of_any_ad_stand_in_their_fields_and_none_overlap(model, fields):
    assert_quoted(terms_of(model, fields, limit=100), fields)


@same_model
@given(messy_texts)
def test_the_weights_of_the_tokens_add_up_to_the_margin(model, text):
    text = clean(text)
    weights = token_weights(model, text).weight
    assert weights.sum() + model.intercept == pytest.approx(score_texts(model, [text]).margin[0], abs=1e-9)


def test_all_terms_together_are_the_whole_margin(model, sample_texts):
    for text in sample_texts[::29]:
        terms = terms_of(model, {"description": text}, limit=10_000)
        margin = score_texts(model, [text]).margin[0]
        assert sum(term.weight for term in terms) + model.intercept == pytest.approx(margin, abs=1e-4 * len(terms))


def test_the_strongest_term_comes_first(model, sample_texts):
    for text in sample_texts[::29]:
        sizes = [abs(term.weight) for term in terms_of(model, {"description": text}, limit=20)]
        assert sizes == sorted(sizes, reverse=True)


def test_no_more_terms_than_asked_for(model, sample_texts):
    text = max(sample_texts, key=len)
    assert [len(terms_of(model, {"description": text}, limit=limit)) for limit in (0, 1, 5)] == [0, 1, 5]
    assert terms_of(model, {"description": text}, limit=1) == terms_of(model, {"description": text}, limit=5)[:1]


def test_a_term_is_in_one_field_and_names_it(model):
    fields = {"title": "Customer service", "description": "free visa", "benefits": "salary 2000 USD"}
    terms = terms_of(model, fields, limit=50)
    assert {term.field for term in terms} == set(fields)
    assert_quoted(terms, fields)


def test_a_field_that_cleaning_empties_has_no_terms(model):
    fields = {"title": "<br>&nbsp;\u200b", "description": "", "requirements": "free visa, salary 2000 USD"}
    assert {term.field for term in terms_of(model, fields)} == {"requirements"}


def test_an_ad_without_words_has_no_terms(model):
    assert terms_of(model, {"description": "🔥🔥 !!!"}) == []
    assert terms_of(model, {}) == []


def test_a_phrase_has_at_most_four_words_or_eight_letters_of_an_unspaced_script(model):
    words = terms_of(model._replace(table=all_raise(model)), {"description": "one two three four five six"}, limit=1)
    assert len(words[0].quote.split()) == 4
    letters = terms_of(model._replace(table=all_raise(model)), {"description": "诚聘海外客服包机票包食宿"}, limit=1)
    assert len(letters[0].quote) == 8


def all_raise(model):
    """A table in which every n-gram weighs the same."""
    return np.ones_like(model.table)


def test_a_phrase_never_mixes_what_raised_and_what_lowered_the_score(model, sample_texts):
    for text in sample_texts[::29]:
        tokens = token_weights(model, text)
        for term in terms_of(model, {"description": text}):
            signs = {
                float(np.sign(w))
                for start, w in zip(tokens.starts, tokens.weight, strict=True)
                if term.start <= start < term.end
            }
            assert signs == {float(np.sign(term.weight))}


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0]), max_size=400))
def test_runs_are_sorted_as_by_one_stable_sort(sizes):
    sizes = np.array(sizes)

    assert np.concatenate(list(_largest_first(sizes))).tolist() == np.argsort(-sizes, kind="stable").tolist()


def test_tokens_are_those_of_the_tokeniser(model, sample_texts):
    for text in [*sample_texts[::13], "e\u0301 o\u031b\u0300 ①½ 招聘ก\u0e33", ""]:
        tokens = tokenize(text)
        found = token_weights(model, text)
        assert list(zip(found.starts.tolist(), found.ends.tolist(), strict=True)) == [(t.start, t.end) for t in tokens]
        assert found.is_letter.tolist() == [t.end - t.start <= 2 and not t.text.isascii() for t in tokens]


def assert_equal_to_the_plain_way(model, text):
    for fast, slow in (
        (contributions(model, text), slow_terms.contributions(model, text)),
        (token_weights(model, text), slow_terms.token_weights(model, text)),
    ):
        for name in fast._fields:
            np.testing.assert_array_equal(getattr(fast, name), getattr(slow, name), strict=True, err_msg=name)
    tokens = token_weights(model, text)
    field_of = np.cumsum([start > len(text) // 2 for start in tokens.starts])
    assert list(_strongest_runs(tokens, field_of)) == slow_terms.strongest_runs(tokens, field_of)


@same_model
@given(messy_texts)
def test_weights_and_runs_of_any_text_are_to_the_last_bit_those_of_the_plain_way(model, text):
    assert_equal_to_the_plain_way(model, text)


def test_weights_and_runs_of_the_sample_are_to_the_last_bit_those_of_the_plain_way(model, sample_texts):
    for text in [*sample_texts[::9], "", "🔥", "e\u0301 o\u031b\u0300 ①½ 招聘ก\u0e33"]:
        assert_equal_to_the_plain_way(model, text)

"""Hashed n-grams: what is counted, and where it stands."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slow_reference import slow_counts, slow_words, texts

from adscreen.signals.ngrams import VOCABULARY_SIZE, Hashing, count_ngrams, join_fields, ngram_spans, pack, vocabulary

PLAIN = Hashing(2**20, max_words=2, max_chars=4, subword_limit=0)
hashings = st.builds(
    lambda bits, words, more, limit: Hashing(2**bits, words, min(words + more, 8), limit),
    st.integers(1, 31),
    st.integers(1, 8),
    st.integers(0, 7),
    st.sampled_from([0, 3, 10, 200]),
)


def counted(text, hashing=PLAIN):
    """Bucket -> count."""
    counts, _ = count_ngrams([text], hashing)
    return dict(zip(counts.indices.tolist(), counts.data.tolist(), strict=True))


def buckets(text, hashing=PLAIN):
    return set(counted(text, hashing))


@given(st.lists(texts, max_size=4), hashings)
def test_counts_are_those_of_the_slow_reference(ads, hashing):
    counts, n_tokens = count_ngrams(ads, hashing)
    assert counts.shape == (len(ads), hashing.n_buckets)
    for row, ad in enumerate(ads):
        expected, tokens = slow_counts(ad, *hashing[:4])
        found = counts[row]
        assert dict(zip(found.indices.tolist(), found.data.tolist(), strict=True)) == expected
        assert n_tokens[row] == tokens


@given(texts, hashings)
def test_the_spans_are_those_of_the_counted_ngrams(text, hashing):
    found = ngram_spans(text, hashing)
    expected, _ = slow_counts(text, *hashing[:4])
    names, counts = np.unique(found.buckets, return_counts=True)
    assert dict(zip(names.tolist(), counts.tolist(), strict=True)) == expected
    assert len(found.spans) == len(found.buckets)
    assert ((found.spans[:, 0] >= 0) & (found.spans[:, 0] < found.spans[:, 1])).all()
    assert (found.spans[:, 1] <= len(text)).all()


@given(texts)
def test_a_word_is_known_if_enough_ads_had_it(text):
    flags = np.unpackbits(vocabulary([text, text, "other words"], PLAIN), bitorder="little")
    assert len(flags) == VOCABULARY_SIZE
    assert set(np.flatnonzero(flags)) == set(slow_words(text))


def test_a_word_that_one_ad_repeats_is_still_in_one_ad_only():
    assert not vocabulary(["visa visa visa visa", "salary"], PLAIN).any()
    assert vocabulary(["visa visa", "salary"], PLAIN, min_ads=1).any()


def test_the_two_words_of_an_ad_give_three_ngrams():
    assert sum(counted("no fee").values()) == 3
    assert buckets("no fee") > buckets("no") | buckets("fee")


def test_the_order_of_words_counts():
    assert buckets("fee no") != buckets("no fee")


def test_letters_of_a_script_without_spaces_form_longer_ngrams_than_words():
    # 4 of one letter, 3 of two, 2 of three, 1 of four.
    assert sum(counted("高薪招聘").values()) == 10
    # 4 of one word, 3 of two.
    assert sum(counted("high pay no fee").values()) == 7


def test_a_long_ngram_never_mixes_words_and_letters():
    # 1 word + 3 letters: 4 of one token, 3 of two, then only the three letters together.
    assert sum(counted("kk高薪招").values()) == 8


@pytest.mark.parametrize(("left", "right"), [("no fee", "free visa"), ("高薪", "招聘"), ("งาน", "ดี")])
def test_no_ngram_crosses_from_one_field_to_the_next(left, right):
    hashing = Hashing(2**30, 3, 4, subword_limit=100)
    assert buckets(join_fields([left, right]), hashing) == buckets(left, hashing) | buckets(right, hashing)
    assert buckets(f"{left} {right}", hashing) > buckets(left, hashing) | buckets(right, hashing)


@given(texts, texts, hashings)
def test_two_fields_count_as_the_sum_of_each(left, right, hashing):
    hashing = hashing._replace(subword_limit=0)
    both, _ = count_ngrams([join_fields([left, right])], hashing)
    apart, _ = count_ngrams([left, right], hashing)
    assert abs(both - apart[0] - apart[1]).sum() == 0


def test_an_empty_field_is_left_out():
    assert join_fields(["Cook", "", "no fee", ""]) == "Cook\x1fno fee"


def test_parts_of_words_are_hashed_only_up_to_the_limit_of_tokens():
    hashing = Hashing(2**20, 1, 1, subword_limit=3)
    assert len(buckets("visa free work", hashing)) > 3
    assert len(buckets("visa free work abroad", hashing)) == 4


def test_a_misspelt_word_shares_parts_with_the_right_one():
    hashing = Hashing(2**30, 1, 1, subword_limit=100)
    assert len(buckets("recruitment", hashing) & buckets("recruitmant", hashing)) > 10
    assert not buckets("recruitment", PLAIN) & buckets("recruitmant", PLAIN)


@pytest.mark.parametrize("text", ["12 345", "高薪招聘", "a", "月"])
def test_numbers_letters_of_unspaced_scripts_and_single_letters_have_no_parts(text):
    with_parts = Hashing(2**20, 1, 1, subword_limit=100)
    assert counted(text, with_parts) == counted(text, with_parts._replace(subword_limit=0))


def test_of_an_endless_word_only_the_first_forty_letters_have_parts():
    hashing = Hashing(2**20, 1, 1, subword_limit=100)
    # 42 symbols with the edges: 40 + 39 + 38 parts, and the word itself.
    assert sum(counted("x" * 40, hashing).values()) == 40 + 39 + 38 + 1
    assert sum(counted("x" * 100_000, hashing).values()) == 40 + 39 + 38 + 1


def test_an_ngram_stands_where_its_words_stand():
    text = "Free visa, 高薪"
    found = ngram_spans(text, PLAIN)
    assert [text[start:end] for start, end in found.spans.tolist()] == [
        "Free",
        "visa",
        "Free visa",
        "高",
        "visa, 高",
        "薪",
        "高薪",
    ]


def test_an_ngram_of_decomposed_text_stands_where_it_is_written():
    text = "lu\u031bo\u031bng cao"
    assert [text[start:end] for start, end in ngram_spans(text, PLAIN).spans.tolist()] == [
        "lu\u031bo\u031bng",
        "cao",
        "lu\u031bo\u031bng cao",
    ]


def test_the_parts_of_a_word_stand_inside_it():
    text = "no visa"
    found = ngram_spans(text, Hashing(2**20, 1, 1, subword_limit=9)).spans[2:].tolist()
    assert [text[start:end] for start, end in found][-6:] == ["vis", "visa", "visa", "isa", "isa", "sa"]


def test_no_ads_give_no_rows():
    counts, n_tokens = count_ngrams([], PLAIN)
    assert counts.shape == (0, 2**20)
    assert n_tokens.shape == (0,)


def test_an_ad_without_words_is_an_empty_row():
    counts, n_tokens = count_ngrams(["", "🔥", "visa"], PLAIN)
    assert counts.getnnz(axis=1).tolist() == [0, 0, 1]
    assert n_tokens.tolist() == [0, 0, 1]


def test_texts_are_laid_out_one_after_the_other():
    packed = pack(["ab", "", "cafe\u0301"])
    assert packed.bounds.tolist() == [0, 2, 2, 6]
    assert packed.codes.tolist() == [ord(char) for char in "abcafé"]


def test_what_is_not_a_string_is_named_by_its_position():
    with pytest.raises(TypeError) as error:
        pack(["ad", None])
    assert str(error.value) == "texts[1] is NoneType, not str; join or fill the fields of an ad first"

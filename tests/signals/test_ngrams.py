"""Hashed n-grams: what is counted, and where it stands."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slow_reference import slow_counts, slow_words, texts

from adscreen.signals.ngram_kernel import VOCABULARY_SIZE
from adscreen.signals.ngrams import Hashing, count_ngrams, join_fields, ngram_spans, pack, vocabulary

PLAIN = Hashing(2**20, max_words=2, max_chars=4, stem=0)
hashings = st.builds(
    lambda bits, words, more, limit: Hashing(2**bits, words, min(words + more, 8), limit),
    st.integers(1, 31),
    st.integers(1, 8),
    st.integers(0, 7),
    st.sampled_from([0, 1, 2, 4, 8]),
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
    hashing = Hashing(2**30, 3, 4, stem=4)
    assert buckets(join_fields([left, right]), hashing) == buckets(left, hashing) | buckets(right, hashing)
    assert buckets(f"{left} {right}", hashing) > buckets(left, hashing) | buckets(right, hashing)


@given(texts, texts, hashings)
def test_two_fields_count_as_the_sum_of_each(left, right, hashing):
    hashing = hashing._replace(stem=0)
    both, _ = count_ngrams([join_fields([left, right])], hashing)
    apart, _ = count_ngrams([left, right], hashing)
    assert abs(both - apart[0] - apart[1]).sum() == 0


def test_an_empty_field_is_left_out():
    assert join_fields(["Cook", "", "no fee", ""]) == "Cook\x1fno fee"


def test_a_word_longer_than_the_stem_counts_by_its_first_letters_too():
    hashing = Hashing(2**30, 1, 1, stem=4)
    assert sum(counted("visa", hashing).values()) == 1
    assert sum(counted("visas", hashing).values()) == 2
    assert len(buckets("recruitment", hashing) & buckets("recruitmant", hashing)) == 1
    assert not buckets("recruitment", PLAIN) & buckets("recruitmant", PLAIN)


def test_inflected_forms_share_their_stem():
    hashing = Hashing(2**30, 1, 1, stem=4)
    assert buckets("работа", hashing) & buckets("работниками", hashing)
    assert buckets("lu\u031bo\u031bng", hashing._replace(stem=3)) & buckets("luon", hashing._replace(stem=3))


def test_a_stem_is_not_taken_for_the_word_of_the_same_letters():
    hashing = Hashing(2**30, 1, 1, stem=4)
    assert not buckets("visas", hashing) & buckets("visa", hashing)


def test_a_letter_of_an_unspaced_script_has_no_stem():
    assert counted("ที่ 高薪", PLAIN._replace(stem=1)) == counted("ที่ 高薪", PLAIN)


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


def test_a_stem_stands_at_the_beginning_of_its_word():
    text = "no vísas"
    found = ngram_spans(text, Hashing(2**20, 1, 1, stem=3)).spans.tolist()
    assert sorted(text[start:end] for start, end in found) == ["no", "vís", "vísas"]


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


@given(
    st.one_of(texts, st.text(st.sampled_from("aé한각가ᄀ्\u0323\u0301\u0345\u1161\u11a8\u093c\u0958\u09c7\u09be\u0378")))
)
def test_every_text_is_laid_out_in_normal_form(text):
    assert "".join(map(chr, pack([text]).codes)) == unicodedata.normalize("NFC", text)


def test_what_is_not_a_string_is_named_by_its_position():
    with pytest.raises(TypeError) as error:
        pack(["ad", None])
    assert str(error.value) == "texts[1] is NoneType, not str; join or fill the fields of an ad first"

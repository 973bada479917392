"""What is compared: a text's own words, without the parts that change from copy to copy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adscreen.campaigns.features import N_HASHES, SignatureBuffer, signature

SAME = [
    ("Salary 1200 USD a month plus bonus", "Salary 950,000 USD a month plus bonus"),
    ("Call +855 96 000 1234 for an interview", "Call 012 000 99 88 for an interview"),
    ("Write to jobs.abel@mail.example about the job", "Write to hr_linda@work.example about the job"),
    ("Apply at https://abel.example/apply today please", "Apply at www.linda-jobs.example today please"),
    ("Telegram @abel_thai_ex for details", "Telegram @linda_hr88 for details"),
    ("Office work in Phnom Penh with free flat", "Office work in Dubai with free flat"),
    ("月薪8000元包吃包住招聘客服", "月薪15000元包吃包住招聘客服"),
    ("柬埔寨招聘客服包吃包住", "菲律宾招聘客服包吃包住"),
    ("Lương 20 triệu bao ăn ở tại Campuchia", "Lương 35 triệu bao ăn ở tại Myanmar"),
    ("รับสมัครงานกัมพูชา เงินเดือน 25000 บาท", "รับสมัครงานเมียนมา เงินเดือน 40000 บาท"),
    ("Зарплата 1200 долларов, офис в Бангкоке", "Зарплата 1900 долларов, офис в Дубае"),
    ("الراتب 1200 دولار والسكن مجاني في كمبوديا", "الراتب ١٨٠٠ دولار والسكن مجاني في تايلاند"),
    ("वेतन 75000 रुपये और रहना मुफ़्त", "वेतन ९५००० रुपये और रहना मुफ़्त"),
    ("បុគ្គលិកការិយាល័យ ប្រាក់ខែ 500 ដុល្លារ", "បុគ្គលិកការិយាល័យ ប្រាក់ខែ ៩០០ ដុល្លារ"),
    ("Gaji 8 juta, mess dan makan gratis", "Gaji 15 juta, mess dan makan gratis!!! 🔥🔥"),
    ("HIRING NOW: chat agents, flight paid", "hiring now 💰 chat agents - flight paid"),
]


@pytest.mark.parametrize(("text", "copy"), SAME)
def test_pay_contacts_places_case_and_emoji_make_no_difference(text, copy):
    signatures = signature([text, copy])
    assert signatures.of(0).tolist() == signatures.of(1).tolist()
    assert (signatures.minhash[0] == signatures.minhash[1]).all()


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Cook wanted for a hotel", "Nurse wanted for a hotel"),
        ("招聘客服包吃包住", "招聘厨师包吃包住"),
        ("รับสมัครพนักงานตอบแชท", "รับสมัครพนักงานขับรถ"),
        ("Требуются операторы чата", "Требуются водители категории"),
    ],
)
def test_another_role_makes_another_signature(text, other):
    signatures = signature([text, other])
    assert signatures.of(0).tolist() != signatures.of(1).tolist()


def test_the_employers_name_is_left_out_where_it_is_given():
    texts = ["Star Crew hires cooks for ships", "Blue Lotus hires cooks for ships"]
    with_names = signature(texts, ["Star Crew", "Blue Lotus"])
    assert with_names.of(0).tolist() == with_names.of(1).tolist()
    assert signature(texts).of(0).tolist() != signature(texts).of(1).tolist()


def test_a_full_stop_without_its_blank_hides_no_words():
    assert len(signature(["Good typing skills.We pay the flight"]).of(0)) == len(
        signature(["Good typing skills. We pay the flight"]).of(0)
    )


@pytest.mark.parametrize("text", ["", "  ", "🔥🔥", "0912 000 3344", "@abel_thai_ex", "https://abel.example/x"])
def test_a_text_without_lasting_words_has_no_features(text):
    signatures = signature([text])
    assert len(signatures.of(0)) == 0
    assert (signatures.minhash == 0xFFFFFFFF).all()


def test_no_texts_have_signatures_of_no_rows():
    signatures = signature([])
    assert signatures.size == 0
    assert signatures.minhash.shape == (0, N_HASHES)


def test_composed_and_decomposed_letters_are_one():
    assert (
        signature(["Lương cao, bao ăn ở"]).of(0).tolist()
        == signature(["Lu\u031bo\u031bng cao, bao a\u0306n \u01a1\u0309"]).of(0).tolist()
    )


def test_only_the_beginning_of_an_endless_text_is_read():
    assert len(signature(["word " * 1_000_000 + "end"]).of(0)) < 10


TEXTS = st.lists(st.text(max_size=80) | st.sampled_from([a for pair in SAME for a in pair]), max_size=6)


@given(TEXTS)
def test_each_signature_depends_on_its_own_text_alone(texts):
    together = signature(texts)
    for row, text in enumerate(texts):
        alone = signature([text])
        assert together.of(row).tolist() == alone.of(0).tolist()
        assert (together.minhash[row] == alone.minhash[0]).all()


@given(TEXTS, TEXTS)
def test_batches_joined_are_one_batch_and_rows_can_be_taken(first, second):
    buffer = SignatureBuffer()
    buffer.add(signature(first))
    buffer.add(signature(second))
    joined = buffer.joined()
    whole = signature(first + second)
    for mine, its in zip(joined, whole, strict=True):
        assert mine.tolist() == its.tolist()
    rows = np.arange(whole.size)[::-1]
    turned = whole.take(rows)
    assert [turned.of(i).tolist() for i in range(turned.size)] == [whole.of(int(i)).tolist() for i in rows]

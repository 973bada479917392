"""Groups: near-duplicates, one company's ads and what a source itself says belongs together."""

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adscreen.campaigns.groups import MAX_COMPANY_ADS, company_key, group_ads


def grouped(texts, companies=None, known=None):
    n = len(texts)
    return group_ads(pd.DataFrame({"company": companies or [""] * n, "known_group": known or [""] * n}), texts)


NURSE = "Registered nurses for a hospital in Riyadh, licence and two years of ward experience, family visa after a year"
COOK = "厨师招聘，日本大阪中餐馆，包住宿，需三年以上炒锅经验，工资面议，签证由公司办理"
DRIVER = "Требуется водитель категории Е по Европе, официальное оформление, стоянка в Польше, оплата за километр"
MAID = (
    "Nhận giúp việc gia đình tại Đài Loan, hợp đồng ba năm, phí theo quy định của bộ lao động, học tiếng trước khi đi"
)


def test_groups_are_numbered_by_first_appearance():
    groups = grouped([NURSE, COOK, NURSE, DRIVER, COOK])
    assert groups["text_group"].tolist() == [0, 1, 0, 2, 1]
    assert groups["group"].tolist() == [0, 1, 0, 2, 1]
    assert groups.dtypes.astype(str).tolist() == ["int64", "int64"]


def test_groups_keep_the_index_of_the_ads():
    ads = pd.DataFrame({"company": ["", ""], "known_group": ["", ""]}, index=[41, 7])
    assert group_ads(ads, [NURSE, COOK]).index.tolist() == [41, 7]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Blue Lotus Manpower Pvt. Ltd.", "BLUE LOTUS MANPOWER"),
        ("PT. Maju Jaya Tbk", "Maju Jaya"),
        ("Seri Impian Sdn Bhd", "Seri-Impian Sdn. Bhd."),
        ("Küchenhilfe Müller GmbH", "küchenhilfe müller"),
        ("Oceanic Crew, Inc.", "Oceanic Crew LLC"),
        ("Nestlé", "Nestle\u0301"),
        ("ＳＴＡＲ Works", "Star Works Limited"),
    ],
)
def test_one_company_is_one_group_whatever_its_legal_form_and_spelling(name, other):
    groups = grouped([NURSE, COOK, DRIVER], [name, "Dragon Kitchen", other])
    assert groups["group"].tolist() == [0, 1, 0]
    assert groups["text_group"].tolist() == [0, 1, 2]


def test_different_companies_are_not_joined():
    assert grouped([NURSE, COOK], ["Star Manpower", "Star Kitchens"])["group"].tolist() == [0, 1]


@pytest.mark.parametrize("name", ["", "  ", "Ltd.", "PT", "A1", "—", "Co., Ltd."])
def test_a_name_without_three_letters_beside_its_legal_form_joins_nothing(name):
    assert company_key(name) == ""
    assert grouped([NURSE, COOK], [name, name])["group"].tolist() == [0, 1]


def distinct_texts(n):
    letters = ["".join(word) for word in itertools.product("abcdefgh", repeat=4)]
    return [" ".join(letters[(7 * i + 131 * j) % len(letters)] for j in range(8)) for i in range(n)]


def test_a_placeholder_name_over_the_limit_joins_nothing():
    texts = distinct_texts(MAX_COMPANY_ADS + 1)
    assert grouped(texts, ["Confidential"] * len(texts))["group"].nunique() == MAX_COMPANY_ADS + 1


def test_a_company_at_the_limit_is_still_one_company():
    texts = distinct_texts(MAX_COMPANY_ADS)
    assert grouped(texts, ["Grand Harbour Hotels"] * len(texts))["group"].nunique() == 1


def test_what_the_source_says_belongs_together_is_joined():
    groups = grouped([NURSE, COOK, DRIVER], known=["family-7", "", "family-7"])
    assert groups["group"].tolist() == [0, 1, 0]
    assert groups["text_group"].tolist() == [0, 1, 2]


def test_links_of_different_kinds_join_up():
    groups = grouped([NURSE, COOK, COOK, DRIVER, MAID], ["Star Crew", "", "Star Crew", "", ""], ["", "f", "", "f", ""])
    assert groups["group"].tolist() == [0, 0, 0, 0, 1]


def test_empty_texts_are_in_no_group():
    assert grouped(["", NURSE, "", "  "])["group"].tolist() == [0, 1, 2, 3]


def test_no_ads_have_no_groups():
    assert grouped([]).shape == (0, 2)


POOL = [NURSE, COOK, DRIVER, MAID, NURSE.replace("two years", "three years"), MAID.replace("ba năm", "hai năm"), ""]
ROWS = st.tuples(st.sampled_from(POOL), st.sampled_from(["", "Star Crew", "Star Crew Ltd"]), st.sampled_from(["", "f"]))


def partition(labels, order):
    sets = {}
    for label, ad in zip(labels, order, strict=True):
        sets.setdefault(label, set()).add(ad)
    return {frozenset(members) for members in sets.values()}


@settings(max_examples=60, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=8).flatmap(lambda r: st.tuples(st.just(r), st.permutations(range(len(r))))))
def test_the_order_of_the_ads_does_not_change_who_belongs_together(rows_and_order):
    rows, order = rows_and_order
    there = grouped(*(list(column) for column in zip(*rows, strict=True)))
    back = grouped(*(list(column) for column in zip(*(rows[i] for i in order), strict=True)))
    for column in ("text_group", "group"):
        assert partition(there[column], range(len(rows))) == partition(back[column], order)

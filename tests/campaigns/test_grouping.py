"""Campaigns: ads joined by text and by contact, cut where one weak edge joins two dense parts."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adscreen.ads.cleaning import clean
from adscreen.campaigns.contact_keys import contact_keys
from adscreen.campaigns.features import SignatureBuffer, signature
from adscreen.campaigns.grouping import EDGE_COLUMNS, find_campaigns, group

KEY = b"k" * 32

LURES = {
    "en": "We are hiring chat agents for our office by the sea. Flight, visa and a shared room "
    "are paid by the company. "
    "No experience needed, training is given in the first two weeks. One day off every week and free meals.",
    "zh": "公司高薪诚聘客服人员，包吃包住包机票，无需经验，会打字即可。底薪加提成，每周休息一天，公司统一办理"
    "签证和工作证，落地有专车接机，名额有限先到先得。",
    "th": "รับสมัครพนักงานตอบแชท มีที่พักและอาหารฟรี ไม่ต้องมีประสบการณ์ เงินเดือนดี บวกค่าคอม มีรถรับที่ชายแดน ออกเดินทางวันเสาร์",
    "ar": "مطلوب موظفو خدمة عملاء للعمل في مكتبنا، التذكرة والتأشيرة والسكن على حساب الشركة، لا "
    "تشترط الخبرة، يوم راحة كل "
    "أسبوع والطعام مجاني، المقابلة عبر الإنترنت والسفر يوم السبت.",
    "ru": "Требуются операторы чата в офис у моря. Билет, виза и проживание за счёт компании, "
    "опыт не нужен, обучение две "
    "недели. Выходной один раз в неделю, питание бесплатно, собеседование онлайн.",
    "vi": "Tuyển nhân viên chăm sóc khách hàng làm văn phòng, bao ăn ở, bao vé máy bay và visa. "
    "Không cần kinh nghiệm, được "
    "đào tạo hai tuần. Nghỉ một ngày mỗi tuần, phỏng vấn trực tuyến.",
    "hi": "चैट ऑपरेटर चाहिए, टिकट वीज़ा और कमरा कंपनी देगी, अनुभव की ज़रूरत नहीं, दो हफ़्ते का "
    "प्रशिक्षण मिलेगा, हफ़्ते में एक दिन "
    "छुट्टी और खाना मुफ़्त, इंटरव्यू ऑनलाइन होगा।",
}
HONEST = [
    "Registered nurses for the surgical ward of a public hospital, licence and two years "
    "of practice, family visa later.",
    "Welder for a shipyard, certificate for pipes, contract with the works council, shifts from six to two.",
    "Primary school teacher of mathematics, degree and references, the school year begins in the autumn.",
    "Truck driver for refrigerated goods, licence for heavy vehicles, home every weekend, new tractors.",
    "Accountant for a family bakery, three mornings, knowledge of payroll and of the tax office's forms.",
    "Gardener for the municipal parks, pruning of old trees, tools and boots are given, training on ropes.",
]


def find(texts, **columns):
    return find_campaigns(pd.DataFrame(columns, index=range(len(texts))), texts, key=KEY)


def groups(labels):
    """The groups as sets of positions."""
    found = {}
    for ad, label in enumerate(labels):
        if label >= 0:
            found.setdefault(int(label), set()).add(ad)
    return {frozenset(members) for members in found.values()}


CHANGES = {
    "phone": lambda text: f"{text} WhatsApp +855 96 000 1234",
    "handle": lambda text: f"Telegram: @abel_hr_22\n{text}",
    "pay": lambda text: f"{text} 1800 USD",
    "country": lambda text: f"{text} Myanmar, Cambodia, Dubai",
    "emoji": lambda text: "🔥🔥 " + text.replace(" ", " 💰 ", 3),
    "case": lambda text: text.upper(),
    "punctuation": lambda text: text.replace(",", " ").replace("，", " ").replace(".", "\n").replace("।", "\n"),
    "invisible letters": lambda text: "\u200b".join(text),
    "cropped": lambda text: text[: len(text) * 7 // 10],
    "order of lines": lambda text: text[len(text) // 2 :] + "\n" + text[: len(text) // 2],
    "introduction": lambda text: f"{HONEST[0][:40]} {text}",
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("lang", LURES)
def test_a_changed_copy_is_of_the_campaign(lang, change):
    copies = [LURES[lang], clean(CHANGES[change](LURES[lang]))]
    assert find([*copies, *HONEST]).labels.tolist() == [0, 0] + [-1] * len(HONEST)


def test_disguised_words_are_the_words():
    disguised = clean(LURES["en"].replace("company", "c0mp@ny").replace("experience", "e.x.p.e.r.i.e.n.c.e"))
    assert find([LURES["en"], disguised]).labels.tolist() == [0, 0]


def test_texts_of_different_campaigns_are_apart():
    assert set(find([*LURES.values(), *HONEST]).labels) == {-1}


def test_labels_are_numbered_by_first_appearance():
    texts = [HONEST[0], LURES["zh"], LURES["en"], LURES["zh"], LURES["en"]]
    labels = find(texts).labels
    assert labels.tolist() == [-1, 0, 1, 0, 1]
    assert labels.dtype == np.int64


@pytest.mark.parametrize(
    ("contact", "copy", "reason"),
    [
        ("WhatsApp +855 96 000 1234", "call (+855) 960001234", "phone"),
        ("Telegram @abel_hr_22", "t.me/abel_hr_22", "telegram"),
        ("linda.abel@gmail.com", "LINDA.ABEL@gmail.com", "email"),
        ("https://abel-jobs.example/a", "www.abel-jobs.example/b", "domain"),
        ("rekening 1234567890", "rekening 123-456-7890", "bank_account"),
        ("TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", "wallet"),
    ],
)
def test_two_ads_with_one_contact_are_linked_and_the_edge_says_why(contact, copy, reason):
    found = find([f"{HONEST[0]} {contact}", HONEST[1], f"{HONEST[2]} {copy}"])
    assert found.labels.tolist() == [0, -1, 0]
    assert found.edges[["left", "right", "reason", "cut"]].to_numpy().tolist() == [[0, 2, reason, False]]
    assert found.edges["key"].iloc[0] in [each.hash for each in found.contacts[0]]
    assert list(found.edges) == list(EDGE_COLUMNS)


def test_two_ads_with_one_image_are_linked():
    found = find(HONEST[:3], image_hash=["ffd8a0", None, "ffd8a0"])
    assert found.labels.tolist() == [0, -1, 0]
    assert found.edges["reason"].tolist() == ["image"]
    assert "ffd8a0" not in found.edges["key"].iloc[0]


def test_ads_without_text_are_linked_by_their_contacts():
    assert find(["+855 96 000 1234", "", "call +855 96 000 1234", "🔥"]).labels.tolist() == [0, -1, 0, -1]


def distinct_texts(n):
    words = ["".join(letters) for letters in itertools.product("bdfgklmnprstvz", "aeiou", "bdfgklmnprstvz", "aeiou")]
    rng = np.random.default_rng(3)
    return [" ".join(words[k] for k in rng.integers(0, len(words), 25)) for _ in range(n)]


def test_one_contact_does_not_make_one_campaign_of_two_dense_ones():
    first = [f"{LURES['en']} {number} USD" for number in (800, 900)] + [f"{LURES['en']} Telegram @abel_hr_22"]
    second = [f"{HONEST[0]} {number} USD" for number in (800, 900)] + [f"{HONEST[0]} Telegram @abel_hr_22"]
    found = find(first + second)
    assert found.labels.tolist() == [0, 0, 0, 1, 1, 1]
    (edge,) = found.edges[found.edges["cut"]].itertuples()
    assert (edge.left in (0, 1, 2), edge.right in (3, 4, 5), edge.reason) == (True, True, "telegram")


def test_a_hotline_in_many_different_texts_links_nothing():
    texts = [f"{text} Call +855 96 000 1234" for text in distinct_texts(60)]
    found = find(texts)
    assert set(found.labels) == {-1}
    assert len(found.edges) == 0
    assert list(found.common.values()) == [60]


def test_a_contact_given_for_three_employers_is_an_agencys():
    texts = [f"{text} mail linda.abel@gmail.com" for text in HONEST[:3]]
    assert set(find(texts, company=["Star Crew", "Blue Lotus", "Grand Harbour"]).labels) == {-1}
    assert set(find(texts, company=["Star Crew", "Star Crew Ltd", ""]).labels) == {0}


def test_copies_share_edges_with_the_first_and_not_with_each_other():
    found = find([LURES["zh"]] * 500)
    assert set(found.labels) == {0}
    assert len(found.edges) == 499
    assert set(found.edges["left"]) == {0}
    assert set(found.edges["reason"]) == {"same_text"}


def test_empty_ads_are_each_on_their_own():
    assert find([""] * 200).labels.tolist() == [-1] * 200
    assert find([]).labels.shape == (0,)


def test_the_shared_wrapper_of_a_board_joins_nothing():
    wrapper = " ".join(distinct_texts(1)[0].split()[:12])
    texts = [f"{wrapper} {text}" for text in distinct_texts(300)[1:]]
    assert (find(texts).labels >= 0).mean() < 0.01


def test_what_is_kept_of_the_ads_is_enough_to_group_them_with_new_ones():
    old, new = [LURES["en"], HONEST[0]], [clean(CHANGES["cropped"](LURES["en"])), HONEST[1]]
    together = find(old + new)
    buffer = SignatureBuffer()
    buffer.add(signature(old))
    buffer.add(signature(new))
    again = group(buffer.joined(), contact_keys(old, KEY) + contact_keys(new, KEY))
    assert again.labels.tolist() == together.labels.tolist() == [0, -1, 0, -1]
    assert again.edges.equals(together.edges)


POOL = [
    *LURES.values(),
    *HONEST[:3],
    *(clean(CHANGES[name](LURES["en"])) for name in CHANGES),
    f"{HONEST[0]} Telegram @abel_hr_22",
    f"{HONEST[3]} Telegram @abel_hr_22",
    "@abel_hr_22",
    "",
]


@settings(max_examples=25)
@given(
    st.lists(st.sampled_from(POOL), max_size=14).flatmap(
        lambda some: st.tuples(st.just(some), st.permutations(range(len(some))))
    )
)
def test_the_order_of_the_ads_does_not_change_the_groups(texts_and_order):
    texts, order = texts_and_order
    there = groups(find(texts).labels)
    back = groups(find([texts[i] for i in order]).labels)
    assert there == {frozenset(order[i] for i in members) for members in back}


@settings(max_examples=20)
@given(st.lists(st.sampled_from(POOL) | st.text(max_size=60), max_size=10))
def test_every_campaign_holds_together_by_its_edges(texts):
    found = find(texts)
    edges = found.edges[~found.edges["cut"]]
    assert (edges["left"] < edges["right"]).all()
    for members in groups(found.labels):
        reached, waiting = set(), [min(members)]
        while waiting:
            ad = waiting.pop()
            reached.add(ad)
            near = set(edges.loc[edges["left"] == ad, "right"]) | set(edges.loc[edges["right"] == ad, "left"])
            waiting += list(near - reached)
        assert reached == members

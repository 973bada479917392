"""Near-duplicates: a text posted again with another phone number or amount is the same text."""

import numpy as np
import pytest

from adscreen.campaigns.grouping import text_groups

# For each language an ad as posted first, and as posted again with another phone number and another amount.
REPOSTED = {
    "en": (
        "Hiring customer service agents for our office in Sihanoukville, Cambodia. Flight, visa and a shared "
        "room are paid by the company. No experience needed, age 20 to 32, salary 1200 USD a month plus bonus. "
        "Typing speed 30 words. Call or WhatsApp 0912 000 3344 before Friday, interviews are online.",
        "Hiring customer service agents for our office in Sihanoukville, Cambodia. Flight, visa and a shared "
        "room are paid by the company. No experience needed, age 20 to 32, salary 1500 USD a month plus bonus. "
        "Typing speed 30 words. Call or WhatsApp 0987 000 5566 before Friday, interviews are online.",
    ),
    "ru": (
        "Требуются операторы чата в Таиланд, офис в Бангкоке. Билет, виза и проживание за счёт компании, опыт не "
        "нужен, возраст от 20 до 32 лет. Зарплата 1200 долларов плюс процент, выходной один раз в неделю, "
        "питание бесплатно. Пишите в телеграм или звоните 8 900 000 11 22, собеседование онлайн, вылет в субботу.",
        "Требуются операторы чата в Таиланд, офис в Бангкоке. Билет, виза и проживание за счёт компании, опыт не "
        "нужен, возраст от 20 до 32 лет. Зарплата 1800 долларов плюс процент, выходной один раз в неделю, "
        "питание бесплатно. Пишите в телеграм или звоните 8 900 000 77 88, собеседование онлайн, вылет в субботу.",
    ),
    "zh": (
        "柬埔寨西港客服招聘，包吃包住包机票，无需经验，年龄二十到三十二岁，会打字即可。底薪8000元加提成，"
        "每周休息一天，公司统一办理签证和工作证，落地有专车接机。有意者请加微信联系，电话13800001234，"
        "本周六出发，名额有限。",
        "柬埔寨西港客服招聘，包吃包住包机票，无需经验，年龄二十到三十二岁，会打字即可。底薪9500元加提成，"
        "每周休息一天，公司统一办理签证和工作证，落地有专车接机。有意者请加微信联系，电话13900005678，"
        "本周六出发，名额有限。",
    ),
    "th": (
        "รับสมัครพนักงานตอบแชทที่ปอยเปต กัมพูชา มีที่พักและอาหารฟรี ไม่ต้องมีประสบการณ์ อายุ 20 ถึง 32 ปี "
        "เงินเดือน 25000 บาท บวกค่าคอม มีรถรับที่ชายแดน สนใจโทร 081 000 2233 หรือทักไลน์ได้เลย ออกเดินทางวันเสาร์",
        "รับสมัครพนักงานตอบแชทที่ปอยเปต กัมพูชา มีที่พักและอาหารฟรี ไม่ต้องมีประสบการณ์ อายุ 20 ถึง 32 ปี "
        "เงินเดือน 35000 บาท บวกค่าคอม มีรถรับที่ชายแดน สนใจโทร 089 000 9988 หรือทักไลน์ได้เลย ออกเดินทางวันเสาร์",
    ),
    "ar": (
        "مطلوب موظفو خدمة عملاء للعمل في مكتبنا في كمبوديا، التذكرة والتأشيرة والسكن على حساب الشركة، لا تشترط "
        "الخبرة، العمر من 20 إلى 32 سنة، الراتب 1200 دولار شهريا مع عمولة، يوم راحة كل أسبوع والطعام مجاني. "
        "للتواصل واتساب 0790001122 والسفر يوم السبت.",
        "مطلوب موظفو خدمة عملاء للعمل في مكتبنا في كمبوديا، التذكرة والتأشيرة والسكن على حساب الشركة، لا تشترط "
        "الخبرة، العمر من 20 إلى 32 سنة، الراتب 1700 دولار شهريا مع عمولة، يوم راحة كل أسبوع والطعام مجاني. "
        "للتواصل واتساب 0790003344 والسفر يوم السبت.",
    ),
    "hi": (
        "कंबोडिया में डेटा एंट्री ऑपरेटर चाहिए, टिकट वीज़ा और कमरा कंपनी देगी, अनुभव की ज़रूरत नहीं, उम्र 20 से "
        "32 साल, वेतन 75000 रुपये महीना और कमीशन अलग, हफ़्ते में एक दिन छुट्टी, खाना मुफ़्त। इंटरव्यू ऑनलाइन "
        "होगा, शनिवार को उड़ान, व्हाट्सऐप करें 98000 01122",
        "कंबोडिया में डेटा एंट्री ऑपरेटर चाहिए, टिकट वीज़ा और कमरा कंपनी देगी, अनुभव की ज़रूरत नहीं, उम्र 20 से "
        "32 साल, वेतन 95000 रुपये महीना और कमीशन अलग, हफ़्ते में एक दिन छुट्टी, खाना मुफ़्त। इंटरव्यू ऑनलाइन "
        "होगा, शनिवार को उड़ान, व्हाट्सऐप करें 97000 03344",
    ),
}


@pytest.mark.parametrize("lang", REPOSTED)
def test_an_ad_posted_again_with_another_phone_and_amount_is_found(lang):
    assert text_groups(list(REPOSTED[lang])).tolist() == [0, 0]


def test_different_ads_are_in_no_pair():
    assert set(text_groups([first for first, _ in REPOSTED.values()])) == {-1}


def test_an_honest_ad_for_the_same_role_and_place_is_in_no_pair_with_a_lure():
    honest = (
        "Customer service agent wanted in Sihanoukville for a licensed hotel. Day shift, contract in Khmer and "
        "English, salary 450 USD a month, staff canteen, your own passport stays with you. Send your CV to the "
        "front office by 3 May."
    )
    assert text_groups([REPOSTED["en"][0], honest]).tolist() == [-1, -1]


OF_LIKE_LENGTH = {"en": "ru", "ru": "en", "zh": "th", "th": "zh", "ar": "hi", "hi": "ar"}


@pytest.mark.parametrize("lang", REPOSTED)
def test_ads_that_share_a_third_of_their_words_are_different_ads(lang):
    shared, own = REPOSTED[lang][0], REPOSTED[OF_LIKE_LENGTH[lang]][0]
    third = len(shared) // 3
    first, last = f"{shared[:third]} {own[: 2 * len(own) // 3]}", f"{own[len(own) // 3 :]} {shared[-third:]}"
    assert text_groups([shared, first]).tolist() == [-1, -1]
    assert text_groups([shared, last]).tolist() == [-1, -1]


def test_repeated_ads_are_one_group():
    text = REPOSTED["zh"][0]
    assert text_groups([text, "厨师", text, text]).tolist() == [0, -1, 0, 0]


@pytest.mark.parametrize("empty", ["", "   ", "\n\t", "!!! ... 🔥🔥", "0912 000 3344", "@abel_thai_ex"])
def test_texts_without_a_word_are_in_no_group(empty):
    assert text_groups([empty, empty, "Cook wanted", empty]).tolist() == [-1, -1, -1, -1]


def test_no_texts_have_no_groups():
    assert text_groups([]).shape == (0,)
    assert text_groups([]).dtype == np.int64


def test_the_shortest_texts_are_compared_as_a_whole():
    assert text_groups(["Cook wanted", "Cook wanted!", "Cook needed"]).tolist() == [0, 0, -1]


def test_one_word_is_no_text_to_compare():
    assert text_groups(["Call 0912 000 3344", "Call 0987 000 5566"]).tolist() == [-1, -1]

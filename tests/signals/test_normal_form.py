"""Whether a text is in normal form, told without composing it."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slow_reference import texts

from adscreen.signals.normal_form import in_normal_form
from adscreen.signals.tokens import code_points
from adscreen.signals.unicode_table import load_pairs, load_table

# Letters and signs of many scripts that compose, that are never composed, and that change places.
joining = st.text(
    st.sampled_from(
        "aéế<Åйи\u0301\u0323\u0302\u0338\u031b\u0345"  # Latin, Greek, Cyrillic
        "\u0627\u0653\u0622\u064b\u0651"  # Arabic
        "\u0928\u093c\u0929\u0915\u0958\u094d\u09c7\u09be\u09cb\u09bc\u09a1\u09dc"  # Devanagari, Bengali
        "\u0bc6\u0bbe\u0dd9\u0dca\u0dcf\u1025\u102e\u1026\u0e01\u0e34\u0e48\u0e38"  # Tamil, Sinhala, Burmese, Thai
        "한각가\u1100\u1161\u11a8か\u3099が\u212b\u2126\u0378\U00011099\U000110ba"  # Korean, Japanese, others
    )
)


def surely(text):
    return in_normal_form(code_points(text), load_table(), load_pairs())


@settings(max_examples=1000)
@given(st.one_of(joining, texts))
def test_a_text_that_composing_would_change_is_never_taken_for_composed(text):
    if surely(text):
        assert unicodedata.normalize("NFC", text) == text


def test_no_character_that_composing_changes_is_taken_for_composed():
    taken = [
        char for char in map(chr, range(0x110000)) if not unicodedata.is_normalized("NFC", char) and surely(f"a{char}")
    ]
    assert taken == []


@pytest.mark.parametrize(
    "text", ["e\u0301", "é\u0323", "<\u0338", "ο\u0301\u0345", "o\u0302\u031b", "a\u0301\u0323", "か\u3099"]
)
def test_a_mark_that_composing_joins_to_its_letter_or_moves_is_seen(text):
    assert not surely(text)


@pytest.mark.parametrize(
    "text",
    [
        "Tuyển nhân viên chăm sóc khách hàng, lương cao",
        "Оператор колл-центра, зарплата 2000 долларов, їжа",
        "वेतन ₹50,000 प्रति माह, ज़रूरत तुरंत, लड़के लड़कियाँ",
        "চাকরি, থাকা খাওয়া কোম্পানির, বেতন আলোচনা সাপেক্ষে",
        "வேலை வாய்ப்பு, சம்பளம் 1000 டாலர்",
        "රැකියා අවස්ථා, නොමිලේ වීසා",
        "အလုပ်ခေါ်စာ၊ လစာ ၁၀ သိန်း၊ ဦးဦး",
        "รับสมัครแอดมิน ค่าแรง ที่พักฟรี",
        "ជ្រើសរើសបុគ្គលិក ប្រាក់ខែខ្ពស់",
        "مطلوب موظفين، راتب ممتاز مُدَّة",
        "コールセンタースタッフ募集 ガイド",
        "해외 고객 상담원 모집",
    ],
)
def test_an_ordinary_composed_ad_is_seen_to_be_so(text):
    assert surely(unicodedata.normalize("NFC", text))


def test_no_texts_are_in_normal_form():
    assert surely("")

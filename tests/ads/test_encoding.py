"""Encodings: real sentences in the code pages ads come in."""

# ruff: noqa: E501  (a sentence a line)

import unicodedata

import pytest

from adscreen.ads.encoding import detect_encoding

TONES = "\u0300\u0301\u0303\u0309\u0323"


def to_1258(text):
    """Windows writes Vietnamese vowels whole and their tones apart."""
    parts = []
    for char in text:
        try:
            char.encode("cp1258")
            parts.append(char)
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", char)
            vowel = "".join(mark for mark in marks if mark not in TONES)
            parts.append(unicodedata.normalize("NFC", vowel) + "".join(m for m in marks if m in TONES))
    return "".join(parts)


SENTENCES = [
    ("windows-1251", "Требуются рабочие на стройку в Польшу, зарплата от 90 000 рублей, жильё и питание за счёт компании."),
    ("windows-1251", "Потрібні працівники на склад у Польщі, висока зарплата, житло безкоштовно. Телефонуйте щодня."),
    ("windows-1251", "Търсим работници за чужбина с висока заплата, безплатна квартира и храна. Обадете се още днес."),
    ("gb18030", "高薪招聘海外客服，月薪两万起，包吃包住，机票报销，无需经验，有意者请加微信联系。"),
    ("cp950", "海外高薪工作，月薪十萬起，包食宿，免費機票，無經驗可，意者請加賴詳談。"),
    ("cp932", "海外で働く高収入のお仕事です。未経験者歓迎、航空券と宿泊は会社が負担します。"),
    ("cp949", "해외 고수익 알바 모집합니다. 숙식 제공, 항공권 지원, 초보자 환영. 연락 주세요."),
    ("windows-1258", to_1258("Tuyển lao động phổ thông đi nước ngoài, lương cao, bao ăn ở, vé máy bay miễn phí. Liên hệ ngay.")),
    ("windows-1256", "مطلوب عمال للعمل في دبي براتب شهري ثلاثة آلاف درهم مع السكن والمواصلات، للتواصل عبر الواتساب"),
    ("windows-1250", "Poszukujemy pracowników do magazynu w Niemczech. Zapewniamy zakwaterowanie, żeby umówić się, zadzwoń."),
    ("windows-1250", "Potrebni radnici za inostranstvo, visoka plata, besplatan smeštaj. Pozovite danas, plaćamo kartu, možete početi."),
    ("windows-1254", "Yurt dışında çalışacak işçi arıyoruz. Yüksek maaş, konaklama ve yemek şirket tarafından karşılanır."),
    ("windows-1253", "Ζητούνται εργάτες για εργασία στο εξωτερικό με υψηλό μισθό και δωρεάν διαμονή. Επικοινωνήστε μαζί μας."),
    ("windows-1252", "Nous recherchons des employés à l’étranger, salaire élevé, logement et billet d’avion payés, ça commence dès demain."),
    ("windows-1252", "Wir suchen Arbeiter für die Küche, hoher Lohn, Unterkunft und Flug werden übernommen. Größe egal."),
    ("windows-1257", "Ieškome darbuotojų į užsienį. Didelis atlyginimas, nemokamas būstas ir maitinimas, daugiau žemiau."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "sentence"), SENTENCES)
def test_a_sentence_is_read_in_its_code_page(name, sentence):
    data = sentence.encode(name)
    found = detect_encoding(b"title,text\n" + data)
    assert found == name
    assert data.decode(found) == sentence


@pytest.mark.parametrize("sentence", [sentence for _, sentence in SENTENCES])
@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_unicode_is_recognised_with_and_without_its_mark(name, sentence):
    text = f"title,text\ncook,{sentence}\n"
    assert text.encode(name).decode(detect_encoding(text.encode(name))) == text


def test_ideographs_with_a_zero_byte_of_their_own_are_still_utf16():
    text = "职位,内容\n客服,高薪招聘海外客服，月薪两万起，包吃包住，机票报销，无需经验，有意者请加微信联系。\n"
    assert detect_encoding(text.encode("utf-16-le")) == "utf-16-le"


def test_ascii_is_utf8():
    assert detect_encoding(b"title,text\ncook,dubai\n") == "utf-8"
    assert detect_encoding(b"") == "utf-8"


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_character_cut_at_the_end_of_the_head_is_still_utf8(cut):
    assert detect_encoding("Работа за границей 👩".encode()[:-cut]) == "utf-8"


def test_a_broken_row_does_not_make_a_utf8_file_something_else():
    rows = "повар,Дубай\n".encode() * 20
    assert detect_encoding(rows + b"broken,\xff\xfe\xe9\n" + rows) == "utf-8"
    assert detect_encoding(b"title,text\ncook,\xff\xfe broken\n") == "utf-8"


def test_one_accent_in_ascii_is_western():
    assert detect_encoding(b"title,text\nwaiter,caf\xe9 in Lyon\n") == "windows-1252"


def test_zero_bytes_in_text_do_not_make_it_utf16():
    assert detect_encoding(b"text\nab\0cd\0\n") == "utf-8"


def test_bytes_that_are_no_text_at_all_still_get_an_answer():
    assert detect_encoding(bytes(range(256)) * 4)

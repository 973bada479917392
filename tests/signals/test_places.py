"""Places and routes: names found in every language, words that only look like names left alone."""

from __future__ import annotations

import importlib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from adscreen.ads.cleaning import clean
from adscreen.signals.places import HOTSPOTS, MAX_NAMES, find_places, places_in
from adscreen.signals.routes import route
from adscreen.signals.tokens import lay_out

make_gazetteer = importlib.import_module("make_gazetteer")


def named(text):
    return [(place.name, place.kind) for place in find_places(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Customer service in Cambodia, typing only",
        "去柬埔寨做客服",
        "去柬埔寨做客服,包機票",
        "Đi Campuchia làm CSKH",
        "qua Cam làm việc nhẹ",
        "ไปทำงานกัมพูชา",
        "งานแอดมินฝั่งเขมร",
        "Lowongan kerja di Kamboja",
        "Kerja di Kemboja, gaji tinggi",
        "ធ្វើការនៅកម្ពុជា",
        "ကမ္ဘောဒီးယားမှာ အလုပ်",
        "कंबोडिया में नौकरी",
        "कम्बोडियामा काम",
        "کمبوڈیا میں نوکری",
        "কম্বোডিয়ায় চাকরি",
        "கம்போடியாவில் வேலை",
        "කාම්බෝජයේ රැකියා",
        "وظائف في كمبوديا",
        "سافر لكمبوديا",
        "ካምቦዲያ ውስጥ ሥራ",
        "ወደ ካምቦዲያ",
        "Kazi nchini Kambodia",
        "Работа в Камбодже",
        "Вылет в Камбоджу",
        "Робота в Камбоджі",
        "Kambodjada ish",
        "Камбоджада жұмыс",
        "Muncă în Cambodgia",
        "Praca w Kambodży",
        "Работа в Камбоджа",
        "Посао у Камбоџи",
        "Kamboçya'da iş",
        "Trabajo en Camboya",
        "Vagas no Camboja",
        "Travail au Cambodge",
        "Arbeit in Kambodscha",
        "캄보디아에서 근무",
        "カンボジアで勤務",
        "JOBS IN CAMBODIA",
        "🇰🇭 1000$",
    ],
)
def test_cambodia_is_found_in_every_language(text):
    assert [(p.country, p.kind) for p in find_places(clean(text))] == [("KH", "country")]


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("praca w Niemczech", "DE"),
        ("робота в Німеччині", "DE"),
        ("Almanya’da iş", "DE"),
        ("Работа в Саудовской Аравии", "SA"),
        ("O‘zbekistondan", "UZ"),
        ("Mehnat Koreyada", "KR"),
        ("للعمل للإمارات", "AE"),
        ("ከሳውዲ", "SA"),
        ("đi Nhật", "JP"),
        ("di Malaysia", "MY"),
        ("Ujerumani", "DE"),
        ("İngiltere'de", "GB"),
        ("ĐI ROMANIA", "RO"),
        ("대만행", "TW"),
    ],
)
def test_cases_and_particles_belong_to_the_name(text, country):
    assert [p.country for p in find_places(text)] == [country]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("KK园区招人", "KK Park", "compound"),
        ("work at KK Park", "KK Park", "compound"),
        ("ရွှေကုက္ကိုလ်မှာ စားပွဲထိုး", "Shwe Kokko", "compound"),
        ("去妙瓦底", "Myawaddy", "border"),
        ("แม่สอด", "Mae Sot", "border"),
        ("西港现场直招", "Sihanoukville", "zone"),
        ("สีหนุวิลล์", "Sihanoukville", "zone"),
        ("Làm việc tại Bavet", "Bavet", "border"),
        ("ដេលទៅប៉ោយប៉ែត", "Poipet", "border"),
        ("ปอยเปต", "Poipet", "border"),
        ("金三角特区", "Golden Triangle SEZ", "zone"),
        ("Золотом треугольнике", "Golden Triangle SEZ", "zone"),
        ("Đặc khu Tam giác vàng", "Golden Triangle SEZ", "zone"),
        ("resort in O’Smach", "O'Smach", "border"),
        ("Сиануквиле", "Sihanoukville", "zone"),
        ("果敢老街", "Laukkai", "zone"),
    ],
)
def test_a_reported_place_is_named_with_its_source(text, name, kind):
    (place,) = [p for p in find_places(clean(text)) if p.kind in HOTSPOTS]
    assert (place.name, place.kind) == (name, kind)
    assert place.source[-4:].isdigit() or "XCEPT" in place.source


@pytest.mark.parametrize(
    "text",
    [
        "Chad and Jordan run the shop",
        "A woman from Romanian-style ironing, Guinea pig food",
        "I can commit to Nice work, split shifts, lima hari",
        "今日本店招聘,上海地铁旁",  # 日本, 海地
        "做事果敢、有责任心",  # Kokang
        "中国人寿" * 2,
        "anh đức và chị mỹ, cam kết lương, sinh nhật vui",
        "Bahasa Inggris aktif, bahan baku",
        "język polski, mali i duzi",
        "タイプが速い方、スタイル自由",  # タイ
        "일본어 가능자",
        "ภาษาจีน ภาษาอังกฤษ",
        "พนักงานภาษาญี่ปุ่น",
        "@dubai_jobs hr@uae.example",
        "kabul edildi",
        "brussels sprouts, lagos de datos",
        "под самото небе, познания по Excel",
    ],
)
def test_words_that_only_look_like_names_are_left_alone(text):
    assert [p for p in find_places(text) if p.name not in ("Shanghai", "China")] == []


def test_the_longer_name_wins():
    assert named("Papua New Guinea, South Korea, 印度尼西亚") == [
        ("Papua New Guinea", "country"),
        ("South Korea", "country"),
        ("Indonesia", "country"),
    ]


def test_a_short_ambiguous_name_needs_a_capital_and_a_word_of_place():
    assert named("tại Anh") == [("United Kingdom", "country")]
    assert named("Anh Ba, chị anh ở nhà") == []


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("仅限菲律宾人", "PH"),
        ("UAE nationals", "AE"),
        ("한국인", "KR"),
        ("Filipinos only", "PH"),
        ("WNI", "ID"),
        ("泰国籍", "TH"),
    ],
)
def test_people_are_not_their_country(text, country):
    assert [(p.country, p.kind) for p in find_places(text)] == [(country, "demonym")]


def test_quotes_are_exact():
    text = "ТАИЛАНДЕ, İSTANBUL’da; 去柬埔寨西港 O’zbekistondan"
    assert [text[p.start : p.end] for p in find_places(text)] == [
        "ТАИЛАНДЕ",
        "İSTANBUL",
        "柬埔寨",
        "西港",
        "O’zbekistondan",
    ]


@given(
    st.lists(
        st.sampled_from(
            ["Dubai", " ", "泰国", "ไทย", "Камбодж", "е", "ပ", "ல", "'", "KK", " Park", "\x1f", "🇰🇭", "a", "İ"]
        )
    )
)
def test_spans_are_in_order_and_do_not_overlap(parts):
    text = "".join(parts)
    places = find_places(text)
    ends = [0, *(p.end for p in places)]
    assert all(before <= p.start < p.end <= len(text) for before, p in zip(ends, places, strict=False))


@given(st.text())
def test_any_text_is_read(text):
    for place in find_places(text):
        assert text[place.start : place.end]
    route(text, find_places(text))


def test_a_text_full_of_names_is_read_to_a_limit():
    assert len(find_places("Dubai " * 100_000)) == MAX_NAMES


def routed(text, language=""):
    return route(text, find_places(text), language)


@pytest.mark.parametrize(
    ("text", "language", "destinations", "origin"),
    [
        ("Filipinos only: chat support in Poipet, Cambodia", "en", ("KH",), "PH"),
        ("Tuyển người Việt Nam đi Đài Loan", "vi", ("TW",), "VN"),
        ("赴新加坡工作,中国籍", "zh", ("SG",), "CN"),
        ("Работа в Польше для граждан Узбекистана", "ru", ("PL",), "UZ"),
        ("Kerja di Kamboja, khusus WNI", "id", ("KH",), "ID"),
        ("தாய்லாந்தில் வேலை", "ta", ("TH",), None),
        ("Dubai, 3000 AED. WhatsApp +254 700 000 000", "en", ("AE",), "KE"),
        ("Praca w Niemczech", "pl", ("DE",), "PL"),
        ("No place here. Call 020 000 00", "th", (), "TH"),
    ],
)
def test_a_route_is_read_from_the_words_around_places(text, language, destinations, origin):
    assert routed(text, language)[:2] == (destinations, origin)


def test_every_country_of_a_list_is_a_destination():
    assert routed("Jobs in Thailand, Laos / Cambodia and Dubai").destinations == ("TH", "LA", "KH", "AE")
    assert routed("Jobs in Thailand, Laos / Cambodia and Dubai").many


def test_three_countries_are_not_many():
    assert not routed("Work in Thailand, Laos, Cambodia").many


def test_a_compound_is_the_hotspot_before_its_town():
    hotspot = routed("Mae Sot pick-up, then KK Park").hotspot
    assert hotspot is not None
    assert hotspot.name == "KK Park"


def test_an_ordinary_city_is_no_hotspot():
    assert routed("Waiters for Tbilisi and Phnom Penh").hotspot is None


def test_the_table_is_what_the_yaml_files_say():
    shipped = (make_gazetteer.FOLDER / "table.tsv").read_text(encoding="utf-8")
    assert make_gazetteer.compile_table() == shipped, "run scripts/make_gazetteer.py"


def test_every_reported_place_has_a_source_of_the_list():
    data = yaml.safe_load((make_gazetteer.FOLDER / "hotspots.yaml").read_text(encoding="utf-8"))
    assert {place["source"] for place in data["places"]} == set(data["sources"])


def test_places_of_many_texts_are_those_of_each():
    texts = ["Bavet, Campuchia", "", "Filipinos only: Poipet", "no place", "Dubai " * (MAX_NAMES + 5), "ในกัมพูชา"]

    assert places_in(texts, lay_out(texts)) == [find_places(text) for text in texts]

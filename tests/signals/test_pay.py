"""What an ad pays, in every currency and notation: read as a specification."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adscreen.signals.going_rates import find_role
from adscreen.signals.pay import MAX_AMOUNTS, GoingRate, Pay, find_pay, going_rate, pay_ratio
from adscreen.signals.pay_numbers import parse_han, parse_number
from adscreen.signals.pay_words import pay_table


def only(text: str, **kwargs: str) -> Pay:
    found = find_pay(text, **kwargs)
    assert len(found) == 1, found
    return found[0]


# text, low, high, currency, period
AMOUNTS = [
    ("Gehalt 1.500 €/Monat", 1500, 1500, "EUR", "month"),
    ("salaire 1.500 €/mois", 1500, 1500, "EUR", "month"),
    ("14,25 € die Stunde", 14.25, 14.25, "EUR", "hour"),
    ("Lohn 3'400 CHF", 3400, 3400, "CHF", ""),
    ("2000-3000 zł netto", 2000, 3000, "PLN", ""),
    ("600 euro tyg", 600, 600, "EUR", "week"),
    ("155 крон/год", 155, 155, "CZK", "hour"),
    ("20 000 грн/міс", 20000, 20000, "UAH", "month"),
    ("1,200$ в неделю", 1200, 1200, "USD", "week"),
    ("от 150 000 ₽", 150000, 150000, "RUB", ""),
    ("зарплата 200 тыс", 200000, 200000, "RUB", ""),
    ("оклад 80 тыс. руб", 80000, 80000, "RUB", ""),
    ("15 mln so'm oylik", 15e6, 15e6, "UZS", "month"),
    ("450 000 теңге айына", 450000, 450000, "KZT", "month"),
    ("1500 do 2500 dollarov", 1500, 2500, "USD", ""),
    ("salariu 1.300 euro", 1300, 1300, "EUR", ""),
    ("maaş 35.000 TL", 35000, 35000, "TRY", "month"),
    ("haftalık 25-30 bin", 25000, 30000, "TRY", "week"),
    ("плата 90.000 динара", 90000, 90000, "RSD", ""),
    ("заплата 1 900 лв", 1900, 1900, "BGN", ""),
    ("月薪3万", 30000, 30000, "CNY", "month"),
    ("底薪8000-15000", 8000, 15000, "CNY", ""),
    ("月入1.5W", 15000, 15000, "CNY", "month"),
    ("8500到9500人民币", 8500, 9500, "CNY", ""),
    ("日薪200-300", 200, 300, "CNY", "day"),
    ("时薪28起", 28, 28, "CNY", "hour"),
    ("月薪三万", 30000, 30000, "CNY", "month"),
    ("一个月两万五", 25000, 25000, "CNY", "month"),
    ("月薪1万5", 15000, 15000, "CNY", "month"),
    ("NT$ 15萬", 150000, 150000, "TWD", ""),
    ("月薪HK$28,000", 28000, 28000, "HKD", "month"),
    ("月収30万円", 300000, 300000, "JPY", "month"),
    ("時給1150円", 1150, 1150, "JPY", "hour"),
    ("월 300만원", 3e6, 3e6, "KRW", "month"),
    ("월 380~450, 숙식", 3.8e6, 4.5e6, "KRW", "month"),
    ("lương 20 triệu", 20e6, 20e6, "VND", ""),
    ("thu nhập 25tr/tháng", 25e6, 25e6, "VND", "month"),
    ("Thu nhập 6tr5-8tr", 6.5e6, 8e6, "VND", ""),
    ("lương 20k / 1h", 20000, 20000, "VND", "hour"),
    ("25,000 baht", 25000, 25000, "THB", ""),
    ("เงินเดือน ๒๕,๐๐๐ บาท", 25000, 25000, "THB", "month"),
    ("เงินเดือน 22,000–25,000", 22000, 25000, "THB", "month"),
    ("Gaji 8 jt", 8e6, 8e6, "IDR", ""),
    ("Gaji Rp 7.000.000 - 9 juta", 7e6, 9e6, "IDR", ""),
    ("gaji 150rb/hari", 150000, 150000, "IDR", "day"),
    ("Gaji asas RM8,000 – RM12,000", 8000, 12000, "MYR", ""),
    ("P350/day", 350, 350, "PHP", "day"),
    ("sahod 85k", 85000, 85000, "PHP", ""),
    ("လစာ ၁၅ သိန်း", 1.5e6, 1.5e6, "MMK", "month"),
    ("ဘတ် ၁၈,၀၀၀", 18000, 18000, "THB", ""),
    ("ប្រាក់ខែ ៨០០ដុល្លារ", 800, 800, "USD", "month"),
    ("1 lakh", 1e5, 1e5, "INR", ""),
    ("₹35k", 35000, 35000, "INR", ""),
    ("3 lakh mahina", 3e5, 3e5, "INR", "month"),
    ("तलब ६० हजार", 60000, 60000, "NPR", ""),
    ("वेतन ₹42,000", 42000, 42000, "INR", ""),
    ("تنخواہ 2,20,000 روپے", 220000, 220000, "PKR", ""),
    ("تنخواہ 1 لاکھ 40 ہزار", 140000, 140000, "PKR", ""),
    ("বেতন ৫৫,০০০ টাকা", 55000, 55000, "BDT", ""),
    ("மாதம் 35,000", 35000, 35000, "INR", "month"),
    ("පඩිය ලක්ෂ 4", 400000, 400000, "LKR", ""),
    ("راتب ٣٠٠٠ د.إ", 3000, 3000, "AED", ""),
    ("500 دولار شهريا", 500, 500, "USD", "month"),
    ("AED 2500 + OT", 2500, 2500, "AED", ""),
    ("በወር 11,500 ብር", 11500, 11500, "ETB", "month"),
    ("KSh 80,000 kwa mwezi", 80000, 80000, "KES", "month"),
    ("R6,700", 6700, 6700, "ZAR", ""),
    ("350.000 KD", 350, 350, "KWD", ""),
    ("R$ 3.650 + VA", 3650, 3650, "BRL", ""),
    ("1.400 euros al mes", 1400, 1400, "EUR", "month"),
    ("USD 800 up to 1,500 per month", 800, 1500, "USD", "month"),
    ("$900-1,200 + commission", 900, 1200, "USD", ""),
    ("£13 an hour, 60 hours", 13, 13, "GBP", "hour"),
    ("$85,000 - $95,000 per year", 85000, 95000, "USD", "year"),
    ("3.5k-5k usd monthly", 3500, 5000, "USD", "month"),
]


@pytest.mark.parametrize(("text", "low", "high", "currency", "period"), AMOUNTS)
def test_an_amount_is_read_as_it_is_written_in_its_language(text, low, high, currency, period):
    pay = only(text)
    assert (pay.low, pay.high, pay.currency, pay.period) == (low, high, currency, period)


NOT_PAY = [
    "age 18-35, height 160cm",
    "女性18-35岁",
    "tuổi 18-35",
    "9:00-18:00",
    "Ca 10h-22h, nghỉ 2 tiếng",
    "call 0912 345 678",
    "WhatsApp +855 12 000 918",
    "Тел. 8 777 000 28 51",
    "300 positions in 12 countries",
    "招聘300人",
    "founded in 2008",
    "Berdiri pada tahun 2008",
    "commission 5-12%",
    "401K and dental",
    "10k orders a day",
    "a company with $200m revenue",
    "more than 1500+ job openings",
    "2k9, 2k8",
    "lamp 60W",
    "ID-2214 and @handle500",
]


@pytest.mark.parametrize("text", NOT_PAY)
def test_ages_times_phones_counts_and_company_figures_are_not_pay(text):
    assert find_pay(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "USD 350 joining fee",
        "押金2000元",
        "đặt cọc 5 triệu",
        "contract broken: phạt 20 triệu",
        "deposit of $300",
        "bayar denda rm20k",
        "взнос 3000 руб",
        "رسوم 500 درهم",
        "保証金5万円",
    ],
)
def test_money_asked_of_the_worker_is_marked_as_a_fee_and_never_counted_as_pay(text):
    pay = only(text)
    assert pay.period == "fee"
    assert math.isnan(pay.usd_month)


def test_a_bonus_for_bringing_a_friend_is_paid_once():
    assert only("Refer a friend get $100").period == "once"


def test_pay_by_the_piece_has_no_month():
    pay = only("$5 per review")
    assert pay.period == "task"
    assert math.isnan(pay.usd_month)


@pytest.mark.parametrize(
    ("text", "country", "currency"),
    [
        ("$2,500 per month", None, "USD"),
        ("$2,500 per month", "AU", "AUD"),
        ("$2,500 per month", "KH", "USD"),
        ("£300 a month", "EG", "EGP"),
        ("1300 riyal", None, "SAR"),
        ("1300 riyal", "QA", "QAR"),
        ("Rs 45,000", "LK", "LKR"),
        ("120 dinar", "BH", "BHD"),
        ("salary 25,000", "KE", "KES"),
    ],
)
def test_the_destination_decides_which_dollar_pound_rupee_or_riyal(text, country, currency):
    assert only(text, country=country).currency == currency


@pytest.mark.parametrize(("language", "currency"), [("ur", "PKR"), ("ne", "NPR"), ("hi-Latn", "INR"), ("si", "LKR")])
def test_the_language_decides_where_no_place_is_known(language, currency):
    assert only("Rs 45,000", language=language).currency == currency


def test_a_sign_that_would_make_an_absurd_amount_is_read_as_a_currency_of_the_language():
    assert only("sueldo $480.000 líquidos", language="es").currency == "CLP"


def test_an_amount_without_any_hint_has_no_currency_and_no_month():
    pay = only("salary 10-20k")
    assert (pay.low, pay.high, pay.currency) == (10_000, 20_000, "")
    assert math.isnan(pay.usd_month)


def test_hours_days_weeks_and_years_become_months():
    assert only("$10 per hour").usd_month == 2080
    assert only("$50 per day").usd_month == 1300
    assert only("$300 per week").usd_month == 1300
    assert only("$60,000 per year").usd_month == 5000


def test_a_large_salary_without_period_is_taken_for_a_year():
    assert only("salary $60,000").usd_month == 5000


def test_the_quote_is_exact_even_after_letters_that_grow_when_lowered():
    text = "İİİİ 🔥 İstanbul maaş 35.000 TL"
    pay = only(text)
    assert text[pay.start : pay.end] == "35.000 TL"


def test_two_amounts_keep_their_own_meaning():
    fee, salary = find_pay("Deposit $200, salary $1,500 per month")
    assert (fee.period, salary.period, salary.usd_month) == ("fee", "month", 1500)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.500", 1500),
        ("1,500", 1500),
        ("1.500,50", 1500.5),
        ("1,500.50", 1500.5),
        ("2,20,000", 220_000),
        ("1.500.000", 1_500_000),
        ("12,41", 12.41),
        ("0.875", 0.875),
        ("٣٫٥", 3.5),
        ("१२,०००", 12_000),
        ("1,2,3", None),
        ("12.34.56", None),
        ("1" * 30, None),
    ],
)
def test_separators_part_thousands_or_decimals_by_their_form(written, value):
    assert parse_number(written) == value


@given(st.integers(1, 10**9))
def test_every_digit_system_and_grouping_gives_the_same_number(number):
    for zero in "0٠۰०০௦๐၀០":
        digits = str(number).translate({ord("0") + i: chr(ord(zero) + i) for i in range(10)})
        assert parse_number(digits) == number
    for separator in ",. '":
        assert parse_number(f"{number:,}".replace(",", separator), scaled=False) in (number, number / 1000)


@pytest.mark.parametrize(
    ("written", "value"), [("三万", 30_000), ("一万五", 15_000), ("五千", 5000), ("二十万", 200_000)]
)
def test_chinese_numerals_have_their_value(written, value):
    assert parse_han(written) == value


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789.,-–/ $€kKw万千lakh月薪tr\n'’+()日İ٣५৳₹" + "\ud800", max_size=80))
def test_any_text_is_read_without_error_and_quotes_stay_in_order(text):
    end = 0
    for pay in find_pay(text):
        assert end <= pay.start < pay.end <= len(text)
        assert pay.low <= pay.high
        end = pay.end


@pytest.mark.parametrize(
    "text",
    [
        "1" * 1_000_000,
        "1 000 " * 200_000,
        "$1-" * 300_000,
        "1.1,1'" * 200_000,
        "月薪一万" * 200_000,
        "99 $ k " * 200_000,
    ],
)
def test_a_text_of_a_million_amounts_gives_no_more_than_an_ad_may_have(text):
    assert len(find_pay(text)) <= 2 * MAX_AMOUNTS


ROLES = [
    ("Customer service staff needed", "customer_service"),
    ("Nurses wanted in Riyadh", "nurse"),
    ("招聘打字员", "data_entry"),
    ("Оператор чата, офис", "chat_operator"),
    ("tuyển nhân viên CSKH", "customer_service"),
    ("Zbiór truskawek", "farm"),
    ("مطلوب ممرضة", "nurse"),
    ("Opiekunka osób starszych", "caregiver"),
    ("เด็กเสิร์ฟ ร้านอาหาร", "waiter"),
    ("ड्राइवर चाहिए", "driver"),
    ("🔥WELDERS🔥", None),
    ("welder 6G", "welder"),
]


@pytest.mark.parametrize(("text", "role"), ROLES)
def test_a_role_is_found_by_its_word_in_the_language_of_the_ad(text, role):
    found = find_role(text)
    assert (found[0] if found else None) == role


def test_the_going_rate_names_its_source_and_date():
    rate = going_rate("Customer service staff", "KH")
    assert rate == GoingRate(
        "customer_service",
        "KH",
        310.0,
        "minimum wage of the garment sector 2025, Ministry of Labour; times 1.5 for the role; 2025-06, +-30 %",
    )


def test_without_a_country_there_is_no_going_rate():
    assert going_rate("Customer service staff", None) is None
    assert going_rate("Customer service staff", "XX") is None


def test_the_ratio_is_the_best_offer_over_the_going_rate():
    offers = find_pay("Customer service, salary $1,000-3,100 per month, deposit $9,000")
    assert pay_ratio(offers, going_rate("Customer service", "KH")) == pytest.approx(10)
    assert pay_ratio(offers, None) is None
    assert pay_ratio([], going_rate("Customer service", "KH")) is None


def test_every_currency_named_in_the_tables_has_a_rate():
    data = pay_table("currencies.yaml")
    named = {*data["languages"].values(), *data["countries"].values()}
    named |= {code for entry in data["shared"] for code in entry["codes"]}
    named |= {code for codes in data["spoken"].values() for code in codes}
    assert named <= set(data["currencies"])


def test_every_going_rate_names_the_wage_it_stands_on():
    rates = pay_table("going_rates.yaml")
    assert len(rates["countries"]) >= 45
    assert len(rates["roles"]) >= 25
    assert all(row["usd"] > 0 and row["basis"] for row in rates["countries"].values())

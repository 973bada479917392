"""Contacts: found in every script, normalised, told from pay and licence numbers, and masked. All are fictitious."""

from __future__ import annotations

import socket
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adscreen.ads.cleaning import clean
from adscreen.signals.contacts import MAX_CONTACTS, Contact, find_contacts, mask, mask_text
from adscreen.signals.contacts.domains import split_host
from adscreen.signals.contacts.lookalikes import is_lookalike


def found(text: str, region: str | None = None, language: str | None = None) -> list[tuple[str, str]]:
    return [(contact.kind, contact.value) for contact in find_contacts(clean(text), region, language)]


@pytest.mark.parametrize(
    ("text", "region", "value"),
    [
        ("Call +855 96 000 1234 now", None, "+855960001234"),
        ("Call (+855)96-000-1234 now", None, "+855960001234"),
        ("Call 00855 96 000 1234 now", None, "+855960001234"),
        ("Contact 0917 000 1234", "PH", "+639170001234"),
        ("Hanap namin ay tagaluto sa Maynila. Tumawag sa 0917 000 1234", None, "+639170001234"),
        ("Tuyển nhân viên bán hàng lương cao. Gọi chị Hoa 0933 000 816", None, "+84933000816"),
        ("รับสมัครพนักงานขาย โทร 093-000-4478", None, "+66930004478"),
        ("รับสมัครพนักงานขาย โทร ๐๙๓-๐๐๐-๔๔๗๘", None, "+66930004478"),
        ("အလုပ်သမားအလိုရှိသည် ဖုန်း ၀၉ ၇၇၀ ၀၀၃ ၃၁၂", None, "+959770003312"),
        ("ड्राइवर चाहिए, संपर्क ९८००० ००३६५", None, "+919800000365"),
        ("मुंबई में ड्राइवर चाहिए 98000 00365", None, "+919800000365"),
        ("مطلوب سائق في دبي، اتصل ٠٥٠ ٠٠٠ ٦٦٢١", None, "+971500006621"),
        ("ቦሌ ሆቴል ሠራተኛ ይፈልጋል። ስልክ 0911 000 852", None, "+251911000852"),
        ("招聘服务员，电话13800001234", None, "+8613800001234"),
        ("招聘服务员，电话一三八零零零零一二三四", None, "+8613800001234"),
        ("Требуются продавцы в Алматы, тел. 8 701 000 22 31", None, "+77010002231"),
        ("Szukamy kierowców do Niemiec, tel. 600 100 396", None, "+48600100396"),
        ("Fahrer gesucht in Berlin, Tel. 0171 000 4471", None, "+491710004471"),
        ("Full width digits ０９１７ ０００ １２３４", "PH", "+639170001234"),
        ("Emoji " + "".join(digit + "\ufe0f\u20e3" for digit in "09170001234"), "PH", "+639170001234"),
        ("Office: (213) 555-0123 ext", None, "+12135550123"),
        ("Need helpers for Dubai hotel. 0812-0000-7619", None, "+6281200007619"),
    ],
)  # fmt: skip
def test_a_number_in_any_script_and_notation_becomes_e164(text, region, value):
    assert found(text, region) == [("phone", value)]


@pytest.mark.parametrize(
    "text",
    [
        "Gaji Rp 18.000.000 - 20.000.000 per bulan",
        "Lương 9.000.000-15.000.000 đ/tháng",
        "Оплата 2 060 000 вон, жильё бесплатно",
        "Salaire 150 000 FCFA, prime 75 000",
        "底薪 8000-12000元/月 年底双薪",
        "薪资 10000-20000",
        "Salary $2500-4000 per month",
        "From 2026-02-26 to 2026-10-30, 7:00-15:30",
        "Jam kerja 08.00-17.00, Senin-Sabtu",
        "Company number 199804751, licence no. 000-2290",
        "DMW-0002-2020 licensed agency",
        "Postal code 10110, passport 12 months, age 20-35",
        "Fiscal years 2014 - 2019",
        "2 x OS, USD 950, 6+1 months",
        "Earn XXXX-XXXXX Rs every day",
        "Reply to job ref JN-032025-6705375",
    ],
)
def test_pay_dates_and_licence_numbers_are_no_telephones(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Telegram: @Abel_Thai_ex", ("telegram", "abel_thai_ex")),
        ("Nhắn tele @loanxa_ex nhé", ("telegram", "loanxa_ex")),
        ("Пишите в телеграм: sanya_team_ex", ("telegram", "sanya_team_ex")),
        ("飞机 @liujie_ex", ("telegram", "liujie_ex")),
        ("https://t.me/joinhere_ex", ("telegram", "joinhere_ex")),
        ("t.me/+AbCdEf123", ("telegram", "joinchat/AbCdEf123")),
        ("tg://resolve?domain=joinhere_ex", ("telegram", "joinhere_ex")),
        ("wa.me/85596000123", ("whatsapp", "+85596000123")),
        ("https://api.whatsapp.com/send?phone=85596000123&text=hi", ("whatsapp", "+85596000123")),
        ("WA: +62 812 0000 7619", ("whatsapp", "+6281200007619")),
        ("вацап +7 999 000 44 17", ("whatsapp", "+79990004417")),
        ("واتساب +971 50 000 6621", ("whatsapp", "+971500006621")),
        ("व्हाट्सएप +91 98000 00365", ("whatsapp", "+919800000365")),
        ("ওয়াটসঅ্যাপ +880 1700 000 123", ("whatsapp", "+8801700000123")),
        ("LINE ID: summer88", ("line", "summer88")),
        ("เพิ่มเพื่อนทางไลน์ patim_ex", ("line", "patim_ex")),
        ("加賴 egglily_ex", ("line", "egglily_ex")),
        ("https://line.me/ti/p/~egglily_ex", ("line", "egglily_ex")),
        ("Zalo 0933 000 816", ("zalo", "+84933000816")),
        ("zalo.me/0933000816", ("zalo", "+84933000816")),
        ("加微信：caidao_ex", ("wechat", "caidao_ex")),
        ("薇信 lpb_hotel_ex", ("wechat", "lpb_hotel_ex")),
        ("速加V：dxb_hr_ex", ("wechat", "dxb_hr_ex")),
        ("扣扣：987654321", ("qq", "987654321")),
        ("Viber: +380 95 000 6240", ("viber", "+380950006240")),
        ("Signal +49 151 0000 4417", ("signal", "+4915100004417")),
        ("카톡 sera_acct_ex", ("kakao", "sera_acct_ex")),
        ("m.me/hr.page.ex", ("messenger", "hr.page.ex")),
        ("Instagram @nail_ex", ("link", "instagram.com/nail_ex")),
    ],
)
def test_a_messenger_is_found_with_its_name_or_number(text, expected):
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "PM me or inbox us",
        "Telegram channel only",
        "WhatsApp only, no calls",
        "assembly line workers and line managers",
        "ทำงานออนไลน์ 150-200",
        "<p>熟悉微信小程序开发 React Native</p>",
        "mso-style line-height:115%",
        "49 000 тг Kaspi",
        "Product Manager @Acme",
        "lunch @ home",
        "a strong signal to the market",
    ],
)
def test_a_messengers_name_without_an_address_is_no_contact(text):
    assert found(text) == []


@pytest.mark.parametrize("text", ["0917 000 XXXX", "09XX-000-XXX", "+971 5X 000 XXXX", "၀၉-XXX-၀၀၀", "0917***1234"])
def test_a_number_with_hidden_digits_is_found_and_flagged(text):
    (contact,) = find_contacts("Contact " + text)
    assert "masked" in contact.flags
    assert "x" in contact.value


def test_what_a_data_set_put_in_the_place_of_a_contact_counts_as_hidden_contact():
    contacts = find_contacts(clean("Apply at #URL_0fa3bc# or write to #EMAIL_12ab#, call #PHONE_9c#."))
    assert [(contact.kind, contact.flags) for contact in contacts] == [
        ("link", ("masked",)),
        ("email", ("masked",)),
        ("phone", ("masked",)),
    ]
    assert found("SEND YOUR CV BY EMAIL NOW") == []


def test_a_number_of_another_country_than_the_texts_home_is_foreign():
    text = clean("รับสมัครพนักงานขาย ติดต่อ +855 96 000 1234 หรือ 093-000-4478")
    assert [contact.flags for contact in find_contacts(text)] == [("foreign_number",), ()]
    assert find_contacts("+855 96 000 1234", "KH")[0].flags == ()


@pytest.mark.parametrize(
    ("text", "value", "flags"),
    [
        ("hr@siamtrade.example", "hr@siamtrade.example", ()),
        ("Jobs.Ex@Gmail.com", "jobs.ex@gmail.com", ("free_mail",)),
        ("name [at] gmail dot com", "name@gmail.com", ("free_mail",)),
        ("name(at)firma(dot)pl", "name@firma.pl", ()),
        ("name at gmail dot com", "name@gmail.com", ("free_mail",)),
        ("kirim ke hrd.ex@gmail com", "hrd.ex@gmail.com", ("free_mail",)),
        ("hr@amazon-jobs.top", "hr@amazon-jobs.top", ("lookalike",)),
    ],
)
def test_an_address_is_found_as_written_and_in_words(text, value, flags):
    (contact,) = find_contacts(text)
    assert (contact.kind, contact.value, contact.flags) == ("email", value, flags)


@pytest.mark.parametrize(
    ("text", "value", "flags"),
    [
        ("https://bit.ly/3AbCdE.", "bit.ly/3AbCdE", ("shortener",)),
        ("[form](https://forms.gle/abc)24/7", "forms.gle/abc", ("form",)),
        ("WWW.ABC-WORK.COM", "abc-work.com", ()),
        ("daftar di hrd-gpd.example ya", "hrd-gpd.example", ()),
        ("https://careers.abc.com.vn/jobs/?id=5#top", "abc.com.vn/jobs", ()),
        ("http://sgjobs.blogspot.com", "sgjobs.blogspot.com", ()),
        ("http://203.0.113.7:8080/apply", "203.0.113.7/apply", ("ip_address",)),
        ("indeed-jobs.co/apply", "indeed-jobs.co/apply", ("lookalike",)),
        ("https://gov-ph.com", "gov-ph.com", ("lookalike",)),
        ("https://www.dmw.gov.ph.apply-now.top/x", "apply-now.top/x", ("lookalike",)),
        ("https://dmw.gov.ph", "dmw.gov.ph", ()),
    ],
)
def test_a_link_is_kept_as_registered_domain_and_path(text, value, flags):
    (contact,) = find_contacts(text)
    assert (contact.kind, contact.value, contact.flags) == ("link", value, flags)


@pytest.mark.parametrize(
    "text", ["Good skills.We offer more.It is", "B.Com or M.Tech", "ASP.NET, Node.js", "e.g. i.e. U.S.A."]
)
def test_a_full_stop_without_its_blank_is_no_link(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("indeed-jobs.co", True),
        ("amazonjobs.vip", True),
        ("1inkedin.com", True),
        ("linkedln.com", True),
        ("tiktok.top", True),
        ("uk.indeed.com", False),
        ("amazon.de", False),
        ("shopee.co.id", False),
        ("amazonaws.com", False),
        ("toyotires.com", False),
        ("careers.gov.sg", False),
        ("pineapple.com", False),
    ],
)
def test_a_borrowed_name_is_told_from_the_brands_own(host, expected):
    domain = split_host(host)
    assert domain is not None
    assert is_lookalike(*domain) is expected


def test_domains_are_split_without_a_network(monkeypatch):
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("no connection may be made")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert found("https://never-seen-before.com.ph/x") == [("link", "never-seen-before.com.ph/x")]


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        (Contact("phone", "+85512345689", 0, 1), "+855 ** *** *89"),
        (Contact("whatsapp", "+639170001234", 0, 1), "+63 * *** *** *34"),
        (Contact("phone", "0917000123", 0, 1), "********23"),
        (Contact("telegram", "abel_thai_ex", 0, 1), "@ab***"),
        (Contact("wechat", "caidao_ex", 0, 1), "ca***"),
        (Contact("email", "jobs.ex@gmail.com", 0, 1), "j***@gmail.com"),
        (Contact("link", "bit.ly/3AbCdE", 0, 1), "bit.ly/***"),
        (Contact("qq", "987654321", 0, 1), "98***"),
        (Contact("link", "#url_0fa3bc#", 0, 1), "URL"),
    ],
)
def test_a_masked_contact_can_be_recognised_but_not_used(contact, shown):
    assert mask(contact) == shown


def test_masking_a_text_hides_every_contact_and_leaves_the_rest():
    text = "Chat @abel_thai_ex or WhatsApp +855 96 000 1234, CV to jobs.ex@gmail.com!"
    shown = "Chat @ab*** or WhatsApp +855 *** *** *34, CV to j***@gmail.com!"
    assert mask_text(text, find_contacts(text)) == shown


def test_contacts_of_another_text_are_refused():
    with pytest.raises(ValueError, match=r"contact at 0-13 overlaps the one before it or the end of the text \(3 char"):
        mask_text("abc", [Contact("telegram", "abel_thai_ex", 0, 13)])


_PIECES = st.sampled_from(
    [
        *("@abel_ex", "0917 000 1234", "+855 96 000 1234", "wa.me/85596000123", "a@b.com", "http://x.co/y", "LINE"),
        *("微信", "тг", "XX", "İ", "QQ 12345", "#", "_", ".", "@", " ", "\n", "/", "+", "(", "Zalo:", "#URL_ab#"),
        *("URL", " at gmail dot com", "🙂", "\ud800"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(_PIECES, st.text(max_size=12)), max_size=12).map("".join))
def test_any_text_gives_ordered_exact_quotes_that_can_be_masked(text):
    contacts = find_contacts(text)
    assert all(0 <= contact.start < contact.end <= len(text) for contact in contacts)
    assert all(left.end <= right.start for left, right in pairwise(contacts))
    assert contacts == find_contacts(text)
    assert len(mask_text(text, contacts)) >= 0


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789 -.", min_size=1, max_size=30))
def test_a_number_is_the_same_in_every_script(digits):
    other = digits.translate({ord("0") + value: ord("০") + value for value in range(10)})
    # In one language: Bengali digits alone make a short text Bengali, and its numbers those of Bangladesh.
    assert found("Call " + digits, "BD", "en") == found("Call " + other, "BD", "en")


_HOSTILE = (
    *("0", "0 ", "@a", "@abel_ex ", "a.b", "_a", "telegram ", "0917 000 1234 ", "a at b dot ", "x", "XX ", "://"),
    *("a@", "-", "一", "0-", "wa.me/", "a at ", "a.b.c/", "a@gmail ", "@gmail "),
)


@pytest.mark.parametrize("piece", _HOSTILE)
def test_a_hostile_text_costs_little_time(piece):
    text = piece * (2_000_000 // len(piece))
    begin = time.process_time()
    assert len(find_contacts(text)) <= MAX_CONTACTS
    assert time.process_time() - begin < 10

"""The report says what was found in plain words, keeps contacts to itself and lets no ad act on the page."""

import os
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from adscreen.errors import OutputError
from adscreen.scoring.explain import ShownContact, ShownPay
from adscreen.screening import write_report
from adscreen.signals.indicator_files import shipped_catalogue

from .conftest import ARABIC, CALM, HOSTILE, LONG, explained, summary_of


class Page(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.text += " " if tag in ("p", "li") else ""

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


def words_of(html):
    return " ".join(Page(html[html.index("<body>") :]).text.split())


def test_the_heading_counts_ads_to_read_in_plain_words(report):
    ads = [ARABIC, LONG, CALM]
    html = report(ads, [3, 1, 1], rows=340)
    assert "<h1>2 ads to read, of 340; 1 urgent</h1>" in html
    assert "these stand for 4 posts" in html


def test_ads_beyond_the_budget_are_counted_not_forgotten(report):
    html = report([ARABIC], budget=1, by_band={"urgent": 1, "review": 6, "clear": 3, "unscorable": 0}, rows=10)
    assert "6 more ads need reading but lie beyond the budget of 1." in words_of(html)


def test_a_report_without_ads_says_so_and_does_not_call_them_safe(report):
    text = words_of(report([]))
    assert "0 ads to read, of 0; 0 urgent" in text
    assert "That does not make them safe" in text


def test_bands_are_told_in_text_and_principles_stand_on_top(report):
    text = words_of(report([ARABIC]))
    assert "few signs or none found; this never means safe" in text
    assert "People decide. No single sign proves anything" in text


def test_ads_of_lower_concern_stand_under_a_heading_of_their_own(report):
    html = report([ARABIC, CALM])
    assert (
        html.index('id="ad-1"')
        < html.index("Lower concern, shown because your budget has room")
        < html.index('id="ad-2"')
    )


def test_evidence_is_marked_in_place_with_the_number_of_its_sign(report):
    html = report([ARABIC])
    assert '<mark>بدون خبرة<sup dir="ltr"><a href="#ad-1-sign-1" aria-label="sign 1">1</a></sup></mark>' in html
    assert 'id="ad-1-sign-1"' in html


def test_overlapping_evidence_is_marked_with_both_numbers(report):
    ad = explained(
        {"description": "No interview and no experience needed."},
        [
            ("no_interview", "description", "No interview and no"),
            ("no_experience", "description", "no experience needed"),
        ],
    )
    marks = re.findall(r"<mark>(.*?)</mark>", report([ad])[:-2500])
    assert [re.sub("<[^>]+>", "", mark) for mark in marks] == ["No interview and ", "no1", " experience needed2"]


def test_each_sign_has_label_quote_question_source_and_strength(report):
    text = words_of(report([ARABIC]))
    indicator = shipped_catalogue().indicators["no_experience"]
    assert f"{indicator.label} ●○○ weak sign, says little alone بدون خبرة ☐ {indicator.question}" in text
    assert f"Source: {indicator.source}" in text


def test_the_kind_of_deception_comes_with_its_definition(report):
    kind = shipped_catalogue().kinds["labour_exploitation"]
    ad = explained({"description": "We keep your passport."}, [("passport_held", "description", "keep your passport")])
    text = words_of(report([ad]))
    assert any(f"{kind.label}. {kind.definition}" in text for kind in shipped_catalogue().kinds.values())
    assert kind.label in text


def test_reassuring_signs_stand_apart_and_are_called_not_verified(report):
    html = report([CALM])
    assert '<mark class="calm">Harbour Care Ltd, 12 Dock Street<sup' in html
    assert "What speaks for it (not verified)" in html
    assert "No single sign was found" in html


def test_a_sign_of_the_whole_ad_has_no_mark(report):
    ad = explained({"description": "Work abroad."})
    ad = ad._replace(found=[each._replace(start=0, end=0, quote="") for each in HOSTILE.found])
    html = report([ad])
    assert "said by the ad as a whole" in html
    assert "<mark>" not in html[: html.index("How to read this page")]


def test_pay_is_set_against_the_going_rate_in_a_sentence_and_bars(report):
    html = report([ARABIC])
    assert (
        "The ad promises “3000 دولار”, about $3,000 a month. Work of this kind (customer service) in Cambodia usually "
        "pays about $310 a month: the promise is about 9.6 times as much."
    ) in words_of(html.replace("<q>", "“").replace("</q>", "”"))
    assert 'style="width:10.4%"' in html


@pytest.mark.parametrize(("pay", "times"), [(310.0, "about as much"), (150.0, "about 0.48 times as much")])
def test_pay_near_or_below_the_rate_is_told_as_such(report, pay, times):
    offer = ShownPay("x", pay, "any", "KH", 312.0, "table")
    assert f"<strong>{times}</strong>" in report([explained({"description": "x"}, pay=offer)])


def test_contacts_are_masked_everywhere_also_in_reason_terms_and_later_copies(report):
    phone, handle, mail = "+855 12 000 123", "@hr_demo_kh", "jobs.demo@gmail.com"
    ad = explained(
        {
            "title": f"Call {phone}",
            "description": f"Write to {handle} or {mail}. Again: {handle}. <a href='https://t.me/hr_demo_kh'>here</a>",
        },
        [("chat_only", "description", handle)],
        [
            ("phone", "+855 ** *** *23", "title", phone),
            ("telegram", "@hr***", "description", handle),
            ("email", "j***@gmail.com", "description", mail),
        ],
        terms=[(f"{handle} or", "description", 0.2), ("hr_demo", "description", 0.1)],
        reason="Higher concern: apply by private message only (“@hr_demo…”; “jobs.demo@gmail.com”).",
    )
    html = report(
        [ad], unscorable=[("ad-9", "too short", f"hi {phone}")], rejects=[(3, f"bad cell “{mail}”")], rejected=1
    )
    for secret in ("000 123", "hr_demo", "jobs.demo"):
        assert secret not in html
    assert html.count("@hr***") >= 4
    assert "+855 ** *** *23" in html


def test_evidence_that_ends_within_a_contact_shows_no_half_of_it(report):
    ad = explained(
        {"description": "Apply on Telegram @hr_demo_kh now"},
        [("chat_only", "description", "Telegram @hr_de")],
        [("telegram", "@hr***", "description", "@hr_demo_kh")],
    )
    assert "hr_de" not in report([ad])


def test_contacts_that_touch_or_overlap_do_not_break_the_page(report):
    ad = explained({"description": "Zalo/Viber 0900 000 123 lan_demo"})
    spans = [(0, 23), (11, 23), (11, 31), (30, 99)]
    contacts = [ShownContact("zalo", "***", "description", start, end, ()) for start, end in spans]
    assert "000 123" not in report([ad._replace(contacts=contacts)])


def test_text_of_ads_never_becomes_markup(report):
    page = Page(report([HOSTILE], unscorable=[("<b>x</b>", "<i>y</i>", "<script>z</script>")], files=("<u>a.csv</u>",)))
    names = {tag for tag, _ in page.elements}
    assert not names & {"script", "img", "svg", "iframe", "object", "form", "link", "i", "b", "u"}
    assert len(page.all("style")) == 1
    assert not [key for _, attrs in page.elements for key in attrs if key.startswith("on")]
    assert all(link["href"].startswith("#") for link in page.all("a"))
    assert "<img src=x onerror=\"document.title='ran'\">" in page.text
    assert "{{ 7 * 7 }}" in page.text


def test_the_page_forbids_itself_all_requests_and_scripts(report):
    policy = next(meta for meta in Page(report([])).all("meta") if meta.get("http-equiv"))
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'"


def test_hidden_characters_are_named_or_dropped(report):
    html = report([HOSTILE])
    assert not re.search("[\x00-\x08\x0e-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", html)
    assert ">RLO</bdi>" in html
    assert ">␇</bdi>" in html


def test_half_characters_do_not_stop_the_report(report):
    assert "A\ufffdB" in report([explained({"description": "A\ud83dB"}, ad_id="\udfff")])


def test_joiners_that_scripts_need_are_kept_and_spaces_within_latin_words_are_not(report):
    html = report([explained({"description": "می\u200cخواهم ក\u200bខ T\u200be\u200bl\u200be"})])
    assert "می\u200cخواهم ក\u200bខ Tele" in html


def test_every_block_of_ad_text_has_its_language_and_finds_its_own_direction(report):
    page = Page(report([ARABIC, HOSTILE]))
    blocks = [attrs for attrs in page.all("div") if attrs.get("class") == "words"]
    assert all(block["dir"] == "auto" for block in blocks)
    assert {block["lang"] for block in blocks} == {"ar", ""}


def test_a_long_ad_shows_its_beginning_and_its_evidence_and_folds_the_rest(report):
    html = report([LONG])
    folded = re.findall(r'<details class="fold"><summary[^>]*>(.*?)</summary>', html)
    assert len(folded) == 2
    assert all("characters without a sign: show them" in each for each in folded)
    assert "<mark>pay a deposit first" in re.sub(r'<details class="fold">.*?</details>', "", html)


def test_what_is_too_long_for_a_report_is_counted(report):
    html = report([explained({"description": "word " * 20_000})])
    assert "70,000 more characters are not in this report" in html
    assert len(html) < 120_000


def test_fields_in_all_lengths_lose_nothing_by_folding(report):
    for size in (0, 1, 1399, 1401, 2000, 9000):
        text = ("kuta nulo " * 1000)[:size] + "x"
        html = report([explained({"description": text}, [("no_interview", "description", text[-1:])])])
        block = html[html.index('<div class="words"') : html.index("Signs to check")]
        shown = re.sub(r"<summary.*?</summary>|<sup.*?</sup>|<[^>]+>", "", block)
        assert "".join(shown.split()).startswith("".join(text.split()))


def test_what_could_not_be_judged_and_rows_set_aside_are_listed_with_reasons(report):
    text = words_of(
        report(
            [],
            by_band={"urgent": 0, "review": 0, "clear": 0, "unscorable": 300},
            unscorable=[(f"ad-{i}", "too short to judge", "ኢዮብ") for i in range(300)],
            rejected=2,
            rejects=[(17, "the row has 9 cells, the header 12"), (18, "not UTF-8")],
        )
    )
    assert "Nothing is said about these 300 ads; a person has to look. The first 200 are listed." in text
    assert "ad-199 too short to judge ኢዮብ" in text
    assert "ad-200" not in text
    assert "Row 17: the row has 9 cells, the header 12" in text


def test_headings_are_in_order_and_landmarks_are_there(report):
    page = Page(report([ARABIC, LONG, CALM]))
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert {"main", "header", "footer", "nav"} <= {tag for tag, _ in page.elements}


def test_ids_are_unique_and_every_link_leads_somewhere(report):
    page = Page(report([ARABIC, LONG, HOSTILE, CALM]))
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {link["href"][1:] for link in page.all("a")} <= set(ids)


def test_facts_of_the_ad_copies_and_changes_are_shown(report):
    ad = ARABIC._replace(result={**ARABIC.result, "source": "group 4", "channel": "telegram", "row": 12})
    text = words_of(report([ad], [14]))
    assert "Seen in: group 4 Channel: telegram Row: 12 Ad: ad-2 Language: Arabic" in text
    assert "posted 14 times with the same text" in text
    assert "Without “No experience or schooling needed” it would be review." in text


@pytest.mark.parametrize(("risk", "shown"), [(0.9999, "over 99 %"), (0.004, "under 1 %"), (0.5, "50 %")])
def test_the_risk_never_reads_as_certain(report, risk, shown):
    assert f"risk {shown}" in report([explained({"description": "x"}, risk=risk)])


def test_an_indicator_the_catalogue_does_not_know_is_still_shown(report):
    ad = explained({"description": "Fee now"})
    found = [HOSTILE.found[0]._replace(code="own_sign", label="Own sign", field="description", start=0, end=3)]
    assert "Own sign" in report([ad._replace(found=found)])


def test_nothing_in_the_package_marks_text_as_safe_markup():
    import adscreen.screening.report as module

    for file in Path(module.__file__).parent.iterdir():
        if file.suffix in (".py", ".j2"):
            assert not re.search(r"\|\s*safe\b|Markup\(|autoescape false", file.read_text(encoding="utf-8")), file


def test_the_same_ads_give_the_same_bytes(report):
    assert report([ARABIC, HOSTILE]) == report([ARABIC, HOSTILE])


def test_a_report_that_cannot_be_written_leaves_the_old_one_and_no_scraps(tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    path.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"--report .*report.html: cannot be written \(No space left on device\)"):
        write_report(path, [CALM], [1], summary_of([CALM]), shipped_catalogue())
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]

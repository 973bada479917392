"""A card of the report that stands for a campaign."""

import pandas as pd
import pytest

from adscreen.screening import write_report
from adscreen.signals.indicator_files import shipped_catalogue
from tests.campaigns.conftest import make_ads

from .conftest import ARABIC, CALM, explained, summary_of
from .test_campaign_exports import described
from .test_report import Page, words_of


@pytest.fixture
def report_of(tmp_path):
    def write(ads, campaigns, **changes):
        path = tmp_path / "report.html"
        summary = summary_of(ads, **changes)
        write_report(path, ads, [1] * len(ads), summary, shipped_catalogue(), campaigns=campaigns)
        return path.read_text(encoding="utf-8")

    return write


@pytest.fixture(scope="module")
def english():
    return next(campaign for campaign in described(make_ads(4)) if "en" in campaign.languages)


def test_a_card_says_how_many_ads_it_stands_for_and_what_varies(report_of, english):
    text = words_of(report_of([ARABIC, CALM], [english, None]))
    assert "4 ads of this campaign; what varies: place, pay, Telegram" in text
    assert "The campaign: 4 ads, 3 different texts" in text
    assert "Seen: 2025-01-01 to 2025-01-04" in text
    assert "Sources: group 0 (2), group 1 (2)" in text
    assert "1 place Bavet (2) · Mae Sot (1) · Poipet (1)" in text
    assert "3 Telegram @en*** (2) · @en*** (2)" in text


def test_an_ad_on_its_own_has_no_section_on_a_campaign(report_of):
    assert 'class="campaign"' not in report_of([ARABIC], [None])


def test_ads_that_a_campaign_stands_for_are_not_beyond_the_budget(report_of, english):
    by_band = {"urgent": 6, "review": 0, "clear": 0, "unscorable": 0}
    text = words_of(report_of([ARABIC], [english], by_band=by_band, rows=6, budget=1))
    assert "2 more ads need reading but lie beyond the budget of 1." in text
    assert "these stand for 4 posts" in text


def test_contacts_of_a_campaign_are_masked(report_of, english):
    html = report_of([ARABIC], [english])
    assert "en_boss" not in html


def test_what_ties_it_to_another_campaign_is_told(report_of):
    text = "Typists for a call centre in Vientiane, shared rooms, a bonus every month, Telegram @en_boss_0_ex {}"
    more = make_ads(3)[:3].assign(ad_id=list("abc"), description=[text.format(end) for end in ("now", "soon", "today")])
    campaigns = described(pd.concat([make_ads(4), more], ignore_index=True))
    tied = next(campaign for campaign in campaigns if campaign.links)
    said = words_of(report_of([ARABIC], [tied]))
    assert f"Tied to other campaigns: {tied.links[0].campaign_id} by Telegram @en***" in said


def test_markup_in_the_ads_of_a_campaign_is_text(report_of):
    hostile = "<script>document.title='ran'</script><img src=x onerror=alert(1)> \u202eevil {{ 7 * 7 }} "
    ads = make_ads(4)
    ads = ads.assign(description=hostile + ads["description"] + hostile, source=hostile, company='"><svg onload=x>')
    campaign = next(campaign for campaign in described(ads) if "en" in campaign.languages)
    html = report_of([explained({"description": "x"})], [campaign])
    plain = report_of([explained({"description": "x"})], [None])
    extra = {tag for tag, _ in Page(html).elements} - {tag for tag, _ in Page(plain).elements}
    assert extra <= {"section", "details", "summary", "ul", "li", "bdi", "span", "div", "h4"}
    assert not any(name.startswith("on") for _, attributes in Page(html).elements for name in attributes)
    assert "\u202e" not in html
    assert "{{ 7 * 7 }}" in html


def test_many_slots_and_values_are_cut(report_of):
    sentences = [
        f"Part {i} of this offer is about topic number {i} and says {{}} to whoever reads it" for i in range(20)
    ]
    names = ["amber", "birch", "cedar", "dune", "elm", "fern", "grove", "heath"]
    ads = pd.concat([make_ads(4)[:4]] * 2, ignore_index=True)
    texts = [". ".join(sentence.format(name) for sentence in sentences) for name in names]
    (campaign,) = described(ads.assign(ad_id=names, description=texts))
    said = words_of(report_of([ARABIC], [campaign]))
    assert "and 2 more" in said
    assert "more places where the texts differ." in said

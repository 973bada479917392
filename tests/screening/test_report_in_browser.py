"""The report as a real browser shows it: Debian's Chromium, driven by Playwright."""

import shutil

import pytest

from adscreen.screening import write_report
from adscreen.signals.indicator_files import shipped_catalogue
from tests.campaigns.conftest import make_ads

from .conftest import ARABIC, CALM, HOSTILE, LONG, summary_of
from .test_campaign_exports import described

playwright = pytest.importorskip(
    "playwright.sync_api", reason="needs Playwright: make test installs it with the group dev"
)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs a browser: apt-get install chromium")

ADS = [HOSTILE, ARABIC, LONG, CALM]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    excerpt = "<img src=x onerror=\"document.title='ran'\">"
    lures = make_ads(4)
    hostile = described(lures.assign(description=lures["description"] + " " + HOSTILE.fields["description"]))[0]
    summary = summary_of(ADS, unscorable=[("ad-9", "too short", excerpt)])
    write_report(path, ADS, [3, 1, 1, 1], summary, shipped_catalogue(), campaigns=[hostile, None, None, None])
    return path


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        # Tests may run as root in a container, where Chromium's sandbox cannot start; the page is our own.
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser, file):
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.requests, page.complaints = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("dialog", lambda dialog: (page.complaints.append("a dialog opened"), dialog.dismiss()))
    page.goto(file.as_uri())
    page.wait_for_load_state("networkidle")
    yield page
    page.close()


def test_the_page_asks_for_nothing_and_has_nothing_to_complain_about(page, file):
    assert page.requests == [file.as_uri()]
    assert page.complaints == []


def test_code_in_an_ad_does_not_run_and_shows_as_text(page):
    assert page.title().startswith("3 ads to read")
    assert page.locator("img, script, iframe, svg, form").count() == 0
    ad = page.locator("#ad-1 .ad-text").inner_text()
    assert "<img src=x onerror=\"document.title='ran'\">" in ad
    assert "<script>document.title = 'ran'</script>" in ad
    assert page.locator("body").is_visible()
    assert page.locator("main > section > article").count() == 4  # "</article></main>" in the ad closed nothing


def test_what_a_campaign_says_opens_and_code_in_its_ads_shows_as_text(page):
    template = page.locator("#ad-1 .template")
    assert not template.locator(".words").is_visible()
    template.locator("summary").click()
    assert "<b>" in template.locator(".words").inner_text()
    assert page.locator("#ad-1 .slots .slot").first.inner_text() == "1 place"
    assert page.complaints == []


MARKS = """() => [...document.querySelectorAll('#ad-2 mark')].map(mark => {
    const before = document.createRange();
    before.setStart(mark.closest('.words'), 0);
    before.setEndBefore(mark);
    return [before.cloneContents(), mark.cloneNode(true)].map(part => {
        part.querySelectorAll('sup').forEach(number => number.remove());
        return part.textContent;
    });
})"""


def test_marks_stand_where_the_quotes_are(page):
    marks = [(len(before), quote) for before, quote in page.evaluate(MARKS)]
    assert marks == sorted((each.start, each.quote) for each in ARABIC.found)


def test_the_number_at_a_mark_leads_to_its_sign(page):
    page.locator("#ad-2 mark a").first.click()
    assert page.locator("#ad-2 li:target").inner_text().startswith("1")


def test_right_to_left_text_runs_from_the_right_and_left_to_right_text_from_the_left(page):
    def direction(selector):
        return page.locator(selector).first.evaluate("each => getComputedStyle(each).direction")

    assert direction("#ad-2 .words") == "rtl"
    assert direction("#ad-2 h3") == "rtl"
    assert direction("#ad-2 q bdi") == "rtl"
    assert direction("#ad-3 .words") == "ltr"
    box = page.locator("#ad-2 .words").last.bounding_box()
    first = page.locator("#ad-2 .words").last.evaluate(
        """each => { const range = document.createRange(); const text = each.querySelector('div').firstChild;
                     range.setStart(text, 0); range.setEnd(text, 4); return range.getBoundingClientRect().right; }"""
    )
    assert first == pytest.approx(box["x"] + box["width"], abs=2)


@pytest.mark.parametrize("width", [320, 600, 1200, 2400])
def test_no_width_needs_sideways_scrolling(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_twice_the_letter_size_still_fits(page):
    page.set_viewport_size({"width": 640, "height": 800})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


NEEDED_ON_PAPER = [
    *("h1", ".principle", ".band", ".reason", ".ad-text", "mark"),
    *(".question", ".source", ".bars", ".terms", ".parts"),
]


def test_paper_hides_nothing_that_is_needed(page):
    page.emulate_media(media="print")
    for selector in NEEDED_ON_PAPER:
        found = page.locator(selector)
        seen = found.evaluate_all("all => all.map(each => each.checkVisibility({visibilityProperty: true}))")
        assert seen, selector
        assert all(seen), selector


def test_paper_shows_a_long_passage_without_a_sign_folded(page):
    page.emulate_media(media="print")
    assert page.locator(".fold > summary").first.is_visible()
    assert not page.locator(".fold > div").first.is_visible()


LOW_CONTRAST = """() => {
    const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
    const linear = value => (value /= 255) <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4;
    const light = ([r, g, b]) => .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b) + .05;
    const ground = element => {
        const colour = numbers(getComputedStyle(element).backgroundColor);
        return colour.length === 3 || colour[3] === 1 ? colour : ground(element.parentElement);
    };
    const hasText = element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    const contrast = element => {
        const [ink, paper] = [light(numbers(getComputedStyle(element).color)), light(ground(element))];
        return Math.max(ink, paper) / Math.min(ink, paper);
    };
    return [...document.querySelectorAll('body *')].filter(hasText)
        .map(element => [element.className || element.tagName, contrast(element)]).filter(pair => pair[1] < 4.5);
}"""


def test_text_stands_out_from_its_ground_by_at_least_4_5_to_1(page):
    assert page.evaluate(LOW_CONTRAST) == []


def test_keyboard_focus_can_be_seen(page):
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    outline = page.evaluate(
        "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth"
    )
    assert outline == "solid3px"

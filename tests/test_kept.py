"""In a real browser: what a reader chose goes along from page to page, and a phone shows figures whole."""

import pytest

from tests.test_browser import address, browser, data_dir, pytestmark  # noqa: F401

CUT = """() => [...document.querySelectorAll(
    '[data-testid=stMetricValue], [data-testid=stMetricValue] *, [data-testid=stMetricLabel] *')]
    .filter(each => each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1
        && getComputedStyle(each).overflow !== 'visible').map(each => each.textContent)"""

# Everything is drawn, what an earlier run left is taken away, and the page has its fonts: nothing moves any more.
SETTLED = """() => document.querySelector('.page-drawn') && document.querySelector('[data-testid=stMetric]')
    && document.querySelector('[data-test-script-state=notRunning]') && document.fonts.status === 'loaded'
    && (now => { const same = window.lastTop === now; window.lastTop = now; return same; })(
        document.querySelector('[data-testid=stMetric]').getBoundingClientRect().top)"""


@pytest.fixture
def opened(browser):  # noqa: F811
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    yield page
    page.close()


def go(page, name: str, wanted: str) -> None:
    page.get_by_test_id("stTopNavLink").filter(has_text=name).first.click()
    page.wait_for_url(wanted, timeout=30_000)
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')", timeout=30_000)


@pytest.mark.long
def test_what_was_chosen_goes_along_to_the_next_page(opened, address):  # noqa: F811
    period = "Last+12+full+months"
    opened.goto(f"{address}/customer-profitability?lang=en&only-segment=Workshop&period={period}")
    opened.wait_for_selector(".page-drawn", state="attached", timeout=60_000)
    opened.get_by_test_id("stMultiSelect").first.get_by_text("Workshop").wait_for(timeout=30_000)
    go(opened, "Overview", "**/?*only-segment=Workshop*")
    assert f"period={period}" in opened.url
    opened.get_by_test_id("stMultiSelect").first.get_by_text("Workshop").wait_for(timeout=30_000)


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "pl", "ru"])
def test_a_phone_cuts_no_figure_and_shows_the_first_on_the_first_screen(opened, address, language):  # noqa: F811
    opened.set_viewport_size({"width": 390, "height": 844})
    for path in ("", "customer-profitability", "order-cycle-time", "funnel-to-cash"):
        opened.goto(f"{address}/{path}?lang={language}")
        opened.wait_for_function(SETTLED, polling=500, timeout=60_000)
        assert opened.evaluate(CUT) == [], path
        first = opened.get_by_test_id("stMetric").first.bounding_box()
        assert first["y"] < 844, path

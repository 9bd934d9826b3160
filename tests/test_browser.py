"""A reader opens the pages in a real browser, sees the charts drawn, clicks one and reads the documents behind it."""

import csv
import re
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
import small_customer as one
import small_warehouse as small

from dashboards.pages import PAGES, path
from tests import browsing
from tests.browsing import CHROMIUM

# How many charts a page has at least on the small warehouse; the other pages may have none.
CHARTS = {"overview": 4, "customer_profitability": 4, "order_cycle_time": 3, "funnel_to_cash": 3}

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason=f"no browser: {CHROMIUM} is not installed")


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    small.publish(folder, more=[*one.rows("beta", "Beta Garage", segment="Workshop", sold=False)])
    return folder


@pytest.fixture(scope="module")
def address(data_dir):
    with browsing.served(data_dir, data_dir / "streamlit.log") as (address, _):
        yield address


@pytest.fixture(scope="module")
def browser():
    with browsing.opened() as opened:
        yield opened


def drawn(page, address: str, path: str, charts: int) -> None:
    page.goto(f"{address}/{path}")
    page.get_by_text("Data as of:").wait_for(timeout=60_000)
    page.wait_for_function(
        "wanted => document.querySelectorAll('.js-plotly-plot .plot .trace, .js-plotly-plot .point').length >= wanted"
        " && document.querySelectorAll('.js-plotly-plot').length >= wanted",
        arg=charts,
        timeout=60_000,
    )


def test_a_reader_sees_every_page_and_follows_a_click_to_the_document(address, browser):
    page = browser.new_page(viewport={"width": 1440, "height": 1600})
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    for name in PAGES:
        drawn(page, address, path(name), CHARTS.get(name, 0))
        assert page.locator("[data-testid=stException]").count() == 0
    drawn(page, address, "customer-profitability", CHARTS["customer_profitability"])

    point = page.locator(".js-plotly-plot").first.locator(".scatterlayer .point").first.bounding_box()
    page.mouse.click(point["x"] + point["width"] / 2, point["y"] + point["height"] / 2)

    page.get_by_text("Invoice lines and cost postings").wait_for(timeout=30_000)
    assert re.search(r"customer=alfa", page.url), "the address is the view"
    page.get_by_role("button", name="Clear").click()
    page.get_by_text("Revenue against margin").wait_for(timeout=30_000)
    assert "customer=" not in page.url

    page.goto(f"{address}/customer-profitability?customer=alfa")
    page.get_by_text("Invoice lines and cost postings").wait_for(timeout=30_000)
    assert not errors


def marker(page, key: str) -> None:
    """Clicks the marker of the first chart that carries this key."""
    found = """key => { const figure = document.querySelector('.js-plotly-plot');
        for (const [at, trace] of ((figure && figure.data) || []).entries()) {
            const n = (trace.customdata || []).indexOf(key); if (n >= 0) return [at, n]; } }"""
    page.wait_for_function(found, arg=key, timeout=60_000)
    trace, point = page.evaluate(found, key)
    traces = page.locator(".js-plotly-plot").first.locator(".scatterlayer .trace")
    box = traces.nth(trace).locator(".point").nth(point).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@pytest.mark.long
def test_from_the_worst_customer_to_the_documents_of_their_late_order(address, browser):
    page = browser.new_page(viewport={"width": 1440, "height": 2400})
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    drawn(page, address, "customer-profitability", CHARTS["customer_profitability"])

    marker(page, "beta")
    page.get_by_role("link", name="All about this customer").click(timeout=60_000)
    page.get_by_text("are surely one customer").wait_for(timeout=60_000)
    assert re.search(r"/customer\?.*customer=beta", page.url), "the address says whom it is about"

    marker(page, "orders|beta:order")
    page.get_by_text("1 deal, 1 offer, 1 delivery, 1 invoice, 1 payment").wait_for(timeout=60_000)
    assert "document=orders" in page.url
    page.get_by_role("link", name="Its dates and lines").click()
    page.wait_for_url(re.compile("order_key=beta"), timeout=60_000, wait_until="commit")
    page.get_by_text("All orders").first.wait_for(timeout=60_000)
    assert not errors


def test_a_reader_says_that_two_records_are_one_customer_and_takes_it_back(address, browser, data_dir):
    page = browser.new_page(viewport={"width": 1440, "height": 1600})
    drawn(page, address, "who-is-who", 0)
    page.get_by_role("textbox", name="Why").fill("one owner")
    page.get_by_role("button", name="Same customer").click()
    page.get_by_text("Noted, waiting for the next refresh").wait_for(timeout=30_000)

    [file] = (data_dir / "company/inbox").iterdir()
    with file.open(newline="") as written:
        [row] = list(csv.DictReader(written))
    assert (row["account_key_a"], row["account_key_b"]) == ("business_central:gamma", "salesforce:gamma")
    assert (row["decision"], row["reason"]) == ("same", "one owner")

    page.get_by_role("button", name="Undo").click()
    page.get_by_text("2 pairs wait for a decision").wait_for(timeout=30_000)
    assert not list((data_dir / "company/inbox").iterdir())


@pytest.mark.long
def test_a_reader_who_changes_the_language_keeps_the_view(address, browser):
    page = browser.new_page(viewport={"width": 1440, "height": 1600}, locale="pl-PL")
    page.goto(f"{address}/order-cycle-time?period=last_quarter")
    page.get_by_text("Stan danych:").wait_for(timeout=60_000)
    page.wait_for_url(re.compile(r"period=Ostatni.*kwarta"), timeout=30_000)
    page.locator(".js-plotly-plot").first.wait_for(timeout=60_000)
    page.locator("[data-testid=stStatusWidget]").wait_for(state="detached", timeout=60_000)
    page.get_by_text("RU", exact=True).click()
    page.get_by_text("Данные на:").wait_for(timeout=60_000)
    page.wait_for_url(lambda url: "period=Последний полный квартал" in unquote_plus(url), timeout=30_000)
    assert "Последний полный квартал" in shown(page, "Период")

    page.goto(f"{address}/order-cycle-time?lang=ru&period=Last+full+quarter&counted=Ordered")
    page.wait_for_url(lambda url: "period=Последний полный квартал" in unquote_plus(url), timeout=60_000)
    assert "Последний полный квартал" in shown(page, "Период")
    page.get_by_text("Размещённые заказы").wait_for(timeout=30_000)


def shown(page, label: str) -> str:
    """What a box of choices says now."""
    return page.get_by_role("combobox", name=re.compile(label)).input_value()

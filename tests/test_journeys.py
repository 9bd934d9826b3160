"""A manager's ways through the pages of the sandbox company, in a real browser: from a figure down to the document."""

import re
from pathlib import Path
from urllib.parse import unquote_plus

import duckdb
import paged
import pytest
import small_warehouse as small

from dashboards import generation
from dashboards.pages import PAGES
from tests import browsing
from tests.browsing import PATIENCE, at, cells, click_mark, click_row, drawn, filtered, others, tiles

CRM, ERP = "https://crm.example.invalid/deals/", "https://erp.example.invalid/orders/"
# What the sandbox company has only when it is large: an order that nothing happens to. Its systems have no address.
MORE = (
    ("update canonical.deals set source_url = ? || deal_key", [CRM]),
    ("update marts.order_cycle_time set source_url = ? || order_number", [ERP]),
    (
        "insert into marts.stuck_orders by name select order_key, order_number, source, customer_key, customer_name,"
        " owner_name, channel, warehouse, reporting_currency_code, source_url, 900000 as order_amount, 'pick' as"
        " waiting_for, 'waiting_for_pick' as reason, 40 as days_in_step, 40 as quiet_days, 4 as usual_days, false as"
        " is_held, ordered_date as entered_date, ordered_date as last_event_date from marts.order_cycle_time"
        " where is_open and customer_key is not null order by order_amount desc, order_key limit 1",
        [],
    ),
)
LATE_ORDER = """
    select order_key, order_number from marts.order_cycle_time
    where customer_key = ? and is_in_full_on_first_promised = false and ordered_date >= date '2025-11-01'
        and order_key in (select from_key from canonical.thread where from_entity = 'orders')
    qualify count(*) over (partition by ordered_date) = 1 order by ordered_date desc limit 1
"""
NEVER_ORDERED = """
    select anchor_name, deal_key, customer_key from marts.funnel_to_cash
    where bucket = 'won_not_ordered' and not is_excluded
        and coalesce(lead_created_date, deal_created_date) between date '2025-11-01' and date '2026-10-31'
    order by won_amount desc limit 1
"""
# The largest part of the chart of open orders: the stage, and the band of days.
MOST_OPEN = """
    select current_stage, len(list_filter([3, 7, 14, 30], lambda edge: open_days >= edge)) as band
    from marts.order_cycle_time where is_open and current_stage = 'shipment'
    group by all order by count(*) desc, 2 limit 1
"""
DEBTOR = """
    select customer_key, invoice_number, anchor_name from marts.receivables
    inner join marts.funnel_to_cash using (customer_key)
    where days_overdue > 0 and open_reporting_amount > 0 and bucket = 'open_deal' and not is_excluded
    order by all limit 1
"""

pytestmark = pytest.mark.skipif(
    not Path(browsing.CHROMIUM).exists(), reason=f"no browser: {browsing.CHROMIUM} is not installed"
)


@pytest.fixture(scope="module")
def firm(small_firm, tmp_path_factory):
    """What is published, and a little of what only happens to larger firms."""
    folder = tmp_path_factory.mktemp("journeys")
    generation = folder / "generations" / small_firm.warehouse.parent.name
    generation.mkdir(parents=True)
    copy = generation / "warehouse.duckdb"
    copy.write_bytes(small_firm.warehouse.read_bytes())
    with duckdb.connect(str(copy)) as connection:
        for statement, parameters in MORE:
            connection.execute(statement, parameters)
    (folder / "attempts.jsonl").write_bytes((small_firm.folder / "attempts.jsonl").read_bytes())
    small.point(folder, generation)
    return folder


@pytest.fixture(scope="module")
def asked(firm):
    def ask(statement: str, *parameters) -> list[tuple]:
        with duckdb.connect(str(firm / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(statement, parameters).fetchall()

    return ask


@pytest.fixture(scope="module")
def address(firm):
    with browsing.served(firm, firm / "streamlit.log") as (address, _):
        yield address


@pytest.fixture(scope="module")
def browser():
    with browsing.opened() as opened:
        # One reader: what the browser has fetched once it keeps.
        yield opened.new_context(viewport={"width": 1440, "height": 2000}, locale="en-GB")


@pytest.fixture
def page(browser):
    page, errors = browser.new_page(), []
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert not errors


def opened(page, address: str) -> None:
    page.goto(address)
    drawn(page)


def numbers(page) -> list[str]:
    """The digits of the tiles, which are the same in every language."""
    return [re.sub(r"\D", "", text) for text in tiles(page)]


def sentences(page) -> list[str]:
    return page.locator("[data-testid=stMarkdownContainer]").all_inner_texts()


def tells(page, text: str) -> None:
    """Some table on the page says this."""
    page.wait_for_function(
        "text => [...document.querySelectorAll('table td')].some(cell => cell.textContent.includes(text))", arg=text
    )


def test_from_the_worst_customer_of_the_whale_curve_to_the_documents_of_their_late_order(page, address, asked):
    [[worst, name]] = asked(
        "select customer_key, any_value(customer_name) from marts.customer_profitability where month = '2026-10-01'"
        " group by 1 order by sum(cm3_amount) nulls last limit 1"
    )
    [[order, number]] = asked(LATE_ORDER, worst)
    opened(page, f"{address}/customer-profitability?lang=en")
    click_mark(page, "chart-whale-0", worst)
    at(page, f"customer={worst}")
    page.get_by_role("link", name="All about this customer").click()
    at(page, rf"/customer\?.*customer={worst}")
    page.get_by_role("heading", name=name).first.wait_for()

    click_mark(page, "chart-timeline-0", f"orders|{order}")
    at(page, "document=orders")
    page.get_by_role("link", name="Its dates and lines").wait_for()
    page.get_by_text(number).first.wait_for()
    [[shipped]] = asked(
        "select shipment_number from canonical.thread inner join canonical.shipments on to_key = shipment_key"
        " where from_key = ? and to_entity = 'shipments' limit 1",
        order,
    )
    tells(page, shipped)


@pytest.mark.long
def test_a_stuck_order_leads_from_what_needs_attention_to_its_own_dates(page, address, asked):
    [[key, number]] = asked("select order_key, order_number from marts.stuck_orders order by order_amount desc limit 1")
    opened(page, f"{address}/?lang=en")
    click_row(page, "table-attention-0", number)
    at(page, r"/order-cycle-time\?.*order_key=")
    assert f"order_key={key}" in unquote_plus(page.url)
    page.get_by_text("All orders").first.wait_for()
    page.locator(f"a[href='{ERP}{number}']").wait_for()


@pytest.mark.long
def test_a_won_deal_that_nobody_ordered_is_found_in_the_crm(page, address, asked):
    opened(page, f"{address}/funnel-to-cash?lang=en")
    click_mark(page, "chart-leakage-0", "not_ordered")
    at(page, "step=not_ordered")
    page.get_by_role("button", name="Clear").wait_for()
    [[deal, key, customer]] = asked(NEVER_ORDERED)
    click_row(page, "table-funnel_rows-0", deal)
    at(page, rf"/customer\?.*customer={customer}")
    page.locator(f"a[href='{CRM}{key}']").first.wait_for()


@pytest.mark.long
def test_an_overdue_invoice_leads_to_the_open_deals_of_who_owes_it(page, address, asked):
    [[customer, invoice, deal]] = asked(DEBTOR)
    opened(page, f"{address}/receivables?lang=en&customer={customer}")
    click_row(page, "table-owed_documents-0", invoice)
    at(page, "invoice=")
    drawn(page)
    page.get_by_role("link", name="All about this customer").click()
    at(page, rf"/customer\?.*customer={customer}")
    tells(page, deal)


def test_a_period_stays_when_the_language_changes(page, address):
    opened(page, f"{address}/order-cycle-time?lang=en")
    before = numbers(page)
    filtered(page, "Period", "Last full quarter")
    at(page, "period=Last")
    chosen = numbers(page)
    assert chosen != before
    page.get_by_text("RU", exact=True).click()
    page.get_by_text("Данные на:").wait_for()
    page.wait_for_url(lambda url: "period=Последний полный квартал" in unquote_plus(url), wait_until="commit")
    drawn(page)
    assert page.get_by_role("combobox", name=re.compile("Период")).input_value() == "Последний полный квартал"
    assert numbers(page) == chosen


@pytest.mark.long
def test_figures_in_another_currency_change_their_amounts_and_not_their_counts(page, address):
    opened(page, f"{address}/?lang=en")
    before = tiles(page)
    page.locator(".st-key-currency-switch").get_by_role("combobox").click()
    page.get_by_role("option", name="EUR").click()
    at(page, "currency=EUR")
    drawn(page)
    others(page, before)
    assert tiles(page)[0].endswith("EUR") and tiles(page)[4:] == before[4:]


def test_an_address_sent_to_somebody_else_shows_them_the_same_figures(page, address, browser, asked):
    opened(page, f"{address}/order-cycle-time?lang=en&period=Last+full+quarter")
    click_mark(page, "chart-ageing-0", [*asked(MOST_OPEN)[0]])
    at(page, "stage=shipment")
    page.get_by_text("Clear").wait_for()
    drawn(page)
    mine = tiles(page), sentences(page), cells(page, "table-orders-0")
    other = browser.browser.new_context(viewport={"width": 1440, "height": 2000})
    theirs = other.new_page()
    theirs.set_default_timeout(PATIENCE)
    opened(theirs, page.url)
    theirs.get_by_role("button", name="Clear").wait_for()
    drawn(theirs)
    assert (tiles(theirs), sentences(theirs), cells(theirs, "table-orders-0")) == mine
    other.close()


@pytest.mark.long
def test_back_leads_to_what_was_looked_at_before_with_its_filters(page, address, asked):
    opened(page, f"{address}/order-cycle-time?lang=en")
    filtered(page, "Period", "Last full quarter")
    at(page, "period=Last")
    looked_at = numbers(page)
    click_mark(page, "chart-ageing-0", [*asked(MOST_OPEN)[0]])
    at(page, "stage=shipment")
    page.get_by_text("Clear").wait_for()
    page.go_back(wait_until="commit")
    page.get_by_text("Clear").wait_for(state="detached")
    drawn(page)
    assert "period=Last" in page.url and "stage=" not in page.url
    assert numbers(page) == looked_at


def tabbed(page, selector: str) -> None:
    """Goes on by Tab until the focus is there."""
    there = "selector => document.activeElement.closest(selector) !== null"
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(there, selector):
            return
    raise AssertionError(f"no way to {selector} by Tab")


@pytest.mark.long
def test_without_a_mouse_days_are_counted_anew_and_a_table_is_opened(page, address):
    opened(page, f"{address}/order-cycle-time?lang=en")
    tabbed(page, ".st-key-measured")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    at(page, "measured=Working")
    drawn(page)
    tabbed(page, "[data-testid=stPopover]")
    page.keyboard.press("Enter")
    page.locator("[data-testid=stPopoverBody] canvas").first.wait_for()


@pytest.mark.parametrize("name", PAGES)
def test_every_chart_says_in_words_what_it_shows_and_has_a_table_behind_it(firm, monkeypatch, name):
    monkeypatch.setenv("DATA_DIR", str(firm))
    app = paged.page(name)
    assert not app.exception and not app.error
    state = [str(key) for key in app.session_state._state.filtered_state]
    tables = tuple(key.removeprefix("behind-").rpartition("-")[0] for key in state if key.startswith("behind-"))
    for chart in app.get("plotly_chart"):
        assert chart.proto.alt.strip()
        assert chart.proto.id.partition("-chart-")[2].startswith(tables), chart.proto.id
    generation.close()

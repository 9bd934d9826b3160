"""Each state that a page can be in, shown on purpose. Empty, not connected, error and no access have tests beside
what they belong to: test_pages.py and test_access.py."""

from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest
import small_warehouse as small

from dashboards import facts, stamp, states
from tests.paged import page, said

TEST = "cost_is_the_ledger_s"
NOVEMBER = date(2026, 11, 2)


def few():
    """Three orders of November, shipped a week later."""
    for at in range(50, 53):
        shipped = {"shipped_in_full_date": date(2026, 11, 9), "fulfilled_date": date(2026, 11, 9), "gross_days": 7}
        yield "marts.order_cycle_time", small.order(at, "payment", NOVEMBER) | shipped | {"days_order_to_ship": 7}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    test = {"test": TEST, "model": "m", "sentence": "Cost is what the ledger says.", "status": "fail"}
    small.publish(folder, more=[*few(), ("marts.test_results", test)])
    with duckdb.connect(str((folder / "warehouse.duckdb").resolve())) as con:
        con.execute("update marts.measures set tests = ? where measure = 'revenue'", [TEST])
    return folder


@pytest.mark.parametrize("hours,colour", [(29, None), (31, "orange"), (61, "red")])
def test_data_older_than_agreed_is_amber_and_beyond_twice_red_and_the_figures_stay(
    published, monkeypatch, hours, colour
):
    moment = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=hours)
    known = [load | {"data_as_of": moment} for load in facts.sources()]
    monkeypatch.setattr(facts, "sources", lambda: known)
    app = page("customer_profitability")
    line = next(text.value for text in [*app.caption, *app.markdown] if "Data as of" in text.value)
    assert line.startswith(f":small[:{colour}[") if colour else line.startswith("Data as of")
    assert "Revenue **1.81K PLN**" in said(app)


def test_a_figure_whose_test_failed_keeps_its_value_with_a_sign_and_the_sentence(published):
    tile = next(metric for metric in page("overview").metric if metric.label == "Revenue net")
    assert tile.value == "1.81K PLN" and tile.proto.icon == ":material/warning:"
    assert "did not pass: Cost is what the ledger says." in tile.help


def test_few_orders_are_counted_and_given_no_percentiles(published):
    app = page("order_cycle_time")
    app.selectbox(key="period").set_value("this_month").run()
    assert "Only 3 orders" in said(app)


def test_a_page_that_needs_the_erp_names_the_command_and_the_demo_company(published, monkeypatch):
    monkeypatch.setattr(facts, "fed", lambda: {"accounts", "leads", "deals"})
    app = page("order_cycle_time")
    assert [code.value for code in app.code] == ['SOURCES="salesforce business_central" make refresh']
    app.toggle(key="demo").set_value(True).run()
    assert app.code[-1].value == "SOURCES= COMPANY=parts make refresh"


def test_while_a_page_is_computed_its_place_is_held(published, monkeypatch):
    seen = []
    held = states.loading
    monkeypatch.setattr(states, "loading", lambda *some: seen.append(some) or held(*some))
    assert not page("trust").error and len(seen) >= 1


def test_the_stamp_leads_to_what_says_whether_to_believe_it(published):
    assert stamp.AGREED_AGE == 30
    assert [link.proto.label for link in page("overview").get("page_link") if link.proto.page.endswith("trust")]

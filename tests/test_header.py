"""What surrounds every page: another currency, what figures are compared with, what they mean, how they went."""

from datetime import date
from decimal import Decimal

import duckdb
import polars as pl
import pytest
import small_warehouse as small

from dashboards import budgets, export, facts, meanings, money, periods, sparklines, statements, tables, warehouse
from dashboards.warehouse import Filter
from tests.paged import figures, page, said, table

RATE = Decimal("4")
OCTOBER = date(2026, 10, 1)
TEST = "revenue_is_the_ledger_s"


def rates():
    """Euro of the day before, dollars nobody has a rate for any more."""
    row = {"reporting_currency_code": "PLN", "exchange_rate_source": "NBP", "is_of_day_before": True}
    known = row | {"currency_code": "EUR", "exchange_rate": RATE, "exchange_rate_date": date(2026, 11, 20)}
    yield "marts.reporting_rates", known | {"priced_date": small.AS_OF}
    yield "marts.reporting_rates", known | {"priced_date": date(2026, 11, 2), "exchange_rate": 5}
    none = row | {"currency_code": "USD", "exchange_rate_source": "none", "is_of_day_before": False}
    yield "marts.reporting_rates", none | {"priced_date": small.AS_OF}


def plan():
    row = {"pipeline_coverage_key": "f", "scope": "firm", "reporting_currency_code": "PLN", "period_month": OCTOBER}
    yield "marts.pipeline_coverage", row | {"target_amount": 800, "booked_amount": 400, "open_amount": 0}
    won = {"anchor_key": "won", "anchor_kind": "deal", "anchor_name": "W", "is_won": True, "is_closed": True}
    won |= {"is_excluded": False, "bucket": "won_deal", "deal_amount": 400, "won_amount": 400}
    yield "marts.funnel_to_cash", won | {"closed_date": date(2026, 10, 9), "reporting_currency_code": "PLN"}


def earlier():
    """A sale in each of the months before."""
    for at in range(1, 11):
        month = periods.shifted(OCTOBER, -at - 1)
        row = {"customer_profitability_key": f"alfa:{month}", "segment": "Chain", "month": month, "lines_counted": 1}
        row |= {"customer_key": "alfa", "customer_name": "Alfa Parts", "reporting_currency_code": "PLN"}
        row |= {"revenue_amount": 100 * at, "cost_amount": 50, "cm1_amount": 100 * at - 50, "owner_name": "Anna"}
        yield "marts.customer_profitability", row | {"revenue_with_cost_amount": 100 * at, "discount_amount": 0}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    test = {"test": TEST, "model": "m", "sentence": "Revenue is what the ledger says.", "status": "fail"}
    small.publish(folder, more=[*rates(), *plan(), *earlier(), ("marts.test_results", test)])
    with duckdb.connect(str((folder / "warehouse.duckdb").resolve())) as con:
        con.execute("update marts.measures set tests = ? where measure = 'revenue'", [TEST])
        con.execute("update canonical.customers set segment = if(customer_key = 'alfa', 'Chain', 'Workshop')")
        con.execute("update marts.funnel_to_cash set segment = if(anchor_key = 'deal:5', 'Chain', 'Workshop')")
    return folder


@pytest.fixture
def in_euro(monkeypatch):
    rate = money.Rate("EUR", RATE, "NBP", date(2026, 11, 20))
    monkeypatch.setattr(money, "chosen", lambda: rate)


def all_figures() -> dict:
    known = warehouse.catalogue()
    found = warehouse.measure(list(known)).row(0, named=True)
    return {name: (known[name]["unit"], value) for name, value in found.items()}


def test_every_sum_of_money_is_exchanged_and_every_ratio_stays(published, monkeypatch):
    zloty, rate = all_figures(), money.Rate("EUR", RATE, "NBP", date(2026, 11, 20))
    monkeypatch.setattr(money, "chosen", lambda: rate)
    euro, seen = all_figures(), set()
    for name, (unit, value) in zloty.items():
        if value is None:
            assert euro[name][1] is None
            continue
        seen.add(unit)
        expected = float(value) / float(RATE) if unit == "money" else float(value)
        assert float(euro[name][1]) == pytest.approx(expected), name
    assert seen == {"money", "percent", "count", "days"}


def test_the_marts_say_which_amounts_are_in_the_currency_of_their_row():
    for model in small.marts():
        for column in model["columns"]:
            name = column["name"]
            if name == "amount" or name.endswith("_amount"):
                is_own = column.get("config", {}).get("meta", {}).get("currency") == "own"
                assert is_own != money.is_reported(f"marts.{model['name']}", name), f"{model['name']}.{name}"


def test_a_page_shows_all_of_its_money_in_the_currency_of_its_address(published):
    zloty, euro = page("customer_profitability"), page("customer_profitability", currency="EUR")
    assert "Revenue **1.81K PLN**" in said(zloty) and "1 EUR" not in said(zloty)
    assert "Revenue **452 EUR**" in said(euro) and "**16.1%** of the revenue" in said(euro)
    assert figures(euro)["Losses, CM1"] == "38 EUR" and "PLN" not in "".join(figures(euro).values())
    assert "1 EUR = 4.0000 PLN (rate NBP, 20 Nov 2026)" in said(euro)
    lines = table(page("customer_profitability", currency="EUR", customer="alfa"), "invoice_number")
    assert lines["revenue_amount"].to_list() == [250] and lines["document_amount"].to_list() == [1000]


def test_a_file_is_written_in_the_currency_the_reader_chose(published, in_euro):
    own = [Filter("month", "=", OCTOBER), Filter("customer_key", "=", "alfa")]
    frame = warehouse.rows("customer_profitability", own)
    written = pl.read_csv(export.to_csv(tables.headed(frame, ["customer_name", "revenue_amount"])))
    assert written.columns == ["Customer", "Revenue, EUR"] and written["Revenue, EUR"].to_list() == [250]


def test_the_reader_chooses_a_currency_and_it_stays_on_the_next_page(published):
    app = page("customer_profitability")
    switch = app.selectbox(key="currency-switch")
    assert switch.options == ["PLN", "EUR"], "nobody has a rate for dollars on the day of the data"
    switch.set_value("EUR").run()
    assert "EUR" in app.query_params["currency"]
    app.switch_page("views/funnel_to_cash.py").run()
    assert figures(app)["Won, not ordered"] == "25 EUR"
    app.selectbox(key="currency-switch").set_value("PLN").run()
    assert "currency" not in app.query_params and figures(app)["Won, not ordered"] == "100 PLN"


@pytest.mark.parametrize("asked", ["USD", "EUR' or 1=1 --", "4; drop table marts.measures", "PLN", ""])
def test_a_currency_without_a_rate_is_refused_and_the_own_one_shown(published, asked):
    app = page("customer_profitability", currency=asked)
    assert not app.error and "currency" not in app.query_params
    assert "Revenue **1.81K PLN**" in said(app)
    assert warehouse.count("measures") > 0


def test_before_the_first_rate_no_currency_is_offered(published, monkeypatch):
    monkeypatch.setattr(facts, "as_of", lambda: date(2020, 1, 1))
    app = page("trust", currency="EUR")
    assert not app.selectbox and "currency" not in app.query_params


def test_in_the_own_currency_a_statement_stays_as_it_was(published):
    assert statements.table("customer_profitability") == ('marts."customer_profitability"', [])


def test_a_segment_narrows_the_funnel_and_orders_that_know_only_their_customer(published):
    funnel = page("funnel_to_cash")
    funnel.multiselect(key="only-segment").set_value(["Chain"]).run()
    assert figures(funnel)["Won, not ordered"] == "100 PLN" and figures(funnel)["Win rate by value"] == "100.0%"
    orders = page("order_cycle_time")
    assert figures(orders)["Order cycle, median"] == "15.5 days"
    orders.multiselect(key="only-segment").set_value(["Workshop"]).run()
    assert "No rows in" in said(orders) and "Workshop" in said(orders), "every order is of a chain"


def test_the_small_chart_ends_with_the_month_of_its_tile(published):
    now = [
        Filter("segment", "in", ("Chain",)),
        Filter("month", ">=", OCTOBER),
        Filter("month", "<=", date(2026, 10, 31)),
    ]
    asked = sparklines.asked("revenue", now)
    months = sparklines.answered([asked])["revenue"]
    assert months[-1] == float(warehouse.figure("revenue", now)) == 1000
    assert len(months) == 12 and months[0] == 1000, "from the November of the year before"
    shown = page("overview")
    tile = next(metric for metric in shown.metric if metric.label == "Revenue net")
    assert list(tile.proto.chart_data)[-1] == 1810


def test_a_figure_of_one_day_and_a_month_that_is_not_over_make_no_small_chart(published):
    assert sparklines.asked("overdue_receivables", []) is None
    assert sparklines.months(facts.as_of()).end == date(2026, 10, 31)


def test_a_definition_names_the_formula_the_tests_with_their_result_and_the_owner(published):
    app = page("overview")
    tile = next(metric for metric in app.metric if metric.label == "Revenue net")
    assert "sum(revenue_amount)" in tile.help and "Business Central" in tile.help
    app.button(key="definition-revenue").click().run()
    told = said(app)
    found = warehouse.catalogue()["revenue"]
    assert (
        found["description"] in told
        and f"Owner: {meanings.owner(found)}" in told
        and "marts.customer_profitability" in told
    )
    assert "Revenue is what the ledger says" in told and "(failed)" in told
    assert any("sum(revenue_amount)" in code.value for code in app.code)


def test_a_budget_is_compared_with_where_there_is_one_and_said_to_be_missing_elsewhere(published):
    app = page("sales_and_prices")
    app.selectbox(key="comparison").set_value("budget").run()
    tiles = {metric.label: metric for metric in app.metric}
    assert tiles["Value of deals won"].value == "400 PLN" and tiles["Value of deals won"].delta == "-50.0%"
    assert "budget 800 PLN" in tiles["Value of deals won"].proto.delta_description
    assert tiles["Contribution CM1"].delta == "no budget loaded"
    assert "compared with the budget" in said(app)
    assert budgets.of("won_amount", [Filter("segment", "in", ("Chain",))]) is None

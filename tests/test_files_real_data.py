"""Two public data sets mapped as a CRM and an ERP give the figures that their own files give."""

import os
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.sources.files import read
from tests.published import files_refreshed

SYSTEMS = Path(__file__).parent / "systems"
DATA = Path(os.environ.get("SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")

pytestmark = pytest.mark.skipif(
    not (DATA / "maven_crm").is_dir(), reason="the shared data is not here: set SHARED_DATA to its folder"
)


@pytest.fixture(scope="module")
def load():
    """Reads a system of tests/systems, once."""
    known = {}

    def loaded(system: str) -> dict[str, pl.DataFrame]:
        if system not in known:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("SHARED_DATA", str(DATA))
                known[system] = read(SYSTEMS / system, "Europe/Warsaw").tables
        return known[system]

    return loaded


SALES = """
create view sales as
select 'reseller' as channel, 'r' || ResellerKey as customer, SalesOrderNumber, SalesAmount, TotalProductCost, Freight
from 'adventureworks_dw/FactResellerSales.parquet'
union all
select 'internet', 'i' || CustomerKey, SalesOrderNumber, SalesAmount, TotalProductCost, Freight
from 'adventureworks_dw/FactInternetSales.parquet'
"""


def straight(query: str) -> list[tuple]:
    """A query over the ERP's own files, past everything of ours."""
    with duckdb.connect() as connection:
        connection.execute(f"set file_search_path = '{DATA}'")
        connection.execute(SALES)
        return connection.execute(query).fetchall()


def test_the_crm_has_its_won_deals_their_value_and_the_win_rate(load):
    deals = load("maven")["deals"]
    won = deals.filter(status="won")
    closed = deals.filter(pl.col("status") != "open")
    assert (won.height, won["amount"].sum()) == (4238, Decimal(10005534))
    assert round(100 * won.height / closed.height, 2) == 63.15
    assert deals.height == 8800 and deals["deal_id"].n_unique() == 8800


def test_every_deal_of_the_crm_has_a_product_that_is_in_its_list(load):
    tables = load("maven")
    assert set(tables["deal_lines"]["product_id"]) <= set(tables["products"]["product_id"])
    assert set(tables["deals"]["owner_id"]) <= set(tables["people"]["person_id"])
    assert set(tables["deals"]["account_id"].drop_nulls()) <= set(tables["accounts"]["account_id"])
    assert tables["accounts"]["country_code"].null_count() == 0


def test_sales_cost_and_freight_of_the_erp_equal_its_files_by_channel(load):
    tables = load("adventureworks")
    lines = tables["invoice_lines"].join(tables["orders"].select("order_id", "channel"), on="order_id")
    ours = lines.group_by("channel").agg(pl.col("net_amount").sum(), pl.col("cost_amount").sum()).sort("channel")
    assert ours.rows() == straight(
        "select channel, sum(SalesAmount), sum(TotalProductCost) from sales group by 1 order by 1"
    )
    assert [round(1 - cost / sales, 4) for _, sales, cost in ours.rows()] == [Decimal("0.4115"), Decimal("0.0058")]
    freight = tables["shipments"]["freight_charged_amount"].sum()
    assert [(freight,)] == straight("select sum(Freight) from sales")


def test_the_erps_loss_making_customers_are_those_of_its_files(load):
    tables = load("adventureworks")
    lines = tables["invoice_lines"].join(tables["invoices"].select("invoice_id", "account_id"), on="invoice_id")
    customers = lines.group_by("account_id").agg(pl.col("net_amount").sum(), pl.col("cost_amount").sum())
    losing = customers.filter(pl.col("net_amount") < pl.col("cost_amount")).height
    assert (customers.height, losing) == (19119, 335)
    assert [(customers.height, losing)] == straight(
        "with customers as (select customer, sum(SalesAmount) as sales, sum(TotalProductCost) as cost"
        " from sales group by 1) select count(*), count(*) filter (sales < cost) from customers"
    )


def test_each_order_of_the_erp_is_one_order_one_shipment_and_one_invoice(load):
    tables = load("adventureworks")
    orders = straight("select count(distinct SalesOrderNumber), count(*) from sales")
    assert {tables[name].height for name in ("orders", "shipments", "invoices")} == {orders[0][0]}
    assert {tables[name].height for name in ("order_lines", "shipment_lines", "invoice_lines")} == {orders[0][1]}


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A refresh of both systems, asked as anybody may ask it."""
    return files_refreshed(tmp_path_factory.mktemp("published"), SYSTEMS, DATA, "2018-06-30")


@pytest.mark.long
def test_the_published_funnel_has_the_won_deals_of_the_crm(published):
    won, value, closed = published(
        "select count(*) filter (is_won), sum(won_amount), count(*) filter (is_closed)"
        " from marts.funnel_to_cash where anchor_kind = 'deal' and not is_excluded"
    )[0]
    assert (won, value) == (4238, Decimal(10005534))
    assert round(100 * won / closed, 2) == 63.15


@pytest.mark.long
def test_the_published_profitability_equals_the_files_of_the_erp(published):
    # The channels have our vocabulary here and the firm's own there: their sums tell them apart.
    ours = published(
        "select sum(revenue_amount), sum(cost_amount) from marts.profitability_lines group by channel order by 1"
    )
    assert ours == straight("select sum(SalesAmount), sum(TotalProductCost) from sales group by channel order by 1")
    losing = (
        "with customers as (select customer_key, sum(cm1_amount) as contribution from"
        " marts.customer_profitability group by 1) select count(*), count(*) filter (contribution < 0) from customers"
    )
    assert published(losing) == [(19119, 335)]


@pytest.mark.long
def test_what_no_file_feeds_is_not_available_instead_of_nothing(published):
    paid = published("select count(*), count(settled_amount), count(open_amount) from marts.receivables")[0]
    assert paid[0] > 0 and paid[1:] == (0, 0), "without payments nobody knows what is open"


@pytest.mark.long
def test_every_sum_of_both_systems_agrees(published):
    assert published("select check_code, source, difference from marts.reconciliation where not is_ok") == []
    won = published(
        "select left_amount, right_amount from marts.reconciliation where check_code = 'won_to_ordered_and_explained'"
    )
    assert won == [(Decimal(10005534), Decimal(10005534))]


@pytest.mark.long
def test_of_two_strange_systems_every_won_deal_is_not_ordered_and_named(published):
    named = published(
        "select kind, count(*), sum(difference_amount) from marts.deal_order_differences group by 1 order by 1"
    )
    assert named == [("not_ordered", 4238, Decimal(10005534))]
    assert published("select count(*) from marts.exceptions where code = 'won_deal_without_order'") == [(4238,)]


@pytest.mark.long
@pytest.mark.figure("fx")
def test_one_price_in_all_currencies_is_noticed_and_nothing_is_converted(published):
    found = published(
        "select source, parameters ->> 'currencies', cast(parameters ->> 'products' as integer)"
        " from marts.exceptions where code = 'one_price_in_all_currencies'"
    )
    assert found == [("adventureworks", "AUD, CAD, DEM, EUR, FRF, GBP, USD", 349)]
    amounts = "select distinct currency_code, exchange_rate_source from marts.invoice_values"
    assert published(amounts) == [("USD", "same")]
    assert published("select sum(net_reporting_amount) from marts.invoice_values") == straight(
        "select sum(SalesAmount) from sales"
    )


@pytest.mark.long
@pytest.mark.figure("to_cash", "win_rate")
def test_a_deal_that_is_won_takes_57_days_and_one_of_ten_longer_than_106(published):
    """From the file's own dates the same: the days are whole, and none of them is negative."""
    days = published(
        "select median(days_deal_to_won), percentile_cont(0.9) within group (order by days_deal_to_won),"
        " min(days_deal_to_won) from marts.funnel_to_cash where is_won and not is_excluded"
    )
    own = straight(
        "select median(close_date - engage_date),"
        " percentile_cont(0.9) within group (order by close_date - engage_date), min(close_date - engage_date)"
        " from 'maven_crm/sales_pipeline.csv' where deal_stage = 'Won'"
    )
    assert days == own and days[0][:2] == (57, 106)


@pytest.mark.long
def test_the_misspelt_product_of_the_crm_loses_no_deal(published):
    sold = published("select count(*), count(distinct deal_key), count(product_key) from canonical.deal_lines")
    assert sold == [(8800, 8800, 8800)]
    [(misspelt,)] = straight("select count(*) from 'maven_crm/sales_pipeline.csv' where product = 'GTXPro'")
    named = published(
        "select count(*) from canonical.deal_lines as deal_lines"
        " inner join canonical.products as products on deal_lines.product_key = products.product_key"
        " where products.name = 'GTX Pro'"
    )
    assert named == [(misspelt,)]

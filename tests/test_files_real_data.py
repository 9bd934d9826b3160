"""Two public data sets mapped as a CRM and an ERP give the figures that their own files give."""

import os
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.sources.files import read

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

"""Two public shops mapped as files: who loses money, what is late, and freight counted once."""

import os
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.sources.files import read
from tests.published import files_refreshed

SHOPS = Path(__file__).parent / "systems_shops"
DATA = Path(os.environ.get("SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")
FREIGHT = Decimal("64942.69")

pytestmark = pytest.mark.skipif(
    not (DATA / "superstore").is_dir(), reason="the shared data is not here: set SHARED_DATA to its folder"
)


@pytest.fixture(scope="module")
def load():
    """Reads a shop, once."""
    known = {}

    def loaded(shop: str) -> dict[str, pl.DataFrame]:
        if shop not in known:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("SHARED_DATA", str(DATA))
                known[shop] = read(SHOPS / shop, "UTC").tables
        return known[shop]

    return loaded


@pytest.mark.figure("cm1")
def test_a_fifth_of_the_superstore_s_customers_lose_it_money(load):
    tables = load("superstore")
    lines = tables["invoice_lines"].join(tables["invoices"].select("invoice_id", "account_id"), on="invoice_id")
    profit = lines.group_by("account_id").agg(
        (pl.col("net_amount").sum() - pl.col("cost_amount").sum()).alias("profit")
    )
    losing = profit.filter(pl.col("profit") < 0)["profit"]
    assert (profit.height, losing.len(), round(losing.sum(), 2)) == (793, 155, Decimal("-71224.47"))


@pytest.mark.figure("cm2")
def test_freight_of_northwind_stands_on_the_shipment_once(load):
    tables = load("northwind")
    assert tables["shipments"]["freight_cost_amount"].sum() == FREIGHT
    fanned_out = tables["shipment_lines"].join(tables["shipments"].drop("order_id"), on="shipment_id")
    assert fanned_out["freight_cost_amount"].sum() == Decimal("207306.10"), "so much it would be, counted by line"


def test_four_of_northwind_s_customers_never_ordered(load):
    tables = load("northwind")
    silent = tables["accounts"].join(tables["orders"], on="account_id", how="anti")
    assert tables["accounts"].height == 93
    assert sorted(silent["account_id"]) == ["FISSA", "PARIS", "VALON", "Val2 "]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A refresh of both shops, asked as anybody may ask it."""
    marts = "exceptions order_line_promises profitability_lines"
    return files_refreshed(tmp_path_factory.mktemp("published"), SHOPS, DATA, "2018-06-30", marts)


@pytest.mark.long
@pytest.mark.figure("cm1")
def test_the_published_customers_of_the_superstore_lose_what_its_file_says(published):
    customers = published(
        "select count(*), count(*) filter (lost < 0), round(sum(lost) filter (lost < 0), 2) from (select customer_key,"
        " sum(cm1_amount) as lost from marts.profitability_lines where source = 'superstore' group by 1)"
    )
    assert customers == [(793, 155, Decimal("-71224.47"))]


@pytest.mark.long
@pytest.mark.figure("net_revenue")
def test_the_line_that_is_twice_on_one_order_is_named_and_no_other(published):
    found = published(
        "select source, entity, parameters ->> 'number', amount from marts.exceptions where code = 'duplicate_line'"
    )
    assert found == [("superstore", "order_line", "US-2014-150119", Decimal("281.37"))]


@pytest.mark.long
@pytest.mark.figure("cm2")
def test_published_freight_is_counted_once(published):
    """What the customer pays nothing towards is all cost: sent or still planned."""
    freight = "select sum(freight_cost_amount) from canonical.shipments where source = 'northwind'"
    assert published(freight) == [(FREIGHT,)]
    sent = published(f"{freight} and shipped_at is not null")[0][0]
    columns = published(
        "select count(*) from duckdb_columns() where schema_name = 'marts' and table_name = 'profitability_lines'"
        " and column_name = 'freight_amount'"
    )
    if columns == [(0,)]:
        pytest.skip("profitability knows no freight")
    mart = "select sum(freight_amount) from marts.profitability_lines where source = 'northwind'"
    assert published(mart)[0][0] in (FREIGHT, sent)


@pytest.mark.long
@pytest.mark.figure("otif")
def test_what_left_late_and_what_never_left_both_failed_the_day_the_customer_wanted(published):
    """37 orders left after the day; 21 never left, and their day is over: 58 failed, of 830."""
    orders = published(
        "with orders as (select order_key, bool_and(is_in_full_on_requested) as is_kept"
        " from marts.order_line_promises where order_key like 'northwind:%' group by 1)"
        " select count(*), count(*) filter (not is_kept),"
        " count(*) filter (not is_kept and order_key in (select order_key from canonical.shipments"
        " where source = 'northwind' and shipped_at is not null)) from orders"
    )
    assert orders == [(830, 37 + 21, 37)]
    unshipped = "select count(*) from canonical.shipments where source = 'northwind' and shipped_at is null"
    assert published(unshipped) == [(21,)]


@pytest.mark.long
def test_published_customers_without_an_order_are_there(published):
    found = published(
        "select count(*), count(*) filter (account_key not in (select account_key from canonical.orders"
        " where account_key is not null)) from canonical.accounts where source = 'northwind'"
    )
    assert found == [(93, 4)]

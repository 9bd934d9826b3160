"""What was open on past days, and what a forecast starts from: deals, backlog, receivables, demand, stock."""

from datetime import date, timedelta

import polars as pl

from pipelines.sandbox.business import truth_links
from pipelines.sandbox.business.moments import entered_orders
from pipelines.sandbox.business.orders import WAVES
from pipelines.sandbox.business.sales import WON
from pipelines.sandbox.business.settlements import INVOICE, NOTE
from pipelines.sandbox.business.truth_money import amount, customer
from pipelines.sandbox.clock import DAY, number
from pipelines.sandbox.parts import truth_contribution, words
from pipelines.sandbox.parts.business_central_orders import warehouse_code

MONTHS_AGO = (13, 7, 1)
DEMAND_DAYS = 90


def past_days(as_of: date) -> list[date]:
    """Ends of months, the oldest first."""
    month = as_of.year * 12 + as_of.month - 1
    return [date((month - ago + 1) // 12, (month - ago + 1) % 12 + 1, 1) - timedelta(days=1) for ago in MONTHS_AGO]


def ageing(company) -> pl.DataFrame:
    """One row per past day and document on which something was open then, as it is known today."""
    moved = truth_contribution.balances(company)
    heads = company.known_entries.filter(pl.col("kind").is_in([INVOICE, NOTE]))
    heads = heads.select("kind", "key", "due", "currency", invoice_number="number")
    told = []
    for then in past_days(company.as_of):
        left = moved.filter(pl.col("day") <= number(then)).group_by("kind", "key").agg(left=pl.col("moved").sum())
        rows = left.filter(pl.col("left") != 0).join(heads, on=["kind", "key"], how="left")
        is_late = (pl.col("left") > 0) & (pl.col("due") < number(then))
        told.append(
            rows.select(
                "invoice_number",
                "currency",
                as_of_date=pl.lit(then),
                open_amount=amount(pl.col("left")),
                days_overdue=pl.when(is_late).then(number(then) - pl.col("due")).otherwise(0),
            )
        )
    return pl.concat(told).sort("as_of_date", "invoice_number")


def forecast_inputs(company) -> dict[str, pl.DataFrame]:
    return {
        "forecast_deals": _deals(company),
        "forecast_backlog": _backlog(company),
        "forecast_receivables": _receivables(company),
        "forecast_demand": _demand(company),
        "forecast_stock": _stock(company),
    }


def _deals(company) -> pl.DataFrame:
    """Deals that are neither won nor lost."""
    rows = company.known_deals.filter((pl.col("t_deleted") > company.now) & (pl.col("stage") < WON))
    names = dict(enumerate(name for name, _ in words.STAGES))
    return rows.select(
        "currency",
        deal_id=truth_links.deal_id(company, rows["deal"]),
        amount=amount(pl.col("amount")),
        stage=pl.col("stage").replace_strict(names, return_dtype=pl.String),
        is_junk=pl.col("junk") >= 0,
    ).sort("deal_id")


def _backlog(company) -> pl.DataFrame:
    """Orders still in the order book, with what no standing invoice bills yet, net."""
    orders = entered_orders(company).filter(pl.col("t_gone") > company.now)
    net = company.lines.group_by("order").agg(net=pl.col("net").sum())
    billed = company.known_invoices.filter((pl.col("order") >= 0) & (pl.col("t_undone") > company.now))
    billed = billed.group_by("order").agg(billed=pl.col("net").sum())
    rows = orders.join(net, on="order", how="left", maintain_order="left").join(
        billed, on="order", how="left", maintain_order="left"
    )
    return rows.select(
        "currency",
        order_number="number",
        net_amount=amount(pl.col("net")),
        backlog_amount=amount(pl.col("net") - pl.col("billed").fill_null(0)),
    ).sort("order_number")


def _receivables(company) -> pl.DataFrame:
    """What each customer owes on standing documents, with tax, by currency; open credit notes taken off."""
    left = truth_contribution.balances(company).group_by("kind", "key").agg(left=pl.col("moved").sum())
    heads = company.known_entries.select("kind", "key", "currency", firm=pl.col("customer") // 2)
    rows = left.filter(pl.col("left") != 0).join(heads, on=["kind", "key"], how="left")
    rows = rows.group_by("firm", "currency").agg(pl.col("left").sum())
    return rows.select("currency", customer=customer(pl.col("firm")), open_amount=amount(pl.col("left"))).sort(
        "customer", "currency"
    )


def _demand(company) -> pl.DataFrame:
    """Pieces ordered in the last days and not called off; of all orders, what is to be shipped.

    An order is of the warehouse of its first line: that is all the ERP's documents tell of a whole order.
    """
    now = company.now
    first = company.lines.filter(pl.col("line") == 0).select("order", "warehouse")
    known = company.known_orders.select("order", "day", "t_cancelled").join(first, on="order", how="left")
    entered = entered_orders(company).select("order")
    orders = known.join(entered, on="order", how="semi")
    lines = company.lines.filter(~pl.col("is_service")).drop("warehouse")
    times = company.orders.select("order", *[f"t_left_{w}" for w in range(WAVES)])
    lines = lines.join(orders, on="order", how="inner").join(times, on="order", how="left")
    left = pl.sum_horizontal(
        [pl.when(pl.col(f"t_left_{w}") <= now).then(pl.col(f"q{w}")).otherwise(0) for w in range(WAVES)]
    )
    is_cancelled = pl.col("t_cancelled") <= now
    wanted = pl.when(is_cancelled).then(left).otherwise("quantity")
    open_quantity = pl.when(is_cancelled).then(0).otherwise(pl.col("quantity") - left)
    is_recent = pl.col("day") > now // DAY - DEMAND_DAYS
    rows = lines.group_by("item", "warehouse").agg(
        quantity_ordered=wanted.filter(is_recent).sum(), quantity_to_ship=open_quantity.sum()
    )
    numbers = company.items.select("item", item_number="number")
    rows = rows.join(numbers, on="item", how="left").with_columns(warehouse=warehouse_code("warehouse"))
    rows = rows.filter(pl.sum_horizontal("quantity_ordered", "quantity_to_ship") > 0)
    return rows.select("item_number", "warehouse", "quantity_ordered", "quantity_to_ship").sort(
        "item_number", "warehouse"
    )


def _stock(company) -> pl.DataFrame:
    """Pieces on hand by item and warehouse."""
    goods = company.items.filter(~pl.col("is_service")).select("item", item_number="number")
    rows = company.stock.join(goods, on="item", how="inner").group_by("item_number", "warehouse")
    rows = rows.agg(quantity_on_hand=pl.col("quantity").sum())
    return rows.with_columns(warehouse=warehouse_code("warehouse")).sort("item_number", "warehouse")

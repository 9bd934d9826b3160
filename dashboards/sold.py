"""What was sold in a period and what it contributed, in the shape in which two periods are compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from dashboards import bridge, warehouse
from dashboards.warehouse import Both, Filter, Keys
from dashboards.worked_out import once

LINES, CUSTOMERS = "profitability_lines", "customer_profitability"
SOLD = "invoice_line"
GOODS = ("revenue", "cost_of_goods")
EXACT = pl.Decimal(38, 8)


@dataclass(frozen=True)
class Sold:
    """Goods by product and currency, the further steps of the ladder, and the contribution of both together."""

    goods: pl.DataFrame
    steps: pl.DataFrame

    @property
    def served(self) -> Decimal:
        return self.steps["contribution_amount"].sum() or Decimal(0)

    @property
    def contribution(self) -> Decimal:
        return (self.goods["contribution_amount"].sum() or Decimal(0)) + self.served


def level(months: list[Filter]) -> str:
    """The deepest contribution that is known in all of the months."""
    names = ("cm3", "cm2", "months_without_pools")
    cm3, cm2, without_pools = warehouse.measure(names, filters=months).row(0)
    if cm3 is not None and not without_pools:
        return "cm3"
    return "cm2" if cm2 is not None else "cm1"


@once
def in_period(depth: str, months: Sequence[Filter], days: Sequence[Filter]) -> Sold:
    """Lines whose contribution is not known are in nothing, as they are in no contribution.

    `months` choose rows of the customers' months, `days` the lines of the same months.
    """
    amount = f"{depth}_amount"
    # Costs of a customer's month none of whose sales has a known cost are no contribution, and in no figure.
    unknown = Keys(CUSTOMERS, Both(("customer_key", "month")), (*months, Filter(amount, "is null")))
    known = [*days, Filter(amount, "is not null")]
    if warehouse.count(CUSTOMERS, unknown.filters):
        known.append(Filter(Both(("customer_key", "posted_month")), "not in", unknown))
    names = ("document_amount", "revenue_amount", amount)
    product = {"product_key": "product_key", "currency_code": "currency_code"}
    counted = [*known, Filter("quantity", "is not null")]
    compared = warehouse.summed(LINES, ("quantity", *names), product, counted)
    other = [*known, Filter("quantity", "is null"), Filter("ladder_step", "in", GOODS)]
    others = warehouse.summed(LINES, names, {**product, "line_kind": "line_kind"}, other)
    # A line sold without a quantity is of no product that could be compared.
    costs = pl.when(pl.col("line_kind") != SOLD).then("product_key").alias("product_key")
    others = others.with_columns(costs, quantity=pl.lit(0))
    parts = [_exact(part, amount).select(*product, *bridge.SUMS) for part in (compared, others)]
    goods = pl.concat(parts).group_by(list(product)).agg(pl.sum(*bridge.SUMS))
    steps = [Filter("ladder_step", "<>", step) for step in GOODS]
    served = warehouse.summed(LINES, amount, {"ladder_step": "ladder_step"}, [*known, *steps])
    served = served.select("ladder_step", pl.col(amount).cast(EXACT).alias("contribution_amount"))
    return Sold(goods, served)


def _exact(frame: pl.DataFrame, amount: str) -> pl.DataFrame:
    return frame.rename({amount: "contribution_amount"}).with_columns(pl.col(*bridge.SUMS).cast(EXACT))


def names(keys: list[str]) -> pl.DataFrame:
    by = {"product_key": "product_key", "product_name": "product_name"}
    found = warehouse.counted(LINES, by, [Filter("product_key", "in", tuple(keys))])
    return found.unique("product_key", keep="last").drop("counted")

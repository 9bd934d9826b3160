"""What was sold in a period and what it contributed, in the shape in which two periods are compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from dashboards import bridge, warehouse
from dashboards.warehouse import Filter
from dashboards.worked_out import once

LINES, CUSTOMERS = "profitability_lines", "customer_profitability"
GOODS = SALES, COSTS = "revenue", "cost_of_goods"
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
def in_period(depth: str, days: Sequence[Filter]) -> Sold:
    """Lines whose contribution is not known are in nothing, as they are in no contribution."""
    amount = f"{depth}_amount"
    known = [*days, Filter(amount, "is not null")]
    if depth != "cm1":
        # Costs of a customer's month none of whose sales has a known cost are no contribution, and in no figure.
        known.append(Filter("has_contribution", "=", True))
    names = ("document_amount", "revenue_amount", amount)
    currency = {"currency_code": "currency_code"}
    product = {"product_key": "product_key"} | currency
    without = [*known, Filter("quantity", "is null")]
    parts = [
        warehouse.summed(LINES, ("quantity", *names), product, [*known, Filter("quantity", "is not null")]),
        warehouse.summed(LINES, names, product, [*without, Filter("ladder_step", "=", COSTS)]),
        # A line sold without a quantity is of no product that could be compared.
        warehouse.summed(LINES, names, currency, [*without, Filter("ladder_step", "=", SALES)]),
    ]
    exact = [_exact(part, amount) for part in parts]
    goods = pl.concat(exact, how="diagonal").group_by(list(product)).agg(pl.sum(*bridge.SUMS))
    steps = [Filter("ladder_step", "<>", step) for step in GOODS]
    served = warehouse.summed(LINES, amount, {"ladder_step": "ladder_step"}, [*known, *steps])
    served = served.select("ladder_step", pl.col(amount).cast(EXACT).alias("contribution_amount"))
    return Sold(goods, served)


def _exact(frame: pl.DataFrame, amount: str) -> pl.DataFrame:
    frame = frame.rename({amount: "contribution_amount"})
    if "quantity" not in frame.columns:
        frame = frame.with_columns(quantity=pl.lit(0))
    return frame.with_columns(pl.col(*bridge.SUMS).cast(EXACT))


def names(keys: list[str]) -> pl.DataFrame:
    by = {"product_key": "product_key", "product_name": "product_name"}
    found = warehouse.counted(LINES, by, [Filter("product_key", "in", tuple(keys))])
    return found.unique("product_key", keep="last").drop("counted")

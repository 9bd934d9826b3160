"""What was sold in a period and what it contributed, in the shape in which two periods are compared."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import polars as pl

from dashboards import access, bridge, generation, money, warehouse
from dashboards.money import Rate
from dashboards.warehouse import Filter

LINES, CUSTOMERS = "profitability_lines", "customer_profitability"
SOLD = "invoice_line:"
GOODS = ("revenue", "cost_of_goods")
EXACT = pl.Decimal(38, 8)
SUMS = [pl.col(name).cast(EXACT) for name in bridge.SUMS]


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


def in_period(depth: str, months: list[Filter], days: list[Filter]) -> Sold:
    """Lines whose contribution is not known are in nothing, as they are in no contribution.

    `months` choose rows of the customers' months, `days` the lines of the same months. A rerun asks for the same again.
    """
    return _in_period(generation.current(), access.reader(), money.chosen(), depth, tuple(months), tuple(days))


@lru_cache(maxsize=64)
def _in_period(
    _generation: str | None,
    _reader: access.Reader,
    _rate: Rate | None,
    depth: str,
    months: tuple[Filter, ...],
    days: tuple[Filter, ...],
) -> Sold:
    amount = f"{depth}_amount"
    known = [*days, Filter(amount, "is not null")]
    by = {"customer_key": "customer_key", "month": "posted_month"}
    whole = warehouse.counted(CUSTOMERS, {"customer_key": "customer_key", "month": "month"},
                              [*months, Filter(amount, "is not null")]).drop("counted")  # fmt: skip
    steps = [Filter("ladder_step", "<>", step) for step in GOODS]
    served = warehouse.summed(LINES, amount, {**by, "ladder_step": "ladder_step"}, [*known, *steps])
    costs = [Filter("ladder_step", "in", GOODS), Filter("line_kind", "<>", "invoice_line")]
    product = {"product_key": "product_key", "currency_code": "currency_code"}
    posted = _in_whole(warehouse.summed(LINES, amount, {**by, **product}, [*known, *costs]), amount, whole)
    invoiced = _invoiced(amount, {**by, **product}, known)
    lines = _in_whole(invoiced, amount, whole)
    zero = [pl.lit(0).alias(name) for name in bridge.SUMS[:3]]
    parts = [part.select(*product, *SUMS) for part in (lines, posted.with_columns(zero))]
    goods = pl.concat(parts).group_by(list(product)).agg(pl.sum(*bridge.SUMS))
    served = _in_whole(served, amount, whole).group_by("ladder_step").agg(pl.sum("contribution_amount"))
    return Sold(goods, served)


def _invoiced(amount: str, by: dict, filters: list[Filter]) -> pl.DataFrame:
    """Lines of invoices with their quantity; where a line has none, it is of no product that could be compared."""
    names = ("document_amount", "revenue_amount", amount)
    of_line = {"line": "profitability_line_key", **by}
    lines = warehouse.summed(LINES, names, of_line, [*filters, Filter("line_kind", "=", "invoice_line")])
    known = warehouse.summed("canonical.invoice_lines", "quantity", {"line": "invoice_line_key"})
    lines = lines.with_columns(pl.col("line").str.strip_prefix(SOLD)).join(known, on="line", how="left")
    product = pl.when(pl.col("quantity").is_not_null()).then("product_key").alias("product_key")
    return lines.with_columns(product, pl.col("quantity").fill_null(0))


def _in_whole(frame: pl.DataFrame, amount: str, whole: pl.DataFrame) -> pl.DataFrame:
    """Costs of a customer's month none of whose sales has a known cost are no contribution, and in no figure."""
    frame = frame.with_columns(pl.col(amount).cast(EXACT).alias("contribution_amount"))
    return frame.join(whole, on=["customer_key", "month"], how="semi")


def names(keys: list[str]) -> pl.DataFrame:
    by = {"product_key": "product_key", "product_name": "product_name"}
    found = warehouse.counted(LINES, by, [Filter("product_key", "in", tuple(keys))])
    return found.unique("product_key", keep="last").drop("counted")

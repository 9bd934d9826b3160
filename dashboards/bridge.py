"""Why the contribution of two periods differs, effect by effect; the effects add up to the difference to the cent.

Goods are compared product by product. A product is sold in a period when its quantity and its revenue are above zero.

- volume: this period's quantities at last period's prices, against last period's revenue, are the growth; it is what
  last period's contribution of goods would have changed by, had every product grown alike. Products are added up by
  their price, because pieces and litres do not add up.
- mix: what the contribution gained or lost because products did not grow alike. New products and those no longer sold
  have no second price; they count here and in volume, at the prices and costs they have.
- price: quantities of this period times the change of price, net of discounts and credit notes. For products sold in
  both periods, in the currency they were sold in.
- cost: the same for the cost of a unit.
- currency: revenue of this period less the same revenue at last period's average rate of each document currency.
  A currency that was not sold in before has no rate to compare; costs are taken as they are booked.
- cost_to_serve: the change of all further steps of the ladder, freight and rebates to service, as deep as it is known.
- other: goods contribution of lines without a product or quantity, and of products with costs or returns only.
"""

from decimal import ROUND_HALF_EVEN, Decimal

import polars as pl

# The order in which they are read.
EFFECTS = ("volume", "price", "mix", "cost", "cost_to_serve", "currency", "other")
GOODS = ("volume", "price", "mix", "cost", "currency", "other")
# A frame of goods has, by product and currency: quantity, the document's own amount, revenue, and contribution.
SUMS = ("quantity", "document_amount", "revenue_amount", "contribution_amount")
CENT = Decimal("0.01")


def by_product(before: pl.DataFrame, now: pl.DataFrame, reporting: str) -> pl.DataFrame:
    """One row a product: both quantities and its part of each effect of goods."""
    then = _products(before, pl.lit(0.0)).rename(
        {"quantity": "q0", "revenue_amount": "r0", "contribution_amount": "g0"}
    )
    these = _products(now.join(_rates(before, reporting), on="currency_code", how="left"), _gained())
    these = these.rename({"quantity": "q1", "revenue_amount": "r1", "contribution_amount": "g1"})
    both = then.drop("currency").join(these, on="product_key", how="full", coalesce=True, nulls_equal=True)
    both = both.with_columns(pl.col("q0", "r0", "g0", "q1", "r1", "g1", "currency").fill_null(0.0))
    known = pl.col("product_key").is_not_null()
    both = both.with_columns(
        was=known & (pl.col("q0") > 0) & (pl.col("r0") > 0),
        is_sold=known & (pl.col("q1") > 0) & (pl.col("r1") > pl.col("currency")),
    )
    return _effects(both)


def bridge(goods: pl.DataFrame, start: Decimal, end: Decimal, served: Decimal) -> pl.DataFrame:
    """From one contribution to the other; `served` is the change of the steps after the goods.

    Each effect is rounded to the cent, and the cents that rounding leaves over go to the largest.
    """
    start, end = _cents(start), _cents(end)
    found = {name: _cents(Decimal(repr(goods[name].sum()))) for name in GOODS} | {"cost_to_serve": _cents(served)}
    largest = max(EFFECTS, key=lambda name: abs(found[name]))
    found[largest] += end - start - sum(found.values())
    rows = [("before", start, True), *((name, found[name], False) for name in EFFECTS), ("now", end, True)]
    return pl.DataFrame(rows, schema=["key", "value", "is_total"], orient="row")


def _products(frame: pl.DataFrame, gained: pl.Expr) -> pl.DataFrame:
    return (
        frame.with_columns(pl.col(*SUMS).cast(pl.Float64))
        .with_columns(currency=gained)
        .group_by("product_key")
        .agg(pl.sum("quantity", "revenue_amount", "contribution_amount", "currency"))
    )


def _rates(before: pl.DataFrame, reporting: str) -> pl.DataFrame:
    """The average rate of each foreign currency that was sold in."""
    sums = before.group_by("currency_code").agg(pl.sum("document_amount", "revenue_amount").cast(pl.Float64))
    sold = sums.filter((pl.col("document_amount") > 0) & (pl.col("revenue_amount") > 0))
    rate = pl.col("revenue_amount") / pl.col("document_amount")
    return sold.filter(pl.col("currency_code") != reporting).select("currency_code", rate=rate)


def _gained() -> pl.Expr:
    at_old_rate = pl.col("document_amount") * pl.col("rate")
    return (pl.col("revenue_amount") - at_old_rate).fill_null(0.0)


def _effects(both: pl.DataFrame) -> pl.DataFrame:
    """`base` is what is sold now at the prices of before, `kept` what it would then contribute."""
    was, is_sold = pl.col("was"), pl.col("is_sold")
    growth, kept_before = pl.col("q1") / pl.col("q0"), pl.when(was).then("g0").otherwise(0.0)
    sold_now = both.with_columns(
        base=pl.when(was & is_sold).then(growth * pl.col("r0")).when(is_sold).then(pl.col("r1") - pl.col("currency")),
        kept=pl.when(was & is_sold).then(growth * pl.col("g0")).when(is_sold).then(pl.col("g1") - pl.col("currency")),
    ).with_columns(pl.col("base", "kept").fill_null(0.0))
    sold_before = both.filter("was")["r0"].sum()
    ratio = sold_now["base"].sum() / sold_before if sold_before else None
    alike = pl.col("kept") if ratio is None else (ratio - 1) * kept_before
    cost_now, cost_kept = pl.col("r1") - pl.col("g1"), growth * (pl.col("r0") - pl.col("g0"))
    left_over = pl.when(is_sold).then(0.0).otherwise("g1") - pl.when(was).then(0.0).otherwise("g0")
    return sold_now.with_columns(
        volume=alike,
        mix=pl.col("kept") - kept_before - alike,
        price=pl.when(was & is_sold).then(pl.col("r1") - pl.col("currency") - pl.col("base")).otherwise(0.0),
        cost=pl.when(was & is_sold).then(cost_kept - cost_now).otherwise(0.0),
        currency=pl.when(is_sold).then("currency").otherwise(0.0),
        other=left_over,
    ).select("product_key", pl.col("q0").alias("quantity_before"), pl.col("q1").alias("quantity"), *GOODS)


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_EVEN)

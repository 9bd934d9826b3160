"""Revenue, cost and what is open, as they really are."""

import polars as pl

from pipelines.sandbox.business.settlements import INVOICE, NOTE
from pipelines.sandbox.clock import DAY


def amount(cents: pl.Expr) -> pl.Expr:
    return (cents / 100).round(2).cast(pl.Decimal(18, 2))


def customer(firm: pl.Expr) -> pl.Expr:
    return pl.lit("firm-") + firm.cast(pl.String).str.zfill(6)


def day(days: pl.Expr) -> pl.Expr:
    return days.cast(pl.Int32).cast(pl.Date)


def day_of(time: pl.Expr, now: int) -> pl.Expr:
    """The date of what has happened."""
    return pl.when(time <= now).then(day(time // DAY))


def month(time: pl.Expr) -> pl.Expr:
    return day(time // DAY).dt.truncate("1mo")


def undone(company) -> pl.DataFrame:
    """Invoices taken back in full until today: they and their credit notes count nowhere."""
    return company.known_invoices.filter(pl.col("t_undone") <= company.now).select("invoice")


def _known_costs(company) -> pl.DataFrame:
    """Items of an invoice whose cost has been booked, if only late."""
    booked = company.known_values.filter((pl.col("cost") != 0) & ~pl.col("is_note"))
    return booked.select("invoice", "item").unique().with_columns(costed=pl.lit(True))


def lines_of_documents(company) -> pl.DataFrame:
    """Lines of standing invoices and credit notes, these negative, and whether their cost is known."""
    known = company.known_invoices.select("invoice", "t_posted", "firm", "net_zloty", whole="net", invoice_no="number")
    sold = company.invoiced.select("invoice", "item", "net", "discount").join(
        known, on="invoice", how="inner", maintain_order="left"
    )
    notes = company.known_notes.select(
        "t_posted", "firm", "net_zloty", invoice="note", whole="net", invoice_no="number"
    )
    back = company.credited.select("invoice", "item", "net", "discount").join(
        notes, on="invoice", how="inner", maintain_order="left"
    )
    costs = _known_costs(company)
    given_back = (
        company.known_values.filter((pl.col("cost") != 0) & pl.col("is_note")).select("invoice", "item").unique()
    )
    given_back = given_back.with_columns(returned=pl.lit(True))
    rows = pl.concat(
        [
            sold.with_columns(sign=pl.lit(1), is_note=pl.lit(False)),
            back.with_columns(sign=pl.lit(-1), is_note=pl.lit(True)),
        ]
    )
    rows = rows.join(undone(company), on="invoice", how="anti", maintain_order="left")
    rows = rows.join(costs, on=["invoice", "item"], how="left", maintain_order="left").join(
        given_back, on=["invoice", "item"], how="left", maintain_order="left"
    )
    # An allowance moves no goods: its cost is known to be nothing. Of work it is known by the hours.
    is_known = (
        pl.lit(not company.manner.ships)
        | pl.col("costed").fill_null(False)
        | (pl.col("item") < 0)
        | (pl.col("is_note") & pl.col("returned").fill_null(False))
    )
    return rows.with_columns(is_known=is_known)


def _documents(company) -> pl.DataFrame:
    """Zloty of each standing document, and its part with known cost in ten-thousandths of a zloty."""
    rows = (
        lines_of_documents(company)
        .group_by("invoice_no", maintain_order=True)
        .agg(
            pl.col("firm", "t_posted", "net_zloty", "whole", "sign").first(),
            known=pl.col("net").filter("is_known").sum(),
        )
    )
    share = (
        pl.when(pl.col("known") == pl.col("whole"))
        .then(pl.col("net_zloty") * 100.0)
        .otherwise((pl.col("net_zloty") * 100.0 * pl.col("known") / pl.col("whole")).round())
    )
    return rows.with_columns(revenue=pl.col("sign") * pl.col("net_zloty"), known=pl.col("sign") * share.cast(pl.Int64))


def profitability(company) -> pl.DataFrame:
    """One row per customer and month of posting. Cost counts in the month it was booked."""
    costs = company.known_values.join(undone(company), on="invoice", how="anti", maintain_order="left")
    return earned(company, costs.select("firm", month=month(pl.col("t_posted")), cost="cost"), 2)


def earned(company, costs: pl.DataFrame, digits: int) -> pl.DataFrame:
    """What was billed, less these costs (`firm`, `month`, `cost` of so many digits behind the comma)."""
    revenue = _documents(company).select(
        "firm", "revenue", "known", month=month(pl.col("t_posted")), cost=pl.lit(0, pl.Int64)
    )
    spent = costs.select("firm", "month", "cost", revenue=pl.lit(0, pl.Int64), known=pl.lit(0, pl.Int64))
    order = ["firm", "month", "revenue", "known", "cost"]
    rows = pl.concat([revenue.select(order), spent.select(order)]).group_by("firm", "month").sum().sort("firm", "month")
    cost = pl.col("cost") / 10**digits
    return rows.select(
        customer=customer(pl.col("firm")),
        month="month",
        revenue=amount(pl.col("revenue")),
        cost=cost.round(digits).cast(pl.Decimal(18, digits)),
        cm1=(pl.col("known") / 10_000 - cost).round(4).cast(pl.Decimal(18, 4)),
        revenue_with_cost=(pl.col("known") / 10_000).round(4).cast(pl.Decimal(18, 4)),
    )


def totals(profitability: pl.DataFrame) -> pl.DataFrame:
    return profitability.group_by("month").agg(pl.col("revenue", "cost").sum()).sort("month")


def invoices(company) -> pl.DataFrame:
    """One row per posted invoice and credit note, undone ones marked."""
    orders = company.known_orders.select("order", order_number="number")
    sold = company.known_invoices.join(orders, on="order", how="left", maintain_order="left").with_columns(
        kind=pl.lit("invoice"),
        corrects=pl.lit(None, pl.String),
        is_cancelled=pl.col("t_undone") <= company.now,
        sign=pl.lit(1),
    )
    originals = company.known_invoices.select(note="invoice", original="number")
    back = company.known_notes.join(originals, on="note", how="left", maintain_order="left").with_columns(
        kind=pl.lit("credit_note"),
        corrects=pl.when("is_linked").then("original"),
        is_cancelled=pl.col("fate") == 3,
        sign=pl.lit(-1),
        order_number=pl.lit(None, pl.String),
    )
    rows = pl.concat([sold, back], how="diagonal_relaxed")
    signed = {
        name: amount(pl.col("sign") * pl.col(name)) for name in ("net", "tax", "gross", "net_zloty", "gross_zloty")
    }
    return rows.select(
        "kind",
        "order_number",
        "corrects",
        "currency",
        invoice_number="number",
        customer=customer(pl.col("firm")),
        posted_date=day(pl.col("t_posted") // DAY),
        is_cancelled="is_cancelled",
        **signed,
    ).sort("invoice_number")


def receivables(company) -> pl.DataFrame:
    """One row per standing invoice and credit note, with what is open today; credit is negative."""
    rows = company.open_amounts.filter(pl.col("kind").is_in([INVOICE, NOTE])).join(
        undone(company), left_on="key", right_on="invoice", how="anti", maintain_order="left"
    )
    return rows.select(
        invoice_number="number",
        kind=pl.when(pl.col("kind") == INVOICE).then(pl.lit("invoice")).otherwise(pl.lit("credit_note")),
        customer=customer(pl.col("customer") // 2),
        currency="currency",
        open_amount=amount(pl.col("left")),
        settled_date=pl.when(pl.col("left") == 0).then(day(pl.col("t_settled") // DAY)),
    ).sort("invoice_number")


def as_corrections(documents: pl.DataFrame) -> pl.DataFrame:
    """What is taken back is taken back by a correction in Poland."""
    return documents.with_columns(pl.col("kind").replace("credit_note", "correction"))

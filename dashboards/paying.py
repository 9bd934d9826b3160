"""How a customer pays: every invoice with the days it came late, around the agreed day."""

from datetime import date

import polars as pl

from dashboards import facts, formats, panels, timelines, warehouse, words
from dashboards.warehouse import Filter

INVOICES = [
    "invoice_number",
    "issued_date",
    "due_date",
    "paid_date",
    "days",
    "document_amount",
    "currency_code",
    "source_url",
]
# What is asked for at once; a long list of keys makes a long statement.
PART = 500


def draw(customer: str, view, start: date, end: date) -> None:
    lacking = facts.missing("invoices", "payments", "payment_allocations")
    if lacking:
        panels.not_available("payments", lacking)
        return
    known = warehouse.rows("payment_behaviour", [Filter("customer_key", "=", customer)], limit=1)
    habit = next(iter(known.to_dicts()), {})
    frame = invoices(customer, start, end)
    judged = frame.filter(pl.col("days").is_not_null())
    if judged.is_empty():
        panels.said_only("payments", words.text("paying.none"))
        return
    agreed = habit.get("agreed_terms_days")
    mark = words.text("paying.due") if agreed is None else words.text("paying.agreed", days=formats.days(agreed))
    figure = timelines.delays(judged, mark, words.text("paying.x"), words.text("paying.y"), formats.month)
    shown = judged.sort("days", descending=True)
    panels.panel("payments", sentence(habit, judged), figure, shown, INVOICES, view, ("share_paid_late",), "document")


def sentence(habit: dict, judged: pl.DataFrame) -> str:
    late = judged.filter(pl.col("days") > 0)
    said = words.text(
        "paying.late", n=judged.height, late=formats.number(late.height), all=formats.number(judged.height)
    )
    median, slow = habit.get("median_days_late"), habit.get("p90_days_late")
    if habit.get("is_too_few", True) or median is None:
        return f"{said} {words.text('paying.too_few')}"
    code = "late" if median > 0 else "early" if median < 0 else "on_day"
    said += " " + words.text(f"paying.median_{code}", days=formats.days(abs(median)))
    if slow is not None and slow > 0:
        said += " " + words.text("paying.slow", days=formats.days(slow))
    change = habit.get("days_late_change")
    if change is not None and abs(change) >= 1:
        said += " " + words.text("paying.slower" if change > 0 else "paying.faster", days=formats.days(abs(change)))
    return said


def invoices(customer: str, start: date, end: date) -> pl.DataFrame:
    """Invoices of some days with the days from their due date to their last payment, or to today where they are due.

    One settled by credit alone says nothing about paying, nor does one that is not due yet.
    """
    filters = [
        Filter("customer_key", "=", customer),
        Filter("invoice_kind", "=", "invoice"),
        Filter("gross_amount", ">", 0),
    ]
    filters += [Filter("issued_date", ">=", start), Filter("issued_date", "<=", end)]
    found = warehouse.rows("receivables", filters, order="issued_date", limit=5000)
    keys = found["invoice_key"].to_list()
    paid = _last(keys, "settlements", "paid_date", [Filter("kind", "=", "payment"), Filter("amount", ">", 0)])
    last_due = _last(keys, "canonical.invoice_instalments", "due_date", [])
    found = found.join(paid, on="invoice_key", how="left")
    found = found.join(last_due.rename({"due_date": "last_due_date"}), on="invoice_key", how="left")
    is_open = (pl.col("open_amount") > 0).fill_null(value=False)
    due = pl.coalesce("last_due_date", "due_date")
    settled = (pl.col("paid_date") - due).dt.total_days()
    days = pl.when(is_open & (pl.col("days_overdue") > 0)).then("days_overdue").when(~is_open).then(settled)
    sign = pl.when(is_open).then(pl.lit("open")).when(settled > 0).then(pl.lit("bad")).otherwise(pl.lit("good"))
    frame = found.with_columns(
        key="invoice_key", document_amount="gross_amount", date=due, days=days, sign=sign
    ).filter(pl.col("date").is_not_null())
    text = [_text(row) for row in frame.iter_rows(named=True)]
    return frame.with_columns(text=pl.Series(text, dtype=pl.String))


def _text(row: dict) -> str:
    if row["days"] is None:
        return row["invoice_number"] or ""
    code = "open" if row["sign"] == "open" else "late" if row["days"] > 0 else "early" if row["days"] < 0 else "on_day"
    days = words.text(f"paying.hover_{code}", days=formats.days(abs(row["days"])))
    return f"{row['invoice_number'] or ''} · {days}"


def _last(keys: list[str], mart: str, column: str, filters: list[Filter]) -> pl.DataFrame:
    """The last day a table knows for each invoice."""
    parts = [
        warehouse.rows(mart, [Filter("invoice_key", "in", tuple(keys[at : at + PART])), *filters], limit=20_000)
        for at in range(0, len(keys), PART)
    ] or [warehouse.rows(mart, [Filter("invoice_key", "in", ())], limit=1)]
    return pl.concat(parts).group_by("invoice_key").agg(pl.col(column).max())

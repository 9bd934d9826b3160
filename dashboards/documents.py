"""Documents of all systems in one shape: those of a customer, and those a document is linked to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
import streamlit as st

from dashboards import warehouse
from dashboards.warehouse import Filter, First

SCHEMA = {
    "entity": pl.String, "key": pl.String, "number": pl.String, "status": pl.String, "date": pl.Date,
    "amount": pl.Decimal(18, 2), "currency_code": pl.String, "source": pl.String, "source_url": pl.String,
}  # fmt: skip
# More than anybody looks through of one kind; what is left out is said.
MOST = 2000
# A chain longer than this has gone astray.
STEPS = 6


@dataclass(frozen=True)
class Kind:
    """Where documents of a kind lie, and which columns hold what is told of each of them."""

    key: str
    date: tuple[str, ...]
    number: str | None = None
    status: str | None = None
    amount: str | None = None


KINDS = {
    "activities": Kind("activity_key", ("happened_at",), status="kind"),
    "leads": Kind("lead_key", ("created_at",), "company_name", "status"),
    "deals": Kind("deal_key", ("created_at",), "name", "status", "amount"),
    "quotes": Kind("quote_key", ("sent_at", "created_at"), "quote_number", "status", "net_amount"),
    "orders": Kind("order_key", ("ordered_at",), "order_number", "status", "net_amount"),
    "shipments": Kind("shipment_key", ("shipped_at", "created_at"), "shipment_number", "carrier"),
    "invoices": Kind("invoice_key", ("issued_date",), "invoice_number", "kind", "gross_amount"),
    "payments": Kind("payment_key", ("paid_date",), amount="amount"),
    "tickets": Kind("ticket_key", ("opened_at",), "reason", "kind"),
}
EMPTY = pl.DataFrame(schema=SCHEMA)


def of_accounts(entity: str, accounts: Sequence[str], start: date, end: date) -> pl.DataFrame:
    """The latest documents of a kind between two days, both included."""
    day = First(KINDS[entity].date)
    filters = [Filter("account_key", "in", tuple(accounts))]
    # Moments are kept in UTC, days are the reader's: a day of room on both sides, then the exact cut.
    filters += [Filter(day, ">=", start - timedelta(days=1)), Filter(day, "<", end + timedelta(days=2))]
    found = _shaped(entity, warehouse.rows(_table(entity), filters, order=KINDS[entity].date[-1], limit=MOST))
    return found.filter(pl.col("date").is_between(start, end)).sort("date", "key", descending=True)


def by_keys(entity: str, keys: Sequence[str]) -> pl.DataFrame:
    if entity not in KINDS or not keys:
        return EMPTY
    found = warehouse.rows(_table(entity), [Filter(KINDS[entity].key, "in", tuple(keys))], limit=MOST)
    return _shaped(entity, found)


def linked(entity: str, key: str) -> pl.DataFrame:
    """What led to a document and what came of it, with how each was found.

    Two ways from the document and none back: the other invoices of a payment are no part of this order.
    """
    found: dict[tuple[str, str], bool] = {}
    for side, other in (("from", "to"), ("to", "from")):
        frontier = [(entity, key)]
        for _ in range(STEPS):
            frontier = [link for link in _next(side, other, frontier, found) if link != (entity, key)]
            if not frontier:
                break
    _tickets(entity, key, found)
    frames = []
    for kind in KINDS:
        guessed = {at: is_guessed for (of, at), is_guessed in found.items() if of == kind}
        if guessed:
            row = by_keys(kind, list(guessed))
            frames.append(row.with_columns(is_guessed=pl.col("key").replace_strict(guessed, return_dtype=pl.Boolean)))
    return pl.concat(frames).sort("date", nulls_last=True) if frames else EMPTY.with_columns(is_guessed=pl.lit(False))


def _next(side: str, other: str, frontier: list[tuple[str, str]], found: dict) -> list[tuple[str, str]]:
    """One step of the thread away from the frontier; a way over a guess stays a guess."""
    fresh = []
    for kind in {kind for kind, _ in frontier}:
        keys = tuple(key for of, key in frontier if of == kind)
        filters = [Filter(f"{side}_entity", "=", kind), Filter(f"{side}_key", "in", keys)]
        for row in warehouse.rows("canonical.thread", filters, limit=MOST).iter_rows(named=True):
            link = (row[f"{other}_entity"], row[f"{other}_key"])
            if link not in found:
                found[link] = bool(row["is_guessed"]) or found.get((kind, row[f"{side}_key"]), False)
                fresh.append(link)
    return fresh


def _tickets(entity: str, key: str, found: dict) -> None:
    """Tickets name the order or the invoice they are about."""
    if entity in ("orders", "invoices"):
        about = [Filter("order_key" if entity == "orders" else "invoice_key", "=", key)]
        keys = warehouse.rows("canonical.tickets", about)["ticket_key"].to_list()
        found.update({("tickets", at): False for at in keys})
    if entity == "tickets":
        row = warehouse.rows("canonical.tickets", [Filter("ticket_key", "=", key)], limit=1)
        for kind, column in (("orders", "order_key"), ("invoices", "invoice_key")):
            found.update({(kind, at): False for at in row[column].drop_nulls()})


def _table(entity: str) -> str:
    return f"canonical.{entity}"


def _shaped(entity: str, frame: pl.DataFrame) -> pl.DataFrame:
    kind = KINDS[entity]
    told = {"key": kind.key, "number": kind.number, "status": kind.status, "amount": kind.amount}
    told |= {name: name for name in ("currency_code", "source", "source_url")}
    columns = {
        name: pl.lit(None, SCHEMA[name]) if column is None or column not in frame.columns else pl.col(column)
        for name, column in told.items()
    }
    columns |= {"entity": pl.lit(entity), "date": _day(frame, kind.date)}
    return frame.select(columns[name].cast(kept).alias(name) for name, kept in SCHEMA.items())


def _day(frame: pl.DataFrame, names: tuple[str, ...]) -> pl.Expr:
    """The day by the reader's clock; the warehouse keeps moments in UTC."""
    first = pl.coalesce(names)
    if frame.schema[names[0]] == pl.Date or not st.context.timezone:
        return first.cast(pl.Date)
    return first.dt.replace_time_zone("UTC").dt.convert_time_zone(st.context.timezone).dt.date()

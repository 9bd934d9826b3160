"""What waits for somebody today, each with the money that hangs on it, whose it is, and where it is written."""

import polars as pl

from dashboards import facts, formats, onward, pairs, warehouse, words
from dashboards.warehouse import Filter

MOST = 10
# What is read of a kind to rank it by something no column holds, and of keys to count each thing once.
ALL = 10_000
SHAPE = {
    "kind": pl.String, "key": pl.String, "thing": pl.String, "customer_key": pl.String, "customer_name": pl.String,
    "owner_name": pl.String, "waiting_amount": pl.Float64, "before_amount": pl.Float64, "now_amount": pl.Float64,
    "since_date": pl.Date, "crm_source_url": pl.String, "erp_source_url": pl.String,
}  # fmt: skip
LATE = (
    Filter("is_open", "=", True),
    Filter("is_in_full_on_promised", "=", False),
    Filter("shipped_in_full_date", "is null"),
)
OVERDUE = (Filter("ageing_bucket", "in", ("days_61_90", "over_90")), Filter("open_reporting_amount", ">", 0))
PAST = (Filter("is_past_close", "=", True), Filter("outcome", "=", "open"), Filter("is_excluded", "=", False))
TURNED = (Filter("earning", "=", "loser"), Filter("previous_tier", "in", ("earner", "neutral")))
# What must be loaded before a kind can be known.
NEEDS = {
    "turned": ("invoices", "invoice_lines"),
    "late": ("orders", "shipments"),
    "stuck": ("orders",),
    "past_close": ("deals",),
    "overdue": ("invoices", "payments"),
}


def found(filters: list[Filter]) -> pl.DataFrame:
    """The largest of all kinds together, most money first. `filters` are on the customer."""
    readers = {"turned": _turned, "late": _late, "stuck": _stuck, "past_close": _past_close, "overdue": _overdue}
    known = [readers[kind](filters) for kind in NEEDS if not facts.missing(*NEEDS[kind])]
    frame = pl.concat([pl.DataFrame(schema=SHAPE), *(_shaped(one) for one in known)])
    # An order that is late and stuck is one thing; late says more.
    frame = frame.unique("key", keep="first", maintain_order=True)
    return _completed(frame.sort("waiting_amount", "key", descending=[True, False], nulls_last=True).head(MOST))


def counted(filters: list[Filter]) -> int:
    """How many there are in all."""
    orders = set()
    for mart, those in (("order_cycle_time", LATE), ("stuck_orders", ())):
        if not facts.missing(*NEEDS["late" if those else "stuck"]):
            orders |= set(warehouse.counted(mart, {"key": "order_key"}, [*filters, *those])["key"])
    others = {
        "turned": ("customer_standing", TURNED),
        "past_close": ("funnel_to_cash", PAST),
        "overdue": ("receivables", OVERDUE),
    }
    counts = [warehouse.count(mart, [*filters, *those]) for kind, (mart, those) in others.items()
              if not facts.missing(*NEEDS[kind])]  # fmt: skip
    return len(orders) + sum(counts)


def worded(frame: pl.DataFrame) -> pl.DataFrame:
    """What each row is about, in words."""
    said = [_said(row) for row in frame.iter_rows(named=True)]
    return frame.with_columns(attention=pl.Series(said, dtype=pl.String))


def way(row: dict) -> tuple[str, dict]:
    """The page on which a row is followed down, and what its address must say."""
    customer = {"customer": row["customer_key"] or ""}
    match row["kind"]:
        case "late" | "stuck":
            return "order_cycle_time", {"order_key": row["key"]}
        case "past_close":
            name = onward.first_of("customer", "funnel_to_cash")
            known = name == "customer" and row["customer_key"]
            return (name, customer) if known else ("funnel_to_cash", {"bucket": "open_deal"})
        case "overdue":
            name = onward.first_of("receivables", "customer_profitability")
            return name, {"invoice": row["key"]} if name == "receivables" else customer
        case _:
            return onward.first_of("customer", "customer_profitability"), customer


def _said(row: dict) -> str:
    late = (facts.as_of() - row["since_date"]).days if row["since_date"] else 0
    amounts = {name: formats.short_money(row[f"{name}_amount"], "") for name in ("before", "now")}
    return words.text(f"attention.{row['kind']}", n=late, thing=row["thing"] or formats.NONE, **amounts)


def _turned(filters: list[Filter]) -> pl.DataFrame:
    """Customers who earned money a year ago and cost money now; what is lost is the difference."""
    rows = warehouse.rows("customer_standing", [*filters, *TURNED], order="previous_contribution_amount", limit=ALL)
    lost = pl.col("previous_contribution_amount") - pl.col("contribution_amount")
    return rows.select(
        "customer_key", "customer_name", "owner_name", kind=pl.lit("turned"), key="customer_key", waiting_amount=lost,
        before_amount="previous_contribution_amount", now_amount="contribution_amount", since_date="period_from_date",
    ).sort("waiting_amount", descending=True).head(MOST)  # fmt: skip


def _late(filters: list[Filter]) -> pl.DataFrame:
    rows = warehouse.rows("order_cycle_time", [*filters, *LATE], order="order_amount", limit=MOST)
    return rows.select(*_order("late"), since_date="promised_date")


def _stuck(filters: list[Filter]) -> pl.DataFrame:
    rows = warehouse.rows("stuck_orders", filters, order="order_amount", limit=MOST)
    return rows.select(*_order("stuck"), since_date="entered_date")


def _order(kind: str) -> list[pl.Expr]:
    renamed = {"key": "order_key", "thing": "order_number", "waiting_amount": "order_amount"}
    renamed |= {"erp_source_url": "source_url"}
    kept = [pl.col(name) for name in ("customer_key", "customer_name", "owner_name")]
    return [pl.lit(kind).alias("kind"), *kept, *(pl.col(name).alias(new) for new, name in renamed.items())]


def _past_close(filters: list[Filter]) -> pl.DataFrame:
    rows = warehouse.rows("funnel_to_cash", [*filters, *PAST], order="deal_amount", limit=MOST)
    return rows.select(
        "customer_key", "customer_name", "owner_name", kind=pl.lit("past_close"), key="deal_key", thing="anchor_name",
        waiting_amount="deal_amount", since_date="expected_close_date", crm_source_url="source_url",
    )  # fmt: skip


def _overdue(filters: list[Filter]) -> pl.DataFrame:
    rows = warehouse.rows("receivables", [*filters, *OVERDUE], order="open_reporting_amount", limit=MOST)
    return rows.select(
        "customer_key", "customer_name", kind=pl.lit("overdue"), key="invoice_key", thing="invoice_number",
        waiting_amount="open_reporting_amount", since_date="due_date", erp_source_url="source_url",
    )  # fmt: skip


def _shaped(frame: pl.DataFrame) -> pl.DataFrame:
    lacking = [pl.lit(None, kind).alias(name) for name, kind in SHAPE.items() if name not in frame.columns]
    return frame.with_columns(lacking).select(pl.col(name).cast(kind) for name, kind in SHAPE.items())


def _completed(frame: pl.DataFrame) -> pl.DataFrame:
    """A record without an owner is its customer's; the other system shows the customer."""
    keys = tuple(frame["customer_key"].drop_nulls().unique())
    customers = warehouse.rows("canonical.customers", [Filter("customer_key", "in", keys)], limit=len(keys) or 1)
    owned = customers.select("customer_key", of_customer="owner_name")
    frame = frame.join(owned, on="customer_key", how="left", maintain_order="left")
    for side, links in _links(keys).items():
        frame = frame.join(links, on="customer_key", how="left", maintain_order="left")
        frame = frame.with_columns(pl.coalesce(f"{side}_source_url", "url").alias(f"{side}_source_url")).drop("url")
    return frame.with_columns(pl.coalesce("owner_name", "of_customer").alias("owner_name")).drop("of_customer")


def _links(keys: tuple[str, ...]) -> dict[str, pl.DataFrame]:
    """One record of each customer in the CRM and one in the ERP."""
    those = [Filter("customer_key", "in", keys)]
    matches = warehouse.rows("canonical.account_matches", those, order="account_key", limit=ALL, descending=False)
    accounts = warehouse.rows(
        "canonical.accounts", [Filter("account_key", "in", tuple(matches["account_key"]))], limit=ALL
    )
    known = matches.select("account_key", "customer_key").join(
        accounts.select("account_key", "source", url="source_url"), on="account_key"
    )
    is_erp = pl.col("source").is_in(list(pairs.erp_sources()))
    sides = {"crm": known.filter(~is_erp), "erp": known.filter(is_erp)}
    return {
        side: rows.sort("account_key").unique("customer_key", keep="first").select("customer_key", "url")
        for side, rows in sides.items()
    }

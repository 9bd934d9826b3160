"""From the first lead to the last payment, step by step: measures set in their order, and the rows behind each step."""

import polars as pl

from dashboards import facts, warehouse, words
from dashboards.warehouse import Filter

# Each step of the way: the measure that counts it, the one that sums it, and what must be loaded to know it.
STEPS = {
    "lead": ("leads_started", None, "leads"),
    "deal": ("deals_started", "deal_amount", "deals"),
    "won": ("deals_won", "won_amount", "deals"),
    "ordered": ("deals_ordered", "ordered_amount", "orders"),
    "invoiced": ("deals_invoiced", "invoiced_amount", "invoices"),
    "collected": ("deals_collected", "collected_amount", "payments"),
}
MEASURES = (
    "won_amount", "won_not_ordered_amount", "ordered_amount", "cancelled_amount", "invoiced_amount", "credited_amount",
    "written_off_amount", "open_amount", "overdue_amount", "collected_amount",
)  # fmt: skip
SPEEDS = ("lead_to_deal", "deal_to_won", "won_to_order", "order_to_invoice", "invoice_to_cash")

COUNTED = Filter("is_excluded", "=", False)
DEAL = (COUNTED, Filter("anchor_kind", "=", "deal"))
WON = (COUNTED, Filter("is_won", "=", True))
ORDERED, INVOICED = Filter("orders_counted", ">", 0), Filter("invoices_counted", ">", 0)
REACHED = {
    "lead": (COUNTED, Filter("lead_key", "is not null")),
    "deal": DEAL,
    "won": WON,
    "ordered": (*DEAL, ORDERED),
    "invoiced": (*DEAL, INVOICED),
    "collected": (*DEAL, Filter("collected_amount", ">", 0)),
    "not_ordered": (*WON, Filter("bucket", "=", "won_not_ordered")),
    "ordered_differently": (*WON, ORDERED),
    "cancelled": (*WON, Filter("cancelled_amount", "<>", 0)),
    "not_invoiced": (*WON, ORDERED),
    "credited": (*WON, Filter("credited_amount", "<", 0)),
    "written_off": (*WON, Filter("written_off_amount", "<>", 0)),
    "not_due": (*WON, Filter("open_amount", "<>", 0)),
    "overdue": (*WON, Filter("overdue_amount", "<>", 0)),
    "other": WON,
}


def from_the_start(filters: list[Filter]) -> list[Filter]:
    """What began as a lead or a deal; everything, where no system has those."""
    if facts.missing("deals"):
        return filters
    return [*filters, Filter("anchor_kind", "in", ("lead", "deal"))]


def steps(unit: str, filters: list[Filter]) -> tuple[pl.DataFrame, list[str]]:
    """How much came to each step that is known, and what is missing to know the others."""
    rows, lacking, filters = [], [], from_the_start(filters)
    for step, (counted, summed, entity) in STEPS.items():
        name = counted if unit == "count" else summed
        if facts.missing(entity):
            lacking += [entity] if entity not in lacking else []
        elif name is not None:
            rows.append((step, words.text(f"funnel_step.{step}"), warehouse.figure(name, filters) or 0, name))
    frame = pl.DataFrame(rows, schema=["key", "name", "value", "measure"], orient="row", strict=False)
    return frame, lacking


def leakage(filters: list[Filter]) -> pl.DataFrame | None:
    """From won to cash, each difference under its name; they sum to the cash exactly. None if a step is unknown."""
    if facts.missing("deals", "orders", "invoices", "payments"):
        return None
    sums = {name: value or 0 for name, value in warehouse.measure(MEASURES, filters=filters).row(0, named=True).items()}
    won, ordered = sums["won_amount"], sums["ordered_amount"]
    invoiced, collected = sums["invoiced_amount"], sums["collected_amount"]
    rows = {
        "won": won,
        "not_ordered": -sums["won_not_ordered_amount"],
        "ordered_differently": ordered - (won - sums["won_not_ordered_amount"]),
        "cancelled": -sums["cancelled_amount"],
        "not_invoiced": invoiced - (ordered - sums["cancelled_amount"]),
        "credited": sums["credited_amount"],
        "written_off": -sums["written_off_amount"],
        "not_due": -(sums["open_amount"] - sums["overdue_amount"]),
        "overdue": -sums["overdue_amount"],
    }
    rows["other"] = collected - sum(rows.values())
    drawn = [(key, value, key == "won") for key, value in rows.items() if value or key == "won"]
    drawn.append(("collected", collected, True))
    return pl.DataFrame(
        [(key, words.text(f"funnel_step.{key}"), value, total) for key, value, total in drawn],
        schema=["key", "name", "value", "is_total"],
        orient="row",
    )


def speed(filters: list[Filter]) -> pl.DataFrame:
    """Days from step to step: the middle one and the slow end, where any are known."""
    rows, filters = [], from_the_start(filters)
    for step in SPEEDS:
        median, slow = (warehouse.figure(f"{kind}_days_{step}", filters) for kind in ("median", "p90"))
        if median is not None:
            rows.append((step, words.text(f"speed.{step}"), float(median), float(slow)))
    return pl.DataFrame(rows, schema=["key", "name", "median_days", "p90_days"], orient="row")


def measures_of(frame: pl.DataFrame) -> tuple[str, ...]:
    return tuple(f"{kind}_days_{key}" for key in frame["key"] for kind in ("median", "p90"))

"""From the first lead to the last payment, step by step: who came to each, what became of them, where money leaks."""

import polars as pl

from dashboards import facts, tables, warehouse, words
from dashboards.warehouse import Filter, First

FUNNEL, STEPS_MART, LEAKS = "funnel_to_cash", "funnel_steps", "funnel_leakage_deals"
# The day something started: that of its lead, or of the deal that began without one.
BEGAN = First(("lead_created_date", "deal_created_date"))
# Each step of the way, and what must be loaded to know it.
STEPS = {
    "lead": "leads",
    "deal": "deals",
    "quoted": "quotes",
    "won": "deals",
    "ordered": "orders",
    "invoiced": "invoices",
    "collected": "payments",
}
# What becomes of those that came to a step: each has one of these ends.
ENDS = ("advanced", "still_there", "not_known", "back", "lost")
SPEEDS = ("lead_to_deal", "deal_to_won", "won_to_order", "order_to_invoice", "invoice_to_cash")
# Where value only stands for a while, and where it changed without anybody losing it.
WAITS = ("not_delivered", "not_invoiced", "overdue", "not_due", "prepaid", "set_off", "rounding")
NEEDED = ("deals", "orders", "invoices", "payments")


def from_the_start(filters: list[Filter]) -> list[Filter]:
    """What began as a lead or a deal; everything, where no system has those."""
    if facts.missing("deals"):
        return filters
    return [*filters, Filter("anchor_kind", "in", ("lead", "deal"))]


def measures_of_steps(unit: str) -> dict[str, str]:
    """The measure of all that came to a step, and of each end."""
    tail = "_amount" if unit == "money" else ""
    return {kind: f"steps_{kind}{tail}" for kind in ("entered", *ENDS)}


def steps(unit: str, filters: list[Filter]) -> tuple[pl.DataFrame, list[str]]:
    """One row per step that is known: who came, and what became of them; and what is missing to know the others."""
    names = measures_of_steps(unit)
    found = warehouse.measure(list(names.values()), {"place": "step_place", "key": "step"}, filters)
    found = found.rename({measure: kind for kind, measure in names.items()})
    known = [step for step, entity in STEPS.items() if not facts.missing(entity)]
    # A lead has no value: on the way of money it is no step.
    shown = [step for step in known if unit == "count" or step != "lead"]
    frame = found.filter(pl.col("key").is_in(shown)).with_columns(pl.col(*names).fill_null(0))
    frame = frame.with_columns(name=named(frame["key"], "funnel_step")).sort("place")
    return frame.select("key", "name", *names), facts.missing(*dict.fromkeys(STEPS.values()))


def leakage(filters: list[Filter]) -> pl.DataFrame | None:
    """From won to cash, each difference under its name; they sum to the cash exactly. None if a step is unknown."""
    if facts.missing(*NEEDED):
        return None
    by = {"place": "step_place", "key": "step"}
    found = warehouse.measure(["leakage_of_deals", "deals_leaking"], by, filters)
    found = found.rename({"leakage_of_deals": "value", "deals_leaking": "deals"}).filter(pl.col("value") != 0)
    cash, gone = found.filter(pl.col("key") == "cash"), found.filter(pl.col("key") != "cash")
    won = found["value"].sum()
    rows = [("won", won, None, True)]
    rows += [(row["key"], -row["value"], row["deals"], False) for row in gone.sort("place").iter_rows(named=True)]
    rows.append(("cash", cash["value"].sum(), cash["deals"].sum(), True))
    frame = pl.DataFrame(rows, schema=["key", "value", "deals", "is_total"], orient="row", infer_schema_length=None)
    return frame.with_columns(name=named(frame["key"], "funnel_step"))


def at_step(step: str, filters: list[Filter], limit: int = 500) -> pl.DataFrame:
    """The won deals any of whose value went or stands at a step, and how much of it."""
    here = [*filters, Filter("amount", "<>", 0)]
    if step != "won":
        here.append(Filter("step", "=", step))
    return warehouse.rows(LEAKS, here, order="amount", limit=limit)


def speed(filters: list[Filter]) -> pl.DataFrame:
    """Days from step to step: the middle one and the slow end, where any are known."""
    of_step = {step: [f"{kind}_days_{step}" for kind in ("median", "p90")] for step in SPEEDS}
    asked = [name for names in of_step.values() for name in names]
    rows, known = [], warehouse.measure(asked, filters=from_the_start(filters)).row(0, named=True)
    for step, names in of_step.items():
        median, slow = (known[name] for name in names)
        if median is not None:
            rows.append((step, words.text(f"speed.{step}"), float(median), float(slow)))
    return pl.DataFrame(rows, schema=["key", "name", "median_days", "p90_days"], orient="row")


def measures_of(frame: pl.DataFrame) -> tuple[str, ...]:
    return tuple(f"{kind}_days_{key}" for key in frame["key"] for kind in ("median", "p90"))


def named(codes: pl.Series, prefix: str) -> pl.Series:
    """The words of codes; a null stays one."""
    return tables.spoken(codes.name, codes, lambda code: words.text(f"{prefix}.{code}"))

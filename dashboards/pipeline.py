"""The pipeline as it stands and moves: how fast, what changed, what stands still, whether it covers the target."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from dashboards import facts, periods, warehouse
from dashboards.ladders import named
from dashboards.warehouse import Filter

PASSES, CONVERSION, STUCK = "deal_stage_passes", "stage_conversion", "stuck_deals"
CHANGES, CHANGED_DEALS, SNAPSHOTS = "pipeline_changes", "pipeline_change_deals", "pipeline_snapshots"
COVERAGE, VELOCITY = "pipeline_coverage", "sales_velocity"
ENDS = ("opening", "closing")
WEEK = 7


@dataclass(frozen=True)
class Change:
    """What the pipeline was, what came and went, and what it is, between two days."""

    frame: pl.DataFrame
    start: date
    end: date

    def of(self, *kinds: str):
        return self.frame.filter(pl.col("key").is_in(kinds))["value"].sum()


def stages(view) -> pl.DataFrame:
    """One row per stage that deals left in the period: how long they were there, and how many went further."""
    by = {"place": "stage_place", "pipeline": "pipeline", "key": "stage"}
    names = ["median_days_in_stage", "p90_days_in_stage", "deals_through_stage"]
    left = warehouse.measure(names, by, view.now("last_left_date"))
    left = left.rename(dict(zip(names, ("median_days", "p90_days", "counted"), strict=True)))
    left = left.filter(pl.col("median_days").is_not_null())
    came = warehouse.measure(["stage_conversion", "deals_entered_stage"], by, _entered(view))
    came = came.rename({"stage_conversion": "passed_share", "deals_entered_stage": "entered_counted"})
    frame = left.join(came, on=list(by), how="left", nulls_equal=True).sort("pipeline", "place")
    several = frame["pipeline"].n_unique() > 1
    full = pl.concat_str("pipeline", "key", separator=" · ", ignore_nulls=True) if several else pl.col("key")
    return frame.with_columns(name=full)


def velocity() -> dict | None:
    """The four parts of the speed of the whole firm, and their product; none where nothing is sold by deals."""
    found = warehouse.rows(VELOCITY, [Filter("grouping_kind", "=", "all")], limit=1)
    if found.is_empty():
        return None
    names = ("qualified_deals", "velocity_average_amount", "velocity_win_rate", "velocity_cycle_days", "sales_velocity")
    parts = warehouse.measure(names).row(0, named=True)
    return parts | {"missing_part": found["missing_part"][0]}


def velocity_by_group() -> pl.DataFrame:
    found = warehouse.rows(VELOCITY, [Filter("grouping_kind", "<>", "all")], order="velocity_amount")
    return found.with_columns(grouping_kind=named(found["grouping_kind"], "grouping"))


def first_snapshot() -> date | None:
    return warehouse.earliest(SNAPSHOTS, "as_of_date")


def change() -> Change | None:
    """The changes of the last week, or since the last snapshot before it; none until there are two."""
    last = warehouse.rows(CHANGES, order="to_date", limit=1)
    if last.is_empty():
        return None
    end = last["to_date"][0]
    recent = warehouse.rows(CHANGES, [Filter("from_date", ">=", end - timedelta(days=WEEK))], limit=10_000)
    if recent.is_empty():
        recent = warehouse.rows(CHANGES, [Filter("to_date", "=", end)], limit=10_000)
    start = recent["from_date"].min()
    opening = (pl.col("kind") == "opening") & (pl.col("from_date") == start)
    closing = (pl.col("kind") == "closing") & (pl.col("to_date") == end)
    between = recent.filter(opening | closing | ~pl.col("kind").is_in(ENDS))
    frame = between.group_by(key="kind", place="kind_place").agg(
        value=pl.sum("amount"), moved_amount=-pl.col("amount").clip(upper_bound=0).sum(), deals=pl.sum("deals_counted")
    )
    frame = frame.with_columns(
        is_total=pl.col("key").is_in(ENDS),
        # What slips leaves one month and comes to another: it is no change of the whole, and said by itself.
        moved_amount=pl.when(pl.col("key").is_in(["slipped", "pulled_in"])).then("moved_amount"),
        name=named(frame["key"], "change_kind"),
    )
    return Change(frame.sort("place"), start, end)


def changed_deals(kind: str, found: Change) -> pl.DataFrame:
    """The deals behind a part of the change; of its ends, those that were open on that day."""
    if kind in ENDS:
        day = found.start if kind == "opening" else found.end
        open_then = [Filter("as_of_date", "=", day), Filter("status", "=", "open")]
        deals = warehouse.rows(SNAPSHOTS, open_then, order="amount")
        unmoved = pl.lit(None, pl.Date)
        return deals.with_columns(kind=pl.lit(kind), close_month_before=unmoved, close_month_after=unmoved)
    filters = [Filter("kind", "=", kind), Filter("from_date", ">=", found.start), Filter("to_date", "<=", found.end)]
    return warehouse.rows(CHANGED_DEALS, filters, order="amount")


def stuck(filters: list[Filter]) -> pl.DataFrame:
    """One row per stage in which deals stand still."""
    names = ["stuck_deals", "stuck_deals_amount"]
    found = warehouse.measure(names, {"key": "stage"}, filters)
    found = found.rename({"stuck_deals": "deals", "stuck_deals_amount": "value"}).filter(pl.col("deals") > 0)
    return found.with_columns(name="key").sort("value", descending=True, nulls_last=True)


def coverage(filters: list[Filter]) -> pl.DataFrame:
    """The last two months and all that are ahead: target, booked, open. Of people, if the page is narrowed to some."""
    first = periods.shifted(facts.as_of().replace(day=1), -2)
    here = [Filter("period_month", ">=", first), *scope(filters)]
    parts = {"target": "target_amount", "booked": "booked_amount", "open": "open_amount", "missing": "remaining_amount"}
    found = warehouse.summed(COVERAGE, tuple(parts.values()), {"month": "period_month"}, here)
    return found.rename({column: kind for kind, column in parts.items()})


def scope(filters: list[Filter]) -> list[Filter]:
    """Targets are set for the firm and for people, and for nothing else."""
    people = [item for item in filters if item.column == "owner_name"]
    return [Filter("scope", "=", "owner" if people else "firm"), *people]


def _entered(view) -> list[Filter]:
    """Conversion is kept by months and not by person or channel."""
    months = periods.by_months(view.period)
    return [Filter("entered_month", ">=", months.start), Filter("entered_month", "<=", months.end)]

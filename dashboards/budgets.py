"""What was planned, for the figures that the firm's targets speak of: the value of the deals won in a month."""

from dashboards import facts, pipeline, warehouse
from dashboards.warehouse import Filter

# The figures that have targets, and the day by which they are counted like them.
PLANNED = {"won_amount": "closed_date"}
MART = "pipeline_coverage"


def of(name: str, now: list[Filter]):
    """The targets of the months of a figure's period; nothing where none is loaded for this figure or this part."""
    day = PLANNED.get(name)
    days = [item for item in now if item.column == day and item.operator in (">=", "<=")]
    people = [item for item in now if item.column == "owner_name"]
    if len(days) != 2 or len(days) + len(people) != len(now) or facts.missing("deals"):
        return None
    first = min(item.value for item in days).replace(day=1)
    last = max(item.value for item in days)
    months = [Filter("period_month", ">=", first), Filter("period_month", "<=", last)]
    found = warehouse.summed(MART, "target_amount", {"scope": "scope"}, [*months, *pipeline.scope(people)])
    return found["target_amount"][0] if found.height == 1 else None

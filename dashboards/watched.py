"""What a rule looks at: its figure, the one it is compared with, and whether the limit is crossed."""

from dataclasses import dataclass
from datetime import date, timedelta

from dashboards import facts, header, periods, warehouse
from dashboards.periods import Period
from dashboards.rules import LAST, Rule


@dataclass(frozen=True)
class Value:
    """What a rule looked at: the figure, the one it is compared with, and the days of both."""

    now: float | None
    before: float | None = None
    days: Period | None = None
    days_before: Period | None = None

    @property
    def difference(self) -> float | None:
        return None if self.now is None or self.before is None else self.now - self.before

    def change(self, is_share: bool) -> float | None:
        """How far the figure moved; as a share of what it was, nothing can be said beside nothing."""
        if self.difference is None or not is_share:
            return self.difference
        return self.difference / abs(self.before) if self.before else None


def looked_up(rule: Rule) -> Value:
    """The figure, narrowed to its recipient, and the one before."""
    if rule.period is None:
        return Value(_number(warehouse.figure(rule.measure, rule.filters)))
    days = of(rule, facts.as_of())
    before = periods.compared(days, rule.against) if rule.against else None
    value = _number(warehouse.figure(rule.measure, [*rule.filters, *header.between(rule.day, days)]))
    if before is None:
        return Value(value, days=days)
    earlier = [*rule.filters, *header.between(rule.day, before)]
    return Value(value, _number(warehouse.figure(rule.measure, earlier)), days, before)


def of(rule: Rule, as_of: date) -> Period:
    """The days a rule looks at: those of a page's choice, or the last so many."""
    match = LAST.fullmatch(rule.period)
    if match is None:
        days = periods.resolve(rule.period, as_of)
        return periods.by_months(days) if rule.day.endswith("month") else days
    number, this_month = int(match[1]), as_of.replace(day=1)
    if match[2] == "months":
        return Period(periods.shifted(this_month, -number), periods.month_end(periods.shifted(this_month, -1)))
    return Period(as_of - timedelta(days=number - 1), as_of)


def crossed(rule: Rule, value: Value) -> bool | None:
    """Whether the limit is crossed; None where there is no figure, which is neither well nor ill."""
    looked = value.change(rule.level.is_share) if rule.against else value.now
    return None if looked is None else rule.level.is_crossed_by(looked)


def _number(value) -> float | None:
    return None if value is None else float(value)

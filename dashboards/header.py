"""The first row of a page: which days, compared with what, and which part of the firm. The address is the view."""

from dataclasses import dataclass, field, replace

import streamlit as st

from dashboards import address, drawn, facts, formats, kept, periods, words
from dashboards.periods import Period
from dashboards.warehouse import Column, Filter, Keys, choices, columns

# What a mart does not know of a customer, such as the segment, is known here.
CUSTOMERS = "canonical.customers"
# What the tiles of this page are compared with; a page without the choice has no such thing.
AGAINST = "compared-with"


@dataclass(frozen=True)
class View:
    """What the reader chose."""

    period: Period
    before: Period | None
    filters: list[Filter] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    switched: str | None = None

    def narrowed(self, filters: list[Filter]) -> "View":
        """The same view of a part: what was clicked."""
        return replace(self, filters=[*self.filters, *filters])

    def now(self, column: Column) -> list[Filter]:
        return [*self.filters, *between(column, self.period)]

    def then(self, column: Column) -> list[Filter] | None:
        return None if self.before is None else [*self.filters, *between(column, self.before)]


def begin() -> None:
    """Called once a run, before a page is drawn."""
    st.session_state.pop(AGAINST, None)


def is_against_budget() -> bool:
    return st.session_state.get(AGAINST) == "budget"


def between(column: Column, period: Period) -> list[Filter]:
    return [Filter(column, ">=", period.start), Filter(column, "<=", period.end)]


def draw(mart: str, only=(), default="last_month", name="period", first=None, is_monthly=False, switch=()) -> View:
    """Draws the row and gives back what was chosen.

    `only` are columns of the mart the page can be narrowed by; `switch` is a choice between two ways of looking.

    A page with a default of its own gives the choice its own name, or the default of the page before would stay.
    A mart by months has no days: chosen dates become whole months, and a month that is not over has no equal.
    """
    kept.take_over({"period": name, "dates": "dates", "comparison": "comparison"} | _keys(only))
    with row(name):
        code = _select("period", periods.PERIODS, default, name)
        as_of, dates = facts.as_of(), ()
        if code == "custom":
            start = periods.resolve("last_12_months", as_of)
            dates = st.date_input(
                words.text("header.dates"),
                (start.start, start.end),
                key="dates",
                bind="query-params",
                format="DD.MM.YYYY",
                width=240,
                on_change=kept.give_up,
                args=("dates",),
            )
            kept.remember("dates", st.query_params.get_all("dates"))
        comparison = _select("comparison", periods.COMPARISONS, "previous")
        st.session_state[AGAINST] = comparison
        filters, said = _narrowed(mart, only)
        switched = one_of(*switch) if switch else None
    period = periods.resolve(code, as_of, dates, first)
    before = None if code == "all" else periods.compared(period, comparison)
    if is_monthly:
        period, before = periods.by_months(period), None if period.is_open else before and periods.by_months(before)
    view = View(period, before, filters, said, switched)
    drawn.viewed(sentence(view), said)
    return view


def fixed(period: Period, mart: str = "", only=(), switch=()) -> View:
    """The row of a page whose days nobody chooses: those that a forecast, or a stock, is about."""
    kept.take_over(_keys(only))
    with row(mart):
        filters, said = _narrowed(mart, only)
        switched = one_of(*switch) if switch else None
    return View(period, None, filters, said, switched)


def row(name: str):
    """A row of choices; on a phone two stand side by side, or they would fill its first screen."""
    return st.container(horizontal=True, vertical_alignment="bottom", key=f"choices-{name}")


def sentence(view: View) -> str:
    """The days in words: which ones, whether they are over, and what they are compared with."""
    said = days(view.period)
    if is_against_budget():
        return words.text("header.compared_budget", period=said)
    if view.before is None:
        return said
    return words.text("header.compared", period=said, before=days(view.before))


def days(period: Period) -> str:
    if period.is_whole_months and period.months == 1:
        return formats.month(period.start)
    if period.is_whole_months:
        return f"{formats.month(period.start)} – {formats.month(period.end)}"
    text = f"{formats.day(period.start)} – {formats.day(period.end)}"
    return words.text("header.to_date", period=text) if period.is_open else text


def _select(name: str, codes: tuple[str, ...], default: str, key: str | None = None) -> str:
    """A choice whose place in the address is its words, so that a link reads as what it shows."""
    address.settle(key or name, name, codes)
    chosen = st.selectbox(
        words.text(f"header.{name}"),
        codes,
        index=codes.index(default),
        format_func=lambda code: words.text(f"{name}.{code}"),
        key=key or name,
        bind="query-params",
        width=230,
        on_change=kept.give_up,
        args=(name,),
    )
    kept.remember(name, [] if chosen == default else [words.text(f"{name}.{chosen}")])
    return chosen


def one_of(name: str, codes: tuple[str, ...]) -> str:
    """One of two ways to look at the same thing."""
    address.settle(name, name, codes)
    return st.segmented_control(
        words.text(f"header.{name}"),
        codes,
        default=codes[0],
        required=True,
        format_func=lambda code: words.text(f"{name}.{code}"),
        key=name,
        bind="query-params",
    )


def _keys(only: tuple[str, ...]) -> dict[str, str]:
    """A filter is called the same on every page."""
    return {f"only-{column}": f"only-{column}" for column in only}


def _narrowed(mart: str, only: tuple[str, ...]) -> tuple[list[Filter], list[str]]:
    filters, said = [], []
    for column in only:
        own = column in columns(mart)
        options = choices(mart if own else CUSTOMERS, column)
        if len(options) < 2:
            continue
        label, key = words.text(f"column.{column}"), f"only-{column}"
        more = {"bind": "query-params", "on_change": kept.give_up, "args": (key,)}
        chosen = st.multiselect(label, options, key=key, placeholder=words.text("header.all"), width=200, **more)
        kept.remember(key, chosen)
        if chosen:
            part = Filter(column, "in", tuple(chosen))
            filters.append(part if own else Filter("customer_key", "in", Keys(CUSTOMERS, "customer_key", (part,))))
            said.append(f"{label}: {', '.join(chosen)}")
    return filters, said

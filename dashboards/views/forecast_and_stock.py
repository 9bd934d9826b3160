"""What will come in, and can we deliver it?"""

from dataclasses import replace
from functools import partial

import streamlit as st

from dashboards import (
    chance_panels,
    drawn,
    drill,
    facts,
    forecast_documents,
    forecast_panels,
    forecasts,
    formats,
    header,
    one_order,
    states,
    stock_panels,
    tiles,
    warehouse,
    words,
)
from dashboards.periods import Period

ENTITIES = ("deals", "orders", "invoices", "payments", "stock_levels")
SOON, LATER = 4, 13


def top(figure: str, money) -> list[tiles.Tile]:
    """The six figures of the page."""
    return [
        revenue_tile(money),
        target_tile(money),
        cash_tile(money),
        ordered_tile(),
        error_tile(figure),
        short_tile(money),
    ]


def revenue_tile(money) -> tiles.Tile:
    quarter = forecasts.next_quarter()
    now = [*forecasts.of("revenue", "month"), *forecasts.within(quarter)]
    tile = tiles.measured("forecast_amount", now, None, needs=forecasts.NEEDS["revenue"])
    label = words.text("tile.next_quarter", quarter=quarter.end.month // 3)
    tile = replace(tile, label=label, note=header.days(quarter))
    if tile.reason is None:
        said = words.text("tile.revenue_of", period=header.days(quarter))
        tile = replace(tile, help=f"{said} {ranges('revenue', quarter, money)} \n\n{tile.help}")
    return known(tile)


def ranges(figure: str, period: Period, money) -> str:
    """The range of each month: months do not miss together, so the sum of their ranges is none of the quarter."""
    rows = forecasts.totals(figure, "month", period).iter_rows(named=True)
    said = [
        words.text(
            "tile.range_of", month=formats.month(row["period_start"]), low=money(row["low_amount"]),
            high=money(row["high_amount"]),
        )
        for row in rows
        if row["low_amount"] is not None
    ]  # fmt: skip
    return words.text("tile.ranges", ranges="; ".join(said)) if said else words.text("tile.no_ranges")


def target_tile(money) -> tiles.Tile:
    """Value expected to be won against the target, in the months of the next quarter that have one."""
    label, about = words.text("tile.against_target"), words.text("tile.against_target.help")
    if lacking := facts.missing("deals"):
        return tiles.Tile(label, None, "percent", help=about, reason=states.because(lacking))
    quarter = forecasts.next_quarter()
    wanted = forecasts.targets(quarter)
    expected = forecasts.totals("won", "month", quarter).select("period_start", "amount")
    both = wanted.join(expected, on="period_start")
    target = both["target_amount"].sum()
    if not target:
        reason = words.text("tile.no_target", period=header.days(quarter))
        return tiles.Tile(label, None, "percent", help=about, reason=reason)
    share = float(both["amount"].sum() / target)
    months = ", ".join(formats.month(month) for month in both["period_start"].sort())
    amounts = words.text("tile.of_target", won=money(both["amount"].sum()), target=money(target), months=months)
    return tiles.Tile(label, share, "percent", help=f"{amounts} \n\n{about}", note=months)


def cash_tile(money) -> tiles.Tile:
    """What is still to come in the weeks that begin now."""
    weeks = forecasts.totals("cash", "week").sort("period_start")
    label, needs = words.text("tile.cash_soon", n=SOON), forecasts.NEEDS["cash"]
    if weeks.is_empty():
        tile = tiles.measured("forecast_to_come", forecasts.of("cash", "week"), None, needs=needs)
        return known(replace(tile, label=label))
    first, end = weeks["period_start"][0], weeks["period_end"]
    soon, later = (Period(first, end[min(n, weeks.height) - 1]) for n in (SOON, LATER))
    tile = tiles.measured(
        "forecast_to_come", [*forecasts.of("cash", "week"), *forecasts.within(soon)], None, needs=needs
    )
    if tile.reason is not None:
        return replace(tile, label=label)
    whole = warehouse.figure("forecast_to_come", [*forecasts.of("cash", "week"), *forecasts.within(later)])
    about = f"{words.text('tile.cash_until', soon=formats.day(soon.end), later=formats.day(later.end))} \n\n{tile.help}"
    note = words.text("tile.cash_later", n=min(LATER, weeks.height), amount=money(whole))
    return known(replace(tile, label=label, note=note, help=about))


def ordered_tile() -> tiles.Tile:
    """How much of the next quarter's revenue is ordered."""
    quarter = forecasts.next_quarter()
    now = [*forecasts.of("revenue", "month"), *forecasts.within(quarter)]
    tile = tiles.measured("forecast_ordered_share", now, None, needs=(*forecasts.NEEDS["revenue"], "orders"))
    return known(replace(tile, note=header.days(quarter)))


def error_tile(figure: str) -> tiles.Tile:
    """How far off the forecast was in the last three months; before it can know, from when on it will."""
    scored = [*forecasts.of(figure, "month"), *forecasts.within(forecasts.last_quarter())]
    tile = tiles.measured("forecast_wape", scored, None, "lower", forecasts.NEEDS[figure])
    said = words.text("tile.error", figure=words.text(f"figure.{figure}"))
    tile = replace(tile, help=f"{said} \n\n{tile.help}")
    if facts.missing(*forecasts.NEEDS[figure]):
        return tile
    if tile.value is None:
        return replace(tile, reason=forecast_panels.not_scored("tile"))
    bias = formats.percent(warehouse.figure("forecast_bias", scored))
    return replace(tile, note=words.text("tile.bias", share=bias))


def short_tile(money) -> tiles.Tile:
    needs = ("stock_levels", "order_lines")
    tile = tiles.measured("items_short", [], None, "lower", needs)
    if tile.reason is not None:
        return tile
    amount = warehouse.figure("short_amount")
    return tile if amount is None else replace(tile, note=words.text("tile.short_amount", amount=money(amount)))


def known(tile: tiles.Tile) -> tiles.Tile:
    """A sum over no period is no sum of nothing: nothing was foretold."""
    is_unknown = tile.reason == words.text("state.nothing_to_divide")
    return replace(tile, reason=words.text("tile.no_forecast")) if is_unknown else tile


def page() -> None:
    lacking = facts.missing(*ENTITIES)
    if len(lacking) == len(ENTITIES):
        states.not_connected(words.text("page.forecast_and_stock.question"), lacking)
        return
    if drill.chosen("order_key"):
        one_order.draw(drill.chosen("order_key"))
        return
    figures = [name for name in ("revenue", "won") if not facts.missing(*forecasts.NEEDS[name])]
    view = header.fixed(forecast_panels.horizon(), switch=("figure", tuple(figures)) if len(figures) > 1 else ())
    figure = view.switched or next(iter(figures), "revenue")
    money = partial(formats.short_money, currency=facts.currency())
    said = words.text("forecast.made", day=formats.day(facts.as_of()))
    drawn.viewed(said, view.said)
    st.caption(said)
    tiles.draw(top(figure, money), facts.currency())
    left, right = st.columns([11, 9])
    with left:
        forecast_panels.build_up(figure, view, money)
    with right:
        forecast_panels.cash_weeks(view, money)
    forecast_documents.draw(view)
    left, right = st.columns([9, 11])
    with left:
        chance_panels.chances(view)
    with right:
        chance_panels.far_off(view, money)
    stock_panels.draw(money)


page()

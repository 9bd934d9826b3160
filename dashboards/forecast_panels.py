"""What will come in, finding by finding: by month with what it is made of, and the cash by week."""

import polars as pl

from dashboards import facts, forecast_charts, forecasts, formats, header, panels, states, tables, warehouse, words
from dashboards.forecast_documents import WITH_DOCUMENTS
from dashboards.palette import SERIES
from dashboards.periods import Period

PERIODS = ["period_start", "period_end", "component", "amount", "low_amount", "high_amount"]


def horizon() -> Period:
    """From the day the forecast is made to the end of what it foretells."""
    last = warehouse.rows("forecast", order="period_end", limit=1)["period_end"].to_list()
    return Period(facts.as_of(), max([facts.as_of(), *last]))


def build_up(figure: str, view, money) -> None:
    """Months by component, with range, target and what was said before."""
    code = "build_up"
    if lacking := facts.missing(*forecasts.NEEDS[figure]):
        panels.not_available(code, lacking)
        return
    parts, totals = forecasts.parts(figure, "month"), forecasts.totals(figure, "month")
    if totals.is_empty():
        nothing(code)
        return
    done = forecasts.scored(figure)
    came = done.unique("period_start", maintain_order=True)
    came = came.select("period_start", "period_end", amount="actual_amount", component=pl.lit("so_far"), order=0)
    parts = pl.concat([came, parts], how="diagonal_relaxed")
    labels = {start: month_label(start) for start in sorted(set(parts["period_start"]))}
    places = {start: at for at, start in enumerate(labels)}
    months = Period(totals["period_start"].min(), totals["period_end"].max())
    wanted = forecasts.targets(months) if figure == "won" else None
    more = [*said_before(done, places, money)]
    if wanted is not None and wanted.height:
        rows = list(wanted.select("period_start", "target_amount").iter_rows())
        label = words.text("forecast.target")
        texts = [f"{label}: {money(value)}" for _, value in rows]
        more.append(forecast_charts.marks(rows, label, "line-ew", SERIES[3], places, texts))
    chart = forecast_charts.build_up(keyed(parts, figure), totals, labels, axis_money, spoken(figure), more)
    said = [build_up_sentence(figure, parts, totals, money), accuracy_sentence(figure, done, money)]
    if figure == "revenue" and (lacking := facts.missing("deals")):
        said.append(words.text("forecast.without", missing=states.named(lacking)))
    shown = told(figure, parts, totals)
    measures = ("forecast_amount", "forecast_low_amount", "forecast_high_amount", "forecast_wape", "forecast_bias")
    measures += ("target_amount",) if figure == "won" else ()
    panels.panel(code, " ".join(filter(None, said)), chart, shown, PERIODS, view, measures, "part")


def build_up_sentence(figure: str, parts: pl.DataFrame, totals: pl.DataFrame, money) -> str:
    start, end = totals["period_start"].min(), totals["period_end"].max()
    coming = parts.filter(pl.col("period_start") >= start)
    sums = coming.group_by("component").agg(pl.sum("amount")).filter(pl.col("component") != "so_far").sort("amount")
    largest = sums.row(-1, named=True) if sums.height else None
    sentence = words.text(
        f"forecast.sentence.{figure}", total=money(totals["amount"].sum()), period=header.days(Period(start, end))
    )
    if largest and largest["amount"] > 0:
        name = words.text(f"component.{figure}.{largest['component']}")
        sentence += " " + words.text("forecast.largest", name=name, amount=money(largest["amount"]))
    return sentence


def accuracy_sentence(figure: str, done: pl.DataFrame, money) -> str:
    """What was said of the last month that is over, or from when on that can be known."""
    before = done.filter(pl.col("periods_ahead") == 1)
    if before.is_empty():
        return not_scored()
    last = before.row(-1, named=True)
    return words.text(
        "forecast.said_of",
        month=formats.month(last["period_start"]),
        said=money(last["forecast_amount"]),
        came=money(last["actual_amount"]),
    )


def not_scored(place: str = "forecast") -> str:
    """A forecast that was not kept cannot be held against anything: it says from when on it can."""
    record = forecasts.record("month")
    if record.get("scored_from_date") is None:
        return words.text(f"{place}.not_kept")
    days = {"since": formats.day(record["kept_since_date"]), "scored_from": formats.day(record["scored_from_date"])}
    return words.text(f"{place}.not_scored", **days)


def said_before(done: pl.DataFrame, places: dict, money) -> list[dict]:
    """Hollow marks: what was said one, two and three months before."""
    drawn = []
    for ago in forecasts.MONTHS_AGO:
        rows = done.filter(pl.col("periods_ahead") == ago)
        if rows.is_empty():
            continue
        label = words.text("forecast.months_before", n=ago)
        texts = [
            words.text("forecast.said_on", amount=money(amount), day=formats.day(day))
            for amount, day in rows.select("forecast_amount", "made_date").iter_rows()
        ]
        points = list(rows.select("period_start", "forecast_amount").iter_rows())
        drawn.append(forecast_charts.marks(points, label, forecast_charts.HOLLOW[ago], SERIES[1], places, texts))
    return drawn


def cash_weeks(view, money) -> None:
    code = "cash_weeks"
    if lacking := facts.missing(*forecasts.NEEDS["cash"]):
        panels.not_available(code, lacking)
        return
    parts, totals = forecasts.parts("cash", "week"), forecasts.totals("cash", "week")
    if totals.is_empty():
        nothing(code)
        return
    labels = {start: formats.short_day(start) for start in totals["period_start"]}
    chart = forecast_charts.build_up(keyed(parts, "cash"), totals, labels, axis_money, spoken("cash"))
    weakest = totals.filter(pl.col("periods_ahead") > 0).sort("amount").head(1).to_dicts()
    open_now = parts.filter(pl.col("component") == "receivables")["amount"].sum()
    still = warehouse.figure("forecast_to_come", forecasts.of("cash", "week"))
    sentence = words.text(
        "cash.sentence", n=totals.height, total=money(still), open=money(open_now),
        end=formats.day(totals["period_end"].max()),
    )  # fmt: skip
    for week in weakest:
        sentence += " " + words.text(
            "cash.weakest", day=formats.day(week["period_start"]), amount=money(week["amount"])
        )
    measures = ("forecast_amount", "forecast_to_come", "forecast_low_amount", "forecast_high_amount")
    panels.panel(code, sentence, chart, told("cash", parts, totals), PERIODS, view, measures, "part")


def nothing(code: str) -> None:
    panels.said_only(code, words.text("forecast.nothing"))


def keyed(parts: pl.DataFrame, figure: str) -> pl.DataFrame:
    """What a click gives: the component, where documents stand behind it; nothing of months that are over."""
    key = figure + ":" + pl.col("component")
    is_open = pl.col("period_end") > facts.as_of()
    return parts.with_columns(key=pl.when(key.is_in(WITH_DOCUMENTS) & is_open).then(key))


def spoken(figure: str) -> dict[str, str]:
    names = {name: words.text(f"component.{figure}.{name}") for name in forecasts.COMPONENTS[figure]}
    return names | {"range": words.text("forecast.range")}


def told(figure: str, parts: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    """The table: each period's components, then its sum with the range."""
    rows = pl.concat([parts, totals.with_columns(order=pl.lit(99))], how="diagonal_relaxed").sort(
        "period_start", "order"
    )
    return tables.coded(rows, component=f"component.{figure}")


def month_label(start) -> str:
    """The year below the month: side by side they would not fit on a phone."""
    return formats.month(start).replace(" ", "<br>", 1)


def axis_money(value) -> str:
    return formats.short_money(value, "")

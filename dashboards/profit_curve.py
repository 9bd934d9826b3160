"""Who carries the profit and who eats it: the whale curve in three zones, and revenue against margin."""

from collections.abc import Sequence
from decimal import Decimal

import polars as pl

from dashboards import charts, curves, facts, formats, panels, warehouse, words
from dashboards.levels import Level
from dashboards.palette import LOSS, NEUTRAL, PROFIT
from dashboards.warehouse import Filter
from dashboards.worked_out import once

ZONES = {"earner": PROFIT, "neutral": NEUTRAL, "loser": LOSS}
LARGEST = 26
# Each point says what serving it cost.
DRAWN = 130


def neutral_margin() -> Decimal:
    """The part of the revenue within which the firm calls a contribution neither profit nor loss."""
    found = warehouse.rows("customer_standing", limit=1)["neutral_margin"].drop_nulls()
    return found[0] if found.len() else Decimal(0)


def zoned(frame: pl.DataFrame, level: Level, margin: Decimal) -> pl.DataFrame:
    amount, room = pl.col(level.amount).cast(pl.Float64), pl.col("revenue").cast(pl.Float64).fill_null(0).abs()
    room = room * float(margin)
    zone = pl.when(amount > room).then(pl.lit("earner")).when(amount < -room).then(pl.lit("loser"))
    return frame.with_columns(zone=pl.when(amount.is_not_null()).then(zone.otherwise(pl.lit("neutral"))))


def whale(frame: pl.DataFrame, level: Level) -> curves.Whale:
    named = {"name": "customer_name"} if "customer_name" in frame.columns else {}
    return curves.whale(frame.select("zone", key="customer_key", amount=level.amount, **named))


@once
def customers(level: Level, filters: Sequence[Filter]) -> pl.DataFrame:
    """One row per customer with all that the page says about it, the best one first."""
    by = {"customer_key": "customer_key", "customer_name": "customer_name", "segment": "segment"}
    frame = warehouse.measure(
        ("revenue", level.code, level.margin, "cost_to_serve", "discount_rate"), by, filters, False
    )
    own = {level.code: level.amount, level.margin: level.share, "cost_to_serve": "cost_to_serve_amount"}
    frame = zoned(frame.rename(own), level, neutral_margin())
    return frame.sort(level.amount, "customer_key", descending=[True, False], nulls_last=True)


@once
def earlier(level: Level, filters: Sequence[Filter]) -> pl.DataFrame:
    """One row per customer with what is compared with now, the best one first."""
    frame = warehouse.measure(("revenue", level.code), {"customer_key": "customer_key"}, filters, False)
    frame = zoned(frame.rename({level.code: level.amount}), level, neutral_margin())
    return frame.sort(level.amount, descending=True, nulls_last=True)


@once
def whale_before(level: Level, filters: Sequence[Filter]) -> curves.Whale:
    return whale(earlier(level, filters), level)


@once
def whale_now(level: Level, filters: Sequence[Filter]) -> curves.Whale:
    return whale(customers(level, filters), level)


def counted(whale: curves.Whale, zone: str) -> int:
    return whale.zones.get(zone, (0, Decimal(0)))[0]


def lost(whale: curves.Whale) -> Decimal:
    """What the loss-makers lost together, as a positive sum."""
    return -whale.zones.get("loser", (0, Decimal(0)))[1]


def concentration(frame: pl.DataFrame, members: int = 10) -> tuple[int, float | None]:
    """The share of the largest customers in the revenue; where there are hardly more of them, of the largest one."""
    bought = frame.filter(pl.col("revenue") > 0)["revenue"].sort(descending=True)
    members = members if bought.len() > members else 1
    return members, float(bought.head(members).sum() / bought.sum()) if bought.len() > 1 else None


def draw(columns: list[str], level: Level, view) -> None:
    filters = view.now("month")
    said, figure = _curve(level, filters)
    panels.panel("whale", said, figure, customers(level, filters), columns, view, (level.code,), "customer")


@once
def _curve(level: Level, filters: Sequence[Filter]) -> tuple[str, dict]:
    found = whale_now(level, filters)
    share = found.share(found.peak)
    said = words.text("whale.total", total=_money(found.total)) if share is None else formats.percent(share, 0)
    figure = charts.whale(
        found.curve,
        _money,
        words.text("whale.x"),
        level.named("profit.y"),
        words.text("whale.peak", share=said),
        words.text("whale.end", total=_money(found.total)),
    )
    _coloured(figure, found)
    return sentence(found, level, _money), figure


def _money(value) -> str:
    return formats.short_money(value, facts.currency())


def sentence(whale: curves.Whale, level: Level, money) -> str:
    parts = {"counted": formats.number(whale.counted), "level": level.short}
    losers, total = counted(whale, "loser"), money(whale.total)
    more = {"losers": formats.number(losers), "lost": money(lost(whale)), "total": total}
    earners = counted(whale, "earner")
    if whale.total <= 0:
        said = words.text("profit.sentence_loss", n=losers, **parts, **more)
    elif losers == 0:
        said = words.text("profit.sentence_no_losers", n=earners, earners=formats.number(earners), total=total, **parts)
    else:
        more |= {"share": formats.percent(whale.share(whale.peak), 0), "earners": formats.number(whale.earners)}
        said = words.text("profit.sentence", n=losers, **parts, **more)
    if counted(whale, "neutral"):
        margin = formats.percent(neutral_margin(), 0)
        said += " " + words.text("profit.neutral", n=counted(whale, "neutral"), margin=margin)
    if whale.unknown:
        said += " " + words.text("whale.unknown", n=whale.unknown)
    return said


def _coloured(figure: dict, whale: curves.Whale) -> None:
    """Each point in the colour of its zone, and the zones named above."""
    drawn = charts.thinned(whale.curve)
    line = figure["data"][0]
    line["marker"]["color"] = [ZONES[zone] for zone in drawn["zone"]]
    line["showlegend"] = False
    for zone, colour in ZONES.items():
        number = counted(whale, zone)
        if number:
            name = f"{words.text(f'tier.{zone}')}: {formats.number(number)}"
            dot = {"type": "scatter", "mode": "markers", "x": [None], "y": [None], "name": name, "hoverinfo": "skip"}
            figure["data"].append(dot | {"marker": {"color": colour, "size": 8}})
    figure["layout"]["showlegend"] = True


def quadrants(columns: list[str], level: Level, view) -> None:
    found = _points(level, view.now("month"))
    if found is not None:
        panels.panel("quadrants", *found, columns, view, (level.margin,), "customer")


@once
def _points(level: Level, filters: Sequence[Filter]) -> tuple[str, dict, pl.DataFrame] | None:
    points = customers(level, filters).filter((pl.col("revenue") > 0) & pl.col(level.share).is_not_null())
    if points.height < 3:
        return None
    largest = points.group_by("segment").len().sort("len", descending=True)["segment"].drop_nulls().head(5)
    group = pl.when(pl.col("segment").is_in(largest.implode())).then("segment").otherwise(pl.lit(words.text("other")))
    drawn = points.select(key="customer_key", name="customer_name", x="revenue", y=level.share, group=group)
    middle = points[level.share].median()
    big = points.filter(pl.col("revenue") >= pl.col("revenue").median())
    poor = big.filter(pl.col(level.share) < middle)
    said = words.text(
        "profit.quadrants",
        n=poor.height,
        big=formats.number(big.height),
        revenue=_money(poor["revenue"].sum()),
        margin=formats.percent(middle),
        level=level.short,
    )
    names = [words.text(f"quadrant.{name}") for name in ("small_rich", "big_rich", "big_poor", "small_poor")]
    titles = (words.text("quadrants.x"), level.named("profit.margin"))
    figure = charts.bubbles(drawn, lambda value: formats.short_money(value, ""), whole_percent, *titles, names, DRAWN)
    if points.height > DRAWN:
        said += " " + words.text("profit.largest", n=DRAWN)
    if _sized(figure, points):
        said += " " + words.text("profit.size")
    return said, figure, points


def _sized(figure: dict, points: pl.DataFrame) -> bool:
    """Who is larger made us work more; where nobody knows how much, all points are of one size."""
    most = float(points["cost_to_serve_amount"].max() or 0)
    if most <= 0:
        return False
    keys = [key for trace in figure["data"] for key in trace["customdata"]]
    drawn = points.filter(pl.col("customer_key").is_in(keys))
    costs = dict(drawn.select("customer_key", pl.col("cost_to_serve_amount").cast(pl.Float64)).iter_rows())
    for trace in figure["data"]:
        own = [max(costs[key] or 0, 0) for key in trace["customdata"]]
        trace["marker"]["size"] = [round(5 + (LARGEST - 5) * (cost / most) ** 0.5, 1) for cost in own]
        trace["text"] = [
            f"{text}<br>{words.text('profit.served', cost=_money(cost))}"
            for text, cost in zip(trace["text"], own, strict=True)
        ]
    return True


def whole_percent(value) -> str:
    return formats.percent(value, 0)

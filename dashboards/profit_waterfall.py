"""From what was invoiced before discounts down to the contribution, step by step; the steps sum to it exactly."""

from decimal import Decimal

import polars as pl

from dashboards import bars, formats, levels, panels, warehouse, words
from dashboards.levels import Level
from dashboards.warehouse import Filter

# The measure of each step of the firm's ladder.
MEASURES = {
    "cost_of_goods": "cost", "freight": "freight", "packaging": "packaging", "rebate": "rebates",
    "commission": "commission", "cash_discount": "cash_discounts", "fee": "fees", "credit_cost": "credit_cost",
    "cost_to_serve": "cost_to_serve",
}  # fmt: skip
ABOVE = {
    "gross": (Filter("ladder_step", "=", "revenue"),),
    "discounts": (Filter("discount_amount", "<>", 0),),
    "credited": (Filter("credited_amount", "<>", 0),),
    "without_cost": (Filter("is_cost_missing", "=", True),),
    "cost_of_goods": (Filter("cost_amount", "<>", 0),),
}


def steps(level: Level, filters: list[Filter]) -> pl.DataFrame | None:
    """Keys, names and values from the first sum to the last; None where no contribution is known."""
    taken = [step for step in levels.steps(level)["step"] if step in MEASURES]
    names = ["gross", "discount_amount", "credited", "revenue", level.code, *(MEASURES[step] for step in taken)]
    found = warehouse.measure(names, filters=filters).row(0, named=True)
    last = found[level.code]
    if last is None or found["revenue"] is None:
        return None
    sums = {name: value or Decimal(0) for name, value in found.items()}
    # A system that states no discounts says what was invoiced, and nothing of what it would have been.
    credited, discounts = sums["credited"], -sums["discount_amount"]
    first = sums["revenue"] - credited - discounts
    rows = {"gross": first, "discounts": discounts, "credited": credited}
    costs = {step: -sums[MEASURES[step]] for step in taken}
    rows["without_cost"] = last - sum(rows.values()) - sum(costs.values())
    rows |= costs
    drawn = [(key, value, key == "gross") for key, value in rows.items() if value or key == "gross"]
    drawn.append((level.code, last, True))
    return pl.DataFrame(
        [(key, name(key), value, total) for key, value, total in drawn],
        schema={"key": pl.String, "name": pl.String, "value": pl.Decimal(38, 4), "is_total": pl.Boolean},
        orient="row",
    )


def name(key: str) -> str:
    return levels.Level(key).short if key in levels.LEVELS else words.text(f"ladder.{key}")


def draw(level: Level, view, money) -> None:
    frame = steps(level, view.now("month"))
    if frame is None:
        return
    figure = bars.waterfall(frame, money)
    reached = frame.with_columns(so_far=pl.col("value").cum_sum())["so_far"].head(frame.height - 1)
    low, high = (float(edge) for edge in (min(reached.min(), frame["value"][-1], 0), reached.max()))
    room = max(high - low, 1) * 0.03
    figure["layout"]["xaxis"]["range"] = [low - (room if low < 0 else 0), high + room]
    # Beside small bars the amounts would lie over the names, and a phone has no room for both in one line.
    texts = [f"{text}<br>{money(value)}" for text, value in zip(frame["name"], frame["value"], strict=True)]
    figure["layout"]["yaxis"] |= {"tickvals": frame["name"].to_list(), "ticktext": texts}
    figure["layout"]["height"] = 70 + 40 * frame.height
    figure["data"][0]["textposition"] = "none"
    # The sum of all before it and what is left are no documents of their own.
    figure["data"][0]["customdata"] = [None if key == level.code else key for key in frame["key"]]
    table = frame.select(step="name", step_amount="value")
    measures = (level.code, "gross", "discount_amount", "credited")
    panels.panel(
        "waterfall", sentence(frame, level, money), figure, table, ["step", "step_amount"], view, measures, "step"
    )


def sentence(frame: pl.DataFrame, level: Level, money) -> str:
    first, last = frame["value"][0], frame["value"][-1]
    off = frame[1:-1].filter(pl.col("value") < 0).sort("value")
    parts = {"first": money(first), "last": money(last), "level": level.short}
    if off.is_empty():
        return words.text("waterfall.sentence_nothing", **parts)
    parts |= {"step": off["name"][0].lower(), "amount": money(-off["value"][0])}
    share = formats.percent(float(last / first), 0) if first > 0 else formats.NONE
    return words.text("waterfall.sentence", share=share, **parts)


def lines_of(step: str) -> list[Filter]:
    """The lines that a step is summed from."""
    return list(ABOVE.get(step, (Filter("ladder_step", "=", step),)))

"""How likely the deals are that a forecast rests on: by the firm's own history, and as they are typed in."""

from functools import partial

import polars as pl
import streamlit as st

from dashboards import drill, facts, forecast_charts, forecast_panels, formats, panels, stamp, tables, warehouse, words
from dashboards.warehouse import Filter

CHANCES = ["source", "pipeline", "stage", "age_band", "method", "own_share", "crm_share", "closed_deals", "open_deals"]
FAR_OFF = [
    "deal_name", "crm_share", "own_share", "deal_amount", "stage", "customer_name", "closed_deals", "weighted_amount",
    "days_in_stage", "expected_close_date", "owner_name", "source_url",
]  # fmt: skip


def chances(view) -> None:
    """How likely a stage is won by the firm's own closed deals, against the CRM's figure."""
    code = "stage_chances"
    if lacking := facts.missing("deals"):
        panels.not_available(code, lacking)
        return
    found = warehouse.rows("stage_probabilities", order="stage_order", descending=False, limit=1000)
    whole = found.filter(pl.col("age_band") == "all")
    if whole.is_empty():
        forecast_panels.nothing(code)
        return
    is_learned = pl.col("method") == "learned"
    drawn = whole.select(
        "closed_deals",
        "method",
        "stage",
        key="stage_probability_key",
        name=pl.Series([stage_name(stage) for stage in whole.iter_rows(named=True)], dtype=pl.String),
        learned=pl.when(is_learned).then("probability"),
        stated=pl.coalesce("crm_probability", pl.when(~is_learned).then("probability")),
    )
    names = {name: words.text(f"chances.{name}") for name in ("learned", "stated")}
    figure = forecast_charts.chances(drawn, partial(formats.percent, digits=0), names)
    shown = found.rename({"probability": "own_share", "crm_probability": "crm_share"})
    shown = tables.worded(tables.coded(shown, age_band="age_band", method="method"), source=stamp.source)
    panels.panel(code, chances_sentence(drawn), figure, shown, CHANCES, view, (), "stage")


def chances_sentence(drawn: pl.DataFrame) -> str:
    both = drawn.filter(pl.col("learned").is_not_null() & pl.col("stated").is_not_null())
    both = both.with_columns(gap=(pl.col("learned") - pl.col("stated")).abs()).sort("gap")
    said = []
    if both.height:
        widest = both.row(-1, named=True)
        said.append(
            words.text(
                "chances.sentence",
                n=widest["closed_deals"],
                stage=drill.escaped(widest["stage"]),
                stated=formats.percent(widest["stated"], 0),
                learned=formats.percent(widest["learned"], 0),
                closed=formats.number(widest["closed_deals"]),
            )
        )
    by_default = drawn.filter(pl.col("method") == "crm_default").height
    if by_default:
        said.append(words.text("chances.by_default", n=by_default))
    unknown = drawn.filter(pl.col("method") == "none").height
    if unknown:
        said.append(words.text("chances.unknown", n=unknown))
    return " ".join(said)


def stage_name(stage: dict) -> str:
    """A stage, what its chance rests on, and a word where that is not the firm's own history."""
    name = " · ".join(filter(None, (stage["pipeline"], stage["stage"])))
    n = words.text("chances.n", n=stage["closed_deals"], closed=formats.number(stage["closed_deals"]))
    return f"{name} ({n})" if stage["method"] == "learned" else f"{name} ({n}, {words.text('chances.crm')})"


def far_off(view, money) -> None:
    """Open deals of the stage that was clicked, else those whose own probability is far from that of their like."""
    if facts.missing("deals"):
        return
    chosen = drill.chosen("stage")
    stage = warehouse.rows("stage_probabilities", [Filter("stage_probability_key", "=", chosen)], limit=1).to_dicts()
    filters = [Filter("is_far_off", "=", True)]
    if stage:
        names = ("source", "pipeline", "stage")
        told_of = [(name, stage[0][name]) for name in names]
        filters = [Filter(name, "is null") if value is None else Filter(name, "=", value) for name, value in told_of]
    with st.container(border=True, height="stretch"):
        panels.opening("far_off", "" if stage else far_off_sentence(money))
        if stage:
            drill.breadcrumb(words.text("forecast.all_stages"), {"stage": stage[0]["stage"]}, key="clear-stage")
        found = warehouse.rows("deal_probabilities", filters, order="deal_amount")
        shown = found.rename({"probability": "own_share", "crm_probability": "crm_share"})
        panels.documents("far_off", shown, FAR_OFF, warehouse.count("deal_probabilities", filters), view)
        panels.explain(("deals_far_off", "own_weighted_pipeline", "crm_weighted_pipeline", "deals_not_learned"))


def far_off_sentence(money) -> str:
    n, own, stated = warehouse.measure(("deals_far_off", "own_weighted_pipeline", "crm_weighted_pipeline")).row(0)
    total = formats.number(warehouse.count("deal_probabilities"))
    sentence = words.text("far_off.sentence", n=n, far=formats.number(n), total=total)
    if own is not None and stated is not None:
        sentence += " " + words.text("far_off.money", own=money(own), stated=money(stated))
    return sentence

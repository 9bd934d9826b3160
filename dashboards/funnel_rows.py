"""The way down from the funnel: what was clicked, and the leads, deals, orders and invoices behind it."""

import re
from datetime import date

import polars as pl
import streamlit as st

from dashboards import cohorts, drill, formats, ladders, onward, panels, pipeline, tables, warehouse, words
from dashboards.funnel_panels import STARTED
from dashboards.ladders import BEGAN, FUNNEL, STEPS_MART
from dashboards.warehouse import Filter

ROWS = [
    "anchor_name", "customer_name", "step_amount", "bucket", "stage", "deal_amount", "won_amount", "ordered_amount",
    "invoiced_amount", "credited_amount", "collected_amount", "open_amount", "overdue_amount", "days_lead_to_cash",
    "lead_created_date", "deal_created_date", "closed_date", "first_ordered_date", "first_invoiced_date", "cash_date",
    "lost_reason", "order_link_method", "owner_name", "source_url",
]  # fmt: skip
OPEN_ROWS = [
    "anchor_name", "customer_name", "kind", "stage", "deal_amount", "days_in_stage", "usual_days", "reason",
    "close_month_before", "close_month_after", "change_amount", "expected_close_date", "last_event_date",
    "deal_created_date", "owner_name", "source_url",
]  # fmt: skip
KEYS = ("anchor_key", "deal_key", "customer_key")
LINKED = {
    "stated": (Filter("bucket", "=", "won_ordered"), Filter("is_order_link_guessed", "=", False)),
    "guessed": (Filter("bucket", "=", "won_ordered"), Filter("is_order_link_guessed", "=", True)),
    "none": (Filter("bucket", "=", "won_not_ordered"),),
}
COUNTED = Filter("is_excluded", "=", False)
CELL = re.compile(r"(\d{4}-\d{2}-\d{2})(?::(\d{1,2}))?")
MOST = 500
UPPER, LOWER = ("part", "step", "bucket", "link", "cohort"), ("stage", "kind", "stuck", "close")


def draw(view) -> None:
    """The rows behind the funnel, under it."""
    st.subheader(words.text("section.funnel_rows"), anchor=False)
    name = next((name for name in UPPER if drill.chosen(name)), None)
    found, total, said = _found(name, drill.chosen(name) if name else "", view)
    if said:
        drill.breadcrumb(words.text("drill.everything"), {name: said})
    shown = tables.coded(found, bucket="bucket", order_link_method="link_method")
    panels.documents("funnel_rows", shown, ROWS, total, view, ways=_ways(found))


def draw_open(view) -> None:
    """The deals behind what was clicked in the pipeline, under it; nothing clicked, nothing drawn."""
    name = next((name for name in LOWER if drill.chosen(name)), None)
    if name is None:
        return
    asked = drill.chosen(name)
    found, total, said = _found_open(name, asked, view)
    st.subheader(words.text("section.open_deals"), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{drill.escaped(said)}**", width="content")
        more = {"key": "pipeline-clear", "on_click": drill.clear, "args": (LOWER,), "icon": ":material/close:"}
        st.button(words.text("drill.clear"), **more)
    panels.documents("open_deals_rows", found, OPEN_ROWS, total, view, ways=_ways(found))


def _ways(found: pl.DataFrame) -> list:
    """The way of each row that is drawn to its own record; a stuck deal is a deal, whatever it is anchored to."""
    keys = [name for name in KEYS if name in found.columns]
    rows = found.head(panels.SHOWN).select(keys).iter_rows(named=True)
    return [onward.to_document(*_record(row), row.get("customer_key")) for row in rows]


def _record(row: dict) -> tuple[str, str]:
    """The kind and the key of what a row is about."""
    kind, _, key = (row.get("anchor_key") or f"deal:{row['deal_key']}").partition(":")
    return f"{kind}s", key


def _found(name: str | None, asked: str, view) -> tuple[pl.DataFrame, int, str]:
    """Rows, how many there are in all, and what was clicked."""
    now = view.now(STARTED)
    step, _, end = asked.partition(":")
    cell = CELL.fullmatch(asked)
    if name == "part" and step in ladders.STEPS and end in ladders.ENDS:
        here = [*view.now(BEGAN), Filter("step", "=", step), Filter("step_outcome", "=", end)]
        keys = warehouse.rows(STEPS_MART, here, order="amount", limit=MOST)["anchor_key"]
        said = f"{words.text(f'funnel_step.{step}')}: {words.text(f'step_end.{end}')}"
        return _of("anchor_key", keys), warehouse.count(STEPS_MART, here), said
    if name == "step" and words.knows(f"funnel_step.{asked}"):
        parts = ladders.at_step(asked, view.now(BEGAN), MOST)
        parts = parts.group_by("deal_key", maintain_order=True).agg(step_amount=pl.sum("amount"))
        found = parts.join(_of("deal_key", parts["deal_key"]), on="deal_key", how="inner", maintain_order="left")
        return found, parts.height, words.text(f"funnel_step.{asked}")
    if name == "bucket":
        here = [*now, Filter("bucket", "=", asked), Filter("is_excluded", "=", False)]
        return _rows(here, "deal_created_date"), warehouse.count(FUNNEL, here), words.text(f"bucket.{asked}")
    if name == "link" and asked in LINKED:
        here = [*now, COUNTED, *LINKED[asked]]
        return _rows(here, "won_amount"), warehouse.count(FUNNEL, here), words.text(f"link.{asked}")
    if name == "cohort" and cell and _day(cell[1]):
        return _of_cell(_day(cell[1]), cell[2], view)
    return _rows(now, "won_amount"), warehouse.count(FUNNEL, now), ""


def _of_cell(month: date, since: str | None, view) -> tuple[pl.DataFrame, int, str]:
    """What was started in a month; with a number of months, what had brought money by then, and how much."""
    started, came = cohorts.filters_of(month, since)
    if since is None:
        here = [*view.filters, COUNTED, *started]
        return _rows(here, "won_amount"), warehouse.count(FUNNEL, here), formats.month(month)
    paid = warehouse.summed(cohorts.CASH, "amount", {"anchor_key": "anchor_key"}, [*view.filters, *came])
    paid = paid.rename({"amount": "step_amount"}).sort("step_amount", "anchor_key", descending=[True, False])
    shown = paid.head(MOST)
    rows = shown.join(_of("anchor_key", shown["anchor_key"]), on="anchor_key", maintain_order="left")
    said = words.text("drill.cash_after", n=int(since), month=formats.month(month))
    return rows, paid.height, said


def _found_open(name: str, asked: str, view) -> tuple[pl.DataFrame, int, str]:
    is_open = [*view.filters, Filter("outcome", "=", "open")]
    if name == "stage":
        here = [*is_open, Filter("stage", "=", asked)]
        return _rows(here, "deal_amount"), warehouse.count(FUNNEL, here), words.text("drill.open_in", stage=asked)
    if name == "stuck":
        here = [*view.filters, Filter("stage", "=", asked)]
        found = warehouse.rows(pipeline.STUCK, here, order="deal_amount", limit=MOST)
        found = tables.coded(found.with_columns(anchor_name="deal_name"), reason="stuck_reason")
        return found, warehouse.count(pipeline.STUCK, here), words.text("drill.stuck_in", stage=asked)
    change = pipeline.change() if name == "kind" else None
    if change is not None and words.knows(f"change_kind.{asked}"):
        moved = pipeline.changed_deals(asked, change)
        moved = moved.select("deal_key", "kind", "close_month_before", "close_month_after", change_amount="amount")
        found = moved.join(_of("deal_key", moved["deal_key"].unique()), on="deal_key", maintain_order="left")
        return tables.coded(found, kind="change_kind"), found.height, words.text(f"change_kind.{asked}")
    day = _day(asked) if name == "close" else None
    if day is not None:
        here = [*is_open, Filter(warehouse.Month("expected_close_date"), "=", day)]
        said = words.text("drill.closing_in", month=formats.month(day))
        return _rows(here, "deal_amount"), warehouse.count(FUNNEL, here), said
    return _rows(is_open, "deal_amount"), warehouse.count(FUNNEL, is_open), words.text("drill.open_deals")


def _rows(filters: list[Filter], order: str) -> pl.DataFrame:
    return warehouse.rows(FUNNEL, filters, order=order, limit=MOST, names=_shown())


def _shown() -> list[str]:
    """What a row of the funnel is drawn of, and found by: of a wide mart each further column is read from the file."""
    known = warehouse.columns(FUNNEL)
    return [name for name in dict.fromkeys((*KEYS, *ROWS, *OPEN_ROWS)) if name in known]


def _of(column: str, keys: pl.Series) -> pl.DataFrame:
    known = [Filter(column, "in", tuple(keys))]
    return warehouse.rows(FUNNEL, known, order="deal_amount", limit=max(len(keys), 1), names=_shown())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

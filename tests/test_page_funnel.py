"""From the first lead to the last payment: what became of each, what leaks, how fast, and what moves in between."""

import json
import shutil
from datetime import date

import pandas as pd
import polars as pl
import pytest
import small_warehouse as small

from dashboards import cohorts, ladders, pipeline, words
from tests.paged import figures, page, said, table

EVIL = "<b>Omega</b> [x](https://evil.invalid)"
WHO = {"owner_name": "Anna", "channel": "web", "reporting_currency_code": "PLN", "customer_key": "alfa"}
BEGAN = {"lead_created_date": date(2026, 2, 1), "deal_created_date": date(2026, 3, 1)}


def at_step(anchor: int, step: str, place: int, end: str, amount=None) -> tuple[str, dict]:
    row = {"funnel_step_key": f"{anchor} {step}", "anchor_key": f"deal:{anchor}", "anchor_kind": "deal", "step": step}
    return "marts.funnel_steps", row | {"step_place": place, "step_outcome": end, "amount": amount} | BEGAN | WHO


def steps():
    """Ten deals that began as leads: one fell back, three were lost; of six won one has no order."""
    for at in range(10):
        won = at < 6
        yield at_step(at, "lead", 1, "advanced")
        yield at_step(at, "deal", 2, "advanced" if won else "back" if at == 6 else "lost", 100)
        if won:
            yield at_step(at, "won", 4, "advanced" if at < 5 else "still_there", 100)


def cash(anchor: int, month: date, since: int, amount: int) -> tuple[str, dict]:
    row = {"funnel_cash_key": f"{anchor} {month}", "anchor_key": f"deal:{anchor}", "amount": amount}
    row |= {"months_since": since, "is_first_cash": True, "started_month": date(2026, 2, 1), "cash_month": month}
    return "marts.funnel_cash", row | BEGAN | WHO


def passes():
    """Twenty deals were in the talk for 1 to 20 days; one stands in it with a name that would like to be markup."""
    for at in range(20):
        row = {"deal_stage_pass_key": f"{at} Talk", "deal_key": f"{at}", "source": "salesforce", "stage": "Talk"}
        row |= {"stage_place": 1, "days_in_stage": at + 1, "is_skipped": False, "is_in_stage": False}
        row |= {"stage_outcome": "passed", "left_by": "passed_on", "last_left_date": date(2026, 6, 1)}
        yield "marts.deal_stage_passes", row | WHO
    row = {"stage_conversion_key": "1", "source": "salesforce", "stage": "Talk", "stage_place": 1, "deals_entered": 40}
    row |= {"deals_passed": 10, "is_complete": True, "entered_month": date(2026, 6, 1)}
    yield "marts.stage_conversion", row | {"reporting_currency_code": "PLN"}
    row = {"deal_key": "evil", "source": "salesforce", "customer_name": EVIL, "deal_name": EVIL, "stage": EVIL}
    row |= {"reason": "no_close_date", "deal_amount": 70, "days_in_stage": 90, "usual_days": 18}
    yield "marts.stuck_deals", row | WHO | {"entered_date": date(2026, 8, 1)}


def velocity():
    row = {"sales_velocity_key": "all all", "grouping_kind": "all", "group_key": "all", "group_name": "all"}
    row |= {"reporting_currency_code": "PLN", "qualified_deals": 10, "won_amount": 600, "won_deals": 6}
    row |= {"average_amount": 100, "velocity_amount": 20, "median_cycle_days": 30, "cohort_won": 6, "cohort_deals": 10}
    yield "marts.sales_velocity", row | {"cohort_open": 1, "cycles_counted": 6}


def change(kind: str, place: int, amount: int, month=None) -> tuple[str, dict]:
    row = {"pipeline_change_key": f"{kind} {month} {amount}", "kind": kind, "kind_place": place, "amount": amount}
    row |= {"deals_counted": 1, "from_date": date(2026, 11, 14), "to_date": date(2026, 11, 21), "close_month": month}
    return "marts.pipeline_changes", row | {"reporting_currency_code": "PLN"}


def changes():
    """A week: 500 open, 80 new, 30 lost, 50 slipped from one month to the next, 550 open."""
    november, december = date(2026, 11, 1), date(2026, 12, 1)
    yield change("opening", 1, 500)
    yield change("new", 2, 80)
    yield change("slipped", 7, -50, november)
    yield change("slipped", 7, 50, december)
    yield change("lost", 10, -30)
    yield change("closing", 12, 550)
    row = {"pipeline_change_deal_key": "1", "deal_key": "6", "deal_name": "Deal 6", "kind": "slipped", "amount": -50}
    row |= {"close_month": november, "close_month_before": november, "close_month_after": december}
    row |= {"from_date": date(2026, 11, 14), "to_date": date(2026, 11, 21), "reporting_currency_code": "PLN"}
    yield "marts.pipeline_change_deals", row


def target(month: date, aim, booked: int, open_amount: int) -> tuple[str, dict]:
    row = {"pipeline_coverage_key": f"{month}", "scope": "firm", "period_month": month, "booked_amount": booked}
    row |= {"target_amount": aim, "remaining_amount": aim - booked, "open_amount": open_amount, "past_amount": 0}
    return "marts.pipeline_coverage", row | {"reporting_currency_code": "PLN"}


def snapshot() -> tuple[str, dict]:
    row = {"pipeline_snapshot_key": "1", "deal_key": "6", "customer_key": "alfa", "status": "open", "amount": 500}
    return "marts.pipeline_snapshots", row | {"as_of_date": date(2026, 11, 14), "reporting_currency_code": "PLN"}


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    """Every part of the page has rows; each test that only reads gets a copy."""
    folder = tmp_path_factory.mktemp("whole")
    paid = [cash(0, date(2026, 4, 1), 2, 100), cash(1, date(2026, 6, 1), 4, 150), cash(2, date(2026, 10, 1), 8, 50)]
    aims = [target(date(2026, 11, 1), 400, 100, 150), target(date(2026, 12, 1), 300, 0, 450)]
    rows = [*steps(), *paid, *passes(), *velocity(), *changes(), *aims, snapshot()]
    small.publish(folder, more=rows)
    return folder


@pytest.fixture
def published(data_dir, whole):
    shutil.copytree(whole, data_dir, symlinks=True, dirs_exist_ok=True)
    return data_dir


def grid(app) -> pl.DataFrame:
    """The cohorts as they are on the page."""
    return next(
        pl.from_pandas(pd.DataFrame(shown.value)) for shown in app.dataframe if "to_date" in shown.value.columns
    )


def charts(app) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def test_all_charts_draw_and_each_clickable_one_carries_what_a_click_needs(published):
    app = page("funnel_to_cash")
    assert not app.error and not app.exception
    drawn = charts(app)
    assert len(drawn) == 8, "days from step to step are not known of these deals"
    assert all(trace.get("customdata") for chart in drawn for trace in chart["data"])


def test_who_came_to_a_step_advanced_was_lost_went_back_or_is_still_there(published):
    frame, lacking = ladders.steps("count", [])
    assert lacking == []
    for row in frame.iter_rows(named=True):
        assert row["entered"] == sum(row[end] for end in ladders.ENDS), row["name"]
    deals = frame.filter(pl.col("key") == "deal").row(0, named=True)
    assert (deals["entered"], deals["advanced"], deals["back"], deals["lost"]) == (10, 6, 1, 3)
    money, _ = ladders.steps("money", [])
    assert "lead" not in money["key"], "a lead has no value"
    assert "From **1K PLN** (Deals) came **600 PLN** (Won): 60.0%. Most is lost at “Deals”: **300 PLN**." in said(
        page("funnel_to_cash")
    )


def test_the_first_tiles_are_told_by_number_and_money_and_by_count(published):
    app = page("funnel_to_cash")
    assert figures(app)["Leads that became cash"] == "30.0%"
    assert figures(app)["Win rate by value"] == "60.0%"
    assert "**3** of 10 leads brought money: **300 PLN**. By number **60.0%**" in said(app)


def test_a_part_of_a_step_in_the_address_leads_to_its_deals(published):
    app = page("funnel_to_cash", part="deal:lost")
    assert sorted(table(app, "anchor_name")["anchor_name"]) == ["Deal 7", "Deal 8", "Deal 9"]
    app.button(key="drill-clear").click().run()
    assert "part" not in app.query_params


def test_a_step_of_the_leakage_leads_to_deals_with_their_part(published):
    rows = table(page("funnel_to_cash", step="not_due"), "step_amount")
    assert rows.select("anchor_name", "step_amount").rows() == [("Deal 3", 100.0)]


def test_cash_of_a_month_grows_and_what_is_not_over_has_no_share(published):
    row = cohorts.grid("money", []).row(0, named=True)
    assert row["month"] == date(2026, 2, 1) and row["base"] == 600
    assert [round(row[str(since)], 3) for since in (1, 2, 4, 8)] == [0, round(100 / 600, 3), round(250 / 600, 3), 0.5]
    assert row["8"] is not None and row["9"] is None, "November is not over: nine months have not passed"
    assert row[cohorts.TO_DATE] == 0.5
    assert "6 months after the start, **41.7%** of the value won was cash." in said(page("funnel_to_cash"))


def test_cells_of_the_cohorts_are_percent_and_empty_where_a_month_is_not_over(published):
    row = grid(page("funnel_to_cash")).row(0, named=True)
    assert round(row["4"], 1) == 41.7 and row["9"] is None


def test_a_cell_of_the_cohorts_leads_to_deals_paid_by_then(published):
    app = page("funnel_to_cash", cohort="2026-02-01:4")
    assert table(app, "step_amount").select("anchor_name", "step_amount").rows() == [
        ("Deal 1", 150.0),
        ("Deal 0", 100.0),
    ]
    assert "Started in Feb 2026, cash within 4 months" in said(app)
    assert table(page("funnel_to_cash", cohort="2026-02-01"), "anchor_name").height == 10


def test_choosing_a_cell_writes_month_and_months_into_the_address(published, monkeypatch):
    from dashboards import cohort_grid

    state = {"grid": {"selection": {"cells": [(0, "4")]}}}
    written = {}
    monkeypatch.setattr(cohort_grid.st, "session_state", state)
    monkeypatch.setattr(cohort_grid.drill, "choose", written.__setitem__)
    cohort_grid._chosen("grid", [date(2026, 2, 1)])
    assert written == {"cohort": "2026-02-01:4"}
    state["grid"]["selection"]["cells"] = [(0, "to_date")]
    cohort_grid._chosen("grid", [date(2026, 2, 1)])
    assert written == {"cohort": "2026-02-01"}


def test_won_deals_without_an_order_are_a_share_of_their_own_with_the_list_to_repair(data_dir):
    outcomes = [("marts.funnel_to_cash", bare(at)) for at in range(2)]
    small.publish(data_dir, more=outcomes)
    assert "**3** of 3 won deals have no order" in said(page("funnel_to_cash"))
    assert sorted(table(page("funnel_to_cash", link="none"), "anchor_name")["anchor_name"]) == [
        "Bare 0",
        "Bare 1",
        "Deal 5",
    ]


def bare(at: int) -> dict:
    """A deal won for 50 that nobody knows an order of."""
    row = {"anchor_key": f"deal:bare{at}", "anchor_kind": "deal", "anchor_name": f"Bare {at}", "outcome": "won"}
    row |= {"deal_key": f"bare{at}", "bucket": "won_not_ordered", "is_won": True, "is_closed": True}
    row |= {"is_excluded": False, "deal_amount": 50, "won_amount": 50, "orders_counted": 0, "customer_name": "Alfa"}
    return row | BEGAN | WHO


def test_time_in_stage_is_the_middle_and_the_slow_end_with_the_share_that_goes_on(published):
    text = said(page("funnel_to_cash"))
    assert "**Talk** takes longest: 10.5 days in the middle" in text
    assert "Fewest go on from “Talk”: 25.0% of 40." in text


def test_velocity_is_number_times_value_times_win_rate_divided_by_days(published):
    shown = figures(page("funnel_to_cash"))
    parts = [
        "Open qualified deals",
        "× Average value",
        "× Win rate of deals opened in a year",
        "÷ Days of a sale",
        "= A day",
    ]
    assert [shown[name] for name in parts] == ["10", "100 PLN", "60.0%", "30 days", "20 PLN"]
    assert 10 * 100 * 0.6 / 30 == 20


def test_a_week_of_changes_leads_from_what_was_open_to_what_is(published):
    found = pipeline.change()
    assert found.of("opening") + found.of("new", "lost", "slipped") == found.of("closing") == 550
    text = said(page("funnel_to_cash"))
    assert "From 14 Nov 2026 to 21 Nov 2026 the open pipeline went from **500 PLN** to **550 PLN**." in text
    assert "New 80 PLN, won 0 PLN, lost 30 PLN. Slipped to a later month: 50 PLN." in text
    rows = table(page("funnel_to_cash", kind="slipped"), "close_month_after")
    assert rows.select("anchor_name", "change_amount").rows() == [("Deal 6", -50.0)]


def test_the_ends_of_a_week_of_changes_lead_to_the_deals_open_then(published):
    rows = table(page("funnel_to_cash", kind="opening"), "change_amount")
    assert rows.select("anchor_name", "change_amount").rows() == [("Deal 6", 500.0)]


def test_until_there_are_two_days_the_page_says_from_when_it_can_know(data_dir):
    small.publish(data_dir)
    assert "No refresh has written down the pipeline yet" in said(page("funnel_to_cash"))
    small.publish(data_dir, number=2, more=[snapshot()])
    assert "first written down on **14 Nov 2026**" in said(page("funnel_to_cash"))


def test_coverage_divides_what_is_open_by_what_is_missing(published):
    text = said(page("funnel_to_cash"))
    assert "The open pipeline is **1.0 times** what is missing to the target until Dec 2026: 600 PLN." in text


def test_a_name_from_the_data_is_no_markup(published):
    app = page("funnel_to_cash", stuck=EVIL)
    assert table(app, "usual_days")["anchor_name"].to_list() == [EVIL], "a table shows a name as it is"
    assert "[x](" not in said(app) and "<b>" not in said(app)
    assert not any(
        "<b>Omega" in name for chart in charts(app) for trace in chart["data"] for name in map(str, trace["y"])
    )


@pytest.mark.parametrize("name", ["part", "step", "bucket", "link", "cohort", "stage", "kind", "stuck", "close"])
@pytest.mark.parametrize("value", ["x' or 1=1 --:lost"])
def test_an_address_written_by_a_stranger_breaks_nothing(published, name, value):
    app = page("funnel_to_cash", **{name: value})
    assert not app.error and not app.exception


@pytest.mark.parametrize("name,value", [("part", "deal:x"), ("cohort", "2026-99-99:4"), ("close", "2026-99-99")])
def test_an_address_that_is_half_right_leads_to_everything(published, name, value):
    assert not page("funnel_to_cash", **{name: value}).exception


@pytest.mark.parametrize("sources", [("salesforce",), ("business_central",)])
def test_what_no_system_feeds_is_said_and_never_a_nought(data_dir, sources):
    small.publish(data_dir, sources)
    app = page("funnel_to_cash")
    assert not app.error and not app.exception
    assert not {"0", "0 PLN", "0.0%", "100.0%"} & set(figures(app).values())
    missing = "orders" if sources == ("salesforce",) else "deals"
    assert f"because no connected system delivers {missing}" in said(app)


def test_a_period_without_rows_says_so(published):
    assert "No rows in" in said(page("funnel_to_cash", started=words.text("period.last_month")))


@pytest.mark.parametrize("language", ["pl", "ru"])
@pytest.mark.parametrize("shown", ["money", "count"])
def test_the_page_speaks_the_languages_of_its_readers(published, language, shown):
    with words.speaking(language):
        chosen = words.text(f"shown.{shown}")
    app = page("funnel_to_cash", lang=language, shown=chosen)
    assert not app.error and not app.exception
    assert {"pl": "Tempo sprzedaży", "ru": "Скорость продаж"}[language] in said(app)


def test_every_word_of_the_page_is_there_in_each_language():
    catalogues = {}
    for name in words.LOCALES:
        found = words.FOLDER / name / "LC_MESSAGES/funnel.po"
        catalogues[name] = {line for line in found.read_text().splitlines() if line.startswith("msgid ")}
    assert catalogues["en"] == catalogues["pl"] == catalogues["ru"]
    codes = {"funnel_steps": ("step", "funnel_step"), "funnel_leakage_deals": ("step", "funnel_step")}
    codes |= {"pipeline_changes": ("kind", "change_kind"), "stuck_deals": ("reason", "stuck_reason")}
    for model in small.marts():
        column, prefix = codes.get(model["name"], (None, None))
        for found in [item for item in model["columns"] if item["name"] == column]:
            for test in [test for test in found["data_tests"] if isinstance(test, dict)]:
                for code in test["accepted_values"]["arguments"]["values"]:
                    assert words.knows(f"{prefix}.{code}"), code

"""Customer profitability: a level under its own name, steps that sum to it, and the way down from every cell."""

import json
import shutil
from datetime import date

import polars as pl
import pytest
import small_warehouse as small
from plotly.io import to_json
from plotly.tools import return_figure_from_figure_or_data
from streamlit.elements.lib.pandas_styler_utils import marshall_styler
from streamlit.proto.ArrowData_pb2 import ArrowData

from dashboards import (
    cells,
    charts,
    levels,
    marimekko,
    movement,
    profit_curve,
    profit_waterfall,
    serving,
    words,
)
from dashboards.warehouse import Filter
from tests.paged import figures, page, said, table

OCTOBER, SEPTEMBER = date(2026, 10, 1), date(2026, 9, 1)
IN_OCTOBER = [Filter("month", "=", OCTOBER)]
POSTED = [Filter("posted_date", "=", OCTOBER)]
STEPS = ("cost_of_goods", "freight", "packaging", "rebate", "cost_to_serve")
PAGE = "customer_profitability"
MARKUP = "[Kappa](http://example.invalid)"

# key, name, segment, gross, discount, credited, goods without cost, goods, freight, cost to serve; by activity.
FIRM = [
    ("kappa", MARKUP, "Chain", 1200, 100, -100, 0, 600, 50, {"Visits": 30, "Orders": 20}),
    ("lambda", "Lambda", "Chain", 500, 0, 0, 100, 300, 20, {"Visits": 10, "Orders": 50}),
    ("mu", "Mu", "Workshop", 300, 0, 0, 0, 250, 10, {"Orders": 90}),
    ("nu", "Nu", "Workshop", 400, 0, 0, 0, 375, 10, {"Visits": 9}),
    ("xi", "Xi", "Workshop", 0, 0, 0, 0, 0, 0, {"Visits": 25}),
]


def months(pools=(OCTOBER, SEPTEMBER)):
    """Two months of the same firm; the cost pools of some of them are loaded."""
    for month in (OCTOBER, SEPTEMBER):
        for key, name, segment, gross, discount, credited, without, cost, freight, activities in FIRM:
            revenue, served = gross - discount + credited, sum(activities.values())
            known = revenue - without
            who = {"customer_key": key, "customer_name": name, "reporting_currency_code": "PLN"}
            row = who | {"customer_profitability_key": f"{key}:{month}", "segment": segment, "owner_name": "Anna"}
            row |= {"gross_amount": gross, "discount_amount": discount, "credited_amount": credited, "month": month}
            row |= {"revenue_amount": revenue, "revenue_with_cost_amount": known, "cost_amount": cost}
            row |= {"revenue_without_cost_amount": without, "lines_missing_cost": int(without > 0), "lines_counted": 1}
            row |= {"freight_amount": freight, "cm1_amount": known - cost, "cm2_amount": known - cost - freight}
            row |= {"has_cost_pools": month in pools, "lines_missing_rate": 0}
            if month in pools:
                row |= {"cost_to_serve_amount": served, "cm3_amount": known - cost - freight - served}
            yield "marts.customer_profitability", row
            yield from lines(who, segment, month, revenue, known - cost, activities if month in pools else {})


def lines(who: dict, segment: str, month: date, revenue: int, left: int, activities: dict):
    row = who | {
        "segment": segment,
        "posted_date": month,
        "exchange_rate_source": "same",
        "is_cost_missing": False,
        "source": "erp",
    }
    key = f"{who['customer_key']}:{month}"
    sold = {"profitability_line_key": key, "line_kind": "invoice_line", "ladder_step": "revenue", "category": "Brakes"}
    yield "marts.profitability_lines", row | sold | {"revenue_amount": revenue, "cm1_amount": left}
    for pool, amount in activities.items():
        used = {"line_kind": "cost_to_serve", "ladder_step": "cost_to_serve", "cost_pool": pool}
        used |= {"profitability_line_key": f"{key}:{pool}", "revenue_amount": 0, "cost_to_serve_amount": amount}
        yield "marts.profitability_lines", row | used


def ladder():
    for place, step in enumerate(STEPS):
        level = 1 if step == "cost_of_goods" else 3 if step == "cost_to_serve" else 2
        row = {"step": step, "level": level, "place": place, "is_known": step not in ("packaging", "rebate")}
        yield "marts.contribution_steps", row


def standings():
    for key, before, tier, amount, earlier in (
        ("kappa", "earner", "earner", 500, 400),
        ("lambda", "earner", "loser", -80, 100),
        ("mu", "loser", "loser", -50, -40),
        ("nu", "none", "new", 6, 0),
    ):
        row = {
            "customer_key": key,
            "customer_name": key.title(),
            "reporting_currency_code": "PLN",
            "neutral_margin": 0.02,
        }
        row |= {"contribution_level": "cm3", "standing": "new" if tier == "new" else "active", "tier": tier}
        row |= {"previous_tier": before, "contribution_amount": amount, "previous_contribution_amount": earlier}
        row |= {"period_from_date": date(2025, 11, 1), "period_until_date": date(2026, 11, 1), "segment": "Chain"}
        yield "marts.customer_standing", row | {"is_previous_period_whole": True, "owner_name": "Anna"}


def publish(data_dir, pools=(OCTOBER, SEPTEMBER)) -> None:
    """A firm of our own in place of the sales of the small warehouse."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(small, "SALES", [])
        small.publish(data_dir, more=[*ladder(), *standings(), *months(pools)])


@pytest.fixture(scope="session")
def made_firm(tmp_path_factory):
    folder = tmp_path_factory.mktemp("firm")
    publish(folder)
    return folder


@pytest.fixture
def firm(data_dir, made_firm):
    shutil.copytree(made_firm, data_dir, symlinks=True, dirs_exist_ok=True)
    return data_dir


def test_tiles_are_those_one_can_add_up_by_hand(firm):
    shown = figures(page(PAGE))
    # CM3: Kappa 300, Lambda 20, Nu 6, Xi -25, Mu -50; Nu is within 2 % of its 400.
    assert shown["Profitable, CM3"] == "40.0%", "two of five; who hardly earns is neutral"
    assert shown["Whale peak, CM3"] == "129.9%", "326 of 251"
    assert shown["Losses, CM3"] == "75 PLN"
    assert shown["Cost to serve, %"] == "10.6%", "234 of 2,200"
    assert shown["Largest customer"] == "45.5%", "of five customers ten are no part"
    text = said(page(PAGE))
    assert "The best 3 of 5 customers make **130%** of the final CM3 of 251 PLN; 2 customers lose **75 PLN**" in text
    assert "1 customer stays within 2% of its revenue around zero." in text


def test_a_level_is_a_switch_and_its_name_is_on_everything(firm):
    app = page(PAGE)
    app.segmented_control(key="level").set_value("cm1").run()
    shown = figures(app)
    assert shown["Profitable, CM1"] == "80.0%" and "Profitable, CM3" not in shown
    assert "contribution after goods (CM1) **575 PLN**" in said(app)
    assert "cm1_amount" in table(app, "discount_rate").columns
    assert "cm3_amount" not in table(app, "discount_rate").columns
    assert "CM1 takes off: goods." in said(app)
    app.segmented_control(key="level").set_value("cm3").run()
    assert "Not known, so not taken off: packaging, rebates." in said(app)


def test_a_level_that_is_not_known_is_not_offered(data_dir):
    publish(data_dir, pools=(SEPTEMBER,))
    app = page(PAGE)
    assert app.segmented_control(key="level").options == ["CM1 goods", "CM2 logistics"]
    assert "Cost to serve is not loaded" in said(app) and "(CM2)" in said(app)
    assert "no cost pools are loaded for these months" in said(app)
    assert "Profitable, CM2" in figures(app)
    app.selectbox(key="period").set_value("last_quarter").run()
    assert app.segmented_control(key="level").options[-1] == "CM3 service"


def test_what_is_compared_has_the_same_level(data_dir):
    publish(data_dir, pools=(OCTOBER,))
    app = page(PAGE)
    assert "CM3 is not known for all of Sept 2026: there is no comparison." in said(app)
    assert not any(metric.delta and "pts" in metric.delta for metric in app.metric)


@pytest.mark.parametrize("code,last", [("cm1", 575), ("cm2", 485), ("cm3", 251)])
def test_the_waterfall_ends_exactly_on_the_contribution(firm, code, last):
    frame = profit_waterfall.steps(levels.Level(code), IN_OCTOBER)
    assert frame["value"][:-1].sum() == frame["value"][-1] == last
    values = dict(zip(frame["key"], frame["value"], strict=True))
    assert values["gross"] == 2400 and values["discounts"] == -100 and values["credited"] == -100
    assert values["without_cost"] == -100 and values["cost_of_goods"] == -1525
    assert ("freight" in values) == (code != "cm1")


def test_the_mosaic_sums_to_the_contribution_of_each_segment(firm):
    level = levels.Level("cm3")
    frame = profit_curve.customers(level, IN_OCTOBER)
    found = marimekko.mosaic(frame, marimekko.sold("segment", POSTED), level)
    sums = found.cells.group_by("segment").agg(pl.sum("amount")).sort("segment")
    assert dict(sums.iter_rows()) == {"Chain": 320, "Workshop": -69}
    figure = marimekko.chart(found, level, str)
    assert figure["data"][0]["customdata"] == ["Chain~Brakes", "Workshop~Brakes"]
    assert sum(figure["data"][0]["width"]) == pytest.approx(100)


def test_a_cell_leads_to_its_customers_and_they_to_their_lines(firm):
    cell = table(page(PAGE, cell="Chain~Brakes"), "revenue_amount")
    assert cell["customer_name"].to_list() == [MARKUP, "Lambda"]
    lines_of_kappa = table(page(PAGE, cell="Chain~Brakes", customer="kappa"), "ladder_step")
    assert lines_of_kappa["ladder_step"].to_list() == ["Sales"]


def test_cost_to_serve_is_shown_by_customer_and_activity(firm):
    found = serving.uses(["kappa", "mu"], POSTED)
    of_mu = found.filter(pl.col("customer_key") == "mu")
    assert set(found["customer_key"]) == {"kappa", "mu"} and of_mu["cost_to_serve_amount"].sum() == 90
    assert serving.dearest(found.with_columns(customer_name="customer_key", revenue=1, served_amount=90)).height == 2
    opened = table(page(PAGE, customer="kappa", activity="Visits"), "cost_pool")
    assert opened["cost_pool"].to_list() == ["Visits"]


def test_a_step_leads_to_its_lines(firm):
    app = page(PAGE, step="cost_to_serve")
    assert table(app, "cost_pool").height == 7
    assert "**Cost to serve**" in said(app)
    app.button(key="drill-clear").click().run()
    assert "step" not in app.query_params


def test_who_moved_is_counted_with_the_money(firm):
    _, grid = movement.grid(movement.moves([]), str)
    rows = {row["before"]: row for row in grid.iter_rows(named=True)}
    assert rows["earns"]["earner"].startswith("1 · +100") and rows["earns"]["loser"].startswith("1 · -180")
    assert rows["around zero"]["loser"] == "0", "that nobody did is an answer"
    assert "**1** customer who earned or broke even a year ago now loses money; 0 went the other way." in said(
        page(PAGE)
    )
    moved = table(page(PAGE, move="earner~loser"), "previous_contribution_amount")
    assert moved["customer_name"].to_list() == ["Lambda"]


def test_small_and_new_customers_can_be_left_out(firm):
    app = page(PAGE)
    app.number_input(key="least-revenue").set_value(400).run()
    assert "Revenue **1.9K PLN**" in said(app), "Kappa, Lambda and Nu"
    app.toggle(key="without-new").set_value(True).run()
    assert "Revenue **1.5K PLN**" in said(app)
    app.number_input(key="least-revenue").set_value(100000).run()
    assert "No rows in Oct 2026 with these filters" in said(app)
    app.button(key="everybody").click().run()
    assert "Revenue **2.2K PLN**" in said(app)


def test_what_serving_costs_most_is_darkest_and_what_nobody_asked_for_has_no_colour():
    frame = pl.DataFrame({"customer": ["Kappa", "Mu"], "Visits": [30.0, None], "Orders": [20.0, 90.0]})
    sent = ArrowData()
    marshall_styler(sent, cells.coloured(frame, ["Visits", "Orders"], lambda value: f"shade-{value:.0f}"), "own")
    assert sorted(sent.styler.styles.splitlines()) == [
        "#T_own_row0_col1 { background-color: shade-30 }",
        "#T_own_row0_col2 { background-color: shade-20 }",
        "#T_own_row1_col2 { background-color: shade-90 }",
    ]


@pytest.mark.parametrize("held", [True, False])
def test_a_figure_is_sent_as_it_was_written_whether_or_not_its_rules_are_looked_at(monkeypatch, held):
    monkeypatch.setattr(charts, "HELD_AGAINST_RULES", held)
    written = {"data": [{"type": "bar", "x": ["Kappa"], "y": [30.0]}], "layout": {"height": 400}}
    asked = return_figure_from_figure_or_data(charts.whole(written), validate_figure=True)
    sent = json.loads(to_json(asked, validate=False))
    assert sent["data"] == written["data"] and sent["layout"]["height"] == 400


def test_points_are_coloured_by_zone_and_sized_by_what_they_cost(firm):
    app = page(PAGE)
    whale, bubbles = (json.loads(chart.proto.spec)["data"] for chart in app.get("plotly_chart")[:2])
    assert whale[0]["marker"]["color"] == [
        profit_curve.ZONES[zone] for zone in ("earner",) * 2 + ("neutral",) + ("loser",) * 2
    ]
    sizes = {
        key: size for trace in bubbles for key, size in zip(trace["customdata"], trace["marker"]["size"], strict=True)
    }
    assert sizes["mu"] == max(sizes.values()) and sizes["nu"] == min(sizes.values())
    assert "[Kappa]" not in whale[0]["text"][0] or "<a" not in whale[0]["text"][0]


def test_a_name_with_markup_stays_a_name(firm):
    assert "\\[Kappa\\]\\(http" in said(page(PAGE, customer="kappa"))


@pytest.mark.parametrize("language", ["pl", "ru"])
def test_the_page_speaks_the_language_of_its_reader(firm, language):
    app = page(PAGE, lang=language)
    assert not app.error and not app.exception
    name = {"pl": "Rentowni, MP III", "ru": "Прибыльные, МП III"}[language]
    assert name in figures(app)


def test_the_three_languages_say_the_same_things():
    said_in = {}
    for language in ("en", "pl", "ru"):
        path = words.FOLDER / language / "LC_MESSAGES/profitability.po"
        with path.open("rb") as file:
            said_in[language] = {str(message.id) for message in words.read_po(file) if message.id}
    assert said_in["en"] == said_in["pl"] == said_in["ru"]


def test_stranger_words_in_the_address_break_nothing(firm):
    for name in ("cell", "move", "step", "activity", "level"):
        app = page(PAGE, **{name: "x' or 1=1 -- {0} ~ <b>"})
        assert not app.error and not app.exception


def test_a_chosen_cell_writes_what_it_stands_for(monkeypatch):
    written = {}
    monkeypatch.setattr(cells.drill, "choose", written.__setitem__)
    monkeypatch.setattr(cells.st, "session_state", {"t": {"selection": {"cells": [(1, "Visits")]}}})
    cells._chosen("t", lambda row, column: {"customer": ["mu", "nu"][row], "activity": column})
    assert written == {"customer": "nu", "activity": "Visits"}
    monkeypatch.setattr(cells.st, "session_state", {"t": {"selection": {"cells": []}}})
    cells._chosen("t", lambda row, column: {"customer": "nobody"})
    assert written["customer"] == "nu", "a cell let go changes nothing"

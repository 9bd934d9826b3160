"""Forecast and stock: what will come in, how sure that is, and who will find the shelf empty."""

import json
from datetime import date, timedelta

import polars as pl
import pytest
import small_warehouse as small

from dashboards import chance_panels, tables, words
from tests.paged import figures, page, said, table

NAME = "forecast_and_stock"
MONTHS = [date(2026, 11, 1), date(2026, 12, 1), *(date(2027, month, 1) for month in (1, 2, 3, 4))]
MONDAY = date(2026, 11, 16)
EVIL = "<b>Offer</b> [x](http://example.invalid) *now*"
PLN = {"reporting_currency_code": "PLN"}


def expected(figure: str, grain: str, start: date, end: date, ahead: int, **components: int):
    """A period by component, and its sum with a range of a tenth to both sides."""
    row = {"figure": figure, "grain": grain, "period_start": start, "period_end": end, "periods_ahead": ahead}
    row |= PLN | {"as_of_date": small.AS_OF}
    for name, amount in components.items():
        key = {"forecast_key": f"{figure} {grain} {start} {name}", "component": name}
        yield "marts.forecast", row | key | {"amount": amount}
    total = sum(components.values())
    more = {"forecast_key": f"{figure} {grain} {start}", "component": "total", "amount": total, "errors_counted": 40}
    yield "marts.forecast", row | more | {"low_amount": total * 0.9, "high_amount": total * 1.1}


def coming():
    """Six months of revenue of 1000 and of wins of 200, thirteen weeks of cash of 100."""
    for ahead, start in enumerate(MONTHS):
        end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        so_far = 600 if ahead == 0 else 0
        revenue = {"so_far": so_far, "ordered_not_invoiced": 250, "won_not_ordered": 50, "pipeline": 100}
        yield from expected("revenue", "month", start, end, ahead, **revenue, repeat=600 - so_far)
        yield from expected("won", "month", start, end, ahead, so_far=so_far / 6, pipeline=150, later_deals=50)
    for ahead in range(13):
        start = MONDAY + timedelta(weeks=ahead)
        so_far = 30 if ahead == 0 else 0
        cash = {"so_far": so_far, "receivables": 80 - so_far, "later_invoices": 20}
        yield from expected("cash", "week", start, start + timedelta(days=6), ahead, **cash)
    for month, target in ((date(2027, 1, 1), 400), (date(2027, 2, 1), 400)):
        row = {"pipeline_coverage_key": f"{month}", "scope": "firm", "period_month": month, "target_amount": target}
        yield "marts.pipeline_coverage", row | PLN
        # People's targets are in the firm's already.
        yield "marts.pipeline_coverage", row | PLN | {"pipeline_coverage_key": f"{month} anna", "scope": "owner"}


def records(is_scored: bool):
    for grain, first in (("week", date(2026, 11, 29)), ("month", date(2026, 12, 31))):
        row = {"grain": grain, "days_kept": 1, "forecasts_scored": int(is_scored), "is_scored": is_scored}
        yield "marts.forecast_records", row | {"kept_since_date": small.AS_OF, "scored_from_date": first}


def scored():
    """September and October came to 1000 each; of October 1200 was said last, and 900 a day before that."""
    rows = [
        (date(2026, 10, 1), date(2026, 10, 31), 1, date(2026, 9, 30), 1200),
        (date(2026, 10, 1), date(2026, 10, 31), 1, date(2026, 9, 29), 900),
        (date(2026, 10, 1), date(2026, 10, 31), 2, date(2026, 8, 31), 1100),
        (date(2026, 9, 1), date(2026, 9, 30), 1, date(2026, 8, 31), 1000),
        (date(2026, 5, 1), date(2026, 5, 31), 1, date(2026, 4, 30), 9000),
    ]
    for start, end, ahead, made, amount in rows:
        row = {"forecast_accuracy_key": f"{start} {made}", "figure": "revenue", "grain": "month", "made_date": made}
        row |= {"period_start": start, "period_end": end, "periods_ahead": ahead, "forecast_amount": amount}
        error = {"actual_amount": 1000, "error_amount": amount - 1000, "absolute_error_amount": abs(amount - 1000)}
        yield "marts.forecast_accuracy", row | error | PLN


def stages():
    for at, (stage, method, own, closed) in enumerate((("Offer", "learned", 0.5, 60), (EVIL, "crm_default", 0.9, 12))):
        row = {"stage_probability_key": f"crm {at}", "source": "salesforce", "stage": stage, "age_band": "all"}
        row |= {"method": method, "stage_order": at, "probability": own, "crm_probability": 0.9}
        yield "marts.stage_probabilities", row | {"closed_deals": closed, "open_deals": 1}
        who = {"customer_key": "alfa", "customer_name": "Alfa Parts", "owner_name": "Anna", "source": "salesforce"}
        deal = {"deal_key": f"d{at}", "deal_name": f"Deal of stage {at}", "stage": stage, "method": method} | who
        deal |= {"deal_amount": 100, "probability": own, "crm_probability": 0.9, "weighted_amount": 100 * own}
        deal |= {"crm_weighted_amount": 90, "closed_deals": closed, "is_past_close_date": False}
        yield "marts.deal_probabilities", deal | PLN | {"is_far_off": method == "learned"}


def stock():
    """Discs last 0 days in the north and 45 in the south; nobody asks for pumps."""
    for warehouse, days, quantity in (("north", 0, 0), ("south", 45, 90)):
        row = {"stock_cover_key": f"disc {warehouse}", "item_key": "disc", "product_name": "Brake disc", "sku": "BD-1"}
        yield "marts.stock_cover", row | shelf(warehouse, days, quantity)
    pump = {"stock_cover_key": "pump north", "item_key": "pump", "product_name": "Pump", "sku": "P-1"}
    yield "marts.stock_cover", pump | shelf("north", None, 7) | {"category": "Pumps"}
    short = {"item_key": "disc", "product_name": "Brake disc", "sku": "BD-1", "customer_name": "Alfa Parts"}
    short |= {"customer_key": "alfa", "owner_name": "Anna"} | PLN
    order = {"stock_shortage_key": "order 1", "demand_kind": "order", "document_key": "o4", "document_name": "SO-4"}
    order |= {"line_key": "1", "warehouse": "north", "quantity_wanted": 6, "quantity_short": 4, "short_amount": 150}
    yield "marts.stock_shortages", short | order | wanted(date(2026, 12, 1))
    deal = {"stock_shortage_key": "deal 2", "demand_kind": "deal", "document_key": "d0", "document_name": "Fleet"}
    deal |= {"line_key": "2", "quantity_wanted": 3, "quantity_short": 1, "short_amount": 30, "probability": 0.5}
    yield "marts.stock_shortages", short | deal | wanted(date(2026, 12, 9))


def shelf(warehouse: str, days: int | None, quantity: int) -> dict:
    row = {"warehouse": warehouse, "days_of_cover": days, "quantity_on_hand": quantity, "lines_without_unit": 0}
    row |= {"product_key": "p", "source": "business_central", "category": "Brakes", "stock_value_amount": 10}
    return row | PLN | {"is_without_demand": days is None, "quantity_available": quantity}


def wanted(day: date) -> dict:
    return {"wanted_date": day, "short_date": day}


def fed():
    """What the small ERP does not deliver by itself."""
    row = {"source": "business_central", "entity": "stock_levels", "is_fed": True}
    yield "canonical.coverage", row


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forecast")
    small.publish(folder, more=[*coming(), *records(False), *stages(), *stock(), *fed()])
    return folder


@pytest.fixture
def published(data_dir, made, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(made))
    return made


def chart(app, place: int) -> dict:
    return json.loads(app.get("plotly_chart")[place].proto.spec)


def test_the_figures_are_those_one_can_add_up_by_hand(published):
    app = page(NAME)
    assert not app.error and not app.exception
    seen, notes = figures(app), {metric.label: metric.delta for metric in app.metric}
    assert seen["Revenue Q1"] == "3K PLN" and notes["Revenue Q1"] == "Jan 2027 – Mar 2027"
    assert seen["Wins against target"] == "50.0%", "200 of 400 in two months, of the firm, not of its people too"
    assert notes["Wins against target"] == "Jan 2027, Feb 2027", "a month without a target is no part of it"
    assert seen["Cash next 4 weeks"] == "370 PLN", "30 of the first week came already"
    assert notes["Cash next 4 weeks"] == "13 weeks: 1.27K PLN"
    assert seen["Ordered already"] == "25.0%"
    assert seen["Products short"] == "1" and notes["Products short"] == "180 PLN short"


def test_a_quarter_has_no_range_made_of_the_ranges_of_its_months(published):
    app = page(NAME)
    tile = next(metric for metric in app.metric if metric.label == "Revenue Q1")
    assert "Jan 2027 900 PLN – 1.1K PLN; Feb 2027 900 PLN – 1.1K PLN" in tile.help
    assert "2.7K" not in tile.help and "do not add up" in tile.help


def test_months_stack_to_what_is_expected_with_the_range_of_the_mart(published):
    drawn = chart(page(NAME), 0)["data"]
    bars = [trace for trace in drawn if trace["type"] == "bar"]
    sums = [sum(trace["y"][at] for trace in bars) for at in range(6)]
    assert sums == [1000] * 6
    whiskers = drawn[len(bars)]
    assert whiskers["y"] == sums and whiskers["error_y"]["array"] == pytest.approx([100] * 6)
    carried = {trace["name"]: trace["customdata"][0] for trace in bars}
    assert carried["Ordered, not invoiced"] == "revenue:ordered_not_invoiced"
    assert carried["Repeat orders to come"] is None, "no document stands behind what comes of itself"


def test_targets_are_of_deals_won_and_of_no_revenue(published):
    names = [trace["name"] for trace in chart(page(NAME), 0)["data"]]
    assert "Target" not in names
    won = {trace["name"]: trace for trace in chart(page(NAME, figure="Deals won"), 0)["data"]}
    assert won["Target"]["y"] == [400, 400] and won["Target"]["x"] == [2, 3]


def test_before_a_month_is_over_the_page_says_from_when_on_it_can_score_itself(published):
    app = page(NAME)
    assert "Forecast error" not in figures(app)
    assert "kept since 21 Nov 2026, and the first whole month can be scored on 31 Dec 2026" in said(app)


def test_what_was_said_before_stands_beside_what_came(data_dir):
    small.publish(data_dir, more=[*coming(), *records(True), *scored()])
    app = page(NAME)
    assert figures(app)["Forecast error"] == "10.0%", "400 off in four forecasts of 1000; May is too long ago"
    assert {metric.label: metric.delta for metric in app.metric}["Forecast error"] == "bias 5.0%"
    assert "Of Oct 2026 the forecast of the month before said 1.2K PLN; **1K PLN** came." in said(app)
    marks = {trace["name"]: trace for trace in chart(app, 0)["data"]}
    assert marks["Said 1 month before"]["y"] == [1000, 1200], "the last day kept of each month speaks"
    assert marks["Said 2 months before"]["y"] == [1100] and "Said 3 months before" not in marks
    assert marks["Invoiced already"]["y"][:3] == [1000, 1000, 600]
    assert marks["Invoiced already"]["customdata"][:2] == [None, None]


def test_a_part_in_the_address_leads_to_its_documents(published):
    orders = table(page(NAME, part="revenue:ordered_not_invoiced"), "undelivered_amount")
    assert orders["order_number"].to_list() == ["SO-30", "SO-31", "SO-32"]
    deals = table(page(NAME, part="won:pipeline"), "likely_close_date")
    assert deals["deal_name"].to_list() == ["Deal of stage 1", "Deal of stage 0"]
    for part in ("revenue:repeat", "x' or 1=1 --", "revenue:so_far"):
        app = page(NAME, part=part)
        assert not app.error and not app.exception


def test_several_ways_down_stand_side_by_side_each_with_its_way_out(published):
    app = page(NAME, part="won:pipeline", stage="crm 0", item="disc")
    assert not app.error and not app.exception
    app.button(key="clear-part").click().run()
    assert "part" not in app.query_params and app.query_params["stage"] and app.query_params["item"]
    app.button(key="clear-stage").click().run()
    assert "stage" not in app.query_params and app.query_params["item"]


def test_too_few_closed_deals_leave_the_probability_of_the_crm_and_say_so(published):
    app = page(NAME)
    assert "In stage Offer the CRM says 90%; of the firm's own 60 closed deals **50%** are won." in said(app)
    assert "In 1 stage too few deals were closed to learn from: the CRM's own probability counts there." in said(app)
    learned, stated = chart(app, 2)["data"]
    assert learned["y"] == stated["y"] and learned["x"] == [None, 0.5] and stated["x"] == [0.9, 0.9]
    labels = [note["text"] for note in chart(app, 2)["layout"]["annotations"]]
    assert "12 closed deals, the CRM's figure counts" in labels[0] and "counts" not in labels[1]


def test_deals_far_off_are_listed_and_a_stage_lists_its_own(published):
    app = page(NAME)
    assert "**1** of 2 open deals states a chance far from that of its like." in said(app)
    assert "worth 140 PLN, by the CRM's figures 180 PLN" in said(app)
    assert table(app, "crm_share")["deal_name"].to_list() == ["Deal of stage 0"]
    assert table(page(NAME, stage="crm 1"), "crm_share")["deal_name"].to_list() == ["Deal of stage 1"]


def test_a_name_from_the_data_is_no_markup(published):
    app = page(NAME, stage="crm 1")
    assert "[x](" not in said(app) and "\\<b\\>Offer" in said(app)
    labels = [note["text"] for note in chart(app, 2)["layout"]["annotations"]]
    assert labels[0].startswith("&lt;b&gt;Offer")
    learned = {"stage": EVIL, "method": "learned", "closed_deals": 40, "learned": 0.2, "stated": 0.9}
    assert "[x](" not in chance_panels.chances_sentence(pl.DataFrame([learned]))


def test_what_nobody_asks_for_lasts_no_number_of_days(published):
    app = page(NAME)
    assert "Of 2 products, **1** shelf is empty though asked for; 0 more last less than 14 days" in said(app)
    grid = table(app, "north")
    assert grid["product_name"].to_list() == ["Brake disc"]
    assert grid.select("north", "south", "short_amount").row(0) == (0, 45, 180)


def test_who_finds_the_shelf_empty_is_named_with_day_and_owner(published):
    app = page(NAME)
    assert "**2** orders and deals will find too little of 1 products on the shelf: **180 PLN**" in said(app)
    shown = table(app, "chance_share")
    assert shown["document_name"].to_list() == ["Fleet"]
    assert shown["short_date"].to_list()[0].strftime("%d.%m.%Y") == "09.12.2026"
    product = page(NAME, item="disc")
    assert table(product, "quantity_available")["warehouse"].to_list() == ["north", "south"]
    product.button(key="drill-clear").click().run()
    assert "item" not in product.query_params
    assert table(page(NAME, order_key="o4"), "product_name")["product_name"].to_list() == ["Brake disc"]


def test_filters_narrow_the_stock_and_its_shortages(published):
    for name, value in (("warehouse", "south"), ("category", "Pumps")):
        app = page(NAME)
        assert "finds the shelf empty." not in said(app)
        app.multiselect(key=f"only-{name}").set_value([value]).run()
        assert "No line of an open order or a likely deal finds the shelf empty." in said(app)
    assert "Nothing of 1 product was ordered in the last 90 days" in said(app)


@pytest.mark.parametrize("sources", [(), ("salesforce",), ("business_central",)])
def test_what_is_not_connected_is_said_and_never_a_nought(data_dir, sources):
    more = [*coming(), *stages()] if sources == ("salesforce",) else list(coming()) if sources else ()
    small.publish(data_dir, sources, more=more)
    app = page(NAME)
    assert not app.error and not app.exception
    assert not {"0", "0 PLN", "0.0%", "100.0%"} & set(figures(app).values())
    if sources == ():
        assert "needs" in said(app) and not app.metric
    if sources == ("salesforce",):
        assert "Revenue Q1" not in figures(app) and figures(app)["Wins against target"] == "50.0%"
        assert "Deals worth" in said(app) and "because no connected system delivers stock levels" in said(app)
    if sources == ("business_central",):
        assert "No connected system delivers deals: there is no pipeline in it." in said(app)
        assert figures(app)["Revenue Q1"] == "3K PLN" and "Wins against target" not in figures(app)


def test_without_history_nothing_is_foretold(data_dir):
    small.publish(data_dir, more=list(fed()))
    app = page(NAME)
    assert not app.error and not app.exception
    assert "Nothing is foretold here" in said(
        app
    ) and "Not available, because there is too little history yet." in said(app)
    assert "no forecast is kept yet" in said(app) and "No rows in" in said(app)


@pytest.mark.parametrize("language", ["en", "pl", "ru"])
def test_the_page_speaks_the_language_of_its_reader(published, monkeypatch, language):
    spoken, missing = words.text, set()
    own = ("forecast.", "stock.", "cash.", "chances.", "far_off.", "component.", "age_band.", "method.", "tile.cash")

    def heard(code, *others, **more):
        if not words.knows(code) and (language == "en" or code.startswith(own)):
            missing.add(code)
        return spoken(code, *others, **more)

    monkeypatch.setattr(words, "text", heard)
    for address in ({}, {"part": "won:pipeline"}, {"item": "disc"}, {"stage": "crm 0"}):
        app = page(NAME, lang=language, **address)
        assert not app.error and not app.exception
    assert not missing
    labels = [note["text"] for note in chart(page(NAME, lang=language), 2)["layout"]["annotations"]]
    first = {"en": "60 closed deals", "pl": "60 zamkniętych", "ru": "60 закрытых"}
    assert labels[1] == f"Offer ({first[language]})"
    total = {"en": "Total", "pl": "Razem", "ru": "Итого"}
    opened = page(NAME, behind="build_up", lang=language)
    shown = next(one.value for one in opened.dataframe if "component" in one.value.columns)
    assert shown["component"].to_list()[5] == total[language]
    with words.speaking(language):
        assert len({tables.heading(name) for name in ("short_date", "document_name", "source_url")}) == 3


def test_every_language_has_the_same_words():
    own = {
        language: {
            line for line in (words.FOLDER / language / f"LC_MESSAGES/{NAME}.po").read_text().splitlines()
            if line.startswith("msgid ")
        }
        for language in ("en", "pl", "ru")
    }  # fmt: skip
    assert own["en"] == own["pl"] == own["ru"]

"""Order cycle: how long, where it waits and which ways orders go, by figures one can add up by hand."""

import json
from datetime import date, timedelta

import polars as pl
import pytest
import small_warehouse as small

from dashboards import curves, warehouse
from dashboards.order_cycle import drawings
from dashboards.warehouse import Filter, Keys, Told
from tests.paged import figures, page, said, table

NAME = "order_cycle_time"
USUAL, AGAIN = "confirmation > shipment > payment", "approval > approval > confirmation"


def steps(order: str, *codes: str, is_open=False):
    for at, code in enumerate(codes):
        last = is_open and at == len(codes) - 1
        row = {"order_step_key": f"{order}:{at}", "order_key": order, "step": code, "place": at, "pass": 1}
        yield "marts.order_steps", row | {"entered_date": date(2026, 10, 1 + at), "is_open": last}


def variant(key: str, path: str, outcome: str, counted: int, late: int):
    row = {"order_variant_key": key, "path": path, "outcome": outcome, "orders_counted": counted}
    row |= {"all_orders_counted": 100, "due_orders_counted": counted, "late_orders_counted": late}
    return "marts.order_variants", row | {"median_days_to_ship": 16, "order_amount": 100 * counted}


def edge(start: str, end: str, counted: int, waiting=0, is_worst=False):
    row = {"step_edge_key": f"{start} > {end}", "from_step": start, "to_step": end, "orders_counted": counted}
    row |= {"passes_counted": counted - waiting, "waiting_counted": waiting, "total_days": 10 * counted}
    return "marts.step_edges", row | {"median_days": 4, "p90_days": 9, "is_bottleneck": is_worst}


def stuck(at: int, reason: str, is_held: bool):
    row = {"order_key": f"o{at}", "order_number": f"SO-{at}", "customer_name": small.FORMULA, "owner_name": "Anna"}
    row |= {"waiting_for": "shipment", "reason": reason, "is_held": is_held, "order_amount": 100, "quiet_days": 40}
    return "marts.stuck_orders", row | {"usual_days": 30, "source_url": "javascript:alert(1)"}


def claim(at: int, outcome: str, **days):
    row = {"ticket_key": f"t{at}", "customer_name": "Alfa Parts", "outcome": outcome, "opened_date": date(2026, 10, 5)}
    return "marts.claims", row | {"is_open": outcome in ("open", "credited"), "reason": "Wrong part"} | days


def weekly():
    """Twelve quiet weeks of ten and eleven days before October, and one of forty."""
    for at in range(12):
        day = date(2026, 9, 23) - timedelta(weeks=at)
        took = 40 if at == 0 else 10 + at % 2
        row = small.order(100 + at, "completed", day - timedelta(days=took)) | {"fulfilled_date": day}
        yield "marts.order_cycle_time", row | {"gross_days": took, "working_gross_days": took - 4, "net_days": took - 9}


def more():
    wished = small.order(50, "completed", date(2026, 10, 2)) | {"fulfilled_date": date(2026, 10, 20), "gross_days": 18}
    yield "marts.order_cycle_time", wished | {"working_gross_days": 12, "net_days": 5, "warehouse": "GDN"}
    yield from weekly()
    yield from steps("o1", "confirmation", "shipment", "payment")
    yield from steps("o2", "approval", "approval", "confirmation")
    yield from steps("o30", "confirmation", "shipment", is_open=True)
    yield variant("usual", USUAL, "open", 60, 6)
    yield variant("again", AGAIN, "open", 40, 20)
    yield edge("start", "confirmation", 100)
    yield edge("confirmation", "shipment", 60, waiting=3, is_worst=True)
    yield edge("confirmation", "confirmation", 5)
    yield edge("shipment", "payment", 50)
    yield edge("payment", "shipment", 10)
    yield stuck(30, "waiting_for_shipment", False)
    yield stuck(31, "[x](http://example.invalid)", True)
    yield claim(1, "refunded", days_to_credit=4, days_to_refund=10, refunded_date=date(2026, 10, 15))
    yield claim(2, "refunded", days_to_credit=6, days_to_refund=20)
    yield claim(3, "open")
    yield "canonical.coverage", {"source": "salesforce", "entity": "tickets", "is_fed": True}
    for group, name, middle in (("all", "all", 17), ("warehouse", "GDN", 21)):
        row = {"order_duration_key": f"{group}:{name}:order_to_ship", "grouping_name": group, "group_name": name}
        row |= {"step": "order_to_ship", "open_counted": 3, "median_days": middle, "median_days_of_finished": 15}
        yield "marts.order_duration_estimates", row | {"is_enough": True, "is_median_reached": True}
    for at, (category, carrier) in enumerate((("TYRES", "DHL"), ("OILS", "DPD"))):
        yield "canonical.products", {"product_key": category, "category": category}
        yield "canonical.order_lines", {"order_key": f"o{at}", "product_key": category}
        yield "canonical.shipments", {"shipment_key": f"s{at}", "order_key": f"o{at}", "carrier": carrier}
    for at in (50, 1):
        yield "marts.order_cycle_time", small.order(200 + at, "completed", date(2025, 1, 1)) | {"warehouse": "KRK"}
    for at, company, took in ((301, "north", 90), (302, "south", 70), (303, "south", 70)):
        day = {"fulfilled_date": date(2025, 6, 2) + timedelta(days=took), "gross_days": took, "company": company}
        yield "marts.order_cycle_time", small.order(at, "completed", date(2025, 6, 2)) | day


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("order_cycle")
    small.publish(folder, more=list(more()))
    return folder


def drawn(app, at: int) -> dict:
    return json.loads(app.get("plotly_chart")[at].proto.spec)


def keys(app) -> list[str]:
    return table(app, "order_number")["order_number"].to_list()


def test_one_company_of_a_group_has_its_own_median_and_a_month_without_its_orders_says_so(published):
    app = page(NAME)
    choice = app.multiselect(key="only-company")
    assert choice.label == "Company" and choice.options == ["north", "south"]
    choice.set_value(["south"]).run()
    assert "No rows in Oct 2026 with these filters: Company\\: south" in said(app)
    app.selectbox(key="period").set_value("all").run()
    assert figures(app)["Order cycle, median"] == "70 days"


def test_each_way_to_count_days_has_its_own_median(published):
    # October: 1 to 30 days and one of 18; in working days only the one of 12 is known, net of wishes 5.
    assert figures(page(NAME))["Order cycle, median"] == "16 days"
    working = page(NAME, measured="Working")
    assert figures(working)["Working, median"] == "12 days"
    assert "Working days of the site" in said(working)
    assert figures(page(NAME, measured="Net of wishes"))["Cycle net, median"] == "5 days"


def test_tiles_say_what_was_touched_again_and_what_is_older_than_nine_of_ten(published):
    tiles = figures(page(NAME))
    assert tiles["Touched again"] == "20.0%"
    assert tiles["On time in full"] == "80.0%"
    assert tiles["Open beyond P90"] == "3", "all three are open for 40 days"


def test_the_curve_is_of_finished_orders_and_the_sentence_counts_the_open_ones_in(published):
    text = said(page(NAME))
    assert "Of 31 finished orders half took 16 days or less, 80 % within **24 days**" in text
    assert "With 3 open orders counted in (all orders since the beginning" in text
    assert "the median is **17 days**, of the shipped alone 15 days" in text
    chosen = page(NAME)
    chosen.multiselect(key="only-warehouse").set_value(["GDN"]).run()
    assert "(Warehouse GDN, calendar days to shipment) the median is **21 days**" in said(chosen)


def test_bins_hold_every_order_and_a_bin_in_the_address_leads_to_its_orders(published):
    app = page(NAME, shape="Bars")
    bars = drawn(app, 0)["data"][0]
    assert sum(bars["y"]) == 31
    assert bars["customdata"][0] == "0-1"
    assert sorted(keys(page(NAME, days="2-3"))) == ["SO-1", "SO-2"]
    assert sorted(keys(page(NAME, days="29-"))) == ["SO-28", "SO-29"]
    assert keys(page(NAME, days="30")) == ["SO-29"]
    assert len(keys(page(NAME, days="2-3; drop table"))) == 32


def test_bins_are_of_one_width_and_the_slowest_share_the_last():
    steps = curves.spread(pl.DataFrame({"days": [*range(100), 400], "counted": [1] * 101}))
    bins = curves.binned(steps)
    assert bins["counted"].sum() == 101
    assert (bins["low"][1] - bins["low"][0], bins["high"][0]) == (5, 4)
    assert bins.row(-1) == (95, None, 6)
    quick = curves.spread(pl.DataFrame({"days": [0, 1, 3], "counted": [2, 1, 4]}))
    assert curves.binned(quick)["counted"].to_list() == [2, 1, 0, 4], "days nobody took are there"


def test_a_week_outside_the_limits_has_a_shape_and_a_sentence_and_leads_to_its_orders(published):
    app = page(NAME)
    assert "**1 week lies outside the limits** (last: 21 Sept 2026)" in said(app)
    outside = [trace for trace in drawn(app, 1)["data"] if trace.get("name") == "outside a limit"]
    assert outside[0]["marker"]["symbol"] == "diamond"
    assert outside[0]["customdata"] == ["2026-09-21"]
    assert keys(page(NAME, week="2026-09-21")) == ["SO-100"]
    assert len(keys(page(NAME, week="2026-99-99"))) == 32, "a week that is none narrows nothing"


def test_with_few_weeks_there_are_no_limits(data_dir):
    small.publish(data_dir)
    assert "0 full weeks with completed orders are known; limits need at least 8" in said(page(NAME))


def test_open_orders_by_stage_say_what_is_not_finished_yet(published):
    app = page(NAME, **{"period": "This month to date"})
    assert "3 orders are open, most of them waiting for **shipment** (3); 3 for 30 days or longer" in said(app)
    assert "Of 1 order" not in said(app)


def test_the_usual_way_stands_first_and_a_way_in_the_address_leads_to_its_orders(published):
    app = page(NAME)
    ways = table(app, "path")
    assert ways["path"].to_list()[0] == "Confirmation → Shipment → Payment"
    assert ways["share"].to_list() == [0.6, 0.4] and ways["late_share"].to_list() == [0.1, 0.5]
    assert ways["orders_counted"].to_list() == [60, 40]
    assert "**60.0%** of all orders go the usual way: Confirmation → Shipment → Payment. There are 2 ways" in said(app)
    assert keys(page(NAME, variant="usual")) == ["SO-1"]
    assert keys(page(NAME, variant="again")) == ["SO-2"], "what is done twice stands twice"
    assert len(keys(page(NAME, variant="nobody's"))) == 32


def test_the_map_names_where_most_is_waited_and_a_step_leads_to_who_waits_in_it(published):
    app = page(NAME)
    assert "**Confirmation → Shipment**: 4 days in the middle, one in ten more than 9 days; 3 orders" in said(app)
    clicked = [trace for trace in drawn(app, 4)["data"] if trace.get("customdata")]
    assert [trace["customdata"] for trace in clicked] == [["start", "confirmation", "shipment", "payment"]]
    assert keys(page(NAME, node="shipment")) == ["SO-30"]


def test_a_map_has_at_most_twelve_steps_and_no_way_to_one_it_leaves_out():
    names = [f"s{at}" for at in range(12)]
    nodes = pl.DataFrame({"key": names, "name": names, "note": names})
    ends = {"start": ["s0", "s1"], "end": ["s1", "gone"], "share": [1.0, 0.5], "text": ["", ""]}
    figure = drawings.ways(nodes, pl.DataFrame(ends | {"is_bottleneck": [False, False]}))
    assert drawings.MOST_NODES == 12 and len([trace for trace in figure["data"] if trace["mode"] == "lines"]) == 1


def test_stuck_orders_are_listed_with_reason_and_owner(published):
    app = page(NAME)
    assert "**2 orders are stuck**, worth 200 PLN; 1 on hold" in said(app)
    rows = table(app, "reason").filter(pl.col("order_number").is_in(["SO-30", "SO-31"]))
    assert set(rows["reason"]) == {"Waits for shipment", "[x](http://example.invalid)"}, "a table shows text as it is"
    assert rows["owner_name"].to_list() == ["Anna", "Anna"]
    assert rows["source_url"].null_count() == 2, "only addresses of the web are links"


def test_claims_say_how_long_credit_and_money_took(published):
    app = page(NAME, claim="refunded")
    assert "**3 claims** were opened in the period, 1 still wait for their end" in said(app)
    assert "The credit note came after 5 days in the middle. The money was back after 15 days" in said(app)
    assert table(app, "opened_date").height == 2


def test_claims_nobody_delivers_are_said_and_not_counted(data_dir):
    small.publish(data_dir)
    assert "Not available, because no connected system delivers tickets" in said(page(NAME))


def test_orders_are_narrowed_by_carrier_and_product_group(published):
    app = page(NAME)
    app.multiselect(key="only-carrier").set_value(["DPD"]).run()
    assert keys(app) == ["SO-1"]
    app.multiselect(key="only-category").set_value(["TYRES"]).run()
    assert "No rows in" in said(app)
    app.multiselect(key="only-carrier").set_value([]).run()
    assert keys(app) == ["SO-0"]


def test_the_middle_and_the_slow_end_are_the_same_alone_and_together(published):
    names = ("median_gross_days", "p90_gross_days")
    together = warehouse.measure(names, {"warehouse": "warehouse"}, rests_on="orders")
    for name in names:
        alone = warehouse.measure(name, {"warehouse": "warehouse"})
        assert alone.equals(together.select("warehouse", name))
    possible = [Filter("has_impossible_dates", "=", False), Filter("is_cancelled", "=", False)]
    counted = warehouse.counted(NAME, {"warehouse": "warehouse"}, possible)
    assert dict(together.select("warehouse", "orders").iter_rows()) == dict(counted.iter_rows())


def test_hundreds_of_keys_find_what_each_of_them_finds(published):
    keys = warehouse.rows(NAME, names=["order_key"])["order_key"].to_list()
    among = Filter("order_key", "in", (*keys[:3], *(f"nobody's {n}" for n in range(500))))
    assert set(warehouse.rows(NAME, [among])["order_key"]) == set(keys[:3])


def test_keys_of_another_table_are_compared_never_run(published):
    evil = "' or '1'='1"
    nobody = Keys("canonical.shipments", "order_key", (Filter("carrier", "=", evil),))
    assert warehouse.count(NAME, [Filter("order_key", "in", nobody)]) == 0
    told = Told("order_steps", "order_key", "step", ("entered_date", "place"), evil)
    assert warehouse.count(NAME, [Filter("order_key", "in", told)]) == 0
    with pytest.raises(warehouse.Unknown):
        warehouse.count(NAME, [Filter("order_key", "in", Keys("canonical.shipments", evil))])


def test_the_last_click_counts_and_the_address_forgets_the_one_before(published):
    app = page(NAME, node="shipment")
    app.query_params["days"] = "30"
    app.run()
    assert keys(app) == ["SO-29"]
    assert "node" not in app.query_params
    app.button(key="drill-clear").click().run()
    assert "days" not in app.query_params and len(keys(app)) == 32


def test_a_name_in_the_address_is_no_markup(published):
    assert not any("[x](" in text.value for text in page(NAME, stage="[x](http://example.invalid)").markdown)


@pytest.mark.parametrize("language", ["pl", "ru"])
def test_the_page_draws_in_polish_and_russian(published, language):
    app = page(NAME, lang=language)
    assert not app.error and not app.exception
    expected = {"pl": "zakończonych zamówień połowa", "ru": "Из 31 завершённого заказа половина"}
    assert expected[language] in said(app)


def test_without_orders_the_page_says_what_is_missing(data_dir):
    small.publish(data_dir, ("salesforce",))
    assert "needs things that no connected system delivers" in said(page(NAME))


def test_a_period_without_orders_says_so(published):
    app = page(NAME)
    app.selectbox(key="period").set_value("this_month").run()
    assert "No rows in" in said(app)

"""The overview says how the firm is doing, what moved its contribution, and what waits for whom."""

import json
from datetime import date

import polars as pl
import pytest
import small_warehouse as small

from dashboards import attention, onward, words
from dashboards import sold as sold_in
from dashboards.warehouse import Filter
from tests.paged import figures, page, said, table

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


def sold() -> list[tuple[str, dict]]:
    """Discs for 100 that cost 60, a month later twice as many for 110 that cost 65."""
    rows = [("canonical.customers", {"customer_key": "omega", "segment": "Chain", "owner_name": "Ewa"})]
    for at, (month, quantity, revenue, cost) in enumerate(((SEPTEMBER, 10, 1000, 600), (OCTOBER, 20, 2200, 1300))):
        who = {"customer_key": "omega", "customer_name": "Omega", "reporting_currency_code": "PLN"}
        amounts = {"revenue_amount": revenue, "revenue_with_cost_amount": revenue, "cost_amount": cost}
        amounts |= {"cm1_amount": revenue - cost}
        of_month = {"customer_profitability_key": f"omega:{month}", "segment": "Chain", "month": month}
        rows.append(("marts.customer_profitability", of_month | who | amounts | {"owner_name": "Ewa"}))
        line = {"profitability_line_key": f"invoice_line:{at}", "line_kind": "invoice_line", "ladder_step": "revenue"}
        line |= {
            "product_key": "disc",
            "product_name": "Brake disc",
            "currency_code": "PLN",
            "document_amount": revenue,
            "quantity": quantity,
            "posted_month": month,
        }
        line |= {"posted_date": month, "invoice_number": f"FV-1{at}", "invoice_kind": "invoice"}
        rows.append(("marts.profitability_lines", line | who | amounts))
    return [*rows, *of_unknown_cost()]


def of_unknown_cost() -> list[tuple[str, dict]]:
    """Freight of 10 for Sigma, of whose goods nobody knows what they cost, and of 5 for Omega."""
    line = {"line_kind": "freight", "ladder_step": "freight", "posted_month": OCTOBER, "posted_date": OCTOBER}
    line |= {"currency_code": "PLN", "reporting_currency_code": "PLN"}
    paid = (("sigma", -10, False), ("omega", -5, True))
    return [
        ("marts.profitability_lines", line | {"profitability_line_key": f"freight:{key}", "customer_key": key}
         | {"cm2_amount": amount, "has_contribution": known})
        for key, amount, known in paid
    ]  # fmt: skip


def owed() -> list[tuple[str, dict]]:
    """Of 2,000 half is overdue, 900 of it for long; 1,500 came in October."""
    rows = []
    bands = (
        ("over_90", 900, date(2026, 8, 1), 112),
        ("days_1_30", 100, date(2026, 11, 1), 20),
        ("not_due", 1000, None, 0),
    )
    for at, (bucket, amount, due, days) in enumerate(bands):
        row = {"invoice_key": f"i{at}", "invoice_number": f"FV-7{at}", "ageing_bucket": bucket, "due_date": due}
        row |= {"customer_key": "alfa", "customer_name": "Alfa Parts", "source_url": f"https://erp.invalid/FV-7{at}"}
        row |= {"open_amount": amount, "open_reporting_amount": amount, "days_overdue": days}
        rows.append(("marts.receivables", row))
    cash = {"receivables_by_month_key": "a", "customer_key": "alfa", "month": OCTOBER, "collected_gross_amount": 1500}
    return [*rows, ("marts.receivables_by_month", cash)]


def waiting() -> list[tuple[str, dict]]:
    late = {"order_key": "o90", "order_number": "SO-90", "source": "business_central", "is_open": True}
    late |= {"is_in_full_on_promised": False, "has_impossible_dates": False, "is_cancelled": False, "owner_name": "Jan"}
    late |= {"customer_key": "alfa", "customer_name": "Alfa Parts", "order_amount": 700, "current_stage": "shipment"}
    late |= {"promised_date": date(2026, 11, 1), "ordered_date": OCTOBER, "source_url": "https://erp.invalid/SO-90"}
    stuck = {"order_number": "SO-91", "order_amount": 300, "customer_key": "beta", "customer_name": "Beta Garage"}
    deal = {"anchor_key": "deal:late", "deal_key": "late", "anchor_kind": "deal", "anchor_name": small.FORMULA}
    deal |= {"is_past_close": True, "outcome": "open", "is_excluded": False, "is_won": False, "is_closed": False}
    deal |= {"deal_amount": 5000, "expected_close_date": OCTOBER, "source_url": "https://crm.invalid/late"}
    deal |= {"customer_key": "alfa", "customer_name": small.FORMULA, "bucket": "open_deal"}
    turned = {"customer_key": "beta", "customer_name": "Beta Garage", "earning": "loser", "previous_tier": "earner"}
    turned |= {"previous_contribution_amount": 200, "contribution_amount": -150, "owner_name": "Anna"}
    won = {"anchor_key": "deal:won", "anchor_kind": "deal", "is_won": True, "is_closed": True, "is_excluded": False}
    won |= {"deal_amount": 300, "closed_date": OCTOBER, "customer_key": "alfa"}
    lost = won | {"anchor_key": "deal:lost", "is_won": False, "deal_amount": 100}
    return [
        ("marts.order_cycle_time", late),
        ("marts.stuck_orders", stuck | {"order_key": "o90", "order_number": "SO-90", "order_amount": 700}),
        ("marts.stuck_orders", stuck | {"order_key": "o91", "entered_date": date(2026, 10, 5)}),
        ("marts.funnel_to_cash", deal),
        ("marts.funnel_to_cash", won),
        ("marts.funnel_to_cash", lost),
        ("marts.customer_standing", turned | {"period_from_date": date(2025, 11, 1)}),
        ("marts.customer_standing", turned | {"customer_key": "old", "previous_tier": "loser"}),
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("overview")
    small.publish(folder, more=[*sold(), *owed(), *waiting()])
    return folder


def links(app) -> list[tuple[str, str]]:
    return [(link.proto.page, link.proto.query_string) for link in app.get("page_link")]


def chart(app, at: int = 0) -> dict:
    return json.loads(app.get("plotly_chart")[at].proto.spec)


def test_six_figures_are_those_one_can_add_up_by_hand(published):
    shown = figures(page("overview"))
    assert shown == {
        "Revenue net": "4.01K PLN",
        "Contribution CM1": "1.16K PLN",
        "Cash received": "1.5K PLN",
        "Overdue receivables": "1K PLN",
        "Days to ship, median": "15.5 days",
        "Win rate by value": "75.0%",
    }
    notes = {metric.label: metric.proto.delta_description or metric.delta for metric in page("overview").metric}
    assert notes["Overdue receivables"] == "50.0% of open"
    assert notes["Contribution CM1"].endswith("% margin")


def test_what_moved_the_contribution_adds_up_to_the_difference(published):
    app = page("overview")
    drawn = chart(app)["data"][0]
    assert dict(zip(drawn["customdata"], drawn["x"], strict=True)) == {
        "before": 700, "volume": 400, "price": 200, "cost": -100, "other": -40, "now": 1160,
    }  # fmt: skip
    assert "Contribution CM1 rose by **460 PLN**, from 700 PLN to **1.16K PLN**" in said(app)
    assert "Unit cost took the most: **100 PLN**. Volume added the most: **400 PLN**." in said(app)


def test_what_is_paid_for_a_month_of_unknown_cost_moved_no_contribution(published):
    october = [Filter("posted_date", ">=", OCTOBER), Filter("posted_date", "<=", date(2026, 10, 31))]
    assert sold_in.in_period("cm2", october).contribution == -5


def test_an_effect_in_the_address_leads_to_its_products_and_a_product_to_its_invoices(published):
    products = table(page("overview", effect="price"), "quantity_before")
    assert products.select("product_name", "quantity_before", "quantity", "effect_amount").rows() == [
        ("Brake disc", 10, 20, 200)
    ]
    lines = page("overview", effect="price", product="disc")
    assert table(lines, "invoice_number")["invoice_number"].to_list() == ["FV-11", "FV-10"]
    assert "All effects › **Price** › **Brake disc**" in said(lines)


def test_what_waits_is_ranked_by_money_and_nothing_is_listed_twice(published):
    app = page("overview")
    rows = table(app, "attention")
    assert rows["attention"].to_list() == [
        f"Deal past its expected close: {small.FORMULA}",
        "Invoice FV-70: 112 days overdue",
        "Order SO-90 is late",
        "Turned loss-making: from 200 to -150 in a year",
        "Order SO-91 is stuck",
    ]
    assert rows["waiting_amount"].to_list() == [5000, 900, 700, 350, 300]
    assert "**5** things wait for somebody; the 5 largest come to **7.25K PLN**." in said(app)


def test_every_row_leads_to_the_crm_and_to_the_erp(published):
    rows = table(page("overview"), "attention")
    assert rows["crm_source_url"].to_list()[:3] == [
        "https://crm.invalid/late",
        *["https://salesforce.invalid/alfa"] * 2,
    ]
    erp = ["https://business_central.invalid/alfa", "https://erp.invalid/FV-70", "https://erp.invalid/SO-90"]
    assert rows["erp_source_url"].to_list()[:3] == erp


def test_a_row_leads_to_the_page_of_its_thing(published):
    rows = {row["kind"]: attention.way(row) for row in attention.found([]).iter_rows(named=True)}
    assert rows["late"] == ("order_cycle_time", {"order_key": "o90"})
    money, of_invoice = rows["overdue"]
    assert of_invoice == ({"invoice": "i0"} if money == "receivables" else {"customer": "alfa"})
    assert rows["turned"] == (onward.first_of("customer", "customer_profitability"), {"customer": "beta"})
    app = page("overview")
    app.session_state[onward.CHOSEN] = rows["late"]
    assert "Brake disc" not in said(app.run()) and "SO\\-90" in said(app)


def test_under_each_tile_a_link_opens_its_page_with_the_same_days_and_filters(published):
    app = page("overview")
    app.selectbox(key="period").set_value("last_12_months").run()
    app.multiselect(key="only-segment").set_value(["Chain"]).run()
    found = links(app)
    assert found.pop(0)[0] == "trust", "the stamp leads there"
    assert len(found) == 6
    assert ("customer-profitability", "lang=en&period=Last+12+full+months&comparison=Period+before") in [
        (name, query.partition("&only")[0]) for name, query in found
    ]
    assert any(name == "funnel-to-cash" and "started=Last+12+full+months" in query for name, query in found)


def test_a_filter_is_about_the_customers_in_every_figure(published):
    app = page("overview")
    app.multiselect(key="only-owner_name").set_value(["Ewa"]).run()
    shown = figures(app)
    assert shown["Revenue net"] == "2.2K PLN" and "Cash received" not in shown
    assert "Nothing waits for anybody." in said(app)
    drawn = chart(app)["data"][0]
    assert dict(zip(drawn["customdata"], drawn["x"], strict=True)) == {
        "before": 400, "volume": 400, "price": 200, "cost": -100, "now": 900,
    }  # fmt: skip


def test_a_pale_bar_is_not_named_where_none_is_drawn(published):
    text = said(page("overview"))
    assert "Grey line: a year earlier." in text and "Paler bar" not in text


def test_a_month_that_is_not_over_is_a_pale_bar_and_named(data_dir):
    mart, row = sold()[1]
    running = row | {"customer_profitability_key": "omega:now", "month": date(2026, 11, 1)}
    small.publish(data_dir, more=[*sold(), *owed(), *waiting(), (mart, running)])
    assert "Paler bar: a month not over yet." in said(page("overview", period="this_month"))


def test_a_month_that_is_not_over_is_compared_with_nothing(published):
    app = page("overview")
    app.selectbox(key="comparison").set_value("none").run()
    assert "Contribution CM1 has nothing to be compared with" in said(app)
    app.selectbox(key="period").set_value("this_month").run()
    assert "No rows in" in said(app)
    assert table(app, "attention").height == 5, "what waits, waits today"


@pytest.mark.parametrize("sources", [(), ("salesforce",), ("business_central",)])
def test_what_is_not_connected_is_said(data_dir, sources):
    small.publish(data_dir, sources)
    app = page("overview")
    assert not app.error and not app.exception
    text = said(app)
    if not sources:
        assert "**invoices, orders, deals, payments**" in text
    if sources == ("salesforce",):
        assert "because no connected system delivers invoice lines" in text and "Revenue net" not in figures(app)
    if sources == ("business_central",):
        assert "because no connected system delivers deals" in text and "Win rate by value" not in figures(app)


def test_a_name_from_the_data_is_no_markup(published):
    app = page("overview", effect="price", product="[x](http://example.invalid)")
    assert not app.exception and "[x](" not in said(app)


@pytest.mark.parametrize("language", ["pl", "ru"])
def test_it_draws_in_other_languages(published, language):
    app = page("overview", lang=language)
    assert not app.error and not app.exception and len(app.metric) == 6
    with words.speaking(language):
        assert words.text("page.overview.question") in [title.value for title in app.title]
        assert pl.Series(table(app, "attention")["attention"])[1] == words.text(
            "attention.overdue", n=112, thing="FV-70"
        )

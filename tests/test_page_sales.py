"""The page about sales and prices ranks by what stays, and holds what is won against the targets."""

from datetime import date

import pytest
import small_warehouse as small

from tests.paged import figures, page, said, table

PAGE = "sales_and_prices"
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
MARKUP = "Bob <b>[x](http://example.invalid)</b>"
# seller, revenue, cost, won
SELLERS = [("Cleo", 1000, 400, 200), (MARKUP, 2000, 1900, 900), ("Dora", 500, 450, 50)]
# product, before discounts, discount, cost
PRODUCTS = [("Brake disc", 1000, 100, 500), ("Clutch", 2000, 500, 1000), ("Filter", 100, 5, 200)]


def sold():
    for at, (seller, revenue, cost, won) in enumerate(SELLERS):
        row = {"customer_profitability_key": seller, "customer_key": f"s{at}", "customer_name": f"Firm {at}"}
        row |= {"owner_name": seller, "month": OCTOBER, "revenue_amount": revenue, "cost_amount": cost}
        row |= {"cm1_amount": revenue - cost, "revenue_with_cost_amount": revenue, "discount_amount": 0}
        yield "marts.customer_profitability", row | {"lines_counted": 1}
        deal = {"anchor_key": f"d{at}", "anchor_kind": "deal", "anchor_name": f"D{at}", "owner_name": seller}
        deal |= {"is_won": True, "is_closed": True, "is_excluded": False, "bucket": "won_deal", "deal_amount": won}
        yield "marts.funnel_to_cash", deal | {"won_amount": won, "closed_date": date(2026, 10, 9)}
    for name, gross, discount, cost in PRODUCTS:
        net = gross - discount
        row = {"product_profitability_key": name, "product_key": name, "product_name": name, "category": "Parts"}
        row |= {"gross_amount": gross, "discount_amount": discount, "revenue_amount": net, "month": OCTOBER}
        row |= {"revenue_with_cost_amount": net, "cost_amount": cost, "cm1_amount": net - cost}
        yield "marts.product_profitability", row
    line = {"profitability_line_key": "p1", "product_key": "Clutch", "product_name": "Clutch", "invoice_number": "FV-7"}
    yield "marts.profitability_lines", line | {"posted_date": date(2026, 10, 5), "revenue_amount": 1500}


def targets():
    met = {"pipeline_coverage_key": "o", "scope": "firm", "period_month": OCTOBER, "reason": "met"}
    yield "marts.pipeline_coverage", met | {"target_amount": 1000, "booked_amount": 1150, "open_amount": 0}
    runs = {"pipeline_coverage_key": "n", "scope": "firm", "period_month": NOVEMBER, "remaining_amount": 400}
    yield "marts.pipeline_coverage", runs | {"target_amount": 1000, "booked_amount": 600, "open_amount": 300}


@pytest.fixture
def published(data_dir):
    small.publish(data_dir, more=[*sold(), *targets()])


def test_figures_are_those_one_can_add_up_by_hand(published):
    app = page(PAGE)
    assert not app.error and not app.exception
    shown = figures(app)
    assert shown["Value of deals won"] == "1.15K PLN"
    assert shown["Pipeline coverage"] == "75.0%", "300 of the 400 that are missing in the month that runs"
    leaders = table(app, "owner_name")
    assert leaders["owner_name"].to_list() == ["Cleo", "Anna", MARKUP, "Dora"], "by what stays, not by what is sold"
    assert leaders["cm1"].to_list() == [600, 260, 100, 50]
    text = said(app)
    assert "won most, **900 PLN**, at a margin of 5.0%; **Cleo** keeps most, 60.0%." in text
    assert "1 of 3 products sells above the middle" in text and "came to **2K PLN**. 1 product loses money." in text
    assert "In 1 of the last 1 month the target was met." in text
    assert "In Nov 2026 **600 PLN** of **1K PLN** is booked, and open deals of 300 PLN" in text


def test_a_name_in_the_address_leads_to_its_customers_and_a_product_to_its_invoices(published):
    app = page(PAGE, seller="Cleo")
    assert table(app, "cm1_margin")["customer_name"].to_list() == ["Firm 0"]
    assert table(page(PAGE, product="Clutch"), "invoice_number")["invoice_number"].to_list() == ["FV-7"]
    evil = page(PAGE, seller=MARKUP)
    assert not evil.error and not any("[x](" in text.value for text in evil.markdown)


def test_without_targets_or_prices_it_says_so(data_dir):
    small.publish(data_dir)
    text = said(page(PAGE))
    assert "No target is set" in text and "too few to compare" in text


@pytest.mark.parametrize("sources", [("salesforce",), ("business_central",)])
def test_what_is_not_connected_is_said_and_never_a_nought(data_dir, sources):
    small.publish(data_dir, sources)
    app = page(PAGE)
    assert not app.error and not app.exception
    assert not {"0", "0 PLN", "0.0%"} & set(figures(app).values())
    assert "no connected system delivers deals" in said(app) or "**invoice lines, invoices**" in said(app)


@pytest.mark.parametrize("language,heading", [("pl", "Wartość wygranych szans"), ("ru", "Сумма выигранных сделок")])
def test_it_speaks_polish_and_russian(published, language, heading):
    app = page(PAGE, lang=language)
    assert not app.error and not app.exception and heading in figures(app)

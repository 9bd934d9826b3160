"""The page of one customer: who they are, what happened, what is under way, how they pay, and what nobody knows."""

import json
import shutil
from datetime import date

import pytest
import small_customer as one
import small_warehouse as small

from dashboards import documents, words
from tests.paged import figures, page, said, table

COVERED = ("activities", "tickets", "payment_allocations")


def publish(folder, more=(), sources=("salesforce", "business_central")):
    fed = [("canonical.coverage", {"source": "any", "entity": name, "is_fed": True}) for name in COVERED]
    small.publish(folder, sources, more=[*fed, *more])


@pytest.fixture(scope="session")
def customers(tmp_path_factory):
    """A customer joined for sure, one that is guessed, one the CRM alone knows; each test gets a copy."""
    folder = tmp_path_factory.mktemp("customers")
    crm_only = {"customer_key": "lead", "name": "Only Lead", "is_in_crm": True, "is_in_erp": False}
    alone = {"account_key": "salesforce:lead", "customer_key": "lead", "source": "salesforce", "rule": "alone"}
    publish(folder, [
        *one.rows(),
        *one.rows("maybe", "Maybe Ltd", "scored", "Fleet", sold=False),
        ("canonical.customers", crm_only),
        ("canonical.account_matches", alone),
        ("canonical.accounts", {"account_key": "salesforce:lead", "source": "salesforce", "name": "Only Lead"}),
    ])  # fmt: skip
    return folder


@pytest.fixture
def published(data_dir, customers):
    shutil.copytree(customers, data_dir, symlinks=True, dirs_exist_ok=True)
    return data_dir


def drawn(app, at: int) -> dict:
    return json.loads(app.get("plotly_chart")[at].proto.spec)


def points(figure: dict) -> dict[str, str]:
    """What a click on each marker gives, and the sign that it carries."""
    return {
        key: trace["marker"]["symbol"] for trace in figure["data"] for key in trace["customdata"]
    }  # fmt: skip


def test_the_figures_are_those_of_this_customer(published):
    found = figures(page("customer", customer="nova"))
    assert found == {
        "Contribution CM1": "100 PLN",
        "Contribution margin": "25.0%",
        "Orders": "1",
        "Days to ship, median": "38 days",
        "Overdue receivables": "100 PLN",
        "Open deals": "1",
    }


def test_the_margin_stands_beside_that_of_the_segment(published):
    app = page("customer", customer="nova")
    margin = next(metric for metric in app.metric if metric.label == "Contribution margin")
    assert margin.delta == "-6.9 pts", "the median of 25 % and Alfa's 38.9 %"
    assert "median of segment Chain: 31.9%, 2 customers" in margin.help


def test_the_deepest_contribution_that_is_known_is_shown_under_its_name(data_dir):
    deep = {"customer_profitability_key": "d", "customer_key": "nova", "month": date(2026, 9, 1), "cm3_amount": -40}
    deep |= {"cm2_amount": 10, "has_cost_pools": True, "revenue_amount": 1}
    publish(data_dir, [*one.rows(), ("marts.customer_profitability", deep)])
    assert figures(page("customer", customer="nova"))["Contribution CM3"] == "-40 PLN"


def test_a_month_without_cost_pools_makes_no_contribution_of_two_levels(data_dir):
    row = {"customer_key": "nova", "revenue_amount": 1, "cm2_amount": 10}
    known = {"customer_profitability_key": "d", "month": date(2026, 9, 1), "cm3_amount": -40, "has_cost_pools": True}
    other = {"customer_profitability_key": "e", "month": date(2026, 8, 1), "has_cost_pools": False}
    more = [("marts.customer_profitability", row | part) for part in (known, other)]
    publish(data_dir, [*one.rows(), *more])
    assert figures(page("customer", customer="nova"))["Contribution CM2"] == "20 PLN"


def test_how_sure_the_records_belong_together_is_said_aloud(published):
    assert "surely one customer: joined by the ERP number kept in the CRM" in said(page("customer", customer="nova"))
    guessed = page("customer", customer="maybe")
    assert "**Guessed:**" in guessed.warning[0].value and "97.0% sure" in guessed.warning[0].value
    assert "Agrees: name, town. Differs: telephone." in guessed.warning[0].value
    assert "Known in the CRM only" in said(page("customer", customer="lead"))


def test_the_weakest_rule_decides(data_dir):
    third = {"account_key": "salesforce:third", "customer_key": "nova", "source": "salesforce", "rule": "scored"}
    account = {"account_key": "salesforce:third", "source": "salesforce"}
    publish(data_dir, [*one.rows(), ("canonical.account_matches", third), ("canonical.accounts", account)])
    assert "**Guessed:** that these 3 records" in page("customer", customer="nova").warning[0].value


def test_only_addresses_of_the_web_are_links(published):
    links = [button.proto.url for button in page("customer", customer="nova").get("link_button")]
    assert links == ["https://crm.invalid/nova"]


def test_a_name_with_markup_is_text_everywhere(published):
    app = page("customer", customer="nova")
    head = next(text.value for text in app.subheader)
    assert head.startswith("\\[Nova\\]\\(http\\:")
    assert not any(one.MARKUP in part for part in (head, said(app)))
    text = [hover for trace in drawn(app, 0)["data"] for hover in trace["text"]]
    assert not any("<b>" in hover for hover in text)
    document = page("customer", customer="nova", document="orders|nova:order")
    assert one.MARKUP not in said(document)


def test_every_kind_has_its_row_and_trouble_its_sign(published):
    app = page("customer", customer="nova")
    signs = points(drawn(app, 0))
    assert set(signs) == {
        "activities|nova:call", "quotes|nova:quote", "orders|nova:order", "shipments|nova:shipment",
        "invoices|nova:paid", "invoices|nova:overdue", "invoices|nova:young", "invoices|nova:credited",
        "payments|nova:payment", "tickets|nova:claim",
    }  # fmt: skip
    assert signs["orders|nova:order"] == signs["tickets|nova:claim"] == "x"
    assert signs["invoices|nova:overdue"] == "circle-open" and signs["invoices|nova:paid"] == "circle"
    assert "Last contact **3 Aug 2026**. Last order **1 Sept 2026**." in said(app)
    assert "**1** of 1 orders was not delivered in full as first promised" in said(app)


def test_a_document_shows_its_row_and_both_ways_of_its_links(published):
    app = page("customer", customer="nova", document="orders|nova:order")
    assert "Order SO\\-LATE · 1 Sept 2026 · 400\\.00 PLN · open" in said(app)
    linked = table(app, "is_guessed")
    assert linked["number"].to_list() == ["Deal won", "Q-1", "SH-1", "FV-paid", "Wrong part", None]
    assert linked["is_guessed"].to_list() == [True, True, False, False, False, False], "over a guess all is one"
    assert "1 deal, 1 offer, 1 delivery, 1 invoice, 1 payment, 1 complaint or question" in said(app)
    app.button(key="drill-clear").click().run()
    assert "document" not in app.query_params and app.query_params["customer"] == "nova"


def test_the_other_invoices_of_a_payment_are_no_part_of_the_order(published):
    page("customer", customer="nova")
    assert "nova:elsewhere" not in documents.linked("orders", "nova:order")["key"].to_list()


@pytest.mark.parametrize("address", ["orders|nobody", "measures|revenue", "orders", "|", "x' or 1=1 --|y"])
def test_a_document_nobody_has_is_said_so(published, address):
    app = page("customer", customer="nova", document=address)
    assert not app.error and not app.exception
    assert "No connected system has this document." in said(app)


def test_days_late_are_drawn_around_the_agreed_day(published):
    app = page("customer", customer="nova")
    paying = drawn(app, 1)
    days = {key: day for trace in paying["data"] for key, day in zip(trace["customdata"], trace["y"], strict=True)}
    assert days == {"invoices|nova:paid": 8, "invoices|nova:overdue": 12}, "neither the credited nor the young one"
    assert paying["layout"]["shapes"][0]["y0"] == 0
    assert "14 days agreed" in paying["layout"]["annotations"][0]["text"]
    assert "**2** of 2 invoices were paid late, or are." in said(app)
    assert "comes **8 days late**" in said(app) and "Lately 3 days slower" in said(app)


def test_products_show_what_stays_of_them(published):
    sold = table(page("customer", customer="nova"), "cm1_margin")
    assert sold["product_name"].to_list() == ["Brake disc", "Oil_filter"]
    assert sold["cm1_margin"].to_list() == [0.5, -0.5]
    assert "1 is sold below its cost and loses **50 PLN**" in said(page("customer", customer="nova"))


def test_what_is_under_way_stands_beside_each_other(published):
    app = page("customer", customer="nova")
    assert table(app, "deal_name")["deal_name"].to_list() == ["Deal open"]
    orders = table(app, "is_late")
    assert orders["order_number"].to_list() == ["SO-LATE"] and orders["is_late"].to_list() == [True]
    assert table(app, "days_overdue")["invoice_number"].to_list() == ["FV-overdue", "FV-young"]
    assert "1 order, **400 PLN**, 1 of them late" in said(app) and "2 invoices, **150 PLN**" in said(app)


def test_a_customer_nobody_knows_is_said_plainly_beside_the_search(published):
    app = page("customer", customer="*no* [body](x)")
    assert "Nobody knows the customer of this address: **\\*no\\* \\[body\\]\\(x\\)**" in said(app)
    assert not app.error and not app.exception and not app.metric
    assert "nova" not in said(app) and len(app.text_input) == 1


def test_a_key_that_became_another_customer_leads_there(data_dir):
    moved = {"customer_key_change_key": "1", "from_customer_key": "old", "to_customer_key": "nova"}
    publish(data_dir, [*one.rows(), ("marts.customer_key_changes", moved | {"account_name": "Nova"})])
    links = page("customer", customer="old").get("page_link")
    assert [link.proto.label for link in links][1:] == ["What this was is now part of Nova"], "after the way to Trust"


@pytest.mark.parametrize(
    "asked,names",
    [
        ("maybe", ["Maybe Ltd"]),
        ("LEAD only", ["Only Lead"]),
        ("co* of sales", [one.MARKUP]),
        ("PL 526-000-12-46", ["Maybe Ltd", one.MARKUP]),
    ],
)
def test_the_search_finds_by_name_of_any_system_and_by_tax_number(published, asked, names):
    app = page("customer")
    app.text_input(key="q").set_value(asked).run()
    assert sorted(table(app, "customer_name")["customer_name"]) == sorted(names)


def test_a_search_without_hits_says_so(published):
    app = page("customer", q="(*nobody")
    assert "No customer has “\\(\\*nobody”" in said(app)


def test_before_anything_is_asked_the_largest_come_first(published):
    app = page("customer")
    assert table(app, "customer_name")["customer_name"][0] == "Alfa Parts", "2,000 in twelve months"


@pytest.mark.parametrize("sources", [(), ("salesforce",), ("business_central",)])
def test_what_is_not_connected_is_said_and_never_a_nought(data_dir, sources):
    small.publish(data_dir, sources, more=[*one.rows(sold="business_central" in sources)] if sources else ())
    app = page("customer", customer="nova")
    assert not app.error and not app.exception
    if not sources:
        assert "**accounts**" in said(app)
        return
    lacking = {"salesforce": "invoices", "business_central": "deals"}[sources[0]]
    assert f"because no connected system delivers {lacking}" in said(app)
    assert not any(value in ("0", "0 PLN", "0.0%") for value in figures(app).values())


def test_a_customer_without_anything_gets_sentences_and_no_empty_charts(published):
    app = page("customer", customer="lead")
    assert not app.error and not app.exception
    assert len(app.get("plotly_chart")) == 0
    for sentence in ("Nothing happened in", "No deal is open.", "No order is open.", "Nothing is unpaid."):
        assert sentence in said(app)
    assert "because this customer has no invoices" in said(app)


def test_the_way_to_the_page_is_on_the_pages_that_name_a_customer(published):
    for name, address in (("customer_profitability", {"customer": "alfa"}), ("order_cycle_time", {"order_key": "o4"})):
        links = {link.proto.label: link.proto.query_string for link in page(name, **address).get("page_link")}
        assert links["All about this customer"] == "customer=alfa"


@pytest.mark.parametrize("language", ["en", "pl", "ru"])
def test_it_draws_in_every_language_with_words_for_everything_of_its_own(published, monkeypatch, language):
    shared = {code for code in words.catalogue("en")[0] if code not in words.catalogue("pl")[0]}
    told, missing = words.text, set()

    def heard(code, *others, **more):
        if not words.knows(code) and code not in shared:
            missing.add(code)
        return told(code, *others, **more)

    monkeypatch.setattr(words, "text", heard)
    for address in ({"customer": "nova", "document": "orders|nova:order"}, {"customer": "maybe"}, {"customer": "?"}):
        app = page("customer", lang=language, **address)
        assert not app.error and not app.exception
    assert not missing

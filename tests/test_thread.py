"""A small firm followed from its deals to its money, line by line, with a refresh as it is run every day."""

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.part_of_project import needed_by, part_of_project

pytestmark = pytest.mark.long

ROOT = Path(__file__).parent.parent
ASKED = ("thread_coverage", "funnel_to_cash")

# Alfa called a framework deal off in three orders; Beta ordered about what it was sold; Gamma ordered the same twice.
EXPORTS = {
    "accounts": """
        account_id,name
        alfa,Alfa sp. z o.o.
        beta,Beta sp. z o.o.
        gamma,Gamma sp. z o.o.""",
    "products": """
        product_id,sku,name
        disc,DSC-1,Brake disc
        pad,PAD-1,Brake pad""",
    "deals": """
        deal_id,account_id,name,status,order_reference,currency_code,amount,created_at,closed_at
        framework,alfa,Framework,won,"SO-1; SO-2",PLN,300,2026-01-05,2026-01-20
        sold,beta,Sold,won,,PLN,105,2026-01-05,2026-02-02
        unclear,gamma,Unclear,won,,PLN,50,2026-01-05,2026-02-02
        running,gamma,Running,open,,PLN,20,2026-01-05,""",
    "deal_lines": """
        deal_line_id,deal_id,product_id,quantity,net_amount
        f1,framework,disc,25,250
        f2,framework,pad,5,50
        s1,sold,pad,10,105""",
    "orders": """
        order_id,order_number,account_id,deal_reference,status,currency_code,net_amount,ordered_at
        1,SO-1,alfa,,completed,PLN,100,2026-01-21
        2,SO-2,alfa,,completed,PLN,100,2026-02-10
        3,SO-3,alfa,framework,completed,PLN,100,2026-03-01
        4,SO-4,beta,,open,PLN,105.50,2026-02-06
        5,SO-5,gamma,,open,PLN,50,2026-02-06
        6,SO-6,gamma,,open,PLN,50,2026-02-09
        7,SO-7,beta,,open,PLN,20,2026-02-06""",
    "order_lines": """
        order_line_id,order_id,product_id,quantity,net_amount
        1a,1,disc,10,100
        2a,2,disc,10,100
        3a,3,disc,10,100
        4a,4,pad,10,105.50
        5a,5,pad,5,50
        6a,6,pad,5,50
        7a,7,disc,2,20""",
    # One delivery for two orders; the third order leaves in two, and their lines do not say which line it was.
    "shipments": """
        shipment_id,account_id,order_id,shipped_at
        both,alfa,,2026-02-12
        part,alfa,3,2026-03-04
        rest,alfa,3,2026-03-09""",
    "shipment_lines": """
        shipment_line_id,shipment_id,order_id,order_line_id,product_id,quantity
        b1,both,1,1a,disc,10
        b2,both,2,2a,disc,10
        p1,part,,,disc,4
        r1,rest,,,disc,6""",
    "invoices": """
        invoice_id,invoice_number,kind,account_id,order_id,currency_code,net_amount,tax_amount,gross_amount,issued_date
        i1,FV-1,invoice,alfa,1,PLN,100,23,123,2026-02-13
        i2,FV-2,invoice,alfa,2,PLN,100,23,123,2026-02-13
        i3,FV-3,invoice,alfa,3,PLN,100,23,123,2026-03-10""",
    "invoice_lines": """
        invoice_line_id,invoice_id,order_line_id,product_id,quantity,net_amount
        i1a,i1,1a,disc,10,100
        i2a,i2,2a,disc,10,100
        i3a,i3,,disc,10,100""",
    "payments": """
        payment_id,account_id,currency_code,amount,paid_date
        transfer,alfa,PLN,369,2026-03-20""",
    "payment_allocations": """
        allocation_id,payment_id,invoice_id,kind,currency_code,amount,allocated_date
        t1,transfer,i1,payment,PLN,123,2026-03-20
        t2,transfer,i2,payment,PLN,123,2026-03-20
        t3,transfer,i3,payment,PLN,123,2026-03-20""",
}  # fmt: skip


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """The published answers to a query, keys without the name of the system."""
    folder = tmp_path_factory.mktemp("thread")
    (folder / "files/firm").mkdir(parents=True)
    for entity, content in EXPORTS.items():
        lines = [line.strip() for line in content.strip().splitlines()]
        (folder / f"files/firm/{entity}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = {
        "SOURCES": "files", "FILES_DIR": str(folder / "files"), "DATA_DIR": str(folder / "data"),
        "TIME_ZONE": "Europe/Warsaw", "AS_OF": "2026-03-31", "REPORTING_CURRENCY": "PLN",
        "DBT_PROJECT_DIR": str(part_of_project(folder / "project", *needed_by(*ASKED))),
    }  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if name not in ("COMPANY", "SANDBOX_SCALE")}
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", "refresh"],
        cwd=ROOT, env=environment | settings, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr

    def answer(query: str) -> set[tuple]:
        with duckdb.connect(str((folder / "data/warehouse.duckdb").resolve()), read_only=True) as connection:
            rows = connection.execute(query).fetchall()
        return {tuple(v.removeprefix("firm:") if isinstance(v, str) else v for v in row) for row in rows}

    return answer


def test_a_deal_reaches_its_three_orders_and_only_the_one_possible_order_is_guessed(asked):
    found = asked(
        "select from_key, to_key, link_method, link_confidence, attributed_amount from canonical.thread"
        " where from_entity = 'deals' and to_entity = 'orders'"
    )
    assert found == {
        ("framework", "1", "order_number_in_deal", Decimal("0.99"), 100),
        ("framework", "2", "order_number_in_deal", Decimal("0.99"), 100),
        ("framework", "3", "deal_number_in_order", Decimal("0.99"), 100),
        ("sold", "4", "customer_amount_and_date", Decimal("0.9"), Decimal("105.5")),
    }
    refused = asked(
        "select from_key, order_key, orders_counted from canonical.order_candidates where not is_only_candidate"
    )
    assert refused == {("unclear", "5", 2), ("unclear", "6", 2)}


def test_one_delivery_of_two_orders_and_one_payment_of_three_invoices_are_counted_once(asked):
    found = asked(
        "select from_key, to_key, attributed_amount from canonical.thread"
        " where (from_entity, to_entity) in (('orders', 'shipments'), ('invoices', 'payments'))"
    )
    assert found == {
        ("1", "both", 100), ("2", "both", 100), ("3", "part", 40), ("3", "rest", 60),
        ("i1", "transfer", 123), ("i2", "transfer", 123), ("i3", "transfer", 123),
    }  # fmt: skip


def test_every_line_is_followed_to_its_invoice(asked):
    found = asked(
        "select from_line_key, to_line_key, link_method, quantity, attributed_amount from canonical.thread_lines"
    )
    assert found == {
        ("f1", "1a", "same_item", 10, 100), ("f1", "2a", "same_item", 10, 100), ("f1", "3a", "same_item", 5, 50),
        ("s1", "4a", "same_item", 10, Decimal("105.5")),
        ("1a", "b1", "stated_line", 10, 100), ("2a", "b2", "stated_line", 10, 100),
        ("3a", "p1", "same_item", 4, 40), ("3a", "r1", "same_item", 6, 60),
        ("1a", "i1a", "stated_line", 10, 100), ("2a", "i2a", "stated_line", 10, 100),
        ("3a", "i3a", "same_item", 10, 100),
        ("b1", "i1a", "same_order_line", 10, 100), ("b2", "i2a", "same_order_line", 10, 100),
        ("p1", "i3a", "same_order_line", 4, 40), ("r1", "i3a", "same_order_line", 6, 60),
    }  # fmt: skip


def test_the_money_of_a_deal_is_that_of_its_orders_and_a_guess_is_marked(asked):
    found = asked(
        "select anchor_name, bucket, ordered_amount, collected_amount, order_link_method, is_order_link_guessed"
        " from marts.funnel_to_cash"
    )
    assert found == {
        ("Framework", "won_ordered", 300, 300, "deal_number_in_order", False),
        ("Sold", "won_ordered", Decimal("105.5"), 0, "customer_amount_and_date", True),
        ("Unclear", "won_not_ordered", 0, 0, None, False),
        ("Running", "open_deal", 0, 0, None, False),
        ("SO-5", "order_without_deal", 50, 0, None, False),
        ("SO-6", "order_without_deal", 50, 0, None, False),
        ("SO-7", "order_without_deal", 20, 0, None, False),
    }


def test_coverage_is_counted_on_both_sides_and_what_nobody_feeds_has_no_row(asked):
    found = asked(
        "select step, side, documents_counted, stated_counted, guessed_counted, amount, linked_amount, orphan_amount"
        " from marts.thread_coverage"
    )
    assert found == {
        ("deals_to_orders", "earlier", 3, 1, 1, 455, 405, 50),
        ("deals_to_orders", "later", 7, 3, 1, Decimal("525.5"), Decimal("405.5"), 120),
        ("orders_to_shipments", "earlier", 7, 3, 0, Decimal("525.5"), 300, Decimal("225.5")),
        ("orders_to_shipments", "later", 3, 3, 0, None, None, None),
        ("orders_to_invoices", "earlier", 7, 3, 0, Decimal("525.5"), 300, Decimal("225.5")),
        ("orders_to_invoices", "later", 3, 3, 0, 300, 300, 0),
        ("invoices_to_payments", "earlier", 3, 3, 0, 300, 300, 0),
        ("invoices_to_payments", "later", 1, 1, 0, 369, 369, 0),
    }

"""A real Tryton, filled by its own client, read by us and published: our figures are those that Tryton says itself."""

import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import requests

from pipelines.load import load
from pipelines.sandbox.server import serve
from pipelines.sources.tryton.asking import refused
from pipelines.sources.tryton.streams import STREAMS
from tests.tryton_records import records
from tests.tryton_server import Server, served

pytestmark = pytest.mark.long
ROOT = Path(__file__).parents[1]
AS_OF = "2026-11-20"


@dataclass
class Firm:
    server: Server
    warehouse: Path
    said: str

    @property
    def told(self) -> dict[str, list[list[Any]]]:
        return self.server.told

    def rows(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def firm(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tryton")
    data = folder / "data"
    with served(folder) as server:
        given = {f"TRYTON__{name.upper()}": value for name, value in server.settings.items()}
        settings = {"SOURCES": "tryton", "DATA_DIR": str(data), "TIME_ZONE": "Europe/Warsaw", "AS_OF": AS_OF}
        inherited = {name: value for name, value in os.environ.items() if name != "COMPANY"}
        command = [sys.executable, "-m", "pipelines", "refresh"]
        done = subprocess.run(
            command, cwd=ROOT, env=inherited | settings | given, capture_output=True, text=True, timeout=1200
        )
        assert done.returncode == 0, done.stdout + done.stderr
        yield Firm(server, data / "warehouse.duckdb", done.stdout + done.stderr)


def money(text: str) -> Decimal:
    return Decimal(text).quantize(Decimal("0.01"))


def test_every_stream_is_read_and_nothing_is_odd(firm):
    assert firm.rows("select entity from canonical.coverage where not is_fed and source = 'tryton'") == []
    assert firm.rows("select count(*) from marts.exceptions where code = 'quarantined_value'") == [(0,)]


def test_orders_are_the_confirmed_sales_and_what_comes_back_is_none_of_them(firm):
    ordered = [
        (number, date.fromisoformat(day), money(amount))
        for number, _, state, amount, day in firm.told["sales"]
        if state in ("processing", "done") and Decimal(amount) > 0
    ]
    day = "cast(ordered_at at time zone 'UTC' at time zone 'Europe/Warsaw' as date)"
    assert sorted(ordered) == firm.rows(f"select order_number, {day}, net_amount from canonical.orders order by 1")  # noqa: S608
    assert len(ordered) == 2 < len(firm.told["sales"])


def test_invoices_and_credit_notes_have_the_amounts_and_days_that_tryton_says(firm):
    said = [
        (number, date.fromisoformat(day), money(net), money(gross))
        for number, day, net, gross, _ in firm.told["invoices"]
    ]
    columns = "invoice_number, issued_date, net_amount, gross_amount"
    assert sorted(said) == firm.rows(f"select {columns} from canonical.invoices order by 1")  # noqa: S608
    assert sorted(kind for (kind,) in firm.rows("select kind from canonical.invoices")) == [
        "credit_note", "credit_note", "invoice", "invoice", "invoice",
    ]  # fmt: skip


def test_what_is_open_of_each_invoice_is_what_tryton_says_is_to_pay(firm):
    said = {number: money(to_pay) for number, *_, to_pay in firm.told["invoices"]}
    assert sum(said.values()) != 0
    open_now = dict(
        firm.rows(
            "select invoice_number, gross_amount - coalesce("
            "(select sum(amount) from canonical.payment_allocations as paid where paid.invoice_key = i.invoice_key), 0)"
            " from canonical.invoices as i"
        )
    )
    assert open_now == said
    assert firm.rows("select sum(open_amount) from marts.receivables") == [(sum(said.values()),)]


def test_payments_are_of_the_day_their_money_came(firm):
    said = sorted((date.fromisoformat(day), money(amount), number) for number, day, amount in firm.told["payments"])
    assert said == firm.rows(
        "select paid_date, payments.amount, invoice_number from canonical.payments"
        " join canonical.payment_allocations using (payment_key) join canonical.invoices using (invoice_key) order by 1"
    )


def test_goods_leave_and_come_back_on_their_days_and_cost_what_their_moves_cost(firm):
    said = Counter((sku, day, quantity) for sku, day, quantity, _ in firm.told["goods"])
    shipped = firm.rows(
        "select sku, cast(cast(shipped_at at time zone 'UTC' at time zone 'Europe/Warsaw' as date) as varchar),"
        " cast(quantity as double) from canonical.shipment_lines join canonical.shipments using (shipment_key)"
        " join canonical.products using (product_key) where shipped_at is not null"
    )
    assert Counter(shipped) == said
    cost = sum(Decimal(str(quantity)) * Decimal(each) for _, _, quantity, each in firm.told["goods"])
    assert firm.rows("select sum(cost_amount) from canonical.invoice_lines") == [(cost,)]


def test_the_margin_after_product_and_freight_is_revenue_less_what_tryton_says_both_cost(firm):
    revenue = sum(Decimal(net) for _, _, net, _, _ in firm.told["invoices"])
    goods = sum(Decimal(str(quantity)) * Decimal(each) for _, _, quantity, each in firm.told["goods"])
    freight = sum(Decimal(cost) for _, _, cost in firm.told["freight"])
    ((net, cm1, cm2),) = firm.rows(
        "select sum(revenue_amount), sum(cm1_amount), sum(cm2_amount) from marts.profitability_lines"
    )
    assert (net, cm1) == (revenue, revenue - goods)
    assert cm2 <= revenue - goods - freight


def test_the_thread_leads_from_the_lead_to_the_cash_with_the_days_between(firm):
    days = "days_lead_to_deal, days_deal_to_won, days_won_to_order, days_lead_to_last_cash, days_order_to_last_cash"
    amounts = "deal_amount, ordered_amount, invoiced_amount, credited_amount, collected_amount, open_amount"
    found = firm.rows(f"select bucket, {days}, {amounts} from marts.funnel_to_cash order by started_date, anchor_key")  # noqa: S608
    assert [row[0] for row in found] == ["won_ordered", "lost_deal", "open_lead", "order_without_deal"]
    assert found[0][1:] == (8, 9, 0, 65, 48, 1250, 1250, 1275, -100, 1175, 0)
    links = "select to_entity, link_method from canonical.thread where from_key like '%sale.opportunity,1' order by 1"
    assert firm.rows(links) == [("orders", "order_of_quote"), ("quotes", "deal_of_quote")]


def test_how_long_an_order_took_is_what_the_days_of_its_documents_say(firm):
    days = "days_to_order, days_to_ship, days_to_invoice, days_to_cash, days_order_to_cash"
    assert firm.rows(f"select {days} from marts.order_cycle_time order by order_number") == [  # noqa: S608
        (2, 12, 1, 35, 48),
        (0, 32, -2, None, None),
    ]


def test_our_figures_of_the_ledger_agree_with_tryton_s_own_month_by_month(firm):
    checks = "select check_code, count(*), bool_and(is_ok) from marts.reconciliation where check_code like 'ledger_%'"
    assert firm.rows(f"{checks} group by 1 order by 1") == [
        ("ledger_receivables", 3, True),
        ("ledger_revenue", 3, True),
    ]
    assert firm.rows("select check_code from marts.reconciliation where not is_ok") == []


def test_the_stages_of_a_deal_are_those_of_its_revisions(firm):
    assert firm.rows(
        "select stage, cast(entered_at as date), method from canonical.deal_stages"
        " where deal_key like '%sale.opportunity,1' order by entered_at"
    ) == [
        ("opportunity", date(2026, 9, 1), "log"),
        ("converted", date(2026, 9, 8), "log"),
        ("won", date(2026, 9, 10), "log"),
    ]
    assert firm.rows("select count(*) from canonical.leads where status = 'open'") == [(1,)]


def test_a_second_load_reads_what_may_have_changed_and_changes_nothing(firm, tmp_path):
    now = datetime.now(UTC).replace(tzinfo=None)
    given = firm.server.settings | {"time_zone": "Europe/Warsaw"}
    landing = tmp_path / "tryton.duckdb"
    first = load("tryton", "tryton", landing, tmp_path / "work", settings=given, now=now)
    before = counted(landing)
    again = load("tryton", "tryton", landing, tmp_path / "again", settings=given, now=now)
    assert sum(again.rows.values()) < sum(first.rows.values()) / 2 and not again.quarantined
    assert counted(landing) == before and min(before.values()) > 0


def counted(landing: Path) -> dict[str, int]:
    with duckdb.connect(str(landing), read_only=True) as connection:
        count = "select count(*) from raw.{}"
        return {one.name: connection.execute(count.format(one.name)).fetchone()[0] for one in STREAMS}


PARTY, NOWHERE = "party.party", "nowhere.at_all"


@pytest.mark.parametrize(
    ("model", "field", "key"),
    [(PARTY, "name", "wrong"), (PARTY, "nope", ""), (NOWHERE, "name", ""), (PARTY, "name", "")],
)
def test_the_stand_in_answers_as_the_server_does(firm, model, field, key):
    with serve({"tryton": records(3)}) as sandbox:
        told = [answered(given, model, field, key) for given in (firm.server.settings, sandbox.settings("tryton"))]
    assert told[0] == told[1]


def answered(given: dict[str, str], model: str, field: str, key: str) -> tuple:
    """Status, what we take a refusal for, how the answer says how much there is, what a record is made of."""
    headers = {"Authorization": f"Bearer {key or given['key']}", "Range": "records=0-2"}
    address = f"{given['base_url']}/{given['database']}/rest/model/{model}"
    found = requests.get(address, params={"f": [field, "create_date"]}, headers=headers, timeout=60)
    if found.status_code != 200:
        return found.status_code, str(refused(found.status_code, found.content))
    span = re.sub(r"\d+$", "N", found.headers["Content-Range"])
    return found.status_code, span, sorted(found.json()[0]), sorted(found.json()[0]["create_date"])

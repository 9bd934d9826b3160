"""What a source loads and when: every row in its newest version, once, whatever the order and the clock."""

from datetime import datetime, timedelta

import polars as pl
import pytest

from pipelines.failures import SourceFailed
from pipelines.sandbox.faults import Fault
from tests.source_at_work import TODAY, SourceAtWork, at_work, changed
from tests.vendor_records import (
    FIRST_COMPANY,
    business_central_records,
    guid,
    moment,
    salesforce_records,
    two_companies,
)

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def accounts(tmp_path, monkeypatch):
    """Seven accounts of a CRM, three to a page."""
    with at_work("salesforce", salesforce_records(7), tmp_path, monkeypatch, "accounts", page_rows=3) as source:
        yield source


@pytest.fixture
def orders(tmp_path, monkeypatch):
    """Five orders of an ERP with two lines each, two orders to a page."""
    records = business_central_records(5, 2)
    with at_work("business_central", records, tmp_path, monkeypatch, "sales_orders", page_rows=2) as source:
        yield source


def serve_accounts(source: SourceAtWork, frame: pl.DataFrame) -> None:
    source.sandbox.records = {"salesforce": {"Account": frame}}


def accounts_frame(rows: int = 7) -> pl.DataFrame:
    return salesforce_records(rows)["Account"]


def test_every_row_of_every_page_arrives_with_its_exact_values(accounts):
    result = accounts.load()
    assert result.rows["accounts"] == 7
    assert len(accounts.keys("accounts")) == 7
    assert accounts.rows("select name, created_date, is_deleted from raw.accounts order by name limit 1") == [
        ("Name 0", datetime(2026, 1, 1, 8), False)
    ]


def test_a_second_load_of_the_same_day_changes_nothing_and_asks_once_per_stream_plus_the_overlap(accounts):
    accounts.load()
    before = accounts.rows("select * from raw.accounts order by id")
    result = accounts.load(overlap_minutes="1")
    assert accounts.rows("select * from raw.accounts order by id") == before
    assert [path.split("?")[0] for _, path, _ in accounts.asked] == [
        "/services/oauth2/token",
        "/services/data/v66.0/queryAll",
    ]
    assert result.requests == 2


def test_many_rows_of_one_second_survive_a_run_that_is_cut_after_any_page(tmp_path, monkeypatch):
    """2086 recorded accounts share 423 moments: ties lie on page edges."""
    frame = accounts_frame(9).with_columns(SystemModstamp=pl.lit(moment("salesforce", 5)))
    with at_work("salesforce", {"Account": frame}, tmp_path, monkeypatch, "accounts", page_rows=2) as source:
        for page in range(2, 6):
            source.sandbox.faults = [Fault("500", entity="Account", on=page, times=None)]
            with pytest.raises(SourceFailed):
                source.load()
        source.sandbox.faults = []
        source.load()
        assert len(source.keys("accounts")) == 9


def test_a_new_and_a_changed_row_with_the_last_cursor_value_both_arrive(accounts):
    accounts.load()
    same = accounts_frame()["SystemModstamp"][6]
    later = changed(accounts_frame(8), 5, Name="Changed", SystemModstamp=same)
    serve_accounts(accounts, changed(later, 7, SystemModstamp=same))
    accounts.load(overlap_minutes="0")
    assert accounts.rows("select count(*), count(*) filter (name = 'Changed') from raw.accounts") == [(8, 1)]


def test_a_row_that_was_written_late_is_found_within_the_overlap_and_by_the_comparison_of_keys(accounts):
    accounts.load()
    late = changed(accounts_frame(9), 7, SystemModstamp=moment("salesforce", 4))
    serve_accounts(accounts, changed(late, 8, SystemModstamp="2025-01-01T00:00:00.000+0000"))
    accounts.load()
    assert "Name 7" in accounts.keys("accounts", "name"), "it lies within the overlap"
    assert "Name 8" not in accounts.keys("accounts", "name")
    accounts.load(TOMORROW)
    assert "Name 8" in accounts.keys("accounts", "name"), "its key showed that it never came"


def test_a_date_in_the_future_does_not_hide_what_changes_later(accounts):
    serve_accounts(accounts, changed(accounts_frame(), 0, SystemModstamp="2099-01-01T00:00:00.000+0000"))
    accounts.load()
    changes = {"Name": "Changed", "SystemModstamp": "2026-06-01T21:00:00.000+0000"}
    future = changed(accounts_frame(), 0, SystemModstamp="2099-01-01T00:00:00.000+0000")
    serve_accounts(accounts, changed(future, 3, **changes))
    accounts.load(TOMORROW)
    assert accounts.rows("select count(*), count(*) filter (name = 'Changed') from raw.accounts") == [(7, 1)]


def test_a_row_without_a_cursor_value_is_kept(accounts):
    serve_accounts(accounts, changed(accounts_frame(), 2, SystemModstamp=None))
    accounts.load()
    assert len(accounts.keys("accounts")) == 7


@pytest.mark.parametrize("kind", ["record_twice", "record_on_two_pages", "page_repeated", "shuffled"])
def test_a_row_that_comes_twice_is_one_row(accounts, kind):
    accounts.sandbox.faults = [Fault(kind, entity="Account", on=2, value=7)]
    accounts.load()
    assert len(accounts.rows("select id from raw.accounts")) == 7


def test_an_older_version_that_comes_last_does_not_win(accounts):
    older = {"Name": "Older", "SystemModstamp": "2025-12-01T00:00:00.000+0000"}
    accounts.sandbox.faults = [Fault("older_version_last", entity="Account", on=1, value=older)]
    accounts.load()
    assert accounts.rows("select count(*), count(*) filter (name = 'Older') from raw.accounts") == [(7, 0)]


def test_a_row_deleted_between_two_pages_is_marked_when_keys_are_next_compared(orders):
    orders.sandbox.faults = [Fault("row_deleted", entity="salesOrders", on=2, value=guid(0, "salesOrders"))]
    orders.load()
    assert len(orders.keys("sales_orders")) == 5, "it had come with the first page"
    orders.load(TOMORROW)
    assert len(orders.keys("sales_orders")) == 4
    assert len(orders.keys("sales_order_lines")) == 8, "its lines went with it"
    assert orders.rows("select count(*) from raw.sales_orders where is_deleted") == [(1,)], "and it is still known"


def test_keys_are_compared_once_a_day_at_most(orders):
    orders.load()
    orders.load(TOMORROW)
    assert any("$select=id" in path for _, path, _ in orders.asked)
    orders.load(TOMORROW + timedelta(hours=1))
    assert not any("$select=id" in path for _, path, _ in orders.asked)


def test_a_key_that_comes_back_is_a_living_row_again(orders):
    orders.load()
    everything = business_central_records(5, 2)
    gone = everything | {"salesOrders": everything["salesOrders"][1:]}
    orders.sandbox.records = {"business_central": gone}
    orders.load(TOMORROW)
    assert len(orders.keys("sales_orders")) == 4
    orders.sandbox.records = {"business_central": everything}
    orders.load(TOMORROW + timedelta(days=1))
    assert len(orders.keys("sales_orders")) == 5
    assert len(orders.keys("sales_order_lines")) == 10


def test_what_the_recycle_bin_holds_is_marked_and_what_was_purged_from_it_too(accounts):
    serve_accounts(accounts, changed(accounts_frame(), 1, IsDeleted=True))
    accounts.load()
    assert len(accounts.keys("accounts")) == 6
    serve_accounts(accounts, changed(accounts_frame(), 1, IsDeleted=True)[:6])
    accounts.load(TOMORROW)
    assert len(accounts.keys("accounts")) == 5


def test_a_line_that_was_taken_out_of_an_order_vanishes(orders):
    orders.load()
    records = business_central_records(5, 2)
    records["salesOrders"] = changed(records["salesOrders"], 0, lastModifiedDateTime="2026-06-01T10:00:00.000Z")
    records["salesOrders"] = changed(records["salesOrders"], 1, lastModifiedDateTime="2026-06-01T10:00:00.000Z")
    # One order loses a line of its two, another one loses both.
    records["salesOrderLines"] = records["salesOrderLines"].filter(~pl.int_range(pl.len()).is_in([1, 2, 3]))
    orders.sandbox.records = {"business_central": records}
    orders.load()
    assert len(orders.rows("select id from raw.sales_order_lines")) == 7


def test_equal_document_numbers_of_two_companies_are_two_documents(tmp_path, monkeypatch):
    records = two_companies(business_central_records(3, 2))
    with at_work("business_central", records, tmp_path, monkeypatch, "sales_orders sales_lines") as source:
        for day in (TODAY, TOMORROW):
            source.load(day)
            for table, rows in {"sales_orders": 6, "sales_order_lines": 12, "sales_lines": 6}.items():
                assert len(source.keys(table, "company_id")) == rows
        assert source.rows("select count(distinct company_id) from raw.sales_orders") == [(2,)]


def test_a_set_without_a_key_is_replaced_company_by_company_even_by_nothing(tmp_path, monkeypatch):
    records = two_companies(business_central_records(3))
    with at_work("business_central", records, tmp_path, monkeypatch, "sales_lines") as source:
        source.load()
        first = pl.col("companyId") == FIRST_COMPANY
        source.sandbox.records = {"business_central": records | {"salesLines": records["salesLines"].filter(~first)}}
        source.load()
        assert source.rows("select company_name, count(*) from raw.sales_lines group by 1") == [("Second", 3)]


SILENT = [
    ("sales_invoices", "salesInvoices", {"remainingAmount": 0.0}, "status = 'Open' and remaining_amount = 0"),
    ("sales_invoices", "salesInvoices", {"status": "Paid"}, "status = 'Paid'"),
    ("customer_ledger_entries", "customerLedgerEntries", {"cleOpen": False}, "not cle_open"),
    ("item_ledger_entries", "itemLedgerEntries", {"open": False, "remainingQuantity": 0.0}, "not open"),
    ("items", "items", {"inventory": 77.0}, "inventory = 77"),
]


@pytest.mark.parametrize(("table", "entity", "values", "condition"), SILENT, ids=[str(case[2]) for case in SILENT])
def test_what_changes_without_saying_so_is_noticed_all_the_same(
    tmp_path, monkeypatch, table, entity, values, condition
):
    """A settlement does not always touch the modified date, and what is settled is no longer among the open ones."""
    records = business_central_records(400, 1, only=table)
    opened = {"status": "Open", "open": True, "cleOpen": True}
    frame = records[entity]
    records[entity] = frame.with_columns(pl.lit(opened[name]).alias(name) for name in opened if name in frame.columns)
    with at_work("business_central", records, tmp_path, monkeypatch, table) as source:
        source.load()
        later = {entity: changed(records[entity], 0, **values)}
        source.sandbox.records = {"business_central": records | later}
        source.load(overlap_minutes="0")
        assert source.rows(f"select count(*) from raw.{table} where {condition}") == [(1,)]  # noqa: S608
        assert len(source.keys(table, "*")) == 400
        asked_for = len(source.asked)
        source.load(overlap_minutes="0")
        assert len(source.asked) <= asked_for, "once known, it is not asked for again"


@pytest.mark.parametrize(
    "days",
    [
        (datetime(2026, 3, 28, 12), datetime(2026, 3, 29, 1, 30), datetime(2026, 3, 30)),
        (datetime(2025, 12, 31, 23, 59), datetime(2026, 1, 1), datetime(2026, 1, 2)),
        (datetime(2026, 6, 2), datetime(2026, 6, 1), datetime(2026, 6, 3)),
    ],
    ids=["summer time begins", "the year ends", "the clock jumps back"],
)
def test_no_row_is_lost_when_the_clock_is_odd(tmp_path, monkeypatch, days):
    frame = accounts_frame(3)
    with at_work("salesforce", {"Account": frame[:1]}, tmp_path, monkeypatch, "accounts") as source:
        for number, now in enumerate(days):
            changed_now = now.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
            frame = changed(frame, number, SystemModstamp=changed_now, Name=f"as of load {number}")
            serve_accounts(source, frame[: number + 1])
            source.load(now, time_zone="Europe/Warsaw")
            assert source.keys("accounts", "name")[-1] == f"as of load {number}"
        assert len(source.keys("accounts")) == 3


def test_streams_start_from_the_beginning_when_the_firm_names_a_field_of_its_own(accounts):
    serve_accounts(accounts, accounts_frame().with_columns(TaxId__c=pl.lit("5213017228")))
    accounts.load()
    assert accounts.rows("select distinct tax_id from raw.accounts") == [(None,)]
    accounts.load(tax_id_field="TaxId__c")
    assert accounts.rows("select distinct tax_id from raw.accounts") == [("5213017228",)]

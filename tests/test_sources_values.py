"""Odd values and drifting schemas: exact, or set aside with a reason; never silently another value."""

from datetime import datetime, timedelta
from decimal import Decimal

import dlt
import pytest

from pipelines import load
from pipelines.envelope import split
from pipelines.extraction import Envelope, Reading, Scope, resource
from pipelines.failures import SourceFailed
from pipelines.http import Http, Limits
from pipelines.pages import batch
from pipelines.raw_tables import shaped
from pipelines.sandbox.faults import Fault
from pipelines.source_options import Options
from pipelines.sources import salesforce
from pipelines.streams import Stream, columns, snake
from tests.source_at_work import TODAY, SourceAtWork, at_work
from tests.vendor_records import business_central_records, frame, salesforce_records

# One odd row of a thousand is the most that a stream may have.
ROWS = 1001
OPPORTUNITIES = next(stream for stream in salesforce.STREAMS if stream.name == "opportunities")


@pytest.fixture(scope="module")
def many_deals():
    return {"Opportunity": frame("salesforce", OPPORTUNITIES, range(ROWS))}


@pytest.fixture
def deals(many_deals, tmp_path, monkeypatch):
    with at_work("salesforce", many_deals, tmp_path, monkeypatch, "opportunities") as source:
        yield source


def load_with(source: SourceAtWork, **fields: str | None) -> None:
    """Load while the first row's fields stand in the body as given."""
    source.sandbox.faults = [Fault("fields", value=fields, entity="Opportunity")]
    source.load(time_zone="Europe/Warsaw")


def typed(field: str, given: str) -> tuple[object, list[tuple]]:
    """What becomes of a field of a deal that stands in a page as given, and what is set aside."""
    record = f'{{"Id": "006", "{field}": {given}}}'
    page = split(f'{{"value": [{record}]}}'.encode(), Envelope("value", "next"))
    made = batch(page, OPPORTUNITIES)
    rows, unread = shaped(made.rows, OPPORTUNITIES, {}, {}, "Europe/Warsaw")
    odd = [(one.row_key, one.column_name, one.value, one.reason) for one in [*made.quarantined, *unread]]
    return rows[snake(field)][0], odd


EXACT = [
    ("Amount", "1E+20", Decimal("100000000000000000000")),
    ("Amount", "0.1", Decimal("0.1")),
    ("Amount", "12345678901234567890.123456789", Decimal("12345678901234567890.123456789")),
    ("Amount", "1.500000000000", Decimal("1.5")),
    ("Amount", '"12.50"', Decimal("12.5")),
    ("Amount", "-0.000000001", Decimal("-0.000000001")),
    ("Name", "12345678901234567890.5", "12345678901234567890.5"),
    ("Name", '"Zażółć «Юг» 👍 \\r\\n"', "Zażółć «Юг» 👍 \r\n"),
    ("CreatedDate", '"2026-05-01T07:25:37.000+0000"', datetime(2026, 5, 1, 7, 25, 37)),
    ("CreatedDate", '"2026-05-01T07:25:37.1234567Z"', datetime(2026, 5, 1, 7, 25, 37, 123456)),
    ("CreatedDate", '"2026-05-01T07:25:37.37Z"', datetime(2026, 5, 1, 7, 25, 37, 370000)),
    ("CreatedDate", '"2026-05-01T07:25:37+02:00"', datetime(2026, 5, 1, 5, 25, 37)),
    ("CreatedDate", '"2026-05-01T07:25:37"', datetime(2026, 5, 1, 5, 25, 37)),
    ("CreatedDate", '"0001-01-01T00:00:00Z"', datetime(1, 1, 1)),
]


@pytest.mark.parametrize(("field", "given", "expected"), EXACT, ids=[given for _, given, _ in EXACT])
def test_what_can_be_exact_is_exact(field, given, expected):
    assert typed(field, given) == (expected, [])


NESTED = "a nested value where a single one was declared"
NO_MOMENT = "not a moment that was, in this time zone"
SET_ASIDE = [
    ("Amount", "NaN", "not a number"),
    ("Amount", "1e40", "more digits than decimal(38, 9) holds"),
    ("Amount", "1.123456789012", "more than nine decimals"),
    ("Amount", '"1 234,50"', "not a number"),
    ("Amount", "{}", NESTED),
    ("Amount", "true", "true or false where decimal was declared"),
    ("IsWon", '"maybe"', "not true or false"),
    ("Name", '["a"]', NESTED),
    ("CloseDate", '"2026-02-30"', "not a day of the calendar"),
    ("CreatedDate", '"yesterday"', NO_MOMENT),
    ("CreatedDate", '"2026-03-29T02:30:00"', NO_MOMENT),
    ("CreatedDate", '"2025-10-26T02:30:00"', NO_MOMENT),
]


@pytest.mark.parametrize(("field", "given", "reason"), SET_ASIDE, ids=[given for _, given, _ in SET_ASIDE])
def test_what_cannot_be_exact_is_null_and_set_aside_with_a_reason(field, given, reason):
    assert typed(field, given) == (None, [("006", snake(field), given.strip('"'), reason)])


@pytest.mark.parametrize(
    ("given", "kept"), [('"a\\u0000b"', "ab"), ('"a\\ud800b"', "a?b")], ids=["NUL", "half a surrogate pair"]
)
def test_characters_that_no_text_may_hold_are_taken_out_and_said(given, kept):
    value, odd = typed("Name", given)
    assert value == kept
    assert [(column, shown) for _, column, shown, _ in odd] == [("name", given.strip('"'))]


def test_odd_values_leave_the_good_ones_of_their_row_and_page_alone(deals):
    load_with(deals, Amount="NaN", Name='"a\\u0000b"', CloseDate='"soon"', Probability="1E+2")
    assert deals.rows("select count(*), count(amount), count(close_date) from raw.opportunities") == [
        (ROWS, ROWS - 1, ROWS - 1)
    ]
    first = "select name, amount, close_date, probability, stage_name from raw.opportunities order by id limit 1"
    assert deals.rows(first) == [("ab", None, None, Decimal(100), "StageName 0")]
    assert deals.rows("select stream, column_name, value from raw.quarantine order by 2") == [
        ("opportunities", "amount", "NaN"),
        ("opportunities", "close_date", "soon"),
        ("opportunities", "name", "a\\u0000b"),
    ]


def test_a_whole_number_of_more_than_64_bits_is_set_aside():
    tasks = next(stream for stream in salesforce.STREAMS if stream.name == "tasks")
    page = split(b'{"value": [{"Id": "00T", "CallDurationInSeconds": 9223372036854775808}]}', Envelope("value", "next"))
    made = batch(page, tasks)
    assert made.rows["CallDurationInSeconds"].to_list() == [None]
    assert [one.reason for one in made.quarantined] == ["more than 64 bits"]


def test_an_odd_value_in_a_line_leaves_its_document_alone(tmp_path, monkeypatch):
    records = business_central_records(ROWS, 1, only="sales_orders")
    with at_work("business_central", records, tmp_path, monkeypatch, "sales_orders") as orders:
        fault = Fault("fields", entity="salesOrders", value={"salesOrderLines.quantity": "1e40"})
        orders.sandbox.faults = [fault]
        orders.load()
        assert orders.rows("select count(*), count(quantity) from raw.sales_order_lines") == [(ROWS, ROWS - 1)]
        assert orders.rows("select stream, column_name from raw.quarantine") == [("sales_order_lines", "quantity")]


def test_a_value_that_was_put_right_leaves_quarantine(deals):
    load_with(deals, Amount="NaN")
    deals.sandbox.faults = []
    deals.load(overlap_minutes="100000")
    assert deals.rows("select * from raw.quarantine") == []
    assert deals.rows("select count(amount) from raw.opportunities") == [(ROWS,)]


def test_more_odd_rows_than_one_of_a_thousand_end_the_load(many_deals, tmp_path, monkeypatch):
    few = {"Opportunity": many_deals["Opportunity"][:500]}
    complaint = pytest.raises(SourceFailed, match="1 of 500 rows hold a value that cannot be read, for example amount")
    with at_work("salesforce", few, tmp_path, monkeypatch, "opportunities") as source, complaint:
        load_with(source, Amount="NaN")


DRIFTS = [
    ("a number becomes text", {"Amount": '"a lot"'}),
    ("a number becomes nested", {"Amount": '{"value": 1}'}),
    ("a whole column vanishes", {"Amount": None}),
    ("a date becomes text", {"CloseDate": '"soon"'}),
    ("a truth becomes a number", {"IsWon": "1"}),
]


@pytest.mark.parametrize("values", [values for _, values in DRIFTS], ids=[name for name, _ in DRIFTS])
def test_a_column_that_changes_its_type_or_vanishes_ends_the_load_and_the_next_good_one_passes(deals, values):
    deals.load()
    before = deals.rows("select * from raw.opportunities order by id")
    deals.sandbox.faults = [Fault("fields_of_all", entity="Opportunity", times=None, value=values)]
    with pytest.raises(SourceFailed, match=r"cannot be read|is gone from the source"):
        deals.load(overlap_minutes="100000")
    deals.sandbox.faults = []
    deals.load(overlap_minutes="100000")
    assert deals.rows("select * from raw.opportunities order by id") == before


def test_a_column_that_is_new_at_the_source_and_whole_numbers_with_decimals_change_nothing_else(deals):
    deals.load()
    before = deals.rows("select * exclude (amount) from raw.opportunities order by id")
    values = {"Amount": "1.5", "Colour": '{"deep": [1]}'}
    deals.sandbox.faults = [Fault("fields_of_all", entity="Opportunity", times=None, value=values)]
    deals.load(overlap_minutes="100000")
    assert deals.rows("select * exclude (amount) from raw.opportunities order by id") == before
    assert deals.rows("select distinct amount from raw.opportunities") == [(Decimal("1.5"),)]


def test_a_field_that_an_org_never_had_is_left_out_and_reported(tmp_path, monkeypatch):
    """CurrencyIsoCode is only in orgs with several currencies."""
    records = {"Account": salesforce_records(3)["Account"].drop("CurrencyIsoCode")}
    with at_work("salesforce", records, tmp_path, monkeypatch, "accounts") as source:
        result = source.load()
        assert result.skipped == ["accounts: not available: CurrencyIsoCode"]
        assert source.rows("select count(*), count(currency_iso_code) from raw.accounts") == [(3, 0)]
        source.load()
        assert len([path for _, path, _ in source.asked if "queryAll" in path]) == 1, "it is not asked for again"


def test_a_field_that_an_org_had_and_has_no_more_ends_the_load(tmp_path, monkeypatch):
    records = {"Account": salesforce_records(3)["Account"]}
    with at_work("salesforce", records, tmp_path, monkeypatch, "accounts") as source:
        source.load()
        source.sandbox.records = {"salesforce": {"Account": records["Account"].drop("Industry")}}
        with pytest.raises(SourceFailed, match="the field Industry is gone"):
            source.load()


def test_a_field_that_appears_later_is_filled_for_the_old_rows_too(tmp_path, monkeypatch):
    records = {"Account": salesforce_records(3)["Account"]}
    before = {"Account": records["Account"].drop("Industry")}
    with at_work("salesforce", before, tmp_path, monkeypatch, "accounts") as source:
        source.load()
        source.sandbox.records = {"salesforce": records}
        source.load(TODAY + timedelta(days=1))
        assert source.rows("select count(industry) from raw.accounts") == [(3,)]


def test_two_fields_that_would_share_a_column_are_an_error_that_names_both():
    options = Options("anywhere", {})
    twins = Stream("deals", "Deal", columns=columns(text="Id SummaA summa_a"), key="Id")
    reading = Reading(options, TODAY, "UTC")
    scope = Scope(lambda *_: iter(()), lambda *_: iter(()))
    http = Http("anywhere", "http://127.0.0.1", Limits(), lambda *_: None)
    with pytest.raises(SourceFailed, match="'SummaA' and 'summa_a' would both be the column summa_a"):
        resource(reading, twins, [scope], http)


def test_a_row_without_a_key_is_left_out_and_said(deals):
    load_with(deals, Id="null")
    assert deals.rows("select count(*) from raw.opportunities") == [(ROWS - 1,)]
    assert deals.rows("select column_name, reason from raw.quarantine") == [
        ("id", "the row has no key and was left out")
    ]


def test_every_table_has_the_declared_columns_and_types_and_dlt_made_no_other(tmp_path, monkeypatch):
    records = {name: frame.clear() for name, frame in business_central_records(1).items()}
    with at_work("business_central", records, tmp_path, monkeypatch, "sales_orders") as source:
        source.load()
        described = source.rows("select column_name, data_type from duckdb_columns() where table_name = 'sales_orders'")
        assert dict(described) == {
            **dict.fromkeys(["company_id", "company_name", "id", "number", "external_document_number"], "VARCHAR"),
            **dict.fromkeys(["customer_number", "bill_to_customer_number", "currency_code"], "VARCHAR"),
            **dict.fromkeys(["salesperson", "status"], "VARCHAR"),
            **dict.fromkeys(["discount_amount", "total_amount_excluding_tax", "total_tax_amount"], "DECIMAL(38,9)"),
            "total_amount_including_tax": "DECIMAL(38,9)",
            **dict.fromkeys(["order_date", "posting_date", "requested_delivery_date"], "DATE"),
            "last_modified_date_time": "TIMESTAMP",
            **dict.fromkeys(["fully_shipped", "is_deleted"], "BOOLEAN"),
        }
        assert source.rows("select schema_name from duckdb_schemas() where schema_name like 'raw_%'") == []


def test_rows_that_would_come_as_insert_statements_stop_the_load(tmp_path, monkeypatch):
    """That road corrupts decimals with exponents and takes ten times as long."""
    rows = dlt.resource([{"id": 1, "amount": Decimal("1E+20")}], name="deals")
    load.run("shop", lambda: rows, tmp_path / "shop.duckdb", tmp_path / "work")
    by_default = dlt.Pipeline.run
    monkeypatch.setattr(dlt.Pipeline, "run", lambda self, data, **_: by_default(self, data))
    with pytest.raises(SourceFailed, match="shop, deals: its rows came as insert statements, not as parquet files"):
        load.run("shop", lambda: rows, tmp_path / "other.duckdb", tmp_path / "other")

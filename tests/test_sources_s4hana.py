"""S/4HANA's habits: three envelopes, ticks, numbers as text, pages without links, changes told by several dates."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest

from pipelines.envelope import Page, split
from pipelines.failures import Broken, SourceFailed
from pipelines.odata import with_expanded
from pipelines.pages import batch
from pipelines.raw_tables import shaped
from pipelines.sandbox.faults import Fault
from pipelines.sandbox.s4hana_api import API_KEY
from pipelines.sources.s4hana import STREAMS
from pipelines.sources.s4hana.asking import PAGE, months
from pipelines.sources.s4hana.connection import error
from tests.s4hana_records import frame, of, records
from tests.source_at_work import TODAY, SourceAtWork, at_work, changed

# A system of no demo company.
pytestmark = pytest.mark.long

DAY = datetime(2026, 5, 1, tzinfo=UTC)
BY_NAME = {stream.name: stream for stream in STREAMS}


@pytest.fixture
def selling(tmp_path, monkeypatch):
    with at_work("s4hana", records(5), tmp_path, monkeypatch, "sales_orders") as source:
        yield source


@pytest.fixture
def firm(tmp_path, monkeypatch):
    with at_work("s4hana", records(5), tmp_path, monkeypatch, "customers products") as source:
        yield source


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    with at_work(
        "s4hana", {"A_OperationalAcctgDocItemCube": items()}, tmp_path, monkeypatch, "journal_items"
    ) as source:
        yield source


def serve(source: SourceAtWork, **frames: pl.DataFrame) -> None:
    source.sandbox.records = {"s4hana": source.sandbox.records.frames("s4hana") | frames}


def asked_for(source: SourceAtWork, words: str) -> list[str]:
    return [path for _, path, _ in source.asked if words in path]


def typed(stream: str, **fields: object) -> dict[str, object]:
    """What becomes of fields that stand in a page as given; what could not be read is beside."""
    page = split(json.dumps({"d": {"results": [fields]}}).encode(), PAGE)
    made = batch(page, BY_NAME[stream])
    rows, odd = shaped(made.rows, BY_NAME[stream], {}, {}, "Europe/Warsaw")
    assert made.quarantined == odd == []
    return rows.row(0, named=True)


@pytest.mark.parametrize(
    "body",
    [b'{"d":{"results":[{"A":"1"}]}}', b'{"d":[{"A":"1"}]}', b'{"d":{"A":"1"}}', b'{"d":{"results":[{"A":NaN}]}}',
     b'{"d":{"A":NaN}}', b'\xef\xbb\xbf{"d":{"results":[{"A":"1"}]}}'],
)  # fmt: skip
def test_records_come_in_three_envelopes(body):
    assert [list(record) for record in split(body, PAGE).parsed()] == [["A"]]


@pytest.mark.parametrize("body", [b'{"error":{"code":"SY/530"}}', b'{"d":null}', b'{"d":"none"}', b"{}"])
def test_an_error_with_status_200_is_no_empty_page(body):
    with pytest.raises(Broken):
        split(body, PAGE)


def test_a_count_comes_as_text():
    assert split(b'{"d":{"results":[],"__count":"12","__next":"A?$skiptoken=1"}}', PAGE).count == 12


def test_ticks_are_the_milliseconds_of_a_clock_and_may_be_negative_and_say_how_far_it_is_ahead():
    told = typed("sales_orders", SalesOrder="1", LastChangeDateTime="/Date(1130168212000+0000)/", SalesOrderDate=None)
    assert (told["last_change_date_time"], told["sales_order_date"]) == (datetime(2005, 10, 24, 15, 36, 52), None)
    ahead = typed("sales_orders", SalesOrder="1", LastChangeDateTime="/Date(1130168212000+0120)/")
    assert ahead["last_change_date_time"] == datetime(2005, 10, 24, 13, 36, 52)
    days = typed("sales_orders", SalesOrder="1", SalesOrderDate="/Date(-2208988800000)/", CreationDate="/Date(0)/")
    assert (days["sales_order_date"], days["creation_date"]) == (date(1900, 1, 1), date(1970, 1, 1))
    never = typed("sales_orders", SalesOrder="1", SalesOrderDate="/Date(253402214400000)/")
    assert never["sales_order_date"] == date(9999, 12, 31)


def test_ticks_that_are_none_are_set_aside():
    page = split(b'{"d":{"results":[{"SalesOrder":"1","SalesOrderDate":"/Date(soon)/"}]}}', PAGE)
    rows, odd = shaped(batch(page, BY_NAME["sales_orders"]).rows, BY_NAME["sales_orders"], {}, {}, "UTC")
    assert rows["sales_order_date"][0] is None
    assert [(one.row_key, one.value) for one in odd] == [("1", "/Date(soon)/")]


def test_money_is_exact_though_it_comes_as_text_and_flags_and_times_of_day_stay_as_they_are():
    order = typed("sales_orders", SalesOrder="4000043", TotalNetAmount="12345678901234567890.24")
    assert order["total_net_amount"] == Decimal("12345678901234567890.24")
    partner = typed("business_partners", BusinessPartner="1", LastChangeTime="PT09H55M56S")
    assert partner["last_change_time"] == "PT09H55M56S"
    customer = typed("customers", Customer="0000004502", OrderIsBlockedForCustomer="", DeliveryIsBlocked="X")
    assert (customer["customer"], customer["order_is_blocked_for_customer"]) == ("0000004502", "")
    assert typed("journal_items", CompanyCode="1010", IsCleared=True)["is_cleared"] is True


def test_a_key_of_several_fields_tells_apart_what_one_of_them_does_not():
    entry = typed(
        "journal_items", CompanyCode="1010", FiscalYear="2026", AccountingDocument="5", AccountingDocumentItem="1"
    )
    assert entry["record_key"] == "1010/2026/5/1"
    page = split(b'{"d":{"results":[{"CompanyCode":"1010","FiscalYear":null,"Customer":"\\u0000"}]}}', PAGE)
    assert batch(page, BY_NAME["journal_items"]).rows["RecordKey"].to_list() == ["1010///"]


def test_without_links_pages_are_asked_for_by_number_in_the_order_of_the_key(selling):
    selling.load(page_rows="2")
    pages = asked_for(selling, "A_SalesOrder?")
    assert len(pages) == 3, "the count says when all have come"
    assert all("$orderby=SalesOrder&" in page and "$top=2" in page for page in pages)
    assert ["$skip=" in page for page in pages] == [False, True, True]
    assert len(selling.keys("sales_orders", "sales_order")) == 5


def test_links_of_a_server_that_gives_fewer_are_followed_and_what_is_behind_them_is_asked_for(selling):
    selling.sandbox.page_rows = 2
    selling.load(page_rows="3")
    pages = asked_for(selling, "A_SalesOrder?")
    assert ["$skiptoken=" in page for page in pages] == [False, True, False]
    assert "$top=1" in pages[1], "the link asks for what is left of the three"
    assert "$skip=3" in pages[2]
    assert len(selling.keys("sales_orders", "sales_order")) == 5


def test_a_link_may_be_relative(selling):
    selling.sandbox.page_rows = 2
    selling.sandbox.vendors["s4hana"].relative_links = True
    selling.load()
    assert asked_for(selling, "API_SALES_ORDER_SRV/A_SalesOrder?$select")
    assert len(selling.keys("sales_orders", "sales_order")) == 5


def test_items_come_with_their_order_and_an_order_without_any_loses_those_it_had(selling):
    selling.load()
    assert selling.rows("select count(*) from raw.sales_order_items") == [(5,)]
    moved = changed(records(5)["A_SalesOrder"], 0, LastChangeDateTime=DAY)
    serve(
        selling,
        A_SalesOrder=moved,
        A_SalesOrderItem=records(5)["A_SalesOrderItem"].filter(pl.col("SalesOrder") != "4000000"),
    )
    selling.load()
    assert selling.rows("select count(*) from raw.sales_order_items") == [(4,)]


def test_lines_that_were_not_expanded_are_no_empty_list():
    for record in ({"to_Item": {"__deferred": {"uri": "…"}}}, b'{"to_Item":{"__deferred":{"uri":""}}}'):
        with pytest.raises(Broken, match="did not come with it"):
            with_expanded(Page([record]), "Items", "to_Item")
    for record in ({"to_Item": {"results": []}}, b'{"to_Item":[]}', b'{"A":1}'):
        assert with_expanded(Page([record]), "Items", "to_Item").parsed()[0]["Items"] == []


def test_a_change_that_only_the_later_of_two_dates_tells_is_read(selling):
    selling.load()
    quiet = changed(records(5)["A_SalesOrder"], 1, LastChangeDate=DAY, TotalNetAmount=Decimal(99))
    serve(selling, A_SalesOrder=quiet)
    selling.load()
    assert selling.rows("select total_net_amount from raw.sales_orders where sales_order = '4000001'") == [(99,)]
    (asked,) = asked_for(selling, "ge datetimeoffset'")
    assert "or LastChangeDate ge datetime'" in asked


def test_a_document_that_never_changed_has_no_date_of_change_and_is_read_when_it_is_new(tmp_path, monkeypatch):
    deliveries = records(3)["A_OutbDeliveryHeader"].with_columns(LastChangeDate=None)
    deliveries = changed(deliveries, 0, LastChangeDate=DAY)
    given = {"A_OutbDeliveryHeader": deliveries, "A_OutbDeliveryItem": records(3)["A_OutbDeliveryItem"]}
    with at_work("s4hana", given, tmp_path, monkeypatch, "deliveries") as source:
        source.load()
        fresh = deliveries[:1].with_columns(
            DeliveryDocument=pl.lit("80000099"), LastChangeDate=None, CreationDate=pl.lit(DAY)
        )
        serve(source, A_OutbDeliveryHeader=pl.concat([deliveries, fresh]))
        source.load()
        assert "80000099" in source.keys("deliveries", "delivery_document")


def items(**other: object) -> pl.DataFrame:
    fields = {
        "CompanyCode": "1010",
        "FiscalYear": ["2019", "2019", "2026", "2026"],
        "AccountingDocument": ["1", "2", "3", "4"],
        "AccountingDocumentItem": "001",
        "FinancialAccountType": "D",
        "Customer": "4502",
        "IsCleared": [True, False, True, False],
        "PostingDate": [datetime(2019, 5, 1), datetime(2019, 6, 1), datetime(2026, 2, 1), datetime(2026, 5, 1)],
        "ClearingDate": [datetime(2019, 6, 1), None, datetime(2026, 3, 1), None],
        "LastChangeDate": [datetime(2019, 5, 1), datetime(2019, 6, 1), datetime(2026, 2, 1), datetime(2026, 5, 1)],
    } | other
    known = of(**fields)
    absent = [column for column in frame(BY_NAME["journal_items"], 1).columns if column not in known.columns]
    return known.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)


def test_the_ledger_is_read_month_by_month_from_a_day_on_and_what_is_open_whatever_its_day(ledger):
    ledger.load(start="2026-01-01", company_codes="1010, 1710")
    assert ledger.rows("select accounting_document from raw.journal_items order by 1") == [("2",), ("3",), ("4",)]
    assert len(ledger.asked) == 7, "six months, and what is open from before"
    assert all("FinancialAccountType eq 'D' and (CompanyCode eq '1010' or CompanyCode eq '1710')" in path
               for _, path, _ in ledger.asked)  # fmt: skip
    assert [first.isoformat() for first, _ in months(date(2025, 12, 15), date(2026, 2, 1))] == [
        "2025-12-15",
        "2026-01-01",
        "2026-02-01",
    ]
    with pytest.raises(SourceFailed, match="START=soon is not a day"):
        ledger.load(start="soon")


@pytest.mark.parametrize(("number", "asked"), [("2", "'2'"), ("O'2", "'O''2'")])
def test_an_item_that_was_open_and_is_cleared_without_a_sign_is_read_again(ledger, number, asked):
    documents = {"AccountingDocument": ["1", number, "3", "4"]}
    serve(ledger, A_OperationalAcctgDocItemCube=items(**documents))
    ledger.load(start="2019-01-01")
    # The clearing is dated back, and the item does not say that it changed.
    cleared = [datetime(2019, 6, 1), datetime(2019, 7, 1), datetime(2026, 3, 1), None]
    paid = items(**documents, IsCleared=[True, True, True, False], ClearingDate=cleared)
    serve(ledger, A_OperationalAcctgDocItemCube=paid)
    ledger.load(start="2019-01-01")
    assert (number, True) in ledger.rows("select accounting_document, is_cleared from raw.journal_items")
    assert asked_for(ledger, f"(CompanyCode eq '1010' and FiscalYear eq '2019' and AccountingDocument eq {asked} and")


def test_a_service_that_is_not_active_is_reported_and_the_rest_is_read(firm):
    firm.sandbox.vendors["s4hana"].inactive = {"API_PRODUCT_SRV"}
    result = firm.load()
    assert result.skipped == ["products: not available: the service is not active (/IWFND/MED/170)"]
    assert firm.rows("select entity, is_fed from raw.coverage order by 1") == [("customers", True), ("products", False)]
    firm.sandbox.vendors["s4hana"].inactive = {"API_BUSINESS_PARTNER"}
    with pytest.raises(SourceFailed, match="A_Customer: not available"):
        firm.load()


def test_a_field_that_this_release_lacks_is_left_out_and_reported(firm):
    serve(firm, A_Product=records(5)["A_Product"].drop("ProductGroup"))
    assert firm.load().skipped == ["products: not available: ProductGroup"]
    assert len(firm.keys("products", "product")) == 5


def test_errors_are_read_in_json_and_in_xml_and_a_login_page_says_nothing():
    assert error(b'{"error":{"code":"A/1","message":{"lang":"en","value":"No"}}}') == ("A/1", "No")
    assert error(b'<error xmlns="x"><code>B/2</code><message xml:lang="en">Not so</message></error>') == (
        "B/2",
        "Not so",
    )
    assert error(b"<html><h1>Logon failed</h1></html>") == error(b"\xff\xfe") == ("", "")


def test_who_asks_is_said_by_password_key_or_token(firm):
    base = f"{firm.sandbox.url}/s4hana"
    other = {"user": "", "password": ""}
    firm.load()
    firm.load(**other, api_key=API_KEY, sap_client="")
    token = {"token_url": f"{base}/oauth/token", "client_id": "sandbox", "client_secret": "sandbox-secret"}
    firm.sandbox.faults = [Fault("token_expired", entity="A_Product")]
    firm.load(**other, **token)
    assert [path for _, path, status in firm.asked if status == 401] and len(firm.keys("products", "product")) == 5
    with pytest.raises(SourceFailed, match="none of API_KEY, TOKEN_URL and USER is set"):
        firm.load(**other)
    with pytest.raises(SourceFailed, match="refused"):
        firm.load(password="wrong")


def test_the_client_is_named_in_every_request_and_never_in_an_address(firm):
    with pytest.raises(SourceFailed, match="refused"):
        firm.load(sap_client="200")
    firm.load()
    assert not asked_for(firm, "sap-client")


def test_a_record_that_came_of_two_companies_under_one_number_is_two(ledger):
    both = pl.concat([items(), items(CompanyCode="1710")])
    serve(ledger, A_OperationalAcctgDocItemCube=both)
    ledger.load(start="2019-01-01")
    assert ledger.rows("select count(*) from raw.journal_items where accounting_document = '3'") == [(2,)]
    serve(ledger, A_OperationalAcctgDocItemCube=items())
    ledger.load(TODAY + timedelta(days=1), start="2019-01-01")
    assert ledger.rows("select company_code, count(*) from raw.journal_items where is_deleted group by 1") == [
        ("1710", 4)
    ]

"""The sandbox answers as the vendors do: what a connector learns here holds at Salesforce and at Business Central."""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from threading import Thread
from uuid import UUID

import polars as pl
import pytest
import requests

from pipelines.sandbox.faults import KINDS, Fault
from pipelines.sandbox.server import Sandbox, serve

CREDENTIALS = {"grant_type": "client_credentials", "client_id": "sandbox", "client_secret": "sandbox-secret"}
COMPANY = "00000000-0000-4000-8000-000000000001"


def guid(number: int) -> str:
    return str(UUID(int=number * 0x1_0000_0001))


def records(customers: int = 10) -> dict[str, dict[str, pl.DataFrame]]:
    """Accounts, one in five deleted, two to a second; customers, orders with two lines each, value entries."""
    number = range(customers)
    accounts = {
        "Id": [f"001{n:012d}AAA" for n in number],
        "Name": [f"Firma {n} 'Łódź'" for n in number],
        "AnnualRevenue": [n * 1.5 for n in number],
        "IsDeleted": [n % 5 == 4 for n in number],
        "SystemModstamp": [f"2026-05-01T07:25:{n // 2 % 60:02d}.000+0000" for n in number],
    }
    stages = {"Id": ["01J000000000001AAA"], "MasterLabel": ["Won"], "SystemModstamp": ["2026-05-01T07:25:00.000+0000"]}
    clients = {
        "id": [guid(n) for n in number],
        "number": [f"C{n:05d}" for n in number],
        "blocked": ["_x0020_" if n % 2 else "All" for n in number],
        "creditLimit": [n * 100 for n in number],
        "lastModifiedDateTime": ["2026-05-01T07:25:37.37Z" if n % 2 else "2026-05-01T07:25:37.365Z" for n in number],
    }
    orders = {"id": clients["id"], "number": [f"SO{n}" for n in number], "orderDate": ["2026-05-01"] * customers}
    lines = {
        "id": [guid(1000 + n) for n in range(2 * customers)],
        "documentId": [guid(n // 2) for n in range(2 * customers)],
        "sequence": [10000 * (n % 2 + 1) for n in range(2 * customers)],
        "quantity": [float(n) for n in range(2 * customers)],
    }
    entries = {"entryNo": [n + 1 for n in number], "costAmountActual": [-1.25] * customers}
    archives = {"id": [guid(5)], "number": ["SO1"], "docNoOccurrence": [1], "versionNumber": [2]}
    archived = {
        "documentNumber": ["SO1", "SO1"],
        "docNoOccurrence": [1, 1],
        "versionNumber": [1, 2],
        "quantity": [7, 8],
    }
    return {
        "salesforce": {"Account": pl.DataFrame(accounts), "OpportunityStage": pl.DataFrame(stages)},
        "business_central": {
            "customers": pl.DataFrame(clients),
            "salesOrders": pl.DataFrame(orders),
            "salesOrderLines": pl.DataFrame(lines),
            "salesOrderArchives": pl.DataFrame(archives),
            "salesOrderArchiveLines": pl.DataFrame(archived),
            "salesValueEntries": pl.DataFrame(entries),
            "salesLines": pl.DataFrame({"documentNo": ["SO1", "SO2", "SO3"], "lineNo": [10000] * 3}),
        },
    }


class Client:
    """Asks as a connector would, with a token of each vendor."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.tokens: dict[str, str] = {}

    def headers(self, token_url: str, renew: bool = False) -> dict[str, str]:
        if renew or token_url not in self.tokens:
            self.tokens[token_url] = requests.post(token_url, CREDENTIALS, timeout=10).json()["access_token"]
        return {"Authorization": f"Bearer {self.tokens[token_url]}"}

    def salesforce(self, path: str, batch: int = 2000, renew: bool = False, **params: str) -> requests.Response:
        headers = self.headers(f"{self.sandbox.salesforce_url}/services/oauth2/token", renew)
        headers["Sforce-Query-Options"] = f"batchSize={batch}"
        address = self.sandbox.salesforce_url + (path if path.startswith("/") else f"/services/data/v66.0/{path}")
        return requests.get(address, params, headers=headers, timeout=10)

    def soql(self, query: str, path: str = "query", **options: int) -> requests.Response:
        return self.salesforce(path, q=query, **options)

    def central(self, path: str, api: str = "api/v2.0", prefer: str = "", **options: str) -> requests.Response:
        address = f"{self.sandbox.business_central_url}/{api}/companies({COMPANY})/{path}"
        params = {f"${name}": value for name, value in options.items()}
        return self.follow(address, prefer, params)

    def follow(self, address: str, prefer: str = "", params: dict[str, str] | None = None) -> requests.Response:
        headers = self.headers(self.sandbox.token_url) | {"Prefer": prefer}
        return requests.get(address, params, headers=headers, timeout=10)

    def every_page(self, path: str, size: int, limit: int = 20, **options: str) -> list[list[dict]]:
        prefer = f"odata.maxpagesize={size}"
        answer, pages = self.central(path, prefer=prefer, **options).json(), []
        while len(pages) < limit:
            pages.append(answer["value"])
            if "@odata.nextLink" not in answer:
                break
            answer = self.follow(answer["@odata.nextLink"], prefer).json()
        return pages

    def every_batch(self, query: str, limit: int = 20) -> list[list[dict]]:
        answer, pages = self.soql(query, "queryAll").json(), []
        while len(pages) < limit:
            pages.append(answer["records"])
            if answer["done"]:
                break
            answer = self.salesforce(answer["nextRecordsUrl"]).json()
        return pages


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with serve(records()) as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Client:
    return Client(sandbox)


def numbers(pages: list[list[dict]], field: str = "number") -> list[str]:
    return [row[field] for page in pages for row in page]


def error(answer: requests.Response) -> tuple[int, str, str]:
    body = answer.json()
    found = body[0] if isinstance(body, list) else body["error"]
    return answer.status_code, found.get("errorCode") or found["code"], found["message"]


# Salesforce


def test_salesforce_names_its_versions_and_gives_no_lifetime_with_a_token(client: Client, sandbox: Sandbox) -> None:
    assert [version["version"] for version in client.salesforce("/services/data").json()] == ["66.0", "67.0", "68.0"]
    token = requests.post(f"{sandbox.salesforce_url}/services/oauth2/token", CREDENTIALS, timeout=10).json()
    assert token["instance_url"] == sandbox.salesforce_url
    assert "expires_in" not in token


def test_wrong_credentials_are_refused_by_each_vendor_in_its_own_words(sandbox: Sandbox) -> None:
    wrong = CREDENTIALS | {"client_secret": "guess"}
    salesforce = requests.post(f"{sandbox.salesforce_url}/services/oauth2/token", wrong, timeout=10)
    central = requests.post(sandbox.token_url, wrong, timeout=10)
    assert (salesforce.status_code, salesforce.json()["error"]) == (400, "invalid_client")
    assert (central.status_code, central.json()["error"]) == (401, "invalid_client")


def test_query_hides_what_was_deleted_and_query_all_shows_it(client: Client) -> None:
    assert client.soql("SELECT COUNT() FROM Account").json() == {"totalSize": 8, "done": True, "records": []}
    assert client.soql("SELECT COUNT() FROM Account", "queryAll").json()["totalSize"] == 10


def test_a_record_has_the_fields_that_were_selected_and_its_own_address(client: Client) -> None:
    record = client.soql("SELECT Name, AnnualRevenue FROM Account WHERE Id = '001000000000003AAA'").json()["records"]
    address = "/services/data/v66.0/sobjects/Account/001000000000003AAA"
    assert record == [
        {"attributes": {"type": "Account", "url": address}, "Name": "Firma 3 'Łódź'", "AnnualRevenue": 4.5}
    ]


def test_the_pages_of_a_query_follow_a_relative_link_and_hold_every_row_once() -> None:
    with serve(records(450)) as sandbox:
        client = Client(sandbox)
        first = client.soql("SELECT Id FROM Account ORDER BY SystemModstamp, Id", "queryAll", batch=10)
        assert len(first.json()["records"]) == 200, "fewer than 200 rows a page cannot be had"
        assert first.json()["nextRecordsUrl"].startswith("/services/data/v66.0/query/0r8")
        second = client.salesforce(first.json()["nextRecordsUrl"]).json()
        third = client.salesforce(second["nextRecordsUrl"]).json()
        ids = [row["Id"] for answer in (first.json(), second, third) for row in answer["records"]]
        assert (third["done"], "nextRecordsUrl" in third) == (True, False)
        assert (len(ids), len(set(ids))) == (450, 450)
        assert first.headers["sforce-limit-info"] == "api-usage=1/15000"


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("SystemModstamp >= 2026-05-01T07:25:01Z AND SystemModstamp < 2026-05-01T07:25:02.000+00:00", [2, 3]),
        ("SystemModstamp >= 2026-05-01T09:25:03+02:00 AND Id > '001000000000007AAA'", [8]),
        ("Id IN ('001000000000001AAA', '001000000000002AAA')", [1, 2]),
        ("(Name = 'Firma 1 \\'Łódź\\'' OR AnnualRevenue = 0) AND IsDeleted = false", [0, 1]),
        ("Name LIKE 'firma 3%'", [3]),
        ("NOT AnnualRevenue > 1.5", [0, 1]),
    ],
)
def test_where_keeps_the_rows_that_fit(client: Client, where: str, found: list[int]) -> None:
    rows = client.soql(" ".join(["SELECT Id FROM Account WHERE", where, "ORDER BY Id"])).json()["records"]
    assert [int(row["Id"][3:15]) for row in rows] == found


def test_order_and_limit_are_kept(client: Client) -> None:
    rows = client.soql("SELECT Id FROM Account ORDER BY SystemModstamp DESC, Id LIMIT 3").json()["records"]
    assert [int(row["Id"][3:15]) for row in rows] == [8, 6, 7]


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ("SELECT Id, CurrencyIsoCode FROM Account", "INVALID_FIELD", "No such column 'CurrencyIsoCode' on sobject of"),
        ("SELECT Id FROM OpportunityStage WHERE IsDeleted = true", "INVALID_FIELD", "No such column 'IsDeleted'"),
        ("SELECT Id FROM Quote", "INVALID_TYPE", "sObject type 'Quote' is not supported"),
        ("SELECT Id FORM Account", "MALFORMED_QUERY", "ERROR at Row:1:Column:11"),
        ("SELECT Id FROM Account WHERE Id='1' OR Id='2' AND Name='a'", "MALFORMED_QUERY", "unexpected token: 'AND'"),
        ("SELECT Id FROM Account WHERE SystemModstamp > '2026-05-01'", "INVALID_FIELD", "must be of type datetime"),
    ],
)
def test_a_query_that_cannot_be_answered_says_why(client: Client, query: str, code: str, words: str) -> None:
    status, found, message = error(client.soql(query))
    assert (status, found) == (400, code)
    assert words in message


def test_describe_lists_the_fields_this_company_has(client: Client) -> None:
    fields = client.salesforce("sobjects/Account/describe").json()["fields"]
    types = {field["name"]: field["type"] for field in fields}
    assert (types["Id"], types["SystemModstamp"], types["IsDeleted"]) == ("id", "datetime", "boolean")
    assert error(client.salesforce("sobjects/Quote/describe"))[:2] == (404, "NOT_FOUND")


def test_deleted_records_can_be_asked_for_by_the_time_they_went(client: Client) -> None:
    span = {"start": "2026-05-01T07:25:00+00:00", "end": "2026-05-01T07:25:04+00:00"}
    gone = client.salesforce("sobjects/Account/deleted/", **span).json()["deletedRecords"]
    assert gone == [{"id": "001000000000004AAA", "deletedDate": "2026-05-01T07:25:02.000+0000"}]


def test_a_page_that_was_not_fetched_in_time_is_gone(client: Client) -> None:
    assert error(client.salesforce("query/0r8000000000000000-2000"))[:2] == (400, "INVALID_QUERY_LOCATOR")


# Business Central


def test_the_companies_come_first_and_another_company_does_not_exist(client: Client, sandbox: Sandbox) -> None:
    companies = client.follow(f"{sandbox.business_central_url}/api/v2.0/companies").json()["value"]
    assert [company["id"] for company in companies] == [COMPANY]
    other = client.follow(f"{sandbox.business_central_url}/api/v2.0/companies({guid(9)})/customers")
    assert error(other)[:2] == (404, "Internal_CompanyNotFound")


def test_each_of_several_companies_has_its_own_rows() -> None:
    several = records()
    firms = pl.DataFrame({"id": [COMPANY, guid(77)], "name": ["North", "South"]})
    owner = pl.Series([COMPANY] * 6 + [guid(77)] * 4)
    several["business_central"] |= {
        "companies": firms,
        "customers": several["business_central"]["customers"].with_columns(companyId=owner),
    }
    with serve(several) as sandbox:
        client = Client(sandbox)
        south = client.follow(f"{sandbox.business_central_url}/api/v2.0/companies({guid(77)})/customers").json()
        assert len(client.central("customers").json()["value"]) == 6
        assert [row["number"] for row in south["value"]] == ["C00006", "C00007", "C00008", "C00009"]
        assert "companyId" not in south["value"][0]


def test_the_next_link_is_a_whole_address_with_the_last_key_and_keeps_the_filter(client: Client) -> None:
    page = client.central("customers", prefer="odata.maxpagesize=2", filter="blocked eq '_x0020_'").json()
    assert page["@odata.nextLink"].startswith(client.sandbox.business_central_url)
    assert page["@odata.nextLink"].endswith(f"aid=FIN&$skiptoken={page['value'][-1]['id']}")
    found = client.every_page("customers", 2, filter="blocked eq '_x0020_'", select="number")
    assert numbers(found) == ["C00001", "C00003", "C00005", "C00007", "C00009"]
    assert set(found[0][0]) == {"@odata.etag", "number"}


def test_an_ordered_set_is_cut_into_pages_without_losing_ties(client: Client) -> None:
    pages = client.every_page("customers", 3, orderby="lastModifiedDateTime desc,number")
    expected = [f"C{n:05d}" for n in (1, 3, 5, 7, 9, 0, 2, 4, 6, 8)]
    assert numbers(pages) == expected, "…37.37 is later than …37.365, however it is written"


def test_there_is_no_next_link_with_top(client: Client) -> None:
    page = client.central("customers", prefer="odata.maxpagesize=2", top="5", count="true").json()
    assert (len(page["value"]), "@odata.nextLink" in page, page["@odata.count"]) == (2, False, 10)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lastModifiedDateTime ge 2026-05-01T07:25:37.37Z", 5),
        ("lastModifiedDateTime lt 2026-05-01T07:25:37.370Z and creditLimit gt 200", 3),
        ("number eq 'C00001' or number eq 'C00002'", 2),
        ("not (creditLimit le 700) and startswith(number,'C0000')", 2),
        (f"id eq {guid(3)}", 1),
        ("number ne 'it''s'", 10),
    ],
)
def test_filter_keeps_the_rows_that_fit(client: Client, text: str, found: int) -> None:
    assert len(client.central("customers", filter=text).json()["value"]) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "modified gt 2026-05-01T00:00:00Z",
            "Could not find a property named 'modified' on type 'Microsoft.NAV.customer'",
        ),
        ("number eq 'C1' or blocked eq 'All'", "The 'OR' operator is not supported on distinct fields"),
        ("lastModifiedDateTime ge '2026-05-01'", "incompatible types"),
        ("number eq", "Syntax error"),
    ],
)
def test_a_filter_business_central_does_not_know_is_a_bad_request(client: Client, text: str, words: str) -> None:
    status, code, message = error(client.central("customers", filter=text))
    assert (status, code) == (400, "BadRequest")
    assert words in message


def test_order_lines_come_with_their_order_and_not_by_themselves(client: Client) -> None:
    order = client.central("salesOrders", expand="salesOrderLines($select=sequence,quantity)").json()["value"][3]
    assert [(line["sequence"], line["quantity"]) for line in order["salesOrderLines"]] == [(10000, 6.0), (20000, 7.0)]
    flat = client.central("salesOrderLines")
    assert (flat.status_code, "You must specify an Id or a Document Id" in flat.text) == (400, True)
    assert len(client.central(f"salesOrders({guid(3)})/salesOrderLines").json()["value"]) == 2
    assert len(client.central("salesOrderLines", filter=f"documentId eq {guid(3)}").json()["value"]) == 2


def test_the_lines_of_an_archived_order_are_those_of_its_version(client: Client) -> None:
    archive = client.central("salesOrderArchives", expand="salesOrderArchiveLines").json()["value"][0]
    assert [line["quantity"] for line in archive["salesOrderArchiveLines"]] == [8]


def test_an_order_without_lines_has_an_empty_list(client: Client, sandbox: Sandbox) -> None:
    changed = records()
    changed["business_central"]["salesOrderLines"] = changed["business_central"]["salesOrderLines"].clear()
    sandbox.records = changed
    assert client.central("salesOrders", expand="salesOrderLines").json()["value"][0]["salesOrderLines"] == []


def test_ledger_entries_live_in_the_analytics_interface_alone(client: Client) -> None:
    analytics = client.central("salesValueEntries", "api/microsoft/analytics/v1.0", filter="entryNo gt 8").json()
    assert [row["entryNo"] for row in analytics["value"]] == [9, 10]
    assert error(client.central("salesValueEntries"))[:2] == (404, "BadRequest_NotFound")


def test_a_set_without_a_key_has_pages_too(client: Client) -> None:
    analytics = f"{client.sandbox.business_central_url}/api/microsoft/analytics/v1.0/companies({COMPANY})/salesLines"
    first = client.follow(analytics, "odata.maxpagesize=2").json()
    second = client.follow(first["@odata.nextLink"], "odata.maxpagesize=2").json()
    assert numbers([first["value"], second["value"]], "documentNo") == ["SO1", "SO2", "SO3"]


# The sandbox itself


def test_the_log_names_every_request_and_no_token(client: Client, sandbox: Sandbox) -> None:
    client.soql("SELECT Id FROM Account")
    client.central("nothing")
    assert sandbox.requests == [
        ("POST", "/services/oauth2/token", 200),
        ("GET", "/services/data/v66.0/query?q=SELECT Id FROM Account", 200),
        ("POST", "/sandbox/oauth2/v2.0/token", 200),
        ("GET", f"/v2.0/sandbox/production/api/v2.0/companies({COMPANY})/nothing", 404),
    ]


def test_the_day_moves_on_while_the_sandbox_runs(client: Client, sandbox: Sandbox) -> None:
    assert client.soql("SELECT COUNT() FROM Account").json()["totalSize"] == 8
    sandbox.records = records(20)
    assert client.soql("SELECT COUNT() FROM Account").json()["totalSize"] == 16


def test_a_company_is_asked_for_its_records_only_when_they_are_read() -> None:
    class Firm:
        asked: list[str] = []  # noqa: RUF012

        def records(self, system: str) -> dict[str, pl.DataFrame]:
            self.asked.append(system)
            return records()[system]

    started = time.monotonic()
    with serve(Firm()) as sandbox:
        assert time.monotonic() - started < 1
        assert Firm.asked == []
        Client(sandbox).soql("SELECT Id FROM Account")
    assert Firm.asked == ["salesforce"]
    assert time.monotonic() - started < 2, "it stops at once"


def test_it_ends_at_once_though_a_client_still_waits() -> None:
    def wait(client: Client) -> None:
        with suppress(requests.ConnectionError):
            client.salesforce("/services/data")

    with serve(records(), [Fault("timeout", entity="versions", value=30)]) as sandbox:
        waiting = Thread(target=wait, args=[Client(sandbox)])
        waiting.start()
        while not any(status == 0 for *_, status in sandbox.requests):
            time.sleep(0.01)
        ending = time.monotonic()
    assert time.monotonic() - ending < 2
    waiting.join()


# Faults


def test_a_fault_that_does_not_exist_is_a_mistake_in_the_test() -> None:
    with pytest.raises(ValueError, match="no fault 'teapot'"):
        Fault("teapot")


def test_too_many_requests_come_with_a_wait_in_seconds_as_a_date_or_without(client: Client, sandbox: Sandbox) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True)
    waits = [3600, later, None]
    sandbox.faults = [Fault("429", entity="customers", on=n, value=wait) for n, wait in enumerate(waits, 1)]
    answers = [client.central("customers") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [429, 429, 429, 200]
    assert [answer.headers.get("Retry-After") for answer in answers[:3]] == ["3600", later, None]
    assert error(answers[0])[1] == "Application_TooManyRequests"


@pytest.mark.parametrize(
    ("kind", "salesforce", "central"),
    [
        ("500", (500, "UNKNOWN_EXCEPTION"), (500, "Internal_ServerError")),
        ("503", (503, "SERVER_UNAVAILABLE"), (503, "Internal_ServiceUnavailable")),
        ("408", (400, "QUERY_TIMEOUT"), (408, "Application_OperationCanceled")),
        ("forbidden", (403, "INSUFFICIENT_ACCESS"), (403, "Internal_ServerError")),
        ("not_found", (404, "NOT_FOUND"), (404, "BadRequest_NotFound")),
        ("budget_spent", (403, "REQUEST_LIMIT_EXCEEDED"), (429, "Application_TooManyRequests")),
        ("concurrent", (403, "REQUEST_LIMIT_EXCEEDED"), (429, "Application_TooManyRequests")),
        ("token_refused", (401, "INVALID_SESSION_ID"), (401, "Authentication_InvalidCredentials")),
        ("error_body", (200, "UNKNOWN_EXCEPTION"), (200, "Internal_ServerError")),
    ],
)
def test_each_vendor_fails_in_its_own_words(client: Client, kind: str, salesforce: tuple, central: tuple) -> None:
    client.sandbox.faults = [Fault(kind, entity=entity, times=None) for entity in ("Account", "customers")]
    for _ in range(2):
        assert error(client.soql("SELECT Id FROM Account"))[:2] == salesforce
        assert error(client.central("customers"))[:2] == central
    assert client.central("salesOrders").status_code == 200, "other entities are not touched"


def test_a_page_of_html_or_nothing_comes_with_200(client: Client, sandbox: Sandbox) -> None:
    sandbox.faults = [Fault("html", entity="Account"), Fault("empty_body", entity="Account", on=2)]
    html, empty = client.soql("SELECT Id FROM Account"), client.soql("SELECT Id FROM Account")
    assert (html.status_code, html.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert (empty.status_code, empty.content) == (200, b"")


@pytest.mark.parametrize("kind", ["truncated", "reset", "timeout"])
def test_a_connection_can_break(client: Client, kind: str) -> None:
    client.sandbox.faults = [Fault(kind, entity="customers", value=0.1)]
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        client.central("customers")
    assert client.sandbox.requests[-1][2] == (200 if kind == "truncated" else 0)
    assert len(client.central("customers").json()["value"]) == 10


def test_json_can_end_half_way(client: Client, sandbox: Sandbox) -> None:
    sandbox.faults = [Fault("broken_json", entity="customers")]
    answer = client.central("customers")
    assert int(answer.headers["content-length"]) == len(answer.content)
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_a_token_that_ends_in_mid_run_is_renewed(client: Client, sandbox: Sandbox) -> None:
    client.soql("SELECT Id FROM Account")
    sandbox.faults = [Fault("token_expired", entity="Account", on=2)]
    answers = [client.soql("SELECT Id FROM Account", renew=renew) for renew in (False, False, True)]
    assert [answer.status_code for answer in answers] == [200, 401, 200]


def test_a_locator_can_expire_between_two_pages() -> None:
    with serve(records(), [Fault("locator_expired", entity="Account", on=2)], page_rows=3) as sandbox:
        client = Client(sandbox)
        first = client.soql("SELECT Id FROM Account").json()
        assert error(client.salesforce(first["nextRecordsUrl"]))[1] == "INVALID_QUERY_LOCATOR"


EVERY = [f"C{n:05d}" for n in range(10)]


@pytest.mark.parametrize(
    ("fault", "pages"),
    [
        (Fault("page_repeated", on=2), [EVERY[:4], EVERY[:4], EVERY[4:8], EVERY[8:]]),
        (Fault("page_repeated", on=2, times=None), [EVERY[:4]] * 8),
        (Fault("link_to_itself", on=2, times=None), [EVERY[:4], *[EVERY[4:8]] * 7]),
        (Fault("same_cursor", times=None), [EVERY[:4], *[EVERY[4:8]] * 7]),
        (Fault("growing_total", times=None), [EVERY[:4], EVERY[4:8], EVERY[8:], *[[]] * 5]),
        (Fault("empty_page", on=2), [EVERY[:4], [], EVERY[4:8], EVERY[8:]]),
        (Fault("empty_last_page", times=None), [EVERY[:4], EVERY[4:8], EVERY[8:], []]),
        (Fault("record_twice", on=2), [EVERY[:4], [*EVERY[4:8], EVERY[4]], EVERY[8:]]),
        (Fault("record_on_two_pages", on=2), [EVERY[:4], EVERY[3:8], EVERY[8:]]),
        (Fault("row_deleted", on=2, value=guid(3)), [EVERY[:4], EVERY[4:8], EVERY[8:]]),
        (Fault("row_deleted", on=2, value=guid(5)), [EVERY[:4], ["C00004", *EVERY[6:9]], EVERY[9:]]),
    ],
    ids=lambda value: f"{value.kind} {value.times or 'for ever'}" if isinstance(value, Fault) else "",
)
def test_pages_can_lie(fault: Fault, pages: list[list[str]]) -> None:
    with serve(records(), [fault.at("customers")]) as sandbox:
        found = Client(sandbox).every_page("customers", 4, limit=8)
        assert [[row["number"] for row in page] for page in found] == pages


@pytest.mark.parametrize(
    ("fault", "pages"),
    [
        (Fault("page_repeated", on=2), [4, 4, 4, 2]),
        (Fault("link_to_itself", on=2, times=None), [4] * 8),
        (Fault("empty_page", on=2), [4, 0, 4, 2]),
        (Fault("record_on_two_pages", on=2), [4, 5, 2]),
        (Fault("stray_next_link", times=None), [4, 4, 2]),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else "",
)
def test_the_pages_of_a_query_can_lie_too(fault: Fault, pages: list[int]) -> None:
    with serve(records(), [fault.at("Account")], page_rows=4) as sandbox:
        found = Client(sandbox).every_batch("SELECT Id FROM Account", limit=8)
        assert [len(page) for page in found] == pages


def test_done_may_be_true_beside_a_next_address(client: Client, sandbox: Sandbox) -> None:
    sandbox.faults = [Fault("stray_next_link", entity="Account")]
    answer = client.soql("SELECT Id FROM Account").json()
    assert answer["done"] is True
    assert error(client.salesforce(answer["nextRecordsUrl"]))[1] == "INVALID_QUERY_LOCATOR"


def test_a_next_link_can_lead_to_another_host() -> None:
    with serve(records()) as other, serve(records(), page_rows=4) as sandbox:
        sandbox.faults = [Fault("link_to_host", value=other.url, entity=name) for name in ("Account", "customers")]
        client = Client(sandbox)
        assert client.soql("SELECT Id FROM Account").json()["nextRecordsUrl"].startswith(f"{other.url}/services/data")
        assert client.central("customers").json()["@odata.nextLink"].startswith(f"{other.url}/v2.0/sandbox")
        assert other.requests == []


def test_an_older_version_can_come_last_and_rows_in_any_order(client: Client, sandbox: Sandbox) -> None:
    old = {"creditLimit": 1, "lastModifiedDateTime": "2026-04-01T00:00:00Z"}
    sandbox.faults = [
        Fault("older_version_last", entity="customers", value=old),
        Fault("shuffled", entity="customers", on=2, value=7),
    ]
    first, second = (client.central("customers").json()["value"] for _ in range(2))
    assert first[-1] == first[0] | old
    assert numbers([second]) != EVERY
    assert sorted(numbers([second])) == EVERY


@pytest.mark.parametrize(
    "odd", ["1E+20", "9223372036854775808", "0.123456789012", "NaN", '"a\\u0000b"', '"\\ud800"', "{}"]
)
def test_odd_values_stand_in_the_body_as_they_were_given(client: Client, odd: str) -> None:
    client.sandbox.faults = [Fault("fields", entity="Account", value={"Name": odd})]
    body = client.soql("SELECT Id, Name FROM Account").text
    assert body.count(f'"Name": {odd}') == 1


def test_a_column_can_go_come_or_change_its_type(client: Client, sandbox: Sandbox) -> None:
    drift = {"creditLimit": '"unlimited"', "blocked": None, "segment": '{"code": "A"}'}
    sandbox.faults = [Fault("fields_of_all", entity="customers", times=None, value=drift)]
    for row in client.central("customers").json()["value"]:
        assert (row["creditLimit"], "blocked" in row, row["segment"]) == ("unlimited", False, {"code": "A"})


def test_the_lines_of_an_order_can_hold_odd_values(client: Client, sandbox: Sandbox) -> None:
    sandbox.faults = [Fault("fields", entity="salesOrders", value={"salesOrderLines.quantity": '"many"'})]
    orders = client.central("salesOrders", expand="salesOrderLines").json()["value"]
    assert [line["quantity"] for order in orders[:2] for line in order["salesOrderLines"]] == ["many", "many", 2, 3]


def test_anything_can_happen_meanwhile() -> None:
    def grown(sandbox: Sandbox) -> None:
        sandbox.records = records(12)

    with serve(records(), [Fault("meanwhile", entity="customers", on=2, value=grown)]) as sandbox:
        assert numbers(Client(sandbox).every_page("customers", 4)) == [f"C{n:05d}" for n in range(12)]


def test_every_kind_of_fault_is_described() -> None:
    assert all(words for words in KINDS.values())

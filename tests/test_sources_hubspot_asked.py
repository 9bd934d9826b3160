"""How HubSpot is asked: in its largest pages, within its caps, patiently, and never in a circle."""

from datetime import datetime

import polars as pl
import pytest

from pipelines.failures import SourceFailed
from pipelines.sandbox.faults import Fault
from pipelines.sandbox.server import serve
from pipelines.sources.hubspot import STREAMS
from pipelines.sources.hubspot import portal as portals
from pipelines.sources.hubspot.companions import Companions
from pipelines.sources.hubspot.short_lists import ShortLists
from tests.hubspot_asked import Asking
from tests.hubspot_records import moment, number, pairs, table
from tests.hubspot_records import records as portal

pytestmark = pytest.mark.long
ROWS = 7
EVERY_ID = [number(row) for row in range(ROWS)]


@pytest.fixture(scope="module")
def records():
    return portal(ROWS)


@pytest.fixture
def asking(records):
    """A portal that is asked for its deals and for nothing else, three to a page, without a landing file."""
    with serve({"hubspot": records}, page_rows=3) as sandbox:
        yield Asking(sandbox)


def test_everything_is_asked_for_in_the_largest_pages_there_are(asking):
    """The default is ten, a hundred is the most, fifty where a history comes along, two hundred in a search."""
    asking.listed()
    asking.ids(asking.portal.objects("deals", [], history="dealstage"))
    limits = ["50" if "WithHistory" in path else "100" for _, path, _ in asking.sandbox.requests]
    assert all(f"limit={limit}" in path for limit, (_, path, _) in zip(limits, asking.sandbox.requests, strict=True))
    asking.changed(0)
    assert {one["limit"] for one in asking.vendor.searches} == {200}
    assert {status for _, _, status in asking.sandbox.requests} == {200}


def test_contacts_are_searched_by_their_own_name_for_the_time(asking):
    for kind, name in {"contacts": "lastmodifieddate", "companies": "hs_lastmodifieddate"}.items():
        assert asking.ids(asking.portal.changed(kind, [], datetime(2026, 1, 1, 8, 3))) == EVERY_ID[3:]
        assert asking.vendor.searches[-1]["sorts"] == [{"propertyName": name, "direction": "ASCENDING"}]


@pytest.fixture
def capped(asking, monkeypatch):
    """Thirty deals in a portal whose searches give their first six rows, not their first ten thousand."""
    monkeypatch.setattr(portals, "SEARCH_CAP", 6)
    asking.vendor.search_cap = 6

    def served(times: list[float]) -> Asking:
        many = table("deals", len(times)).with_columns(pl.Series("updatedAt", [moment(minutes) for minutes in times]))
        asking.sandbox.records = {"hubspot": {"deals": many}}
        return asking

    return served


def test_more_changes_than_a_search_shows_are_read_in_slices_of_time(capped):
    asking = capped([float(row) for row in range(30)])
    assert asking.changed(0) == [number(row) for row in range(30)]
    assert not [status for _, _, status in asking.sandbox.requests if status == 400], "no search went beyond the cap"


def test_more_changes_of_one_moment_than_a_search_shows_are_read_by_their_ids(capped):
    """An import touches more than ten thousand records in one millisecond; ids are numbers, spelled as text."""
    asking = capped([1.0] * 25 + [float(row) for row in range(25, 30)])
    assert asking.changed(0) == [number(row) for row in range(30)]
    by_id = [one for one in asking.vendor.searches if one["sorts"][0]["propertyName"] == "hs_object_id"]
    assert [one["filterGroups"][0]["filters"][0]["operator"] for one in by_id] == ["EQ"] * len(by_id) != []


def test_a_deal_with_more_companies_than_one_answer_tells_has_them_all(asking):
    many = pairs(1, *[(number(0), number(row)) for row in range(1, ROWS)])
    asking.sandbox.records = {"hubspot": {"deals": table("deals", 1), "deals/companies": many}}
    stream = next(stream for stream in STREAMS if stream.name == "deal_companies")
    assert len(asking.ids(Companions(asking.portal).associations(stream, None), key=str)) == ROWS


def test_where_campaigns_go_on_is_told_in_an_addresss_own_spelling(asking):
    campaigns = next(stream for stream in STREAMS if stream.name == "campaigns")
    assert len(asking.ids(ShortLists(asking.portal).campaigns(campaigns), key=str)) == ROWS
    after = [path.rpartition("after=")[2] for _, path, _ in asking.sandbox.requests]
    assert after[1:] == ["3==", "6=="]


@pytest.mark.parametrize(
    ("version", "address"), [("v3", "/crm/v3/objects/deals"), ("2026-03", "/crm/objects/2026-03/deals")]
)
def test_a_portal_is_asked_in_the_version_that_is_set(asking, version, address):
    asking.portal.version = version
    assert asking.listed() == asking.changed(0) == EVERY_ID
    assert all(address in path for _, path, _ in asking.sandbox.requests)


PASSING = ["429", "500", "503", "408", "reset", "truncated", "broken_json", "html", "empty_body", "error_body"]


@pytest.mark.parametrize("kind", PASSING)
def test_trouble_that_passes_is_asked_again_and_every_row_arrives(asking, kind):
    """A recorded 429 has no Retry-After; it is asked again all the same."""
    asking.sandbox.faults = [Fault(kind, on=2, times=2)]
    assert asking.listed() == asking.changed(0) == EVERY_ID


def test_a_search_that_was_asked_too_often_is_asked_again(asking):
    asking.sandbox.faults = [Fault("429", entity="deals/search", times=2)]
    assert asking.changed(0) == EVERY_ID


@pytest.mark.parametrize("kind", ["429", "html", "error_body"])
def test_trouble_that_stays_ends_the_load_by_name(asking, kind):
    asking.sandbox.faults = [Fault(kind, times=None)]
    with pytest.raises(SourceFailed, match="deals: gave up after 3 attempts"):
        asking.listed()


@pytest.mark.parametrize("kind", ["link_to_itself", "same_cursor", "page_repeated", "growing_total"])
def test_pages_that_lead_in_a_circle_end_the_load_by_name(asking, kind):
    asking.sandbox.faults = [Fault(kind, on=2 if kind == "page_repeated" else 1, times=None)]
    with pytest.raises(SourceFailed, match=r"deals: (the pages lead in a circle|more than 20 pages without)"):
        asking.listed()


@pytest.mark.parametrize("kind", ["empty_page", "record_twice", "record_on_two_pages", "page_repeated", "shuffled"])
def test_pages_that_are_odd_and_not_wrong_lose_nothing(asking, kind):
    asking.sandbox.faults = [Fault(kind, on=2, value=7 if kind == "shuffled" else None)]
    assert asking.listed() == EVERY_ID


def test_a_link_to_another_host_is_not_even_looked_at(asking):
    asking.sandbox.faults = [Fault("link_to_host", value="http://elsewhere.example", times=None)]
    assert asking.listed() == EVERY_ID

"""A vendor in trouble: what is asked again, what ends the load by name, what is never sent or told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest

from pipelines.failures import SourceFailed
from pipelines.http import retry_after
from pipelines.sandbox.faults import Fault
from pipelines.sandbox.server import CLIENT_SECRET, serve
from pipelines.sandbox.vendors import spoken
from tests.source_at_work import TODAY, SourceAtWork, at_work, known, tried
from tests.vendor_records import salesforce_records


def needs(system: str) -> tuple[str, ...]:
    return import_module(f"pipelines.sources.{system}").NEEDS


def in_trouble(system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[SourceAtWork, str]]:
    its = known(system)
    with at_work(system, its.records(7), tmp_path, monkeypatch, its.STREAMS, page_rows=3) as source:
        yield source, its.ENTITY


@pytest.fixture(params=tried(spoken(("_api",))))
def vendor(request, tmp_path, monkeypatch):
    """Each vendor in turn, with two streams of seven rows, three to a page: the source, and its first entity."""
    yield from in_trouble(request.param, tmp_path, monkeypatch)


@pytest.fixture(params=tried(one for one in spoken(("_api",)) if not getattr(known(one), "UNLINKED", False)))
def linked(request, tmp_path, monkeypatch):
    """Each vendor whose pages say where the next one is."""
    yield from in_trouble(request.param, tmp_path, monkeypatch)


@pytest.fixture(params=tried(one for one in spoken(("_api",)) if "CLIENT_SECRET" in needs(one)))
def renewing(request, tmp_path, monkeypatch):
    """Each vendor that gives out tokens, which end, and links to the next page, which may lead elsewhere."""
    yield from in_trouble(request.param, tmp_path, monkeypatch)


@pytest.fixture
def salesforce(tmp_path, monkeypatch):
    with at_work("salesforce", salesforce_records(7), tmp_path, monkeypatch, "accounts quotes", page_rows=3) as source:
        yield source


def trouble(source: SourceAtWork, *faults: Fault) -> None:
    source.sandbox.faults = faults


def everything_came(source: SourceAtWork) -> bool:
    its = known(source.system)
    return len(source.keys(its.TABLE, getattr(its, "KEY", "id"))) == 7


PASSING = ["429", "500", "503", "408", "reset", "truncated", "broken_json", "html", "empty_body", "error_body"]


@pytest.mark.parametrize("kind", PASSING)
def test_trouble_that_passes_is_asked_again_and_every_row_arrives(vendor, kind):
    source, entity = vendor
    trouble(source, Fault(kind, entity=entity, on=2, times=2, value=0 if kind == "429" else None))
    source.load()
    assert everything_came(source)
    assert len([path for _, path, _ in source.asked if "token" not in path and entity in path]) >= 1


@pytest.mark.parametrize("kind", PASSING)
def test_trouble_that_stays_ends_the_load_by_name_and_the_last_good_rows_serve(vendor, kind):
    source, entity = vendor
    source.load()
    trouble(source, Fault(kind, entity=entity, times=None))
    with pytest.raises(SourceFailed, match=f"{entity}: gave up after 3 attempts"):
        source.load()
    assert everything_came(source)


def test_an_answer_that_does_not_come_is_not_waited_for_without_end(salesforce):
    trouble(salesforce, Fault("timeout", entity="Account", value=1.5, times=None))
    with pytest.raises(SourceFailed, match="no whole answer"):
        salesforce.load(http__timeout_seconds="0.2", http__attempts="2")


def test_the_whole_load_has_a_time_limit(salesforce):
    trouble(salesforce, Fault("503", entity="Account", times=None))
    with pytest.raises(SourceFailed, match=r"time limit|not done within"):
        salesforce.load(http__time_limit_minutes="0.002", http__attempts="1000")


def test_waiting_as_long_as_the_vendor_asks_has_a_limit_too(salesforce):
    trouble(salesforce, Fault("429", entity="Account", value=3600))
    salesforce.load(http__longest_wait_seconds="0.05")
    assert everything_came(salesforce)


def test_the_vendor_says_how_long_to_wait_in_seconds_or_as_a_date():
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert retry_after({"Retry-After": "7"}, now) == 7
    assert retry_after({"Retry-After": "Sat, 21 Nov 2026 12:00:30 GMT"}, now) == 30
    assert retry_after({"Retry-After": "Sat, 21 Nov 2026 11:00:00 GMT"}, now) == 0
    assert retry_after({"Retry-After": "soon"}, now) is None
    assert retry_after({}, now) is None


@pytest.mark.parametrize("kind", ["link_to_itself", "same_cursor", "page_repeated", "growing_total"])
def test_pages_that_lead_in_a_circle_end_the_load_by_name(linked, kind):
    source, entity = linked
    trouble(source, Fault(kind, entity=entity, on=2 if kind == "page_repeated" else 1, times=None))
    with pytest.raises(SourceFailed, match=rf"{entity}: (the pages lead in a circle|more than 20 pages without)"):
        source.load()


def test_more_pages_than_anybody_has_end_the_load_by_name(vendor):
    source, entity = vendor
    with pytest.raises(SourceFailed, match=f"{entity}: there is no end after 2 pages"):
        source.load(http__pages="2")


@pytest.mark.parametrize("kind", ["empty_page", "empty_last_page", "stray_next_link"])
def test_a_page_without_rows_or_a_stray_link_is_not_the_end_nor_an_error(linked, kind):
    source, entity = linked
    which = {"on": 2, "times": 1} if kind == "empty_page" else {"on": 1, "times": None}
    trouble(source, Fault(kind, entity=entity, **which))
    source.load()
    assert everything_came(source)


def test_a_next_link_to_another_host_is_refused_and_the_token_stays_here(renewing):
    source, entity = renewing
    with serve({}) as elsewhere:
        trouble(source, Fault("link_to_host", entity=entity, value=elsewhere.url))
        with pytest.raises(SourceFailed, match="another host"):
            source.load()
        assert elsewhere.requests == []


def test_a_token_that_ends_in_mid_run_is_renewed_and_the_same_page_asked_again(renewing):
    source, entity = renewing
    trouble(source, Fault("token_expired", entity=entity, on=3))
    source.load()
    assert everything_came(source)
    assert len([path for method, path, _ in source.asked if method == "POST"]) == 2
    refused = [path for _, path, status in source.asked if status == 401]
    assert len(refused) == 1 and [path for _, path, _ in source.asked].count(refused[0]) == 2


def test_a_token_that_is_refused_for_good_ends_the_load_without_telling_a_secret(vendor):
    source, entity = vendor
    source.load()
    trouble(source, Fault("token_refused", entity=entity, on=3, times=None))
    with pytest.raises(SourceFailed, match="refused") as caught:
        source.load(TODAY + timedelta(days=1), overlap_minutes="100000")
    assert CLIENT_SECRET not in str(caught.value)
    assert everything_came(source)


def test_a_wrong_secret_is_said_at_once(renewing):
    source, _ = renewing
    with pytest.raises(SourceFailed, match="the client id or its secret is refused") as caught:
        source.load(client_secret="marker-of-a-wrong-secret")
    assert "marker-of-a-wrong-secret" not in str(caught.value)


def test_an_entity_without_right_is_left_out_reported_and_keeps_its_rows(vendor):
    source, entity = vendor
    source.load()
    trouble(source, Fault("forbidden", entity=entity, times=None))
    result = source.load()
    assert [text for text in result.skipped if "no right to read it" in text]
    assert everything_came(source)
    assert source.rows("select count(*) from raw.coverage where not is_fed and note like '%no right%'") == [(1,)]


def test_an_optional_entity_that_an_installation_lacks_is_reported_as_not_available(salesforce):
    trouble(salesforce, Fault("not_found", entity="Quote", times=None))
    result = salesforce.load()
    assert any(text.startswith("quotes: not available") for text in result.skipped)
    assert salesforce.rows("select is_fed, \"rows\" from raw.coverage where entity = 'quotes'") == [(False, 0)]
    assert everything_came(salesforce)


def test_an_entity_that_must_be_there_and_is_not_ends_the_load(salesforce):
    trouble(salesforce, Fault("not_found", entity="Account", times=None))
    with pytest.raises(SourceFailed, match="Account: not available"):
        salesforce.load()


def test_a_spent_day_ends_the_load_with_its_state_kept(salesforce):
    salesforce.load()
    before = salesforce.rows("select * from raw.accounts order by id")
    trouble(salesforce, Fault("budget_spent", entity="Account", times=None))
    with pytest.raises(SourceFailed, match="REQUEST_LIMIT_EXCEEDED"):
        salesforce.load()
    assert len([path for _, path, _ in salesforce.asked if "queryAll" in path]) == 1, "a spent budget is not retried"
    trouble(salesforce)
    salesforce.load(overlap_minutes="1")
    assert "SystemModstamp >=" in salesforce.asked[-1][1], "the cursor is where it was"
    assert salesforce.rows("select * from raw.accounts order by id") == before


def test_too_many_queries_at_once_pass(salesforce):
    trouble(salesforce, Fault("concurrent", entity="Account", times=2))
    salesforce.load()
    assert everything_came(salesforce)

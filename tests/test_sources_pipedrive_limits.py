"""Pipedrive in trouble, and within its limits: what is waited for, what ends a load, what is left out and said."""

from datetime import timedelta

import pytest

from pipelines.failures import SourceFailed
from pipelines.sandbox.faults import Fault
from pipelines.sources.pipedrive.limits import Budget, refused
from tests.pipedrive_records import TAX_ID, deals, organizations, records
from tests.source_at_work import TODAY, SourceAtWork, at_work

pytestmark = pytest.mark.long
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def firms(tmp_path, monkeypatch):
    """Seven organizations, three to a page."""
    records = {"organizations": organizations(7)}
    with at_work("pipedrive", records, tmp_path, monkeypatch, "organizations", page_rows=3) as source:
        yield source


def came(source: SourceAtWork) -> bool:
    return len(source.keys("organizations")) == 7


def test_an_empty_page_in_the_middle_and_rows_that_come_twice_lose_nothing(firms):
    firms.sandbox.faults = [
        Fault("empty_page", entity="organizations", on=2),
        Fault("record_on_two_pages", entity="organizations", on=3),
        Fault("record_twice", entity="organizations", on=4),
    ]
    firms.load()
    assert came(firms)


def test_the_vendor_says_in_seconds_how_long_to_wait_and_when_nothing_is_left():
    budget = Budget(25)
    left = {"x-ratelimit-limit": "80", "x-ratelimit-remaining": "79", "x-ratelimit-reset": "2"}
    assert budget.asks(left) is None
    assert budget.asks(left | {"x-ratelimit-remaining": "0"}) == 2.0
    assert budget.asks({"Retry-After": "7"}) == 7.0
    assert budget.asks({"x-ratelimit-reset": "soon"}) is None
    today = {"x-daily-ratelimit-token-limit": "1000", "x-daily-ratelimit-token-remaining": "251"}
    assert budget.asks(today) is None and budget.may_go_on()
    assert budget.asks(today | {"x-daily-ratelimit-token-remaining": "250"}) is None and not budget.may_go_on()
    assert "the tokens of this day are spent" in budget.asks(today | {"x-daily-ratelimit-token-remaining": "0"})


def test_a_burst_is_not_exceeded_because_the_answers_say_what_is_left(firms, monkeypatch):
    waits: list[float] = []
    vendor = firms.sandbox.vendors["pipedrive"]
    vendor.burst = 2

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if seconds > 1:
            vendor.window = (0.0, 0)

    monkeypatch.setattr("pipelines.http.time.sleep", sleep)
    firms.load(http__longest_wait_seconds="60")
    assert came(firms)
    assert {status for _, _, status in firms.asked} == {200}, "no request was one too many"
    assert [round(wait) for wait in waits if wait > 1] == [2]
    firms.sandbox.faults = [Fault("429", on=1)]
    waits.clear()
    firms.load(http__longest_wait_seconds="60", http__backoff_seconds="7")
    assert 2.0 in waits and max(waits) <= 2.0, "and where it was, two seconds are waited"


def test_the_gate_that_answers_in_html_is_asked_again_later_and_in_the_end_named(firms):
    firms.sandbox.faults = [Fault("html", entity="organizations", value=403)]
    firms.load()
    assert came(firms)
    firms.sandbox.faults = [Fault("html", entity="organizations", value=403, times=None)]
    with pytest.raises(SourceFailed, match="gave up after 3 attempts: the vendor keeps us out"):
        firms.load()


def test_a_spent_day_ends_the_load_at_once_with_its_state_kept(firms):
    firms.load()
    before = firms.rows("select * from raw.organizations order by id")
    firms.sandbox.vendors["pipedrive"].left = 0
    with pytest.raises(SourceFailed, match="the tokens of this day are spent"):
        firms.load()
    assert len(firms.asked) == 1, "a spent budget is not retried"
    firms.sandbox.vendors["pipedrive"].left = 1000
    firms.load()
    assert "updated_since=" in firms.asked[-1][1], "the cursor is where it was"
    assert firms.rows("select * from raw.organizations order by id") == before


def test_a_token_that_is_refused_ends_the_load_by_name_and_is_not_told(firms):
    with pytest.raises(SourceFailed, match="the API token is refused") as caught:
        firms.load(api_token="marker-of-a-wrong-token")
    assert "marker" not in str(caught.value) and len(firms.asked) == 1
    with pytest.raises(SourceFailed, match="PIPEDRIVE__API_TOKEN is not set"):
        firms.load(api_token="")


def test_what_is_refused_for_good_is_said_in_words():
    assert refused(402, b"{}") == "the company's account is not open (402)"
    assert refused(400, b'{"success":false,"error":"Invalid cursor"}') == "the question is refused (Invalid cursor)"
    assert "no right to read it (Scope and URL mismatch)" in str(refused(403, b'{"error":"Scope and URL mismatch"}'))
    assert "this company has it not" in str(refused(410, b'{"success":true}')), "gone, and yet a success"
    assert refused(500, b"<html>") is None


@pytest.fixture
def company(tmp_path, monkeypatch):
    with at_work("pipedrive", records(), tmp_path, monkeypatch) as source:
        yield source


def test_an_entity_without_right_is_left_out_reported_and_keeps_its_rows(company):
    """Leads that are switched off, a right that is missing, a field that no one has."""
    company.load()
    company.sandbox.faults = [
        Fault("forbidden", entity="activities", times=None),
        Fault("not_found", entity="deals/archived", times=None),
    ]
    frames = company.sandbox.records.frames("pipedrive")
    company.sandbox.records = {"pipedrive": {name: frame for name, frame in frames.items() if name != "leads"}}
    result = company.load(tax_id_field="b" * 40)
    assert sorted(result.skipped) == [
        "activities: not available: no right to read it (You do not have permissions to do this.)",
        "leads: not available: not in this company's plan (Feature is not enabled)",
        f"organizations: not available: {'b' * 40} (TAX_ID_FIELD)",
    ]
    assert len(company.keys("activities")) == 5 and len(company.keys("leads")) == 5 and len(company.keys("deals")) == 5
    unread = company.rows("select entity, reason from raw.coverage where not is_fed order by 1")
    assert unread == [("activities", "no_right"), ("leads", "not_bought")]
    assert company.rows("select distinct tax_id from raw.organizations") == [(None,)]


def test_a_firms_own_field_may_hold_a_number_and_an_odd_value_is_set_aside(tmp_path, monkeypatch):
    with at_work("pipedrive", {"deals": deals(1001)}, tmp_path, monkeypatch, "deals") as source:
        odd = {"custom_fields": f'{{"{TAX_ID}": 4711}}', "value": '"a lot"', "is_archived": "false"}
        source.sandbox.faults = [Fault("fields", entity="deals", value=odd)]
        source.load(order_reference_field=TAX_ID)
        assert source.rows("select order_reference, value from raw.deals where id = 1") == [("4711", None)]
        assert source.rows("select column_name, value from raw.quarantine") == [("value", "a lot")]
        assert len(source.asked) == 4, "500 deals to a page"

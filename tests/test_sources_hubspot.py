"""HubSpot: what it says in text becomes exact, what changed is searched for, what it hides is found all the same."""

from datetime import datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest

from pipelines import batches
from pipelines.failures import SourceFailed
from pipelines.sandbox.faults import Fault
from pipelines.sources import hubspot
from tests.hubspot_records import VISITED, history, moment, number, pairs, table
from tests.hubspot_records import records as portal
from tests.source_at_work import TODAY, SourceAtWork, at_work, changed

pytestmark = pytest.mark.long
ALL = list(hubspot.STREAMS)
TOMORROW = TODAY + timedelta(days=1)
ROWS = 7
DEALS = "deals deal_stage_history deal_companies"


@pytest.fixture(scope="module")
def records():
    return portal(ROWS)


@pytest.fixture
def deals(records, tmp_path, monkeypatch):
    """Seven deals with their stages and companies, three to a page."""
    with at_work("hubspot", records, tmp_path, monkeypatch, DEALS, page_rows=3) as source:
        yield source


@pytest.fixture
def moves(records, tmp_path, monkeypatch):
    """Nothing but the moves of deals from stage to stage."""
    with at_work("hubspot", records, tmp_path, monkeypatch, "deal_stage_history", page_rows=3) as source:
        yield source


@pytest.fixture
def companies_of(records, tmp_path, monkeypatch):
    """Nothing but which companies a deal belongs to."""
    with at_work("hubspot", records, tmp_path, monkeypatch, "deal_companies", page_rows=3) as source:
        yield source


@pytest.fixture
def only_deals(records, tmp_path, monkeypatch):
    with at_work("hubspot", records, tmp_path, monkeypatch, "deals", page_rows=3) as source:
        yield source


def serve(source: SourceAtWork, records: dict[str, pl.DataFrame], **frames: pl.DataFrame) -> None:
    source.sandbox.records = {"hubspot": records | frames}


def searches(source: SourceAtWork) -> list[dict]:
    return source.sandbox.vendors["hubspot"].searches


def asked(source: SourceAtWork, what: str) -> list[str]:
    return [path for _, path, _ in source.asked if what in path]


def later(frame: pl.DataFrame, row: int, minutes: float = 1000, **values: str) -> pl.DataFrame:
    """The frame with one record changed, and the time of it."""
    return changed(frame, row, updatedAt=moment(minutes), **values)


def test_every_page_of_a_portal_arrives_with_its_exact_values(deals):
    deals.load()
    one = (
        "select id, dealname, amount, hs_deal_stage_probability, hs_is_closed, createdate, is_deleted"
        " from raw.deals where id = '9'"
    )
    created = datetime(2026, 1, 1, 8, 1)
    assert deals.rows(one) == [("9", "dealname 1", Decimal("1.5"), Decimal("0.2"), False, created, False)]
    assert len(deals.keys("deals")) == ROWS


def test_only_what_changed_is_searched_for_and_only_of_that_the_history_is_read(deals, records):
    deals.load()
    frame = later(records["deals"], 2, dealname="Changed")
    moved = history(ROWS, (*VISITED, "appointment"))
    serve(deals, records, deals=frame, **{"deals/history": moved})
    result = deals.load(overlap_minutes="0")
    assert deals.rows("select count(*) filter (dealname = 'Changed') from raw.deals") == [(1,)]
    since = int(datetime(2026, 1, 1, 8, ROWS - 1).timestamp() * 1000)
    assert searches(deals)[0]["filterGroups"][0]["filters"] == [
        {"propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": str(since)}
    ]
    assert len(searches(deals)) == 1, "who changed is asked once, for deals, histories and associations together"
    changed_deals = 2  # the newest of the last load, and the one that changed
    assert result.rows["deals"] == changed_deals
    assert result.rows["deal_stage_history"] == changed_deals * (len(VISITED) + 2)
    assert len(asked(deals, "/batch/read")) == 2


def test_a_quiet_load_asks_each_object_once_for_changes_and_once_for_what_was_archived(deals):
    deals.load()
    deals.load(overlap_minutes="0")
    assert [path.split("?")[0].removeprefix("/hubspot") for path in asked(deals, "/objects/")] == [
        "/crm/v3/objects/deals/search",
        "/crm/v3/objects/deals",
        "/crm/v3/objects/deals/batch/read",
    ]


def test_who_is_there_is_found_out_once_in_a_portal_of_any_size(deals, monkeypatch):
    """More deals than are gathered at a time are still listed once, their histories and companies with them."""
    monkeypatch.setattr(batches, "ROWS", 3)
    deals.load()
    assert len(asked(deals, "/objects/deals?archived=false")) == len(range(0, ROWS, 3))
    assert len(deals.keys("deal_companies")) == ROWS
    assert len(deals.keys("deal_stage_history")) == ROWS * (len(VISITED) + 1)


def test_a_change_that_the_index_did_not_show_yet_comes_with_a_later_load(only_deals, records):
    """The index lags behind the records, by more than the newest that it shows."""
    only_deals.load()
    both = later(later(records["deals"], 1, 1000, dealname="Late"), 2, 1040)
    serve(only_deals, records, deals=both)
    only_deals.sandbox.vendors["hubspot"].unindexed = {number(1)}
    only_deals.load()
    assert "Late" not in only_deals.keys("deals", "dealname")
    only_deals.sandbox.vendors["hubspot"].unindexed = set()
    only_deals.load()
    assert "Late" in only_deals.keys("deals", "dealname"), "it lies within the hour that is read again"


def test_what_the_index_never_showed_is_found_when_keys_are_compared(only_deals, records):
    only_deals.load()
    serve(only_deals, records, deals=table("deals", ROWS + 1).with_columns(updatedAt=pl.lit(moment(-100000))))
    only_deals.sandbox.vendors["hubspot"].unindexed = {number(ROWS)}
    only_deals.load(TOMORROW)
    assert len(only_deals.keys("deals")) == ROWS + 1


def test_a_return_to_a_stage_is_a_move_of_its_own(moves, records):
    """Properties such as hs_v2_date_entered keep one visit to a stage; the history keeps them all."""
    there_and_back = ("appointment", "proposal", "appointment", "closedwon")
    serve(moves, records, **{"deals/history": history(ROWS, there_and_back)})
    moves.load()
    stages = (
        "select value from raw.deal_stage_history where deal_id = '8' and property = 'dealstage' order by timestamp"
    )
    assert [value for (value,) in moves.rows(stages)] == list(there_and_back)
    pipelines = "select distinct value, source_type from raw.deal_stage_history where property = 'pipeline'"
    assert moves.rows(pipelines) == [("default", "CRM_UI")]


def test_moves_that_were_read_once_stay_when_only_the_newest_come(moves, records):
    moves.load()
    newest = history(ROWS).filter(pl.col("value") == "closedwon")
    serve(moves, records, **{"deals/history": newest})
    moves.load()
    assert len(moves.rows("select id from raw.deal_stage_history where property = 'dealstage'")) == ROWS * len(VISITED)


def test_an_archived_deal_is_marked_and_keeps_its_history_and_comes_back_when_restored(deals, records):
    deals.load()
    serve(deals, records, deals=changed(records["deals"], 1, archived=True))
    deals.load()
    assert number(1) not in deals.keys("deals")
    assert deals.rows("select archived from raw.deals where is_deleted") == [(True,)]
    assert len(deals.rows("select id from raw.deal_stage_history where deal_id = '9'")) == len(VISITED) + 1
    serve(deals, records)
    deals.load(TOMORROW)
    assert len(deals.keys("deals")) == ROWS


def test_what_was_archived_before_the_first_load_is_known_with_its_history(deals, records):
    serve(deals, records, deals=changed(records["deals"], 1, archived=True))
    deals.load()
    assert deals.rows("select id from raw.deals where is_deleted") == [(number(1),)]
    assert deals.rows("select count(*) > 0 from raw.deal_stage_history where deal_id = '9'") == [(True,)]


def test_the_loser_of_a_merge_vanishes_and_the_winner_names_it(records, tmp_path, monkeypatch):
    with at_work("hubspot", records, tmp_path, monkeypatch, "companies") as source:
        source.load()
        merged = later(records["companies"], 0, hs_merged_object_ids=number(1))
        serve(source, records, companies=merged.filter(pl.col("id") != number(1)))
        source.load(TOMORROW)
        assert number(1) not in source.keys("companies")
        winner = "select id from raw.companies where hs_merged_object_ids = '9'"
        assert source.rows(winner) == [(number(0),)]


def test_a_deal_belongs_to_its_companies_one_of_them_the_first_or_is_known_to_have_none(companies_of, records):
    """The vendor leaves a deal without a company out of its answer altogether."""
    several = pairs(ROWS, (number(0), number(4))).filter(pl.col("fromId") != number(1))
    serve(companies_of, records, **{"deals/companies": several})
    companies_of.load()
    some = "select from_id, to_id, is_primary, type_ids from raw.deal_companies where from_id in ('8', '9') order by id"
    assert companies_of.rows(some) == [
        (number(0), number(4), False, "341"),
        (number(0), number(0), True, "5;341"),
        (number(1), None, None, None),
    ]


def test_companies_that_come_and_go_without_a_sign_are_noticed_the_day_after(companies_of, records):
    companies_of.load()
    others = pairs(ROWS, (number(3), number(5))).filter(pl.col("fromId") != number(0))
    serve(companies_of, records, **{"deals/companies": others})
    companies_of.load(TOMORROW)
    found = "select from_id, to_id from raw.deal_companies where not is_deleted and to_id is distinct from from_id"
    assert sorted(companies_of.rows(found)) == [(number(3), number(5)), (number(0), None)]


def test_a_deal_that_changed_has_the_companies_it_has_now(companies_of, records):
    companies_of.load()
    moved = pairs(ROWS, (number(2), number(6))).filter((pl.col("fromId") != number(2)) | (pl.col("toId") == number(6)))
    serve(companies_of, records, deals=later(records["deals"], 2), **{"deals/companies": moved})
    companies_of.load(overlap_minutes="0")
    assert companies_of.rows("select to_id from raw.deal_companies where from_id = '10'") == [(number(6),)]


def test_a_deal_that_went_between_search_and_batch_does_not_end_the_load(deals, records):
    deals.load()
    serve(deals, records, deals=later(records["deals"], 2))
    deals.sandbox.vendors["hubspot"].asked = lambda path, _query: (
        "deals" if path.endswith("deals/batch/read") else "other" if path.startswith("/hubspot/") else None
    )
    deals.sandbox.faults = [Fault("row_deleted", entity="deals", value=number(2))]
    deals.load(overlap_minutes="0")
    assert [status for _, path, status in deals.asked if path.endswith("deals/batch/read")] == [207]


def test_owners_who_left_stages_and_the_account_are_read_in_full(records, tmp_path, monkeypatch):
    with at_work("hubspot", records, tmp_path, monkeypatch, "owners deal_pipelines deal_stages account") as source:
        source.load()
        assert source.rows("select count(*), count(*) filter (archived), min(team) from raw.owners") == [
            (ROWS, 1, "North")
        ]
        assert source.rows("select id, probability, is_closed, pipeline_id from raw.deal_stages order by 2") == [
            ("appointment", Decimal("0.2"), False, "default"),
            ("proposal", Decimal("0.6"), False, "default"),
            ("closedwon", Decimal("1"), True, "default"),
        ]
        assert source.rows("select portal_id, ui_domain, company_currency from raw.account") == [
            ("4711", "app.hubspot.com", "PLN")
        ]
        assert len(asked(source, "/pipelines/")) == 1, "pipelines and their stages come in one answer"


def test_the_firms_own_fields_are_read_where_they_are_named(records, tmp_path, monkeypatch):
    named = records["companies"].with_columns(vat_number=pl.lit("5213017228"))
    with at_work("hubspot", records | {"companies": named}, tmp_path, monkeypatch, "companies") as source:
        source.load(tax_id_field="vat_number")
        assert source.rows("select distinct tax_id from raw.companies") == [("5213017228",)]


def test_a_property_that_a_portal_never_had_is_left_out_and_reported(records, tmp_path, monkeypatch):
    lacking = {"deals": records["deals"].drop("hs_projected_amount")}
    with at_work("hubspot", records | lacking, tmp_path, monkeypatch, "deals") as source:
        assert source.load().skipped == ["deals: not available: hs_projected_amount"]
        assert len(source.keys("deals")) == ROWS


def test_a_spent_day_ends_the_load_at_once_with_its_state_kept(only_deals):
    only_deals.load()
    only_deals.sandbox.faults = [Fault("budget_spent", entity="deals/search", times=None)]
    with pytest.raises(SourceFailed, match=r"requests of this day are spent \(DAILY\)"):
        only_deals.load()
    assert len(asked(only_deals, "/search")) == 1, "a spent day is not retried"
    only_deals.sandbox.faults = []
    only_deals.load(overlap_minutes="0")
    assert len(asked(only_deals, "/search")) == 1, "the next load goes on from where it was"


def test_a_scope_that_the_token_lacks_is_named_and_the_rest_is_read(deals):
    deals.load()
    deals.sandbox.faults = [Fault("forbidden", entity="deals/companies", times=None)]
    result = deals.load()
    lacking = "no right to read it (the token lacks the scope crm.objects.sandbox.read)"
    assert result.skipped == [f"deal_companies: not available: {lacking}"]
    assert len(deals.keys("deal_companies")) == len(deals.keys("deals")) == ROWS
    assert deals.rows("select is_fed from raw.coverage where entity = 'deal_companies'") == [(False,)]


def test_an_object_that_a_portal_lacks_is_reported_if_it_may_be_and_else_ends_the_load(records, tmp_path, monkeypatch):
    without = {name: frame for name, frame in records.items() if name not in ("leads", "deals")}
    with at_work("hubspot", without, tmp_path, monkeypatch, "leads lead_companies owners") as source:
        assert sorted(source.load().skipped) == [
            "lead_companies: not available: this portal has no such object",
            "leads: not available: this portal has no such object",
        ]
        monkeypatch.setattr(hubspot, "STREAMS", [stream for stream in ALL if stream.name == "deals"])
        with pytest.raises(SourceFailed, match="deals: not available: this portal has no such object"):
            source.load()


def test_a_token_that_is_refused_ends_the_load_by_name_and_tells_no_secret(only_deals):
    token = "pat-marker-of-a-secret"
    with pytest.raises(SourceFailed, match=r"token is refused \(401\).*HUBSPOT__ACCESS_TOKEN") as caught:
        only_deals.load(access_token=token)
    assert token not in str(caught.value)
    assert len(only_deals.asked) == 1, "a token that nobody can renew is tried once"


def test_a_token_that_was_not_set_is_asked_for_by_name(only_deals, monkeypatch):
    monkeypatch.setattr(only_deals.sandbox, "settings", lambda _: {"base_url": "http://127.0.0.1:9"})
    with pytest.raises(SourceFailed, match="HUBSPOT__ACCESS_TOKEN is not set"):
        only_deals.load()

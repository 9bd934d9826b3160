"""Pipedrive as it is: lists in two versions, archives apart, histories deal by deal, limits told in seconds."""

from datetime import datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest

from pipelines.envelope import split
from pipelines.erased import Erased
from pipelines.failures import Broken, SourceFailed
from pipelines.sandbox.faults import Fault
from pipelines.sandbox.pipedrive_api import TOKEN
from pipelines.sources.pipedrive.lists import PAGES
from pipelines.sources.pipedrive.streams import V1, V2
from tests.pipedrive_records import (
    FIRST_STAGE,
    TAX_ID,
    change,
    deal_products,
    deals,
    flow,
    leads,
    moment,
    organizations,
    records,
)
from tests.source_at_work import TODAY, SourceAtWork, at_work, changed

pytestmark = pytest.mark.long
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def company(tmp_path, monkeypatch):
    """A company with a little of everything, three records to a page."""
    with at_work("pipedrive", records(), tmp_path, monkeypatch, page_rows=3) as source:
        yield source


@pytest.fixture
def firms(tmp_path, monkeypatch):
    """Seven organizations, three to a page."""
    records = {"organizations": organizations(7)}
    with at_work("pipedrive", records, tmp_path, monkeypatch, "organizations", page_rows=3) as source:
        yield source


@pytest.fixture
def selling(tmp_path, monkeypatch):
    """Deals with their products and their stages."""
    with at_work("pipedrive", records(), tmp_path, monkeypatch, "deals deal_stages") as source:
        yield source


def serve(source: SourceAtWork, **frames: pl.DataFrame) -> None:
    source.sandbox.records = {"pipedrive": source.sandbox.records.frames("pipedrive") | frames}


def asked_for(source: SourceAtWork, words: str) -> list[str]:
    return [path for _, path, _ in source.asked if words in path]


def test_every_stream_arrives_with_its_exact_values(company):
    result = company.load(tax_id_field=TAX_ID)
    assert result.skipped == [] and result.quarantined == 0
    fed = company.rows('select entity, "rows" from raw.coverage where is_fed')
    assert len(fed) == 14 and all(rows for _, rows in fed)
    assert company.rows("select name, address_locality, tax_id, add_time from raw.organizations where id = 1") == [
        ("Organization 0", "Warszawa", "5210000000", datetime(2026, 1, 1, 8))
    ]
    assert company.rows("select title, value, channel, expected_close_date::text from raw.deals where id = 2") == [
        ("Deal 1", Decimal("1.25"), 52, "2026-09-30")
    ]
    assert company.rows("select emails_primary_value, phones_primary_value from raw.persons where id = 1") == [
        ("person0@example.org", "+48 22 000 00 00")
    ], "the primary one; where none is primary, the first"
    assert company.rows("select prices_price, prices_cost, prices_currency from raw.products where id = 1") == [
        (Decimal("12.5"), Decimal("7.25"), "PLN")
    ]
    assert company.rows("select value_amount, value_currency from raw.leads order by add_time limit 2") == [
        (None, None),
        (Decimal("1.5"), "EUR"),
    ]
    assert company.rows("select field_name, label from raw.field_options where option_id = '52'") == [
        ("Source channel", "Website")
    ]
    assert company.rows("select distinct marked_as_done_time from raw.activities") == [(None,)], "empty text is no time"
    assert not asked_for(company, TOKEN), "what stands in an address is written down on the way"
    before = (
        company.rows("select * from raw.deals order by id"),
        company.rows("select * from raw.deal_stages order by id"),
    )
    company.load(tax_id_field=TAX_ID)
    after = (
        company.rows("select * from raw.deals order by id"),
        company.rows("select * from raw.deal_stages order by id"),
    )
    assert before == after, "a second load changes nothing"
    assert company.rows("select count(*) from raw.field_options") == [(2,)]


def test_a_last_page_is_known_in_every_form_it_has():
    """No further cursor, nothing beside the records, no records at all; in v1 a word that there is no more."""
    ends = [b'"additional_data":{"next_cursor":null}', b'"additional_data":null', b'"related_objects":{}']
    for end in ends:
        assert split(b'{"success":true,"data":[{"id":1}],' + end + b"}", PAGES[V2]).next is None
    assert split(b'{"success":true,"data":null}', PAGES[V2]).records == []
    page = b'{"success":true,"data":[{"id":%b}],"additional_data":{"pagination":{"start":0,"next_start":1%b}}}'
    assert split(page % (b"1", b',"more_items_in_collection":false'), PAGES[V1]).next is None
    for number in (b"1", b"NaN"):
        assert split(page % (number, b',"more_items_in_collection":true'), PAGES[V1]).next == "1"
    with pytest.raises(Broken, match="there is more, and not where"):
        split(
            b'{"success":true,"data":[],"additional_data":{"pagination":{"more_items_in_collection":true}}}', PAGES[V1]
        )


def test_records_of_one_second_survive_a_load_that_is_cut_after_any_page(firms):
    serve(firms, organizations=organizations(7).with_columns(update_time=pl.lit(moment(5))))
    for page in (2, 3):
        firms.sandbox.faults = [Fault("500", entity="organizations", on=page, times=None)]
        with pytest.raises(SourceFailed):
            firms.load()
    firms.sandbox.faults = []
    firms.load()
    assert firms.keys("organizations") == [1, 2, 3, 4, 5, 6, 7]
    assert len(firms.asked) == 3, "and the list is at its end when it has no further cursor"
    # One changes and one comes in the very second that the last load had reached.
    later = changed(organizations(8).with_columns(update_time=pl.lit(moment(5))), 3, name="Changed")
    serve(firms, organizations=later)
    firms.load(overlap_minutes="0")
    assert firms.rows("select count(*), count(*) filter (name = 'Changed') from raw.organizations") == [(8, 1)]
    assert asked_for(firms, "updated_since=2026-01-01T08:05:00Z"), "no other form is answered"


def test_what_was_deleted_or_merged_into_another_is_noticed_when_keys_are_compared(firms):
    firms.load()
    left = organizations(7).filter(pl.col("id") != 3)
    serve(firms, organizations=changed(left, 0, name="Merged", update_time=moment(600)))
    firms.load()
    assert firms.keys("organizations") == [1, 2, 3, 4, 5, 6, 7], "the list says nothing of it"
    firms.load(TOMORROW)
    assert firms.keys("organizations") == [1, 2, 4, 5, 6, 7]
    assert firms.rows("select name from raw.organizations where id in (1, 3) order by id") == [
        ("Merged",),
        ("Organization 2",),
    ], "and it is still known"


def test_deals_are_one_table_whether_they_are_archived_or_deleted(selling):
    selling.load()
    there = deals(
        6, is_archived=lambda n: n == 5, is_deleted=lambda n: n == 4, update_time=lambda n: moment(n + 600 * (n > 3))
    )
    serve(selling, deals=there)
    selling.load()
    assert selling.rows("select id, is_archived, is_deleted from raw.deals where id > 3 order by id") == [
        (4, False, False),
        (5, False, True),
        (6, True, False),
    ]
    selling.load(TOMORROW)
    assert selling.rows("select id from raw.deals where is_deleted") == [(5,)], "its key is there, and it is deleted"
    # Thirty days on, the deleted one is in no list any more; the archived one is compared with its own list.
    serve(selling, deals=there.filter(pl.col("id") != 5))
    selling.load(TOMORROW + timedelta(days=30))
    assert selling.rows("select id from raw.deals where is_deleted") == [(5,)]


def test_a_list_that_does_not_say_what_is_archived_is_known_by_its_address(tmp_path, monkeypatch):
    records = {"leads": leads(5, is_archived=lambda n: n > 2)}
    with at_work("pipedrive", records, tmp_path, monkeypatch, "leads", page_rows=2) as source:
        for entity in ("leads", "leads/archived"):
            source.sandbox.faults = [
                *source.sandbox.faults.faults,
                Fault("fields_of_all", entity=entity, times=None, value={"is_archived": None}),
            ]
        source.load()
        assert source.rows("select is_archived, count(*) from raw.leads group by 1 order by 1") == [
            (False, 3),
            (True, 2),
        ]
        assert asked_for(source, "start=2") and not asked_for(source, "start=4"), "more_items_in_collection ends it"


def test_products_come_with_their_deals_a_hundred_deals_to_a_request(tmp_path, monkeypatch):
    records = {"deals": deals(240), "dealProducts": deal_products(150, 150)}
    with at_work("pipedrive", records, tmp_path, monkeypatch, "deals") as source:
        source.load()
        assert len(asked_for(source, "deals/products")) == 2, "deals without products are not asked about"
        assert len(source.asked) == 4
        assert source.rows("select count(*), sum(sum) from raw.deal_products") == [(150, Decimal(3750))]
        # A product is taken off one deal, another deal loses its only one.
        fewer = deal_products(150, 149).filter(pl.col("id") != 2)
        touched = deals(240, update_time=lambda n: moment(999 if n in (0, 1, 149) else n))
        serve(source, deals=touched, dealProducts=fewer)
        source.load(overlap_minutes="0")
        assert source.rows("select deal_id, id from raw.deal_products where deal_id in (1, 2, 150) order by id") == [
            (1, 1),
            (1, 150),
        ]
        # The lines of a deal go and come with it.
        serve(source, deals=touched.filter(pl.col("id") != 1))
        source.load(TOMORROW)
        assert source.keys("deal_products", "deal_id")[0] == 3


def stages_of(source: SourceAtWork, deal: int) -> list[tuple]:
    return source.rows(
        "select stage_id, extract(epoch from entered_at - timestamp '2026-01-01 08:00') // 60, method"  # noqa: S608
        f" from raw.deal_stages where deal_id = {deal} order by position"
    )


def test_stages_are_put_in_order_and_begin_when_the_deal_was_added(selling):
    """The feed has other changes between, ids as text, no order, and empty lists for empty objects."""
    feed = [
        change(2, 101, 40, 12, 12),
        change(2, 99, 20, 11, 12, additional_data=None),
        change(2, 100, 30, 1, 5, field_key="value"),
        change(2, 9, 20, 10, 11),
        change(3, 7, 15, None, 13),
    ]
    moved = {1: 40, 2: 15, 3: 25, 4: 4}
    there = deals(
        5,
        stage_id=lambda n: {1: 12, 2: 13, 3: 14}.get(n, FIRST_STAGE),
        stage_change_time=lambda n: moment(moved[n]) if n in moved else None,
    )
    serve(selling, deals=there, dealFlow=flow(feed))
    selling.load()
    assert stages_of(selling, 2) == [(10, 1, "log"), (11, 20, "log"), (12, 20, "log")], "equal neighbours are one visit"
    assert stages_of(selling, 3) == [(13, 15, "log")], "what it was before the first change nobody knows"
    assert stages_of(selling, 4) == [(14, 25, "derived")], "the feed has lost it; the deal itself still says when"
    assert stages_of(selling, 1) == [(10, 0, "log")], "it never moved"
    assert stages_of(selling, 5) == [(10, 4, "log")], "it was added where it is"
    assert selling.rows("select stage_name from raw.deal_stages where deal_id = 2 order by position") == [
        ("Stage 10",),
        ("Stage 11",),
        (None,),
    ]
    assert [path.split("?")[0] for path in asked_for(selling, "/flow")] == [
        "/pipedrive/api/v1/deals/4/flow",
        "/pipedrive/api/v1/deals/3/flow",
        "/pipedrive/api/v1/deals/2/flow",
    ], "a deal that never moved is not asked about"


def test_only_deals_whose_stage_changed_are_asked_about_again(selling):
    selling.load()
    assert len(asked_for(selling, "/flow")) == 1
    times = {0: 600, 1: 610, 3: 620}
    there = deals(
        5,
        title="Renamed",
        stage_id=lambda n: {0: 11, 1: 12}.get(n, FIRST_STAGE),
        stage_change_time=lambda n: {0: moment(600), 1: moment(20)}.get(n),
        update_time=lambda n: moment(times.get(n, n)),
    )
    feed = [change(2, 2, 20, 11, 12), change(2, 1, 10, 10, 11), change(1, 3, 600, 10, 11)]
    serve(selling, deals=there, dealFlow=flow(feed))
    selling.load()
    assert [path.split("?")[0] for path in asked_for(selling, "/flow")] == ["/pipedrive/api/v1/deals/1/flow"]
    assert stages_of(selling, 1) == [(10, 0, "log"), (11, 600, "log")]
    assert stages_of(selling, 2) == [(10, 1, "log"), (11, 10, "log"), (12, 20, "log")], "it was renamed, no more"
    # What the feed knew of a deal and knows no more goes with the rest of its rows.
    again = changed(there, 0, stage_id=12, stage_change_time=moment(700), update_time=moment(700))
    serve(selling, deals=again, dealFlow=flow([]))
    selling.load()
    assert stages_of(selling, 1) == [(12, 700, "derived")]
    assert asked_for(selling, "/flow") == asked_for(selling, "/deals/1/flow")


def test_the_changelog_tells_the_same_for_half_the_tokens(selling):
    serve(selling, dealFlow=flow([change(2, 2, 20, 11, 12), change(2, 1, 20, 10, 11)]))
    selling.load()
    stages = "select deal_id, position, stage_id, entered_at, method from raw.deal_stages order by 1, 2"
    by_flow = selling.rows(stages)
    selling.load(history="changelog")
    assert selling.rows(stages) == by_flow
    assert asked_for(selling, "/changelog") and not asked_for(selling, "/flow")
    with pytest.raises(SourceFailed, match="HISTORY is one of flow, changelog"):
        selling.load(history="guessed")


@pytest.fixture
def many_moved(tmp_path, monkeypatch):
    """Seven deals that were all imported in one second and have all moved since."""
    there = deals(7, stage_id=11, stage_change_time=moment(60), update_time=moment(60))
    records = {"deals": there, "dealFlow": flow([change(n + 1, n, 60, 10, 11) for n in range(7)])}
    with at_work("pipedrive", records, tmp_path, monkeypatch, "deal_stages") as source:
        yield source


def histories(source: SourceAtWork) -> int:
    return source.rows("select count(*) from raw.deal_stages where stage_id = 11 and method = 'log'")[0][0]


def test_histories_that_are_too_many_for_one_load_are_read_in_the_next_ones(many_moved):
    result = many_moved.load(history_deals="3")
    assert result.skipped == ["deal_stages: the history of 4 deals waits for the next load"]
    assert histories(many_moved) == 3
    many_moved.load(history_deals="3", overlap_minutes="0")
    many_moved.load(history_deals="3", overlap_minutes="0")
    result = many_moved.load(history_deals="3")
    assert histories(many_moved) == 7 and "waits" not in str(result.skipped)


def test_histories_leave_the_rest_of_the_company_its_part_of_the_day(many_moved):
    vendor = many_moved.sandbox.vendors["pipedrive"]
    vendor.left = 40_000
    result = many_moved.load(history_reserve_percent="26.6")
    assert "deals waits for the next load" in str(result.skipped)
    assert 0 < histories(many_moved) < 7
    vendor.left = 150_000
    many_moved.load()
    assert histories(many_moved) == 7


def test_a_deal_that_is_deleted_before_its_history_is_asked_for_hinders_nobody(many_moved):
    many_moved.sandbox.faults = [Fault("not_found", entity="deals/flow", on=3)]
    many_moved.load()
    assert histories(many_moved) == 6


def test_histories_that_no_deal_shows_are_reported_and_not_taken_for_none(tmp_path, monkeypatch):
    records = {"deals": deals(20, stage_change_time=moment(60)), "dealFlow": flow([])}
    with at_work("pipedrive", records, tmp_path, monkeypatch, "deal_stages") as source:
        source.sandbox.faults = [Fault("not_found", entity="deals/flow", times=None)]
        assert source.load().skipped == ["deal_stages: not available: none of 20 deals shows its changes"]
        source.sandbox.faults = []
        source.load()
        assert source.rows("select count(distinct deal_id) from raw.deal_stages") == [(20,)]


def test_a_change_that_cannot_be_read_ends_the_load_by_the_deals_name(many_moved):
    serve(many_moved, dealFlow=flow([change(4, 1, 60, 10, 11, id="none")]))
    with pytest.raises(SourceFailed, match="the changes of deal 4 cannot be read"):
        many_moved.load()


def test_an_erased_person_is_loaded_without_the_person(tmp_path, monkeypatch):
    with at_work("pipedrive", records(), tmp_path, monkeypatch, "persons deals") as source:
        known = Erased(b"k" * 32)
        known.add(["erased-00000001", "record", "0", known.hash_of_record("pipedrive", "persons", "", 2), *"..."])
        source.erased = known
        source.load()
        assert source.rows("select name, emails_primary_value, org_id from raw.persons where id = 2") == [
            ("erased-00000001", None, 2)
        ]
        assert source.rows("select title, value from raw.deals where id = 2") == [("erased-00000001", Decimal("1.25"))]

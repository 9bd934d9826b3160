"""Livespace: a session for every call, lists that do not say where they end, PHP's nothing, and no history at all."""

import json
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from pipelines.failures import SourceFailed
from pipelines.sandbox import livespace_api
from pipelines.sandbox.faults import Fault
from tests.livespace_records import deals, moment, records, stage, uuid
from tests.source_at_work import TODAY, SourceAtWork, at_work, changed

# A system of no demo company.
pytestmark = pytest.mark.long

ROWS = 7
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def account(tmp_path, monkeypatch):
    """Seven deals and what was seen of them, three to a page."""
    with at_work("livespace", records(ROWS), tmp_path, monkeypatch, "deals deal_versions", page_rows=3) as source:
        yield source


def serve(source: SourceAtWork, **frames: object) -> None:
    served = {"Deal/getAll": frames["deals"]} if "deals" in frames else {}
    source.sandbox.records = {"livespace": records(ROWS) | served}


def calls(source: SourceAtWork) -> list[dict]:
    return source.sandbox.vendors["livespace"].calls


def paths(source: SourceAtWork) -> list[str]:
    return [path.removeprefix("/livespace/api/public/json/") for _, path, _ in source.asked]


def test_money_with_a_decimal_comma_is_exact_and_a_moment_with_half_an_offset_is_in_utc(account):
    account.load()
    one = f"select value, value_final, probability, created, buyer_id from raw.deals where id = '{uuid('dea1', 1)}'"  # noqa: S608
    created = datetime(2026, 1, 1, 6, 1)
    assert account.rows(one) == [(Decimal("1234.5"), Decimal(0), Decimal(5), created, uuid("c0de", 1))]


def test_every_call_has_a_session_of_its_own_and_so_has_a_call_that_is_made_again(account):
    account.sandbox.faults = [Fault("500", entity="Deal/getAll", on=2, times=1)]
    account.load()
    token = "_Api/auth_call/_api_method/getToken"
    assert paths(account) == [token, "Deal/getAll"] * 4, "three pages, one of them asked for twice"
    assert len(account.keys("deals")) == ROWS


def test_deals_are_asked_for_once_for_themselves_and_for_what_was_seen_of_them(account):
    account.load()
    assert [call["offset"] for call in calls(account)] == [0, 3, 6]
    assert account.rows("select count(*), count(distinct deal_id) from raw.deal_versions") == [(ROWS, ROWS)]


def test_only_deals_that_changed_are_asked_for_a_day_more_than_needed(account):
    account.load()
    calls(account).clear()
    serve(account, deals=changed(records(ROWS)["Deal/getAll"], 2, name="Changed", modified="2026-03-05 10:00:00+01"))
    account.load()
    assert {call["modified"] for call in calls(account)} == {"2025-12-31"}
    assert account.rows("select count(*) from raw.deals where name = 'Changed'") == [(1,)]


def test_what_each_load_saw_of_a_deal_stays(account):
    """The vendor keeps no history: that a deal moved is known by having been seen in another stage."""
    account.load()
    moved = changed(records(ROWS)["Deal/getAll"], 2, stage_id=stage(1), modified=moment(5000))
    serve(account, deals=moved)
    account.load(TOMORROW)
    serve(account, deals=changed(moved, 2, stage_id=stage(2), status="won", modified=moment(9000)))
    account.load(TOMORROW + timedelta(days=7))
    seen = f"select stage_id, status from raw.deal_versions where deal_id = '{uuid('dea1', 2)}' order by modified"  # noqa: S608
    assert account.rows(seen) == [(stage(0), "open"), (stage(1), "open"), (stage(2), "won")]


def test_rows_that_move_up_while_a_list_is_read_are_not_missed(tmp_path, monkeypatch):
    """Ten rows to a page, and a row of the first page is deleted before the second is asked for."""
    many = records(25) | {"Deal/getAll": deals(25)}
    with at_work("livespace", many, tmp_path, monkeypatch, "deals", page_rows=10) as source:
        source.sandbox.faults = [Fault("row_deleted", entity="Deal/getAll", on=2, value=uuid("dea1", 24))]
        source.load()
        assert len(source.keys("deals")) == 25


def test_a_list_that_pays_no_heed_to_the_offset_ends_the_load_by_name(account, monkeypatch):
    page = livespace_api.Livespace.page

    def first(self, rows, wrapper, given):
        return page(self, rows, wrapper, given | {"offset": 0})

    monkeypatch.setattr(livespace_api.Livespace, "page", first)
    with pytest.raises(SourceFailed, match="Deal/getAll: the pages lead in a circle"):
        account.load()


def test_stages_are_told_in_their_order_and_an_account_without_any_says_so_with_a_list(tmp_path, monkeypatch):
    with at_work("livespace", records(ROWS), tmp_path, monkeypatch, "stages products users") as source:
        source.load()
        named = "select name, process_name, place from raw.stages order by place"
        assert source.rows(named) == [("Talks", "Sales", 0), ("Offer", "Sales", 1), ("Contract", "Sales", 2)]
        assert source.rows("select sku, default_price from raw.products order by 1") == [
            ("P-0", Decimal(2500)),
            ("P-1", Decimal(2500)),
        ]


def test_a_list_with_gaps_in_its_count_comes_as_a_map_and_is_read_all_the_same(account, monkeypatch):
    def numbered(_self, rows, wrapper, given):
        here = rows.slice(given["offset"], given["limit"]).to_dicts()
        return livespace_api.given_back(json.dumps({wrapper: {str(2 * n): row for n, row in enumerate(here)}}))

    monkeypatch.setattr(livespace_api.Livespace, "page", numbered)
    account.load()
    assert len(account.keys("deals")) == ROWS


def test_a_secret_that_is_wrong_ends_the_load_and_is_told_to_nobody(account):
    secret = "marker-of-a-secret"
    with pytest.raises(SourceFailed, match=r"the API key or its secret is refused \(561\)") as caught:
        account.load(api_secret=secret)
    assert secret not in str(caught.value)

"""The simulated maker of furniture: what is true of a maker to order, and what the CRM's part of it comes to."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from pipelines.sandbox.furniture.company import Furniture
from pipelines.sandbox.furniture.pipedrive_accounts import ERP_NUMBER, INDUSTRY, TAX_ID, WEBSITE
from pipelines.sandbox.furniture.pipedrive_deals import ORDER
from pipelines.sources import comarch_xl, pipedrive
from pipelines.streams import place
from tests import staged
from tests.published import compared
from tests.source_at_work import at_work

TODAY = date(2026, 5, 29)
SCALE = 0.04
FIELDS = {
    "tax_id_field": TAX_ID, "website_field": WEBSITE, "erp_reference_field": ERP_NUMBER, "industry_field": INDUSTRY,
    "order_reference_field": ORDER,
}  # fmt: skip
LISTS = {"deal_products": "dealProducts", "deal_stages": "dealFlow", "lead_sources": "leadSources"}


@pytest.fixture(scope="module")
def company() -> Furniture:
    return Furniture(TODAY, SCALE)


@pytest.fixture(scope="module")
def warehouse(company, tmp_path_factory):
    """The CRM as it was read over its interface, as canonical tables."""
    folder = tmp_path_factory.mktemp("furniture")
    with (
        pytest.MonkeyPatch.context() as patch,
        at_work("pipedrive", company.records("pipedrive"), folder, patch) as crm,
    ):
        crm.load(datetime(2026, 5, 29, 22), time_zone="Europe/Warsaw", **FIELDS)
        attached = {"path": str(crm.landing), "alias": "pipedrive", "read_only": True}
        with staged.built(folder, [attached], "accounts deals leads deal_stages deal_lines activities") as connection:
            yield lambda sql: connection.sql(sql).pl()


def test_the_firm_has_about_two_hundred_orders_a_month_each_made_for_its_customer():
    orders = Furniture(TODAY).truth()["orders"]
    months = orders.filter(pl.col("ordered_date").dt.year() == 2025).group_by(pl.col("ordered_date").dt.month()).len()
    assert months["len"].min() > 170 and months["len"].max() < 240
    took = (orders["shipped_in_full_date"] - orders["ordered_date"]).dt.total_days()
    assert 25 < took.median() < 75


def test_an_order_is_begun_after_it_is_confirmed_and_ready_before_the_last_of_it_leaves(company):
    orders = company.truth()["orders"].join(company.truth()["production"], on="order_number")
    assert orders.height > 100
    assert orders.filter(pl.col("started_date") < pl.col("confirmed_date")).is_empty()
    assert orders.filter(pl.col("started_date") > pl.col("finished_date")).is_empty()
    whole = orders.filter(pl.col("shipped_in_full_date").is_not_null())
    assert whole.filter((pl.col("finished_date") >= pl.col("shipped_in_full_date")).fill_null(True)).is_empty()
    assert orders["finished_date"].null_count() > 0, "nothing is being made today"


def test_many_orders_are_approved_leave_in_parts_and_are_paid_for_in_advance(company):
    orders = company.truth()["orders"]
    many = orders.height // 10
    assert orders.filter(pl.col("approved_date").is_not_null()).height > 3 * many
    assert orders.filter(pl.col("last_shipped_date") > pl.col("first_shipped_date")).height > 2 * many
    advances = orders.filter(pl.col("first_paid_date") < pl.col("first_invoiced_date"))
    assert advances.height > many
    assert advances.filter(pl.col("paid_date") > pl.col("first_invoiced_date")).height > 0, "the rest is paid later"


def test_the_crm_shows_every_field_that_is_read(company):
    records = company.records("pipedrive")
    for stream in [each for one in pipedrive.STREAMS for each in (one, one.lines) if each]:
        if stream.name == "field_options":
            continue
        shown = records[LISTS.get(stream.name, stream.entity)]
        assert shown.height, f"{stream.name} is empty: nothing about it is tested"
        if stream.name != "deal_stages":
            assert {place(column.field)[0] for column in stream.columns} <= set(shown.columns), stream.name


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 5, 29)])
def test_the_past_stays_when_the_day_moves_on(day):
    before, after = (Furniture(day + timedelta(days=later), SCALE).records("pipedrive") for later in (0, 1))
    for entity in ("organizations", "persons", "deals", "leads", "activities", "products"):
        old, new = before[entity], after[entity]
        both = old.join(new, on="id", suffix="_next")
        untouched = both.filter(pl.col("update_time") == pl.col("update_time_next"))
        for name in set(old.columns) - {"id"}:
            same = untouched[name].eq_missing(untouched[f"{name}_next"])
            assert same.all(), f"{entity}.{name} changed without a new update_time"
        fresh = new.join(old, on="id", how="anti")
        assert (fresh["update_time"] > f"{day - timedelta(days=1)}T22").all(), f"{entity} has new rows of an old day"


def made_of(stream, field: str | None) -> list[str]:
    """The columns of the table that a key or a cursor is made of."""
    return list(next((column.of for column in stream.columns if column.field == field), ()) or (field,))


def test_the_erp_shows_every_table_that_is_read_and_nothing_that_is_not(company):
    records = company.records("comarch_xl")
    assert set(records) == {stream.entity for stream in comarch_xl.STREAMS}
    for stream in comarch_xl.STREAMS:
        declared = {name for column in stream.columns for name in made_of(stream, column.field)}
        assert set(records[stream.entity].columns) <= declared, stream.entity
        assert not any(records[stream.entity].null_count().row(0)), f"{stream.entity}: XL writes 0 for nothing"


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2025, 9, 30), date(2026, 5, 29)])
def test_the_books_of_the_past_stay_when_the_day_moves_on(day):
    before, after = (Furniture(day + timedelta(days=later), 0.2).records("comarch_xl") for later in (0, 1))
    for stream in (one for one in comarch_xl.STREAMS if one.cursor):
        key, old = made_of(stream, stream.key), before[stream.entity]
        both = old.join(after[stream.entity], on=key, suffix="_next")
        assert both.height == old.height, f"{stream.entity} lost rows"
        moments = [name for name in made_of(stream, stream.cursor) if name in old.columns]
        untouched = both.filter(pl.all_horizontal([pl.col(name) == pl.col(f"{name}_next") for name in moments]))
        for name in set(old.columns) - set(key):
            same = untouched[name].eq_missing(untouched[f"{name}_next"])
            assert same.all(), f"{stream.entity}.{name} changed without a new {moments}"


@pytest.mark.long
def test_every_deal_stands_published_as_it_really_stands(company, warehouse):
    found = warehouse(
        "select split_part(deal_key, ':', -1) as deal_id, status, amount, currency_code,"
        " excluded_reason is not null as is_excluded, cast(created_at at time zone 'UTC' at time zone 'Europe/Warsaw'"
        " as date) as created_at_date, cast(closed_at at time zone 'UTC' at time zone 'Europe/Warsaw' as date)"
        " as closed_at_date from work.canonical.deals"
    )
    pairs = {"status": "status", "amount": "amount", "currency": "currency_code", "is_junk": "is_excluded"}
    pairs |= {"created_date": "created_at_date", "closed_date": "closed_at_date"}
    assert compared(company.truth()["deals"], found, "deal_id", pairs) == []


@pytest.mark.long
def test_every_lead_in_the_inbox_or_the_archive_is_published(company, warehouse):
    found = warehouse("select split_part(lead_key, ':', -1) as lead_id, status from work.canonical.leads")
    truth = company.truth()["leads"]
    assert compared(truth, found, "lead_id", {"status": "status"}) == []
    assert set(truth["status"]) == {"open", "disqualified"}


@pytest.mark.long
def test_products_of_a_deal_sum_to_its_value_and_its_last_stage_is_where_it_stands(warehouse):
    sums = warehouse(
        "select deals.deal_key, any_value(amount) as amount, sum(net_amount) as lines from work.canonical.deal_lines"
        " inner join work.canonical.deals as deals using (deal_key) group by 1"
    )
    assert sums.height > 50 and sums.filter((pl.col("amount") - pl.col("lines")).abs() > 0).is_empty()
    last = warehouse(
        "select deals.stage, passes.stage as passed from work.canonical.deals as deals inner join"
        " work.canonical.deal_stages as passes using (deal_key) where passes.exited_at is null"
    )
    assert last.height > 50 and last.filter(pl.col("stage") != pl.col("passed")).is_empty()


@pytest.mark.long
def test_every_organization_is_published_and_what_was_merged_is_not(company, warehouse):
    found = warehouse(
        "select split_part(account_key, ':', -1) as vendor_id, tax_id, industry from work.canonical.accounts"
    )
    assert compared(company.truth()["accounts"], found, "vendor_id", {}) == []
    assert found["tax_id"].null_count() < found.height / 2 and "Offices" in set(found["industry"])

"""The agency as HubSpot shows it: read over its interface, it comes to what is true of the firm."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from pipelines.demo import FIELDS
from pipelines.sandbox.agency import hubspot_deals, hubspot_records, truth_crm
from pipelines.sandbox.agency.company import Agency
from pipelines.sandbox.agency.hubspot_words import TALKS
from pipelines.sandbox.business import truth_deals
from pipelines.sandbox.business.truth_money import customer
from pipelines.sandbox.tables import ROW
from pipelines.sources import hubspot
from tests import staged
from tests.published import compared
from tests.source_at_work import at_work

pytestmark = pytest.mark.long
TODAY = date(2026, 11, 20)
SCALE, SEED = 0.15, 1  # with companies that are merged, and a deal archived of late
OBJECTS = [one.entity for one in hubspot.STREAMS if one.inside == "properties" and one.cursor]
UNTOLD = {"quotes"}  # the firm writes its offers in another program
LOCAL_DATE = "create macro local_date(moment) as cast(moment at time zone 'UTC' at time zone 'Europe/Warsaw' as date)"


@pytest.fixture(scope="module")
def company() -> Agency:
    return Agency(TODAY, SCALE, SEED)


@pytest.fixture(scope="module")
def warehouse(company, tmp_path_factory):
    """The CRM as it was read over its interface, as canonical tables."""
    folder = tmp_path_factory.mktemp("agency")
    with (
        pytest.MonkeyPatch.context() as patch,
        at_work("hubspot", hubspot_records.records(company), folder, patch) as crm,
    ):
        crm.load(datetime(2026, 11, 20, 22), time_zone="Europe/Warsaw", **FIELDS["hubspot"])
        attached = {"path": str(crm.landing), "alias": "hubspot", "read_only": True}
        models = "accounts deals leads deal_stages deal_lines deal_accounts activities marketing_costs people"
        with staged.built(folder, [attached], f"{models} stg_hubspot__tickets", str(TODAY)) as connection:
            connection.execute(LOCAL_DATE)
            yield lambda sql: connection.sql(sql).pl()


def test_the_crm_shows_every_field_that_is_read(company):
    records = hubspot_records.records(company)
    for stream in hubspot.STREAMS:
        if stream.entity.split("/")[0] in UNTOLD:
            continue
        shown = records[stream.entity]
        assert shown.height, f"{stream.name} is empty: nothing about it is tested"
        if stream.inside == "properties":
            assert {column.field for column in stream.columns} - {"updatedAt"} <= set(shown.columns), stream.name
    for kind in OBJECTS:
        if kind not in UNTOLD:
            texts = records[kind].drop("archived")
            assert set(texts.dtypes) == {pl.String}, f"{kind}: every value of HubSpot's is text or null"
            assert records[kind]["id"].is_unique().all()
    assert records["contacts"]["email"].is_unique().all(), "HubSpot knows a person by the mailbox"


def test_a_deals_number_in_the_crm_is_the_one_the_erp_names(company):
    numbers = company.known_deals["deal"].to_numpy()
    assert hubspot_deals.deal_ids(numbers).to_list() == company.deal_ids(numbers).to_list()


def test_every_deal_stands_published_as_it_really_stands(company, warehouse):
    found = warehouse(
        "select split_part(deal_key, ':', -1) as deal_id, status, amount, currency_code, channel, order_reference,"
        " excluded_reason is not null as is_excluded, lost_reason,"
        " local_date(created_at) as created_at_date, local_date(closed_at) as closed_at_date"
        " from work.canonical.deals"
    )
    told = company.known_deals.select("order_number", deal_id=hubspot_deals.deal_id(), channel=truth_crm.channel())
    truth = truth_deals.deals(company).join(told, on="deal_id")
    pairs = {"status": "status", "amount": "amount", "currency": "currency_code", "is_junk": "is_excluded"}
    pairs |= {"channel": "channel", "order_number": "order_reference"}
    pairs |= {"created_date": "created_at_date", "closed_date": "closed_at_date"}
    assert compared(truth, found, "deal_id", pairs) == []
    assert truth.height > 150 and set(truth["status"]) == {"open", "won", "lost"}
    assert truth["order_number"].drop_nulls().len() > 10
    lost = found.filter(pl.col("status") == "lost")
    assert (
        lost["lost_reason"].null_count() == 0 and found.filter(pl.col("status") == "won")["lost_reason"].is_null().all()
    )


def test_every_stage_a_deal_came_into_is_known_returns_too(company, warehouse):
    found = warehouse(
        "select split_part(deal_key, ':', -1) || '/' || row_number() over (partition by deal_key order by entered_at)"
        " as visit, stage, local_date(entered_at) as entered_at_date from work.canonical.deal_stages"
    )
    truth = truth_crm.stages(company)
    truth = truth.with_columns(visit=pl.format("{}/{}", "deal_id", "pass_number"))
    assert compared(truth, found, "visit", {"stage": "stage", "entered_date": "entered_at_date"}) == []
    assert truth.select("deal_id", "stage").is_duplicated().any(), "no deal ever went back"


def test_every_lead_is_published_with_where_it_came_from_and_the_deal_it_became(company, warehouse):
    found = warehouse(
        "select split_part(lead_key, ':', -1) as lead_id, status, channel, split_part(deal_key, ':', -1) as deal_id,"
        " local_date(created_at) as created_at_date from work.canonical.leads"
    )
    truth = truth_crm.leads(company)
    pairs = {"status": "status", "channel": "channel", "deal_id": "deal_id", "created_date": "created_at_date"}
    assert compared(truth, found, "lead_id", pairs) == []
    assert {"open", "disqualified", "converted"} <= set(truth["status"])


def test_every_company_is_published_with_its_own_numbers_and_what_was_merged_is_not(company, warehouse):
    found = warehouse(
        "select split_part(account_key, ':', -1) as vendor_id, tax_id, erp_reference, industry, segment"
        " from work.canonical.accounts"
    )
    truth = truth_crm.in_crm(company)
    assert compared(truth, found, "vendor_id", {"erp_reference": "erp_reference"}) == []
    typed = found.join(truth.drop_nulls("valid_tax_id"), on="vendor_id")
    digits = pl.col("tax_id").str.replace_all(r"[ -]", "").str.strip_prefix("PL")
    assert typed.height > truth.height / 2
    assert typed.filter(digits != pl.col("valid_tax_id").str.strip_prefix("PL")).is_empty()
    cards = company.customers.select(
        "firm", erp_reference=pl.col("place").cast(pl.String), customer=customer(pl.col("firm"))
    )
    kept = found.join(truth, on="vendor_id").select("customer", "erp_reference").drop_nulls()
    assert kept.height > 5 and kept.join(cards, on=kept.columns, how="anti").is_empty()
    merged = company.crm_accounts.filter(pl.col("t_merged") <= company.now)
    assert merged.height and found.height == company.crm_accounts.height - merged.height
    assert "COSMETICS" in set(found["industry"]) and "Retail brands" in set(found["segment"])


def test_a_deal_belongs_to_the_company_of_its_firm(company, warehouse):
    found = warehouse(
        "select split_part(deal_key, ':', -1) as deal_id, split_part(account_key, ':', -1) as vendor_id"
        " from work.canonical.deals"
    )
    found = found.join(truth_crm.in_crm(company), on="vendor_id", how="left")
    truth = truth_deals.deals(company)
    assert compared(truth, found, "deal_id", {"customer": "customer"}) == []


def test_what_a_deal_sells_sums_to_its_value(company, warehouse):
    sums = warehouse(
        "select deals.deal_key, any_value(amount) as amount, sum(net_amount) as lines from work.canonical.deal_lines"
        " inner join work.canonical.deals as deals using (deal_key) group by 1"
    )
    living = hubspot_deals.living(company).select("deal")
    assert sums.height == company.deal_items.join(living, on="deal", how="semi")["deal"].n_unique() > 50
    assert sums.filter(pl.col("amount") != pl.col("lines")).is_empty()


def test_what_took_place_is_known_with_its_minutes_and_what_was_called_off_is_not(company, warehouse):
    found = warehouse(
        "select split_part(activity_key, ':', -2) as kind, split_part(activity_key, ':', -1) as number, minutes,"
        " split_part(deal_key, ':', -1) as deal_id, split_part(account_key, ':', -1) as account_id,"
        " local_date(happened_at) as happened_at_date from work.canonical.activities"
        " where local_date(happened_at) <= date '2026-11-20'"
    )
    found = found.with_columns(key=pl.format("{}/{}", "kind", "number"))
    truth = truth_crm.activities(company)
    truth = truth.with_columns(key=pl.format("{}/{}", "kind", pl.col("number") + TALKS))
    pairs = {"minutes": "minutes", "deal_id": "deal_id", "account_id": "account_id"}
    assert compared(truth, found, "key", pairs | {"happened_date": "happened_at_date"}) == []
    assert set(truth["kind"]) == {"call", "email", "meeting", "note", "task"}
    ahead = warehouse(
        "select count(*) as many from work.canonical.activities where local_date(happened_at) > '2026-11-20'"
    )
    assert ahead["many"][0] == 1, "a meeting that is planned is known by its day"


def test_tickets_campaigns_and_people_who_left_arrive(company, warehouse):
    tickets = warehouse(
        "select kind, order_reference, invoice_reference, closed_at from work.staging.stg_hubspot__tickets"
    )
    assert tickets.height == hubspot_records.records(company)["tickets"].height
    assert set(tickets["kind"]) == {"claim", "service"}
    assert set(tickets["order_reference"].drop_nulls()) <= set(company.known_orders["number"])
    assert set(tickets["invoice_reference"].drop_nulls()) <= set(company.known_invoices["number"])
    spent = warehouse("select sum(amount) as spent from work.canonical.marketing_costs")["spent"][0]
    assert spent > 0
    assert warehouse("select name from work.canonical.people where not is_active")["name"].to_list() == [
        "Bartosz Lipiński"
    ]


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 3, 3), TODAY])
def test_the_past_stays_when_the_day_moves_on(day):
    before, after = (hubspot_records.records(Agency(day + timedelta(days=later), SCALE, SEED)) for later in (0, 1))
    for kind in OBJECTS:
        if kind in UNTOLD:
            continue
        old, new = before[kind], after[kind]
        both = old.join(new, on="id", suffix="_next")
        untouched = both.filter(pl.col("updatedAt") == pl.col("updatedAt_next"))
        for name in set(old.columns) - {"id", ROW}:
            same = untouched[name].eq_missing(untouched[f"{name}_next"])
            assert same.all(), f"{kind}.{name} changed without a new updatedAt"
        fresh = new.join(old, on="id", how="anti")
        assert (fresh["updatedAt"] > f"{day - timedelta(days=1)}T22").all(), f"{kind} has new rows of an old day"
        gone = old.join(new, on="id", how="anti")
        assert kind in ("companies", "contacts") or gone["archived"].all(), f"{kind} lost rows that were not archived"
    moves = [frame["deals/history"].drop("updatedByUserId") for frame in (before, after)]
    kept = moves[0].join(after["deals"].select("id"), on="id", how="semi")
    assert kept.join(moves[1], on=kept.columns, how="anti").is_empty(), "a deal's history was rewritten"

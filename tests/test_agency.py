"""The simulated marketing agency: what is true of a firm that sells hours, and how its time sheets tell of them."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipelines import demo
from pipelines.configuration import read as configured
from pipelines.sandbox.agency import words
from pipelines.sandbox.agency.company import Agency
from pipelines.sandbox.business.orders import WAVES
from pipelines.sandbox.business.sales import LONGEST
from pipelines.sandbox.clock import CALENDAR, DAY
from pipelines.sources.files import read
from tests.published import compared

TODAY = date(2026, 5, 29)
SCALE = 0.1
SERVED = {"COMPANY": "agency", "SOURCES": "timesheets", "AS_OF": TODAY.isoformat(), "SANDBOX_SCALE": str(SCALE)}


@pytest.fixture(scope="module")
def company() -> Agency:
    return Agency(TODAY, SCALE)


@pytest.fixture(scope="module")
def whole() -> Agency:
    return Agency(TODAY)


def test_thirty_people_bill_some_fifty_projects_a_month_and_earn_more_than_they_cost(whole):
    assert len(words.SELLERS) + len(words.MANAGERS) + len(words.TEAM) == 30
    truth = whole.truth()
    in_2025 = truth["orders"].filter(pl.col("ordered_date").dt.year() == 2025)
    months = in_2025.group_by(pl.col("ordered_date").dt.month()).len()
    assert months["len"].min() > 30 and months["len"].max() < 70
    year = truth["totals"].filter(pl.col("month").dt.year() == 2025).select(pl.col("revenue", "cost").sum())
    revenue, cost = map(float, year.row(0))
    assert 6_000_000 < revenue < 12_000_000 and 0.35 < cost / revenue < 0.65


def test_nothing_leaves_a_warehouse_and_every_line_of_every_order_is_work_or_goes_with_it(company):
    assert company.lines["is_service"].all() and company.items["is_service"].all()
    assert company.invoiced["is_service"].all()
    assert company.freight.is_empty() and company.known_values.is_empty()
    orders = company.truth()["orders"]
    shipped = [orders[f"{part}_date"].null_count() for part in ("first_shipped", "last_shipped", "shipped_in_full")]
    assert shipped == [orders.height] * 3


def test_most_projects_are_billed_in_parts_about_a_month_apart(whole):
    orders = whole.truth()["orders"].filter("is_gone")
    in_parts = orders.filter(pl.col("last_invoiced_date") > pl.col("first_invoiced_date"))
    assert 0.4 < in_parts.height / orders.height < 0.65
    apart = (in_parts["last_invoiced_date"] - in_parts["first_invoiced_date"]).dt.total_days()
    assert 25 < apart.median() < 70


def test_some_clients_and_one_of_the_people_are_paid_for_in_euro(whole):
    assert 0.05 < (whole.known_invoices["currency"] == "EUR").mean() < 0.25
    assert set(whole.hours["currency"]) == {"PLN", "EUR"}


def test_a_project_is_worked_on_after_it_is_confirmed_and_before_its_last_part_is_billed(company):
    times = company.orders.select(
        "order", "t_confirmed", last=pl.max_horizontal([pl.col(f"t_left_{wave}") for wave in range(WAVES)])
    )
    worked = company.hours.filter(pl.col("order") >= 0).join(times, on="order")
    assert worked.height > 1000
    assert worked.filter(pl.col("day") < pl.col("t_confirmed") // DAY).is_empty()
    assert worked.filter(pl.col("day") > pl.col("last") // DAY).is_empty()


def test_people_work_on_working_days_and_rarely_into_the_night(whole):
    days = whole.hours.group_by("person", "day").agg(hours=pl.col("quarters").sum() / 4)
    assert 5 < days["hours"].median() < 9 and days["hours"].quantile(0.99) < 14 and days["hours"].max() <= 16
    on = pl.Series(days["day"].to_numpy().astype("datetime64[D]"))
    assert set(on.dt.weekday()) == {1, 2, 3, 4, 5}
    assert not set(on.to_list()) & {day.item() for day in CALENDAR.holidays}


def test_a_lost_proposal_costs_hours_that_nobody_pays_for(company):
    lost = company.known_deals.filter(pl.col("stage") == 6).select("deal")
    worked = company.hours.join(lost, on="deal", how="semi")
    assert worked["quarters"].sum() > 0
    assert worked.select(pl.col("order").unique()).to_series().to_list() == [-1]


def test_nobody_works_on_a_proposal_before_the_client_was_met_or_after_it_was_sent(whole):
    sent = pl.min_horizontal([pl.when(pl.col(f"s{step}") == 3).then(f"t{step}") for step in range(LONGEST)])
    deals = whole.deals.select("deal", "t0", sent=sent)
    worked = whole.hours.join(deals, on="deal").filter(pl.col("deal") >= 0)
    assert worked.height > 1000
    assert worked.filter((pl.col("day") < pl.col("t0") // DAY) | (pl.col("day") > pl.col("sent") // DAY)).is_empty()


@pytest.mark.parametrize("later", [1, 3, 40])
@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2025, 9, 30), date(2026, 5, 29)])
def test_no_hour_of_the_past_changes_when_the_day_moves_on(day, later):
    before, after = (Agency(day + timedelta(days=more), 0.3).records("timesheets")["wpisy"] for more in (0, later))
    assert after.head(before.height).equals(before)


def test_what_the_office_exports_is_read_as_what_was_worked(company, exported):
    found = exported.tables["time_entries"]
    pairs = {
        "hours": "hours", "rate": "cost_rate", "currency": "currency_code", "worked_date": "worked_date",
        "order_number": "order_reference",
    }  # fmt: skip
    truth = company.truth()["hours"]
    assert compared(truth, found.rename({"time_entry_id": "entry"}), "entry", pairs) == []
    assert found["cost_rate"].null_count() == truth["rate"].null_count() > 0, "nobody's cost is unknown"
    assert exported.tables["accounts"].height == truth["customer"].n_unique()
    assert set(found["person_id"]) <= set(exported.tables["people"]["person_id"])
    assert exported.reported == []


def test_hours_on_own_matters_are_exported_and_are_no_hours_of_a_client(company, exported):
    own = company.records("timesheets")["wpisy"].filter(pl.col("Klient").is_null())
    assert own.height > 100
    told = exported.tables["time_entries"]
    assert told.filter(pl.col("time_entry_id").is_in(own["Nr"].implode())).is_empty()
    assert told["account_id"].null_count() == 0


def test_most_clients_of_the_time_sheets_keep_their_number_in_the_erp_and_it_is_theirs(company, exported):
    kept = exported.tables["accounts"].filter(pl.col("erp_reference").is_not_null())
    assert kept.height > exported.tables["accounts"].height / 2
    in_erp = company.records("enova365")["Kontrahenci"].select(pl.col("ID").cast(pl.String), "Nazwa")
    both = kept.join(in_erp, left_on="erp_reference", right_on="ID")
    assert both.height == kept.height
    first = pl.col("name").str.slice(0, 6).str.to_uppercase() == pl.col("Nazwa").str.slice(0, 6).str.to_uppercase()
    assert both.select(first.all()).item()


@pytest.fixture(scope="module")
def exported(company):
    with demo.served(configured(SERVED)) as configuration:
        return read(Path(configuration.sources[0].settings["folder"]), configuration.time_zone)


def test_the_folder_of_the_time_sheets_is_there_as_long_as_it_is_read():
    with demo.served(configured(SERVED)) as configuration:
        (source,) = configuration.sources
        folder = Path(source.settings["folder"])
        assert (source.name, source.system) == ("timesheets", "files")
        assert {path.suffix for path in folder.iterdir()} == {".csv", ".sql", ".toml"}
    assert not folder.exists()


def test_an_agency_on_its_first_day_exports_tables_without_a_row():
    with demo.served(configured(SERVED | {"SANDBOX_SCALE": "0"})) as configuration:
        found = read(Path(configuration.sources[0].settings["folder"]), "Europe/Warsaw")
    assert {name: found.tables[name].height for name in ("time_entries", "accounts", "people")} == {
        "time_entries": 0, "accounts": 0, "people": 0,
    }  # fmt: skip

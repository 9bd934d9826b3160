"""A public export of receivables, mapped, gives the ageing of past days and the delays that its own file gives."""

import os
from pathlib import Path

import duckdb
import pytest

from pipelines.sources.files import read
from tests.published import files_refreshed

SYSTEMS = Path(__file__).parent / "systems_ar"
DATA = Path(os.environ.get("SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")
DAYS = ["2012-12-31", "2013-06-30"]

pytestmark = pytest.mark.skipif(
    not (DATA / "ibm_ar").is_dir(), reason="the shared data is not here: set SHARED_DATA to its folder"
)

EXPORT = """
create view export as
select
    invoiceNumber as invoice_number,
    cast(InvoiceAmount as decimal(18, 2)) as amount,
    cast(strptime(InvoiceDate, '%m/%d/%Y') as date) as issued_date,
    cast(strptime(DueDate, '%m/%d/%Y') as date) as due_date,
    cast(strptime(SettledDate, '%m/%d/%Y') as date) as settled_date,
    cast(DaysToSettle as integer) as days_to_settle,
    cast(DaysLate as integer) as days_late,
    Disputed = 'Yes' as is_disputed
from read_csv('WA_Fn-UseC_-Accounts-Receivable.csv', all_varchar = true)
"""


def straight(query: str, **parameters: str) -> list[tuple]:
    """A query over the export itself, past everything of ours."""
    with duckdb.connect() as connection:
        connection.execute(f"set file_search_path = '{DATA / 'ibm_ar'}'")
        connection.execute(EXPORT)
        return connection.execute(query, parameters).fetchall()


def test_numbers_keep_their_zeros_and_every_invoice_is_settled(monkeypatch):
    monkeypatch.setenv("SHARED_DATA", str(DATA))
    tables = read(SYSTEMS / "ibm_ar", "UTC").tables
    assert [tables[name].height for name in ("invoices", "payments", "payment_allocations")] == [2466] * 3
    numbers = tables["invoices"]["invoice_number"]
    assert "0000611365" in numbers.to_list() and numbers.str.len_chars().unique().to_list() == [10]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A refresh of the export, asked as anybody may ask it."""
    marts = "payment_behaviour receivable_balances receivables receivables_by_month"
    return files_refreshed(tmp_path_factory.mktemp("published"), SYSTEMS, DATA, "2014-06-30", marts)


@pytest.mark.figure("to_cash")
@pytest.mark.long
def test_the_published_delays_are_those_of_the_export(published):
    late, days = published(
        "select round(100 * sum(invoices_late) / sum(invoices_judged), 2) from marts.payment_behaviour"
        " union all select round(avg(settled_date - issued_date), 2) from marts.receivables"
    )
    assert (late[0], days[0]) == (35.56, 26.44)
    assert straight(
        "select round(100 * count(*) filter (days_late > 0) / count(*), 2), round(avg(days_to_settle), 2) from export"
    ) == [(35.56, 26.44)]


@pytest.mark.figure("ageing")
@pytest.mark.long
@pytest.mark.parametrize("day", DAYS)
def test_what_was_open_and_overdue_on_a_past_day_is_what_the_export_says(published, day):
    theirs = straight(
        "select invoice_number, amount, greatest(cast($day as date) - due_date, 0) from export"
        " where issued_date <= cast($day as date) and settled_date > cast($day as date) order by 1",
        day=day,
    )
    ours = published(
        "select invoice_number, open_amount, greatest(cast($day as date) - due_date, 0) from marts.receivable_balances"
        " where valid_from <= cast($day as date) and (valid_to is null or valid_to > cast($day as date)) order by 1",
        day=day,
    )
    assert len(ours) > 50 and ours == theirs


@pytest.mark.figure("ageing")
@pytest.mark.long
@pytest.mark.parametrize("day", DAYS)
def test_the_month_ends_are_those_days(published, day):
    theirs = straight(
        "select sum(amount), sum(amount) filter (due_date < cast($day as date)), sum(amount) filter (is_disputed)"
        " from export where issued_date <= cast($day as date) and settled_date > cast($day as date)",
        day=day,
    )
    ours = published(
        "select sum(closing_gross_amount), sum(closing_gross_amount - current_gross_amount),"
        " sum(disputed_gross_amount) from marts.receivables_by_month where balance_date = cast($day as date)",
        day=day,
    )
    assert ours == theirs


@pytest.mark.long
def test_today_nothing_is_open_and_nobody_is_called_late_for_it(published):
    assert published("select count(*) from marts.receivable_balances where valid_to is null") == [(0,)]
    assert published("select sum(open_amount), max(days_overdue) from marts.receivables") == [(0, 0)]

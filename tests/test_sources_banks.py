"""Tables of rates from three central banks: every rate once, exact, and none where none was published."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipelines.failures import SourceFailed
from pipelines.sandbox.faults import Fault
from pipelines.sandbox.published_rates import is_published, quoted
from tests.firm import Firm
from tests.source_at_work import TODAY, SourceAtWork, at_work, tried

pytestmark = pytest.mark.figure("fx")

BANKS = ("nbp", "cbr", "ecb")
CURRENCY = {"nbp": "code", "cbr": "char_code", "ecb": "currency"}
RATE = {"nbp": "mid", "cbr": "value", "ecb": "rate"}
DAY = {"nbp": "effective_date", "cbr": "date", "ecb": "time"}
ENTITY = {"nbp": "exchangerates/tables/a", "cbr": "XML_dynamic.asp", "ecb": "eurofxref-hist.xml"}
START = "2025-11-01"  # more than two quarters before today


def rates(*rows: tuple[str, str, str]) -> dict[str, pl.DataFrame]:
    days, currencies, values = zip(*rows, strict=True) if rows else ((), (), ())
    columns = {"day": [date.fromisoformat(day) for day in days], "currency": currencies, "rate": values}
    return {"tables": pl.DataFrame(columns, schema={"day": pl.Date, "currency": pl.String, "rate": pl.String})}


@pytest.fixture(params=tried(BANKS))
def bank(request, tmp_path, monkeypatch):
    """Each bank in turn, with the tables it has published by today."""
    with at_work(request.param, until(request.param, TODAY.date()), tmp_path, monkeypatch) as source:
        yield source


def loaded(source: SourceAtWork) -> list[tuple]:
    system = source.system
    return source.rows(
        f"select {CURRENCY[system]}, {DAY[system]}, {RATE[system]} from raw.exchange_rates order by 2, 1"  # noqa: S608
    )


def until(system: str, last: date) -> dict[str, pl.DataFrame]:
    found = published(system, date.fromisoformat(START), last)
    return rates(*((str(day), currency, str(rate)) for currency, day, rate in found))


def published(system: str, first: date, last: date) -> list[tuple]:
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [
        (currency, day, Decimal(rate).quantize(Decimal("0.000000001")))
        for day in days
        if is_published(system, day)
        for currency, rate in sorted(quoted(system, day).items())
    ]


def test_every_rate_of_every_table_arrives_as_it_was_spelled(bank):
    bank.load(start=START)
    assert loaded(bank) == published(bank.system, date.fromisoformat(START), TODAY.date())


def test_a_second_load_adds_nothing_and_asks_for_the_last_days_only(bank):
    bank.load(start=START)
    before = loaded(bank)
    bank.load(start=START)
    assert loaded(bank) == before
    assert len(bank.asked) == {"nbp": 1, "cbr": 11, "ecb": 1}[bank.system]


def test_days_that_passed_since_are_added(bank):
    bank.load(start=START)
    for days in (20, 200):
        later = TODAY + timedelta(days=days)
        bank.sandbox.records = {bank.system: until(bank.system, later.date())}
        bank.load(later, start=START)
        assert loaded(bank) == published(bank.system, date.fromisoformat(START), later.date())


def test_a_rate_that_was_corrected_within_the_overlap_is_read_again(tmp_path, monkeypatch):
    for system in BANKS:
        folder = tmp_path / system
        folder.mkdir()
        with at_work(
            system, rates(("2026-05-28", "USD", "3.9"), ("2026-05-29", "USD", "4")), folder, monkeypatch
        ) as bank:
            bank.load(start=START)
            bank.sandbox.records = {system: rates(("2026-05-28", "USD", "3.95"), ("2026-05-29", "USD", "4"))}
            bank.load(start=START)
            assert [row[2] for row in loaded(bank)] == [Decimal("3.95"), Decimal(4)]


def test_a_bank_that_published_nothing_yet_makes_its_table_and_fills_it_later(tmp_path, monkeypatch):
    for system in BANKS:
        folder = tmp_path / system
        folder.mkdir()
        with at_work(system, rates(), folder, monkeypatch) as bank:
            bank.load(start=START)
            assert bank.rows('select entity, is_fed, "rows" from raw.coverage') == [("exchange_rates", True, 0)]
            assert loaded(bank) == []
            bank.sandbox.records = {system: rates(("2026-06-02", "USD", "3.9"))}
            bank.load(TODAY + timedelta(days=2), start=START)
            assert loaded(bank) == [("USD", date(2026, 6, 2), Decimal("3.9"))]


def test_only_the_currencies_that_are_asked_for_are_kept_and_more_of_them_are_read_from_the_start(bank):
    bank.load(start=START, currencies="usd, chf")
    assert {row[0] for row in loaded(bank)} == {"CHF", "USD"}
    bank.load(start=START)
    assert loaded(bank) == published(bank.system, date.fromisoformat(START), TODAY.date())


def test_a_rate_of_tomorrow_is_not_taken_today(tmp_path, monkeypatch):
    with at_work(
        "ecb", rates(("2026-06-01", "USD", "1.1"), ("2026-06-02", "USD", "1.2")), tmp_path, monkeypatch
    ) as bank:
        bank.load(start=START)
        assert [row[1] for row in loaded(bank)] == [date(2026, 6, 1)]


def test_the_bank_of_russia_says_for_how_many_units_a_rate_is(tmp_path, monkeypatch):
    with at_work("cbr", until("cbr", TODAY.date()), tmp_path, monkeypatch) as bank:
        bank.load(start=START)
        found = bank.rows("select distinct char_code, nominal from raw.exchange_rates where nominal > 1 order by 1")
        assert found == [("CZK", 10), ("HUF", 100), ("UAH", 10)]


def test_no_question_to_the_nbp_is_longer_than_it_allows_and_an_empty_quarter_is_no_error(tmp_path, monkeypatch):
    with at_work("nbp", rates(("2026-05-29", "USD", "3.9")), tmp_path, monkeypatch) as bank:
        bank.load(start="2024-01-01")
        assert {status for _, _, status in bank.asked} == {200, 404}
        assert len(bank.asked) == -(-(TODAY.date() - date(2023, 12, 31)).days // 93)
        assert len(loaded(bank)) == 1


PASSING = ["429", "500", "503", "408", "reset", "truncated", "broken_json", "html", "empty_body", "error_body"]


@pytest.mark.parametrize("kind", PASSING)
def test_trouble_that_passes_is_asked_again_and_every_rate_arrives(bank, kind):
    bank.sandbox.faults = [Fault(kind, entity=ENTITY[bank.system], times=2, value=0 if kind == "429" else None)]
    bank.load(start=START)
    assert loaded(bank) == published(bank.system, date.fromisoformat(START), TODAY.date())


@pytest.mark.parametrize("kind", ["503", "truncated", "html", "error_body"])
def test_trouble_that_stays_ends_the_load_by_name_and_the_last_good_rates_serve(bank, kind):
    bank.load(TODAY - timedelta(days=100), start=START)
    before = loaded(bank)
    bank.sandbox.faults = [Fault(kind, times=None)]
    with pytest.raises(SourceFailed, match=rf"{bank.system}, \S+: gave up after 3 attempts"):
        bank.load(start=START)
    assert loaded(bank) == before


def test_an_address_that_is_wrong_is_not_taken_for_days_without_a_table(tmp_path, monkeypatch):
    refused = pytest.raises(SourceFailed, match="the answer was status 404")
    with at_work("nbp", {}, tmp_path, monkeypatch) as bank, refused:
        bank.load(start=START, base_url=bank.sandbox.url + "/nowhere")


def test_a_start_that_is_no_date_is_said(bank):
    with pytest.raises(SourceFailed, match="START=soon is not a date"):
        bank.load(start="soon")


def test_a_start_in_the_future_asks_for_nothing_and_makes_the_table(bank):
    bank.load(datetime(2026, 6, 1), start="2026-07-01")
    assert loaded(bank) == []


@pytest.mark.long
def test_a_sandbox_company_is_refreshed_with_the_tables_of_a_bank_beside_it(tmp_path):
    firm = Firm(tmp_path)
    project = str(Path(__file__).parents[1] / "dbt_project")
    settings = {"COMPANY": "parts", "SOURCES": "business_central nbp", "SANDBOX_SCALE": "0.01", "AS_OF": "2026-11-20"}
    ended = firm.run(**settings, DBT_PROJECT_DIR=project)
    assert ended.code == 0, ended.said
    found = firm.rows("select distinct quote_currency_code from canonical.exchange_rates where rate_table = 'NBP'")
    assert found == [("PLN",)]
    checked = "select left_amount = right_amount, is_ok from marts.reconciliation where entity = 'exchange_rates'"
    assert firm.rows(checked) == [(True, True)]

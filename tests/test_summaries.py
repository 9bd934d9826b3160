"""Sums by month answer what is asked of whole months, and nothing else: the same figure, from fewer rows."""

from datetime import date

import duckdb
import pytest
import small_warehouse as small

from dashboards import access, generation, warehouse
from dashboards.warehouse import Filter

OCTOBER = [Filter("posted_date", ">=", date(2026, 10, 1)), Filter("posted_date", "<=", date(2026, 10, 31))]
LINES = "profitability_lines"


@pytest.fixture
def told_apart(data_dir):
    """A firm whose sums say something else than its lines, so that one sees which were read."""
    folder = small.publish(data_dir)
    generation.close()
    with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
        con.execute("update marts.profitability_sums set revenue_amount = 7, cm1_amount = case when has_cm1 then 7 end")


def revenue(filters, by="currency_code"):
    return warehouse.summed(LINES, "revenue_amount", {"of": by}, filters)["revenue_amount"].sum()


def test_sums_are_those_of_the_lines(data_dir):
    small.publish(data_dir)
    asked = "select sum(revenue_amount), sum(cm1_amount), sum(document_amount) from marts."
    assert warehouse.query(asked + "profitability_sums").row(0) == warehouse.query(asked + LINES).row(0)
    assert revenue(OCTOBER) == 1810


def test_whole_months_are_read_from_their_sums(told_apart):
    rows = warehouse.query("select * from marts.profitability_sums where posted_month = '2026-10-01'")
    assert revenue(OCTOBER) == 7 * rows.height
    unknown = Filter("cm1_amount", "is null")
    assert revenue([*OCTOBER, unknown]) == 7 * rows.filter(~rows["has_cm1"]).height > 0
    until_now = [OCTOBER[0], Filter("posted_date", "<=", small.AS_OF)]
    assert revenue(until_now) == revenue(OCTOBER), "the newest line is older: the month is whole"


@pytest.mark.parametrize(
    ("narrowed", "by", "summed"),
    [
        ([Filter("posted_date", ">=", date(2026, 9, 2))], "currency_code", 1810),
        ([Filter("posted_date", "<=", date(2026, 9, 29))], "currency_code", 800),
        ([Filter("customer_key", "=", "beta")], "currency_code", 500),
        ([Filter("revenue_amount", ">", 500)], "currency_code", 1800),
        ([], "customer_key", 2610),
    ],
)
def test_what_sums_do_not_tell_is_read_from_the_lines(told_apart, narrowed, by, summed):
    assert revenue(narrowed, by) == summed


def test_who_sees_some_customers_reads_their_lines(told_apart, monkeypatch):
    monkeypatch.setattr(access, "reader", lambda: access.Reader("own", "nobody"))
    assert revenue(OCTOBER) == 0

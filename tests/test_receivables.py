"""The formulas of what customers owe, tried as they stand in the YAML of their marts."""

from pathlib import Path

import duckdb
import pytest
import yaml

MARTS = Path(__file__).parents[1] / "dbt_project/models/marts/receivables"


def measured(table: str, name: str, rows: list[dict]) -> float | None:
    """A measure of a mart over these rows."""
    models = [model for path in MARTS.glob("_*.yml") for model in yaml.safe_load(path.read_text()).get("models", [])]
    model = next(model for model in models if model["name"] == table)
    found = next(entry for entry in model["config"]["meta"]["measures"] if entry["name"] == name)
    formula = found.get("expression") or f"({found['numerator']}) / nullif({found['denominator']}, 0)"
    columns = ", ".join(f"{column['name']} {column['data_type']}" for column in model["columns"])
    with duckdb.connect() as connection:
        connection.execute(f"create table {table} ({columns})")
        for row in rows:
            names, places = ", ".join(row), ", ".join("?" * len(row))
            connection.execute(f"insert into {table} ({names}) values ({places})", list(row.values()))  # noqa: S608
        value = connection.execute(f"select {formula} from {table}").fetchone()[0]  # noqa: S608
    return None if value is None else float(value)


def month(**amounts: float) -> dict:
    return {"days": 30, "months": 1, "grouped_by": "all"} | amounts


@pytest.mark.figure("dso")
def test_with_tax_on_both_sides_or_on_neither_the_days_are_the_same():
    # 1,000 sold and owed without tax, 23 % tax on it.
    row = month(
        average_closing_gross_amount=1230,
        sales_gross_amount=1230,
        average_closing_net_amount=1000,
        sales_net_amount=1000,
    )
    both = measured("days_sales_outstanding", "days_sales_outstanding", [row])
    neither = measured("days_sales_outstanding", "days_sales_outstanding_without_tax", [row])
    assert (both, neither) == (30, 30)
    mixed = 30 * row["average_closing_gross_amount"] / row["sales_net_amount"]
    assert mixed == pytest.approx(1.23 * both), "owed with tax over sold without it is 23 % too long"


@pytest.mark.figure("dso")
def test_customers_are_added_up_before_they_are_divided():
    rows = [
        month(average_closing_gross_amount=100, sales_gross_amount=100),
        month(average_closing_gross_amount=50, sales_gross_amount=900),
    ]
    assert measured("days_sales_outstanding", "days_sales_outstanding", rows) == 4.5


@pytest.mark.figure("dso")
def test_without_sales_there_are_no_days():
    rows = [month(average_closing_gross_amount=100, sales_gross_amount=0)]
    assert measured("days_sales_outstanding", "days_sales_outstanding", rows) is None


@pytest.mark.figure("dso_quality")
def test_best_possible_and_delinquent_days_are_the_days_and_disputed_ones_stand_apart():
    rows = [
        month(
            average_closing_gross_amount=200, average_current_gross_amount=150, average_disputed_gross_amount=20,
            sales_gross_amount=100,
        )
    ]  # fmt: skip
    table = "days_sales_outstanding"
    best, late = (measured(table, f"{name}", rows) for name in
                  ("best_possible_days_sales_outstanding", "average_days_delinquent"))  # fmt: skip
    assert (best, late, best + late) == (45, 15, measured(table, "days_sales_outstanding", rows))
    assert measured(table, "days_sales_disputed", rows) == 6


@pytest.mark.figure("dso_quality")
def test_collection_effectiveness_is_what_was_collected_of_what_could_be():
    row = month(opening_gross_amount=400, sales_gross_amount=600, closing_gross_amount=500, current_gross_amount=200)
    assert measured("days_sales_outstanding", "collection_effectiveness", [row]) == pytest.approx(500 / 800)
    nothing_late = row | {"current_gross_amount": 500}
    assert measured("days_sales_outstanding", "collection_effectiveness", [nothing_late]) == 1


@pytest.mark.figure("countback")
def test_days_counted_back_of_several_customers_are_weighted_by_what_they_owe():
    rows = [
        month(countback_days=10, closing_gross_amount=300),
        month(countback_days=50, closing_gross_amount=100),
        month(countback_days=0, closing_gross_amount=0),
    ]
    assert measured("days_sales_outstanding", "days_sales_outstanding_countback", rows) == 20


@pytest.mark.figure("ccc")
def test_the_cash_conversion_cycle_is_never_the_sum_of_the_parts_that_are_there():
    rows = [{"stock_amount": 600, "cost_amount": 300, "days": 30, "unavailable_reason": "payables_not_loaded"}]
    assert measured("cash_conversion_cycle", "cash_conversion_cycle", rows) is None
    assert measured("cash_conversion_cycle", "days_in_stock", rows) == 60
    unknown = [{"cost_amount": 300, "days": 30}]
    assert measured("cash_conversion_cycle", "days_in_stock", unknown) is None


@pytest.mark.figure("credit_exposure")
def test_debtors_without_a_limit_are_in_the_exposure_and_in_no_use_of_limits():
    rows = [
        {"exposure_reporting_amount": 6460, "limited_exposure_reporting_amount": 6460},
        {"exposure_reporting_amount": 400, "limited_exposure_reporting_amount": 400},
        {"exposure_reporting_amount": 7},
    ]
    rows[0]["credit_limit_reporting_amount"] = 8000
    assert measured("credit_exposure", "credit_exposure", rows) == 6867
    assert measured("credit_exposure", "credit_limit_use", rows) == pytest.approx(0.8575)
    assert measured("credit_exposure", "credit_limit_use", rows[2:]) is None

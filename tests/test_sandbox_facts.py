"""The sandbox company's own facts: files a firm could have written, the same on every run, in step with its size."""

import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines import configuration, demo
from pipelines.company_facts import WHOSE
from pipelines.sandbox.company import Company

SEEDS = Path(__file__).parents[1] / "dbt_project" / "seeds"
DAY = date(2026, 5, 29)


@pytest.fixture(scope="module")
def facts() -> dict[str, pl.DataFrame]:
    return Company(DAY, 0.25).facts()


def test_every_fact_takes_the_place_of_a_seed_with_its_columns(facts):
    for name, frame in facts.items():
        with open(SEEDS / f"{name}.csv", encoding="utf-8") as file:
            shipped = next(csv.reader(file))
        assert frame.columns == [column for column in shipped if column != WHOSE], name
        assert frame.height > 0, name


def test_the_same_day_and_size_have_the_same_facts_and_a_later_day_keeps_them(facts):
    later = Company(date(2026, 6, 1), 0.25).facts()
    for name, frame in Company(DAY, 0.25).facts().items():
        assert frame.equals(facts[name]), name
        if name != "targets":
            assert frame.join(later[name], on=frame.columns, how="anti", nulls_equal=True).is_empty(), name


def test_capacity_and_cost_grow_with_the_company(facts):
    small = facts["cost_pools"].with_columns(pl.col("amount", "practical_capacity").cast(pl.Float64))
    large = Company(DAY, 1).facts()["cost_pools"].with_columns(pl.col("amount", "practical_capacity").cast(pl.Float64))
    both = small.join(large, on=["pool", "period", "driver"], suffix="_large")
    assert both.height == small.height
    assert ((both["amount_large"] / both["amount"] - 4).abs() < 0.01).all()
    assert ((both["practical_capacity_large"] / both["practical_capacity"] - 4).abs() < 0.02).all()


def test_agreements_name_people_and_accounts_that_the_systems_show(facts):
    company = Company(DAY, 0.25)
    erp, crm = company.records("business_central"), company.records("salesforce")
    codes = set(erp["customers"]["salespersonCode"])
    named = facts["commission_rates"]["person_key"].drop_nulls().str.split(":").list.last()
    assert len(named) > 0 and set(named) <= codes
    accounts = facts["rebate_agreements"]["account_key"].drop_nulls().str.split(":").list.last()
    assert len(accounts) > 0 and set(accounts) <= set(erp["customers"]["number"])
    owners = facts["targets"]["owner_key"].drop_nulls().str.split(":").list.last()
    assert set(owners) <= set(crm["User"]["Id"])
    assert set(facts["rebate_agreements"]["segment"].drop_nulls()) <= set(crm["Account"]["Type"].drop_nulls())


def test_some_pools_are_used_up_and_others_stand_idle():
    pools = Company(DAY, 0.25).truth()["cost_pools"]
    assert (pools["unused"] == 0).any() and (pools["unused"] > 0).any()
    assert (pools["allocated"] + pools["unused"] > 0).all()


def test_an_empty_company_has_no_facts(tmp_path):
    asked = {"DATA_DIR": str(tmp_path), "AS_OF": "2026-05-29", "COMPANY": "parts"}
    assert demo.facts(configuration.read(asked | {"SANDBOX_SCALE": "0"})) == {}
    assert demo.facts(configuration.read(asked | {"SANDBOX_SCALE": "0.05"})).keys() == {
        "cost_pools.csv", "interest_rates.csv", "commission_rates.csv", "rebate_agreements.csv", "targets.csv"
    }  # fmt: skip

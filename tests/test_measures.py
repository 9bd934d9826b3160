"""Measures asked for together are those asked for one by one: one statement, and not one figure another."""

import pytest
import small_warehouse as small

from dashboards import warehouse
from dashboards.warehouse import Filter


@pytest.fixture
def of_marts(data_dir) -> dict[str, list[str]]:
    small.publish(data_dir)
    found: dict[str, list[str]] = {}
    for name, measure in warehouse.catalogue().items():
        found.setdefault(measure["mart"], []).append(name)
    return found


def test_of_everything(of_marts):
    for names in of_marts.values():
        together = warehouse.measure(names)
        assert together.columns == names
        assert together.row(0) == tuple(warehouse.figure(name) for name in names)


def test_of_groups_and_of_some_rows(of_marts):
    names, by = of_marts["order_cycle_time"], {"stage": "current_stage"}
    some = [Filter("order_amount", ">", 0)]
    together = warehouse.measure(names, by, some)
    assert together.height > 2 and together.columns == ["stage", *names]
    for name in names:
        alone = dict(warehouse.measure(name, by, some).iter_rows())
        assert {stage: value for stage, value in together.select("stage", name).iter_rows()} == {
            stage: alone.get(stage) for stage in together["stage"]
        }

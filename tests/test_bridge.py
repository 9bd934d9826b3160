"""What moved a contribution, in cases one can reckon by hand; the effects always add up to the difference."""

import random
from decimal import Decimal

import polars as pl
import pytest

from dashboards import bridge

SCHEMA = ["product_key", "currency_code", *bridge.SUMS]


def goods(*rows: tuple) -> pl.DataFrame:
    """Product, currency, quantity, amount of the document, revenue and contribution."""
    schema = {name: pl.String if at < 2 else pl.Decimal(38, 4) for at, name in enumerate(SCHEMA)}
    exact = [(*row[:2], *(Decimal(str(value)) for value in row[2:])) for row in rows]
    return pl.DataFrame(exact, schema=schema, orient="row")


def pln(product: str | None, quantity, revenue, contribution) -> tuple:
    return product, "PLN", quantity, revenue, revenue, contribution


def moved(before: pl.DataFrame, now: pl.DataFrame, served=0) -> dict[str, Decimal]:
    start, end = (frame["contribution_amount"].sum() or Decimal(0) for frame in (before, now))
    found = bridge.bridge(bridge.by_product(before, now, "PLN"), start, end + Decimal(served), Decimal(served))
    assert found["value"][0] + found.filter(~pl.col("is_total"))["value"].sum() == found["value"][-1]
    return {key: value for key, value, is_total in found.iter_rows() if value and not is_total}


def test_twice_as_much_of_everything_is_volume():
    before = goods(pln("disc", 10, 1000, 400), pln("pad", 10, 500, 100))
    assert moved(before, goods(pln("disc", 20, 2000, 800), pln("pad", 20, 1000, 200))) == {"volume": 500}


def test_a_dearer_product_is_price_and_a_dearer_purchase_is_cost():
    before = goods(pln("disc", 10, 1000, 400))
    assert moved(before, goods(pln("disc", 10, 1100, 500))) == {"price": 100}
    assert moved(before, goods(pln("disc", 10, 1000, 350))) == {"cost": -50}


def test_a_price_cut_by_a_credit_note_without_goods_is_price():
    now = goods(pln("disc", 10, 1000, 400), pln("disc", 0, -30, -30))
    assert moved(goods(pln("disc", 10, 1000, 400)), now) == {"price": -30}


def test_the_poorer_product_in_place_of_the_richer_is_mix():
    before = goods(pln("disc", 10, 1000, 400), pln("pad", 10, 1000, 100))
    assert moved(before, goods(pln("disc", 5, 500, 200), pln("pad", 15, 1500, 150))) == {"mix": -150}
    assert moved(goods(pln("disc", 10, 1000, 400)), goods(pln("pad", 20, 1000, 100))) == {"mix": -300}


def test_a_new_product_beside_the_old_is_volume_as_far_as_it_earns_like_the_old():
    now = goods(pln("disc", 10, 1000, 400), pln("pad", 1, 500, 100))
    assert moved(goods(pln("disc", 10, 1000, 400)), now) == {"volume": 200, "mix": -100}


def test_a_dearer_euro_is_currency_and_no_price():
    before = goods(("disc", "EUR", 10, 100, 400, 200))
    assert moved(before, goods(("disc", "EUR", 10, 100, 450, 250))) == {"currency": 50}
    assert moved(before, goods(("disc", "EUR", 10, 110, 495, 295))) == {"currency": 55, "price": 40}


def test_a_currency_that_is_new_has_no_rate_to_compare():
    before = goods(pln("disc", 10, 1000, 400))
    assert moved(before, goods(("disc", "EUR", 10, 250, 1100, 500))) == {"price": 100}


def test_what_has_no_product_or_quantity_is_other():
    before = goods(pln("disc", 10, 1000, 400), pln(None, 0, 50, 50))
    now = goods(pln("disc", 10, 1000, 400), pln(None, 0, 80, 80), pln("late cost", 0, 0, -7))
    assert moved(before, now) == {"other": 23}


def test_a_product_that_is_only_returned_is_other():
    before, now = goods(pln("disc", 10, 1000, 400)), goods(pln("disc", 10, 1000, 400), pln("pad", -2, -100, -20))
    assert moved(before, now) == {"other": -20}


def test_further_steps_of_the_ladder_are_cost_to_serve():
    same = goods(pln("disc", 10, 1000, 400))
    assert moved(same, same, served=-12) == {"cost_to_serve": -12}


def test_all_effects_at_once():
    before = goods(pln("disc", 10, 1000, 400), pln("pad", 10, 500, 100))
    now = goods(pln("disc", 20, 2200, 900), pln("pad", 10, 500, 100))
    found = moved(before, now)
    expected = {"volume": "333.33", "mix": "66.67", "price": "200", "cost": "-100"}
    assert found == {name: Decimal(value) for name, value in expected.items()}


def test_the_first_period_ever_is_all_volume():
    assert moved(goods(), goods(pln("disc", 10, 1000, 400))) == {"volume": 400}


@pytest.mark.parametrize("seed", range(20))
def test_effects_add_up_to_the_difference_whatever_was_sold(seed):
    chance = random.Random(seed)

    def period() -> pl.DataFrame:
        return goods(
            *(
                (
                    chance.choice([None, *"abcdefgh"]),
                    chance.choice(["PLN", "EUR", "USD", None]),
                    chance.randint(-3, 50),
                    *(round(chance.uniform(-50, 5000), 4) for _ in range(3)),
                )
                for _ in range(chance.randint(0, 40))
            )
        )

    before, now = period(), period()
    split = bridge.by_product(before, now, "PLN")
    parts = sum(float(split[name].sum()) for name in bridge.GOODS)
    ends = [float(frame["contribution_amount"].sum() or 0) for frame in (before, now)]
    assert parts == pytest.approx(ends[1] - ends[0], abs=1e-4), "rounding may move cents, never hide an effect"
    moved(before, now, served=chance.randint(-100, 100))

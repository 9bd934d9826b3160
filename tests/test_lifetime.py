"""What customers will still buy: against published results, made markets of known parameters, and its limits."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from pipelines.lifetime import frequency, value
from pipelines.lifetime.fitting import SCHEMA, parameters
from pipelines.lifetime.frequency import Frequency
from pipelines.lifetime.history import history
from pipelines.lifetime.predicting import predictions
from pipelines.lifetime.value import Value

QUARTER = date(2026, 1, 1)
# Customers of this rate buy 2.4 times a year, and after each purchase one of eight is gone.
TRUE = Frequency(r=1.5, alpha=30.0, a=1.0, b=7.0)
TRUE_VALUE = Value(p=4.0, q=5.0, v=800.0)
NOTHING_REMEMBERED = pl.DataFrame(schema=SCHEMA)


def conditions(**other) -> pl.DataFrame:
    usual = {"minimum_repeat_customers": 50, "discount_rate": 0.1, "horizon_months": 36}
    return pl.DataFrame([usual | {"fitted_until_date": QUARTER, "as_of_date": date(2026, 2, 20)} | other])


def rows(days: dict[str, list[date]], worth: float = 100.0) -> pl.DataFrame:
    """Purchases of customers by name, all of one value."""
    bought = [(name, day) for name, known in days.items() for day in known]
    table = pl.DataFrame(bought, schema={"customer_key": pl.String, "purchase_date": pl.Date}, orient="row")
    return table.with_columns(value_amount=pl.lit(worth), value_before_quarter_amount=pl.lit(worth))


def simulated(customers: int, weeks: float, chance: np.random.Generator) -> list[np.ndarray]:
    """Weeks of the repeat purchases of each customer, as the model tells the story."""
    rates = chance.gamma(TRUE.r, 1 / TRUE.alpha, customers)
    leaving = chance.beta(TRUE.a, TRUE.b, customers)
    return [_purchases(rate, leaves, weeks, chance) for rate, leaves in zip(rates, leaving, strict=True)]


def _purchases(rate: float, leaves: float, weeks: float, chance: np.random.Generator) -> np.ndarray:
    bought, week = [], chance.exponential(1 / rate)
    while week < weeks:
        bought.append(week)
        if chance.random() < leaves:
            break
        week += chance.exponential(1 / rate)
    return np.array(bought)


def seen(bought: list[np.ndarray], weeks: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    known = [one[one < weeks] for one in bought]
    repeats = np.array([float(len(one)) for one in known])
    return repeats, np.array([one[-1] if len(one) else 0.0 for one in known]), np.full(len(known), weeks)


@pytest.fixture(scope="module")
def market() -> list[np.ndarray]:
    return simulated(4000, 208, np.random.default_rng(20260101))


@pytest.mark.figure("clv")
def test_the_published_example_comes_out_as_published():
    """Fader, Hardie and Lee (2005): the CDNOW parameters and their customer with two repeat purchases."""
    cdnow = Frequency(r=0.243, alpha=4.414, a=0.793, b=2.426)
    [expected] = cdnow.expected(39, np.array([2.0]), np.array([30.43]), np.array([38.86]))
    assert expected == pytest.approx(1.226, abs=0.0005)


@pytest.mark.figure("clv")
def test_a_mean_of_few_purchases_is_drawn_towards_all_customers():
    """(v + x m) p / (p x + q - 1), and v p / (q - 1) for who bought once."""
    cdnow = Value(p=6.25, q=3.74, v=15.44)
    found = cdnow.expected(np.array([2.0, 0.0, 3.0]), np.array([22.35, np.nan, -5.0]))
    of_all = 15.44 * 6.25 / 2.74
    assert found == pytest.approx([(15.44 + 2 * 22.35) * 6.25 / (12.5 + 2.74), of_all, of_all])


@pytest.mark.figure("clv")
def test_parameters_of_a_made_market_are_found_again_and_foretell_its_next_year(market):
    model = frequency.fitted(*seen(market, 156))
    assert [model.r, model.alpha] == pytest.approx([TRUE.r, TRUE.alpha], rel=0.15)
    assert model.a / (model.a + model.b) == pytest.approx(TRUE.a / (TRUE.a + TRUE.b), rel=0.15)
    came = sum(len(one[one >= 156]) for one in market)
    assert model.expected(52, *seen(market, 156)).sum() == pytest.approx(came, rel=0.05)


@pytest.mark.figure("clv")
def test_values_of_a_made_market_are_found_again():
    chance = np.random.default_rng(7)
    repeats = chance.integers(1, 9, 5000).astype(float)
    scale = chance.gamma(TRUE_VALUE.q, 1 / TRUE_VALUE.v, 5000)
    mean = chance.gamma(TRUE_VALUE.p * repeats, 1 / (scale * repeats))
    model = value.fitted(repeats, mean)
    expected = TRUE_VALUE.p * TRUE_VALUE.v / (TRUE_VALUE.q - 1)
    assert model.p * model.v / (model.q - 1) == pytest.approx(expected, rel=0.03)
    assert model.p == pytest.approx(TRUE_VALUE.p, rel=0.1)


@pytest.mark.figure("clv")
def test_one_time_buyers_count_for_how_often_and_not_for_how_much(market):
    repeats, last, age = seen(market, 104)
    again = repeats > 0
    assert 0 < again.sum() < len(repeats)
    everybody = frequency.fitted(repeats, last, age)
    only_loyal = frequency.fitted(repeats[again], last[again], age[again])
    foretold = everybody.expected(52, np.zeros(1), np.zeros(1), np.full(1, 104.0))
    assert only_loyal.expected(52, np.zeros(1), np.zeros(1), np.full(1, 104.0)) > foretold * 1.1

    mean = np.where(again, 100 + 10 * repeats, 5000.0)
    assert value.fitted(repeats, mean) == value.fitted(repeats[again], mean[again])


@pytest.mark.figure("clv")
def test_values_of_nothing_or_less_are_in_no_value():
    repeats, mean = np.array([1.0, 2, 3, 4, 2]), np.array([100.0, 150, 120, 90, 110])
    with_credits = value.fitted(np.append(repeats, [3.0, 2.0, 1.0]), np.append(mean, [-400.0, 0.0, np.nan]))
    assert with_credits == value.fitted(repeats, mean)


@pytest.mark.figure("clv")
def test_hundreds_of_purchases_do_not_overflow():
    busy = Frequency(r=1.0, alpha=5.0, a=0.007, b=1.0)
    [expected] = busy.expected(52, np.array([600.0]), np.array([150.0]), np.array([150.0]))
    assert expected == pytest.approx(52 * 601 / 155, rel=0.02)


@pytest.mark.figure("clv")
@pytest.mark.parametrize("a", [1e-4, 0.9, 1.0, 8000.0])
@pytest.mark.parametrize("b", [1e-4, 3.0, 8000.0])
def test_at_the_edge_of_what_can_be_fitted_there_are_still_numbers(a, b):
    repeats, age = np.array([0.0, 1.0, 600.0]), np.array([0.0, 1.0, 150.0])
    for r in (1e-4, 1.0, 8000.0):
        for alpha in (1e-3, 5.0, 1e6):
            expected = Frequency(r, alpha, a, b).expected(156, repeats, age, age)
            assert np.isfinite(expected).all() and (expected >= 0).all()
            assert (expected <= (r + repeats) / (alpha + age) * 156 * (1 + 1e-9)).all()


@pytest.mark.figure("clv")
def test_who_has_been_silent_longer_than_his_habit_is_less_likely_to_come_back():
    habit = Frequency(r=1.0, alpha=5.0, a=0.5, b=2.0)
    alive = habit.alive(np.array([20.0, 20.0, 0.0]), np.array([99.0, 50.0, 0.0]), np.array([100.0, 100.0, 100.0]))
    assert alive[0] > 0.9 > 0.1 > alive[1]
    assert alive[2] == 1


@pytest.mark.figure("clv")
def test_a_day_is_one_purchase_and_the_first_one_is_nobodys_repeat():
    days = {"often": [date(2025, 1, 1), date(2025, 1, 15), date(2025, 2, 12)], "once": [date(2025, 12, 18)]}
    worth = rows(days).with_columns(value_amount=pl.Series([900.0, 10.0, 30.0, 70.0]))
    past = history(worth, QUARTER)
    assert past.customers == ["often", "once"]
    assert past.repeats.tolist() == [2, 0]
    assert past.last.tolist() == [6, 0]
    assert past.age.tolist() == [pytest.approx(365 / 7), 2]
    assert past.value[0] == 20 and np.isnan(past.value[1])


def weekly(customers: int, first: date, times: int, apart: int = 28) -> dict[str, list[date]]:
    """Customers who buy by the calendar, each a few days after the other."""
    return {
        f"c{at:03}": [first + timedelta(days=at % apart + apart * time) for time in range(times)]
        for at in range(customers)
    }


@pytest.mark.figure("clv")
def test_below_fifty_who_bought_again_nothing_is_fitted_and_from_fifty_on_it_is():
    once = {f"once{at}": [date(2025, 6, 1)] for at in range(100)}
    few = rows(weekly(49, date(2025, 1, 1), 5) | once)
    nothing = parameters(few, conditions(), NOTHING_REMEMBERED)
    assert nothing.height == 0
    assert predictions(few, conditions(), nothing).height == 0

    enough = rows(weekly(50, date(2025, 1, 1), 5) | once)
    fitted = parameters(enough, conditions(), NOTHING_REMEMBERED)
    assert fitted["repeat_customers_counted"].to_list() == [50]
    assert fitted["customers_counted"].to_list() == [150]
    past = history(enough, QUARTER)
    assert fitted["r"].to_list() == [frequency.fitted(past.repeats, past.last, past.age).r]
    assert fitted["holdout_purchases_counted"].to_list() == [None]
    assert predictions(enough, conditions(), fitted).height == 150


@pytest.mark.figure("clv")
def test_what_comes_in_a_quarter_changes_no_parameters_until_the_next():
    before = rows(weekly(60, date(2024, 6, 1), 12))
    fitted = parameters(before, conditions(), NOTHING_REMEMBERED)
    later = pl.concat([before, rows(weekly(60, QUARTER, 2)), rows({"new": [QUARTER, date(2026, 2, 1)]})])
    assert parameters(later, conditions(), NOTHING_REMEMBERED).equals(fitted)

    strange = fitted.with_columns(r=pl.lit(42.0))
    assert parameters(later, conditions(), strange)["r"].to_list() == [42.0]
    spring = conditions(fitted_until_date=date(2026, 4, 1))
    assert parameters(later, spring, strange)["r"].to_list() != [42.0]


@pytest.mark.figure("clv")
def test_the_same_input_gives_the_same_bytes_in_whatever_order_it_comes():
    bought = rows(weekly(60, date(2024, 1, 1), 20))
    mixed = bought.sample(fraction=1, shuffle=True, seed=3)
    one, other = (parameters(table, conditions(), NOTHING_REMEMBERED) for table in (bought, mixed))
    assert one.equals(other)
    assert predictions(bought, conditions(), one).equals(predictions(mixed, conditions(), other))


@pytest.mark.figure("clv")
def test_the_year_before_is_foretold_from_what_was_known_before_it_and_counted():
    """80 firms on a contract buy every four weeks and leave together: no model of chance foresees that."""
    leaving = weekly(80, date(2023, 12, 1), 14)
    staying = {f"stays{at}": [date(2024, 1, 10), date(2024, 7, 10), date(2025, 7, 10)] for at in range(10)}
    late = {"came in the year": [date(2025, 3, 1), date(2025, 4, 1)]}
    [row] = parameters(rows(leaving | staying | late), conditions(), NOTHING_REMEMBERED).iter_rows(named=True)
    cut = date(2025, 1, 1)
    came = sum(day >= cut for days in (leaving | staying).values() for day in days)
    assert row["holdout_customers_counted"] == 90
    assert row["holdout_purchases_counted"] == came
    assert row["holdout_purchases_expected"] > 1.25 * came


@pytest.mark.figure("clv")
def test_later_purchases_are_worth_less_today():
    bought = rows(weekly(60, date(2024, 6, 1), 12))
    fitted = parameters(bought, conditions(), NOTHING_REMEMBERED)
    free = predictions(bought, conditions(discount_rate=0.0, horizon_months=12), fitted)
    assert free["purchases_discounted"].to_numpy() == pytest.approx(free["purchases_expected_in_a_year"].to_numpy())
    dear = predictions(bought, conditions(discount_rate=0.1, horizon_months=12), fitted)
    share = dear["purchases_discounted"].sum() / free["purchases_discounted"].sum()
    assert 1 / 1.1 < share < 1

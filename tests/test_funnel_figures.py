"""What the measures of the funnel say about a book one can count by hand: after filtering, by month, by value."""

from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb
import pytest
import yaml

FUNNEL = Path(__file__).parents[1] / "dbt_project" / "models" / "marts" / "funnel"


@cache
def described() -> dict[str, dict]:
    texts = (yaml.safe_load(path.read_text()) for path in sorted(FUNNEL.glob("_*.yml")))
    return {model["name"]: model for text in texts for model in text.get("models", [])}


class Book:
    """One mart with a few rows, made by its contract, and its measures as pages ask for them."""

    def __init__(self, mart: str, rows: list[dict]) -> None:
        model = described()[mart]
        self.measures = {measure["name"]: measure for measure in model["config"]["meta"]["measures"]}
        self.connection = duckdb.connect()
        columns = ", ".join(f"{column['name']} {column['data_type']}" for column in model["columns"])
        self.connection.execute(f"create table mart ({columns})")
        for row in rows:
            names, places = ", ".join(row), ", ".join("?" * len(row))
            self.connection.execute(f"insert into mart ({names}) values ({places})", list(row.values()))  # noqa: S608

    def figure(self, name: str, where: str = "true"):
        measure = self.measures[name]
        formula = measure.get("expression") or (
            f"cast({measure['numerator']} as double) / nullif({measure['denominator']}, 0)"
        )
        kept = f"({measure.get('filter', 'true')}) and {where}"
        [(value,)] = self.connection.execute(f"select {formula} from mart where {kept}").fetchall()  # noqa: S608
        return float(value) if isinstance(value, Decimal) else value


def deal(outcome: str, amount: int, created: str, closed: str | None = None, **more) -> dict:
    return {
        "anchor_kind": "deal", "outcome": outcome, "deal_amount": amount, "deal_created_date": created,
        "closed_date": closed, "won_amount": amount if outcome == "won" else None,
        "is_won": outcome == "won", "is_closed": outcome in ("won", "lost", "derailed"),
        "is_excluded": outcome == "excluded", "is_past_close": False, "is_cash_awaited": False,
    } | more  # fmt: skip


# Ten deals closed in March, three of them won; sixteen opened in January, three of them won and six still open.
BOOK = Book(
    "funnel_to_cash",
    [deal("won", 100, "2026-01-10", "2026-03-10") for _ in range(3)]
    + [deal("lost", 200, "2026-01-10", "2026-03-10") for _ in range(5)]
    + [deal("derailed", 50, "2026-01-10", "2026-03-10") for _ in range(2)]
    + [deal("open", 1000, "2026-01-10") for _ in range(6)]
    + [deal("excluded", 7777, "2026-01-10", "2026-03-10") for _ in range(4)],
)
CLOSED_IN_MARCH = "closed_date between '2026-03-01' and '2026-03-31'"
OPENED_IN_JANUARY = "deal_created_date between '2026-01-01' and '2026-01-31'"


@pytest.mark.figure("win_rate")
def test_deals_closed_say_30_percent_and_deals_opened_19_on_one_book():
    assert BOOK.figure("win_rate_broad", CLOSED_IN_MARCH) == pytest.approx(3 / 10)
    assert BOOK.figure("win_rate_of_cohort", OPENED_IN_JANUARY) == pytest.approx(3 / 16)
    assert BOOK.figure("share_still_open", OPENED_IN_JANUARY) == pytest.approx(6 / 16)


@pytest.mark.figure("win_rate")
def test_the_narrow_rate_leaves_out_what_nobody_won():
    assert BOOK.figure("win_rate_narrow", CLOSED_IN_MARCH) == pytest.approx(3 / 8)
    assert BOOK.figure("deals_derailed") == 2


@pytest.mark.figure("win_rate")
def test_win_rates_are_told_by_count_and_by_value():
    assert BOOK.figure("win_rate_narrow_by_value", CLOSED_IN_MARCH) == pytest.approx(300 / 1300)
    assert BOOK.figure("win_rate_broad_by_value", CLOSED_IN_MARCH) == pytest.approx(300 / 1400)
    assert BOOK.figure("win_rate_of_cohort_by_value", OPENED_IN_JANUARY) == pytest.approx(300 / 7400)


@pytest.mark.figure("win_rate")
def test_excluded_deals_are_in_no_rate_and_are_counted():
    assert BOOK.figure("excluded_deals") == 4
    assert BOOK.figure("win_rate", CLOSED_IN_MARCH) == BOOK.figure("win_rate_broad", CLOSED_IN_MARCH)


@pytest.mark.figure("win_rate")
def test_a_month_in_which_nothing_closed_has_no_win_rate_and_not_0_percent():
    assert BOOK.figure("win_rate_narrow", "closed_date > '2026-04-01'") is None


@pytest.mark.figure("weighted_pipeline")
def test_the_weighted_pipeline_leaves_out_days_past_and_tells_them_apart():
    book = Book(
        "funnel_to_cash",
        [
            deal("open", 1000, "2026-01-10", weighted_amount=600, probability=0.6),
            deal("open", 500, "2026-01-10", weighted_amount=300, probability=0.6, is_past_close=True),
            deal("open", 400, "2026-01-10"),
            deal("excluded", 9, "2026-01-10", weighted_amount=9, probability=1),
        ],
    )
    assert book.figure("weighted_pipeline") == 600
    assert (book.figure("weighted_pipeline_past"), book.figure("open_pipeline_past")) == (300, 500)
    assert book.figure("open_deals_without_probability") == 1


@pytest.mark.figure("to_cash")
def test_what_is_not_paid_is_in_no_median_but_in_the_count():
    days = [{"days_quote_to_cash": day, "days_quote_to_first_cash": day} for day in (-5, 10, 30)]
    book = Book(
        "funnel_to_cash",
        [deal("won", 1, "2026-01-10", "2026-02-10", **day) for day in days]
        + [deal("won", 1, "2026-01-10", "2026-02-10", is_cash_awaited=True, days_quote_to_first_cash=400)],
    )
    assert book.figure("median_days_quote_to_cash") == 10
    assert book.figure("median_days_quote_to_first_cash") == 20
    assert book.figure("cash_awaited") == 1


@pytest.mark.figure("funnel_yield")
def test_yield_divides_money_without_tax_by_value_won_and_is_empty_without_payments():
    known = deal("won", 100, "2026-01-10", "2026-02-10", collected_amount=75, orders_counted=2)
    unknown = deal("won", 100, "2026-01-10", "2026-02-10")
    order = {"anchor_kind": "order", "bucket": "order_without_deal", "collected_amount": 999, "is_excluded": False}
    assert Book("funnel_to_cash", [known, order]).figure("collected_of_won") == pytest.approx(0.75)
    assert Book("funnel_to_cash", [known, order]).figure("deals_collected_of_won") == 1
    assert Book("funnel_to_cash", [unknown]).figure("collected_of_won") is None


@pytest.mark.figure("stage_conversion")
def test_conversion_of_two_months_is_a_share_of_deals_and_no_mean_of_rates():
    book = Book(
        "stage_conversion",
        [
            {"deals_entered": 1, "deals_passed": 1, "is_complete": True},
            {"deals_entered": 9, "deals_passed": 0, "is_complete": False},
        ],
    )
    assert book.figure("stage_conversion") == pytest.approx(0.1)
    assert book.figure("stage_conversion_complete") == 1


@pytest.mark.figure("stage_conversion")
def test_time_in_stage_counts_those_who_left_and_says_how_many():
    rows = [{"days_in_stage": days, "is_skipped": False, "is_in_stage": False} for days in (1, 3, 20)]
    rows.append({"days_in_stage": 500, "is_skipped": False, "is_in_stage": True})
    rows.append({"days_in_stage": None, "is_skipped": True, "is_in_stage": False})
    book = Book("deal_stage_passes", rows)
    assert book.figure("median_days_in_stage") == 3
    assert book.figure("p90_days_in_stage") == pytest.approx(16.6)
    assert (book.figure("deals_through_stage"), book.figure("deals_that_skipped")) == (3, 1)


@pytest.mark.figure("pipeline_coverage")
def test_a_quarter_with_one_month_met_is_covered_by_what_is_open_in_the_others():
    firm = {"scope": "firm", "booked_amount": 0, "past_amount": 0}
    book = Book(
        "pipeline_coverage",
        [
            firm | {"reason": "met", "target_amount": 10, "open_amount": 5000},
            firm | {"reason": None, "target_amount": 700, "remaining_amount": 600, "open_amount": 1500},
            firm | {"scope": "owner", "reason": None, "remaining_amount": 600, "open_amount": 1500},
        ],
    )
    assert book.figure("pipeline_coverage") == pytest.approx(2.5)
    assert book.figure("pipeline_coverage", "reason = 'met'") is None


@pytest.mark.figure("stuck")
def test_stuck_deals_are_told_by_count_and_value_and_owner():
    book = Book("stuck_deals", [{"owner_name": name, "deal_amount": 100} for name in ("Anna", "Anna", "Jan")])
    assert (book.figure("stuck_deals"), book.figure("stuck_deals_amount")) == (3, 300)
    assert book.figure("stuck_deals_amount", "owner_name = 'Anna'") == 200

"""The marketing agency as published, out of its CRM, its ERP and its time sheets, against what really happened."""

import polars as pl
import pytest

from tests.figures_of_firms import (  # noqa: F401  What any firm is asked is asked of this one too.
    small,
    test_every_account_of_every_system_is_published_and_no_two_firms_are_one_customer,
    test_every_deal_has_its_value_its_dates_and_is_left_out_if_it_is_junk,
    test_every_invoice_and_correction_is_what_was_written_and_a_wrong_one_is_cancelled,
    test_every_link_a_system_states_is_in_the_thread_and_no_other,
    test_every_milestone_of_every_order_is_right_to_the_day,
    test_every_order_has_its_value_and_its_end,
    test_every_order_took_as_long_as_it_really_did,
    test_revenue_cost_and_contribution_of_every_customer_and_month_are_right_to_the_cent,
    test_what_every_customer_owes_is_right_to_the_cent,
)
from tests.published import compared

# The small firm of the quick set is the one that everybody starts with.
pytestmark = pytest.mark.long
MARTS = "order_cycle_time order_line_promises profitability_lines order_profitability receivables funnel_to_cash thread"


@pytest.fixture(scope="module")
def firm(tmp_path_factory):
    with small(tmp_path_factory.mktemp("agency"), "agency", 0.06, MARTS) as firm:
        yield firm


def test_every_hour_worked_for_a_client_costs_its_rate_on_the_day_it_was_worked(firm):
    found = firm.rows(
        "select split_part(time_entry_key, ':', -1) as entry, time_entries.*, lines.cost_amount, lines.is_cost_missing"
        " from canonical.time_entries as time_entries"
        " left join marts.profitability_lines as lines on 'time_entry:' || time_entry_key = profitability_line_key"
    )
    pairs = {
        "hours": "hours", "rate": "cost_rate", "currency": "currency_code", "worked_date": "worked_date",
        "cost": "cost_amount",
    }  # fmt: skip
    assert compared(firm.truth["hours"], found, "entry", pairs) == []
    assert set(firm.truth["hours"]["currency"]) == {"PLN", "EUR"}


def test_the_hours_of_a_project_are_the_cost_of_its_order(firm):
    known = firm.truth["hours"].filter(pl.col("order_number").is_not_null() & pl.col("cost").is_not_null())
    truth = known.group_by("order_number").agg(cost=pl.col("cost").sum().cast(pl.Decimal(18, 4)))
    found = firm.rows("select order_number, cost_amount from marts.order_profitability where cost_amount <> 0")
    assert truth.height > 20
    assert compared(truth, found, "order_number", {"cost": "cost_amount"}) == []


def test_hours_of_whom_nobody_knows_the_cost_are_missing_and_not_for_nothing(firm):
    found = firm.rows("select * from marts.profitability_lines where line_kind = 'time_entry' and is_cost_missing")
    unknown = firm.truth["hours"].filter(pl.col("cost").is_null())
    assert found.height == unknown.height > 0
    assert found["cost_amount"].null_count() == found.height


def test_hours_are_the_cost_of_all_that_is_billed_with_an_order_or_without(firm):
    found = firm.rows("select * from marts.profitability_lines where line_kind = 'invoice_line'")
    assert not found["is_cost_missing"].any() and found["order_key"].null_count() > 0


def test_nothing_is_shipped_and_no_promise_of_a_delivery_is_judged(firm):
    assert firm.rows("select * from canonical.shipments").is_empty()
    assert firm.rows("select * from marts.order_line_promises").is_empty()
    assert set(firm.rows("select kind from canonical.order_lines")["kind"]) == {"service"}


def test_the_cost_of_a_client_is_that_of_the_customer_whom_the_other_systems_bill(firm):
    of_hours = firm.accounts.filter(pl.col("source") == "timesheets")
    billed = firm.accounts.filter(pl.col("source") == "enova365")
    told = of_hours.filter("findable").join(billed, on="customer", suffix="_billed")
    together = told.group_by("vendor_id").agg((pl.col("customer_key") == pl.col("customer_key_billed")).any())
    assert together.height > 5 and together["customer_key"].all()

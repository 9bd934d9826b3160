"""The maker of furniture as published, out of both its systems, against what really happened, to the cent."""

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
MARTS = "order_cycle_time order_line_promises profitability_lines receivables funnel_to_cash thread"


@pytest.fixture(scope="module")
def firm(tmp_path_factory):
    with small(tmp_path_factory.mktemp("furniture"), "furniture", 0.03, MARTS) as firm:
        yield firm


@pytest.mark.parametrize("promise", ["requested", "first_promised", "promised"])
def test_every_line_left_in_parts_and_kept_its_promise_or_broke_it_as_it_really_did(firm, promise):
    found = firm.rows(
        "select *, cast(split_part(order_line_key, ':', -1) as bigint) as line from marts.order_line_promises"
    )
    truth = firm.truth["order_promises"].with_columns(line=pl.col("line").cast(pl.Int64) // 10_000)
    pairs = {
        f"in_full_by_{promise}": f"is_in_full_on_{promise}",
        f"{promise}_date": f"{promise}_date",
        f"quantity_shipped_by_{promise}": f"quantity_shipped_by_{promise}",
        "quantity_shipped": "quantity_shipped",
    }
    assert compared(truth, found, ["order_number", "line"], pairs) == []

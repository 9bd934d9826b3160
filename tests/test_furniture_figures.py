"""The maker of furniture as published, out of both its systems, against what really happened, to the cent."""

import polars as pl
import pytest

from tests.published import CENT, compared, published
from tests.small_firm import small

MARTS = "order_cycle_time order_line_promises profitability_lines receivables funnel_to_cash thread"
MILESTONES = (
    "ordered", "requested", "first_promised", "promised", "approved", "confirmed", "first_shipped", "last_shipped",
    "shipped_in_full", "first_invoiced", "last_invoiced", "first_paid", "paid", "cancelled",
)  # fmt: skip
LENGTHS = (
    "days_to_approval", "days_to_confirm", "days_to_ship", "days_to_invoice", "days_to_cash", "days_order_to_ship",
    "days_order_to_cash", "gross_days", "dwell_days", "net_days",
)  # fmt: skip


@pytest.fixture(scope="module", params=["small", pytest.param("whole", marks=pytest.mark.long)])
def firm(request, tmp_path_factory):
    if request.param == "whole":
        yield published(tmp_path_factory, "1", "furniture")
        return
    with small(tmp_path_factory.mktemp("furniture"), "furniture", "0.03", MARTS) as firm:
        yield firm


def test_every_contractor_and_every_organization_is_an_account_and_no_two_firms_are_one_customer(firm):
    accounts = firm.accounts
    assert accounts["customer_key"].null_count() == 0 and set(accounts["source"]) == {"pipedrive", "comarch_xl"}
    firms = accounts.group_by("customer_key").agg(pl.col("customer").n_unique().alias("firms"))
    assert firms.filter(pl.col("firms") > 1).to_dicts() == []
    findable = accounts.filter("findable").group_by("customer").agg(pl.col("customer_key").n_unique().alias("keys"))
    assert findable.filter(pl.col("keys") > 1).to_dicts() == []


def test_revenue_cost_and_contribution_of_every_customer_and_month_are_right_to_the_cent(firm):
    lines = firm.rows(
        "select account_key, posted_month as month, sum(revenue_amount) as revenue_found,"
        " sum(cost_amount) as cost_found, sum(cm1_amount) as cm1_found"
        " from marts.profitability_lines group by all"
    )
    owners = firm.accounts.select("account_key", "customer")
    found = lines.join(owners, on="account_key", how="left").group_by("customer", "month")
    found = found.agg(pl.exclude("account_key").sum())
    months = firm.truth["profitability"].join(found, on=["customer", "month"], how="full", coalesce=True).fill_null(0)
    assert months.height > 50
    for figure in ("revenue", "cost", "cm1"):
        wrong = months.filter((pl.col(figure) - pl.col(f"{figure}_found")).abs() > CENT)
        assert wrong.head(5).to_dicts() == [], f"{figure}: {wrong.height} of {months.height} differ"


@pytest.mark.parametrize("milestone", MILESTONES)
def test_every_milestone_of_every_order_is_right_to_the_day(firm, milestone):
    found = firm.rows("select * from marts.order_cycle_time")
    day = f"{milestone}_date"
    assert compared(firm.truth["orders"], found, "order_number", {day: day}) == []


@pytest.mark.parametrize("length", LENGTHS)
def test_every_order_took_as_long_as_it_really_did(firm, length):
    found = firm.rows("select * from marts.order_cycle_time")
    lengths = [length] if length in ("dwell_days", "net_days") else [length, f"working_{length}"]
    assert compared(firm.truth["lengths"], found, "order_number", {name: name for name in lengths}) == []


def test_every_order_has_its_value_and_its_end(firm):
    found = firm.rows("select * from marts.order_cycle_time")
    pairs = {"net_amount": "document_amount", "is_cancelled": "is_cancelled", "lines": "lines_counted"}
    assert compared(firm.truth["orders"], found, "order_number", pairs) == []


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


def test_every_invoice_and_correction_is_what_was_written_and_a_wrong_one_is_cancelled(firm):
    found = firm.rows("select * from canonical.invoices")
    pairs = {
        "kind": "kind", "net": "net_amount", "gross": "gross_amount", "currency": "currency_code",
        "posted_date": "issued_date", "is_cancelled": "is_cancelled",
    }  # fmt: skip
    truth = firm.truth["invoices"]
    assert compared(truth, found, "invoice_number", pairs) == []
    assert truth["is_cancelled"].any() and (truth["kind"] == "correction").any()


def test_what_every_customer_owes_is_right_to_the_cent(firm):
    found = firm.rows("select * from marts.receivables")
    pairs = {"open_amount": "open_amount", "settled_date": "settled_date"}
    assert compared(firm.truth["receivables"], found, "invoice_number", pairs) == []


def test_every_link_a_system_states_is_in_the_thread_and_no_other(firm):
    found = firm.rows(
        "select split_part(from_key, ':', -1) as deal_id, orders.order_number from canonical.thread"
        " inner join canonical.orders on thread.to_key = orders.order_key"
        " where from_entity = 'deals' and to_entity = 'orders' and not is_guessed"
    )
    truth = firm.truth["links"].filter("is_linked").select("deal_id", "order_number")
    assert set(found.iter_rows()) == set(truth.iter_rows()) and truth.height > 10


def test_every_deal_has_its_value_its_dates_and_is_left_out_if_it_is_junk(firm):
    found = firm.rows(
        "select *, split_part(deal_key, ':', -1) as deal_id from marts.funnel_to_cash where anchor_kind = 'deal'"
    )
    pairs = {"created_date": "deal_created_date", "closed_date": "closed_date", "is_junk": "is_excluded"}
    assert compared(firm.truth["deals"], found, "deal_id", pairs) == []
    in_zloty = firm.truth["deals"].filter(pl.col("currency") == "PLN")
    found = found.join(in_zloty.select("deal_id"), on="deal_id", how="semi")
    assert compared(in_zloty, found, "deal_id", {"amount": "deal_amount"}) == []

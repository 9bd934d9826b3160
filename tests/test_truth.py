"""The published marts against what really happened in the simulated firm: to the cent, to the day, link by link."""

import polars as pl
import pytest

from tests import who
from tests.published import AS_OF, CENT, compared

MILESTONES = (
    "ordered", "requested", "first_promised", "promised", "approved", "confirmed", "first_shipped", "last_shipped",
    "shipped_in_full", "first_invoiced", "last_invoiced", "first_paid", "paid", "cancelled",
)  # fmt: skip


@pytest.fixture
def firm(published_firm):
    return published_firm


def test_no_two_firms_became_one_customer(firm):
    firms = firm.accounts.group_by("customer_key").agg(pl.col("customer").n_unique().alias("firms"))
    assert firms.filter(pl.col("firms") > 1).to_dicts() == []


def test_every_account_that_a_number_or_a_name_and_a_field_tie_to_its_firm_is_found(firm):
    accounts = firm.accounts
    assert accounts["customer_key"].null_count() == 0
    findable = accounts.filter("findable").group_by("customer").agg(pl.col("customer_key").n_unique().alias("keys"))
    recall = float((findable["keys"] == 1).sum() / findable.height)
    assert recall == 1, f"{recall:.1%} of the firms that can be found were put together"


@pytest.mark.parametrize("references", [True, False], ids=["ERP numbers in the CRM", "no ERP numbers"])
@pytest.mark.parametrize(
    "percent, precision, recall",
    [(100, 0.995, 0.93), (70, 0.995, 0.90), (0, 0.98, 0.88)],
    ids=["tax ids as they are", "tax ids on 70 of 100", "no tax ids"],
)
def test_accounts_of_one_firm_are_found_and_no_others(firm, percent, precision, recall, references):
    accounts = who.published(firm.warehouse)
    firms = who.firms_of(accounts, AS_OF, float(firm.scale))
    accounts = who.with_tax_ids_on(accounts, percent)
    told = who.Matched(accounts if references else who.without_references(accounts)).figures(firms)
    assert told["merged precision"] >= precision and told["merged recall"] >= recall, told
    assert told["shown precision"] >= precision - 0.01 and told["shown recall"] >= told["merged recall"], told


def test_revenue_cost_and_contribution_of_every_customer_and_month_are_right_to_the_cent(firm):
    lines = firm.rows(
        "select account_key, posted_month as month, sum(revenue_amount) as revenue_found,"
        " sum(cost_amount) as cost_found, sum(cm1_amount) as cm1_found"
        " from marts.profitability_lines group by all"
    )
    owners = firm.accounts.select("account_key", "customer")
    found = (
        lines.join(owners, on="account_key", how="left")
        .group_by("customer", "month")
        .agg(pl.exclude("account_key").sum())
    )
    truth = firm.truth["profitability"]
    months = truth.join(found, on=["customer", "month"], how="full", coalesce=True).fill_null(0)
    for figure in ("revenue", "cost", "cm1"):
        wrong = months.filter((pl.col(figure) - pl.col(f"{figure}_found")).abs() > CENT)
        assert wrong.head(5).to_dicts() == [], f"{figure}: {wrong.height} of {months.height} differ"


def test_customers_and_months_sum_their_lines(firm):
    by_line = firm.rows("select sum(revenue_amount), sum(cost_amount), sum(cm1_amount) from marts.profitability_lines")
    by_month = firm.rows(
        "select sum(revenue_amount), sum(cost_amount), sum(cm1_amount) from marts.customer_profitability"
    )
    assert by_line.row(0) == by_month.row(0)
    totals = firm.truth["totals"].sum().row(0, named=True)
    assert abs(by_month.row(0)[0] - totals["revenue"]) <= CENT and abs(by_month.row(0)[1] - totals["cost"]) <= CENT


@pytest.mark.parametrize("milestone", MILESTONES)
def test_every_milestone_of_every_order_is_right_to_the_day(firm, milestone):
    found = firm.rows("select * from marts.order_cycle_time")
    day = f"{milestone}_date"
    assert compared(firm.truth["orders"], found, "order_number", {day: day}) == []


def test_every_order_has_its_value_and_its_end(firm):
    found = firm.rows("select * from marts.order_cycle_time")
    pairs = {"net_amount": "document_amount", "is_cancelled": "is_cancelled", "lines": "lines_counted"}
    assert compared(firm.truth["orders"], found, "order_number", pairs) == []


@pytest.mark.parametrize("promise", ["requested", "first_promised", "promised"])
def test_every_line_kept_its_promise_or_broke_it_as_it_really_did(firm, promise):
    found = firm.rows(
        "select *, cast(split_part(order_line_key, ':', -1) as bigint) as line from marts.order_line_promises"
    )
    truth = firm.truth["order_promises"].with_columns(pl.col("line").cast(pl.Int64))
    pairs = {
        f"in_full_by_{promise}": f"is_in_full_on_{promise}",
        f"{promise}_date": f"{promise}_date",
        f"quantity_shipped_by_{promise}": f"quantity_shipped_by_{promise}",
        "quantity_shipped": "quantity_shipped",
    }
    assert compared(truth, found, ["order_number", "line"], pairs) == []


def test_what_every_customer_owes_is_right_to_the_cent(firm):
    found = firm.rows("select * from marts.receivables")
    pairs = {"open_amount": "open_amount", "settled_date": "settled_date"}
    assert compared(firm.truth["receivables"], found, "invoice_number", pairs) == []


def links(firm, *, guessed: bool) -> pl.DataFrame:
    """Deals and orders as the thread ties them: by what a system states, or by a guess."""
    found = firm.rows(
        "select split_part(from_key, ':', -1) as deal_id, split_part(to_key, ':', -1) as order_number, is_guessed"
        " from canonical.thread where from_entity = 'deals' and to_entity = 'orders'"
    )
    return found.filter(pl.col("is_guessed") == guessed).select("deal_id", "order_number")


def test_every_link_a_system_states_is_in_the_thread_and_no_other(firm):
    truth = firm.truth["links"].filter("is_linked").select("deal_id", "order_number")
    assert set(links(firm, guessed=False).iter_rows()) == set(truth.iter_rows())


def test_links_nobody_states_are_guessed_right_or_not_at_all(firm):
    guessed = links(firm, guessed=True)
    wrong = guessed.join(firm.truth["links"], on=["deal_id", "order_number"], how="anti")
    assert guessed.height > 0, "nothing was guessed"
    precision = 1 - wrong.height / guessed.height
    assert precision >= 0.98, f"{precision:.1%} of {guessed.height} guesses are right, not {wrong.head(5).to_dicts()}"


def test_a_good_part_of_the_links_nobody_states_is_found(firm):
    """Of the deals that one order followed half were ordered exactly as sold, the rest at another price."""
    is_stated = pl.col("is_linked").any().over("deal_id")
    alone = firm.truth["links"].filter(~is_stated & (pl.len().over("deal_id") == 1))
    found = alone.join(links(firm, guessed=True), on=["deal_id", "order_number"], how="semi")
    recall = found.height / alone.height
    assert recall >= 0.4, f"{recall:.1%} of {alone.height} links that nobody states were found"


def test_a_shipment_and_an_invoice_share_only_goods_of_one_order_line(firm):
    wrong = firm.rows(
        "select between.* from canonical.thread_lines as between"
        " where between.from_entity = 'shipment_lines' and not exists ("
        "   select 1 from canonical.thread_lines as shipped"
        "   inner join canonical.thread_lines as invoiced on shipped.from_line_key = invoiced.from_line_key"
        "   where shipped.from_entity = 'order_lines' and shipped.to_line_key = between.from_line_key"
        "   and invoiced.from_entity = 'order_lines' and invoiced.to_line_key = between.to_line_key)"
    )
    assert wrong.to_dicts() == []


def deals(firm) -> pl.DataFrame:
    return firm.rows(
        "select *, split_part(deal_key, ':', -1) as deal_id from marts.funnel_to_cash where anchor_kind = 'deal'"
    )


def followed(firm) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What followed each deal, in truth and as published: by what is stated, or by all there is where it was found.

    Deals tied to a wrong order are left out here: they are counted above.
    """
    truth, guessed = firm.truth["deals"], links(firm, guessed=True)
    wrong = guessed.join(firm.truth["links"], on=["deal_id", "order_number"], how="anti")
    is_found = pl.col("deal_id").is_in(guessed["deal_id"].to_list())
    real = [name.removeprefix("real_") for name in truth.columns if name.startswith("real_")]
    truth = truth.with_columns(
        pl.when(is_found).then(pl.col(f"real_{name}")).otherwise(pl.col(name)).alias(name) for name in real
    )
    return truth.join(wrong, on="deal_id", how="anti"), deals(firm).join(wrong, on="deal_id", how="anti")


def test_every_deal_has_its_dates_and_is_left_out_if_it_is_junk(firm):
    pairs = {
        "created_date": "deal_created_date", "closed_date": "closed_date", "is_junk": "is_excluded",
        "first_invoiced_date": "first_invoiced_date", "last_invoiced_date": "last_invoiced_date",
    }  # fmt: skip
    assert compared(*followed(firm), "deal_id", pairs) == []


def test_every_deal_says_how_its_orders_are_known(firm):
    ways = {
        True: {"quote_amount_and_date", "customer_amount_and_date"},
        False: {"order_number_in_deal", "deal_number_in_order", "order_number_in_quote", None},
    }
    found = deals(firm)
    for is_guessed, ways_possible in ways.items():
        chosen = set(found.filter(pl.col("is_order_link_guessed") == is_guessed)["order_link_method"])
        # A small company has guesses of one way only.
        assert chosen and (chosen <= ways_possible if is_guessed else chosen == ways_possible)
    assert found.filter(pl.col("order_link_method").is_null() != (pl.col("orders_counted") == 0)).to_dicts() == []


def test_the_money_of_every_deal_is_followed_to_the_cent(firm):
    """Truth knows each deal in its own currency; what was invoiced, in zloty too."""
    truth, found = followed(firm)
    invoiced = found.select("deal_id", "invoiced_amount")
    assert compared(truth, invoiced, "deal_id", {"invoiced_zloty_amount": "invoiced_amount"}) == []

    in_zloty = truth.filter(pl.col("currency") == "PLN")
    known = found.join(in_zloty.select("deal_id"), on="deal_id", how="semi")
    pairs = {name: name for name in ("ordered_amount", "invoiced_amount", "credited_amount")} | {
        "amount": "deal_amount"
    }
    assert compared(in_zloty, known, "deal_id", pairs) == []

    # Truth follows payments of invoices; where a credit note was paid back, the mart takes that off.
    uncredited = in_zloty.filter(pl.col("credited_amount") == 0)
    known = known.join(uncredited.select("deal_id"), on="deal_id", how="semi")
    pairs = {"collected_amount": "collected_amount", "open_amount": "open_amount"}
    assert compared(uncredited, known, "deal_id", pairs) == []


def test_every_sum_agrees_with_the_one_it_should_be(firm):
    """Raw, canonical, marts and the ledger, month by month."""
    wrong = firm.rows("select * from marts.reconciliation where not is_ok")
    assert wrong.to_dicts() == []
    checks = set(firm.rows("select distinct check_code from marts.reconciliation")["check_code"])
    assert {"ledger_revenue", "ledger_cost", "ledger_receivables", "canonical_to_mart_revenue"} <= checks

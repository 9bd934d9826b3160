"""Which orders a deal brought, and what of that the systems say themselves."""

import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.clock import DAY
from pipelines.sandbox.parts.sales import LOST, WON
from pipelines.sandbox.parts.salesforce_deals import deal_ids
from pipelines.sandbox.parts.salesforce_leads import LEAD_OF_DEAL
from pipelines.sandbox.parts.settlements import INVOICE, PAYMENT
from pipelines.sandbox.parts.truth_money import amount, customer, day


def deal_id(expression: pl.Expr, keys: pl.Series) -> pl.Expr:
    return pl.when(expression >= 0).then(deal_ids(keys.clip(0).to_numpy()))


def links(company) -> pl.DataFrame:
    """One row per deal and order that belong together; `is_linked` if a system says so."""
    deals = company.known_deals.filter(pl.col("t_deleted") > company.now)
    copied = deals.select("deal", copied="order_number")
    orders = company.known_orders.filter(pl.col("deal") >= 0).join(
        copied, on="deal", how="inner", maintain_order="left"
    )
    quoted = company.quote_orders.select("deal", quoted=pl.lit(True))
    orders = orders.join(quoted, on="deal", how="left", maintain_order="left")
    in_deal = (pl.col("copied") == pl.col("number")).fill_null(False)
    in_quote = (pl.col("call") == 0) & pl.col("quoted").fill_null(False)
    return orders.select(
        "deal",
        "order",
        deal_id=deal_id(pl.col("deal"), orders["deal"]),
        order_number="number",
        in_deal=in_deal,
        in_order="is_linked_in_erp",
        in_quote=in_quote,
        is_linked=in_deal | pl.col("is_linked_in_erp") | in_quote,
    ).sort("deal_id", "order_number")


def _standing(company) -> pl.DataFrame:
    """Standing invoices with an order: net, gross, cash in their own currency and in zloty."""
    cash = company.known_settlements.filter((pl.col("kind") == PAYMENT) & (pl.col("what") == "Application"))
    cash = cash.group_by("invoice").agg(collected=pl.col("amount").sum())
    left = company.open_amounts.filter(pl.col("kind") == INVOICE).select("left", invoice="key")
    rows = company.known_invoices.filter((pl.col("order") >= 0) & (pl.col("t_undone") > company.now))
    rows = rows.join(cash, on="invoice", how="left", maintain_order="left").join(
        left, on="invoice", how="left", maintain_order="left"
    )
    return rows.with_columns(pl.col("collected").fill_null(0))


def deals(company) -> pl.DataFrame:
    """One row per deal not deleted; orders and money through its explicit links only, net, in the deal's currency."""
    net = company.lines.group_by("order").agg(ordered=pl.col("net").sum())
    linked = links(company).filter("is_linked").join(net, on="order", how="left", maintain_order="left")
    ordered = linked.group_by("deal").agg(
        order_numbers=pl.col("order_number").sort(), linked_ordered=pl.col("ordered").sum()
    )
    billed = _standing(company).join(
        linked.select("order", linked_deal="deal"), on="order", how="inner", maintain_order="left"
    )
    notes = company.known_notes.filter((pl.col("fate") < 3) & pl.col("is_linked")).select(
        invoice="note", credited="net"
    )
    billed = billed.join(notes, on="invoice", how="left", maintain_order="left")
    part = pl.col("net") / pl.col("gross")
    money = billed.group_by(deal="linked_deal").agg(
        invoice_numbers=pl.col("number").sort(),
        invoiced=pl.col("net").sum(),
        invoiced_zloty=pl.col("net_zloty").sum(),
        collected=(pl.col("collected") * part).sum(),
        collected_gross=pl.col("collected").sum(),
        left=(pl.col("left") * part).sum(),
        credited=-pl.col("credited").fill_null(0).sum(),
        t_first=pl.col("t_posted").min(),
        t_last=pl.col("t_posted").max(),
    )
    rows = company.known_deals.filter(pl.col("t_deleted") > company.now)
    rows = rows.join(ordered, on="deal", how="left", maintain_order="left").join(
        money, on="deal", how="left", maintain_order="left"
    )
    status = (
        pl.when(pl.col("stage") == WON)
        .then(pl.lit("won"))
        .when(pl.col("stage") == LOST)
        .then(pl.lit("lost"))
        .otherwise(pl.lit("open"))
    )
    sums = {
        f"{name}_amount": amount(pl.col(name).fill_null(0))
        for name in ("invoiced", "invoiced_zloty", "credited", "collected", "collected_gross")
    }
    return rows.select(
        deal_id=deal_id(pl.col("deal"), rows["deal"]),
        customer=customer(pl.col("firm")),
        status=status,
        is_junk=pl.col("junk") >= 0,
        currency="currency",
        amount=amount(pl.col("amount")),
        won_amount=pl.when(pl.col("stage") == WON).then(amount(pl.col("amount"))),
        order_numbers=pl.col("order_numbers").fill_null([]),
        invoice_numbers=pl.col("invoice_numbers").fill_null([]),
        ordered_amount=amount(pl.col("linked_ordered").fill_null(0)),
        **sums,
        open_amount=amount(pl.col("left").fill_null(0)),
        created_date=day(pl.col("t0") // DAY),
        closed_date=pl.when(pl.col("stage") >= WON).then(day(pl.col("t_stage") // DAY)),
        first_invoiced_date=day(pl.col("t_first") // DAY),
        last_invoiced_date=day(pl.col("t_last") // DAY),
    ).sort("deal_id")


def leads(company) -> pl.DataFrame:
    """One row per lead not deleted, with the deal it became."""
    now = company.now
    became = company.deals.filter(pl.col("has_lead") & (pl.col("t_lead") <= now))
    became = became.select(
        lead_id=identifiers.salesforce_ids("00Q", became["deal"].to_numpy() + LEAD_OF_DEAL),
        deal_id=pl.when(pl.col("t0") <= now).then(deal_ids(became["deal"].to_numpy())),
        is_junk=pl.lit(False),
        status=pl.when(pl.col("t0") <= now).then(pl.lit("converted")).otherwise(pl.lit("open")),
        created_date=day(pl.col("t_lead") // DAY),
    )
    loose = company.loose_leads.filter((pl.col("t_lead") <= now) & (pl.col("t_deleted") > now))
    loose = loose.select(
        lead_id=identifiers.salesforce_ids("00Q", loose["lead"].to_numpy()),
        deal_id=pl.lit(None, pl.String),
        is_junk=pl.col("junk") >= 0,
        status=pl.when(pl.col("t_refused") <= now).then(pl.lit("disqualified")).otherwise(pl.lit("open")),
        created_date=day(pl.col("t_lead") // DAY),
    )
    return pl.concat([became, loose]).sort("lead_id")

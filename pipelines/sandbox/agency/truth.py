"""What the warehouse should find out about the marketing agency, known without looking at any interface."""

import polars as pl

from pipelines.sandbox.agency import time_sheets, truth_crm
from pipelines.sandbox.agency.truth_erp import in_erp
from pipelines.sandbox.business import truth_deals, truth_lengths, truth_links, truth_money, truth_orders
from pipelines.sandbox.business.truth_accounts import accounts, fields, typed_tax
from pipelines.sandbox.business.truth_money import customer, day, day_of, month
from pipelines.sandbox.clock import DAY

USUAL_LEAD = 7
COST_DIGITS = 4  # an hour paid in euro costs parts of a grosz


def truth(company) -> dict[str, pl.DataFrame]:
    earned = profitability(company)
    ordered = orders(company)
    return {
        "accounts": accounts(truth_crm.in_crm(company), in_erp(company), _in_time_sheets(company)),
        "profitability": earned,
        "totals": truth_money.totals(earned),
        "invoices": truth_money.as_corrections(truth_money.invoices(company)),
        "receivables": truth_money.as_corrections(truth_money.receivables(company)),
        "orders": ordered,
        "lengths": truth_lengths.lengths(company, USUAL_LEAD, ordered),
        "hours": hours(company),
        "links": truth_links.links(company),
        "deals": truth_deals.deals(company),
        "leads": truth_crm.leads(company),
    }


def _in_time_sheets(company) -> pl.DataFrame:
    rows = time_sheets.clients(company).with_columns(nothing=pl.lit(None, pl.String))
    return rows.select(
        source=pl.lit("timesheets"),
        vendor_id="code",
        customer=customer(pl.col("firm")),
        erp_reference="erp_number",
        valid_tax_id=typed_tax("typed_tax"),
        **fields("street", "town", "postcode", "nothing", "nothing", "full_name"),
    )


def orders(company) -> pl.DataFrame:
    """As enova365 knows them: approved when they leave the buffer, promised one day a line, never confirmed."""
    approved = company.known_orders.select(
        order_number="number", approved_date=day_of(pl.col("t_released"), company.now)
    )
    nothing = pl.lit(None, pl.Date)
    told = truth_orders.orders(company).drop("approved_date")
    told = told.with_columns(first_promised_date=nothing, confirmed_date=nothing)
    return told.join(approved, on="order_number", how="left", maintain_order="left")


def hours(company) -> pl.DataFrame:
    """One row per entry of hours that a client has."""
    orders = company.known_orders.select("order", "number")
    rows = company.hours.filter(pl.col("firm") >= 0).join(orders, on="order", how="left", maintain_order="left")
    return rows.select(
        entry=pl.col("place").cast(pl.String),
        order_number="number",
        customer=customer(pl.col("firm")),
        worked_date=day(pl.col("day")),
        hours=(pl.col("quarters") / 4).cast(pl.Decimal(18, 4)),
        rate="rate",
        currency="currency",
        cost=(pl.col("cost") / 10_000).cast(pl.Decimal(18, 4)),
    )


def profitability(company) -> pl.DataFrame:
    """One row per customer and month: what was billed, and what the hours cost in the month they were worked in.

    Of a newcomer's hours nobody knows the cost: they are in none of the sums.
    """
    rows = company.hours.filter((pl.col("firm") >= 0) & pl.col("cost").is_not_null())
    costs = rows.select("firm", "cost", month=month(pl.col("day") * DAY))
    return truth_money.earned(company, costs, COST_DIGITS)

"""A sandbox firm as published, out of all its systems, against what really happened, to the cent.

A file of figures has a fixture `firm`, and imports those of these tests that its firm can be asked.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import company_facts, demo
from pipelines.configuration import read
from pipelines.erased import Erased
from pipelines.load import load
from pipelines.sandbox.business.firm import Firm
from pipelines.sandbox.companies import SIMULATED
from pipelines.sandbox.group import Group
from tests import staged
from tests.published import AS_OF, CENT, Published, compared
from tests.source_at_work import QUICK

EVENING = datetime(AS_OF.year, AS_OF.month, AS_OF.day, 22, 59, 59)
MILESTONES = (
    "ordered", "requested", "first_promised", "promised", "approved", "confirmed", "first_shipped", "last_shipped",
    "shipped_in_full", "first_invoiced", "last_invoiced", "first_paid", "paid", "cancelled",
)  # fmt: skip
LENGTHS = (
    "days_to_approval", "days_to_confirm", "days_to_ship", "days_to_invoice", "days_to_cash", "days_order_to_ship",
    "days_order_to_cash", "gross_days", "dwell_days", "net_days",
)  # fmt: skip


class Small:
    """Read over the vendors' interfaces and put together by dbt, without the laws that a refresh checks besides."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, company: Firm | Group) -> None:
        self.connection, self.company = connection, company

    @cached_property
    def truth(self) -> dict[str, pl.DataFrame]:
        return self.company.truth()

    def rows(self, sql: str) -> pl.DataFrame:
        return self.connection.sql(sql).pl()

    accounts = Published.accounts


@contextmanager
def small(folder: Path, name: str, scale: float, marts: str) -> Iterator[Small]:
    """The firm as far as these marts show it, read from where the demo serves it."""
    asked = {"COMPANY": name, "SANDBOX_SCALE": str(scale), "AS_OF": AS_OF.isoformat(), "DATA_DIR": str(folder)}
    attached, instances = [], []
    with demo.served(read(asked)) as configuration:
        for source in configuration.sources:
            landing, settings = folder / f"{source.stem}.duckdb", {**source.settings, **QUICK}
            place = folder / source.stem
            load(source.name, source.system, landing, place, settings=settings, now=EVENING, erased=Erased())
            attached.append({"path": str(landing), "alias": source.stem, "read_only": True})
            instances.append(f"{source.system}:{source.name}:{source.stem}")
    systems = dict.fromkeys(source.system for source in configuration.sources)
    told = {"SOURCES": " ".join(systems), "INSTANCES": " ".join(instances)}
    project = company_facts.project(staged.PROJECT, configuration.company_dir, folder, demo.facts(configuration))
    with staged.built(folder, attached, marts, AS_OF.isoformat(), project, **told) as connection:
        connection.execute("use work")
        yield Small(connection, SIMULATED[name](AS_OF, scale))


def test_every_account_of_every_system_is_published_and_no_two_firms_are_one_customer(firm):
    accounts = firm.accounts
    assert accounts["customer_key"].null_count() == 0 and set(accounts["source"]) == set(
        firm.truth["accounts"]["source"]
    )
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

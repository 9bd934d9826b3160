"""The simulated firm `parts`: its past stays, its books agree, and it has what real firms have."""

from datetime import date, timedelta

import polars as pl
import pytest
from stdnum.pl import nip

from pipelines.sandbox.company import Company
from pipelines.sources import business_central, salesforce

TODAY = date(2026, 5, 29)
SCALE = 0.25
CURSOR = {"salesforce": "SystemModstamp", "business_central": "lastModifiedDateTime"}
# Stock is computed when asked for, and a settlement does not always touch its invoice.
UNTOUCHED = {("items", "inventory"), ("salesInvoices", "status"), ("salesInvoices", "remainingAmount")}
MAY_GO = {"salesOrders", "salesOrderLines", "salesLines", "approvalEntries"}


@pytest.fixture(scope="module")
def company() -> Company:
    return Company(TODAY)


@pytest.fixture(scope="module")
def erp(company) -> dict[str, pl.DataFrame]:
    return company.records("business_central")


@pytest.fixture(scope="module")
def crm(company) -> dict[str, pl.DataFrame]:
    return company.records("salesforce")


@pytest.fixture(scope="module")
def truth(company) -> dict[str, pl.DataFrame]:
    return company.truth()


def cents(column: str) -> pl.Expr:
    return (pl.col(column).cast(pl.Float64) * 100).round().cast(pl.Int64)


def key_of(entity: str, frame: pl.DataFrame) -> str:
    return next(name for name in ("Id", "id", "entryNo", "dcleEntryNo", "entryNumber") if name in frame.columns)


def streams(source) -> list:
    return source.STREAMS + [stream.lines for stream in source.STREAMS if stream.lines]


@pytest.mark.parametrize("source", [salesforce, business_central])
def test_both_systems_show_every_field_that_staging_reads(company, source):
    records = company.records(source.__name__.rsplit(".", 1)[-1])
    for stream in streams(source):
        shown = records[stream.entity]
        assert {column.field for column in stream.columns} <= set(shown.columns), stream.entity
        assert len(shown) > 0, f"{stream.entity} is empty: nothing about it is tested"
        if stream.key and not stream.parent:
            assert shown[stream.key].n_unique() == len(shown), stream.entity


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2025, 4, 30), date(2026, 12, 31)])
@pytest.mark.parametrize("system", CURSOR)
def test_the_past_stays_when_the_day_moves_on(system, day):
    before, after = (Company(day + timedelta(days=later), SCALE).records(system) for later in (0, 1))
    cursor = CURSOR[system]
    for entity, old in before.items():
        if cursor not in old.columns or len(old) == 0:
            continue
        key = key_of(entity, old)
        both = old.join(after[entity], on=key, suffix="_next")
        assert len(both) == len(old) or entity in MAY_GO or entity == "salesInvoices", f"{entity} lost rows"
        others = [name for name in old.columns if name != key and (entity, name) not in UNTOUCHED]
        untouched = both.filter(pl.col(cursor) == pl.col(cursor + "_next"))
        for name in others:
            same = untouched[name].eq_missing(untouched[name + "_next"])
            assert same.all(), f"{entity}.{name} changed without a new {cursor}"
        fresh = after[entity].join(old, on=key, how="anti")
        assert (fresh[cursor] > day.isoformat()).all(), f"{entity} has new rows with an old {cursor}"


@pytest.mark.parametrize("entity", ["generalLedgerEntries", "salesValueEntries", "detailedCustomerLedgerEntries"])
def test_ledgers_are_only_ever_added_to(entity):
    before, after = (Company(date(2026, 12, 30 + later), SCALE).records("business_central")[entity] for later in (0, 1))
    assert after.head(len(before)).equals(before)


def test_one_seed_one_firm_and_another_seed_another():
    def invoices(seed: int) -> pl.DataFrame:
        return Company(date(2024, 6, 28), 0.1, seed).records("business_central")["salesInvoices"]

    assert invoices(7).equals(invoices(7))
    assert not invoices(7).equals(invoices(8))


def test_every_document_is_booked_in_double_entry(erp):
    by_document = (
        erp["generalLedgerEntries"]
        .group_by("documentNumber")
        .agg(cents("debitAmount").sum(), cents("creditAmount").sum())
    )
    assert (by_document["debitAmount"] == by_document["creditAmount"]).all()


def test_the_books_say_what_happened(erp, truth):
    booked = erp["generalLedgerEntries"].join(erp["accounts"], left_on="accountNumber", right_on="number")
    booked = booked.with_columns(
        month=pl.col("postingDate").str.slice(0, 7), moved=cents("debitAmount") - cents("creditAmount")
    )

    def movements(sign: int, *kinds: str) -> list[int]:
        rows = (
            booked.filter(pl.col("subCategory").is_in(kinds)).group_by("month").agg(moved=sign * pl.col("moved").sum())
        )
        return rows.sort("month")["moved"].to_list()

    ledger = truth["ledger"].select(
        cents("revenue"), cents("cost"), cents("cash"), cents("receivables").diff().fill_null(cents("receivables"))
    )
    assert movements(-1, "Income, Product Sales", "Income, Services") == ledger["revenue"].to_list()
    assert movements(1, "Cost of Goods Sold") == ledger["cost"].to_list()
    assert movements(1, "Cash") == ledger["cash"].to_list()
    assert movements(1, "Accounts Receivable") == ledger["receivables"].to_list()


def test_profit_is_the_standing_documents_less_their_cost(erp, truth):
    standing = truth["invoices"].filter(~pl.col("is_cancelled"))
    assert truth["totals"]["revenue"].sum() == standing["net_zloty"].sum()
    months = truth["profitability"]
    assert (months["cm1"].sum() - months["revenue_with_cost"].sum() + months["cost"].sum()) == 0
    assert months["revenue_with_cost"].sum() < months["revenue"].sum(), "some cost should be missing"


def test_freight_is_booked_on_an_account_of_its_own(erp):
    charged = -cents("costAmountNonInvtbl")
    entries = erp["salesValueEntries"].filter(charged > 0)
    booked = erp["generalLedgerEntries"].filter(pl.col("accountNumber") == "52100")
    assert entries.select(charged.sum()).item() == booked.select(cents("debitAmount").sum()).item() > 0
    assert entries.select(cents("costAmountActual").abs().sum()).item() == 0
    shipments = erp["itemLedgerEntries"].filter(pl.col("documentType") == "Sales_x0020_Shipment")
    assert entries.join(shipments, left_on="itemLedgerEntryNo", right_on="entryNo", how="anti").is_empty()


def test_contribution_is_the_same_money_by_both_clocks(truth):
    period, cohort = (
        truth[name].select(pl.exclude("customer", "month").sum()).row(0, named=True)
        for name in ("contribution", "contribution_by_cohort")
    )
    for step, amount in period.items():
        # What nobody can know of a month by one clock may be known by the other.
        assert amount != 0 and (step in ("cm2", "cm3") or abs(amount - cohort[step]) < 1), step
    for name in ("contribution", "contribution_by_cohort"):
        steps = pl.sum_horizontal("freight", "rebate", "commission", "cash_discount", "credit_cost")
        known = truth[name].filter(pl.col("cm2").is_not_null())
        assert 0.9 * truth[name].height < known.height
        assert known.select((pl.col("cm1") - steps - pl.col("cm2")).abs().max()).item() < 0.01
        assert known.select((pl.col("cm2") - pl.col("cost_to_serve") - pl.col("cm3")).abs().max()).item() < 0.01
    assert period["cost"] == truth["profitability"]["cost"].sum()
    assert abs(period["gross"] - period["discounts"] + period["credited"] - period["revenue"]) < 1
    pools = truth["cost_pools"]
    assert abs(pools["allocated"].sum() - float(period["cost_to_serve"])) < 1


def test_documents_are_the_sum_of_their_lines(erp):
    for entity in ("salesInvoice", "salesCreditMemo", "salesOrder"):
        lines = erp[f"{entity}Lines"].group_by("documentId").agg(lines=cents("netAmount").sum())
        headers = erp[f"{entity}s"].join(lines, left_on="id", right_on="documentId", how="left")
        assert headers.filter(cents("totalAmountExcludingTax") != pl.col("lines")).is_empty()


def test_what_is_open_is_what_the_customer_ledger_leaves(erp, truth):
    entries = erp["customerLedgerEntries"].join(
        erp["detailedCustomerLedgerEntries"], left_on="dcleEntryNo", right_on="entryNumber"
    )
    first = pl.col("dcleEntryType") == "Initial_x0020_Entry"
    left = entries.group_by("cleEntryNo").agg(
        cents("amount").sum(),
        cents("dcleAmountLCY").sum(),
        pl.col("cleOpen").first(),
        number=pl.col("dcleDocumentNo").filter(first).first(),
    )
    assert left.filter((pl.col("amount") != 0) != pl.col("cleOpen")).is_empty()
    assert left.filter((pl.col("amount") == 0) & (pl.col("dcleAmountLCY") != 0)).is_empty(), (
        "closed, but worth something"
    )
    invoices = erp["salesInvoices"].filter(pl.col("status") != "Draft").join(left, on="number")
    assert (invoices.select(cents("remainingAmount")).to_series() == invoices["amount"]).all()
    known = truth["receivables"].join(left, left_on="invoice_number", right_on="number")
    assert len(known) == len(truth["receivables"])
    assert (known.select(cents("open_amount")).to_series() == known["amount"]).all()


def test_every_settlement_has_two_sides(erp):
    pairs = (
        erp["customerLedgerEntries"]
        .filter(pl.col("dcleEntryType") == "Application")
        .join(erp["detailedCustomerLedgerEntries"], left_on="dcleEntryNo", right_on="entryNumber")
    )
    assert pairs.select(cents("amount").sum(), cents("dcleAmountLCY").sum()).row(0) == (0, 0)
    applied = pairs["dcleAppliedCustLedgerEntryNo"].to_list()
    assert set(applied) <= set(erp["customerLedgerEntries"]["cleEntryNo"].to_list())


def test_an_order_that_went_left_its_last_state_in_the_archive(company, erp, truth):
    archive = erp["salesOrderArchives"].sort("versionNumber").unique("number", keep="last")
    gone = truth["orders"].filter("is_gone")
    assert set(gone["order_number"]) <= set(archive["number"])
    assert not set(gone["order_number"]) & set(erp["salesOrders"]["number"])
    lines = erp["salesOrderArchiveLines"].join(
        archive.select("number", "versionNumber"),
        left_on=["documentNumber", "versionNumber"],
        right_on=["number", "versionNumber"],
    )
    short = lines.filter(pl.col("quantityShipped") < pl.col("quantity"))["documentNumber"].unique()
    cancelled = truth["orders"].filter("is_cancelled")["order_number"]
    assert set(cancelled) <= set(short)
    assert not (set(gone["order_number"]) - set(cancelled)) & set(short)
    assert lines.select("documentNumber").n_unique() == archive.height


def test_every_line_of_the_order_book_belongs_to_an_open_order(erp):
    assert set(erp["salesLines"]["documentNo"]) == set(erp["salesOrders"]["number"])
    real = erp["salesLines"].filter(pl.col("promisedDeliveryDate") != "0001-01-01")
    assert (real["promisedDeliveryDate"] == real["shipmentDate"]).all()


def test_stock_is_never_below_nothing(erp):
    goods = erp["items"].filter(pl.col("type") == "Inventory")
    moved = erp["itemLedgerEntries"].join(goods, left_on="itemNo", right_on="number")
    stock = moved.group_by("itemNo", "locationCode").agg(pl.col("quantity").sum(), pl.col("remainingQuantity").sum())
    assert (stock["quantity"] == stock["remainingQuantity"]).all()
    assert (stock["quantity"] >= 0).all()


def test_numbers_follow_time_and_no_two_documents_share_one(erp):
    posted = erp["salesInvoices"].filter(pl.col("status") != "Draft").sort("number")
    assert posted["postingDate"].is_sorted()
    numbers = [
        number
        for entity in ("salesOrders", "salesInvoices", "salesCreditMemos", "salesShipments")
        for number in erp[entity]["number"]
    ]
    assert len(numbers) == len(set(numbers))


def test_tax_numbers_are_right_but_for_those_mistyped(crm, erp):
    typed = erp["customers"].filter((pl.col("country") == "PL") & (pl.col("taxRegistrationNumber") != ""))[
        "taxRegistrationNumber"
    ]
    share = sum(nip.is_valid(number) for number in typed) / len(typed)
    assert 0.9 < share < 1


def test_nothing_happens_after_the_evening_of_the_day(crm, erp):
    end = f"{TODAY}T18:00"
    for system, records in (("salesforce", crm), ("business_central", erp)):
        for entity, frame in records.items():
            if CURSOR[system] in frame.columns:
                assert (frame[CURSOR[system]] < end).all(), entity


def test_accounts_of_one_firm_stand_under_several_names(crm, erp, truth):
    accounts = truth["accounts"]
    per_firm = accounts.group_by("customer", "source").len()
    assert set(per_firm.filter(pl.col("len") > 1)["source"]) == {"salesforce", "business_central"}
    assert accounts.filter(pl.col("findable") & (pl.col("others") == 0)).is_empty()
    with_others = accounts.filter(pl.col("others") > 0)
    assert 0.75 < with_others["findable"].mean() < 1
    live = crm["Account"].filter(~pl.col("IsDeleted"))
    assert len(accounts) == len(live) + len(erp["customers"])


PLANTED_IN_ERP = {
    "partial shipments": lambda erp, truth: truth["orders"].filter(
        pl.col("last_shipped_date") > pl.col("first_shipped_date")
    ),
    "late deliveries": lambda erp, truth: truth["order_promises"].filter(~pl.col("in_full_by_first_promised")),
    "backorders": lambda erp, truth: (
        erp["salesLines"]
        .filter(pl.col("outstandingQuantity") < pl.col("quantityBase"))
        .filter(pl.col("outstandingQuantity") > 0)
    ),
    "new promises": lambda erp, truth: truth["orders"].filter(pl.col("promised_date") > pl.col("first_promised_date")),
    "cancelled orders": lambda erp, truth: truth["orders"].filter(pl.col("is_cancelled") & (pl.col("invoices") == 0)),
    "orders cut short": lambda erp, truth: truth["orders"].filter(pl.col("is_cancelled") & (pl.col("invoices") > 0)),
    "swapped dates": lambda erp, truth: truth["orders"].filter(pl.col("requested_date") < pl.col("ordered_date")),
    "orders without a date asked for": lambda erp, truth: truth["orders"].filter(pl.col("requested_date").is_null()),
    "approvals": lambda erp, truth: truth["orders"].filter(pl.col("approved_date") > pl.col("ordered_date")),
    "refused approvals": lambda erp, truth: erp["postedApprovalEntries"].filter(pl.col("status") == "Rejected"),
    "prepayments": lambda erp, truth: truth["orders"].filter(pl.col("first_paid_date") < pl.col("first_invoiced_date")),
    "undone invoices": lambda erp, truth: erp["salesInvoices"].filter(pl.col("status") == "Canceled"),
    "drafts or overdue invoices": lambda erp, truth: erp["salesInvoices"].filter(
        (pl.col("status") == "Open") & (pl.col("dueDate") < "2026-05-01")
    ),
    "credit notes that name their invoice": lambda erp, truth: truth["invoices"].filter(
        pl.col("corrects").is_not_null() & ~pl.col("is_cancelled")
    ),
    "credit notes that do not": lambda erp, truth: truth["invoices"].filter(
        (pl.col("kind") == "credit_note") & pl.col("corrects").is_null()
    ),
    "corrections": lambda erp, truth: erp["salesCreditMemos"].filter(pl.col("status") == "Corrective"),
    "invoices without an order": lambda erp, truth: truth["invoices"].filter(
        (pl.col("kind") == "invoice") & pl.col("order_number").is_null()
    ),
    "euro": lambda erp, truth: truth["invoices"].filter(pl.col("currency") == "EUR"),
    "exchange gains": lambda erp, truth: erp["customerLedgerEntries"].filter(
        pl.col("dcleEntryType") == "Realized_x0020_Gain"
    ),
    "exchange losses": lambda erp, truth: erp["customerLedgerEntries"].filter(
        pl.col("dcleEntryType") == "Realized_x0020_Loss"
    ),
    "discounts": lambda erp, truth: erp["customerLedgerEntries"].filter(
        pl.col("dcleEntryType") == "Payment_x0020_Discount"
    ),
    "write-offs": lambda erp, truth: erp["customerLedgerEntries"].filter(
        pl.col("dcleEntryType") == "Payment_x0020_Tolerance"
    ),
    "refunds": lambda erp, truth: erp["customerLedgerEntries"].filter(pl.col("dcleDocumentType") == "Refund"),
    "late cost": lambda erp, truth: erp["salesValueEntries"].filter(
        (pl.col("invoicedQuantity") == 0) & (pl.col("costAmountActual") != 0)
    ),
    "missing cost": lambda erp, truth: erp["salesValueEntries"].filter(
        (pl.col("invoicedQuantity") != 0) & (pl.col("costAmountActual") == 0)
    ),
    "freight that carriers charge a shipment": lambda erp, truth: erp["salesValueEntries"].filter(
        (pl.col("costAmountNonInvtbl") < 0) & (pl.col("documentType") == "Purchase_x0020_Invoice")
    ),
    "orders asked for far ahead": lambda erp, truth: truth["orders"].filter(
        (pl.col("requested_date") - pl.col("ordered_date")).dt.total_days() > 30
    ),
    "blocked customers": lambda erp, truth: erp["customers"].filter(pl.col("blocked") == "All"),
    "firms with no tax id": lambda erp, truth: erp["customers"].filter(pl.col("taxRegistrationNumber") == ""),
}
PLANTED_IN_CRM = {
    "merged accounts": lambda crm, truth: crm["Account"].filter(
        pl.col("MasterRecordId").is_not_null() & pl.col("IsDeleted")
    ),
    "junk accounts": lambda crm, truth: crm["Account"].filter(
        pl.col("Name").str.to_lowercase().is_in(["test", "xxx", "asdf", "test test"])
    ),
    "placeholder tax ids": lambda crm, truth: crm["Account"].filter(
        pl.col("TaxId__c").is_in(["0000000000", "1111111111"])
    ),
    "ERP numbers kept": lambda crm, truth: crm["Account"].filter(pl.col("AccountNumber").is_not_null()),
    "deleted deals": lambda crm, truth: crm["Opportunity"].filter("IsDeleted"),
    "junk deals": lambda crm, truth: truth["deals"].filter("is_junk"),
    "won deals without orders": lambda crm, truth: truth["deals"].filter(
        (pl.col("status") == "won") & (pl.col("order_numbers").list.len() == 0)
    ),
    "deals with several orders": lambda crm, truth: truth["deals"].filter(pl.col("order_numbers").list.len() > 1),
    "links only people know": lambda crm, truth: truth["links"].filter(~pl.col("is_linked")),
    "links in the deal": lambda crm, truth: truth["links"].filter("in_deal"),
    "links in the order": lambda crm, truth: truth["links"].filter("in_order"),
    "links in the quote": lambda crm, truth: truth["links"].filter("in_quote"),
    "refused quotes": lambda crm, truth: crm["Quote"].filter(pl.col("Status") == "Denied"),
    "converted leads": lambda crm, truth: crm["Lead"].filter("IsConverted"),
    "claims that name their order": lambda crm, truth: crm["Case"].filter(
        pl.col("OrderNumber__c").is_not_null() & (pl.col("Type") != "Question")
    ),
    "claims that name their invoice": lambda crm, truth: crm["Case"].filter(
        pl.col("InvoiceNumber__c").is_not_null() & (pl.col("Type") != "Question")
    ),
    "claims that name nothing": lambda crm, truth: crm["Case"].filter(
        pl.col("OrderNumber__c").is_null() & pl.col("InvoiceNumber__c").is_null()
    ),
    "open questions": lambda crm, truth: crm["Case"].filter(
        pl.col("ClosedDate").is_null() & (pl.col("Type") == "Question")
    ),
    "visits": lambda crm, truth: crm["Event"].filter(pl.col("Type") == "Visit"),
    "refused leads": lambda crm, truth: truth["leads"].filter(pl.col("status") == "disqualified"),
}


@pytest.mark.parametrize("what", PLANTED_IN_ERP)
def test_the_erp_has_what_real_firms_have(erp, truth, what):
    assert len(PLANTED_IN_ERP[what](erp, truth)) > 0, f"no {what}"


@pytest.mark.parametrize("what", PLANTED_IN_CRM)
def test_the_crm_has_what_real_firms_have(crm, truth, what):
    assert len(PLANTED_IN_CRM[what](crm, truth)) > 0, f"no {what}"


def test_one_payment_settles_several_invoices_and_one_invoice_takes_several_payments(erp):
    entries = erp["customerLedgerEntries"]
    invoices = entries.filter(
        (pl.col("dcleEntryType") == "Initial_x0020_Entry") & (pl.col("dcleDocumentType") == "Invoice")
    )
    settled = entries.filter((pl.col("dcleEntryType") == "Application") & (pl.col("dcleDocumentType") == "Payment"))
    settled = settled.filter(pl.col("cleEntryNo") != pl.col("dcleAppliedCustLedgerEntryNo")).join(
        invoices.select("cleEntryNo"), on="cleEntryNo"
    )
    assert settled.group_by("dcleAppliedCustLedgerEntryNo").len()["len"].max() > 1
    assert settled.group_by("cleEntryNo").len()["len"].max() > 1


def test_deals_skip_stages_come_back_and_are_won_after_being_lost(crm):
    order = {row["MasterLabel"]: row["SortOrder"] for row in crm["OpportunityStage"].iter_rows(named=True)}
    steps = (
        crm["OpportunityHistory"]
        .sort("OpportunityId", "CreatedDate")
        .with_columns(place=pl.col("StageName").replace_strict(order))
    )
    moved = steps.with_columns(step=pl.col("place").diff().over("OpportunityId")).drop_nulls("step")
    assert (moved["step"] > 1).any(), "nobody skips a stage"
    assert (moved["step"] < 0).any(), "nobody goes back"
    assert (moved["step"] == 0).any(), "nobody changes only the amount"
    stage = crm["Opportunity"].join(steps.group_by("OpportunityId").last(), left_on="Id", right_on="OpportunityId")
    assert (stage["StageName"] == stage["StageName_right"]).all(), "the deal's stage is the last of its history"


def test_prices_rise_over_the_years(company, erp):
    early = Company(date(2023, 12, 29), SCALE).records("business_central")["items"]
    both = early.join(erp["items"], on="number")
    assert both["unitPrice_right"].sum() > both["unitPrice"].sum()

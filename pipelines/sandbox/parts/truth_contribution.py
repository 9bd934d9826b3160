"""Contribution of every customer, step by step of the ladder, by the two clocks there are.

Everything is summed by firm and two months: the one in which something was posted, and the one of the invoice that it
goes back to. Money is in zloty. Where something was sold and nothing of it has a known cost, CM2 and CM3 are not known.
"""

import numpy as np
import polars as pl

from pipelines.sandbox.business.settlements import INVOICE, NOTE
from pipelines.sandbox.business.truth_money import customer, day, lines_of_documents, undone
from pipelines.sandbox.clock import DAY, NEVER, number
from pipelines.sandbox.parts import facts, truth_serving, words

SUMS = ["gross", "discounts", "credited", "revenue", "known", "uncosted", "cost"]
STEPS = ["freight", "rebate", "commission", "cash_discount", "credit_cost"]
SERVING = "cost_to_serve"


def by_period(company) -> pl.DataFrame:
    """One row per customer and month in which its rows were posted."""
    return _summed(company, "month")


def by_cohort(company) -> pl.DataFrame:
    """One row per customer and month of the invoices that its rows go back to."""
    return _summed(company, "cohort_month")


def _summed(company, clock: str) -> pl.DataFrame:
    measures = [*SUMS, *STEPS, SERVING]
    found = (
        _rows(company)
        .group_by("firm", month=day(pl.col(clock)).dt.truncate("1mo"))
        .agg(pl.col(name).fill_null(0).sum() for name in measures)
    )
    cm1 = pl.col("known") - pl.col("cost")
    cm2 = cm1 - pl.sum_horizontal(STEPS)
    is_known = (pl.col("uncosted") == 0) | (pl.col("known").round(4) != 0)
    exact = {"cm1": cm1, "cm2": pl.when(is_known).then(cm2), "cm3": pl.when(is_known).then(cm2 - pl.col(SERVING))}
    shown = ["gross", "discounts", "credited", "revenue", "cost", "cm1", *STEPS, "cm2", SERVING, "cm3"]
    return (
        found.with_columns(**exact)
        .select("month", pl.col(shown).round(4).cast(pl.Decimal(18, 4)), customer=customer(pl.col("firm")))
        .select("customer", "month", *shown)
        .sort("customer", "month")
    )


def _rows(company) -> pl.DataFrame:
    documents = standing(company)
    dated = documents.select("kind", "key", "cohort")
    parts = [
        _sold(documents),
        _costs(company, dated),
        _freight(company),
        _discounts_taken(company, dated),
        _commission(company, documents),
        _rebates(company, documents),
        _credit(company, documents),
        _served(company),
    ]
    return pl.concat(parts, how="diagonal_relaxed")


def standing(company) -> pl.DataFrame:
    """One row per invoice and credit note that counts: signed zloty, its day, and the day of its cohort."""
    lines = lines_of_documents(company)
    sold = company.known_invoices.select(
        "firm", "order", "customer", "rate", "gross", "net_zloty", "t_posted", kind=pl.lit(INVOICE), key="invoice",
        sign=pl.lit(1), t_cohort="t_posted",
    )  # fmt: skip
    issued = company.known_invoices.select(note="invoice", t_issued="t_posted")
    back = company.known_notes.join(issued, on="note", how="left", maintain_order="left").select(
        "firm", "order", "customer", "rate", "gross", "net_zloty", "t_posted", kind=pl.lit(NOTE), key="note",
        sign=pl.lit(-1), t_cohort=pl.when("is_linked").then("t_issued").otherwise("t_posted"),
    )  # fmt: skip
    rows = pl.concat([sold, back]).join(
        undone(company), left_on="key", right_on="invoice", how="anti", maintain_order="left"
    )
    parts = lines.with_columns(kind=pl.when("is_note").then(NOTE).otherwise(INVOICE)).group_by("kind", key="invoice")
    parts = parts.agg(
        whole=pl.col("net").sum(),
        known_net=pl.col("net").filter("is_known").sum(),
        discount=pl.col("discount").sum(),
        uncosted=pl.col("is_known").not_().sum().cast(pl.Int64),
    )
    rows = rows.join(parts, on=["kind", "key"], how="left", maintain_order="left")
    revenue = pl.col("sign") * pl.col("net_zloty") / 100
    is_invoice = pl.col("kind") == INVOICE
    discount = pl.when(is_invoice).then(pl.col("discount") * pl.col("rate") / 1_000_000).otherwise(0)
    return rows.with_columns(
        revenue=revenue,
        known=(revenue * pl.col("known_net") / pl.col("whole")).round(4),
        discounts=discount,
        gross_sales=pl.when(is_invoice).then(revenue + discount).otherwise(0),
        credited=pl.when(is_invoice).then(0).otherwise(revenue),
        day=pl.col("t_posted") // DAY,
        cohort=pl.col("t_cohort") // DAY,
    )


def _sold(documents: pl.DataFrame) -> pl.DataFrame:
    return documents.select(
        "firm", "discounts", "credited", "revenue", "known", "uncosted", gross="gross_sales", month="day",
        cohort_month="cohort",
    )  # fmt: skip


def posted_costs(company) -> pl.DataFrame:
    """What standing documents cost: kind, key, day of posting, zloty."""
    costs = company.known_values.join(undone(company), on="invoice", how="anti", maintain_order="left")
    kind = pl.when("is_note").then(NOTE).otherwise(INVOICE)
    return costs.select("firm", kind=kind, key="invoice", day=pl.col("t_posted") // DAY, cost=pl.col("cost") / 100)


def _costs(company, dated: pl.DataFrame) -> pl.DataFrame:
    rows = posted_costs(company).join(dated, on=["kind", "key"], how="left", maintain_order="left")
    return rows.select("firm", "cost", month="day", cohort_month="cohort")


def _first_invoices(company) -> pl.DataFrame:
    rows = company.known_invoices.filter((pl.col("order") >= 0) & (pl.col("t_undone") > company.now))
    return rows.group_by("order").agg(first=pl.col("t_posted").min() // DAY)


def _of_orders(company, rows: pl.DataFrame, own: pl.Expr) -> pl.DataFrame:
    """What belongs to an order goes back to its first invoice."""
    rows = rows.join(_first_invoices(company), on="order", how="left", maintain_order="left")
    return rows.with_columns(month=own, cohort_month=pl.coalesce("first", own))


def _freight(company) -> pl.DataFrame:
    rows = _of_orders(company, company.known_freight, pl.col("t_posted") // DAY)
    return rows.select("firm", "month", "cohort_month", freight=pl.col("freight") / 100)


def _discounts_taken(company, dated: pl.DataFrame) -> pl.DataFrame:
    """Discounts for early payment, at the rate of the day they were taken on."""
    rows = company.known_settlements.filter(pl.col("what") == "Payment Discount")
    rows = rows.with_columns(day=pl.col("t") // DAY, key="invoice", kind=pl.lit(INVOICE))
    rows = rows.join(dated, on=["kind", "key"], how="inner", maintain_order="left")
    rate = truth_serving.in_zloty(company, rows["currency"], rows["day"])
    taken = (rows["amount"].to_numpy() * rate / 1_000_000).round(4)
    firm = pl.col("customer") // 2
    return rows.select(firm=firm, month="day", cohort_month="cohort", cash_discount=pl.Series(taken))


def _served(company) -> pl.DataFrame:
    own = pl.col("month").cast(pl.Int32).cast(pl.Int64)
    rows = _of_orders(company, truth_serving.shares(company), own)
    return rows.select("firm", "month", "cohort_month", cost_to_serve="cost")


def _days(column: str) -> pl.Expr:
    return pl.col(column).str.to_date().cast(pl.Int32).cast(pl.Int64)


def _commission(company, documents: pl.DataFrame) -> pl.DataFrame:
    """By the newest agreement of the seller himself, else the newest of everybody."""
    rates = company.facts()["commission_rates"].with_columns(
        from_day=_days("valid_from"), rate=pl.col("rate").cast(pl.Float64)
    )
    codes = pl.DataFrame({"seller": np.arange(len(words.SELLERS)), "person_key": facts.seller_keys()})
    rates = rates.join(codes, on="person_key", how="left").select(
        "from_day", "rate", "basis", seller=pl.col("seller").fill_null(-1)
    )
    spent = posted_costs(company).group_by("kind", "key").agg(pl.col("cost").sum())
    rows = documents.join(spent, on=["kind", "key"], how="left", maintain_order="left").with_columns(
        seller=company.firms["seller"].gather(documents["firm"]), margin=pl.col("known") - pl.col("cost").fill_null(0)
    )
    rows = rows.sort("day").with_row_index("place")
    rates = rates.sort("from_day")
    own = rows.join_asof(rates, left_on="day", right_on="from_day", by="seller", suffix="_own", check_sortedness=False)
    general = rates.filter(pl.col("seller") < 0).select("from_day", any_rate="rate", any_basis="basis")
    both = own.join_asof(general, left_on="day", right_on="from_day")
    basis = pl.coalesce("basis", "any_basis")
    worth = pl.when(basis == "cm1").then("margin").otherwise("revenue")
    paid = (worth * pl.coalesce("rate_own", "any_rate").fill_null(0)).round(4)
    return both.select("firm", month="day", cohort_month="cohort", commission=paid)


def _rebates(company, documents: pl.DataFrame) -> pl.DataFrame:
    """An agreement with the account itself goes before one with its segment; owed on all, once enough is bought."""
    deals = company.facts()["rebate_agreements"].with_row_index("agreement").with_columns(
        first=_days("valid_from"), last=_days("valid_to"), percent=pl.col("rate").cast(pl.Float64),
        threshold=pl.col("threshold_amount").cast(pl.Float64).fill_null(-np.inf),
    )  # fmt: skip
    deals = deals.select("agreement", "account_key", "segment", "first", "last", "percent", "threshold")
    numbers = company.customers.select("customer", account_key=pl.lit(facts.company_key() + ":") + pl.col("number"))
    rows = documents.join(numbers, on="customer", how="left", maintain_order="left")
    rows = rows.join(_segments(company), on="firm", how="left", maintain_order="left").with_row_index("place")
    rows = rows.select("place", "firm", "customer", "account_key", "segment", "day", "cohort", "revenue")
    covers = (pl.col("day") >= pl.col("first")) & (pl.col("day") <= pl.col("last"))
    own = rows.join(deals.drop("segment"), on="account_key", how="inner").filter(covers)
    common = deals.filter(pl.col("account_key").is_null()).drop("account_key")
    shared = rows.join(common, on="segment", how="inner").filter(covers).join(own, on="place", how="anti")
    both = pl.concat([own, shared.select(own.columns)])
    is_owed = pl.col("revenue").sum().over("agreement", "customer") >= pl.col("threshold")
    return both.filter(is_owed).select(
        "firm", month="day", cohort_month="cohort", rebate=(pl.col("revenue") * pl.col("percent")).round(4)
    )


def _segments(company) -> pl.DataFrame:
    """What sales call a firm; nobody calls those anything that only the ERP knows."""
    known = company.crm_accounts.select("firm").unique()
    spelled = pl.col("segment").replace_strict(dict(enumerate(words.SEGMENTS)), return_dtype=pl.String)
    return company.firms.select("firm", segment=spelled).join(known, on="firm", how="semi")


def balances(company) -> pl.DataFrame:
    """What moved each standing document's balance, with tax, in cents of its currency: kind, key, day, moved."""
    documents = standing(company).select("kind", "key", issued="day", opened=pl.col("sign") * pl.col("gross"))
    taken = company.known_settlements
    settled = taken.select(kind=pl.lit(INVOICE), key="invoice", day=pl.col("t") // DAY, moved=-pl.col("amount"))
    used = taken.filter((pl.col("kind") == NOTE) & (pl.col("what") == "Application"))
    used = used.select("kind", "key", day=pl.col("t") // DAY, moved="amount")
    back = company.refunds.filter(pl.col("t_refund") <= company.now)
    back = back.select(kind=pl.lit(NOTE), key="note", day=pl.col("t_refund") // DAY, moved="gross")
    later = pl.concat([settled, used, back], how="vertical_relaxed").join(
        documents.select("kind", "key", "issued"), on=["kind", "key"], how="inner", maintain_order="left"
    )
    own = documents.select("kind", "key", day="issued", moved="opened")
    return pl.concat(
        [own, later.select("kind", "key", day=pl.max_horizontal("day", "issued"), moved="moved")],
        how="vertical_relaxed",
    )


def _spans(company) -> pl.DataFrame:
    """Every month, cut where the rate of interest changes: first day, the day after the last, rate."""
    rates = company.facts()["interest_rates"].with_columns(begins=_days("valid_from"))
    starts, today = rates["begins"].to_numpy(), company.now // DAY
    cuts = {first for first, _ in company.months} | {int(start) for start in starts} | {today}
    begins = np.array(sorted(cut for cut in cuts if number(company.as_of) >= cut >= company.months[0][0]))
    annual = rates["annual_rate"].cast(pl.Float64).to_numpy()[np.searchsorted(starts, begins, side="right") - 1]
    frame = pl.DataFrame({"span": np.arange(len(begins)), "from_day": begins, "annual": annual})
    return frame.with_columns(until=pl.col("from_day").shift(-1).fill_null(NEVER))


def _credit(company, documents: pl.DataFrame) -> pl.DataFrame:
    """The balance of every document, day by day until yesterday, at the rate of the day."""
    today = company.now // DAY
    moved = balances(company).filter(pl.col("day") < today).group_by("kind", "key", "day").agg(pl.col("moved").sum())
    pieces = moved.sort("kind", "key", "day").with_columns(
        left=pl.col("moved").cum_sum().over("kind", "key"),
        until=pl.col("day").shift(-1).over("kind", "key").fill_null(today),
    )
    pieces = pieces.filter(pl.col("left") != 0)
    spans = _spans(company)
    edges = spans["from_day"].to_numpy()
    first = np.searchsorted(edges, pieces["day"].to_numpy(), side="right") - 1
    last = np.searchsorted(edges, pieces["until"].to_numpy(), side="left")
    pieces = pieces.with_columns(span=pl.int_ranges(pl.Series(first), pl.Series(last))).explode("span")
    pieces = pieces.join(spans, on="span", how="left", maintain_order="left", suffix="_of_span")
    days = pl.min_horizontal("until", "until_of_span") - pl.max_horizontal("day", "from_day")
    lent = pieces.group_by("kind", "key", "span", "annual", "from_day").agg(owed=(pl.col("left") * days).sum())
    known = documents.select("kind", "key", "firm", "rate", "cohort")
    lent = lent.join(known, on=["kind", "key"], how="left", maintain_order="left")
    cost = (pl.col("owed") * pl.col("rate") / 1_000_000 * pl.col("annual") / 365).round(4)
    return lent.select("firm", month="from_day", cohort_month="cohort", credit_cost=cost)

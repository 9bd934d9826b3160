"""Business Central's general ledger: every document in double entry, consistent to the cent."""

import polars as pl

from pipelines.sandbox import identifiers
from pipelines.sandbox.business import goods
from pipelines.sandbox.business.settlements import PAYMENT
from pipelines.sandbox.clock import DAY, day_text
from pipelines.sandbox.parts.business_central_customer_ledger import DOCUMENT
from pipelines.sandbox.parts.business_central_master import vendor_enum
from pipelines.sandbox.parts.business_central_stock import BOUGHT


def general_ledger(company) -> pl.DataFrame:
    """One row per account and posting; every posting's debits equal its credits."""
    parts = [_documents(company), _costs(company), _settlements(company), _purchases(company), _freight(company)]
    rows = pl.concat(parts, how="vertical_relaxed").filter(pl.col("amount") != 0)
    rows = rows.sort("t", "rank", "number", "leg", maintain_order=True).with_row_index("entry", offset=1)
    return rows.select(
        id=identifiers.guids("general ledger", rows["entry"].to_numpy()),
        entryNumber=pl.col("entry").cast(pl.Int64),
        accountNumber="account",
        documentNumber="number",
        documentType="type",
        debitAmount=pl.col("amount").clip(0, None) / 100,
        creditAmount=(-pl.col("amount")).clip(0, None) / 100,
        postingDate=day_text(pl.col("t") // DAY),
    )


def _legs(rows: pl.DataFrame, rank: int, **legs: tuple[pl.Expr, pl.Expr]) -> pl.DataFrame:
    """Rows with t, number and type, turned into one row per account: debit positive, credit negative."""
    return pl.concat(
        [
            rows.select("t", "number", "type", account=account, amount=amount, rank=pl.lit(rank), leg=pl.lit(place))
            for place, (account, amount) in enumerate(legs.values())
        ],
        how="vertical_relaxed",
    )


RECEIVABLES = pl.when(pl.col("currency") == "PLN").then(pl.lit("15110")).otherwise(pl.lit("15120"))
BANK = pl.when(pl.col("currency") == "PLN").then(pl.lit("11600")).otherwise(pl.lit("11700"))


def _documents(company) -> pl.DataFrame:
    services = company.invoiced.filter("is_service").group_by("invoice").agg(services=pl.col("net").sum())
    invoices = company.known_invoices.join(services, on="invoice", how="left", maintain_order="left")
    back = company.credited.group_by("note").agg(
        services=pl.col("net").filter(pl.col("is_service") & (pl.col("item") >= 0)).sum(),
        allowed=pl.col("net").filter(pl.col("item") < 0).sum(),
    )
    notes = company.known_notes.join(back, on="note", how="left", maintain_order="left")

    def told(rows: pl.DataFrame, sign: int, kind: str) -> pl.DataFrame:
        def share(part: str) -> pl.Expr:
            whole = pl.col("net_zloty") * pl.col(part).fill_null(0)
            return (whole * 2 + pl.col("net")) // (2 * pl.col("net"))

        rows = rows.with_columns(
            t="t_posted", type=pl.lit(kind), on_services=share("services"), on_allowances=share("allowed")
        )
        goods_part = pl.col("net_zloty") - pl.col("on_services") - pl.col("on_allowances")
        return _legs(
            rows,
            0,
            owed=(RECEIVABLES, sign * pl.col("gross_zloty")),
            goods=(pl.lit("40100"), -sign * goods_part),
            services=(pl.lit("40200"), -sign * pl.col("on_services")),
            allowances=(pl.lit("40300"), -sign * pl.col("on_allowances")),
            tax=(pl.lit("25200"), -sign * (pl.col("gross_zloty") - pl.col("net_zloty"))),
        )

    return pl.concat(
        [told(invoices.with_columns(allowed=pl.lit(0)), 1, "Invoice"), told(notes, -1, "Credit_x0020_Memo")],
        how="vertical_relaxed",
    )


def _costs(company) -> pl.DataFrame:
    kind = pl.when("is_note").then(pl.lit("Credit_x0020_Memo")).otherwise(pl.lit("Invoice"))
    rows = company.known_values.select("cost", t="t_posted", number="document", type=kind)
    return _legs(rows, 1, cost=(pl.lit("50100"), pl.col("cost")), stock=(pl.lit("14100"), -pl.col("cost")))


def _settlements(company) -> pl.DataFrame:
    """Cash in and out, and what was lost or won on the way."""
    names = company.known_entries.select("kind", "key", "number", "currency")
    cash = company.known_entries.filter(pl.col("kind") >= PAYMENT).with_columns(
        type=pl.col("kind").replace_strict(DOCUMENT, return_dtype=pl.String)
    )
    moved = _legs(cash, 2, bank=(BANK, -pl.col("zloty")), owed=(RECEIVABLES, pl.col("zloty")))
    others = company.details.filter(~pl.col("what").is_in(["Initial Entry", "Application"]))
    others = others.join(
        names, left_on=["doc_kind", "doc_key"], right_on=["kind", "key"], how="left", maintain_order="left"
    )
    accounts = {
        "Payment Discount": "61100",
        "Payment Tolerance": "61200",
        "Realized Gain": "70100",
        "Realized Loss": "70200",
    }
    others = others.with_columns(type=pl.col("doc_kind").replace_strict(DOCUMENT, return_dtype=pl.String))
    lost = _legs(
        others,
        3,
        owed=(RECEIVABLES, pl.col("zloty")),
        why=(pl.col("what").replace_strict(accounts, return_dtype=pl.String), -pl.col("zloty")),
    )
    return pl.concat([moved, lost], how="vertical_relaxed").with_columns(type=vendor_enum(pl.col("type")))


def _purchases(company) -> pl.DataFrame:
    """Goods bought, one posting a day: the suppliers are not part of the story."""
    bought = company.stock.filter(pl.col("code") == BOUGHT)
    _, unit = goods.on_day(company.items, bought["item"].to_numpy(), (bought["t"] // DAY).to_numpy())
    rows = (
        bought.with_columns(worth=pl.Series(unit) * pl.col("quantity"))
        .group_by("t", maintain_order=True)
        .agg(pl.col("worth").sum())
    )
    rows = rows.with_columns(
        number=pl.lit("PR-") + day_text(pl.col("t") // DAY).str.replace_all("-", ""), type=pl.lit("_x0020_")
    )
    return _legs(rows, 4, stock=(pl.lit("14100"), pl.col("worth")), owed=(pl.lit("22100"), -pl.col("worth")))


def _freight(company) -> pl.DataFrame:
    """A carrier's invoice is booked on an account of its own: it is neither goods nor their cost."""
    rows = company.known_freight.select("freight", t="t_posted", number="document", type=pl.lit("Invoice"))
    return _legs(rows, 5, paid=(pl.lit("52100"), pl.col("freight")), owed=(pl.lit("22100"), -pl.col("freight")))

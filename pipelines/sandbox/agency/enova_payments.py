"""enova365's payments: what each invoice and correction leaves to pay, what money came, what settled what."""

import polars as pl

from pipelines.sandbox.agency.enova_words import (
    TO_COME,
    TO_GIVE,
    day,
    day_of,
    money,
)
from pipelines.sandbox.business.settlements import INVOICE, NOTE, PAYMENT
from pipelines.sandbox.clock import DAY

DUE, MONEY = "Platnosci", "Zaplaty"


def payments(company, written: pl.DataFrame, corrections: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Of a cancelled invoice nothing is due; of a draft something will be."""
    standing = written.filter(pl.col("is_draft") | (pl.col("t_undone") > company.now))
    settled = _settled(company, standing, corrections)
    return {
        DUE: _due(company, standing, corrections),
        MONEY: _received(company, settled),
        "RozliczeniaSP": _settlements(settled),
    }


def _due(company, standing: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """One instalment a document, touched when it is settled; a correction that lowers an invoice is the firm's debt."""
    columns = ["id", "customer", "currency", "gross", "terms", "t"]
    every = [
        standing.select(*columns, "is_draft", kind=pl.lit(INVOICE), key="invoice"),
        corrections.select(*columns, kind=pl.lit(NOTE), key="note", is_draft=pl.lit(False)),
    ]
    left = company.open_amounts.select("kind", "key", "t_settled")
    rows = pl.concat(every, how="diagonal_relaxed").join(left, on=["kind", "key"], how="left", maintain_order="left")
    is_invoice = pl.col("kind") == INVOICE
    terms = pl.col("terms").replace_strict(company.term_days, return_dtype=pl.Int64)
    return rows.select(
        ID="id",
        Dokument="id",
        DokumentType=pl.lit("DokHandlowe"),
        Kierunek=pl.when(is_invoice).then(TO_COME).otherwise(TO_GIVE),
        KwotaValue=money(pl.col("gross")),
        KwotaSymbol="currency",
        Bufor="is_draft",
        Termin=day(pl.col("t") // DAY + pl.when(is_invoice).then(terms).otherwise(0)),
        Stamp=pl.max_horizontal("t", pl.col("t_settled").fill_null(0)),
    )


def _settled(company, standing: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """What settles an invoice: money, or a correction."""
    rows = company.known_settlements.filter(pl.col("what") == "Application")
    others = [
        company.known_entries.filter(pl.col("kind") == PAYMENT).select("kind", "key", other="entry"),
        corrections.select(kind=pl.lit(NOTE), key="note", other="id"),
    ]
    others = pl.concat(others, how="vertical_relaxed")
    due = standing.filter(~pl.col("is_draft")).select("invoice", "id")
    rows = rows.join(due, on="invoice", how="inner", maintain_order="left")
    rows = rows.join(others, on=["kind", "key"], how="inner", maintain_order="left")
    return rows.sort("t", "invoice", "kind", "key").with_row_index("place", offset=1)


def _settlements(settled: pl.DataFrame) -> pl.DataFrame:
    amount = money(pl.col("amount"))
    return settled.select(
        ID=pl.col("place").cast(pl.Int64),
        Dokument="id",
        DokumentType=pl.lit(DUE),
        Zaplata="other",
        ZaplataType=pl.when(pl.col("kind") == PAYMENT).then(pl.lit(MONEY)).otherwise(pl.lit(DUE)),
        PodmiotType=pl.lit("Kontrahenci"),
        KwotaDokumentuValue=amount,
        KwotaDokumentuSymbol="currency",
        KwotaZaplatyValue=amount,
        KwotaZaplatySymbol="currency",
        Data=day_of(pl.col("t")),
        Stamp="t",
    )


def _received(company, settled: pl.DataFrame) -> pl.DataFrame:
    """Money of customers, some of it in advance: it waits for the invoice."""
    used = settled.filter(pl.col("kind") == PAYMENT).group_by("key")
    used = used.agg(t_used=pl.col("t").max())
    cards = company.customers.select("customer", card="place")
    rows = company.known_entries.filter(pl.col("kind") == PAYMENT)
    rows = rows.join(used, on="key", how="left", maintain_order="left")
    rows = rows.join(cards, on="customer", how="left", maintain_order="left")
    return rows.select(
        ID="entry",
        PodmiotType=pl.lit("Kontrahenci"),
        Podmiot="card",
        Kierunek=pl.lit(TO_COME),
        Rozliczana=pl.lit(True),
        KwotaValue=money(-pl.col("amount")),
        KwotaSymbol="currency",
        DataDokumentu=day_of(pl.col("t")),
        Stamp=pl.max_horizontal("t", pl.col("t_used").fill_null(0)),
    )

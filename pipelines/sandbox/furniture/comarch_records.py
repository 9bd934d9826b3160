"""The firm as Comarch ERP XL keeps it: one frame per table of its database, with the columns that are read."""

import polars as pl

from pipelines.sandbox.business.settlements import NOTE, PAYMENT
from pipelines.sandbox.clock import DAY
from pipelines.sandbox.furniture import comarch_master as master
from pipelines.sandbox.furniture.comarch_documents import documents
from pipelines.sandbox.furniture.comarch_orders import orders
from pipelines.sandbox.furniture.comarch_words import CORRECTION, CUSTOMER, ENTRY, INVOICE, day, moment, money

MONEY_IN = 2


def records(company) -> dict[str, pl.DataFrame]:
    return {
        **master.cards(company),
        **orders(company),
        **documents(company),
        "Zapisy": _entries(company),
        "Rozliczenia": _settlements(company),
        "TraRozliczZal": _advances(),
        "TwrZasoby": master.stock(),
    }


def _settled(company) -> pl.DataFrame:
    """What settles an invoice that stands: an entry of the bank, or a correction."""
    rows = company.known_settlements.filter(pl.col("what") == "Application")
    standing = company.known_invoices.filter(pl.col("t_undone") > company.now).select("invoice", invoice_gid="gid")
    rows = rows.join(standing, on="invoice", how="inner", maintain_order="left")
    others = pl.concat(
        [
            company.known_entries.filter(pl.col("kind") == PAYMENT).select("kind", "key", other="entry"),
            company.known_notes.select(kind=pl.lit(NOTE), key="note", other="gid"),
        ],
        how="vertical_relaxed",
    )
    rows = rows.join(others, on=["kind", "key"], how="inner", maintain_order="left")
    return rows.sort("t", "invoice", "kind", "key").with_row_index("place", offset=1)


def _settlements(company) -> pl.DataFrame:
    return _settled(company).select(
        R2_Id=pl.col("place").cast(pl.Int64),
        R2_Dok1Typ=pl.when(pl.col("kind") == PAYMENT).then(ENTRY).otherwise(CORRECTION),
        R2_Dok1Numer="other",
        R2_Dok1Lp=pl.lit(1),
        R2_Dok2Typ=pl.lit(INVOICE),
        R2_Dok2Numer="invoice_gid",
        R2_Dok2Lp=pl.lit(1),
        R2_KwotaWal1=money(pl.col("amount")),
        R2_KwotaWal2=money(pl.col("amount")),
        R2_KwotaSys=money(pl.col("zloty")),
        R2_Waluta1="currency",
        R2_Waluta2="currency",
        R2_DataRozliczenia=day(pl.col("t") // DAY),
        R2_DataRozrachunku=day(pl.col("t") // DAY),
        R2_CzasModyfikacji=moment(pl.col("t")),
    )


def _entries(company) -> pl.DataFrame:
    """Money that came, and what of it no document has used yet."""
    rows = company.known_entries.filter(pl.col("kind") == PAYMENT)
    used = _settled(company).filter(pl.col("kind") == PAYMENT).group_by("key")
    used = used.agg(used=pl.col("amount").sum(), t_used=pl.col("t").max())
    rows = rows.join(used, on="key", how="left", maintain_order="left")
    gids = company.customers.select("customer", customer_gid="place")
    rows = rows.join(gids, on="customer", how="left", maintain_order="left")
    left = -pl.col("amount") - pl.col("used").fill_null(0)
    return rows.select(
        KAZ_GIDTyp=pl.lit(ENTRY),
        KAZ_GIDNumer="entry",
        KAZ_KntTyp=pl.lit(CUSTOMER),
        KAZ_KntNumer="customer_gid",
        KAZ_RP=pl.lit(MONEY_IN),
        KAZ_Rozliczony=(left == 0).cast(pl.Int64),
        KAZ_Anulowany=pl.lit(0),
        KAZ_NumerDokumentu="number",
        KAZ_Waluta="currency",
        KAZ_Kwota=money(-pl.col("amount")),
        KAZ_Pozostaje=money(left),
        KAZ_KwotaSys=money(-pl.col("zloty")),
        KAZ_KursM=pl.lit(1),
        KAZ_KursL=pl.lit(1),
        KAZ_DataZapisu=day(pl.col("t") // DAY),
        KAZ_DataDokumentu=day(pl.col("t") // DAY),
        KAZ_TStamp=moment(pl.col("t")),
        KAZ_TStampM=moment(pl.max_horizontal("t", pl.col("t_used").fill_null(0))),
    )


def _advances() -> pl.DataFrame:
    """Money in advance comes to the bank here, and no invoice is written for it before the goods."""
    columns = "TRZ_ZalTyp TRZ_ZalNumer TRZ_KonTyp TRZ_KonNumer TRZ_StawkaPod TRZ_KwotaRozliczona"
    return pl.DataFrame(schema=dict.fromkeys(columns.split(), pl.Int64))

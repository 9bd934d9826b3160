"""Comarch ERP XL's trading documents: issues of goods, invoices that collect them, corrections, what is due."""

import polars as pl
import polars.selectors as cs

from pipelines.sandbox.business.orders import FAR
from pipelines.sandbox.business.settlements import INVOICE as OF_INVOICE
from pipelines.sandbox.business.settlements import NOTE
from pipelines.sandbox.clock import DAY
from pipelines.sandbox.furniture.comarch_words import (
    APPROVED,
    CANCELLED,
    CORRECTION,
    CUSTOMER,
    DEBT,
    INVOICE,
    ISSUE,
    ITEM,
    ORDER,
    RECEIVABLE,
    SETTLED,
    day,
    hundredths,
    in_zloty,
    moment,
    money,
    rate,
)


def documents(company) -> dict[str, pl.DataFrame]:
    issued, billed, corrected = _issues(company), _invoices(company), _corrections(company)
    heads = pl.concat([_issue_heads(company), *_money_heads(company)], how="diagonal_relaxed")
    heads = heads.with_columns(cs.numeric().fill_null(0), cs.string().fill_null(""))
    return {
        "TraNag": heads.sort("TrN_GIDNumer"),
        "TraElem": pl.concat([_lines(frame) for frame in (issued, billed, corrected)]).sort(
            "TrE_GIDNumer", "TrE_GIDLp"
        ),
        "TraSElem": _lots(issued),
        "TraPlat": _due(company),
    }


def collected(company) -> pl.DataFrame:
    """Which invoice collects each delivery now, and when that last changed: a wrong one is done again."""
    bills = company.invoiced.filter(pl.col("delivery") >= 0).select("delivery", "invoice").unique()
    known = company.known_invoices.select("invoice", "t_posted", "t_undone", collector="gid")
    rows = bills.join(known, on="invoice", how="inner")
    stands = pl.col("t_undone") > company.now
    undone = pl.when(~stands).then("t_undone").otherwise(0)
    return rows.group_by("delivery").agg(
        collector=pl.col("collector").filter(stands).first(),
        t_collected=pl.max_horizontal("t_posted", undone).max(),
    )


def _customer(company, rows: pl.DataFrame) -> pl.DataFrame:
    gids = company.customers.select("customer", customer_gid="place")
    orders = company.known_orders.select("order", order_gid="gid")
    rows = rows.join(gids, on="customer", how="left", maintain_order="left")
    return rows.join(orders, on="order", how="left", maintain_order="left")


def _issue_heads(company) -> pl.DataFrame:
    orders = company.known_orders.select("order", "customer", "currency")
    rows = company.known_deliveries.join(orders, on="order", how="left", maintain_order="left")
    rows = _customer(company, rows).join(collected(company), on="delivery", how="left", maintain_order="left")
    has_collector = pl.col("collector").is_not_null()
    return rows.select(
        **_named(ISSUE, "t_left"),
        TrN_Waluta=pl.lit("PLN"),
        TrN_Stan=pl.lit(SETTLED),
        TrN_SpiTyp=pl.when(has_collector).then(INVOICE).otherwise(0),
        TrN_SpiNumer=pl.col("collector").fill_null(0),
        TrN_DataMag=day(pl.col("t_left") // DAY),
        TrN_Data3=day(pl.col("t_left") // DAY),
        TrN_LastMod=moment(pl.max_horizontal("t_left", pl.col("t_collected").fill_null(0))),
    )


def _named(kind: int, time: str) -> dict[str, pl.Expr]:
    return {
        "TrN_GIDTyp": pl.lit(kind),
        "TrN_GIDNumer": pl.col("gid"),
        "TrN_TrNTyp": pl.lit(0),
        "TrN_TrNRok": pl.col("year"),
        "TrN_TrNMiesiac": pl.col("month"),
        "TrN_TrNNumer": pl.col("in_month"),
        "TrN_KntTyp": pl.lit(CUSTOMER),
        "TrN_KntNumer": pl.col("customer_gid"),
        "TrN_KnPTyp": pl.lit(CUSTOMER),
        "TrN_KnPNumer": pl.col("customer_gid"),
        "TrN_ZaNTyp": pl.when(pl.col("order_gid").is_not_null()).then(ORDER).otherwise(0),
        "TrN_ZaNNumer": pl.col("order_gid").fill_null(0),
        "TrN_MagZNumer": pl.lit(1),
        "TrN_OpeNumerW": pl.lit(1),
        "TrN_GodzinaWystawienia": hundredths(pl.col(time)),
        "TrN_FlagaNB": pl.lit("N"),
        "TrN_Data2": day(pl.col(time) // DAY),
    }


def _money_heads(company) -> list[pl.DataFrame]:
    now, days = company.now, company.term_days
    due = pl.col("t_posted") // DAY + pl.col("terms").replace_strict(days, return_dtype=pl.Int64)
    is_wrong = pl.col("t_undone") <= now

    def amounts(sign: int) -> dict[str, pl.Expr]:
        common = {f"TrN_{name}": value for name, value in rate().items()}
        return common | {
            "TrN_Waluta": pl.col("currency"),
            "TrN_NettoR": money(sign * pl.col("net_zloty")),
            "TrN_VatR": money(sign * pl.col("tax")),
            "TrN_WartoscWal": money(sign * pl.col("gross")),
            "TrN_Data3": day(pl.col("t_posted") // DAY),
            "TrN_Termin": day(due),
        }

    invoices = _customer(company, company.known_invoices).select(
        **_named(INVOICE, "t_posted"),
        **amounts(1),
        TrN_Stan=pl.when(is_wrong).then(CANCELLED).otherwise(APPROVED),
        TrN_LastMod=moment(pl.when(is_wrong).then("t_undone").otherwise("t_posted")),
    )
    originals = company.known_invoices.select(note="invoice", original="gid")
    notes = _customer(company, company.known_notes).join(originals, on="note", how="left", maintain_order="left")
    reason = pl.when(pl.col("fate") == 1).then(pl.lit("Return")).otherwise(pl.lit("Allowance"))
    corrections = notes.select(
        **_named(CORRECTION, "t_posted"),
        **amounts(-1),
        TrN_Stan=pl.lit(APPROVED),
        TrN_ZwrTyp=pl.lit(INVOICE),
        TrN_ZwrNumer="original",
        TrN_PrzyczynaKorekty=reason,
        TrN_LastMod=moment(pl.col("t_posted")),
    )
    return [invoices, corrections]


def _on_lines(rows: pl.DataFrame, kind: int, *extra: str) -> pl.DataFrame:
    """Pieces of one order line on one document are one line of it."""
    sums = pl.col("pieces", "net", "cost").sum()
    keep = pl.col("item", "is_service", "price", "currency", "rate", "t", *extra).first()
    return rows.group_by("gid", "line").agg(sums, keep).with_columns(kind=pl.lit(kind)).sort("gid", "line")


def _issues(company) -> pl.DataFrame:
    heads = company.known_deliveries.select("delivery", "gid", t="t_left")
    orders = company.known_orders.select("order", "currency", order_gid="gid")
    rows = company.deliveries.join(heads, on="delivery", how="inner", maintain_order="left")
    rows = rows.join(orders, on="order", how="left", maintain_order="left")
    rows = rows.join(collected(company), on="delivery", how="left", maintain_order="left")
    rows = rows.with_columns(rate=pl.lit(10_000), t=pl.max_horizontal("t", pl.col("t_collected").fill_null(0)))
    return _on_lines(rows, ISSUE, "order_gid", "collector")


def _invoices(company) -> pl.DataFrame:
    heads = company.known_invoices.select("invoice", "gid", "currency", "rate", t="t_posted")
    return _on_lines(company.invoiced.join(heads, on="invoice", how="inner", maintain_order="left"), INVOICE)


def _corrections(company) -> pl.DataFrame:
    """The difference, with its sign; an allowance takes something off the price of what was sold, and off no pieces."""
    heads = company.known_notes.select("note", "gid", "currency", "rate", t="t_posted")
    sold = company.invoiced.select("invoice", "piece", sold_item="item")
    rows = company.credited.filter(pl.col("fate") < 3).drop("currency", "t_posted")
    rows = rows.join(heads, on="note", how="inner", maintain_order="left")
    rows = rows.join(sold, on=["invoice", "piece"], how="left", maintain_order="left")
    is_allowance = pl.col("item") < 0
    rows = rows.with_columns(
        item=pl.when(is_allowance).then("sold_item").otherwise("item"),
        pieces=pl.when(is_allowance).then(0).otherwise(-pl.col("pieces")),
        net=-pl.col("net"),
        cost=-pl.col("cost"),
    )
    return _on_lines(rows, CORRECTION)


def _lines(rows: pl.DataFrame) -> pl.DataFrame:
    local = pl.when(pl.col("currency") == "EUR").then(in_zloty(pl.col("net"), pl.col("rate"))).otherwise("net")
    return rows.select(
        TrE_GIDTyp="kind",
        TrE_GIDNumer="gid",
        TrE_GIDLp=pl.col("line") + 1,
        TrE_Pozycja=pl.col("line") + 1,
        TrE_TwrTyp=pl.lit(ITEM),
        TrE_TwrNumer=pl.col("item") + 1,
        TrE_JmZ=pl.lit("szt."),
        TrE_Waluta="currency",
        TrE_FlagaNB=pl.lit("N"),
        TrE_Ilosc="pieces",
        TrE_PrzeliczM=pl.lit(1),
        TrE_PrzeliczL=pl.lit(1),
        TrE_Cena=money(pl.col("price")),
        TrE_WartoscPoRabacie=money(pl.col("net")),
        TrE_KsiegowaNetto=money(local),
        TrE_KosztKsiegowy=money(pl.col("cost")),
        TrE_KosztRzeczywisty=money(pl.col("cost")),
        TrE_StawkaPod=pl.when(pl.col("currency") == "EUR").then(0).otherwise(23),
        TrE_TrnTStamp=moment(pl.col("t")),
    )


def _lots(issued: pl.DataFrame) -> pl.DataFrame:
    """What was made for an order is a lot of its own; services have none."""
    rows = issued.filter(~pl.col("is_service"))
    is_collected = pl.col("collector").is_not_null()
    return rows.select(
        TrS_GIDTyp="kind",
        TrS_GIDNumer="gid",
        TrS_GIDLp=pl.col("line") + 1,
        TrS_SubGIDLp=pl.lit(1),
        TrS_MagNumer=pl.lit(1),
        TrS_RezTyp=pl.lit(ORDER),
        TrS_RezNumer="order_gid",
        TrS_RezLp=pl.col("line") + 1,
        TrS_SpiTyp=pl.when(is_collected).then(INVOICE).otherwise(0),
        TrS_SpiNumer=pl.col("collector").fill_null(0),
        TrS_SpiLp=pl.when(is_collected).then(pl.col("line") + 1).otherwise(0),
        TrS_Ilosc="pieces",
        TrS_KosztKsiegowy=money(pl.col("cost")),
        TrS_KosztRzeczywisty=money(pl.col("cost")),
        TrS_TrnTStamp=moment(pl.col("t")),
    )


def _due(company) -> pl.DataFrame:
    """One instalment a document; a correction that lowers an invoice is a debt. Of a cancelled one nothing is due."""
    days = company.term_days
    columns = ["gid", "customer", "currency", "rate", "gross", "gross_zloty", "t_posted", "terms"]
    sold = company.known_invoices.filter(pl.col("t_undone") > company.now)
    sold = sold.select(*columns, kind=pl.lit(OF_INVOICE), key="invoice")
    back = company.known_notes.select(*columns, kind=pl.lit(NOTE), key="note")
    left = company.open_amounts.select("kind", "key", "left", "t_settled")
    gids = company.customers.select("customer", customer_gid="place")
    rows = pl.concat([sold, back], how="vertical_relaxed").join(left, on=["kind", "key"], how="left")
    rows = rows.join(gids, on="customer", how="left").sort("gid")
    is_invoice = pl.col("kind") == OF_INVOICE
    due = pl.col("t_posted") // DAY + pl.col("terms").replace_strict(days, return_dtype=pl.Int64)
    is_settled = pl.col("left") == 0
    settled = pl.col("t_settled").fill_null(FAR)
    return rows.select(
        TrP_GIDTyp=pl.when(is_invoice).then(INVOICE).otherwise(CORRECTION),
        TrP_GIDNumer="gid",
        TrP_GIDLp=pl.lit(1),
        TrP_Typ=pl.when(is_invoice).then(RECEIVABLE).otherwise(DEBT),
        TrP_Rozliczona=is_settled.cast(pl.Int64),
        TrP_FormaNr=pl.lit(20),
        TrP_FormaNazwa=pl.lit("Przelew"),
        TrP_KntTyp=pl.lit(CUSTOMER),
        TrP_KntNumer="customer_gid",
        TrP_Waluta="currency",
        TrP_Kwota=money(pl.col("gross")),
        TrP_Pozostaje=money(pl.col("left").abs()),
        TrP_KwotaSys=money(pl.col("gross_zloty")),
        **{f"TrP_{name}": value for name, value in rate().items()},
        TrP_Termin=day(pl.when(is_invoice).then(due).otherwise(pl.col("t_posted") // DAY)),
        TrP_DataRozliczenia=day(pl.when(is_settled).then(settled // DAY)),
        TrP_LastMod=moment(pl.col("t_posted")),
        TrP_CzasModyfikacji=moment(pl.max_horizontal("t_posted", pl.col("t_settled").fill_null(0))),
    )

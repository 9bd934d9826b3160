"""Comarch ERP XL's orders, their lines, what was changed on them, and which deal they came of."""

import polars as pl

from pipelines.sandbox.business.moments import latest, shown_lines
from pipelines.sandbox.business.orders import WAVES
from pipelines.sandbox.furniture.comarch_master import DEAL_ATTRIBUTE
from pipelines.sandbox.furniture.comarch_words import (
    CUSTOMER,
    EMPLOYEE,
    ITEM,
    ORDER,
    day,
    day_of,
    hundredths,
    moment,
    money,
)
from pipelines.sandbox.furniture.pipedrive_deals import deal_ids

SALES, EXTERNAL = 1280, 4
DRAFT, CONFIRMED, AT_WORK, ARCHIVED, CALLED_OFF = 2, 3, 5, 16, 32
EVENTS = ("t_created", "t_decided", "t_released", "t_confirmed", "t_again", "t_rest", "t_cancelled", "t_done")


def orders(company) -> dict[str, pl.DataFrame]:
    known = company.known_orders
    shown = shown_lines(company, known.select("order", moment=pl.lit(company.now, pl.Int64)))
    shown = shown.join(known.select("order", "gid", "currency", "t_created"), on="order", how="left")
    return {
        "ZamNag": _headers(company),
        "ZamElem": _lines(company, shown),
        "ZamHistoriaZmian": _changes(company),
        "Atrybuty": _deals(company),
    }


def _state(now: int) -> pl.Expr:
    """An order called off before anything left was only confirmed; what is done or called off is archived."""
    has_left = pl.min_horizontal([f"t_left_{wave}" for wave in range(WAVES)]) <= now
    work = (
        pl.when(pl.col("t_released") > now)
        .then(DRAFT)
        .when((pl.col("t_confirmed") > now) | ((pl.col("t_cancelled") <= now) & ~has_left))
        .then(CONFIRMED)
        .otherwise(AT_WORK)
    )
    off = pl.when(pl.col("t_cancelled") <= now).then(CALLED_OFF).otherwise(0)
    return work + off + pl.when(pl.col("t_gone") <= now).then(ARCHIVED).otherwise(0)


def _headers(company) -> pl.DataFrame:
    now = company.now
    sellers = company.firms.select("firm", "seller")
    return company.known_orders.join(sellers, on="firm", how="left", maintain_order="left").select(
        ZaN_GIDTyp=pl.lit(ORDER),
        ZaN_GIDNumer="gid",
        ZaN_ZamTyp=pl.lit(SALES),
        ZaN_ZamRok="year",
        ZaN_ZamMiesiac="month",
        ZaN_ZamNumer="in_month",
        ZaN_Rodzaj=pl.lit(EXTERNAL),
        ZaN_Stan=_state(now),
        ZaN_KntTyp=pl.lit(CUSTOMER),
        ZaN_KntNumer="customer_gid",
        ZaN_MagNumer=pl.col("warehouse") + 1,
        ZaN_AkwTyp=pl.lit(EMPLOYEE),
        ZaN_AkwNumer=pl.col("seller") + 1,
        ZaN_OpeNumerW=pl.lit(1),
        ZaN_GodzinaWystawienia=hundredths(pl.col("t_created")),
        ZaN_Waluta="currency",
        ZaN_FlagaNB=pl.lit("N"),
        ZaN_KursM=pl.lit(1),
        ZaN_KursL=pl.lit(1),
        ZaN_DataWystawienia=day(pl.col("day")),
        ZaN_DataRealizacji=day(pl.col("requested")),
        ZaN_DataPotwierdz=day_of(pl.col("t_confirmed"), now),
        ZaN_DataAkceptacji=day_of(pl.col("t_decided"), now),
        ZaN_LastMod=moment(latest(now, *EVENTS)),
    )


def _lines(company, shown: pl.DataFrame) -> pl.DataFrame:
    touched = moment(latest(company.now, "t_created", "t_released", "t_again", "t_rest"))
    items = company.items.select("item", item_number="number")
    return (
        shown.join(items, on="item", how="left", maintain_order="left")
        .select(
            ZaE_GIDTyp=pl.lit(ORDER),
            ZaE_GIDNumer="gid",
            ZaE_GIDLp=pl.col("line") + 1,
            ZaE_Pozycja=pl.col("line") + 1,
            ZaE_TwrTyp=pl.lit(ITEM),
            ZaE_TwrNumer=pl.col("item") + 1,
            ZaE_TwrKod="item_number",
            ZaE_JmZ=pl.lit("szt."),
            ZaE_MagNumer=pl.col("warehouse") + 1,
            ZaE_Ilosc="quantity",
            ZaE_PrzeliczM=pl.lit(1),
            ZaE_PrzeliczL=pl.lit(1),
            ZaE_CenaKatalogowa=money(pl.col("price")),
            ZaE_CenaUzgodniona=(money(pl.col("net")) / pl.col("quantity")).round(4),
            ZaE_WartoscPoRabacie=money(pl.col("net")),
            ZaE_StawkaPod=pl.when(pl.col("currency") == "EUR").then(0).otherwise(23),
            ZaE_Waluta="currency",
            ZaE_FlagaNB=pl.lit("N"),
            ZaE_DataPotwDst=day(pl.col("promise")),
            ZaE_TStamp=touched,
        )
        .sort("ZaE_GIDNumer", "ZaE_GIDLp")
    )


def _changes(company) -> pl.DataFrame:
    """A row for every line whose day was put off: of the whole order, or of what of it had not left yet."""
    columns = ["order", "t_again", "t_rest", "promised_first", "promised_again", "promised_rest", "gid"]
    rows = company.lines.join(company.known_orders.select(columns), on="order", how="inner", maintain_order="left")
    rests = (pl.col("q1") + pl.col("q2") > 0) & (pl.col("t_rest") <= company.now)
    seen = ("order", "line", "gid")
    again = rows.filter(pl.col("t_again") <= company.now).select(
        *seen, t="t_again", before="promised_first", after="promised_again"
    )
    rest = rows.filter(rests).select(*seen, t="t_rest", before="promised_again", after="promised_rest")
    every = pl.concat([again, rest]).sort("t", "order", "line").with_row_index("place", offset=1)
    return every.select(
        ZAH_Id=pl.col("place").cast(pl.Int64),
        ZAH_GIDTyp=pl.lit(ORDER),
        ZAH_GIDNumer="gid",
        ZAH_GIDLp=pl.col("line") + 1,
        ZAH_OpeNumer=pl.lit(1),
        ZAH_DataRealizacjiPrzed=day(pl.col("before")),
        ZAH_DataRealizacjiPo=day(pl.col("after")),
        ZAH_CzasModyfikacji=moment(pl.col("t")),
    )


def _deals(company) -> pl.DataFrame:
    rows = company.known_orders.filter("is_linked_in_erp")
    return rows.select(
        Atr_Id="gid",
        Atr_ObiTyp=pl.lit(ORDER),
        Atr_ObiNumer="gid",
        Atr_ObiLp=pl.lit(0),
        Atr_AtkId=pl.lit(DEAL_ATTRIBUTE),
        Atr_Wartosc=deal_ids(rows["deal"].to_numpy()),
        Atr_LastMod=moment(pl.col("t_created")),
    )

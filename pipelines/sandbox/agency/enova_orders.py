"""enova365's orders of customers, with the days that their lines were promised for and the deal they came of."""

import polars as pl

from pipelines.sandbox.agency.enova_documents import heads, lines, of_kind
from pipelines.sandbox.agency.enova_words import APPROVED, BUFFER, CANCELLED, DEAL, ORDER, day, day_of, shared
from pipelines.sandbox.business import goods as catalogue
from pipelines.sandbox.business.invoicing import booked
from pipelines.sandbox.business.moments import latest, shown_lines
from pipelines.sandbox.business.orders import WAVES

UNCONFIRMED, CONFIRMED = 0, 1
UNDER_WAY, DONE, OFF = 0, 50, 60
EVENTS = ("t_created", "t_released", "t_confirmed", "t_cancelled", "t_done")
PUT_OFF = ("t_created", "t_released", "t_again", "t_rest")


def known(company, ids: pl.DataFrame) -> pl.DataFrame:
    """Orders with their sums, at the rate of the day they were entered."""
    sums = company.lines.group_by("order").agg(pl.col("net").sum())
    rows = company.known_orders.drop("id").join(of_kind(ids, ORDER, "order"), on="order", maintain_order="left")
    rows = rows.join(sums, on="order", how="left", maintain_order="left")
    return booked(rows, company.firms, catalogue.rate_on(company.rates, rows["day"].to_numpy()))


def is_off_whole(now: int) -> pl.Expr:
    """Called off before any of it was done; later than that an order cannot be cancelled, only closed."""
    is_begun = pl.min_horizontal([f"t_left_{wave}" for wave in range(WAVES)]) <= now
    return (pl.col("t_cancelled") <= now) & ~is_begun


def order_heads(company, rows: pl.DataFrame) -> pl.DataFrame:
    now, key = company.now, rows["order"].to_numpy()
    is_off = pl.col("t_cancelled") <= now
    state = pl.when(is_off_whole(now)).then(CANCELLED).when(pl.col("t_released") > now).then(BUFFER)
    done = pl.when(is_off).then(OFF).when(pl.col("t_done") <= now).then(DONE).otherwise(UNDER_WAY)
    has_own = pl.Series(company.dice.happens(key, "number of the customer's own", 0.4))
    own = pl.format("PO {}", pl.Series(company.dice.whole(key, "the customer's own number", 1000, 99_999)))
    return heads(
        company,
        rows.with_columns(t="t_created"),
        ORDER,
        ObcyNumer=pl.when(has_own).then(own).otherwise(pl.lit("")),
        Stan=state.otherwise(APPROVED),
        Potwierdzenie=pl.when(pl.col("t_confirmed") <= now).then(CONFIRMED).otherwise(UNCONFIRMED),
        RealizacjaStan=done,
        DataOperacji=day_of(pl.col("t_created")),
        DostawaTermin=day(pl.col("requested")),
        Stamp=latest(now, *EVENTS),
    )


def order_lines(company, rows: pl.DataFrame) -> pl.DataFrame:
    """One promised day a line, the present one."""
    moments = rows.select("order", moment=pl.lit(company.now, pl.Int64))
    sums = rows.select("order", "net_zloty", "tax", "currency", "t_created", document="id")
    shown = shown_lines(company, moments).drop("id").join(sums, on="order", maintain_order="left")
    shown = shown.sort("document", "line").rename({"document": "id", "quantity": "pieces"})
    shown = shown.with_columns(line_zloty=shared("net_zloty", "net", "id"), line_tax=shared("tax", "net", "id"))
    promised, touched = day(pl.col("promise")), latest(company.now, *PUT_OFF)
    return lines(company, shown, DokumentDostawaPozycjaTermin=promised, Stamp=touched)


def deals(company, rows: pl.DataFrame) -> pl.DataFrame:
    """The firm's own field of an order: the number of the deal in the CRM."""
    noted = rows.filter("is_linked_in_erp")
    return noted.select(
        ParentType=pl.lit("DokHandlowe"),
        Parent="id",
        Name=pl.lit(DEAL),
        Lp=pl.lit(0),
        Data=company.deal_ids(noted["deal"].to_numpy()),
        Stamp="t_created",
    )

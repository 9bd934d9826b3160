"""What the orders become: deliveries, invoices, credit notes, and the cost of each."""

import numpy as np
import polars as pl

from pipelines.sandbox.clock import DAY, NEVER, at, day_of, working_day
from pipelines.sandbox.dice import Dice
from pipelines.sandbox.parts import goods as catalogue
from pipelines.sandbox.parts.firms import count
from pipelines.sandbox.parts.orders import EURO, FAR, WAVES
from pipelines.sandbox.parts.sales import day_in

DIRECT_A_MONTH = 6
# Kinds of invoice key: one of an order's deliveries, its first one again after an error, one without an order.
AGAIN, DIRECT = 7, 8
ALLOWANCE_LINE = 15
VAT = 23


def _pieces(lines: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """One row per order line and delivery, the discount shared so that the parts sum to the whole."""
    times = orders.select(
        "order", "together", "t_undone", *[f"t_{what}_{w}" for what in ("left", "invoiced") for w in range(WAVES)]
    )
    known = lines.join(times, on="order", how="left", maintain_order="left")
    parts, before = [], pl.lit(0)
    for wave in range(WAVES):
        after = before + pl.col(f"q{wave}")
        share = [(pl.col("discount") * 2 * q + pl.col("quantity")) // (2 * pl.col("quantity")) for q in (before, after)]
        parts.append(
            known.filter((pl.col(f"q{wave}") > 0) & (pl.col(f"t_left_{wave}") < FAR)).select(
                "order",
                "line",
                "line_key",
                "firm",
                "item",
                "is_service",
                "price",
                "warehouse",
                "together",
                "t_undone",
                wave=pl.lit(wave),
                pieces=pl.col(f"q{wave}"),
                discount=share[1] - share[0],
                t_left=pl.col(f"t_left_{wave}"),
                t_invoiced=pl.col(f"t_invoiced_{wave}"),
            )
        )
        before = after
    return pl.concat(parts)


def deliveries(lines: pl.DataFrame, orders: pl.DataFrame, items: pl.DataFrame, dice: Dice) -> pl.DataFrame:
    """One row per line of a delivery, with the cost of the day it left (hundredths of a zloty)."""
    rows = _pieces(lines, orders)
    delivery = rows["order"].to_numpy() * 4 + rows["wave"].to_numpy()
    _, unit = catalogue.on_day(items, rows["item"].to_numpy(), day_of(rows["t_left"].to_numpy()))
    unit = unit * (0.97 + 0.06 * dice.share(rows["line_key"].to_numpy(), "cost of the day"))
    # All deliveries on one invoice carry the key of the first.
    wave = np.where(rows["together"].to_numpy(), 0, rows["wave"].to_numpy())
    return rows.with_columns(
        delivery=pl.Series(delivery),
        piece=pl.col("line_key") * 4 + pl.col("wave"),
        cost=pl.Series(np.round(unit * rows["pieces"].to_numpy()).astype(np.int64)),
        net=pl.col("pieces") * pl.col("price") - pl.col("discount"),
        invoice=pl.col("order") * 16 + pl.Series(wave),
    )


def _direct(
    dice: Dice, scale: float, months: list, firms: pl.DataFrame, eligible: np.ndarray, items: pl.DataFrame
) -> pl.DataFrame:
    """Lines of invoices without an order: services and goods over the counter."""
    keys, firm_of = [], []
    for month in range(len(months)):
        key = (month << 24) + np.arange(count(scale, DIRECT_A_MONTH, month))
        known = np.flatnonzero(eligible <= month)
        keys.append(key)
        firm_of.append(known[np.floor(dice.share(key, "firm of the direct invoice") * len(known)).astype(np.int64)])
    key, firm = np.concatenate(keys), np.concatenate(firm_of)
    drafted = at(
        day_in(dice, key, "day of the direct invoice", key >> 24, months), 8 + 5 * dice.share(key, "draft hour")
    )
    posted = at(
        working_day(day_of(drafted), dice.whole(key, "days a draft", 0, 3)), 14 + 4 * dice.share(key, "posting hour")
    )
    dropped = dice.happens(key, "draft dropped", 0.04)
    undone = dice.happens(key, "direct invoice was wrong", 0.12) & ~dropped
    frame = pl.DataFrame(
        {
            "key": key,
            "firm": firm,
            "t_drafted": drafted,
            "t_dropped": np.where(dropped, posted, FAR),
            "t_left": np.where(dropped, FAR, posted),
            "t_undone": np.where(undone, at(working_day(day_of(posted), 2), 9 + dice.share(key, "undone hour")), FAR),
            "line": np.zeros(len(key), np.int64),
        }
    )
    second = frame.filter(pl.Series(dice.happens(key, "a second line", 0.4))).with_columns(line=pl.lit(1, pl.Int64))
    rows = pl.concat([frame, second])
    line_key = rows["key"].to_numpy() * 16 + rows["line"].to_numpy() + (1 << 58)
    services = int((~items["is_service"]).sum())
    is_service = (rows["line"] == 0).to_numpy() & dice.happens(rows["key"].to_numpy(), "is a service", 0.6)
    item = np.where(
        is_service, services + dice.whole(line_key, "service", 1, 3), dice.whole(line_key, "item", 0, services - 1)
    )
    price, unit = catalogue.on_day(items, item, day_of(np.minimum(rows["t_left"].to_numpy(), FAR)))
    is_euro = (firms["currency"] == "EUR").to_numpy()[rows["firm"].to_numpy()]
    price = np.maximum(np.where(is_euro, np.round(price / EURO), price), 1).astype(np.int64)
    pieces = np.where(is_service, 1, dice.whole(line_key, "quantity", 1, 6))
    return rows.select("firm", "line", "t_left", "t_drafted", "t_dropped", "t_undone").with_columns(
        order=pl.lit(-1, pl.Int64),
        line_key=pl.Series(line_key),
        item=pl.Series(item),
        is_service=pl.Series(is_service),
        price=pl.Series(price),
        warehouse=firms["warehouse"].gather(rows["firm"]),
        wave=pl.lit(0, pl.Int32),
        pieces=pl.Series(pieces),
        discount=pl.lit(0, pl.Int64),
        t_invoiced=pl.col("t_left"),
        delivery=pl.lit(-1, pl.Int64),
        piece=pl.Series(line_key * 4),
        cost=pl.Series(np.where(pieces > 0, unit * pieces, 0)),
        net=pl.Series(pieces * price),
        invoice=rows["key"] * 16 + (1 << 60) + DIRECT,
    )


def invoiced(
    dice: Dice,
    scale: float,
    months: list,
    firms: pl.DataFrame,
    eligible: np.ndarray,
    items: pl.DataFrame,
    left: pl.DataFrame,
) -> pl.DataFrame:
    """One row per piece that an invoice bills; a piece billed again after an error has two."""
    ordered = left.select(
        "invoice",
        "order",
        "line",
        "line_key",
        "piece",
        "firm",
        "item",
        "is_service",
        "price",
        "warehouse",
        "pieces",
        "discount",
        "net",
        "cost",
        "delivery",
        "t_invoiced",
        "t_left",
        t_drafted=pl.lit(FAR),
        t_dropped=pl.lit(FAR),
        t_undone=pl.when(pl.col("wave") == 0).then(pl.col("t_undone")).otherwise(FAR),
    )
    again = ordered.filter(pl.col("t_undone") < FAR).with_columns(
        invoice=pl.col("invoice") + AGAIN, t_invoiced=pl.col("t_undone") + 1800, t_undone=pl.lit(FAR)
    )
    direct = _direct(dice, scale, months, firms, eligible, items).select(ordered.columns)
    return pl.concat([ordered, again, direct.cast(dict(ordered.schema))])


def headers(dice: Dice, pieces: pl.DataFrame, firms: pl.DataFrame, rates: pl.DataFrame) -> pl.DataFrame:
    """One row per invoice, booked in zloty at the rate of its posting day."""
    frame = pieces.group_by("invoice", maintain_order=True).agg(
        pl.col("order").first(),
        pl.col("firm").first(),
        pl.col("t_invoiced").max().alias("t_posted"),
        pl.col("t_undone").min(),
        pl.col("t_drafted").first(),
        pl.col("t_dropped").first(),
        pl.col("net").sum(),
    )
    return booked(frame, firms, catalogue.rate_on(rates, day_of(frame["t_posted"].to_numpy())))


def booked(documents: pl.DataFrame, firms: pl.DataFrame, rate: np.ndarray) -> pl.DataFrame:
    """Tax, gross and the zloty amounts of documents with `firm` and `net`."""
    currency = firms["currency"].gather(documents["firm"])
    is_euro = (currency == "EUR").to_numpy()
    net = documents["net"].to_numpy()
    tax = np.where(is_euro, 0, (net * VAT * 2 + 100) // 200)
    in_zloty = np.where(is_euro, (net * rate * 2 + 10_000) // 20_000, net)
    return documents.with_columns(
        currency=currency,
        rate=pl.Series(np.where(is_euro, rate, 10_000)),
        tax=pl.Series(tax),
        gross=pl.Series(net + tax),
        net_zloty=pl.Series(in_zloty),
        gross_zloty=pl.Series(in_zloty + tax),
    )


def credited(dice: Dice, invoices: pl.DataFrame, pieces: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """One row per piece a credit note gives back: returns, allowances, and invoices undone in full."""
    key = invoices["invoice"].to_numpy()
    posted = invoices["t_posted"].to_numpy()
    fate = dice.pick(key, "credited", 93, 5, 2)
    fate = np.where((invoices["t_undone"] < FAR).to_numpy(), 3, np.where(posted < FAR, fate, 0))
    later = working_day(np.minimum(day_of(posted), NEVER) + dice.whole(key, "days to the credit note", 12, 45))
    when = np.where(fate == 3, invoices["t_undone"].to_numpy(), at(later, 10 + 4 * dice.share(key, "credit hour")))
    notes = invoices.select("invoice", currency="currency").with_columns(
        fate=pl.Series(fate),
        t_posted=pl.Series(when),
        is_linked=pl.Series((fate > 1) | dice.happens(key, "names its invoice", 0.7)),
    )
    rows = pieces.join(notes.filter(pl.col("fate") > 0), on="invoice", how="inner", maintain_order="left")
    undone = rows.filter(pl.col("fate") == 3)
    first = rows.filter((pl.col("fate") < 3) & (pl.col("line") == pl.col("line").min().over("invoice"))).unique(
        "invoice", keep="first", maintain_order=True
    )
    many = dice.whole(first["invoice"].to_numpy(), "pieces returned", 1, first["pieces"].to_numpy())
    returned = (
        first.with_columns(back=pl.Series(many))
        .filter(pl.col("fate") == 1)
        .with_columns(
            discount=(pl.col("discount") * 2 * pl.col("back") + pl.col("pieces")) // (2 * pl.col("pieces")),
            cost=(pl.col("cost") * 2 * pl.col("back") + pl.col("pieces")) // (2 * pl.col("pieces")),
        )
    )
    # A third of what comes back is scrap and gives no cost back. A note on goods of unknown cost names its invoice.
    has_cost = pl.Series((items["cost_kind"] == 0).to_numpy()[returned["item"].to_numpy()])
    scrapped = pl.Series(dice.happens(returned["invoice"].to_numpy(), "scrapped", 0.33)) & has_cost
    returned = returned.with_columns(
        pieces=pl.col("back"),
        net=pl.col("back") * pl.col("price") - pl.col("discount"),
        is_linked=pl.col("is_linked") | ~has_cost,
        cost=pl.when(scrapped).then(0).otherwise("cost"),
    )
    allowed = first.filter(pl.col("fate") == 2).with_columns(
        price=(pl.col("net") // 10).clip(1),
        net=(pl.col("net") // 10).clip(1),
        pieces=pl.lit(1, pl.Int64),
        cost=pl.lit(0, pl.Int64),
        discount=pl.lit(0, pl.Int64),
        item=pl.lit(-1, pl.Int64),
        line=pl.lit(ALLOWANCE_LINE, pl.Int64),
        is_service=pl.lit(True),
    )
    every = pl.concat([undone, returned.select(undone.columns), allowed.select(undone.columns)])
    return every.with_columns(note=pl.col("invoice"))


def note_headers(rows: pl.DataFrame, invoices: pl.DataFrame, firms: pl.DataFrame, rates: pl.DataFrame) -> pl.DataFrame:
    """One row per credit note. One that names its invoice keeps that invoice's rate."""
    frame = rows.group_by("note", maintain_order=True).agg(
        pl.col("order", "firm", "t_posted", "fate", "is_linked").first(), pl.col("net").sum()
    )
    original = frame.join(invoices.select(note="invoice", old="rate"), on="note", how="left", maintain_order="left")[
        "old"
    ]
    own = catalogue.rate_on(rates, day_of(frame["t_posted"].to_numpy()))
    return booked(frame, firms, np.where(frame["is_linked"].to_numpy(), original.to_numpy(), own))


def value_entries(dice: Dice, pieces: pl.DataFrame, notes: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """One row per posting of cost: with the invoice, later as an adjustment, back with a return."""
    comes_late = items["cost_kind"].to_numpy() == 2
    sold = pieces.filter(pl.col("t_invoiced") < FAR)
    sold = sold.with_columns(late=pl.Series(comes_late[sold["item"].to_numpy()]))
    columns = ["invoice", "piece", "firm", "item", "warehouse"]
    sale = sold.select(
        *columns,
        "pieces",
        "net",
        is_note=pl.lit(False),
        is_adjustment=pl.lit(False),
        cost=pl.when("late").then(0).otherwise("cost"),
        t_posted=pl.col("t_invoiced"),
    )
    back = notes.filter(pl.col("item") >= 0)
    never_known = pl.Series(comes_late[back["item"].to_numpy()]) & (pl.col("fate") == 3)
    back = back.select(
        *columns,
        pieces=-pl.col("pieces"),
        net=-pl.col("net"),
        is_note=pl.lit(True),
        is_adjustment=pl.lit(False),
        cost=pl.when(never_known).then(0).otherwise(-pl.col("cost")),
        t_posted="t_posted",
    )
    every = pl.concat([sale, _adjustments(dice, sold, columns), back])
    return every.sort("t_posted", "is_note", "invoice", "piece", "is_adjustment")


def _adjustments(dice: Dice, sold: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """The purchase invoice came a month later, and with it the true cost."""
    piece, cost = sold["piece"].to_numpy(), sold["cost"].to_numpy()
    drift = np.round(cost * (dice.share(piece, "by how much") - 0.3) * 0.2).astype(np.int64)
    drift = np.where(dice.happens(piece, "cost adjusted", 0.03), drift, 0)
    day = day_of(sold["t_invoiced"].to_numpy()) + dice.whole(piece, "days to adjust", 26, 44)
    rows = sold.with_columns(
        delta=pl.when("late").then("cost").otherwise(pl.Series(drift)), when=pl.Series(day * DAY + 19 * 3600)
    )
    return rows.filter((pl.col("delta") != 0) & (pl.col("t_undone") >= FAR)).select(
        *columns,
        pieces=pl.lit(0, pl.Int64),
        net=pl.lit(0, pl.Int64),
        is_note=pl.lit(False),
        is_adjustment=pl.lit(True),
        cost="delta",
        t_posted="when",
    )

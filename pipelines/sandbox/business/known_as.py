"""The firms as the salespeople know them: some twice, some merged, few as they are written in the books."""

import numpy as np
import polars as pl

from pipelines.sandbox.business import names
from pipelines.sandbox.business.orders import FAR
from pipelines.sandbox.clock import DAY, START, number


def accounts(company) -> pl.DataFrame:
    """One row per account ever opened: `account` is twice the firm, plus one for a second account of the same firm."""
    dice, firms = company.dice, company.firms.filter("in_crm")
    founded = company.deals.filter("is_founding").select("firm", t_created="t0")
    rows = firms.join(founded, on="firm", how="left", maintain_order="left")
    age = dice.whole(rows["firm"].to_numpy(), "days known before the start", 30, 2400)
    before = (number(START) - pl.Series(age)) * DAY + 10 * 3600 + pl.col("firm") % 20_000
    rows = rows.with_columns(t_created=pl.col("t_created").fill_null(before), account=pl.col("firm") * 2)
    first = rows.with_columns(t_merged=pl.lit(FAR), second=pl.lit(False))
    key = rows["account"].to_numpy() + 1
    opened = rows["t_created"].to_numpy() // DAY + dice.whole(key, "days to the second account", 30, 1500)
    opened = np.maximum(opened, number(START) - 300) * DAY + 11 * 3600
    merged = np.where(
        dice.happens(key, "merged", 0.4), opened + DAY * dice.whole(key, "days to the merge", 40, 300), FAR
    )
    second = rows.with_columns(
        account=pl.Series(key), t_created=pl.Series(opened), t_merged=pl.Series(merged), second=pl.lit(True)
    ).filter(pl.Series(dice.happens(key, "second account", 0.1)))
    every = pl.concat([first, second])
    return every.with_columns(**_spelling(company, every)).filter(pl.col("t_created") <= company.now)


def _spelling(company, rows: pl.DataFrame) -> dict[str, pl.Expr | pl.Series]:
    """What was typed for name, tax id and ERP number."""
    dice, key = company.dice, rows["account"].to_numpy()
    second = rows["second"].to_numpy()
    manner = np.where(
        second, dice.pick(key, "name of a second", 20, 20, 40, 20), dice.pick(key, "name in the CRM", 52, 14, 20, 14)
    )
    full = pl.col("core_name") + " " + pl.col("country").replace_strict(names.FORMS)
    plain = (
        pl.col("core_name")
        .str.replace_many(["ł", "Ł"], ["l", "L"])
        .str.normalize("NFKD")
        .str.replace_all(r"[^A-Za-z0-9 -]", "")
    )
    swapped = (
        pl.col("core_name").str.slice(0, 2)
        + pl.col("core_name").str.slice(3, 1)
        + pl.col("core_name").str.slice(2, 1)
        + pl.col("core_name").str.slice(4)
    )
    way = pl.Series(manner)
    name = (
        pl.when(way == 0)
        .then(full)
        .when(way == 1)
        .then(full.str.to_uppercase())
        .when(way == 2)
        .then(plain)
        .otherwise(swapped)
    )
    tax = np.where(
        second,
        dice.pick(key, "tax id of a second", 30, 60, 10, 0.001),
        dice.pick(key, "tax id in the CRM", 68, 20, 8, 4),
    )
    dashed = pl.col("tax_id").str.replace(r"^(\d{3})(\d{3})(\d{2})(\d{2})$", "$1-$2-$3-$4")
    prefixed = pl.when(pl.col("country") == "PL").then(pl.lit("PL ") + pl.col("tax_id")).otherwise("tax_id")
    form = pl.Series(dice.pick(key, "form of the tax id", 60, 25, 15))
    right = pl.when(form == 0).then("tax_id").when(form == 1).then(dashed).otherwise(prefixed)
    placeholder = pl.when(pl.col("firm") % 2 == 0).then(pl.lit("0000000000")).otherwise(pl.lit("1111111111"))
    kind = pl.Series(tax)
    typed = (
        pl.when(kind == 0)
        .then(right)
        .when(kind == 1)
        .then(pl.lit(None))
        .when(kind == 2)
        .then(mistyped(pl.col("tax_id")))
        .otherwise(placeholder)
    )
    opened = company.customers.filter(pl.col("second") == 0).select("firm", t_opened="t_opened", erp="number")
    numbers = rows.select("firm").join(opened, on="firm", how="left", maintain_order="left")
    keeps = dice.happens(key, "ERP number kept", np.where(second, 0.15, 0.55))
    entered = np.maximum(numbers["t_opened"].fill_null(FAR).to_numpy() + DAY, rows["t_created"].to_numpy() + 60)
    # Entered on the telephone, in a hurry: nothing but a name.
    bare = dice.happens(key, "only a name", 0.03)
    t_entered = pl.Series(np.where(keeps & ~bare, entered, FAR))
    moved = pl.Series(dice.happens(key, "moved house", 0.12))
    return {
        "name": name,
        "typed_tax": pl.when(pl.Series(bare)).then(pl.lit(None)).otherwise(typed),
        "t_entered": t_entered,
        "moved": moved,
        "only_name": pl.Series(bare),
        "no_phone": pl.Series(dice.happens(key, "no phone", 0.2) | bare),
        "no_site": pl.Series(dice.happens(key, "no website", 0.3) | bare),
        "country_word": pl.Series(dice.whole(key, "country word", 0, 3)),
        "erp_number": pl.when(t_entered <= company.now).then(numbers["erp"]).otherwise(None),
    }


def mistyped(tax_id: pl.Expr) -> pl.Expr:
    """The last digit one too high: no checksum forgives that."""
    last = (tax_id.str.slice(-1).cast(pl.Int64) + 1) % 10
    return tax_id.str.head(-1) + last.cast(pl.String)

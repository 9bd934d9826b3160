"""Which records of all systems are the same firm, and which of them the first rules can find."""

import polars as pl


def accounts(*told: pl.DataFrame) -> pl.DataFrame:
    """One row per live account. `findable`: a rule sure of itself ties it to another account of its firm."""
    rows = pl.concat(told, how="diagonal")
    tied = [
        _shared(rows, ["erp_reference"]),
        _shared(rows, ["valid_tax_id"]),
        *[_shared(rows, ["plain_name", field]) for field in ("postcode", "digits", "website", "place")],
    ]
    found = pl.concat(tied).unique()
    others = pl.len().over("customer") - 1
    return (
        rows.join(
            found.with_columns(findable=pl.lit(True)), on=["source", "vendor_id"], how="left", maintain_order="left"
        )
        .select("source", "vendor_id", "customer", findable=pl.col("findable").fill_null(False), others=others)
        .sort("source", "vendor_id")
    )


def _shared(rows: pl.DataFrame, fields: list[str]) -> pl.DataFrame:
    """Accounts that agree with another account of their firm in all these fields."""
    known = rows.filter(pl.all_horizontal([pl.col(field).is_not_null() & (pl.col(field) != "") for field in fields]))
    return known.filter(pl.len().over("customer", *fields) > 1).select("source", "vendor_id")


def _plain(name: str) -> pl.Expr:
    return pl.col(name).str.to_uppercase().str.replace_all(r"\s+", " ").str.strip_chars()


def fields(street: str, town: str, postcode: str, phone: str, website: str, name: str) -> dict[str, pl.Expr]:
    digits = pl.col(phone).str.replace_all(r"[^0-9]", "")
    return {
        "plain_name": _plain(name),
        "postcode": pl.col(postcode).str.replace_all(r"[^0-9A-Za-z]", ""),
        "digits": pl.when(digits.str.len_chars() >= 9).then(digits.str.slice(-9)),
        "website": pl.col(website).str.to_lowercase().str.replace(r"^(https?://)?(www\.)?", ""),
        "place": pl.col(town) + ", " + pl.col(street),
    }


def typed_tax(typed: str) -> pl.Expr:
    """The firm's own number if that is what was typed; everything else is evidence of nothing."""
    digits = pl.col(typed).str.to_uppercase().str.replace_all(r"[^0-9A-Z]", "").str.replace(r"^PL", "")
    return pl.when(digits == pl.col("tax_id")).then("tax_id")

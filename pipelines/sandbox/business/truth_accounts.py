"""Which records of all systems are the same firm, and which of them the first rules can find."""

import polars as pl

EVIDENCE = ("valid_tax_id", "plain_name", "postcode", "digits", "website", "place")


def accounts(*told: pl.DataFrame) -> pl.DataFrame:
    """One row per live account. `findable`: a rule sure of itself ties it to another account of its firm."""
    rows = pl.concat(told, how="diagonal")
    return put_together(_found(rows, _shared(rows, ["erp_reference"])))


def put_together(rows: pl.DataFrame) -> pl.DataFrame:
    """Accounts of one firm, or of several: what ties them goes past the ERP's numbers, which are one firm's own."""
    tied = [
        _shared(rows, ["valid_tax_id"]),
        *[_shared(rows, ["plain_name", field]) for field in ("postcode", "digits", "website", "place")],
    ]
    kept = [name for name in ("company", *EVIDENCE) if name in rows.columns]
    others = (pl.len().over("customer") - 1).alias("others")
    return (
        _found(rows, *tied)
        .select("source", "vendor_id", "customer", "findable", others, *kept)
        .sort("source", "vendor_id")
    )


def _found(rows: pl.DataFrame, *tied: pl.DataFrame) -> pl.DataFrame:
    """The rows, those of them marked that are among these or were marked before."""
    found = pl.concat(tied).unique().with_columns(is_tied=pl.lit(True))
    rows = rows.join(found, on=["source", "vendor_id"], how="left", maintain_order="left")
    before = pl.col("findable") if "findable" in rows.columns else pl.lit(False)
    return rows.with_columns(findable=before | pl.col("is_tied").fill_null(False)).drop("is_tied")


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

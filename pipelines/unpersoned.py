"""Rows without the persons who were erased: the same rows, the same money, a code where a name was."""

import polars as pl

from pipelines.erased import Erased
from pipelines.personal import Table


def cleaned(rows: pl.DataFrame, table: Table, source: str, erased: Erased) -> pl.DataFrame:
    """Raw rows of a table, its personal columns as the list says. Other columns are never touched."""
    if not erased or not rows.height:
        return rows
    codes = codes_of_rows(rows, table, source, erased)
    own = codes.is_not_null()
    changed = []
    for name in (name for name in table.columns if name in rows.columns):
        column = rows[name]
        text = column.cast(pl.String)
        hit = _hits(text, erased)
        given = pl.select(pl.coalesce(codes, hit)).to_series() if own.any() else hit
        touched = hit.is_not_null() | (own if name not in table.mentions else pl.lit(False))
        if name in table.private:
            touched = own
        instead = pl.lit(None, pl.String) if name in (*table.contacts, *table.private) else given
        made = pl.select(pl.when(touched & text.is_not_null()).then(instead).otherwise(text).alias(name))
        changed.append(made.to_series().cast(column.dtype))
    return rows.with_columns(changed)


def codes_of_rows(rows: pl.DataFrame, table: Table, source: str, erased: Erased) -> pl.Series:
    """For each row its person's code: its own record was erased, or the one it belongs to."""
    companies = rows["company_id"].to_list() if "company_id" in rows.columns else [""] * rows.height
    codes: list[str | None] = [None] * rows.height
    asked = [(table.key, table.name)] if table.of_persons else []
    asked += [table.belongs] if table.belongs else []
    for column, named in asked:
        if column not in rows.columns or not erased.records:
            continue
        for position, (company, key) in enumerate(zip(companies, rows[column].to_list(), strict=True)):
            if key is not None and codes[position] is None:
                codes[position] = erased.record(source, named, company, key)
    return pl.Series("code", codes, pl.String)


def _hits(text: pl.Series, erased: Erased) -> pl.Series:
    """For each text the code of the person it names."""
    distinct = text.drop_nulls().unique()
    found = {value: code for value in distinct.to_list() if (code := erased.named_in(value))}
    if not found:
        return pl.Series(text.name, [None] * text.len(), pl.String)
    return text.replace_strict(list(found), list(found.values()), default=None, return_dtype=pl.String)

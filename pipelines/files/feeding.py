"""A table that feeds an entity: its columns made the contract's, and all that is wrong with them told."""

import re
from dataclasses import dataclass, field

import polars as pl

from pipelines.files.contract import Entity, Field
from pipelines.files.problems import Problem
from pipelines.files.reasons import reason
from pipelines.files.values import as_text, made

ORIGIN = ("_file", "_line")


@dataclass(frozen=True)
class Given:
    """Where a table comes from, which says how its values are written and how a problem in it is told."""

    name: str  # the file, or the select
    is_select: bool
    decimal_mark: str
    time_zone: str
    currency: str | None


@dataclass
class Fed:
    entity: Entity
    given: Given
    rows: pl.DataFrame
    problems: list[Problem] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)  # columns outside the contract: not loaded


def feed(entity: Entity, table: pl.DataFrame, given: Given) -> Fed:
    table = table.rename({column: column.lower() for column in table.columns})
    names = [item.name for item in entity.fields]
    fed = Fed(entity, given, entity.empty(), foreign=[name for name in table.columns if name not in (*names, *ORIGIN)])
    table = _with_currency(entity, table, given)
    fed.problems += _missing(entity, table, given)
    if fed.problems:
        return fed
    text = table.select(as_text(table[name]) for name in table.columns if name not in fed.foreign)
    absent = [name for name in (*names, *ORIGIN) if name not in text.columns]
    text = text.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    typed = text.with_columns(
        made(item, given.decimal_mark, given.time_zone).alias(item.name) for item in entity.fields
    )
    for item in entity.fields:
        fed.problems += _unread(fed, item, text, typed) + _empty(fed, item, text)
    fed.problems += _duplicate(fed, text)
    if not fed.problems:
        line = pl.col("_line").cast(pl.Int64, strict=False)
        file = pl.col("_file").fill_null(given.name)
        fed.rows = typed.select(*names, file, line, is_deleted=pl.lit(False))
    return fed


def _with_currency(entity: Entity, table: pl.DataFrame, given: Given) -> pl.DataFrame:
    """The system's own currency where rows do not say theirs. A rate's currency is never a matter of course."""
    in_contract = any(item.name == "currency_code" for item in entity.fields)
    if not given.currency or not in_contract or entity.name == "exchange_rates":
        return table
    own = pl.col("currency_code").cast(pl.String) if "currency_code" in table.columns else pl.lit(None, pl.String)
    return table.with_columns(currency_code=own.fill_null(given.currency))


def _missing(entity: Entity, table: pl.DataFrame, given: Given) -> list[Problem]:
    there = [name for name in table.columns if name not in ORIGIN]
    remedy = f"It has: {', '.join(there)}. Name the column so"
    remedy += " in the select." if given.is_select else f", or write {entity.name}.sql that selects it."
    if len(there) == 1 and re.search(r"[;\t|,]", there[0]):
        remedy = f"Its header is one column, {there[0]!r}: set delimiter in files.toml."
    what = f"{entity.name} need it, and it is not there"
    absent = [item.name for item in entity.fields if item.required and item.name not in table.columns]
    return [Problem(given.name, what, remedy, column=name) for name in absent]


def _problem(fed: Fed, row: dict, column: str, what: str, remedy: str) -> Problem:
    """By line in a file; by key in a select, with the line it came from where the select passes that on."""
    value = row[column]
    if not fed.given.is_select:
        return Problem(row["_file"], what, remedy, int(row["_line"]), column, value=value)
    origin = f" ({row['_file']}, line {row['_line']})" if row["_file"] else ""
    key = None if row[fed.entity.key] is None else row[fed.entity.key] + origin
    return Problem(fed.given.name, what, remedy, column=column, key=key, value=value)


def _unread(fed: Fed, item: Field, text: pl.DataFrame, typed: pl.DataFrame) -> list[Problem]:
    bad = text.filter(_is_written(text[item.name]) & typed[item.name].is_null())
    if not bad.height:
        return []
    row = bad.row(0, named=True)
    what, remedy = reason(item, row[item.name].strip(), fed.entity.name, fed.given.decimal_mark, fed.given.time_zone)
    return [_problem(fed, row, item.name, what + _more(bad), remedy)]


def _empty(fed: Fed, item: Field, text: pl.DataFrame) -> list[Problem]:
    bad = text.filter(~_is_written(text[item.name]))
    if not item.required or not bad.height:
        return []
    remedy = "Every row needs one; leave out rows that are no records."
    return [_problem(fed, bad.row(0, named=True), item.name, "is empty" + _more(bad), remedy)]


def _is_written(column: pl.Series) -> pl.Series:
    return column.str.strip_chars().fill_null("") != ""


def _more(bad: pl.DataFrame) -> str:
    return f" (and {bad.height - 1:,} more in this column)" if bad.height > 1 else ""


def _duplicate(fed: Fed, text: pl.DataFrame) -> list[Problem]:
    key = fed.entity.key
    again = text.filter(_is_written(text[key]) & text[key].is_duplicated())
    if not again.height:
        return []
    first = again.row(0, named=True)
    second = again.filter(pl.col(key) == first[key]).row(1, named=True)
    where = "" if fed.given.is_select else f", first on line {first['_line']}"
    others = again[key].n_unique() - 1
    what = f"stands there more than once{where}" + (f" (and {others:,} more keys do)" if others else "")
    return [_problem(fed, second, key, what, "One row per key: remove the duplicate, or choose one in the select.")]

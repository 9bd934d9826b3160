"""Text made a value of the contract's type, or null where it is not one. Nothing is guessed and nothing rounded."""

import re

import polars as pl

from pipelines.files.contract import Field

TRUE, FALSE = ["true", "t", "yes", "y", "1"], ["false", "f", "no", "n", "0"]
BLANKS = " \u00a0\u202f"
DAY = r"^\d{4}-\d{2}-\d{2}(?:[T ]00:00(?::00(?:\.0+)?)?)?$"
MOMENT = r"^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,6}0*)?)?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?$"


def as_text(series: pl.Series) -> pl.Series:
    """Every value as the text a CSV would have of it, so that one road leads to each type."""
    kind = series.dtype
    if kind.is_float():
        return _digits_that_count(series)
    if isinstance(kind, pl.Datetime):
        utc = "Z" if kind.time_zone else ""
        moments = series.dt.convert_time_zone("UTC") if kind.time_zone else series
        return moments.dt.strftime("%Y-%m-%d %H:%M:%S%.6f" + utc)
    if kind.is_nested() or kind == pl.Binary:
        return series.map_elements(str, return_dtype=pl.String)
    return series.cast(pl.String)


def _digits_that_count(series: pl.Series) -> pl.Series:
    """A double holds 15 digits that mean something; what stands behind them is noise of its binary form."""
    shown = series.map_elements(lambda value: f"{value:.15g}", return_dtype=pl.String)
    plain = series.cast(pl.Decimal(38, 14), strict=False).cast(pl.String)
    return shown.zip_with(~shown.str.contains("e", literal=True), plain.fill_null(shown))


def made(item: Field, decimal_mark: str, time_zone: str) -> pl.Expr:
    """The column `item.name`, text, in its type."""
    text = pl.col(item.name)
    bare = text.str.strip_chars()
    match item.kind:
        case "text":
            return pl.when(text.is_in(list(item.words)) if item.words else bare != "").then(text)
        case "bool":
            low = bare.str.to_lowercase()
            return pl.when(low.is_in(TRUE)).then(True).when(low.is_in(FALSE)).then(False)
        case "date":
            return pl.when(bare.str.contains(DAY)).then(bare.str.slice(0, 10)).str.to_date("%Y-%m-%d", strict=False)
        case "timestamp":
            return moment(bare, time_zone)
        case _:
            return _number(bare, item, decimal_mark)


def _number(bare: pl.Expr, item: Field, mark: str) -> pl.Expr:
    """Digits with at most the contract's decimals; thousands may be set apart by blanks."""
    dot, scale = re.escape(mark), item.scale
    grouped = rf"^[+-]?\d{{1,3}}(?:[{BLANKS}]\d{{3}})+(?:{dot}\d*)?$"
    plain = pl.when(bare.str.contains(grouped)).then(bare.str.replace_all(f"[{BLANKS}]", "")).otherwise(bare)
    whole = rf"0*\d{{1,{item.precision - scale}}}"
    fits = rf"^[+-]?(?:{whole}(?:{dot}\d{{0,{scale}}}0*)?|{dot}\d{{1,{max(scale, 1)}}}0*)$"
    exact = plain.str.replace(mark, ".", literal=True).str.extract(rf"^([+-]?\d*(?:\.\d{{0,{scale}}})?)")
    number = pl.when(plain.str.contains(fits)).then(exact).cast(pl.Decimal(item.precision, scale), strict=False)
    return number.cast(pl.Int64) if item.kind == "int" else number


def moment(bare: pl.Expr, time_zone: str) -> pl.Expr:
    """UTC. A time without an offset is local to the system; a date is the first moment of that local day."""
    day, clock, seconds, offset = (bare.str.extract(MOMENT, place) for place in (1, 2, 3, 4))
    text = pl.concat_str(day, pl.lit("T"), clock.fill_null("00:00"), seconds.fill_null(":00"))
    naive = text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
    # Some zones skip midnight when summer time begins: the day starts an hour later.
    later = pl.when(clock.is_null()).then(_local(naive.dt.offset_by("1h"), time_zone))
    local = pl.coalesce(_local(naive, time_zone), later)
    return pl.when(offset.is_null()).then(local).otherwise(naive - _ahead_of_utc(offset))


def _local(naive: pl.Expr, time_zone: str) -> pl.Expr:
    """An hour the clock shows twice is taken as the first of the two; one that it skips is nobody's moment."""
    zoned = naive.dt.replace_time_zone(time_zone, ambiguous="earliest", non_existent="null")
    return zoned.dt.convert_time_zone("UTC").dt.replace_time_zone(None)


def _ahead_of_utc(offset: pl.Expr) -> pl.Expr:
    digits = offset.str.replace("Z", "+0000").str.replace(":", "").str.pad_end(5, "0")
    minutes = digits.str.slice(1, 2).cast(pl.Int64) * 60 + digits.str.slice(3, 2).cast(pl.Int64)
    return pl.duration(minutes=pl.when(digits.str.starts_with("-")).then(-minutes).otherwise(minutes))

"""Why a value is not of its column's type, and what its owner can do about it."""

import re

import polars as pl

from pipelines.files.contract import Field
from pipelines.files.values import moment


def reason(item: Field, value: str, entity: str, decimal_mark: str, time_zone: str) -> tuple[str, str]:
    in_select = f"in {entity}.sql"
    match item.kind:
        case "text":
            return f"is not one of {', '.join(item.words)}", f"Turn the system's words into these {in_select}."
        case "decimal":
            return _no_number(item, value, decimal_mark, in_select)
        case "int":
            return "is not a whole number", f"Write digits only, or make it {in_select}."
        case "bool":
            return "is neither true nor false", f"Write true or false, or make it {in_select}."
        case "date":
            parsing = f"strptime({item.name}, '%d.%m.%Y')"
            return "is not a date", f"Write it like 2026-12-31, or make it {in_select}: {parsing}."
        case _:
            return _no_moment(item, value, time_zone, in_select)


def _no_number(item: Field, value: str, mark: str, in_select: str) -> tuple[str, str]:
    number = re.fullmatch(rf"[+-]?\d*{re.escape(mark)}(\d+)", value)
    if number and len(number[1].rstrip("0")) > item.scale:
        return f"has more than {item.scale} decimals", f"Round it {in_select}: round({item.name}, {item.scale})."
    digits = item.precision - item.scale
    return (
        f"is not a number of at most {digits} digits with the decimal mark {mark!r}",
        f"Write it like 1234{mark}5, or set decimal_mark in files.toml, or make it {in_select}.",
    )


def _no_moment(item: Field, value: str, time_zone: str, in_select: str) -> tuple[str, str]:
    in_utc = pl.DataFrame({"value": [value]}).select(moment(pl.col("value"), "UTC")).item()
    if in_utc is not None:
        return f"is a time the clocks skipped in {time_zone}", "Give its offset, like 2026-03-29 02:30+01:00."
    parsing = f"strptime({item.name}, '%d.%m.%Y %H:%M')"
    return "is not a date and time", f"Write it like 2026-12-31 17:45:00, or make it {in_select}: {parsing}."

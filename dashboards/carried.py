"""What an exception is about, from the facts it carries: each under its word, numbers and days as the reader writes."""

import json
import re
from datetime import date

from dashboards import formats, words

FIELDS = ("agreed", "disagreed", "field")
SHARES = ("confidence",)
COUNTS = ("products", "compared")
CURRENCY = "_currency"


def told(parameters: str) -> str:
    carried = {name: value for name, value in json.loads(parameters).items() if value not in (None, "")}
    shown = (name for name in carried if name.removesuffix(CURRENCY) not in carried or not name.endswith(CURRENCY))
    return " · ".join(f"{words.text(f'fact.{name}')}: {_value(name, carried)}" for name in shown)


def _value(name: str, carried: dict) -> str:
    value = carried[name]
    if name in FIELDS:
        return ", ".join(words.text(f"field.{field.strip()}") for field in str(value).split(","))
    if name in SHARES:
        return formats.percent(value)
    if isinstance(value, int | float):
        return formats.money(value, carried.get(name + CURRENCY, ""), 0 if name in COUNTS else 2)
    code = f"{name}.{_plain(str(value))}"
    known = next((known for known in (f"{code}.short", code) if words.knows(known)), None)
    return words.text(known) if known else _day(name, str(value))


def _plain(value: str) -> str:
    """A code as it is; a reason of the pipeline's, up to its brackets, as a code."""
    return re.sub(r"\W+", "_", value.partition(" (NUL")[0].lower()).strip("_")


def _day(name: str, value: str) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return formats.month(day) if name == "month" else formats.day(day)

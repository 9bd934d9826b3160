"""files.toml: how a system's files are written, where they lie, and what they do not say themselves."""

import codecs
import os
import re
import string
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.files.problems import Problem

NAME = "files.toml"


@dataclass(frozen=True)
class Format:
    """How a file is written; each of these can be set for all files or for one."""

    encoding: str = "utf-8"
    delimiter: str = ","
    decimal_mark: str = "."
    header_row: int | None = None  # None: the first row that is not empty; 0: there is none
    sheet: str | None = None
    nothing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    holds: Callable[[Any], bool]
    wanted: str


FORMAT = {
    "encoding": Rule(lambda value: _is_encoding(value), "a known encoding: utf-8, cp1250, cp1251"),
    "delimiter": Rule(lambda value: isinstance(value, str) and len(value) == 1, 'one character: ",", ";" or "\\t"'),
    "decimal_mark": Rule(lambda value: value in (".", ","), '"." or ","'),
    "header_row": Rule(lambda value: type(value) is int and value >= 0, "a row number, or 0 where there is no header"),
    "sheet": Rule(lambda value: isinstance(value, str), "the name of a sheet"),
    "nothing": Rule(
        lambda value: isinstance(value, list) and all(isinstance(w, str) for w in value), "a list of words"
    ),
}
SYSTEM = {
    "time_zone": Rule(lambda value: _is_time_zone(value), "a time zone; Europe/Warsaw is one"),
    "currency": Rule(lambda value: bool(re.fullmatch("[A-Z]{3}", str(value))), "a currency code; PLN is one"),
    "data": Rule(lambda value: isinstance(value, str), "a folder"),
    "files": Rule(lambda value: _is_sections(value), "one section per file: [files.orders], then its settings"),
}


@dataclass(frozen=True)
class Settings:
    time_zone: str
    currency: str | None = None
    data: Path | None = None  # where the files lie, if not beside the selects
    format: Format = Format()
    formats: dict[str, Format] = field(default_factory=dict)  # by file, table or pattern


def read_settings(folder: Path, time_zone: str) -> Settings:
    given = _toml(folder / NAME)
    _check(given, {**SYSTEM, **FORMAT}, "a setting")
    form = _format(Format(), {name: value for name, value in given.items() if name in FORMAT})
    return Settings(
        time_zone=given.get("time_zone", time_zone),
        currency=given.get("currency"),
        data=_data(folder, given["data"]) if "data" in given else None,
        format=form,
        formats={name.lower(): _format(form, section) for name, section in given.get("files", {}).items()},
    )


def _toml(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Problem(NAME, f"cannot be read: {error}", 'Text stands in quotes: encoding = "cp1250".') from None


def _format(default: Format, given: dict[str, Any]) -> Format:
    _check(given, FORMAT, "a setting of a file")
    if "nothing" in given:
        given = {**given, "nothing": tuple(word.strip().lower() for word in given["nothing"])}
    return replace(default, **given)


def _check(given: dict[str, Any], rules: dict[str, Rule], what: str) -> None:
    for name, value in given.items():
        if name not in rules:
            raise Problem(NAME, f"is not {what}", f"There are: {', '.join(rules)}.", value=name)
        if not rules[name].holds(value):
            raise Problem(NAME, f"is not {rules[name].wanted}", column=name, value=value)


def _is_encoding(name: object) -> bool:
    try:
        return isinstance(name, str) and bool(codecs.lookup(name))
    except LookupError:
        return False


def _is_time_zone(name: object) -> bool:
    try:
        return bool(ZoneInfo(str(name)).key)
    except (KeyError, ValueError, OSError):
        return False


def _is_sections(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(section, dict) for section in value.values())


def _data(folder: Path, written: str) -> Path:
    """Relative to the selects; $NAME is taken from the environment, for data that lies elsewhere on each machine."""
    try:
        place = folder / Path(string.Template(written).substitute(os.environ)).expanduser()
    except KeyError as missing:
        what = f"needs {missing.args[0]}, which is not set"
        raise Problem(NAME, what, f"Set {missing.args[0]}.", column="data", value=written) from None
    except ValueError:
        raise Problem(NAME, "has a $ without a name", column="data", value=written) from None
    if not place.is_dir():
        raise Problem(NAME, "is not a folder", f"It is looked for in {folder}.", column="data", value=written)
    return place

"""The rules of `alerts.yml`, read and checked one by one: a wrong one is named and left out, the others hold."""

import difflib
import hashlib
import re
from dataclasses import dataclass
from datetime import date

import duckdb

from dashboards import access, periods, sending, warehouse, words
from dashboards.handwritten import Said, WrongRule, content
from dashboards.pages import HIDDEN, PAGES
from dashboards.warehouse import Filter, Unknown

FILE = "alerts.yml"
KEYS = {
    "name", "measure", "only", "period", "date", "above", "below", "change", "for", "to", "as", "snooze", "recovered",
    "language", "page",
}  # fmt: skip
# What a change may be against; each is a comparison of the pages.
AGAINST = ("previous", "last_year")
FOR = ("refreshes", "days")
PERIODS = tuple(code for code in periods.PERIODS if code not in ("custom", "all"))
LAST = re.compile(r"last (\d{1,3}) (days|months)")
PERCENT = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*%")


@dataclass(frozen=True)
class Level:
    """A limit. `is_share` of a change: the limit is a part of the earlier value, else it has the measure's unit."""

    side: str
    value: float
    is_share: bool = False

    def is_crossed_by(self, value: float) -> bool:
        return value > self.value if self.side == "above" else value < self.value


@dataclass(frozen=True)
class Rule:
    name: str
    measure: str
    level: Level
    to: tuple[str, ...]
    filters: tuple[Filter, ...] = ()
    period: str | None = None
    day: str | None = None
    against: str | None = None
    refreshes: int = 1
    days: int = 0
    snooze: date | None = None
    recovered: bool = False
    language: str | None = None
    page: str = "overview"
    as_: str | None = None

    def whose(self, recipient: str) -> str | None:
        """Whose rights the figure is narrowed by: the recipient's own, or of somebody named, for a webhook."""
        return self.as_ or (recipient if sending.is_mail(recipient) else None)

    @property
    def condition(self) -> str:
        """What is watched, in short: another condition under the same name begins anew."""
        parts = (self.measure, self.level, self.filters, self.period, self.day, self.against)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def read() -> tuple[list[Rule], list[str]]:
    """The rules that hold, and a sentence about each that does not."""
    rules, wrong, names = [], [], set()
    for number, written in enumerate(content(FILE, "rules"), start=1):
        name = str(written.get("name") or "") if isinstance(written, dict) else ""
        said = Said(FILE, f"rule {name!r}" if name else f"rule {number}", written)
        try:
            rule = _rule(said)
            if rule.name in names:
                raise said.wrong("name", "stands there twice; each rule needs a name of its own")
            names.add(rule.name)
            rules.append(rule)
        except WrongRule as error:
            wrong.append(str(error))
    return rules, wrong


def _rule(said: Said) -> Rule:
    said.known(KEYS)
    written = said.written
    name, measure = said.text("name"), said.text("measure")
    found = warehouse.catalogue().get(measure)
    if found is None:
        near = difflib.get_close_matches(measure, warehouse.catalogue(), 3)
        hint = f"near to it are {', '.join(near)}" if near else "the page Trust lists them"
        raise said.wrong("measure", f"is no measure; {hint}")
    level, against = _level(said, found["unit"])
    period, day = _days(said, found["mart"], against)
    refreshes, days = _lasting(said)
    to, as_ = said.recipients(), said.text("as") if "as" in said.written else None
    for recipient in to:
        said.allowed("to", as_ or recipient)
    with access.acting(as_ or to[0]):
        filters = _only(said, found["mart"])
    snooze = written.get("snooze")
    if snooze is not None and type(snooze) is not date:
        raise said.wrong("snooze", "must be a day like 2026-12-31")
    if not isinstance(written.get("recovered", False), bool):
        raise said.wrong("recovered", "must be true or false")
    return Rule(
        name, measure, level, to, filters, period, day, against, refreshes, days,
        snooze, written.get("recovered", False), said.one_of("language", words.LOCALES),
        said.one_of("page", [page for page in PAGES if page not in HIDDEN], "overview"), as_,
    )  # fmt: skip


def _level(said: Said, unit: str) -> tuple[Level, str | None]:
    kinds = [key for key in ("above", "below", "change") if key in said.written]
    if len(kinds) != 1:
        raise said.wrong("above", "exactly one of above, below and change is needed")
    if kinds[0] != "change":
        value = said.written[kinds[0]]
        if match := PERCENT.fullmatch(str(value)):
            if unit != "percent":
                raise said.wrong(kinds[0], f"is a share, and the measure is in {unit}; write a plain number")
            value = float(match[1]) / 100
        return Level(kinds[0], _number(said, kinds[0], value)), None
    change = Said(said.file, f"{said.name}, change", said.written["change"])
    change.known({"against", "above", "below"})
    sides = [side for side in ("above", "below") if side in change.written]
    if len(sides) != 1:
        raise change.wrong("above", "exactly one of above and below is needed")
    against, value = change.one_of("against", AGAINST, "previous"), change.written[sides[0]]
    if match := PERCENT.fullmatch(str(value)):
        return Level(sides[0], float(match[1]) / 100, is_share=True), against
    return Level(sides[0], _number(change, sides[0], value)), against


def _number(said: Said, key: str, value) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise said.wrong(key, "must be a number like 0.25, or a share like 25%")
    return float(value)


def _days(said: Said, mart: str, against: str | None) -> tuple[str | None, str | None]:
    period, known = said.written.get("period"), warehouse.columns(mart)
    if period is None:
        if against:
            raise said.wrong("period", f"is needed for a change; allowed are {_allowed()}")
        return None, None
    match = LAST.fullmatch(str(period))
    if period not in PERIODS and not (match and int(match[1])):
        raise said.wrong("period", f"is no period; allowed are {_allowed()}")
    dates = [column for column, kind in known.items() if kind == "DATE"]
    day = said.one_of("date", dates, "month" if "month" in dates else None)
    if day is None:
        reason = f"is needed for a period; allowed are {', '.join(dates)}" if dates else "cannot be: there are no days"
        raise said.wrong("date", reason)
    if day.endswith("month") and match and match[2] == "days":
        raise said.wrong("period", f"counts days, and {day} knows months only; write last 3 months")
    if day.endswith("month") and against and period == "this_month":
        raise said.wrong("period", "is not over: a month to date has no equal; take last_month")
    return str(period), day


def _allowed() -> str:
    return ", ".join((*PERIODS, "last 30 days", "last 3 months"))


def _lasting(said: Said) -> tuple[int, int]:
    if "for" not in said.written:
        return 1, 0
    lasting = Said(said.file, f"{said.name}, for", said.written["for"])
    lasting.known(set(FOR))
    for key, value in lasting.written.items():
        if type(value) is not int or not 1 <= value <= 1000:
            raise lasting.wrong(key, "must be a whole number from 1 on")
    return lasting.written.get("refreshes", 1), lasting.written.get("days", 0)


def _only(said: Said, mart: str) -> tuple[Filter, ...]:
    only, known = said.written.get("only") or {}, warehouse.columns(mart)
    if not isinstance(only, dict):
        raise said.wrong("only", "must be columns, each with its value or a list of values")
    filters = []
    for column, value in only.items():
        if column not in known:
            near = ", ".join(difflib.get_close_matches(str(column), known, 5, 0.4)) or ", ".join(known)
            raise said.wrong("only", f"names {column}, which {mart} does not have; there are {near}")
        values = value if isinstance(value, list) else [value]
        try:
            filters.append(Filter(column, "in", tuple(values)))
            warehouse.count(mart, filters)
        except (Unknown, duckdb.Error):
            raise said.wrong("only", f"{column} cannot have this value: it is a {known[column]}") from None
    return tuple(filters)

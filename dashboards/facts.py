"""What every page says about the data it shows: its day, its currency, what feeds it, whether it was tested."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import polars as pl

from dashboards import generation, money, tested, warehouse
from dashboards.worked_out import once


@dataclass(frozen=True)
class Tests:
    passed: int
    warned: int
    failed: int


def as_of() -> date:
    """The day the figures are about: that of the refresh which published them."""
    moment = shown().get("as_of")
    if moment is None:
        moment = max((row["data_as_of"] for row in sources() if row["data_as_of"]), default=date.today())
    return _day(moment)


def shown() -> dict:
    """The attempt that published what is read now. A folder of generations is named by it; the log knows it first."""
    name = generation.folder()
    logged = [row for row in attempts() if row.get("refresh_id") == name]
    return next(iter(logged or warehouse.rows("refreshes", order="started_at", limit=1).to_dicts()), {})


def attempts() -> list[dict]:
    """The lines of the log of attempts, oldest first; a half-written line is not one yet."""
    path = generation.data_dir() / "attempts.jsonl"
    try:
        seen = path.stat()
        return _attempts(path, seen.st_mtime_ns, seen.st_size)
    except OSError:
        return []


@lru_cache(maxsize=4)
def _attempts(path: Path, _changed: int, _size: int) -> list[dict]:
    """Read once a refresh: each page asks some twenty times which day it is."""
    lines, found = path.read_text(encoding="utf-8").splitlines(), []
    for line in lines:
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return found


def failed_attempt() -> dict | None:
    """The last attempt, if it did not publish everything."""
    last = next(reversed(attempts()), None)
    return last if last and last.get("outcome") != "published" else None


@once
def sources() -> list[dict]:
    return warehouse.rows("source_loads", order="source", descending=False).to_dicts()


@once
def tests() -> Tests:
    counts = dict(warehouse.counted("test_results", {"status": "status"}).iter_rows())
    return Tests(counts.get("pass", 0), counts.get("warn", 0), counts.get("fail", 0))


def results(names: Sequence[str]) -> list[dict]:
    """What became of some tests: their sentences and whether they passed."""
    return warehouse.rows("test_results", [warehouse.Filter("test", "in", tuple(names))]).to_dicts() if names else []


def warnings(measure: dict) -> list[str]:
    """Sentences of the tests of a measure that did not pass."""
    return _tested(measure, [warehouse.Filter("status", "<>", "pass")])


def proofs(measure: dict) -> list[str]:
    """Sentences of all tests of a measure."""
    return _tested(measure)


def _tested(measure: dict, filters=()) -> list[str]:
    names = tuple(listed(measure.get("tests")))
    found = warehouse.rows("test_results", [*filters, warehouse.Filter("test", "in", names)])
    return [tested.sentence(row) for row in found.iter_rows(named=True)]


@once
def feeders(entities: Sequence[str]) -> list[str]:
    """The systems that deliver some entities, by name."""
    rows = warehouse.rows("canonical.coverage", [warehouse.Filter("is_fed", "=", True)], limit=10_000)
    sources = rows.filter(pl.col("entity").is_in(list(entities)))["source"].unique().to_list()
    return sorted({source.partition("@")[0] for source in sources})


@once
def fed() -> set[str]:
    """The entities that at least one source delivers. Delivered and empty is not the same as not delivered."""
    rows = warehouse.rows("canonical.coverage", [warehouse.Filter("is_fed", "=", True)], limit=10_000)
    return set(rows["entity"])


def reasons(entities: Sequence[str]) -> dict[tuple[str, str], list[str]]:
    """Why some entities are not delivered: of each reason and source that could deliver them, which ones."""
    asked = [warehouse.Filter("is_fed", "=", False), warehouse.Filter("entity", "in", tuple(entities))]
    found: dict[tuple[str, str], list[str]] = {}
    for row in warehouse.rows("canonical.coverage", asked, order="entity", descending=False, limit=10_000).to_dicts():
        if row.get("reason"):
            found.setdefault((row["reason"], row["source"]), []).append(row["entity"])
    return found


def missing(*entities: str) -> list[str]:
    known = fed()
    return [entity for entity in entities if entity not in known]


def currency() -> str:
    """The currency that money is shown in: the one the reader chose, else the reporting one."""
    rate = money.chosen()
    return reporting_currency() if rate is None else rate.currency


@once
def reporting_currency() -> str:
    found = warehouse.choices("profitability_lines", "reporting_currency_code")
    found = found or warehouse.choices("funnel_to_cash", "reporting_currency_code")
    return found[0] if found else ""


def _day(value) -> date:
    if isinstance(value, str):
        return date.fromisoformat(value[:10])
    return value.date() if isinstance(value, datetime) else value


def listed(names: str | None) -> list[str]:
    """The names that a column of the warehouse holds in one text."""
    return [name.strip() for name in (names or "").split(",") if name.strip()]

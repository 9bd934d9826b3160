"""The firm's own facts: CSV files that take the place of the shipped seed of the same name, once they are checked."""

import csv
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from pipelines.outcomes import SettingsError

NAME = "project"
# Whose a fact is, where a group has several companies: a file of a firm that is no group need not say it.
WHOSE = "company"
# What only the pages or the loads read: no fact of the firm's figures.
NO_FACTS = {"access.csv", "erased.csv"}


def project(shipped: Path, company_dir: Path, folder: Path, given: Mapping[str, str] = MappingProxyType({})) -> Path:
    """The dbt project to build: the shipped one, or a copy of it with the firm's facts in place.

    `given` are facts by the name of their file; the firm's own file of that name goes before.
    """
    own = (
        sorted(path for path in company_dir.glob("*.csv") if path.name not in NO_FACTS) if company_dir.is_dir() else []
    )
    if not own and not given:
        return shipped
    for path in own:
        _check(path, shipped / "seeds")
    target = folder / NAME
    shutil.rmtree(target, ignore_errors=True)  # that of a build before: facts may have been taken out since
    shutil.copytree(shipped, target, ignore=shutil.ignore_patterns("target", "logs", "profiles.yml"))
    for name, content in given.items():
        (target / "seeds" / name).write_text(content, encoding="utf-8")
    for path in own:
        shutil.copyfile(path, target / "seeds" / path.name)
    for name in {*given, *(path.name for path in own)}:
        _complete(target / "seeds" / name, _lines(shipped / "seeds" / name)[0])
    return target


def _complete(path: Path, columns: list[str]) -> None:
    """Says of a file that tells of no company that it is of none."""
    header, *rows = _lines(path)
    if [*header, WHOSE] == columns:
        with open(path, "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([columns, *([*row, ""] for row in rows if row)])


def _check(path: Path, seeds: Path) -> None:
    shipped = seeds / path.name
    if not shipped.is_file():
        known = ", ".join(sorted(seed.name for seed in seeds.glob("*.csv"))) or "none"
        raise SettingsError(f"{path} takes the place of nothing; facts of a firm can be {known}.")
    check(path, _lines(shipped)[0])


def check(path: Path, columns: list[str]) -> None:
    """SettingsError unless the file is a CSV file with these columns."""
    given, *rows = _lines(path) or [[]]
    if given != columns and [*given, WHOSE] != columns:
        raise SettingsError(f"{path}, line 1: the columns must be {','.join(columns)}.")
    for number, row in enumerate(rows, start=2):
        if row and len(row) != len(given):
            raise SettingsError(f"{path}, record {number}: it has {len(row)} values, not {len(given)}.")


def _lines(path: Path) -> list[list[str]]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(f"{path} is not a CSV file in utf-8: {error}.") from error

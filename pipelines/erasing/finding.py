"""Who is meant: the records of one person in the raw rows of every source, and the words they are known by."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl

from pipelines.erased import CODE, Erased, hunted
from pipelines.erasing.rewriting import ROW, keys_of, raw_rows
from pipelines.outcomes import SettingsError
from pipelines.personal import Table
from pipelines.unpersoned import cleaned, codes_of_rows
from pipelines.warehouse_file import QUIET

EMAIL = re.compile(r"[^@\s:]+@[^@\s:]+\.[^@\s:]+")
Raw = list[tuple[str, Table, pl.DataFrame]]  # source, declaration, rows


@dataclass
class Person:
    """What is to be erased."""

    records: dict[tuple[str, str, str, str], str] = field(default_factory=dict)  # source, table, company, id -> key
    values: dict[str, list[str]] = field(default_factory=dict)  # as they are spelled -> the words hunted
    short: list[str] = field(default_factory=list)  # spelled in one word, that others bear too: not hunted elsewhere
    accounts: list[str] = field(default_factory=list)  # keys of the accounts that are one customer

    def learn(self, value: str, is_contact: bool) -> None:
        if CODE.fullmatch(value):
            return
        words = hunted(value, is_contact)
        if words:
            self.values[value] = words
        elif not is_contact:
            self.short.append(value)


def raw(landings: list[tuple[Path, str, str]]) -> Raw:
    found: Raw = []
    for path, source, system in landings:
        with duckdb.connect(str(path), read_only=True, config=QUIET) as connection:
            found += [(source, table, rows) for table, rows in raw_rows(connection, system)]
    return found


def person(rows: Raw, targets: list[str], warehouse: Path, texts: list[str], known: Erased) -> Person:
    """SettingsError, with what there is, when a target is nobody's key and nobody's e-mail address."""
    found = Person()
    for target in targets:
        by_mail = EMAIL.fullmatch(target) and target.partition(":")[0] not in {source for source, _, _ in rows}
        before = len(found.records)
        if by_mail:
            _take(rows, found, mail=target)
            found.learn(target, is_contact=True)
        else:
            # One customer may have a record in each system: they were told to be one, so they go together.
            accounts = _same_customer(warehouse, target)
            _take(rows, found, keys={target, *accounts})
            found.accounts = list(dict.fromkeys([*found.accounts, *accounts]))
        there = len(found.records) > before or (by_mail and (known.named_in(target) or _mentioned(rows, found)))
        if not there:
            raise SettingsError(_unknown(rows, target))
    for text in texts:
        if not hunted(text, is_contact=False):
            raise SettingsError(
                f"--text {text!r} would fit other people too; give two words or more, an e-mail address or a number "
                "of seven digits. Nothing was erased."
            )
        found.learn(text, is_contact=False)
    return found


def _take(rows: Raw, found: Person, keys: frozenset[str] | set[str] = frozenset(), mail: str = "") -> None:
    wanted = hunted(mail, is_contact=True) if mail else None
    for source, table, frame in rows:
        if not table.of_persons:
            continue
        for row in frame.iter_rows(named=True):
            known = keys_of(row, table, source)
            contacts = [row[name] for name in table.contacts if row.get(name)]
            own = keys & set(known) if keys else any("@" in one and hunted(one, True) == wanted for one in contacts)
            if not own:
                continue
            found.records[(source, table.name, row.get("company_id") or "", str(row[table.key]))] = known[-1]
            for kind, values in ((False, [row.get(name) for name in table.names]), (True, contacts)):
                for value in filter(None, values):
                    found.learn(value, is_contact=kind)


def _same_customer(warehouse: Path, key: str) -> list[str]:
    with duckdb.connect(str(warehouse), read_only=True, config=QUIET) as connection:
        there = (
            "select count(*) from duckdb_tables() where schema_name = 'canonical' and table_name = 'account_matches'"
        )
        if not connection.execute(there).fetchall()[0][0]:
            return []
        found = connection.execute(
            "select account_key from canonical.account_matches where customer_key in"
            " (select customer_key from canonical.account_matches where account_key = ?)",
            [key],
        ).fetchall()
    return [account for (account,) in found]


def _mentioned(rows: Raw, found: Person) -> bool:
    known = provisional(found, Erased(b"-" * 32), "erased-00000000")
    return any(changed(source, table, frame, known) for source, table, frame in rows)


def provisional(found: Person, known: Erased, code: str) -> Erased:
    """The list as it would be with this person on it."""
    made = Erased(known.salt)
    for line in known.lines:
        made.add(line)
    for record in found.records:
        made.add([code, "record", "0", made.hash_of_record(*record), "", "", ""])
    for words in found.values.values():
        made.add([code, "text", str(len(words)), made.hash_of_words(words), "", "", ""])
    return made


def changed(source: str, table: Table, frame: pl.DataFrame, known: Erased) -> dict[str, int]:
    """How many rows would change, by column."""
    after = cleaned(frame, table, source, known)
    counts = {name: int(frame[name].ne_missing(after[name]).sum()) for name in frame.columns if name != ROW}
    return {name: count for name, count in counts.items() if count}


def plan(rows: Raw, found: Person, known: Erased) -> list[str]:
    """What would be erased, in lines for the one who asked."""
    told = ["Found:"]
    told += [f"  {table} of {source}: {key}" for (source, table, *_), key in found.records.items()]
    told += ["Hidden in the rows of:"]
    for source, table, frame in rows:
        counts = changed(source, table, frame, known)
        if not counts:
            continue
        own = int(codes_of_rows(frame, table, source, known).is_not_null().sum())
        parts = ", ".join(f"{name} {count}" for name, count in counts.items())
        told.append(f"  {source} {table.name}: {parts} ({own} rows of the person's own)")
        told += _namesakes(source, table, frame, known)
    told.append("Known elsewhere by: " + "; ".join(sorted(found.values)))
    if found.short:
        told.append(
            f"Not hunted in other rows, since others bear it too: {'; '.join(sorted(set(found.short)))}. "
            "Add --text for what else names this person."
        )
    told.append("Kept: keys and numbers of records, documents, money, quantities, dates, city and country.")
    return told


def _namesakes(source: str, table: Table, frame: pl.DataFrame, known: Erased) -> list[str]:
    """Other records that bear the same name or address: they lose it too, and one should know before."""
    if not table.of_persons:
        return []
    own = codes_of_rows(frame, table, source, known).is_not_null()
    others = frame.filter(~own)
    columns = [name for name in (*table.names, *table.contacts) if name in others.columns]
    hit = [
        keys_of(row, table, source)[-1]
        for row in others.iter_rows(named=True)
        if any(known.named_in(row[name]) for name in columns)
    ]
    return [f"    also in records you did not name, which lose it too: {', '.join(hit[:10])}"] if hit else []


def _unknown(rows: Raw, target: str) -> str:
    sources = sorted({source for source, _, _ in rows})
    source, _, record = target.partition(":")
    if EMAIL.fullmatch(target) and source not in sources:
        return f"Nothing was erased: no row of {', '.join(sources)} holds the e-mail address {target}."
    if source not in sources or not record:
        known = ", ".join(sources) or "no source"
        return (
            f"Nothing was erased: {target} is neither an e-mail address nor <source>:<record id>; loaded is {known}. "
            "A key stands in canonical.accounts, people or leads."
        )
    persons = ", ".join(table.name for name, table, _ in rows if name == source and table.of_persons)
    return f"Nothing was erased: {target} is no record of {source}; looked through {persons}."

"""`python -m pipelines erase`: who is meant, what that would change, and putting the person on the list."""

import argparse
import csv
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from pipelines import decisions, durable, erased, publish, refresh
from pipelines.at_work import Refresh
from pipelines.configuration import Configuration
from pipelines.crash_points import reached
from pipelines.erased import Erased
from pipelines.erasing import finding, tidying
from pipelines.erasing.finding import Person, Raw
from pipelines.outcomes import GateFailed, SettingsError
from pipelines.publish import Generations

LONGEST_REASON = 500
TOGETHER = "They were one customer before a record was erased, and stay one."


def parsed(arguments: list[str]) -> argparse.Namespace:
    """The arguments by name; what is wrong with them ends the command with its usage and code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m pipelines erase",
        description="Erase one person: out of raw rows, figures, files and older generations, and never in again.",
        epilog="Without --yes nothing is changed: it says what it found.",
    )
    parser.add_argument("who", nargs="+", help="<source>:<record id> or an e-mail address; several are one person")
    parser.add_argument("--why", required=True, help="the reason, for those who ask later; without personal data")
    parser.add_argument("--text", action="append", default=[], help="what else names the person in texts, in full")
    parser.add_argument("--yes", action="store_true", help="do it")
    return parser.parse_args(arguments)


@dataclass
class Erasure:
    """One person in what is published."""

    configuration: Configuration  # of the day that is published: no figure moves because a day went by
    current: Path
    manifest: dict
    rows: Raw
    known: Erased
    person: Person
    lines: list[list[str]] = field(default_factory=list)  # that the list lacks

    @property
    def is_new(self) -> bool:
        return bool(self.lines)

    @property
    def is_due(self) -> bool:
        return tidying.is_due(self.configuration.data_dir, self.configuration.company_dir)

    def plan(self) -> list[str]:
        return finding.plan(self.rows, self.person, self.listed())

    def listed(self) -> Erased:
        """The list with this person on it."""
        made = Erased(self.known.salt)
        for line in [*self.known.lines, *self.lines]:
            made.add(line)
        return made

    def enlist(self) -> None:
        """From here on the person does not come in again, and the next refresh, whichever it is, erases what is in."""
        company_dir = self.configuration.company_dir
        with decisions.alone(company_dir):
            first, *others = self.person.accounts or [""]
            now = datetime.now(UTC)
            decisions.add(company_dir, [decisions.made(first, "same", other, None, TOGETHER, now) for other in others])
        erased.write(company_dir, [*self.known.lines, *self.lines])
        reached("erasure_listed")


def begun(configuration: Configuration, given: argparse.Namespace) -> Erasure:
    """The person as found; SettingsError when nobody is, or when the reason names them."""
    current = Generations(configuration.data_dir).current()
    manifest = publish.manifest(current)
    if current is None or not manifest:
        raise SettingsError("Nothing is published yet, so there is nobody to erase; run a refresh first.")
    if manifest["world"] != configuration.world:
        raise SettingsError(
            f"What is published is of {manifest['world']}, the settings are of {configuration.world}: "
            "erase with the settings of the refresh. Nothing was erased."
        )
    known = (erased.begun if given.yes else erased.rehearsed)(configuration.company_dir)
    rows = finding.raw(_landings(current, manifest))
    person = finding.person(rows, given.who, current / "warehouse.duckdb", given.text, known)
    for mail in _mails_of(configuration.company_dir, {*given.who, *person.records.values()}):
        person.learn(mail, is_contact=True)
    made = Erasure(
        replace(configuration, as_of=date.fromisoformat(manifest["as_of"])), current, manifest, rows, known, person
    )
    made.lines = _lines(person, known, given.why, datetime.now(UTC).date())
    _harmless(given.why, made)
    return made


def _mails_of(company_dir: Path, keys: set[str]) -> list[str]:
    """The addresses under which these persons may see the pages."""
    try:
        with open(company_dir / "access.csv", encoding="utf-8-sig", newline="") as file:
            return [row["email"] for row in csv.DictReader(file) if row.get("person") in keys and row.get("email")]
    except (FileNotFoundError, UnicodeDecodeError, csv.Error):
        return []  # nobody signs in, or nobody can: the pages say which


def _landings(generation: Path, manifest: dict) -> list[tuple[Path, str, str]]:
    found = [one for one in manifest["sources"].values() if one["state"] != "never"]
    return [(generation / "landing" / f"{one['stem']}.duckdb", one["source"], one["system"]) for one in found]


def _lines(person: Person, known: Erased, why: str, today: date) -> list[list[str]]:
    """What the list has to learn. Whoever is on it keeps their code."""
    records = {known.hash_of_record(*record): known.record(*record) for record in person.records}
    texts = {known.hash_of_words(words): len(words) for words in person.values.values()}
    before = next((code for code in records.values() if code), None)
    code = before or known.code_for(next(iter([*records, *texts]), ""))
    reason = " ".join(why.split())[:LONGEST_REASON]
    lines = [known.sealed(code, erased.KIND_RECORD, 0, one, today, reason) for one in records if not records[one]]
    return lines + [
        known.sealed(code, erased.KIND_TEXT, length, one, today, reason)
        for one, length in texts.items()
        if one not in known.texts
    ]


def _harmless(why: str, made: Erasure) -> None:
    if not why.strip():
        raise SettingsError("--why is empty: say for those who ask later why this was done. Nothing was erased.")
    named = finding.provisional(made.person, made.known, "erased-00000000").named_in(why)
    if named or any(word.lower() in why.lower() for word in made.person.short):
        raise SettingsError("--why names the person, and it is kept: give the reason without. Nothing was erased.")


def rewritten(running: Refresh, made: Erasure) -> int:
    """A new generation of the same rows, without the person; then nothing older is left. Returns the exit code."""
    target = running.folder / "landing"
    with running.step("load"):
        target.mkdir(mode=0o700)
        for path, *_ in _landings(made.current, made.manifest):
            name = f"landing/{path.name}"
            try:
                durable.copy_verified(path, target / path.name, made.manifest["files"][name]["sha256"])
            except (durable.Damaged, FileNotFoundError) as error:
                raise GateFailed(
                    f"{name} of the published generation {made.current.name} is damaged: "
                    "run `python -m pipelines rollback`, then erase again."
                ) from error
        running.attempt.sources = made.manifest["sources"]
    return refresh.finish(running, refresh.build_models(running))

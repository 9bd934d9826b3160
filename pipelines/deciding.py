"""`python -m pipelines decide`: one decision about two accounts, by hand."""

import argparse
import re
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines import decisions
from pipelines.decisions import Refused
from pipelines.outcomes import NoSpace, SettingsError, is_disk_full

SAID = {
    "same": "{a} and {b} are one customer",
    "different": "{a} and {b} are two customers",
    "parent": "{b} is the parent of {a}",
}


def parsed(arguments: list[str]) -> argparse.Namespace:
    """The arguments by name; what is wrong with them ends the command with its usage and code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m pipelines decide",
        description="Decide whether two accounts are one customer; it counts from the next refresh on.",
        epilog="The latest decision about a pair counts: to take one back, decide otherwise.",
    )
    parser.add_argument("account_key", help="key of an account, for example salesforce:0011t00001")
    parser.add_argument("decision", choices=decisions.WORDS, help="parent: the second is the parent of the first")
    parser.add_argument("other_account_key")
    parser.add_argument("--why", required=True, help="the reason, for those who ask later")
    parser.add_argument("--who", help="who decided (default: the user of the system)")
    return parser.parse_args(arguments)


def decide(company_dir: Path, published: Path | None, given: argparse.Namespace) -> str:
    """Writes the decision down; the sentence that says so."""
    first, second = given.account_key, given.other_account_key
    named = {key: _named(published, key) for key in (first, second)}
    try:
        row = decisions.made(first, given.decision, second, given.who, given.why, datetime.now(UTC))
    except Refused as error:
        raise SettingsError(f"Nothing was decided: {error}.") from error
    try:
        with decisions.alone(company_dir):
            decisions.add(company_dir, [row])
    except OSError as error:
        ended = NoSpace if is_disk_full(error) else SettingsError
        raise ended(f"Nothing was decided: {company_dir} cannot be written: {error.strerror}.") from error
    said = SAID[given.decision].format(a=named[first], b=named[second])
    return f"Decided: {said}. It counts from the next refresh; {company_dir / decisions.NAME} holds it."


def _named(published: Path | None, key: str) -> str:
    """The account by name; where it is not among the published ones, the sentence names those most like it."""
    if published is None:
        return key
    with duckdb.connect(str(published / "warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute("select name from canonical.accounts where account_key = ?", [key]).fetchone()
        if found:
            return f"{key} ({_plain(found[0])})"
        alike = connection.execute(
            """
            select account_key, name from canonical.accounts
            order by greatest(
                jaro_winkler_similarity(lower(account_key), lower($1)),
                jaro_winkler_similarity(lower(split_part(account_key, ':', -1)), lower($1)),
                jaro_winkler_similarity(lower(name), lower($1))
            ) desc, account_key
            limit 3
            """,
            [key],
        ).fetchall()
    nearest = "; ".join(f"{account} ({_plain(name)})" for account, name in alike)
    hint = f" Did you mean {nearest}?" if nearest else ""
    raise SettingsError(f"Nothing was decided: {key} is not the key of a published account.{hint}")


def _plain(name: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", name)

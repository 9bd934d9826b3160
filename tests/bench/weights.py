"""How often each field agrees, and how far, between accounts of one firm and of two: what the weights rest on.

python -m tests.bench.weights <warehouse of the sandbox company at size 1>

What is never or always seen there (a firm renamed, a domain of many) is set by hand, and what is seen is rounded
towards caution: real data is worse. A chance below one in 100,000 cannot be seen among so few accounts at all.
"""

import sys
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from pipelines.matching import identity, scoring
from pipelines.matching.fields import compared
from pipelines.matching.weights import levels
from tests import who

PAIRS = """
insert into candidates
select l.id, r.id
from compared as l
inner join compared as r on l.id < r.id
inner join firms as one on l.account_key = one.account_key
inner join firms as other on r.account_key = other.account_key
where (one.firm = other.firm) = ? and (one.firm = other.firm or (l.id * 7919 + r.id) % 5 = 0)
"""


def main(warehouse: str) -> None:
    rows = who.published(Path(warehouse))
    firms = who.firms_of(rows, date(2026, 11, 20), 1)
    fields = compared(rows, who.seed("legal_forms"), who.seed("common_words"), who.seed("free_mail_domains"))
    fields = identity.completed(rows, fields, who.seed("junk_words"))
    weights = who.seed("matching_weights")
    found = {of_one_firm: frequencies(fields, firms, weights, of_one_firm) for of_one_firm in (True, False)}
    print(f"{'field':>11} {'level':<20} {'m seen':>8} {'m':>8} {'u seen':>10} {'u':>10}")
    for row in weights.iter_rows(named=True):
        place = (row["field"], row["level"])
        m, u = (found[of_one_firm].get(place, 0) for of_one_firm in (True, False))
        print(f"{place[0]:>11} {place[1]:<20} {m:8.4f} {row['m_probability']:>8} {u:10.7f} {row['u_probability']:>10}")


def frequencies(fields: pl.DataFrame, firms: pl.DataFrame, weights: pl.DataFrame, of_one_firm: bool) -> dict:
    """Of all pairs in which both have the field, how many are on each level."""
    with scoring.database() as connection:
        connection.register("firms", firms.to_arrow())
        scoring.compared(connection, fields, 3)
        connection.execute("create table candidates (a bigint, b bigint)")
        connection.execute(PAIRS, [of_one_firm])
        scoring.scored(connection, weights, 0.00001)
        return {(field, level): share for field in levels() for level, share in _shares(connection, field)}


def _shares(connection: duckdb.DuckDBPyConnection, field: str) -> list[tuple[str, float]]:
    return connection.execute(
        f"select {field}_level, count(*) / sum(count(*)) over () from scored"  # noqa: S608
        f" where {field}_level is not null group by 1"
    ).fetchall()


if __name__ == "__main__":
    main(*sys.argv[1:])

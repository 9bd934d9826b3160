"""Which pairs are looked at: accounts that share something few others have."""

# The parts of the SQL are constants of this module.
# ruff: noqa: S608

import duckdb

# Each key is a text; equal texts of one kind make a block.
KEYS = {
    "name": "name_core",
    "compact": "name_compact",
    "words": "name_words",
    "domain": "domain",
    "mail": "mail_domain",
    "phone": "phone",
    "postcode": "postcode || ' ' || left(name_compact, 1)",
    "street": "street || ', ' || coalesce(city, postcode)",
}
SAME_SPACE = {"mail": "domain"}


def candidates(connection: duckdb.DuckDBPyConnection, block_limit: int) -> None:
    """The table `candidates` of pairs (a, b), a before b, from the table `compared`; pairs already in it stay.

    A record that is none, by its name, is in no block.
    """
    single = " union all ".join(
        f"select hash('{SAME_SPACE.get(kind, kind)}', {key}) as block, id from compared"
        f" where not is_junk and {key} is not null"
        for kind, key in KEYS.items()
    )
    # A word that is rare in its town is most of a name, however the rest is spelled.
    words = (
        "select hash('word', word || ', ' || city) as block, id from"
        " (select id, city, unnest(name_rare) as word from compared where not is_junk and city is not null)"
        " where length(word) > 2"
    )
    connection.execute(f"create temp table blocks as select distinct block, id from ({single} union all {words})")
    connection.execute(
        "create temp table narrow as select block from blocks group by block"
        " having count(*) between 2 and ?", [block_limit]
    )  # fmt: skip
    connection.execute(
        "insert into candidates select distinct a.id, b.id from narrow"
        " inner join blocks as a on narrow.block = a.block"
        " inner join blocks as b on narrow.block = b.block and a.id < b.id"
        " except select a, b from candidates"
    )
    connection.execute("drop table blocks; drop table narrow")

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
# What a name may still share with another spelling of it: a word, how it begins and ends, its initials.
PARTS = (
    "list_concat(name_rare, [name_initials, name_compact, left(name_skeleton, 5), right(name_skeleton, 5),"
    " left(name_skeleton, 2) || '-' || right(name_skeleton, 3),"
    " left(name_skeleton, 3) || '-' || right(name_skeleton, 2)])"
)
NOTHING_ELSE = "coalesce(domain, mail_domain, phone, street, postcode, city, region) is null"


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
    _pair_up(connection, f"select block, id, true as is_asked from ({single} union all {words})", block_limit)
    # Pairs of which one account says nothing but its name: every spelling of it is looked for.
    parts = (
        f"select hash(part) as block, id, is_asked from (select id, {NOTHING_ELSE} as is_asked, unnest({PARTS}) as part"
        " from compared where not is_junk) where length(part) > 2"
    )
    _pair_up(connection, parts, block_limit)


def _pair_up(connection: duckdb.DuckDBPyConnection, blocks: str, block_limit: int) -> None:
    """Every two accounts of a block, at least one of which is asked for; a block of too many tells nothing."""
    connection.execute(f"create temp table blocks as select distinct block, id, is_asked from ({blocks})")
    connection.execute(
        "create temp table narrow as select block from blocks group by block"
        " having count(*) between 2 and ? and bool_or(is_asked)", [block_limit]
    )  # fmt: skip
    connection.execute(
        "insert into candidates select distinct a.id, b.id from narrow"
        " inner join blocks as a on narrow.block = a.block"
        " inner join blocks as b on narrow.block = b.block and a.id < b.id"
        " where a.is_asked or b.is_asked except select a, b from candidates"
    )
    connection.execute("drop table blocks; drop table narrow")

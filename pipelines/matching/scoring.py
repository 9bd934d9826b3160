"""How much two accounts speak for being one firm: splink's weights over the fields both have."""

# The parts of the SQL are constants of these modules.
# ruff: noqa: S608

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import polars as pl

from pipelines.matching.weights import level_sql, levels, settings

# Nothing is fetched, nothing is loaded: the pairs are all it sees.
ALONE = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": "2",
    "memory_limit": "6GB",
    "preserve_insertion_order": "false",
    # The parser splink sends its SQL through writes x -> f(x).
    "lambda_syntax": "ENABLE_SINGLE_ARROW",
}

COMPARED = """
create table compared as
with bearers as (
    select source, name_core, count(*) > 1 as is_name_common from fields where name_core is not null group by all
), domains as (
    select source, coalesce(domain, mail_domain) as known, count(*) > $shared_by as is_domain_shared
    from fields where coalesce(domain, mail_domain) is not null group by all
), phones as (
    select source, phone, count(*) > $shared_by as is_phone_shared from fields where phone is not null group by all
)
select
    row_number() over (order by fields.account_key) - 1 as id,
    fields.*,
    coalesce(is_name_common, false) as is_name_common,
    coalesce(is_domain_shared, false) as is_domain_shared,
    coalesce(is_phone_shared, false) as is_phone_shared
from fields
left join bearers on fields.source = bearers.source and fields.name_core = bearers.name_core
left join domains on fields.source = domains.source and coalesce(fields.domain, fields.mail_domain) = domains.known
left join phones on fields.source = phones.source and fields.phone = phones.phone
"""


@contextmanager
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of its own for one matching, gone afterwards."""
    with duckdb.connect(":memory:", config=ALONE) as connection:
        yield connection


def compared(connection: duckdb.DuckDBPyConnection, fields: pl.DataFrame, shared_by: float) -> None:
    """The table `compared`: one row per account, numbered by its key, and what its system has several times."""
    connection.register("fields", fields.to_arrow())
    connection.execute(COMPARED, {"shared_by": shared_by})
    connection.unregister("fields")


def scored(connection: duckdb.DuckDBPyConnection, weights: pl.DataFrame, prior: float) -> None:
    """The table `scored`: one row per pair of `candidates`, with its score in bits and the level of each field."""
    # A second of imports, only where accounts are matched.
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    connection.execute("create table blocked as select '0' as match_key, a join_key_l, b join_key_r from candidates")
    backend = DuckDBAPI(connection=connection)
    linker = Linker(backend.register("compared"), settings(weights, prior), log_level=None)
    linker.table_management.register_blocked_pairs_for_predict(backend.register("blocked"))
    predicted = linker.inference.predict(warning_mode="never")
    named = ", ".join(level_sql(field) for field in levels())
    connection.execute(
        "create table scored as select id_l as a, id_r as b, round(match_weight, 4) as score,"
        f" match_probability as probability, {named} from {predicted.physical_name}"
    )

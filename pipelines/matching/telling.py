"""Each pair in words of the accounts: what agrees, what differs, and what the two say."""

# The parts of the SQL are constants of these modules.
# ruff: noqa: S608

import duckdb
import polars as pl

# By field: what is shown, and when the two agree. Where one of them says nothing, nothing agrees or differs.
SAID = {
    "name": ("name", "name_level <> 'differs'"),
    "legal_form": ("legal_form", "legal_form_level = 'same'"),
    "tax_id": ("tax_id", "l.tax_id = r.tax_id"),
    "domain": ("domain", "l.domain = r.domain"),
    "mail_domain": ("mail_domain", "l.mail_domain = r.mail_domain"),
    "phone": ("phone", "l.phone = r.phone"),
    "street": ("street", "l.street = r.street"),
    "postcode": ("postcode", "l.postcode = r.postcode"),
    "city": ("city", "l.city = r.city"),
    "region": ("region", "l.region = r.region"),
    "country": ("country_code", "l.country_code = r.country_code"),
}
# The CRM's copy of a number and the number itself.
REFERENCE = """
case when rule = 'erp_reference' then '"erp_reference":' || cast(json_array(because, because) as varchar) end
"""
CONFIDENCE = """
case rule when 'decision' then 1 when 'erp_reference' then 0.99 when 'tax_id' then 0.98 else probability end
"""


def told(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The pairs as they are published, in order of their keys."""
    agreed = ", ".join(f"case when {same} then '{field}' end" for field, (_, same) in SAID.items())
    disagreed = ", ".join(
        f"case when not ({same}) and l.{column} is not null and r.{column} is not null then '{field}' end"
        for field, (column, same) in SAID.items()
    )
    values = ", ".join(
        f"case when l.{column} is not null and r.{column} is not null"
        f""" then '"{field}":' || cast(json_array(l.{column}, r.{column}) as varchar) end"""
        for field, (column, _) in SAID.items()
    )
    return connection.sql(f"""
        select
            l.account_key || ' ' || r.account_key as account_pair_key,
            l.account_key,
            r.account_key as other_account_key,
            rule,
            outcome,
            reason,
            nullif(concat_ws(', ', {agreed}), '') as agreed,
            nullif(concat_ws(', ', {disagreed}), '') as disagreed,
            '{{' || concat_ws(',', {REFERENCE}, {values}) || '}}' as evidence,
            cast(case when rule = 'scored' then score end as decimal(9, 4)) as score,
            cast({CONFIDENCE} as decimal(5, 4)) as confidence
        from settled
        inner join compared as l on settled.a = l.id
        inner join compared as r on settled.b = r.id
        order by l.id, r.id
    """).pl()

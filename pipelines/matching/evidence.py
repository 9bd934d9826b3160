"""What is known of a pair without any score: what people decided, ERP numbers kept in the CRM, equal tax ids.

Each rule gives pairs (a, b, rule, because) of account numbers in the table `compared`, in any order of the two.
"""

import duckdb

# The strongest first: a pair has the first rule that speaks for it.
RULES = ("decision", "erp_reference", "tax_id", "scored")

# Of several decisions about two accounts the latest counts; at the same moment the one that keeps them apart.
DECIDED = """
create table decided as
select
    least(first.id, second.id) as a,
    greatest(first.id, second.id) as b,
    decision,
    coalesce(reason, decision) as because
from decisions
inner join compared as first on decisions.account_key_a = first.account_key
inner join compared as second on decisions.account_key_b = second.account_key
where first.id <> second.id and decision in ('same', 'different', 'parent')
qualify row_number() over (
    partition by least(first.id, second.id), greatest(first.id, second.id)
    order by coalesce(try_cast("when" as timestamp), timestamp '1900-01-01') desc,
        list_position(['different', 'parent', 'same'], decision), reason
) = 1
"""

# A system whose accounts name ERP numbers is a CRM; the numbers are looked for in the ERPs, the systems that have
# orders or invoices: another CRM has numbers too. Where no system is known for an ERP, in all the others. In a group a
# CRM speaks of the ERPs of its own company.
REFERENCES = """
insert into known
with crms as (
    select distinct source from compared where erp_reference is not null
), numbers as (
    select vendor_id, company, min(id) as id, count(*) as counted
    from compared left join companies using (source)
    where source not in (select source from crms)
        and (source in (select source from erps) or not exists (select 1 from erps))
    group by all
), meant as (
    select compared.id, erp_reference, min(numbers.id) as other
    from compared
    left join companies using (source)
    inner join numbers on erp_reference = numbers.vendor_id
        and (companies.company is null or numbers.company is null or companies.company = numbers.company)
    group by all having sum(counted) = 1
)
select least(id, other), greatest(id, other), 'erp_reference', min(erp_reference) from meant group by 1, 2
"""

# Every account of a number is tied to one of them: the first, but rather one that has no rival in its own system
# and that nobody keeps apart from another.
TAX_IDS = """
insert into known
with members as (
    select
        id,
        tax_id,
        source in (select source from free) and count(*) over (partition by tax_id, source) > 1 as has_rival,
        (select count(*) from decided where decision <> 'same' and compared.id in (a, b)) as kept_apart
    from compared where tax_id is not null
), hubs as (
    select tax_id, arg_min(id, (has_rival, kept_apart, id)) as hub from members group by 1 having count(*) > 1
)
select least(members.id, hubs.hub), greatest(members.id, hubs.hub), 'tax_id', members.tax_id
from members inner join hubs on members.tax_id = hubs.tax_id and members.id <> hubs.hub
"""


def known(connection: duckdb.DuckDBPyConnection) -> None:
    """The tables `decided` and `known`; every pair of them is a candidate too, so that its fields are compared."""
    connection.execute(DECIDED)
    connection.execute("create table known (a bigint, b bigint, rule varchar, because varchar)")
    connection.execute("insert into known select a, b, 'decision', because from decided")
    connection.execute(REFERENCES)
    connection.execute(TAX_IDS)
    connection.execute("create table candidates as select distinct a, b from known")

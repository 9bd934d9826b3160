"""What is made of each pair: by itself, and once it is known which accounts are one customer."""

# The parts of the SQL are constants of these modules.
# ruff: noqa: S608

import duckdb

# Fields few firms share; a town or a region is shared by many, and a name is never enough.
NARROW = (
    "domain_level in ('same', 'mail')",
    "phone_level = 'same'",
    # An address is one field: street and postcode come together, for every firm in the building.
    "(coalesce(street_level = 'same', false) or coalesce(place_level = 'postcode', false))",
)
COUNTED = " + ".join(f"coalesce(cast({agrees} as integer), 0)" for agrees in NARROW)
WIDE = "place_level in ('city', 'region')"
ALIKE = "name_level is not null and name_level <> 'differs'"
# Nothing speaks for the pair or against it but two names; their score says only how many firms there are.
BY_NAME = f"{ALIKE} and coalesce(domain_level, phone_level, street_level, place_level) is null"

# Where a pair has several rules the first one speaks. A wide field is enough only beside a name that is the same letter
# by letter and that no other account of either system bears.
JUDGED = f"""
create table judged as
with rules as (
    select
        a,
        b,
        arg_min(rule, list_position(['decision', 'erp_reference', 'tax_id'], rule)) as rule,
        arg_min(because, list_position(['decision', 'erp_reference', 'tax_id'], rule)) as because
    from known group by 1, 2
), pairs as (
    select
        scored.*,
        coalesce(rules.rule, 'scored') as rule,
        rules.because,
        decided.decision,
        coalesce(l.tax_id <> r.tax_id and left(l.tax_id, 2) = left(r.tax_id, 2), false) as has_other_tax_id,
        coalesce({ALIKE}, false) as is_alike,
        coalesce({BY_NAME} and legal_form_level is distinct from 'differs', false) as is_by_name,
        {COUNTED} as narrow,
        coalesce({WIDE}, false) as has_wide
    from scored
    inner join compared as l on scored.a = l.id
    inner join compared as r on scored.b = r.id
    left join rules on scored.a = rules.a and scored.b = rules.b
    left join decided on scored.a = decided.a and scored.b = decided.b
), reasoned as (
    select
        *,
        case
            when rule = 'decision' then case when decision <> 'same' then 'decided_different' end
            when rule = 'erp_reference' then case when has_other_tax_id and not is_alike then 'tax_ids_differ' end
            when rule = 'tax_id' then null
            when has_other_tax_id then 'tax_ids_differ'
            when is_alike and narrow = 0 and (name_level = 'same_common' or not has_wide)
                then case when name_level = 'same_common' then 'common_name' else 'name_only' end
            when not is_alike or score < $merge_score then 'not_sure_enough'
            when narrow > 0 then null
            when name_level <> 'same' or legal_form_level = 'differs' then 'not_sure_enough'
        end as reason
    from pairs
    -- Under another name a second field is asked for: neighbours share a telephone, and clerks type one twice.
    where rule <> 'scored' or is_by_name or (score >= $propose_score and (is_alike or narrow > 1))
)
select
    row_number() over (order by a, b) - 1 as number,
    *,
    case
        when reason is null then 'merged'
        when reason = 'decided_different' or (reason = 'tax_ids_differ' and rule = 'scored') then 'apart'
        else 'proposed'
    end as outcome
from reasoned
"""

# Each in a table of its own: over sub-queries of unknown size the planner multiplies accounts with accounts.
NOW = """
create table now as
select
    judged.* exclude (outcome, reason),
    case when refused.number is not null then 'proposed' else judged.outcome end as outcome,
    coalesce(refused.reason, judged.reason) as reason,
    least(l.cluster, r.cluster) as first,
    greatest(l.cluster, r.cluster) as second
from judged
left join refused on judged.number = refused.number
inner join places as l on judged.a = l.id
inner join places as r on judged.b = r.id
"""
NUMBERED = "create table numbered as select distinct cluster, country, firm from places where firm is not null"
APART = """
create table apart as
select first, second, min(reason) as reason
from (
    select first, second, reason from now where reason = 'decided_different'
    union all
    select now.first, now.second, 'tax_ids_differ'
    from now
    inner join numbered as l on now.first = l.cluster
    inner join numbered as r on now.second = r.cluster
    where now.outcome = 'proposed' and now.rule = 'scored' and l.country = r.country and l.firm <> r.firm
)
group by all
"""
# Between two customers one proposal is enough, and none where the two cannot be one.
SETTLED = """
create table settled as
select
    now.* exclude (outcome, reason),
    now.outcome = 'proposed' and now.rule = 'scored' and apart.first is not null as is_out_of_question,
    case when is_out_of_question then 'apart' else now.outcome end as outcome,
    case when is_out_of_question then apart.reason else now.reason end as reason
from now
left join apart on now.first = apart.first and now.second = apart.second
where now.outcome <> 'proposed' or now.first <> now.second
qualify outcome <> 'proposed' or row_number() over (
    partition by outcome, now.first, now.second
    order by list_position(['decision', 'erp_reference', 'tax_id', 'scored'], rule), score desc, a, b
) = 1
"""


def judged(connection: duckdb.DuckDBPyConnection, limits: dict[str, float]) -> None:
    """The table `judged`: every pair worth keeping, by its first rule."""
    connection.execute(JUDGED, {name: limits[name] for name in ("merge_score", "propose_score")})


def settled(connection: duckdb.DuckDBPyConnection) -> None:
    """The table `settled`: the pairs after `refused` ones are taken back, as the customers in `places` leave them."""
    for statement in (NOW, NUMBERED, APART, SETTLED):
        connection.execute(statement)

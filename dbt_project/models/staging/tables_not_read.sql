-- A loop has the indentation of its own text, not of what it writes.
-- noqa: disable=LT02
with

stacked as (

    select
        cast(null as {{ dbt.type_string() }}) as source,
        cast(null as {{ dbt.type_string() }}) as raw_table,
        cast(null as {{ dbt.type_string() }}) as reason,
        cast(null as bigint) as rows_kept,
        cast(null as boolean) as is_fed
    where false
    {%- for system in systems() %}
    union all
    select
        source,
        entity,
        reason,
        rows,
        is_fed
    from {{ raw(system, 'coverage', {'reason': dbt.type_string()}) }} as {{ system }}_coverage
    {%- endfor %}

)

select
    source || ':' || raw_table as not_read_key,
    source,
    raw_table,
    reason,
    rows_kept
from stacked
-- A folder lacks what nobody exports: that is no table that somebody should open to us.
where not is_fed and reason <> 'no_file'

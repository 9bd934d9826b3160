-- A loop has the indentation of its own text, not of what it writes.
-- noqa: disable=LT02
with

stacked as (

    select
        cast(null as {{ dbt.type_string() }}) as source,
        cast(null as {{ dbt.type_string() }}) as stream,
        cast(null as {{ dbt.type_string() }}) as row_key,
        cast(null as {{ dbt.type_string() }}) as column_name,
        cast(null as {{ dbt.type_string() }}) as quarantined_value,
        cast(null as {{ dbt.type_string() }}) as reason
    where false
    {%- for system in systems() %}
    union all
    select
        source,
        stream,
        row_key,
        column_name,
        value,
        reason
    from {{ raw(system, 'quarantine') }} as {{ system }}_values
    {%- endfor %}

)

select
    source || ':' || stream || ':' || coalesce(row_key, '') || ':' || column_name || ':' || reason
    as quarantined_value_key,
    source,
    stream,
    row_key,
    column_name,
    min(quarantined_value) as quarantined_value,
    reason
from stacked
group by 1, 2, 3, 4, 5, 7

-- Counted from raw alone, so that what staging loses or doubles is seen.
-- A loop has the indentation of its own text, not of what it writes.
-- noqa: disable=LT02
with

raw_tables as (

    select
        cast(null as {{ dbt.type_string() }}) as source,
        cast(null as {{ dbt.type_string() }}) as entity,
        cast(null as bigint) as rows_counted,
        cast(null as decimal(18, 4)) as amount
    where false
    {%- for system in systems() if system in controls() %}
    {%- for control in controls()[system] %}
    union all
    select
        source,
        '{{ control.entity }}' as entity,
        count(*) as rows_counted,
        cast(sum({{ control.amount or 'null' }}) as decimal(18, 4)) as amount
    from {{ raw(system, control.table) }} as {{ control.table }}
    where not is_deleted {%- if control.where %} and {{ control.where }}{% endif %}
    group by 1, 2
    {%- endfor %}
    {%- endfor %}

)

select
    source || ':' || entity as source_control_key,
    source,
    entity,
    sum(rows_counted) as rows_counted,
    sum(amount) as amount
from raw_tables
group by 1, 2, 3

with

coverage as (

    select
        cast(null as {{ dbt.type_string() }}) as source,
        cast(null as {{ dbt.type_string() }}) as entity,
        cast(null as boolean) as is_fed,
        cast(null as date) as since_date,
        cast(null as {{ dbt.type_string() }}) as reason
    where false
    {%- for system in systems() if system in feeds() %}
        union all
        select
            source,
            entity,
            is_fed,
            since_date,
            reason
        from {{ ref('stg_' ~ system ~ '__coverage') }}
    {%- endfor %}

),

counted as (
    {% for entity in feeds()['files'] %}
        select
            '{{ entity }}' as entity,
            source,
            count(*) as rows_counted
        from {{ ref(entity) }}
        group by 1, 2
        {{ "union all" if not loop.last }}
    {%- endfor %}

)

select
    coverage.source || ':' || coverage.entity as coverage_key,
    coverage.source,
    coverage.entity,
    coalesce(counted.rows_counted, 0) as rows_counted,
    coverage.is_fed,
    coverage.since_date,
    coverage.reason
from coverage
left join counted on coverage.source = counted.source and coverage.entity = counted.entity

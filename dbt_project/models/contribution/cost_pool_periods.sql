with

cost_pools as (

    select
        *,
        {{ first_day_of_period('period') }} as starts_date
    from {{ ref('cost_pools') }}

),

dated as (

    select
        *,
        cast(
            {{ dbt.dateadd('day', -1, dbt.dateadd('month', months_of_period('period'), 'starts_date')) }} as date
        ) as ends_date
    from cost_pools

)

-- A period that has not begun has no figures yet.
select
    pool || ':' || period || ':' || driver || coalesce(':' || company, '') as cost_pool_use_key,
    pool,
    period,
    driver,
    company,
    currency as currency_code,
    reason,
    amount as document_amount,
    practical_capacity,
    coalesce(unit_time, 1) as unit_time,
    starts_date,
    ends_date,
    least(ends_date, {{ as_of() }}) as priced_date,
    ends_date < {{ as_of() }} as is_over
from dated
where starts_date <= {{ as_of() }}

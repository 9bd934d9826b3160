with

cost_pool_periods as (

    select * from {{ ref('cost_pool_periods') }}

),

months as (

    {{ months_between('(select min(starts_date) from cost_pool_periods)', as_of()) }}

)

select
    cost_pool_periods.cost_pool_use_key,
    cost_pool_periods.pool,
    cost_pool_periods.period,
    cost_pool_periods.driver,
    cost_pool_periods.company,
    cost_pool_periods.unit_time,
    months.month
from cost_pool_periods
inner join months on months.month between cost_pool_periods.starts_date and cost_pool_periods.ends_date

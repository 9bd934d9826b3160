with

cost_pool_months as (

    select * from {{ ref('cost_pool_months') }}

),

cost_to_serve_drivers as (

    select * from {{ ref('cost_to_serve_drivers') }}

),

used as (

    select
        cost_pool_months.cost_pool_use_key,
        cost_pool_months.pool,
        cost_to_serve_drivers.driver,
        cost_to_serve_drivers.account_key,
        cost_to_serve_drivers.order_key,
        cost_pool_months.month,
        sum(cost_to_serve_drivers.quantity) as quantity,
        sum(cost_to_serve_drivers.quantity) * max(cost_pool_months.unit_time) as used_quantity,
        max(cost_to_serve_drivers.happened_date) as happened_date
    from cost_to_serve_drivers
    inner join cost_pool_months
        on
            cost_to_serve_drivers.driver = cost_pool_months.driver
            and {{ month_of('cost_to_serve_drivers.happened_date') }} = cost_pool_months.month
    group by 1, 2, 3, 4, 5, 6

)

select
    cost_pool_use_key,
    pool,
    driver,
    account_key,
    order_key,
    month,
    cast(quantity as decimal(18, 4)) as quantity,
    cast(used_quantity as decimal(18, 4)) as used_quantity,
    happened_date
from used
where used_quantity > 0

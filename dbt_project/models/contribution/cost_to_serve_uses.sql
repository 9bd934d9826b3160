with

cost_pool_months as (

    select * from {{ ref('cost_pool_months') }}

),

cost_to_serve_drivers as (

    select * from {{ ref('cost_to_serve_drivers') }}

),

companies as (

    select * from {{ ref('companies') }}

),

-- A company's pool serves its own customers: what another company of the group did uses nothing of it.
used as (

    select
        cost_pool_months.cost_pool_use_key,
        cost_pool_months.pool,
        cost_to_serve_drivers.driver,
        cost_to_serve_drivers.account_key,
        cost_to_serve_drivers.order_key,
        cost_pool_months.month,
        sum(cost_to_serve_drivers.quantity) as quantity,
        max(cost_pool_months.unit_time) as unit_time,
        max(cost_to_serve_drivers.happened_date) as happened_date
    from cost_to_serve_drivers
    inner join cost_pool_months
        on
            cost_to_serve_drivers.driver = cost_pool_months.driver
            and {{ month_of('cost_to_serve_drivers.happened_date') }} = cost_pool_months.month
    left join companies on cost_to_serve_drivers.source = companies.source
    where cost_pool_months.company is null or cost_pool_months.company = companies.company
    group by 1, 2, 3, 4, 5, 6

),

-- Hours that were taken back later were not worked: of the months of a period the last ones give way.
netted as (

    select
        *,
        greatest(quantity, 0) as added_quantity,
        sum(quantity) over (partition by cost_pool_use_key, account_key, order_key) as net_quantity,
        sum(greatest(quantity, 0)) over (
            partition by cost_pool_use_key, account_key, order_key order by month rows unbounded preceding
        ) as added_so_far
    from used

),

kept as (

    select
        *,
        least(added_quantity, net_quantity - (added_so_far - added_quantity)) as kept_quantity
    from netted

)

select
    cost_pool_use_key,
    pool,
    driver,
    account_key,
    order_key,
    month,
    cast(kept_quantity as decimal(18, 4)) as quantity,
    cast(kept_quantity * unit_time as decimal(18, 4)) as used_quantity,
    happened_date
from kept
where kept_quantity * unit_time > 0

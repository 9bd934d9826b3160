with

order_cycle_time as (

    select * from {{ ref('order_cycle_time') }}

),

paths as (

    select
        order_key,
        {{ dbt.listagg('step', "' > '", 'order by entered_date, place, pass') }} as path
    from {{ ref('order_steps') }}
    group by 1

),

orders as (

    select
        order_cycle_time.*,
        paths.path,
        case
            when order_cycle_time.is_cancelled then 'cancelled'
            when order_cycle_time.current_stage = 'completed' then 'completed'
            else 'open'
        end as outcome
    from paths
    inner join order_cycle_time on paths.order_key = order_cycle_time.order_key

)

select
    {{ dbt.hash("path || ' ' || outcome") }} as order_variant_key,
    path,
    outcome,
    {{ reporting_currency() }} as reporting_currency_code,
    cast(sum(order_amount) as decimal(18, 2)) as order_amount,
    count(*) as orders_counted,
    cast(sum(count(*)) over () as bigint) as all_orders_counted,
    count(case when is_in_full_on_committed is not null then 1 end) as due_orders_counted,
    count(case when not is_in_full_on_committed then 1 end) as late_orders_counted,
    cast(percentile_cont(0.5) within group (order by days_order_to_ship) as double) as median_days_to_ship,
    cast(percentile_cont(0.5) within group (order by days_order_to_cash) as double) as median_days_to_cash
from orders
group by 2, 3

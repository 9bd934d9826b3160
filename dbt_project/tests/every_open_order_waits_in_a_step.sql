-- If this fails, an order waits somewhere that no table shows.
with

open_steps as (

    select distinct order_key
    from {{ ref('order_steps') }}
    where is_open and step not in ('payment', 'delivery')

)

select
    orders.order_key,
    orders.current_stage,
    open_steps.order_key is not null as has_open_step
from {{ ref('order_cycle_time') }} as orders
left join open_steps on orders.order_key = open_steps.order_key
where
    not orders.has_impossible_dates
    and coalesce(orders.status, '') <> 'draft'
    and orders.ordered_date is not null
    and orders.is_open <> (open_steps.order_key is not null)

with

lines as (

    select
        order_key,
        min(case when is_in_full_on_promised then 1 when not is_in_full_on_promised then 0 end) = 1 as is_kept
    from {{ ref('order_line_promises') }}
    group by 1

)

select
    orders.order_key,
    orders.is_in_full_on_promised,
    lines.is_kept
from {{ ref('order_cycle_time') }} as orders
inner join lines on orders.order_key = lines.order_key
where
    (orders.is_in_full_on_promised and not lines.is_kept)
    or (not orders.is_in_full_on_promised and lines.is_kept)
    or (orders.is_in_full_on_promised is null and not lines.is_kept)

with

-- One after the other as they were left; the last one of an order may be the one it waits in.
followed as (

    select
        *,
        lag(step) over (
            partition by order_key
            order by coalesce(left_date, {{ as_of() }}), case when is_open then 1 else 0 end, place, pass
        ) as step_before,
        lag(left_date) over (
            partition by order_key
            order by coalesce(left_date, {{ as_of() }}), case when is_open then 1 else 0 end, place, pass
        ) as left_before_date
    from {{ ref('order_steps') }}
    where outcome is null or outcome <> 'cancelled'

),

edges as (

    select
        order_key,
        coalesce(step_before, 'start') as from_step,
        step as to_step,
        is_open,
        {{ days_between(
            'coalesce(left_before_date, entered_date)', 'coalesce(left_date, ' ~ as_of() ~ ')'
        ) }} as days
    from followed

),

measured as (

    select
        from_step,
        to_step,
        count(case when not is_open then 1 end) as passes_counted,
        count(distinct order_key) as orders_counted,
        count(case when is_open then 1 end) as waiting_counted,
        percentile_cont(0.5) within group (order by case when not is_open then days end) as median_days,
        percentile_cont(0.9) within group (order by case when not is_open then days end) as p90_days,
        sum(days) as total_days
    from edges
    group by 1, 2

),

-- What customers take to pay is no bottleneck of ours.
ranked as (

    select
        *,
        row_number() over (
            order by
                case when to_step = 'payment' then 1 else 0 end asc,
                coalesce(p90_days, 0) * passes_counted desc,
                total_days desc,
                from_step asc,
                to_step asc
        ) as place
    from measured

)

select
    from_step || ' > ' || to_step as step_edge_key,
    from_step,
    to_step,
    passes_counted,
    orders_counted,
    waiting_counted,
    cast(total_days as bigint) as total_days,
    cast(median_days as double) as median_days,
    cast(p90_days as double) as p90_days,
    place = 1 and to_step <> 'payment' as is_bottleneck
from ranked

with

curves as (

    select
        *,
        sum(finished) over (partition by grouping_name, group_name, step) as all_finished,
        sum(finished) over (
            partition by grouping_name, group_name, step order by day rows unbounded preceding
        ) as finished_so_far
    from {{ ref('order_survival') }}

),

estimated as (

    select
        grouping_name,
        group_name,
        step,
        sum(finished) as finished_counted,
        sum(censored) as open_counted,
        sum(cancelled) as cancelled_counted,
        min(case when finished_share >= 0.5 then day end) as median_days,
        min(case when finished_share >= 0.9 then day end) as p90_days,
        min(case when finished > 0 and finished_so_far * 2 >= all_finished then day end) as median_days_of_finished,
        min(case when finished > 0 and finished_so_far * 10 >= all_finished * 9 then day end) as p90_days_of_finished
    from curves
    group by 1, 2, 3

)

select
    grouping_name || ':' || group_name || ':' || step as order_duration_key,
    grouping_name,
    group_name,
    step,
    cast(finished_counted as bigint) as finished_counted,
    cast(open_counted as bigint) as open_counted,
    cast(cancelled_counted as bigint) as cancelled_counted,
    median_days,
    p90_days,
    median_days_of_finished,
    p90_days_of_finished,
    median_days is not null as is_median_reached,
    p90_days is not null as is_p90_reached,
    finished_counted >= {{ figure_limit('too_few') }} as is_enough
from estimated

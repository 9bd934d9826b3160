-- How long do orders take, with those still open counted in? Beside it what the finished ones alone would say.
select
    step,
    finished_counted,
    open_counted,
    median_days,
    p90_days,
    median_days_of_finished,
    p90_days_of_finished
from marts.order_duration_estimates
where grouping_name = 'all'
order by step

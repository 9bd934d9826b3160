-- If this fails, a firm whose orders wait looks faster than one whose orders do not.
select
    grouping_name,
    group_name,
    step,
    median_days,
    median_days_of_finished,
    p90_days,
    p90_days_of_finished
from {{ ref('order_duration_estimates') }}
where median_days < median_days_of_finished or p90_days < p90_days_of_finished

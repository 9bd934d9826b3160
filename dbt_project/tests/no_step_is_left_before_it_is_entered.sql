select
    order_step_key,
    entered_date,
    left_date,
    days
from {{ ref('order_steps') }}
where left_date < entered_date or days < 0 or entered_date > {{ as_of() }} or (is_open and left_date is not null)

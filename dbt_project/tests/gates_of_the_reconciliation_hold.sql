-- If this fails, a sum that was only carried from one table to the next has changed on the way: figures on
-- pages are wrong.
select
    check_code,
    source,
    entity,
    currency_code,
    period_month,
    left_amount,
    right_amount,
    difference
from {{ ref('reconciliation') }}
where is_gate and not coalesce(is_ok, false)

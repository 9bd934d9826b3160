select
    ticket_key,
    outcome,
    is_open
from {{ ref('claims') }}
where
    (is_open and (coalesce(refunded_date, set_off_date) is not null or days_to_end is not null or open_days is null))
    or (not is_open and (open_days is not null or coalesce(days_to_refund, days_to_end) is null))
    or (refunded_date is not null and set_off_date is not null)
    or credited_date < opened_date

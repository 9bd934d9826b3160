-- If this fails, an order nobody promised a day for counts as kept or broken.
select
    order_line_key,
    requested_date,
    first_promised_date,
    promised_date
from {{ ref('order_line_promises') }}
where
    (requested_date is null and is_in_full_on_requested is not null)
    or (first_promised_date is null and is_in_full_on_first_promised is not null)
    or (promised_date is null and is_in_full_on_promised is not null)

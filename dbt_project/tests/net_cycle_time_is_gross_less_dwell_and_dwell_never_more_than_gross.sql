select
    order_key,
    gross_days,
    dwell_days,
    net_days
from {{ ref('order_cycle_time') }}
where
    not has_impossible_dates
    and (
        net_days <> gross_days - dwell_days
        or dwell_days < 0
        or dwell_days > gross_days
        or (gross_days is null) <> (net_days is null)
    )

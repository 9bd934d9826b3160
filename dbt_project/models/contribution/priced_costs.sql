-- What is taken off revenue in another currency needs the rate of its own day.
select
    currency_code,
    {{ local_date('shipped_at') }} as priced_date
from {{ ref('shipments') }}
where freight_cost_amount is not null or freight_charged_amount is not null
union distinct
select
    currency_code,
    posted_date
from {{ ref('deductions') }}
union distinct
select
    currency_code,
    worked_date
from {{ ref('time_entries') }}
union distinct
select
    currency_code,
    priced_date
from {{ ref('cost_pool_periods') }}

select
    closed_month_key,
    customer_key,
    revenue_amount,
    cost_amount,
    cm1_amount,
    cm2_amount,
    cm3_amount,
    month,
    as_of_date
from remembered.main.closed_months

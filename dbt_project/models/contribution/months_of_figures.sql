-- The figures of each month by the day of posting, for each customer and, without a customer, for the firm.
select
    customer_key,
    month,
    revenue_amount,
    cost_amount,
    cm1_amount,
    cm2_amount,
    cm3_amount
from {{ ref('customer_profitability') }}
union all
select
    cast(null as {{ dbt.type_string() }}) as customer_key,
    month,
    sum(revenue_amount) as revenue_amount,
    sum(cost_amount) as cost_amount,
    sum(cm1_amount) as cm1_amount,
    sum(cm2_amount) as cm2_amount,
    sum(cm3_amount) as cm3_amount
from {{ ref('customer_profitability') }}
group by 1, 2

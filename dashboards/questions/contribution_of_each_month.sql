-- What did each month bring, step by step from gross sales to contribution after cost to serve?
select
    month,
    sum(gross_amount) as gross_amount,
    sum(discount_amount) as discount_amount,
    sum(credited_amount) as credited_amount,
    sum(revenue_amount) as revenue_amount,
    sum(cm1_amount) as cm1_amount,
    sum(cm2_amount) as cm2_amount,
    sum(cm3_amount) as cm3_amount
from marts.customer_profitability
group by month
order by month desc

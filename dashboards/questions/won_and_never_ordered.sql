-- Which deals were won and never became an order?
select
    deal_name,
    customer_name,
    owner_name,
    won_amount,
    closed_date,
    source_url
from marts.funnel_to_cash
where is_won and orders_counted = 0
order by won_amount desc nulls last, anchor_key
limit 100

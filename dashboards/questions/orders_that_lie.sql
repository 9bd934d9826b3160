-- Which orders lie longer than is usual where they are, why, and whose are they?
select
    order_number,
    customer_name,
    waiting_for,
    reason,
    days_in_step,
    usual_days,
    order_amount,
    owner_name,
    source_url
from marts.stuck_orders
order by order_amount desc nulls last, order_key
limit 50

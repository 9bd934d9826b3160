-- Which orders and deals will meet an empty shelf, when, and whose are they?
select
    demand_kind,
    document_name,
    customer_name,
    product_name,
    warehouse,
    quantity_short,
    short_amount,
    wanted_date,
    short_date,
    owner_name
from marts.stock_shortages
order by short_amount desc nulls last, stock_shortage_key
limit 50

-- Which products were sold below their cost in the last twelve months, and how much did that cost?
select
    sku,
    product_name,
    category,
    sum(revenue_amount) as revenue_amount,
    sum(cm1_amount) as cm1_amount
from marts.product_profitability
where month > (select max(month) - interval 12 month from marts.product_profitability)
group by sku, product_name, category
having sum(cm1_amount) < 0
order by cm1_amount, sku
limit 50

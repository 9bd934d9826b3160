-- Which customers cost more than they bring, over the last year, at the deepest contribution that is known?
select
    customer_name,
    segment,
    owner_name,
    revenue_amount,
    contribution_amount,
    contribution_level,
    reporting_currency_code
from marts.customer_standing
where contribution_amount < 0
order by contribution_amount, customer_key
limit 50

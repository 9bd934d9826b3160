select
    keys.customer_key,
    '{{ env_var("REPORTING_CURRENCY") }}' as reporting_currency_code,
    sum(orders.net_amount) as revenue_amount,
    count(*) as orders_counted
from {{ ref('orders') }} as orders
left join {{ ref('customer_keys') }} as keys on orders.account_key = keys.account_key
group by all
order by all

-- An order below nothing would lower revenue without anybody having returned anything.
select order_key from {{ ref('orders') }} where net_amount < 0

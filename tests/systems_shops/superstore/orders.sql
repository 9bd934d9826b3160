select
    order_id,
    account_id,
    order_id as order_number,
    'completed' as status,
    round(sum(net_amount), 2) as net_amount,
    false as is_cancelled,
    cast(order_date as timestamp) as ordered_at,
    min(_file) as _file,
    min(_line) as _line
from _lines
group by order_id, account_id, order_date

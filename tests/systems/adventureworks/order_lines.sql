-- The currency a line states is kept beside its price; its amounts are dollars, as its order says.
select
    line_id as order_line_id,
    order_id,
    product_id,
    'goods' as kind,
    quantity,
    unit_price,
    currency_code,
    discount_amount,
    net_amount,
    cast(due_date as date) as requested_date,
    _file,
    _line
from _lines

select
    line_id as order_line_id,
    order_id,
    product_id,
    'goods' as kind,
    quantity,
    unit_price,
    discount_amount,
    net_amount,
    _file,
    _line
from _lines

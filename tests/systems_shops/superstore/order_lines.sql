select
    line_id as order_line_id,
    order_id,
    product_id,
    'goods' as kind,
    quantity,
    cast((net_amount + discount_amount) / quantity as decimal(18, 4)) as unit_price,
    discount_amount,
    net_amount,
    _file,
    _line
from _lines

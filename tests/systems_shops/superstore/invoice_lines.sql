select
    line_id as invoice_line_id,
    order_id as invoice_id,
    order_id,
    line_id as order_line_id,
    line_id as shipment_line_id,
    product_id,
    quantity,
    net_amount,
    cost_amount,
    discount_amount,
    _file,
    _line
from _lines

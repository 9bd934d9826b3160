select
    line_id as shipment_line_id,
    order_id as shipment_id,
    order_id,
    line_id as order_line_id,
    product_id,
    quantity,
    _file,
    _line
from _lines

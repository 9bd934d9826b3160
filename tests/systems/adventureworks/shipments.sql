-- Each order left whole on one day. The customer pays its freight, which is on no invoice.
select
    order_id as shipment_id,
    account_id,
    order_id,
    order_id as shipment_number,
    freight_amount as freight_charged_amount,
    ship_date as shipped_at,
    _file,
    _line
from _documents

-- Each order left whole on one day.
select
    order_id as shipment_id,
    account_id,
    order_id,
    ship_mode as service_level,
    cast(ship_date as timestamp) as shipped_at,
    min(_file) as _file,
    min(_line) as _line
from _lines
group by order_id, account_id, ship_mode, ship_date

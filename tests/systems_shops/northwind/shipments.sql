-- Freight stands on the order, once: it is what the carrier gets for the whole of it, so it is a cost of the shipment,
-- planned or gone. Nothing says that customers pay it.
select
    orders."OrderID" as shipment_id,
    orders."CustomerID" as account_id,
    orders."OrderID" as order_id,
    shippers."CompanyName" as carrier,
    cast(orders."Freight" as decimal(18, 4)) as freight_cost_amount,
    cast(orders."ShippedDate" as timestamp) as shipped_at,
    orders._file,
    orders._line
from orders
left join shippers on orders."ShipVia" = shippers."ShipperID"

select
    details."OrderID" || '-' || details."ProductID" as line_id,
    details."OrderID" as order_id,
    details."ProductID" as product_id,
    cast(details."Quantity" as decimal(18, 4)) as quantity,
    cast(details."UnitPrice" as decimal(18, 4)) as unit_price,
    cast(
        cast(details."UnitPrice" as decimal(18, 4)) * cast(details."Quantity" as decimal(18, 4))
        * cast(details."Discount" as decimal(18, 4)) as decimal(18, 4)
    ) as discount_amount,
    cast(
        cast(details."UnitPrice" as decimal(18, 4)) * cast(details."Quantity" as decimal(18, 4))
        * (1 - cast(details."Discount" as decimal(18, 4))) as decimal(18, 4)
    ) as net_amount,
    orders."ShippedDate" as ship_date,
    details._file,
    details._line
from order_details as details
inner join orders on details."OrderID" = orders."OrderID"

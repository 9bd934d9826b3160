-- The required date is the day the customer wants it; nothing was promised. 21 orders were never shipped.
select
    "OrderID" as order_id,
    "CustomerID" as account_id,
    "OrderID" as order_number,
    case when "ShippedDate" is null then 'open' else 'completed' end as status,
    (
        select round(sum(_lines.net_amount), 2) from _lines
        where _lines.order_id = orders."OrderID"
    ) as net_amount,
    false as is_cancelled,
    cast("RequiredDate" as date) as requested_date,
    cast("OrderDate" as timestamp) as ordered_at,
    _file,
    _line
from orders

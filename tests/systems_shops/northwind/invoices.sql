-- The export has no invoices: each shipped order is taken as invoiced on the day it left, under its own number.
select
    order_id as invoice_id,
    orders."CustomerID" as account_id,
    order_id,
    order_id as invoice_number,
    'invoice' as kind,
    round(sum(net_amount), 2) as net_amount,
    cast(ship_date as date) as issued_date,
    min(_lines._file) as _file,
    min(_lines._line) as _line
from _lines
inner join orders on _lines.order_id = orders."OrderID"
where ship_date is not null
group by order_id, orders."CustomerID", ship_date

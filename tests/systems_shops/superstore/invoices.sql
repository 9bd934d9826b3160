-- The list has no invoices: each order is taken as invoiced on the day it was shipped, under its own number.
select
    order_id as invoice_id,
    account_id,
    order_id,
    order_id as invoice_number,
    'invoice' as kind,
    round(sum(net_amount), 2) as net_amount,
    ship_date as issued_date,
    min(_file) as _file,
    min(_line) as _line
from _lines
group by order_id, account_id, ship_date

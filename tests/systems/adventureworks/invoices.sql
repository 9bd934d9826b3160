-- The export has no invoices: each order is taken as invoiced on the day it was shipped, under its own number.
select
    order_id as invoice_id,
    account_id,
    order_id,
    order_id as invoice_number,
    'invoice' as kind,
    net_amount,
    tax_amount,
    net_amount + tax_amount as gross_amount,
    cast(ship_date as date) as issued_date,
    cast(ship_date as date) as sale_date,
    _file,
    _line
from _documents

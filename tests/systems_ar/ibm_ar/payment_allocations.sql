select
    invoice_number as allocation_id,
    invoice_number as payment_id,
    invoice_number as invoice_id,
    'payment' as kind,
    amount,
    settled_date as allocated_date,
    _file,
    _line
from _invoices
where settled_date is not null

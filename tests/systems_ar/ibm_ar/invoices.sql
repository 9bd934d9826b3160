-- Tax is not told: the amount is taken as it is, with nothing to take off.
select
    invoice_number as invoice_id,
    invoice_number,
    customer_id as account_id,
    'invoice' as kind,
    amount as net_amount,
    amount as gross_amount,
    issued_date,
    due_date,
    is_disputed,
    _file,
    _line
from _invoices

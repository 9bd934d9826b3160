-- Each invoice was settled in one go.
select
    invoice_number as payment_id,
    customer_id as account_id,
    amount,
    settled_date as paid_date,
    _file,
    _line
from _invoices
where settled_date is not null

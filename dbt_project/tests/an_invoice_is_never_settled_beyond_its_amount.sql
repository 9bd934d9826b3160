-- If this warns, more was allocated to a document than it is worth: a payment counts twice, or the sign of a
-- credit is wrong.
{{ config(severity='warn') }}

select
    invoice_key,
    invoice_number,
    gross_amount,
    settled_amount
from {{ ref('receivables') }}
where abs(settled_amount) > abs(gross_amount)

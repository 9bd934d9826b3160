-- What is paid, credited and written off of a document is not more than the document. If it is, receivables are too
-- low.
{{ config(severity='warn') }}

select
    invoices.invoice_key,
    invoices.gross_amount,
    sum(allocations.amount) as allocated_amount
from {{ ref('invoices') }} as invoices
inner join {{ ref('payment_allocations') }} as allocations on invoices.invoice_key = allocations.invoice_key
where invoices.gross_amount is not null
group by 1, 2
having abs(sum(allocations.amount)) > abs(invoices.gross_amount) + 0.01

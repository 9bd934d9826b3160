select
    order_key,
    min(posted_date) as first_invoiced_date
from {{ ref('sold_lines') }}
where order_key is not null and invoice_kind = 'invoice'
group by 1

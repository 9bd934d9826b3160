with

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

document_origins as (

    select * from {{ ref('document_origins') }}

),

-- An order that only the lines name is the document's if it is the only one.
named_orders as (

    select
        invoice_key,
        min(order_key) as order_key
    from {{ ref('invoice_lines') }}
    where order_key is not null
    group by 1
    having count(distinct order_key) = 1

)

select
    invoice_values.invoice_key,
    coalesce(invoice_values.order_key, named_orders.order_key) as order_key,
    coalesce(origins.issued_date, invoice_values.issued_date) as cohort_date
from invoice_values
left join document_origins on invoice_values.invoice_key = document_origins.invoice_key
left join invoice_values as origins on document_origins.origin_key = origins.invoice_key
left join named_orders on invoice_values.invoice_key = named_orders.invoice_key

-- A correction may correct a correction: it goes back to the invoice at the beginning.
with recursive

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

corrections as (

    select
        invoice_key,
        corrects_invoice_key
    from invoice_values
    where corrects_invoice_key is not null and corrects_invoice_key <> invoice_key

),

going_back as (

    select
        invoice_key,
        corrects_invoice_key as origin_key,
        1 as steps
    from corrections
    union all
    select
        going_back.invoice_key,
        corrections.corrects_invoice_key as origin_key,
        going_back.steps + 1 as steps
    from going_back
    inner join corrections on going_back.origin_key = corrections.invoice_key
    where going_back.steps < 20

),

-- The farthest document back that stands.
origins as (

    select
        going_back.invoice_key,
        invoice_values.issued_date,
        row_number() over (partition by going_back.invoice_key order by going_back.steps desc) as place
    from going_back
    inner join invoice_values on going_back.origin_key = invoice_values.invoice_key

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
left join origins on invoice_values.invoice_key = origins.invoice_key and origins.place = 1
left join named_orders on invoice_values.invoice_key = named_orders.invoice_key

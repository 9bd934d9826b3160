-- One quantity billed in two invoices is still one quantity: splits are summed, credit notes bill nothing.
with

invoices as (

    select * from {{ ref('invoices') }}
    where kind = 'invoice' and not coalesce(is_cancelled, false) and issued_date <= {{ as_of() }}

),

billed as (

    select
        coalesce(invoice_lines.order_line_key, shipment_lines.order_line_key) as order_line_key,
        invoice_lines.quantity,
        invoices.issued_date
    from {{ ref('invoice_lines') }} as invoice_lines
    inner join invoices on invoice_lines.invoice_key = invoices.invoice_key
    left join {{ ref('shipment_lines') }} as shipment_lines
        on invoice_lines.order_line_key is null and invoice_lines.shipment_line_key = shipment_lines.shipment_line_key

)

select
    order_line_key,
    cast(sum(quantity) as decimal(18, 4)) as quantity_invoiced,
    min(issued_date) as first_invoiced_date,
    max(issued_date) as last_invoiced_date
from billed
where order_line_key is not null
group by 1

-- Goods that came back are on a line with an article and a quantity; an allowance has neither goods nor quantity.
with

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

invoice_lines as (

    select * from {{ ref('invoice_lines') }}

)

select
    invoice_values.invoice_key,
    cast(sum(invoice_lines.net_amount) * max(invoice_values.exchange_rate) as decimal(18, 4))
        as returned_reporting_amount
from invoice_values
inner join invoice_lines on invoice_values.invoice_key = invoice_lines.invoice_key
where
    invoice_values.invoice_kind in ('credit_note', 'correction')
    and invoice_lines.product_key is not null
    and invoice_lines.quantity <> 0
group by 1

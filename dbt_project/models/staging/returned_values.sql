-- Goods that came back are on lines with an article and a quantity; an allowance has neither goods nor quantity. A
-- correction may say an article before and after: where the quantities cancel out, only its price changed.
with

invoice_values as (

    select * from {{ ref('invoice_values') }}

),

invoice_lines as (

    select * from {{ ref('invoice_lines') }}

),

products as (

    select
        invoice_values.invoice_key,
        invoice_lines.product_key,
        max(invoice_values.exchange_rate) as exchange_rate,
        sum(invoice_lines.net_amount) as net_amount
    from invoice_values
    inner join invoice_lines on invoice_values.invoice_key = invoice_lines.invoice_key
    where
        invoice_values.invoice_kind in ('credit_note', 'correction')
        and invoice_lines.product_key is not null
        and invoice_lines.quantity <> 0
    group by 1, 2
    having sum(invoice_lines.quantity) <> 0

)

select
    invoice_key,
    cast(sum(net_amount) * max(exchange_rate) as decimal(18, 4)) as returned_reporting_amount
from products
group by 1

-- A line that serves more than one order line names none of them, and one of several orders no order. What a correction
-- repeats without a change is no line.
with

lines as (

    select * from {{ ref('stg_enova365__lines') }}

),

documents as (

    select * from {{ ref('stg_enova365__documents') }}
    where role in ('invoice', 'correction') and not is_draft

),

orders as (

    select
        line_key,
        count(distinct order_key) as orders,
        min(order_key) as order_key,
        count(distinct order_line_key) as order_lines,
        min(order_line_key) as order_line_key
    from {{ ref('stg_enova365__line_orders') }}
    group by 1

),

renamed as (

    select
        lines.source,
        lines.line_key as invoice_line_key,
        lines.document_key as invoice_key,
        case when orders.orders = 1 then orders.order_key end as order_key,
        case when orders.order_lines = 1 then orders.order_line_key end as order_line_key,
        lines.product_key,

        lines.quantity,
        lines.net_amount
    from lines
    inner join documents on lines.document_key = documents.document_key
    left join orders on lines.line_key = orders.line_key
    where documents.role = 'invoice' or lines.quantity != 0 or lines.net_amount != 0

)

select * from renamed

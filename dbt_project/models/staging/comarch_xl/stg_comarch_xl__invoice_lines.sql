-- An invoice that collects deliveries serves their orders. A line that serves more than one order line names none of
-- them, and one of several orders no order: the deliveries say it.
with

lines as (

    select * from {{ ref('stg_comarch_xl__lines') }}

),

documents as (

    select * from {{ ref('stg_comarch_xl__documents') }}
    where role in ('invoice', 'receipt', 'prepayment', 'correction') and not is_draft

),

issues as (

    select
        coalesce(case when role in ('delivery', 'return') then collecting_line_key end, line_key) as line_key,
        order_key,
        order_line_key
    from {{ ref('stg_comarch_xl__issues') }}
    where order_key is not null

),

orders as (

    select
        line_key,
        count(distinct order_key) as orders,
        min(order_key) as order_key,
        count(distinct order_line_key) as order_lines,
        min(order_line_key) as order_line_key
    from issues
    group by 1

),

renamed as (

    select
        lines.source,
        lines.line_key as invoice_line_key,
        lines.document_key as invoice_key,
        case when coalesce(orders.orders, 1) = 1 then coalesce(orders.order_key, documents.order_key) end as order_key,
        case when orders.orders = 1 and orders.order_lines = 1 then orders.order_line_key end as order_line_key,
        lines.product_key,

        lines.quantity,
        lines.net_amount
    from lines
    inner join documents on lines.document_key = documents.document_key
    left join orders on lines.line_key = orders.line_key

)

select * from renamed

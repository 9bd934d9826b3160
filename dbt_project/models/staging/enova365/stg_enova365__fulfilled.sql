-- How much of an order line was delivered and how much invoiced; drafts and cancelled documents do not count, and what
-- came back counts no less: an order that was delivered whole is not open again.
with

documents as (

    select * from {{ ref('stg_enova365__documents') }}
    where role in ('delivery', 'invoice') and not is_draft and not is_cancelled

),

lines as (

    select * from {{ ref('stg_enova365__lines') }}

),

served as (

    select
        *,
        count(*) over (partition by line_key) as lines_served
    from {{ ref('stg_enova365__line_orders') }}

),

renamed as (

    select
        served.order_line_key,
        min(served.order_key) as order_key,
        sum(case
            when documents.role != 'delivery' then 0
            when served.lines_served = 1 then lines.quantity
            else coalesce(served.quantity, 0)
        end) as delivered,
        sum(case
            when documents.role != 'invoice' then 0
            when served.lines_served = 1 then lines.quantity
            else coalesce(served.quantity, 0)
        end) as invoiced
    from served
    inner join lines on served.line_key = lines.line_key
    inner join documents on lines.document_key = documents.document_key
    group by 1

)

select * from renamed

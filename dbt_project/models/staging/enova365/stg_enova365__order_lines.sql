-- Only the present promise of a line is known.
with

documents as (

    select * from {{ ref('stg_enova365__order_documents') }}
    where role = 'order'

),

lines as (

    select * from {{ ref('stg_enova365__lines') }}

),

services as (

    select {{ key('source', 'id') }} as product_key
    from {{ raw('enova365', 'towary') }}
    where typ = 2 and not is_deleted

),

fulfilled as (

    select * from {{ ref('stg_enova365__fulfilled') }}

),

fulfilled_orders as (

    select distinct order_key from fulfilled

),

renamed as (

    select
        lines.source,
        lines.line_key as order_line_key,
        lines.document_key as order_key,
        lines.product_key,

        case when services.product_key is null then 'goods' else 'service' end as kind,
        lines.unit_of_measure,

        lines.quantity,
        -- What a finished order never got was called off; one that shows nothing of it got it on other papers.
        case
            when
                documents.status = 'cancelled'
                or (documents.status = 'completed' and fulfilled_orders.order_key is not null)
                then
                    greatest(
                        lines.quantity - greatest(coalesce(fulfilled.delivered, 0), coalesce(fulfilled.invoiced, 0)), 0
                    )
            else 0
        end as quantity_cancelled,
        {{ exact_ratio('lines.net_amount', 'lines.quantity') }} as unit_price,
        lines.net_amount,

        documents.requested_date,
        lines.promised_date
    from lines
    inner join documents on lines.document_key = documents.document_key
    left join services on lines.product_key = services.product_key
    left join fulfilled on lines.line_key = fulfilled.order_line_key
    left join fulfilled_orders on lines.document_key = fulfilled_orders.order_key

)

select * from renamed

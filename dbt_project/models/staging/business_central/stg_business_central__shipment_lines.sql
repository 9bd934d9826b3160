-- A shipment line does not name its order line: it has the order's number and the line's place in it.
with

sales_shipments as (

    select * from {{ raw('business_central', 'sales_shipments') }}

),

sales_shipment_lines as (

    select * from {{ raw('business_central', 'sales_shipment_lines') }}

),

renamed as (

    select
        lines.source,
        {{ key('lines.source', 'lines.company_id', 'shipments.number', 'lines.sequence') }} as shipment_line_key,
        {{ key('lines.source', 'lines.company_id', 'shipments.number') }} as shipment_key,
        {{ key('lines.source', 'lines.company_id', none_text('shipments.order_number')) }} as order_key,
        {{ key(
            'lines.source', 'lines.company_id', none_text('shipments.order_number'), 'lines.sequence'
        ) }} as order_line_key,
        case
            when {{ none_text('lines.line_type') }} = 'Item'
                then {{ key('lines.source', 'lines.company_id', none_text('lines.line_object_number')) }}
        end as product_key,

        lines.quantity
    from sales_shipment_lines as lines
    inner join sales_shipments as shipments
        on
            lines.source = shipments.source
            and lines.company_id = shipments.company_id
            and lines.document_id = shipments.id
    where not shipments.is_deleted and lines.quantity != 0

)

select * from renamed

-- A delivery names the order's item with zeros before it, the order without. Returns come back.
with

items as (

    select * from {{ raw('s4hana', 'delivery_items') }}
    where not is_deleted and actual_delivery_quantity != 0

),

deliveries as (

    select * from {{ raw('s4hana', 'deliveries') }}
    where not is_deleted

),

renamed as (

    select
        items.source,
        {{ key('items.source', unpadded('items.delivery_document'), unpadded('items.delivery_document_item')) }}
            as shipment_line_key,
        {{ key('items.source', unpadded('items.delivery_document')) }} as shipment_key,
        {{ key('items.source', unpadded('items.reference_sd_document')) }} as order_key,
        {{ key(
            'items.source', unpadded('items.reference_sd_document'), unpadded('items.reference_sd_document_item')
        ) }} as order_line_key,
        {{ key('items.source', unpadded('items.material')) }} as product_key,

        {{ none_text('items.plant') }} as warehouse,
        {{ none_text('items.delivery_quantity_unit') }} as unit_of_measure,

        case deliveries.sd_document_category when 'T' then -1 else 1 end * items.actual_delivery_quantity as quantity
    from items
    inner join deliveries
        on items.source = deliveries.source and items.delivery_document = deliveries.delivery_document

)

select * from renamed

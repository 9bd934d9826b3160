-- Left with the goods issue; delivered only by a proof of delivery: the planned day of delivery is none.
with

deliveries as (

    select * from {{ raw('s4hana', 'deliveries') }}
    where not is_deleted

),

shipment_lines as (

    select
        shipment_key,
        {{ first_known('order_key', 'shipment_line_key') }} as order_key,
        {{ first_known('warehouse', 'shipment_line_key') }} as warehouse
    from {{ ref('stg_s4hana__shipment_lines') }}
    group by 1

),

renamed as (

    select
        deliveries.source,
        {{ key('deliveries.source', unpadded('deliveries.delivery_document')) }} as shipment_key,
        {{ key('deliveries.source', unpadded('deliveries.sold_to_party')) }} as account_key,
        shipment_lines.order_key,
        {{ source_url(
            's4hana',
            "'#OutboundDelivery-displayFactSheet?OutboundDelivery=' || deliveries.delivery_document",
            'deliveries.source',
        ) }} as source_url,

        {{ unpadded('deliveries.delivery_document') }} as shipment_number,
        coalesce(shipment_lines.warehouse, {{ none_text('deliveries.shipping_point') }}) as warehouse,

        {{ start_of_local_day(none_date('deliveries.creation_date')) }} as created_at,
        {{ start_of_local_day(none_date('deliveries.actual_goods_movement_date')) }} as shipped_at,
        {{ start_of_local_day(none_date('deliveries.proof_of_delivery_date')) }} as delivered_at
    from deliveries
    left join shipment_lines
        on
            {{ key('deliveries.source', unpadded('deliveries.delivery_document')) }} = shipment_lines.shipment_key

)

select * from renamed

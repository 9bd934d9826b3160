-- A return's lines are the difference to the issue, and so negative.
with

issues as (

    select * from {{ ref('stg_enova365__issues') }}

),

shipments as (

    select * from {{ ref('stg_enova365__shipments') }}

),

renamed as (

    select
        issues.source,
        {{ key("issues.line_key", "coalesce(issues.order_line_key, '')") }} as shipment_line_key,
        issues.document_key as shipment_key,
        issues.order_key,
        issues.order_line_key,
        issues.product_key,

        issues.unit_of_measure,

        issues.quantity
    from issues
    inner join shipments on issues.document_key = shipments.shipment_key

)

select * from renamed

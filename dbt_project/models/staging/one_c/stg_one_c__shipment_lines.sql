with

renamed as (

    select
        source,
        invoice_line_key as shipment_line_key,
        invoice_key as shipment_key,
        order_key,
        product_key,

        quantity
    from {{ ref('stg_one_c__invoice_lines') }}
    where not is_service and quantity != 0

)

select * from renamed

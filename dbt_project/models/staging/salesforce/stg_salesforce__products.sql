with

products as (

    select * from {{ raw('salesforce', 'products') }}

),

renamed as (

    select
        source,
        {{ key('source', 'id') }} as product_key,
        {{ source_url(
            'salesforce',
            "'/lightning/r/Product2/' || id || '/view'",
        ) }} as source_url,

        coalesce({{ none_text('product_code') }}, id) as sku,
        {{ none_text('name') }} as name,
        {{ none_text('family') }} as category,
        {{ none_text('quantity_unit_of_measure') }} as unit_of_measure
    from products
    where not is_deleted

)

select * from renamed

with

items as (

    select * from {{ raw('business_central', 'items') }}

),

companies as (

    select * from {{ ref('stg_business_central__companies') }}

),

renamed as (

    select
        items.source,
        {{ key('items.source', 'items.company_id', 'items.number') }} as product_key,
        {{ source_url(
            'business_central',
            "'?page=30&filter=%27No.%27%20is%20%27' || items.number || '%27'",
            'items.source',
        ) }} as source_url,

        items.number as sku,
        {{ none_text('items.display_name') }} as name,
        {{ none_text('items.item_category_code') }} as category,
        {{ none_text('items.base_unit_of_measure_code') }} as unit_of_measure,
        companies.local_currency_code as currency_code,

        items.unit_cost,
        items.unit_price as list_price
    from items
    left join companies on items.source = companies.source and items.company_id = companies.company_id
    where not items.is_deleted

)

select * from renamed

with

products as (

    select * from {{ raw('pipedrive', 'products') }}

),

-- A category is the number of a choice.
categories as (

    select
        source,
        option_id,
        min(label) as label
    from {{ raw('pipedrive', 'field_options') }}
    where object = 'products' and field_code = 'category'
    group by 1, 2

),

renamed as (

    select
        products.source,
        {{ key('products.source', 'products.id') }} as product_key,
        {{ source_url('pipedrive', "'/product/' || products.id", 'products.source') }} as source_url,

        coalesce({{ none_text('products.code') }}, cast(products.id as {{ dbt.type_string() }})) as sku,
        {{ none_text('products.name') }} as name,
        coalesce(categories.label, {{ none_text('products.category') }}) as category,
        {{ none_text('products.unit') }} as unit_of_measure,
        {{ none_text('products.prices_currency') }} as currency_code,

        -- Nobody has to fill in what a product costs: 0 is the vendor's word for nothing.
        nullif(products.prices_cost, 0) as unit_cost,
        products.prices_price as list_price
    from products
    left join categories
        on products.source = categories.source and products.category = categories.option_id
    where not products.is_deleted

)

select * from renamed

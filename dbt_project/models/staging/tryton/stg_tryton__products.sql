with

products as (

    select * from {{ raw('tryton', 'products') }}

),

renamed as (

    select
        source,
        {{ key('source', 'company_id', 'id') }} as product_key,
        {{ source_url('tryton', "'/model/product.product/' || id") }} as source_url,

        coalesce({{ none_text('code') }}, cast(id as {{ dbt.type_string() }})) as sku,
        {{ none_text('name') }} as name,
        {{ none_text('account_category_name') }} as category,
        {{ none_text('default_uom_symbol') }} as unit_of_measure,
        company_currency as currency_code,

        cost_price as unit_cost,
        list_price_used as list_price
    from products
    where not is_deleted

)

select * from renamed

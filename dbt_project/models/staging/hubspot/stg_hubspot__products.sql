with

products as (

    select * from {{ raw('hubspot', 'products') }}

),

portals as (

    select
        source,
        min(company_currency) as currency_code
    from {{ raw('hubspot', 'account') }}
    group by 1

),

renamed as (

    select
        products.source,
        {{ key('products.source', 'products.id') }} as product_key,
        {{ source_url('hubspot', "'/record/0-7/' || products.id", 'products.source') }} as source_url,

        coalesce({{ none_text('products.hs_sku') }}, products.id) as sku,
        {{ none_text('products.name') }} as name,
        {{ none_text('products.hs_product_type') }} as category,
        -- Prices in the portal's own currency are the only ones a product is sure to have.
        coalesce(portals.currency_code, {{ reporting_currency() }}) as currency_code,

        products.hs_cost_of_goods_sold as unit_cost,
        products.price as list_price
    from products
    left join portals on products.source = portals.source
    where not products.is_deleted

)

select * from renamed

with

products as (

    select * from {{ raw('s4hana', 'products') }}

),

descriptions as (

    select
        source,
        product,
        {{ first_known('product_description', "case language when 'EN' then '' else language end") }} as name
    from {{ raw('s4hana', 'product_descriptions') }}
    where not is_deleted
    group by 1, 2

),

costs as (

    select
        source,
        product,
        {{ first_known('unit_cost', 'valuation_area') }} as unit_cost,
        {{ first_known('currency_code', 'valuation_area') }} as currency_code
    from {{ ref('stg_s4hana__product_costs') }}
    group by 1, 2

),

renamed as (

    select
        products.source,
        {{ key('products.source', unpadded('products.product')) }} as product_key,

        {{ unpadded('products.product') }} as sku,
        {{ none_text('descriptions.name') }} as name,
        {{ none_text('products.product_group') }} as category,
        {{ none_text('products.base_unit') }} as unit_of_measure,
        costs.currency_code,

        costs.unit_cost
    from products
    left join descriptions
        on products.source = descriptions.source and products.product = descriptions.product
    left join costs
        on products.source = costs.source and {{ unpadded('products.product') }} = costs.product
    where not products.is_deleted

)

select * from renamed

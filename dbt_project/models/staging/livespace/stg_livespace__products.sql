with

products as (

    select * from {{ raw('livespace', 'products') }}

),

renamed as (

    select
        source,
        {{ key('source', 'id') }} as product_key,

        coalesce({{ none_text('sku') }}, id) as sku,
        {{ none_text('name') }} as name,
        {{ reporting_currency() }} as currency_code,

        default_price as list_price
    from products
    where not is_deleted

)

select * from renamed

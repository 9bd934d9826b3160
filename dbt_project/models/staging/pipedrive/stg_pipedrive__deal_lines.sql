-- A product that is switched off in a deal is not part of its value.
with

deal_products as (

    select * from {{ raw('pipedrive', 'deal_products') }}

),

deals as (

    select * from {{ raw('pipedrive', 'deals') }}

),

products as (

    select
        source,
        id
    from {{ raw('pipedrive', 'products') }}
    where not is_deleted

),

renamed as (

    select
        lines.source,
        {{ key('lines.source', 'lines.id') }} as deal_line_key,
        {{ key('lines.source', 'lines.deal_id') }} as deal_key,
        {{ key('lines.source', 'products.id') }} as product_key,

        coalesce({{ none_text('lines.name') }}, {{ none_text('lines.comments') }}) as description,

        lines.quantity,
        lines.item_price as unit_price,
        lines.sum as net_amount
    from deal_products as lines
    inner join deals
        on lines.source = deals.source and lines.deal_id = deals.id
    left join products
        on lines.source = products.source and lines.product_id = products.id
    where not lines.is_deleted and not deals.is_deleted and coalesce(lines.is_enabled, true)

)

select * from renamed

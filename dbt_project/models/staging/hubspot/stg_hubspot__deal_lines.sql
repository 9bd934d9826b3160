-- Lines of quotes are copies of a deal's, and belong to no deal themselves.
with

line_items as (

    select * from {{ raw('hubspot', 'line_items') }}

),

associations as (

    select * from {{ ref('stg_hubspot__associations') }}
    where record_kind = 'line_item' and other_kind = 'deals' and place = 1

),

renamed as (

    select
        line_items.source,
        {{ key('line_items.source', 'line_items.id') }} as deal_line_key,
        {{ key('line_items.source', 'associations.other_id') }} as deal_key,
        {{ key('line_items.source', none_text('line_items.hs_product_id')) }} as product_key,

        coalesce({{ none_text('line_items.description') }}, {{ none_text('line_items.name') }}) as description,

        line_items.quantity,
        line_items.price as unit_price,
        coalesce(line_items.amount, line_items.quantity * line_items.price) as net_amount
    from line_items
    inner join associations
        on line_items.source = associations.source and line_items.id = associations.record_id
    where not line_items.is_deleted

)

select * from renamed

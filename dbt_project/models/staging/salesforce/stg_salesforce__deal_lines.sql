with

opportunity_line_items as (

    select * from {{ raw('salesforce', 'opportunity_line_items') }}

),

opportunities as (

    select * from {{ raw('salesforce', 'opportunities') }}

),

renamed as (

    select
        lines.source,
        {{ key('lines.source', 'lines.id') }} as deal_line_key,
        {{ key('lines.source', 'lines.opportunity_id') }} as deal_key,
        {{ key('lines.source', none_text('lines.product2_id')) }} as product_key,

        {{ none_text('lines.description') }} as description,

        lines.quantity,
        lines.unit_price,
        lines.total_price as net_amount
    from opportunity_line_items as lines
    inner join opportunities
        on lines.source = opportunities.source and lines.opportunity_id = opportunities.id
    where not lines.is_deleted and not opportunities.is_deleted

)

select * from renamed

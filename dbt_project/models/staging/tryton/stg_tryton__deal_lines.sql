-- Lines of an opportunity have no price.
with

lines as (

    select
        *,
        {{ key('source', 'company_id', "'sale.opportunity,' || opportunity") }} as deal_key
    from {{ raw('tryton', 'opportunity_lines') }}

),

deals as (

    select * from {{ ref('stg_tryton__deals') }}

),

renamed as (

    select
        lines.source,
        {{ key('lines.source', 'lines.company_id', 'lines.id') }} as deal_line_key,
        lines.deal_key,
        {{ key('lines.source', 'lines.company_id', 'lines.product') }} as product_key,

        {{ none_text('lines.description') }} as description,

        lines.quantity
    from lines
    inner join deals on lines.deal_key = deals.deal_key
    where not lines.is_deleted

)

select * from renamed
